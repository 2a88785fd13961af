//! The conditions on the parameters of a distribution, and the message if one is not met.

/// A parameter that a distribution cannot use.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{shown} is not {article} {noun}: expected {expected}", shown = written(*value), article = if *noun == "sd" { "an" } else { "a" })]
pub struct Refusal {
    /// The parameter at fault, as a scenario writes it.
    pub parameter: &'static str,
    value: f64,
    noun: &'static str,
    expected: String,
}

/// Returns a number for a message, as short as it can be: an enormous or tiny one as 1e300, not in full.
pub fn written(number: f64) -> String {
    let is_usual = number == 0.0 || !number.is_finite() || (1e-6..1e15).contains(&number.abs());
    if is_usual { number.to_string() } else { format!("{number:e}") }
}

/// A parameter's number, not checked yet.
#[derive(Clone, Copy)]
pub(super) struct Given {
    parameter: &'static str,
    noun: &'static str,
    value: f64,
}

/// Wraps the number of a parameter.
pub(super) fn given(parameter: &'static str, value: f64) -> Given {
    Given { parameter, noun: parameter, value }
}

impl Given {
    /// Changes the noun in the message, for one entry of a list or for a property of the list.
    pub(super) fn called(self, noun: &'static str) -> Self {
        Given { noun, ..self }
    }

    pub(super) fn positive(self) -> Result<f64, Refusal> {
        self.check(self.value > 0.0, || "a number above 0".to_owned())
    }

    pub(super) fn not_negative(self) -> Result<f64, Refusal> {
        self.check(self.value >= 0.0, || "a number, 0 or more".to_owned())
    }

    pub(super) fn finite(self) -> Result<f64, Refusal> {
        self.check(true, || "a finite number".to_owned())
    }

    pub(super) fn at_least(self, least: Given) -> Result<f64, Refusal> {
        let expected = || format!("at least {}, which is {}", least.parameter, written(least.value));
        self.check(self.value >= least.value, expected)
    }

    /// Returns the value if it is finite and `holds` is true.
    pub(super) fn check(self, holds: bool, expected: impl FnOnce() -> String) -> Result<f64, Refusal> {
        let Given { parameter, noun, value } = self;
        if holds && value.is_finite() {
            return Ok(value);
        }
        let expected = if value.is_infinite() { "a finite number".to_owned() } else { expected() };
        Err(Refusal { parameter, value, noun, expected })
    }
}

/// Checks 0 <= min <= mode <= max.
pub(super) fn check_three(min: f64, mode: f64, max: f64) -> Result<(), Refusal> {
    let (min, mode) = (given("min", min), given("mode", mode));
    min.not_negative()?;
    mode.at_least(min)?;
    given("max", max).at_least(mode)?;
    Ok(())
}

/// Checks that there is at least one value, and none is negative.
pub(super) fn check_values(values: &[f64]) -> Result<(), Refusal> {
    let count = given("values", values.len() as f64).called("number of values");
    count.check(!values.is_empty(), || "at least 1".to_owned())?;
    values.iter().try_for_each(|&value| given("values", value).called("value").not_negative().map(drop))
}

/// Checks that there are as many weights as values, none is negative, and not all are 0.
pub(super) fn check_weights(weights: &[f64], values: &[f64]) -> Result<(), Refusal> {
    let count = given("weights", weights.len() as f64).called("number of weights");
    count.check(weights.len() == values.len(), || format!("{}, one for each value", values.len()))?;
    weights.iter().try_for_each(|&weight| given("weights", weight).called("weight").not_negative().map(drop))?;
    given("weights", weights.iter().sum()).called("sum of weights").positive().map(drop)
}

#[cfg(test)]
mod tests {
    use super::super::{
        BetaPert, Distribution, Empirical, Gamma, Lognormal, MedianLognormal, Normal, Triangular, Uniform, Weibull,
    };
    use super::*;

    #[test]
    fn no_number_in_a_message_is_hundreds_of_digits_long() {
        let numbers = [0.0, -3.5, 1e12, 1e15, -2.5e300, 1e-300, f64::MAX, f64::MIN_POSITIVE];
        assert_eq!(numbers.map(written)[..6], ["0", "-3.5", "1000000000000", "1e15", "-2.5e300", "1e-300"]);
        assert!(numbers.iter().all(|&number| written(number).len() < 25));
    }

    #[test]
    fn a_message_says_the_value_and_what_was_expected() {
        let text = |refused: Result<Distribution, Refusal>| refused.expect_err("bad parameters").to_string();
        assert_eq!(text(Distribution::exponential(-3.0)), "-3 is not a mean: expected a number above 0");
        assert_eq!(text(Distribution::constant(f64::NAN)), "NaN is not a value: expected a number, 0 or more");
        assert_eq!(
            text(Distribution::normal(Normal { mean: 1.0, sd: -1.0 })),
            "-1 is not an sd: expected a number, 0 or more"
        );
        assert_eq!(
            text(Distribution::uniform(Uniform { min: 5.0, max: 2.0 })),
            "2 is not a max: expected at least min, which is 5"
        );
        assert_eq!(
            text(Distribution::empirical(Empirical { values: &[1.0, 2.0], weights: Some(&[1.0]) })),
            "1 is not a number of weights: expected 2, one for each value"
        );
    }

