//! Known truths: small scenarios whose answers are known without simulation, compared with the answers of the program.
//!
//! The truths are closed forms, published figures, and days and amounts computed by hand. Each check says how large a
//! bias it would notice: one of 4 + 2.33 standard errors fails in 99 % of the cases (2.33 is the normal 99 % quantile).

mod certain;
mod handed_over;
mod hiring;
mod staying;

use serde_json::{Value as Json, json};

use crate::report::number::readable;
use crate::report::{Cell, Column, Table};
use crate::response::MeasureId;
use crate::run::RunResults;
use crate::scenario::Scenario;
use crate::stats::Tally;

/// Standard errors from the truth at which a check fails. By chance, 1 in 16,000 does.
const LIMIT: f64 = 4.0;
/// A bias of this many standard errors is noticed in 99 % of the cases.
const NOTICED: f64 = LIMIT + 2.33;
/// Largest relative rounding error of an answer without chance.
const ROUNDING: f64 = 1e-9;

/// A truth, and the answer of the program.
#[derive(Clone, Debug)]
pub struct Check {
    /// Name of the check.
    pub name: String,
    /// Answer of the program; NaN if there is none.
    pub value: f64,
    /// The truth.
    pub truth: f64,
    /// Standard error of the value; none without chance.
    pub standard_error: Option<f64>,
    /// Largest difference between value and truth without chance.
    tolerance: f64,
}

/// Scenarios that are simulated together for some checks.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Replications of each scenario.
    pub replications: u32,
    texts: fn() -> Vec<String>,
    checks: fn(&[CaseRun]) -> Vec<Check>,
}

/// A scenario, and the results of its only strategy.
#[derive(Clone, Debug)]
pub struct CaseRun {
    /// The scenario.
    pub scenario: Scenario,
    /// The results.
    pub results: RunResults,
}

/// All cases, in the order of the report.
pub const CASES: &[&[Case]] = &[certain::CASES, hiring::CASES, staying::CASES, handed_over::CASES];

impl Case {
    /// Returns the scenarios to simulate.
    #[must_use]
    pub fn scenarios(&self) -> Vec<Scenario> {
        let read = |text: String| Scenario::parse(&text, &[]).expect("scenarios of the program are good: a test reads them");
        (self.texts)().into_iter().map(read).collect()
    }

    /// Compares the results of the scenarios, in the same order, with the truths.
    #[must_use]
    pub fn checks(&self, runs: &[CaseRun]) -> Vec<Check> {
        (self.checks)(runs)
    }
}

impl CaseRun {
    /// Returns the values of a response, by replication.
    fn response(&self, name: &str) -> &[f64] {
        self.results.response(0, name).unwrap_or_default()
    }

    /// Returns the values of a response that counts people, at most this many, in order; of any number of replications.
    fn people(&self, name: &str, at_most: u16) -> Vec<f64> {
        let times = |people: f64| self.results.column(0, name).map_or(0, |column| column.count_of(people)) as usize;
        (0..=at_most).map(f64::from).flat_map(|people| std::iter::repeat_n(people, times(people))).collect()
    }

    /// Returns the moments of a measure at a month end.
    fn at_month(&self, measure: &str, month: usize) -> Tally {
        let measure = MeasureId::named(measure);
        measure.map_or_else(Tally::default, |measure| self.results.strategies[0].at_month(measure, month, &[]).0)
    }
}

impl Check {
    /// Returns a check without chance, which must be exact except for rounding.
    fn exact(name: impl Into<String>, value: f64, truth: f64) -> Self {
        Self { name: name.into(), value, truth, standard_error: None, tolerance: ROUNDING * truth.abs().max(1.0) }
    }

    /// Returns a check of an amount of money, to the cent.
    fn amount(name: impl Into<String>, value: f64, truth: f64) -> Self {
        Self { tolerance: 0.005, ..Self::exact(name, value, truth) }
    }

    /// Returns a check of an estimate with a standard error.
    fn estimate(name: impl Into<String>, value: f64, truth: f64, error: f64) -> Self {
        Self { standard_error: Some(error), ..Self::exact(name, value, truth) }
    }

    /// Returns a check of the mean of a sample, which must be complete.
    fn mean(name: impl Into<String>, sample: &Tally, truth: f64) -> Self {
        let value = if sample.missing() == 0 { sample.mean() } else { None };
        Self::estimate(name, value.unwrap_or(f64::NAN), truth, sample.standard_error().unwrap_or(f64::NAN))
    }

    /// Returns checks of mean and variance of a sample from a known law, given by its probabilities of 0, 1, 2, ... The
    /// fourth moment of the law gives the standard error of the variance.
    fn mean_and_variance(name: &str, sample: &Tally, law: &[f64]) -> [Self; 2] {
        let mean = moment(law, 0.0, 1);
        let (variance, fourth) = (moment(law, mean, 2), moment(law, mean, 4));
        let error = ((fourth - variance * variance) / count(sample)).sqrt();
        let value = sample.variance().unwrap_or(f64::NAN);
        [
            Self::mean(format!("{name}: mean"), sample, mean),
            Self::estimate(format!("{name}: variance"), value, variance, error),
        ]
    }

    /// Returns a check of the share of replications in which something holds.
    fn share(name: impl Into<String>, values: &[f64], is_hit: impl Fn(f64) -> bool, truth: f64) -> Self {
        let hits: Vec<f64> = values.iter().map(|&value| f64::from(u8::from(is_hit(value)))).collect();
        let tally = Tally::of(&hits);
        Self::estimate(name, tally.mean().unwrap_or(f64::NAN), truth, (truth * (1.0 - truth) / count(&tally)).sqrt())
    }

