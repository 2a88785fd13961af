//! Every law against an independent source: `statrs`, `rand_distr`, or a formula written here. (`src/random/refusal.rs`
//! tests that bad parameters are refused.)
//!
//! Seeds are fixed, so a test that passes keeps passing; alpha is what a first run risked. Power: with 100,000 draws
//! the Kolmogorov-Smirnov bound is 0.0062, half the effect of a 2 % error of scale on most laws here (the last test of
//! that section shows it). The moments detect 2 % of bias in mean and variance, by assertion.

use handover::random::{
    BetaPert, Distribution, DrawKey, Empirical, Entity, Family, Gamma, LAWS, Lognormal, MedianLognormal, Normal, Purpose,
    Refusal, Triangular, Uniform, Weibull, Words,
};
use rand::SeedableRng as _;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::Distribution as _;
use statrs::distribution::ContinuousCDF;

const KS_DRAWS: u32 = 100_000;
const MOMENT_DRAWS: u32 = 1_000_000;
/// sqrt(-ln(alpha / 2) / 2) for alpha = 0.001: Kolmogorov's limit law, first term.
const KS_LIMIT: f64 = 1.949_5;

type Cdf = Box<dyn Fn(f64) -> f64>;
type Sampler = Box<dyn Fn(&mut Words) -> f64>;

/// A law and its properties from another source.
struct Case {
    name: &'static str,
    law: Distribution,
    cdf: Cdf,
    sampler: Sampler,
    mean: f64,
    variance: f64,
}

impl Case {
    fn cv(&self) -> f64 {
        self.variance.sqrt() / self.mean
    }

    fn draws(&self, n: u32) -> Vec<f64> {
        draws(&self.law, self.name, n)
    }
}

/// Returns the first n draws of that name, in pairs, so both halves of a block are tested.
fn draws(law: &Distribution, name: &str, n: u32) -> Vec<f64> {
    let family = Family::new(20_26, name);
    let draw = DrawKey::of(Purpose::named("test.distributions"));
    let pair = |replication| family.pair(replication, Entity { seat: 1, requisition: 2 }, draw);
    (0..n / 2).flat_map(pair).map(|u| law.quantile(u)).collect()
}

fn made(law: Result<Distribution, Refusal>) -> Distribution {
    law.expect("parameters within their ranges")
}

fn uniform(name: &'static str, min: f64, max: f64) -> Case {
    let other = statrs::distribution::Uniform::new(min, max).expect("statrs");
    let sampler = rand_distr::Uniform::new(min, max).expect("rand_distr");
    let width = max - min;
    Case {
        name,
        law: made(Distribution::uniform(Uniform { min, max })),
        cdf: Box::new(move |t| other.cdf(t)),
        sampler: Box::new(move |sequence| sampler.sample(sequence)),
        mean: (min + max) / 2.0,
        variance: width * width / 12.0,
    }
}

fn triangular(name: &'static str, min: f64, mode: f64, max: f64) -> Case {
    let other = statrs::distribution::Triangular::new(min, max, mode).expect("statrs");
    let sampler = rand_distr::Triangular::new(min, max, mode).expect("rand_distr");
    let squares = min * min + mode * mode + max * max;
    Case {
        name,
        law: made(Distribution::triangular(Triangular { min, mode, max })),
        cdf: Box::new(move |t| other.cdf(t)),
        sampler: Box::new(move |sequence| sampler.sample(sequence)),
        mean: (min + mode + max) / 3.0,
        variance: (squares - min * mode - min * max - mode * max) / 18.0,
    }
}

fn exponential(name: &'static str, mean: f64) -> Case {
    let other = statrs::distribution::Exp::new(1.0 / mean).expect("statrs");
    let sampler = rand_distr::Exp::new(1.0 / mean).expect("rand_distr");
    Case {
        name,
        law: made(Distribution::exponential(mean)),
        cdf: Box::new(move |t| other.cdf(t)),
        sampler: Box::new(move |sequence| sampler.sample(sequence)),
        mean,
        variance: mean * mean,
    }
}

fn lognormal(name: &'static str, mean: f64, cv: f64) -> Case {
    let sigma = libm::log(1.0 + cv * cv).sqrt();
    let mu = libm::log(mean) - sigma * sigma / 2.0;
    let law = made(Distribution::lognormal(Lognormal { mean, cv }));
    Case { name, law, mean, variance: mean * mean * cv * cv, ..lognormal_of_logarithm(mu, sigma) }
}

