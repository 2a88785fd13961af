//! Drawing: a keyed pair of uniform numbers, and the quantile of each distribution.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use handover::random::{
    BetaPert, Distribution, Draw, Empirical, Entity, Family, Gamma, LAWS, Lognormal, Normal, Purpose, Refusal, Triangular,
    Uniform, Weibull,
};

const PURPOSE: Purpose = Purpose::named("bench.sampling");
/// Uniform numbers drawn in advance, too many for any processor to predict.
const NUMBERS: usize = 1 << 18;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    pair(&mut criterion);
    let laws = laws().expect("the parameters are valid");
    assert!(LAWS.iter().all(|law| laws.iter().any(|(name, _)| *name == law.name)), "a distribution is not measured");
    quantiles(&mut criterion, &laws);
    criterion.final_summary();
}

fn pair(criterion: &mut Criterion) {
    let family = Family::new(1, "sampling");
    let mut attempts = (0..).cycle();
    let mut group = criterion.benchmark_group("draw");
    group.throughput(Throughput::Elements(1));
    group.bench_function("pair", |bencher| {
        bencher.iter(|| {
            let attempt = attempts.next().expect("the attempts never end");
            family.pair(black_box(7), Entity { seat: 3, requisition: 2 }, Draw::of(PURPOSE).attempt(attempt))
        });
    });
    group.finish();
}

fn quantiles(criterion: &mut Criterion, laws: &[(&str, Distribution)]) {
    let family = Family::new(1, "sampling");
    let number = |replication| family.uniform(replication, Entity::default(), Draw::of(PURPOSE));
    let numbers: Vec<f64> = (0..NUMBERS as u32).map(number).collect();
    let mut group = criterion.benchmark_group("quantile");
    group.throughput(Throughput::Elements(1));
    for (name, law) in laws {
        let mut at = 0;
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                at = (at + 1) % NUMBERS;
                black_box(law).quantile(numbers[at])
            });
        });
    }
    group.finish();
}

/// Returns each distribution, with the parameters of a typical duration.
fn laws() -> Result<Vec<(&'static str, Distribution)>, Refusal> {
    let values: Vec<f64> = (1..=20).map(f64::from).collect();
    Ok(vec![
        ("constant", Distribution::constant(30.0)?),
        ("uniform", Distribution::uniform(Uniform { min: 30.0, max: 90.0 })?),
        ("triangular", Distribution::triangular(Triangular { min: 30.0, mode: 45.0, max: 90.0 })?),
        ("exponential", Distribution::exponential(30.0)?),
        ("lognormal", Distribution::lognormal(Lognormal { mean: 30.0, cv: 0.6 })?),
        ("weibull", Distribution::weibull(Weibull { shape: 1.2, scale: 900.0 })?),
        ("gamma", Distribution::gamma(Gamma { mean: 30.0, cv: 0.6 })?),
        ("normal", Distribution::normal(Normal { mean: 30.0, sd: 10.0 })?),
        ("beta_pert", Distribution::beta_pert(BetaPert { min: 30.0, mode: 45.0, max: 90.0 })?),
        ("empirical", Distribution::empirical(Empirical { values: &values, weights: None })?),
    ])
}