    /// Invalid parameters of each distribution, with the parameter that the message names.
    #[test]
    fn bad_parameters_are_refused_by_name() {
        let mut refused = out_of_range();
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            refused.extend(not_finite(bad));
        }
        for (parameter, law) in refused {
            let refusal = law.expect_err(parameter);
            assert_eq!(refusal.parameter, parameter, "{refusal}");
            let text = refusal.to_string();
            assert!(text.contains(" is not a") && text.contains(": expected ") && !text.ends_with('.'), "{text}");
        }
    }

    fn out_of_range() -> Vec<(&'static str, Result<Distribution, Refusal>)> {
        let below = -1e-9;
        vec![
            ("value", Distribution::constant(below)),
            ("min", Distribution::uniform(Uniform { min: below, max: 1.0 })),
            ("max", Distribution::uniform(Uniform { min: 2.0, max: 1.0 })),
            ("min", Distribution::triangular(Triangular { min: below, mode: 1.0, max: 2.0 })),
            ("mode", Distribution::triangular(Triangular { min: 1.0, mode: 0.5, max: 2.0 })),
            ("max", Distribution::triangular(Triangular { min: 1.0, mode: 3.0, max: 2.0 })),
            ("mean", Distribution::exponential(0.0)),
            ("mean", Distribution::lognormal(Lognormal { mean: 0.0, cv: 1.0 })),
            ("cv", Distribution::lognormal(Lognormal { mean: 1.0, cv: below })),
            ("median", Distribution::lognormal_of_median(MedianLognormal { median: 0.0, sigma: 1.0 })),
            ("sigma", Distribution::lognormal_of_median(MedianLognormal { median: 1.0, sigma: below })),
            ("shape", Distribution::weibull(Weibull { shape: 0.0, scale: 1.0 })),
            ("scale", Distribution::weibull(Weibull { shape: 1.0, scale: 0.0 })),
            ("mean", Distribution::gamma(Gamma { mean: 0.0, cv: 1.0 })),
            ("cv", Distribution::gamma(Gamma { mean: 1.0, cv: 0.0 })),
            ("cv", Distribution::gamma(Gamma { mean: 1.0, cv: 1e7 })),
            ("sd", Distribution::normal(Normal { mean: 1.0, sd: below })),
            ("mean", Distribution::normal(Normal { mean: below, sd: 0.0 })),
            ("min", Distribution::beta_pert(BetaPert { min: below, mode: 1.0, max: 2.0 })),
            ("mode", Distribution::beta_pert(BetaPert { min: 1.0, mode: 0.5, max: 2.0 })),
            ("max", Distribution::beta_pert(BetaPert { min: 1.0, mode: 3.0, max: 2.0 })),
            ("values", Distribution::empirical(Empirical { values: &[], weights: None })),
            ("values", Distribution::empirical(Empirical { values: &[1.0, below], weights: None })),
            ("weights", Distribution::empirical(Empirical { values: &[1.0, 2.0], weights: Some(&[1.0]) })),
            ("weights", Distribution::empirical(Empirical { values: &[1.0, 2.0], weights: Some(&[1.0, below]) })),
            ("weights", Distribution::empirical(Empirical { values: &[1.0, 2.0], weights: Some(&[0.0, 0.0]) })),
            ("weights", Distribution::empirical(Empirical { values: &[1.0, 2.0], weights: Some(&[1e308, 1e308]) })),
        ]
    }

    fn not_finite(bad: f64) -> Vec<(&'static str, Result<Distribution, Refusal>)> {
        vec![
            ("value", Distribution::constant(bad)),
            ("min", Distribution::uniform(Uniform { min: bad, max: 1.0 })),
            ("max", Distribution::uniform(Uniform { min: 0.0, max: bad })),
            ("min", Distribution::triangular(Triangular { min: bad, mode: 1.0, max: 2.0 })),
            ("mode", Distribution::triangular(Triangular { min: 1.0, mode: bad, max: 2.0 })),
            ("max", Distribution::triangular(Triangular { min: 1.0, mode: 3.0, max: bad })),
            ("mean", Distribution::exponential(bad)),
            ("mean", Distribution::lognormal(Lognormal { mean: bad, cv: 1.0 })),
            ("cv", Distribution::lognormal(Lognormal { mean: 1.0, cv: bad })),
            ("median", Distribution::lognormal_of_median(MedianLognormal { median: bad, sigma: 1.0 })),
            ("sigma", Distribution::lognormal_of_median(MedianLognormal { median: 1.0, sigma: bad })),
            ("shape", Distribution::weibull(Weibull { shape: bad, scale: 1.0 })),
            ("scale", Distribution::weibull(Weibull { shape: 1.0, scale: bad })),
            ("mean", Distribution::gamma(Gamma { mean: bad, cv: 1.0 })),
            ("cv", Distribution::gamma(Gamma { mean: 1.0, cv: bad })),
            ("sd", Distribution::normal(Normal { mean: 1.0, sd: bad })),
            ("mean", Distribution::normal(Normal { mean: bad, sd: 1.0 })),
            ("mode", Distribution::beta_pert(BetaPert { min: 1.0, mode: bad, max: 2.0 })),
            ("values", Distribution::empirical(Empirical { values: &[bad], weights: None })),
            ("weights", Distribution::empirical(Empirical { values: &[1.0], weights: Some(&[bad]) })),
        ]
    }
}
