//! Durations: a number of days, or `{ dist = "...", ... }` with the parameters of a distribution.

use std::fmt;
use std::ops::Deref;

use serde_json::{Map, Value as Json, json};

use crate::random::{
    BetaPert, Between, Distribution, Empirical, Gamma, LAWS, Law, Lognormal, MedianLognormal, Normal, Refusal, Triangular,
    Uniform, Weibull, written,
};

use super::diagnostic::name_help;
use super::document::{Node, Section, Tree};
use super::fields::Value;
use super::range::{LARGEST, Range};
use super::reader::Reader;

/// The values of a plain number.
const PLAIN: Range = Range::from(0.0, LARGEST);
/// The same if it must be above 0.
const POSITIVE: Range = Range::above(0.0, LARGEST);

/// A length of time in days that may vary, drawn by quantile. It also serves for any other quantity that is never negative.
#[derive(Clone, Debug, PartialEq)]
pub struct Duration(Distribution);

impl Duration {
    /// Returns a length of 0 days.
    #[must_use]
    pub fn zero() -> Self {
        Self::constant(0.0)
    }

    /// Returns a constant length.
    ///
    /// # Panics
    /// If `value` is negative or not finite.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        Self(Distribution::constant(value).expect("the value is finite and not negative"))
    }

    /// Returns the exponential distribution, whose hazard is constant. None if the mean is not finite and above 0.
    #[must_use]
    pub fn exponential(mean: f64) -> Option<Self> {
        Distribution::exponential(mean).ok().map(Self)
    }

    /// Returns a value for a uniform number, which is drawn only if the value depends on it.
    #[inline]
    #[must_use]
    pub fn draw(&self, uniform: impl FnOnce() -> f64) -> f64 {
        self.0.fixed().unwrap_or_else(|| self.0.quantile(uniform()))
    }
}

impl Deref for Duration {
    type Target = Distribution;

    fn deref(&self) -> &Distribution {
        &self.0
    }
}

/// Shows the mean. It is used for defaults, which are constants.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.mean().fmt(f)
    }
}

impl Value for Duration {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(section) = node.section() {
            return read_law(section, node, reader).map(Self);
        }
        let Some(number) = node.number() else {
            reader.expected(node, "a number, or { dist = \"...\", ... }");
            return None;
        };
        match Distribution::constant(number) {
            Ok(distribution) if PLAIN.contains(number) => Some(Self(distribution)),
            _ => {
                reader.refuse(&node.place, format!("{} is out of range: expected {PLAIN}", written(number)), None);
                None
            }
        }
    }

    fn stand_in() -> Self {
        Self::zero()
    }

    fn schema() -> Json {
        let mut alternatives = vec![PLAIN.schema()];
        alternatives.extend(LAWS.iter().flat_map(|law| law.parameters.iter().map(|parameters| law_schema(law, parameters))));
        json!({ "anyOf": alternatives })
    }
}

/// A length of time in days that may vary. A plain number of days must be above 0.
#[derive(Clone, Debug, PartialEq)]
pub struct PositiveDuration(pub Duration);

impl Value for PositiveDuration {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        if let Some(number) = node.number().filter(|number| *number <= 0.0) {
            reader.refuse(&node.place, format!("{} is out of range: expected {POSITIVE}", written(number)), None);
            return None;
        }
        Duration::read(node, reader).map(Self)
    }

    fn stand_in() -> Self {
        Self(Duration::constant(1.0))
    }

    fn schema() -> Json {
        let mut schema = Duration::schema();
        schema["anyOf"][0] = POSITIVE.schema();
        schema
    }
}

