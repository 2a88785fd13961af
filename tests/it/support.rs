//! Shared by the tests of this folder: simulating and observing scenarios, and comparing samples with theory.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use handover::engine::Time;
use handover::model::{Fact, Observer, Simulation, Team};
use handover::response::{MeasureId, specs};
use handover::run::{RunResults, Session, Settings, run};
use handover::scenario::Scenario;
use handover::stats::Tally;

/// Days of a month.
pub(crate) const DAYS_PER_MONTH: f64 = 365.0 / 12.0;

/// Standard errors within which a sample must agree with theory. By chance, 1 comparison in 16,000 does not.
const TOLERANCE: f64 = 4.0;
/// A bias of this many standard errors is noticed in 99 % of the cases: the standard normal 99 % quantile is 2.33.
const NOTICED: f64 = TOLERANCE + 2.33;
/// Share of a mean, or of a standard deviation, that a bias must not reach unnoticed.
const BIAS: f64 = 0.02;

/// Reads a scenario, and shows all its mistakes.
pub(crate) fn scenario(text: &str) -> Scenario {
    Scenario::parse(text, &[]).unwrap_or_else(|refused| panic!("{refused}\n{text}"))
}

/// Returns a scenario of one strategy `s` hired by the organisation `x`; `rest` holds roles, demand, organisations and
/// transfers.
pub(crate) fn text(months: u32, rest: &str) -> String {
    format!(
        "title = 'Test'\nstart = 2027-01-01\nmonths = 'equal'\nhorizon_months = {months}\nstrategy.s.employer = 'x'\n{rest}"
    )
}

/// Returns the same with a single role `a`, of which this many are wanted from day 0.
pub(crate) fn team_of(wanted: u32, months: u32, rest: &str) -> String {
    text(months, &format!("role = [{{ name = 'a' }}]\ndemand.a = {wanted}\n{rest}"))
}

/// The results of all strategies of a run.
pub(crate) struct Results(RunResults);

/// Simulates all strategies of a scenario with its own seed and common random numbers.
pub(crate) fn simulate(text: &str, replications: u32) -> Results {
    simulate_with(text, replications, false)
}

/// Returns the same, with independent random numbers for each strategy if wanted.
pub(crate) fn simulate_with(text: &str, replications: u32, independent: bool) -> Results {
    let scenario = scenario(text);
    let strategies = (0..scenario.strategies.len()).collect();
    let settings = Settings { seed: scenario.seed, replications, strategies, independent };
    Results(run(&scenario, &settings, &Session::default()).expect("nobody stops it"))
}

impl Results {
    /// Returns a response of the first strategy, by replication.
    pub(crate) fn of(&self, response: &str) -> &[f64] {
        self.of_strategy(0, response)
    }

    /// Returns a response of a strategy, by replication.
    pub(crate) fn of_strategy(&self, strategy: usize, response: &str) -> &[f64] {
        self.0.response(strategy, response).unwrap_or_else(|| panic!("there is no response {response}"))
    }

    /// Returns a response of the first strategy in a run of one replication.
    pub(crate) fn one(&self, response: &str) -> f64 {
        let values = self.of(response);
        assert_eq!(values.len(), 1, "{response} of how many replications?");
        values[0]
    }

    /// Returns the reported moments of a response of the first strategy.
    pub(crate) fn tally(&self, response: &str) -> Tally {
        let position = specs().position(|spec| spec.name == response);
        self.0.strategies[0].response_tallies[position.unwrap_or_else(|| panic!("there is no response {response}"))]
    }

    /// Returns a measure of the first strategy at a month end.
    pub(crate) fn at_month(&self, measure: &str, month: usize) -> Tally {
        let id = MeasureId::named(measure).unwrap_or_else(|| panic!("there is no measure {measure}"));
        self.0.strategies[0].at_month(id, month, &[]).0
    }

    /// Returns a measure at each of these month ends, in a run of one replication.
    pub(crate) fn months(&self, measure: &str, months: std::ops::RangeInclusive<usize>) -> Vec<f64> {
        months.map(|month| self.at_month(measure, month).mean().expect("a measure is never missing")).collect()
    }
}