fn lognormal_of_median(name: &'static str, median: f64, sigma: f64) -> Case {
    let law = made(Distribution::lognormal_of_median(MedianLognormal { median, sigma }));
    let growth = libm::exp(sigma * sigma);
    let mean = median * growth.sqrt();
    Case { name, law, mean, variance: mean * mean * (growth - 1.0), ..lognormal_of_logarithm(libm::log(median), sigma) }
}

fn lognormal_of_logarithm(mu: f64, sigma: f64) -> Case {
    let other = statrs::distribution::LogNormal::new(mu, sigma).expect("statrs");
    let sampler = rand_distr::LogNormal::new(mu, sigma).expect("rand_distr");
    Case {
        name: "",
        law: made(Distribution::constant(1.0)),
        cdf: Box::new(move |t| other.cdf(t)),
        sampler: Box::new(move |sequence| sampler.sample(sequence)),
        mean: 1.0,
        variance: 1.0,
    }
}

fn weibull(name: &'static str, shape: f64, scale: f64) -> Case {
    let other = statrs::distribution::Weibull::new(shape, scale).expect("statrs");
    let sampler = rand_distr::Weibull::new(scale, shape).expect("rand_distr");
    let moment = |k: f64| statrs::function::gamma::gamma(1.0 + k / shape);
    Case {
        name,
        law: made(Distribution::weibull(Weibull { shape, scale })),
        cdf: Box::new(move |t| other.cdf(t)),
        sampler: Box::new(move |sequence| sampler.sample(sequence)),
        mean: scale * moment(1.0),
        variance: scale * scale * (moment(2.0) - moment(1.0) * moment(1.0)),
    }
}

fn gamma(name: &'static str, mean: f64, cv: f64) -> Case {
    let (shape, scale) = (1.0 / (cv * cv), mean * cv * cv);
    let other = statrs::distribution::Gamma::new(shape, 1.0 / scale).expect("statrs");
    let sampler = rand_distr::Gamma::new(shape, scale).expect("rand_distr");
    Case {
        name,
        law: made(Distribution::gamma(Gamma { mean, cv })),
        cdf: Box::new(move |t| other.cdf(t)),
        sampler: Box::new(move |sequence| sampler.sample(sequence)),
        mean,
        variance: shape * scale * scale,
    }
}

/// Sampled by rejection: of the normal itself where 0 is near its middle, else of the exponential that touches its tail
/// (Robert 1995, "Simulation of truncated normal variables").
fn normal(name: &'static str, mean: f64, sd: f64) -> Case {
    let bound = -mean / sd;
    let other = statrs::distribution::Normal::new(mean, sd).expect("statrs");
    // The survival function of statrs has but 9 digits here.
    let above = libm::erfc(bound / 2_f64.sqrt()) / 2.0;
    let hazard = libm::exp(-bound * bound / 2.0) / std::f64::consts::TAU.sqrt() / above;
    let near = rand_distr::Normal::new(mean, sd).expect("rand_distr");
    let rate = (bound + (bound * bound + 4.0).sqrt()) / 2.0;
    let far = rand_distr::Exp::new(rate).expect("rand_distr");
    let unit = rand_distr::Uniform::new(0.0, 1.0).expect("rand_distr");
    let sampler = move |sequence: &mut Words| loop {
        if bound < 1.0 {
            let t = near.sample(sequence);
            if t >= 0.0 {
                return t;
            }
        } else {
            let d = far.sample(sequence);
            let miss = bound + d - rate;
            if unit.sample(sequence) < libm::exp(-miss * miss / 2.0) {
                return sd * d;
            }
        }
    };
    Case {
        name,
        law: made(Distribution::normal(Normal { mean, sd })),
        cdf: Box::new(move |t| 1.0 - other.sf(t) / above),
        sampler: Box::new(sampler),
        mean: mean + sd * hazard,
        variance: sd * sd * (1.0 - hazard * (hazard - bound)),
    }
}

fn beta_pert(name: &'static str, min: f64, mode: f64, max: f64) -> Case {
    let width = max - min;
    let (a, b) = (1.0 + 4.0 * (mode - min) / width, 1.0 + 4.0 * (max - mode) / width);
    let other = statrs::distribution::Beta::new(a, b).expect("statrs");
    let sampler = rand_distr::Pert::new(min, max).with_mode(mode).expect("rand_distr");
    Case {
        name,
        law: made(Distribution::beta_pert(BetaPert { min, mode, max })),
        cdf: Box::new(move |t| other.cdf(((t - min) / width).clamp(0.0, 1.0))),
        sampler: Box::new(move |sequence| sampler.sample(sequence)),
        mean: min + width * a / 6.0,
        variance: width * width * a * b / 252.0,
    }
}