    /// Returns by how many standard errors value and truth differ; none without chance.
    #[must_use]
    pub fn z(&self) -> Option<f64> {
        self.standard_error.map(|error| (self.value - self.truth) / error)
    }

    /// Returns the share of the truth that a bias must reach to be noticed in 99 % of the cases; none if every bias is.
    #[must_use]
    pub fn notices(&self) -> Option<f64> {
        self.standard_error.map(|error| NOTICED * error / self.truth.abs())
    }

    /// Returns whether value and truth agree.
    #[must_use]
    pub fn holds(&self) -> bool {
        match self.z() {
            Some(z) => z.abs() < LIMIT,
            None => (self.value - self.truth).abs() <= self.tolerance,
        }
    }

    fn verdict(&self) -> &'static str {
        if self.holds() { "holds" } else { "FAILS" }
    }
}

/// Returns a central moment of a law on 0, 1, 2, ...
fn moment(law: &[f64], centre: f64, order: u32) -> f64 {
    let power = |value: f64| (0..order).fold(1.0, |power, _| power * (value - centre));
    (0_u32..).zip(law).map(|(value, probability)| probability * power(value.into())).sum()
}

/// Returns the probabilities of 0, 1, ..., n successes, by convolution, without cancellation.
fn binomial(n: usize, probability: f64) -> Vec<f64> {
    let mut law = vec![0.0; n + 1];
    law[0] = 1.0;
    for trials in 1..=n {
        for successes in (0..=trials).rev() {
            let before = if successes > 0 { law[successes - 1] } else { 0.0 };
            law[successes] = law[successes] * (1.0 - probability) + before * probability;
        }
    }
    law
}

#[expect(clippy::cast_precision_loss, reason = "replications are fewer than 2^32")]
fn count(sample: &Tally) -> f64 {
    sample.count() as f64
}

/// Returns a scenario of one strategy; `rest` holds the roles, demand, organisations and transfers. `x` is the employer.
fn scenario(months: u32, rest: &str) -> String {
    format!(
        "title = 'Known truths'\nstart = 2027-01-01\nmonths = 'equal'\nhorizon_months = {months}\nstrategy.s.employer = 'x'\n{rest}"
    )
}

/// Returns the same with one role `a`, and this many people wanted.
fn team_of(wanted: u32, months: u32, rest: &str) -> String {
    scenario(months, &format!("role = [{{ name = 'a' }}]\ndemand.a = {wanted}\n{rest}"))
}

/// Returns the checks for people.
#[must_use]
pub fn check_table(checks: &[Check], seed: u64) -> Table {
    let numbers = ["value", "truth", "standard error", "z", "notices (%)"];
    let columns = [Column::text("check")].into_iter().chain(numbers.map(|name| Column::number(name, "")));
    let row = |check: &Check| {
        let fixed = |value: Option<f64>, digits: usize| value.map_or(Cell::Empty, |v| Cell::from(format!("{v:.digits$}")));
        // As many digits as the standard error justifies; all if there is none.
        let digits = check.standard_error.map_or(15, |error| if error < 1e-3 { 6 } else { 4 });
        let number = |value: f64| if digits == 15 { readable(value) } else { format!("{value:.digits$}") };
        vec![
            Cell::from(check.name.as_str()),
            Cell::from(number(check.value)),
            Cell::from(number(check.truth)),
            fixed(check.standard_error, 6),
            fixed(check.z(), 2),
            check.notices().map_or(Cell::from("any"), |share| Cell::from(format!("{:.1}", 100.0 * share))),
            Cell::from(check.verdict()),
        ]
    };
    Table {
        title: format!("Known truths, seed {seed}"),
        columns: columns.chain([Column::text("verdict")]).collect(),
        rows: checks.iter().map(row).collect(),
    }
}

/// Returns the checks as JSON.
#[must_use]
pub fn checks_as_json(checks: &[Check], seed: u64) -> Json {
    let row = |check: &Check| {
        json!({
            "name": check.name, "value": check.value, "truth": check.truth, "standard_error": check.standard_error,
            "z": check.z(), "notices": check.notices(), "holds": check.holds(),
        })
    };
    let rows: Vec<Json> = checks.iter().map(row).collect();
    let holds = checks.iter().all(Check::holds);
    json!({ "format": 1, "version": env!("CARGO_PKG_VERSION"), "seed": seed, "holds": holds, "checks": rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scenarios_are_good() {
        assert!(CASES.iter().copied().flatten().all(|case| !case.scenarios().is_empty()));
    }

    #[test]
    fn a_check_fails_at_four_standard_errors_and_when_there_is_no_value() {
        assert!(Check::estimate("", 1.039, 1.0, 0.01).holds());
        assert!(!Check::estimate("", 0.96, 1.0, 0.01).holds());
        assert!(!Check::estimate("", f64::NAN, 1.0, 0.01).holds());
        assert!(!Check::estimate("", 1.1, 1.0, 0.0).holds());
        assert!(!Check::exact("", f64::NAN, 1.0).holds() && !Check::exact("", 1.000_001, 1.0).holds());
        assert!(Check::amount("", 10.004, 10.0).holds() && !Check::amount("", 10.01, 10.0).holds());
        let noticed = Check::estimate("", 1.0, 2.0, 0.01).notices();
        assert!(noticed.is_some_and(|share| (share - 0.031_65).abs() < 1e-12));
    }

    #[test]
    fn the_binomial_law_has_its_moments() {
        let law = binomial(12, 0.3);
        assert!((law.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((moment(&law, 0.0, 1) - 3.6).abs() < 1e-12);
        assert!((moment(&law, 3.6, 2) - 2.52).abs() < 1e-12);
        // n p q (1 + 3 (n - 2) p q)
        assert!((moment(&law, 3.6, 4) - 2.52 * (1.0 + 30.0 * 0.21)).abs() < 1e-10);
    }
}
