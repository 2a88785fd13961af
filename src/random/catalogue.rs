//! The distributions that a scenario may name, as used in reading, messages, the schema and the manual.

/// A distribution as a scenario writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Law {
    /// Its name: the value of `dist`.
    pub name: &'static str,
    /// The alternative sets of parameters. A scenario gives all parameters of one set, and none of another.
    pub parameters: &'static [&'static [&'static str]],
    /// Parameters that may be left out.
    pub optional: &'static [&'static str],
    /// A one-line description.
    pub words: &'static str,
}

/// All distributions, in the order in which the manual explains them.
pub const LAWS: &[Law] = &[
    law("constant", &[&["value"]], "always the same value"),
    law(
        "uniform",
        &[&["min", "max"], &["p5", "p95"]],
        "any value from min to max, all equally likely; or nine in ten from p5 to p95",
    ),
    law("triangular", &[&["min", "mode", "max"]], "rises in a straight line from min to mode, and falls to max"),
    law("exponential", &[&["mean"]], "the time to an event that is equally likely on every day"),
    law(
        "lognormal",
        &[&["mean", "cv"], &["median", "sigma"], &["p5", "p95"]],
        "skewed to the right: given by its mean and cv (sd over mean), by its median and the sd of its logarithm, or by p5 and \
         p95, between which nine in ten values lie",
    ),
    law(
        "weibull",
        &[&["shape", "scale"]],
        "a lifetime: its hazard falls if the shape is below 1, and rises if it is above 1",
    ),
    law("gamma", &[&["mean", "cv"]], "skewed to the right, with a lighter tail than lognormal; cv is sd over mean"),
    law(
        "normal",
        &[&["mean", "sd"], &["p5", "p95"]],
        "the bell curve, cut off below 0; mean and sd are those before the cut, p5 and p95 those after it",
    ),
    law("beta_pert", &[&["min", "mode", "max"]], "a smooth bell from min to max; its mean is (min + 4 mode + max) / 6"),
    Law {
        name: "empirical",
        parameters: &[&["values", "weights"]],
        optional: &["weights"],
        words: "one of the values, in proportion to their weights (equal weights by default)",
    },
];

const fn law(name: &'static str, parameters: &'static [&'static [&'static str]], words: &'static str) -> Law {
    Law { name, parameters, optional: &[], words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_every_law_has_parameters_and_words() {
        for (i, law) in LAWS.iter().enumerate() {
            assert!(LAWS[..i].iter().all(|other| other.name != law.name), "{} twice", law.name);
            assert!(!law.parameters.is_empty() && !law.words.is_empty(), "{}", law.name);
            assert!(law.parameters.iter().all(|set| !set.is_empty()), "{}", law.name);
            let known = |name| law.parameters.iter().any(|set| set.contains(name));
            assert!(law.optional.iter().all(known), "{}", law.name);
        }
    }
}