/// Returns all continuous laws, ordinary and extreme.
fn cases() -> Vec<Case> {
    vec![
        uniform("uniform from 0", 0.0, 1.0),
        uniform("uniform narrow", 1000.0, 1000.5),
        triangular("triangular", 20.0, 30.0, 90.0),
        triangular("triangular falling", 0.0, 0.0, 5.0),
        triangular("triangular rising", 1.0, 5.0, 5.0),
        exponential("exponential", 30.0),
        exponential("exponential tiny", 1e-9),
        lognormal("lognormal", 30.0, 0.6),
        lognormal("lognormal narrow", 500.0, 0.01),
        lognormal("lognormal wide", 3.0, 4.0),
        lognormal_of_median("lognormal of median", 60.0, 0.4),
        weibull("weibull ageing", 1.5, 700.0),
        weibull("weibull infant", 0.4, 700.0),
        weibull("weibull steep", 20.0, 3.0),
        gamma("gamma", 45.0, 0.5),
        gamma("gamma narrow", 45.0, 0.02),
        gamma("gamma below shape 1", 45.0, 1.3),
        gamma("gamma wide", 45.0, 4.0),
        normal("normal", 30.0, 10.0),
        normal("normal untouched", 100.0, 1.0),
        normal("normal at 0", 0.0, 2.0),
        normal("normal 3 below", -9.0, 3.0),
        normal("normal 10 below", -10.0, 1.0),
        beta_pert("beta_pert", 20.0, 30.0, 90.0),
        beta_pert("beta_pert falling", 0.0, 0.0, 1.0),
        beta_pert("beta_pert rising", 10.0, 50.0, 50.0),
    ]
}

/// Returns the largest distance between the empirical distribution function of sorted values and a CDF.
fn ks_distance(sorted: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let n = sorted.len() as f64;
    let step = |(i, &t): (usize, &f64)| {
        let p = cdf(t);
        (p - i as f64 / n).max((i as f64 + 1.0) / n - p)
    };
    sorted.iter().enumerate().map(step).fold(0.0, f64::max)
}

/// Returns the same between two samples of continuous laws.
fn ks_two_sample_distance(a: &[f64], b: &[f64]) -> f64 {
    let (mut i, mut j, mut distance) = (0, 0, 0.0_f64);
    while i < a.len() && j < b.len() {
        if a[i] <= b[j] {
            i += 1;
        } else {
            j += 1;
        }
        distance = distance.max((i as f64 / a.len() as f64 - j as f64 / b.len() as f64).abs());
    }
    distance
}

fn sorted(mut values: Vec<f64>) -> Vec<f64> {
    values.sort_by(f64::total_cmp);
    values
}

#[test]
fn draws_follow_the_cdf() {
    for case in cases() {
        let distance = ks_distance(&sorted(case.draws(KS_DRAWS)), &case.cdf);
        let limit = KS_LIMIT / f64::from(KS_DRAWS).sqrt();
        assert!(distance < limit, "{}: {distance}, limit {limit}", case.name);
    }
}

#[test]
fn draws_follow_the_same_law_as_those_of_rand_distr() {
    let draw = DrawKey::of(Purpose::named("test.words"));
    for case in cases() {
        let mut words = Family::new(77, case.name).words(0, Entity::default(), draw);
        let theirs = sorted((0..KS_DRAWS).map(|_| (case.sampler)(&mut words)).collect());
        let distance = ks_two_sample_distance(&sorted(case.draws(KS_DRAWS)), &theirs);
        let limit = KS_LIMIT * (2.0 / f64::from(KS_DRAWS)).sqrt();
        assert!(distance < limit, "{}: {distance}, limit {limit}", case.name);
    }
}

#[test]
fn draws_with_a_generator_of_rand_follow_the_cdf() {
    for case in cases() {
        let generator = Xoshiro256PlusPlus::seed_from_u64(2_026);
        let draws = (&case.law).sample_iter(generator).take(KS_DRAWS as usize);
        let distance = ks_distance(&sorted(draws.collect()), &case.cdf);
        let limit = KS_LIMIT / f64::from(KS_DRAWS).sqrt();
        assert!(distance < limit, "{}: {distance}, limit {limit}", case.name);
    }
}

/// A law with a larger cv moves less, and needs more draws: its moments are compared with formulas below.
#[test]
fn a_scale_off_by_2_percent_would_be_noticed() {
    for case in cases().into_iter().filter(|case| case.cv() <= 1.0) {
        let distance = ks_distance(&sorted(case.draws(KS_DRAWS)), |t| (case.cdf)(t / 1.02));
        let limit = KS_LIMIT / f64::from(KS_DRAWS).sqrt();
        assert!(distance > limit, "{}: {distance}, limit {limit}", case.name);
    }
}