fn law_schema(law: &Law, parameters: &[&str]) -> Json {
    let mut properties = Map::new();
    properties.insert("dist".into(), json!({ "const": law.name, "description": law.words }));
    for parameter in parameters {
        let schema = if is_list(parameter) {
            json!({ "type": "array", "minItems": 1, "items": { "type": "number", "minimum": 0 } })
        } else {
            json!({ "type": "number" })
        };
        properties
            .insert((*parameter).to_owned(), with_description(schema, &format!("parameter of the law {:?}", law.name)));
    }
    let required: Vec<&str> = ["dist"].iter().chain(parameters).copied().filter(|key| !law.optional.contains(key)).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn with_description(mut schema: Json, description: &str) -> Json {
    schema["description"] = description.into();
    schema
}

fn is_list(parameter: &str) -> bool {
    matches!(parameter, "values" | "weights")
}

fn read_law(section: &Section, node: &Node, reader: &mut Reader<'_>) -> Option<Distribution> {
    let names: Vec<&str> = LAWS.iter().map(|law| law.name).collect();
    let Some(dist) = section.get("dist") else {
        let message = "no `dist` found, expected the name of a distribution";
        reader.refuse(&node.place, message, Some(format!("one of {}", names.join(", "))));
        return None;
    };
    let Tree::Text(name) = &dist.tree else {
        reader.under(".dist".into(), |reader| reader.expected(dist, "the name of a distribution"));
        return None;
    };
    let Some(law) = LAWS.iter().find(|law| law.name == name) else {
        let message = format!("there is no distribution named {name:?}");
        reader.under(".dist".into(), |reader| reader.refuse(&dist.place, message, name_help(name, &names)));
        return None;
    };
    let parameters = Parameters::read(law, section, node, reader)?;
    match parameters.distribution(law.name) {
        Ok(distribution) => {
            let excess = excess(&distribution);
            excess.is_none().then_some(distribution).or_else(|| {
                reader.refuse(&node.place, excess.unwrap_or_default(), None);
                None
            })
        }
        Err(refusal) => {
            let place = section.get(refusal.parameter).map_or(&node.place, |node| &node.place);
            reader.under(format!(".{}", refusal.parameter), |reader| reader.refuse(place, refusal.to_string(), None));
            None
        }
    }
}

/// Returns the message for a distribution that is too large or too wide for any plan, so that all arithmetic stays far from
/// infinity. None if it is not.
fn excess(distribution: &Distribution) -> Option<String> {
    let sizes = [("mean", distribution.mean()), ("standard deviation", distribution.variance().sqrt())];
    let (name, size) = sizes.into_iter().find(|(_, size)| !PLAIN.contains(*size))?;
    let size = if size.is_finite() { format!("{size:.2e}") } else { "more than any number".to_owned() };
    Some(format!("its {name} is {size}: expected at most {LARGEST:e}"))
}

/// The parameters of a distribution as given.
struct Parameters(Vec<(String, Vec<f64>)>);

impl Parameters {
    /// Reads the parameters of one of the distribution's sets, and no others.
    fn read(law: &Law, section: &Section, node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let given: Vec<&str> = section.entries.iter().map(|entry| entry.key.as_str()).filter(|key| *key != "dist").collect();
        // The intended set is the one with most of the given keys.
        let hits = |set: &&&[&str]| set.iter().filter(|key| given.contains(*key)).count();
        let set = law.parameters.iter().rev().max_by_key(hits)?;
        let mut is_complete = true;
        for missing in set.iter().filter(|key| !given.contains(*key) && !law.optional.contains(*key)) {
            let sets: Vec<String> = law.parameters.iter().map(|set| set.join(", ")).collect();
            let help = format!("{} takes {}", law.name, sets.join("; or "));
            reader.under(format!(".{missing}"), |reader| reader.refuse(&node.place, "missing, but required", Some(help)));
            is_complete = false;
        }
        let mut values = Vec::new();
        for entry in section.entries.iter().filter(|entry| entry.key != "dist") {
            let value = reader.under(format!(".{}", entry.key), |reader| {
                if set.contains(&entry.key.as_str()) {
                    return numbers(&entry.key, &entry.node, reader);
                }
                reader.refuse(&entry.place, format!("not a parameter of {:?}", law.name), name_help(&entry.key, set));
                None
            });
            is_complete &= value.is_some();
            values.push((entry.key.clone(), value.unwrap_or_default()));
        }
        is_complete.then_some(Self(values))
    }

    fn list(&self, name: &str) -> Option<&[f64]> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, values)| values.as_slice())
    }

    fn number(&self, name: &str) -> f64 {
        self.list(name).and_then(|values| values.first()).copied().unwrap_or(f64::NAN)
    }

    fn distribution(&self, law: &str) -> Result<Distribution, Refusal> {
        let number = |name| self.number(name);
        let (min, mode, max, mean) = (number("min"), number("mode"), number("max"), number("mean"));
        let has = |name| self.list(name).is_some();
        let between = || Between { p5: number("p5"), p95: number("p95") };
        match law {
            "uniform" if has("p5") => Distribution::uniform_between(between()),
            "uniform" => Distribution::uniform(Uniform { min, max }),
            "triangular" => Distribution::triangular(Triangular { min, mode, max }),
            "exponential" => Distribution::exponential(mean),
            "lognormal" if has("p5") => Distribution::lognormal_between(between()),
            "lognormal" if has("median") => {
                Distribution::lognormal_of_median(MedianLognormal { median: number("median"), sigma: number("sigma") })
            }
            "lognormal" => Distribution::lognormal(Lognormal { mean, cv: number("cv") }),
            "weibull" => Distribution::weibull(Weibull { shape: number("shape"), scale: number("scale") }),
            "gamma" => Distribution::gamma(Gamma { mean, cv: number("cv") }),
            "normal" if has("p5") => Distribution::normal_between(between()),
            "normal" => Distribution::normal(Normal { mean, sd: number("sd") }),
            "beta_pert" => Distribution::beta_pert(BetaPert { min, mode, max }),
            "empirical" => {
                let values = self.list("values").unwrap_or_default();
                Distribution::empirical(Empirical { values, weights: self.list("weights") })
            }
            _ => Distribution::constant(number("value")),
        }
    }
}