/// What an observer sees.
pub(crate) enum Seen<'t> {
    /// A replication starts.
    Start,
    /// The team did not change from the first instant to the second.
    Held(&'t Team, Time, Time),
    /// The measured values did not change from the first instant to the second.
    Measured(&'t Team, Time, Time),
    /// A fact.
    Fact(Fact, &'t Team, Time),
    /// A month end.
    Month(u32, &'t Team, Time),
}

/// One type for all tests: a simulation is compiled anew for each type of observer, which takes seconds.
struct Watcher<'f>(&'f mut dyn FnMut(Seen<'_>));

impl Observer for Watcher<'_> {
    fn start(&mut self, _replication: u32) {
        self.0(Seen::Start);
    }

    fn measured_interval(&mut self, team: &Team, from: Time, until: Time) {
        self.0(Seen::Measured(team, from, until));
    }

    fn state_interval(&mut self, team: &Team, from: Time, until: Time) {
        self.0(Seen::Held(team, from, until));
    }

    fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        self.0(Seen::Fact(fact, team, now));
    }

    fn month_ended(&mut self, month: u32, team: &Team, now: Time) {
        self.0(Seen::Month(month, team, now));
    }
}

/// Watches replications of a strategy, by position, one after the other.
pub(crate) fn watch(scenario: &Scenario, strategy: usize, replications: u32, mut see: impl FnMut(Seen<'_>)) {
    let mut simulation = Simulation::new(&scenario.world, &scenario.strategies[strategy], scenario.seed);
    let mut watcher = Watcher(&mut see);
    for replication in 0..replications {
        simulation.replicate(replication, &mut watcher);
    }
}

/// Measures the team of the first strategy at some month ends. Returns for each of them the values of all replications.
pub(crate) fn at_months(text: &str, replications: u32, months: &[u32], measure: impl Fn(&Team) -> f64) -> Vec<Vec<f64>> {
    let mut values = vec![Vec::new(); months.len()];
    watch(&scenario(text), 0, replications, |seen| {
        if let Seen::Month(month, team, _) = seen
            && let Some(position) = months.iter().position(|&other| other == month)
        {
            values[position].push(measure(team));
        }
    });
    values
}

/// What became of one of the first people, who joined at day 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fate {
    /// Day on which they gave notice or refused; infinite if they did not within the horizon.
    pub(crate) day: f64,
    /// Why, by position among the causes.
    pub(crate) cause: Option<handover::model::Cause>,
}

/// Returns the fates of the people who joined at day 0, by replication and order of joining. Later joiners are ignored.
pub(crate) fn fates(scenario: &Scenario, strategy: usize, replications: u32) -> Vec<Fate> {
    let mut fates = Vec::new();
    let mut first = 0;
    watch(scenario, strategy, replications, |seen| match seen {
        Seen::Start => first = fates.len(),
        Seen::Fact(Fact::Joined(_), _, now) if now == Time::START => fates.push(Fate { day: f64::INFINITY, cause: None }),
        Seen::Fact(Fact::NoticeGiven(person, cause), team, now) if team.person(person).joined_day == 0.0 => {
            fates[first + team.person(person).order as usize] = Fate { day: now.days(), cause: Some(cause) };
        }
        Seen::Fact(Fact::Refused(person, _), team, now) if team.person(person).joined_day == 0.0 => {
            let cause = Some(handover::model::Cause::Refusal);
            fates[first + team.person(person).order as usize] = Fate { day: now.days(), cause };
        }
        _ => {}
    });
    fates
}

/// Asserts that a number is as expected within an absolute tolerance.
#[track_caller]
pub(crate) fn assert_near(what: &str, value: f64, expected: f64, tolerance: f64) {
    assert!((value - expected).abs() <= tolerance, "{what}: {value}, expected {expected} within {tolerance}");
}

/// Asserts that a sample has the expected mean within 4 standard errors, and that they are small enough that a bias of 2 %
/// would fail in 99 % of the cases.
#[track_caller]
pub(crate) fn assert_mean(what: &str, sample: &[f64], expected: f64) {
    let (n, mean) = (count(sample), mean(sample));
    let error = (central_moment(sample, mean, 2) / n).sqrt();
    assert_estimate(what, mean, expected, error);
    assert_power(what, error, BIAS * expected.abs());
}

/// Asserts that a sample has the expected variance within 4 standard errors, and that they are small enough that a bias of
/// 2 % in the standard deviation would fail in 99 % of the cases.
#[track_caller]
pub(crate) fn assert_variance(what: &str, sample: &[f64], expected: f64) {
    let (n, mean) = (count(sample), mean(sample));
    let variance = central_moment(sample, mean, 2);
    let error = ((central_moment(sample, mean, 4) - variance * variance) / n).sqrt();
    assert_estimate(what, variance * n / (n - 1.0), expected, error);
    assert_power(what, error, ((1.0 + BIAS) * (1.0 + BIAS) - 1.0) * expected);
}

/// Asserts that hits of all are the expected share within 4 standard errors, which notice a bias of 2 % of the share.
#[track_caller]
pub(crate) fn assert_share(what: &str, hits: usize, of: usize, expected: f64) {
    let (hits, of) = (as_number(hits), as_number(of));
    let error = (expected * (1.0 - expected) / of).sqrt();
    assert_estimate(what, hits / of, expected, error);
    assert_power(what, error, BIAS * expected);
}

/// Asserts that an estimate with that standard error is within 4 of them of the expected value.
#[track_caller]
pub(crate) fn assert_estimate(what: &str, estimate: f64, expected: f64, error: f64) {
    let z = (estimate - expected) / error;
    // An error of zero requires equality, except for rounding.
    let agrees = z.abs() < TOLERANCE || (estimate - expected).abs() <= 1e-9 * expected.abs();
    assert!(agrees, "{what}: {estimate}, expected {expected}: {z:.2} standard errors of {error} apart");
}

#[track_caller]
fn assert_power(what: &str, error: f64, bias: f64) {
    assert!(NOTICED * error <= bias, "{what}: a standard error of {error} is too large to notice a bias of {bias}");
}

/// Pearson's chi-square test that values 0, 1, 2, ... are as frequent as theory says, at 1 in 10,000. All beyond the
/// last probability is one cell. Cells with an expectation below 10 are merged with the next.
#[track_caller]
pub(crate) fn assert_distribution(what: &str, values: &[f64], probabilities: &[f64]) {
    let mut counts = vec![0.0; probabilities.len() + 1];
    for &value in values {
        counts[index(value).min(probabilities.len())] += 1.0;
    }
    let beyond = (1.0 - probabilities.iter().sum::<f64>()).max(0.0);
    let mut cells: Vec<(f64, f64)> = Vec::new();
    let (mut seen, mut expected) = (0.0, 0.0);
    for (count, probability) in counts.iter().zip(probabilities.iter().chain([&beyond])) {
        (seen, expected) = (seen + count, expected + probability * count_of(values));
        if expected >= 10.0 {
            cells.push((seen, expected));
            (seen, expected) = (0.0, 0.0);
        }
    }
    let last = cells.last_mut().expect("at least ten values");
    (last.0, last.1) = (last.0 + seen, last.1 + expected);
    let statistic: f64 = cells.iter().map(|(seen, expected)| (seen - expected) * (seen - expected) / expected).sum();
    let freedom = as_number(cells.len() - 1);
    let limit = ChiSquared::new(freedom).expect("at least two cells").inverse_cdf(0.9999);
    assert!(
        statistic < limit,
        "{what}: chi-square {statistic:.1} with {freedom} degrees of freedom, expected below {limit:.1}"
    );
}

fn count_of(values: &[f64]) -> f64 {
    as_number(values.len())
}

/// Returns the mean of a sample.
pub(crate) fn mean(sample: &[f64]) -> f64 {
    sample.iter().sum::<f64>() / count(sample)
}

fn count(sample: &[f64]) -> f64 {
    assert!(sample.len() > 1, "a sample of {}", sample.len());
    as_number(sample.len())
}

fn central_moment(sample: &[f64], mean: f64, order: i32) -> f64 {
    let power = |value: f64| (0..order).fold(1.0, |power, _| power * (value - mean));
    sample.iter().map(|&value| power(value)).sum::<f64>() / count(sample)
}

/// Returns a count as a number.
pub(crate) fn as_number(count: usize) -> f64 {
    count as f64
}

/// Returns a whole value as a position.
pub(crate) fn index(value: f64) -> usize {
    assert!(value >= 0.0 && value.fract() == 0.0, "{value} is not a count");
    value as usize
}