#[test]
fn moments_are_those_of_the_formulas() {
    for case in cases() {
        let (mean, variance) = (case.law.mean(), case.law.variance());
        assert!((mean / case.mean - 1.0).abs() < 1e-11, "{}: mean {mean}, not {}", case.name, case.mean);
        // The formulas here subtract almost equal numbers, ours do not.
        let tolerance = 1e-9 + 1e-15 / (case.cv() * case.cv());
        assert!((variance / case.variance - 1.0).abs() < tolerance, "{}: variance {variance}", case.name);
    }
}

/// A law with a cv above 1.5 would need too many draws for 2 %; its 4 standard errors are still required.
#[test]
fn moments_of_draws_are_within_4_standard_errors_of_less_than_2_percent() {
    for case in cases() {
        let draws = case.draws(MOMENT_DRAWS);
        let n = draws.len() as f64;
        let moment = |of: &dyn Fn(f64) -> f64| draws.iter().map(|&t| of(t - case.mean)).sum::<f64>() / n;
        let (bias, variance) = (moment(&|d| d), moment(&|d| d * d));
        let fourth = moment(&|d| d * d * d * d);
        let mean_tolerance = 4.0 * (case.variance / n).sqrt();
        let variance_tolerance = 4.0 * ((fourth - variance * variance) / n).sqrt();
        assert!(bias.abs() < mean_tolerance, "{}: mean off by {bias}, {mean_tolerance} allowed", case.name);
        let off = variance - case.variance;
        assert!(off.abs() < variance_tolerance, "{}: variance off by {off}, {variance_tolerance} allowed", case.name);
        if case.cv() <= 1.1 {
            assert!(mean_tolerance < 0.02 * case.mean, "{}: mean", case.name);
            assert!(variance_tolerance < 0.02 * case.variance, "{}: variance, {variance_tolerance}", case.name);
        }
    }
}

#[test]
fn quantiles_agree_with_those_of_statrs() {
    let grid: Vec<f64> = (1..200).map(|k| f64::from(k) / 200.0).chain([1e-6, 1e-4, 0.999, 0.999_999]).collect();
    let check = |name: &str, law: Distribution, theirs: &dyn Fn(f64) -> f64| {
        for &p in &grid {
            let (ours, theirs) = (law.quantile(p), theirs(p));
            assert!((ours - theirs).abs() <= 1e-9 * theirs, "{name} at {p}: {ours}, not {theirs}");
        }
    };
    let law = statrs::distribution::Triangular::new(20.0, 90.0, 30.0).expect("statrs");
    let ours = Distribution::triangular(Triangular { min: 20.0, mode: 30.0, max: 90.0 });
    check("triangular", made(ours), &|p| law.inverse_cdf(p));
    let law = statrs::distribution::Exp::new(1.0 / 30.0).expect("statrs");
    check("exponential", made(Distribution::exponential(30.0)), &|p| law.inverse_cdf(p));
    let law = statrs::distribution::LogNormal::new(libm::log(60.0), 0.4).expect("statrs");
    let ours = Distribution::lognormal_of_median(MedianLognormal { median: 60.0, sigma: 0.4 });
    check("lognormal", made(ours), &|p| law.inverse_cdf(p));
    let law = statrs::distribution::Weibull::new(1.5, 700.0).expect("statrs");
    let ours = Distribution::weibull(Weibull { shape: 1.5, scale: 700.0 });
    check("weibull", made(ours), &|p| law.inverse_cdf(p));
    let law = statrs::distribution::Gamma::new(4.0, 4.0 / 45.0).expect("statrs");
    check("gamma", made(Distribution::gamma(Gamma { mean: 45.0, cv: 0.5 })), &|p| law.inverse_cdf(p));
    let law = statrs::distribution::Normal::new(100.0, 1.0).expect("statrs");
    check("normal", made(Distribution::normal(Normal { mean: 100.0, sd: 1.0 })), &|p| law.inverse_cdf(p));
    let law = statrs::distribution::Beta::new(2.0, 4.0).expect("statrs");
    let ours = Distribution::beta_pert(BetaPert { min: 0.0, mode: 0.25, max: 1.0 });
    check("beta_pert", made(ours), &|p| law.inverse_cdf(p));
}