/// Returns the number of a parameter, or the numbers of a list parameter.
fn numbers(name: &str, node: &Node, reader: &mut Reader<'_>) -> Option<Vec<f64>> {
    match &node.tree {
        Tree::List(list) if is_list(name) => {
            let numbers: Vec<f64> = list.iter().filter_map(Node::number).collect();
            if numbers.len() < list.len() {
                reader.refuse(&node.place, "something other than numbers found in the list", None);
                return None;
            }
            Some(numbers)
        }
        _ if is_list(name) => {
            reader.expected(node, "a list of numbers");
            None
        }
        _ => {
            let number = node.number();
            if number.is_none() {
                reader.expected(node, "a number");
            }
            number.map(|number| vec![number])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::Names;
    use super::*;

    fn read(text: &str) -> Result<Duration, Vec<String>> {
        let text = format!("x = {text}");
        let (node, broken) = Node::parse(&text);
        assert!(broken.is_empty(), "{broken:?}");
        let names = Names::default();
        let mut reader = Reader::new(&names);
        let value = Duration::read(node.section().unwrap().get("x").unwrap(), &mut reader);
        let found = reader.finish();
        value.ok_or_else(|| {
            found.iter().map(|found| format!("{} {}", found.title(), found.help.clone().unwrap_or_default())).collect()
        })
    }

    #[test]
    fn every_distribution_can_be_read_with_each_of_its_parameter_sets() {
        for law in LAWS {
            for set in law.parameters {
                let value = |key: &&str| match *key {
                    "min" => "min = 1".to_owned(),
                    "values" | "weights" => format!("{key} = [1, 2.5]"),
                    key => format!("{key} = 2"),
                };
                let keys: Vec<String> = set.iter().map(value).collect();
                let text = format!("{{ dist = {:?}, {} }}", law.name, keys.join(", "));
                assert!(read(&text).is_ok(), "{text}: {:?}", read(&text));
            }
        }
    }

    #[test]
    fn mistakes_name_the_parameter_and_the_remedy() {
        let cases = [
            ("-1", "-1 is out of range: expected 0 or more"),
            ("nan", "is out of range"),
            ("\"30\"", "the text \"30\" found, expected a number, or { dist"),
            ("{ mean = 3 }", "no `dist` found"),
            ("{ dist = \"lognorm\", mean = 3, cv = 1 }", "did you mean `lognormal`?"),
            ("{ dist = \"lognormal\", mean = 3 }", "cv`: missing"),
            ("{ dist = \"lognormal\", mean = 3, sigma = 1, cv = 2 }", "sigma`: not a parameter of \"lognormal\""),
            ("{ dist = \"exponential\", mean = -3 }", "mean`: -3 is not a mean: expected a number above 0"),
            ("{ dist = \"uniform\", min = 3, max = 2 }", "max`: 2 is not a max"),
            ("{ dist = \"empirical\", values = [] }", "values`"),
            ("{ dist = \"empirical\", values = [1, \"a\"] }", "something other than numbers"),
            ("{ dist = 3 }", "expected the name of a distribution"),
        ];
        for (text, expected) in cases {
            let found = read(text).unwrap_err();
            assert!(found.iter().any(|found| found.contains(expected)), "{text}: {found:?}");
        }
    }
}