#[test]
fn survival_undoes_at_survival() {
    for case in cases() {
        for q in (1..1000).map(|k| f64::from(k) / 1000.0).chain([1e-12, 1e-9, 1e-6, 1e-4, 0.9999, 1.0 - 1e-9]) {
            let found = case.law.survival(case.law.at_survival(q));
            assert!((found - q).abs() < 1e-12, "{} at {q}: {found}", case.name);
            let found = case.law.cdf(case.law.at_survival(q));
            assert!((found - (1.0 - q)).abs() < 1e-12, "{} at {q}: cdf {found}", case.name);
        }
        if case.law.maximum().is_infinite() {
            // One rounding of t, 1e-16, moves ln S by up to 20 times 700 times as much, for the steep Weibull law.
            for q in [1e-30, 1e-100, 1e-300] {
                let found = case.law.survival(case.law.at_survival(q));
                assert!((found / q - 1.0).abs() < 5e-12, "{} at {q}: {found}", case.name);
            }
        }
    }
}

#[test]
fn both_ways_to_a_quantile_give_the_same_bits_and_rise() {
    let observed = made(Distribution::empirical(Empirical { values: &[3.0, 1.0, 2.0], weights: Some(&[0.3, 0.1, 0.6]) }));
    let constant = made(Distribution::constant(3.0));
    for law in cases().into_iter().map(|case| case.law).chain([observed, constant]) {
        let mut last = 0.0;
        for p in sorted((0..20_000).map(|k| (f64::from(k) + 0.5) / 20_000.0).chain([1e-15, 1e-12, 1e-9]).collect()) {
            // A draw is a multiple of 2^-53, of which 1 - p is another.
            let p = (p * (1_u64 << 53) as f64).round() / (1_u64 << 53) as f64;
            let value = law.quantile(p);
            assert_eq!(value.to_bits(), law.at_survival(1.0 - p).to_bits(), "{law:?} at {p}");
            assert!(value >= last && value.is_finite(), "{law:?} at {p}: {value} after {last}");
            assert!(value <= law.maximum(), "{law:?} at {p}");
            last = value;
        }
    }
}

#[test]
fn the_ends_of_the_support_are_reached() {
    for case in cases() {
        let law = case.law;
        assert!(law.at_survival(1.0) <= 0.0 && law.at_survival(7.0) <= 0.0, "{}", case.name);
        assert_eq!(law.at_survival(0.0).to_bits(), law.maximum().to_bits(), "{}", case.name);
        assert!((law.survival(-1.0) - 1.0).abs() <= 0.0 && law.cdf(-1.0) <= 0.0, "{}", case.name);
        assert!(law.survival(law.maximum()) <= 0.0, "{}", case.name);
        assert!((law.survival(0.0) - 1.0).abs() <= 1e-12, "{}", case.name);
    }
    let stretch = made(Distribution::triangular(Triangular { min: 2.0, mode: 3.0, max: 7.0 }));
    assert!((stretch.survival(2.0) - 1.0).abs() <= 0.0 && stretch.survival(7.0) <= 0.0);
    assert!((stretch.at_survival(1e-300) - 7.0).abs() <= 0.0);
}

/// Pearson's statistic of 4 cells has 3 degrees of freedom: 16.27 is exceeded with probability 0.001. A weight off by 2 %
/// of itself would add about 20.
#[test]
fn observed_values_come_in_proportion_to_their_weights() {
    let (values, weights) = ([7.0, 1.0, 30.0, 4.0], [1.0, 4.0, 2.0, 3.0]);
    let law = made(Distribution::empirical(Empirical { values: &values, weights: Some(&weights) }));
    let draws = draws(&law, "empirical", KS_DRAWS);
    let statistic: f64 = values
        .iter()
        .zip(weights)
        .map(|(value, weight)| {
            let count = draws.iter().filter(|&draw| draw.to_bits() == value.to_bits()).count() as f64;
            let expected = f64::from(KS_DRAWS) * weight / 10.0;
            (count - expected) * (count - expected) / expected
        })
        .sum();
    assert!(statistic < 16.27, "{statistic}");
    // 0.1 * 7 + 0.4 * 1 + 0.2 * 30 + 0.3 * 4, and the squares: 190.1 - 8.3^2.
    assert!((law.mean() - 8.3).abs() < 1e-12 && (law.variance() - 121.21).abs() < 1e-10);
}

/// The name of a case begins with that of its law.
#[test]
fn every_law_of_the_catalogue_is_tested_here() {
    let cases = cases();
    for law in LAWS.iter().filter(|law| !["constant", "empirical"].contains(&law.name)) {
        assert!(cases.iter().any(|case| case.name.starts_with(law.name)), "{} is not among the cases", law.name);
    }
}
