//! The decisions under study, in words: each factor with its levels and the current value of the plan.

use crate::input::Node;
use crate::input::decimal::Decimal;
use crate::input::document::shortened;

use super::Words;
use super::phrases::row;
use crate::scenario::paths;

/// The most levels that are listed one by one.
const LISTED_AT_MOST: usize = 6;

impl Words<'_> {
    /// Describes the factors of the scenario, if it has any.
    pub(super) fn decisions(&mut self) {
        if self.scenario.factors.is_empty() {
            return;
        }
        self.say(0, "decisions");
        for factor in &self.scenario.factors {
            let key = |key: &String| paths::parts(key).and_then(|path| paths::at(self.resolved, &path));
            let now: Vec<String> = factor.keys.iter().map(|name| now(key(name), self.scenario.text())).collect();
            let is_one = now.windows(2).all(|pair| pair[0] == pair[1]);
            let now = if is_one { now.first().cloned().unwrap_or_default() } else { row(&now) };
            self.say(1, format!("{}: {} (now {now})", factor.name, levels(&factor.levels)));
            self.say(2, format!("sets {}", row(&factor.keys)));
            for (key, values) in &factor.also {
                self.say(2, format!("also sets {key}: {}", levels_in_order(values)));
            }
        }
    }
}

/// Returns the value of a key in the scenario.
fn now(node: Option<&Node>, text: &str) -> String {
    node.map_or_else(|| "the default".to_owned(), |node| shortened(&node.typed(text)))
}

/// Returns levels as text: `2 to 10`, `0.6 to 0.9 in steps of 0.1`, or one by one.
fn levels(levels: &[String]) -> String {
    let numbers: Option<Vec<Decimal>> = levels.iter().map(|level| Decimal::parse(level)).collect();
    let ends = numbers.as_ref().filter(|numbers| numbers.len() > 2).and_then(|numbers| {
        let (from, to) = (*numbers.first()?, *numbers.last()?);
        let step = numbers[1].minus(from);
        let is_even = Decimal::steps(from, to, step, numbers.len()).is_ok_and(|steps| steps == *numbers);
        is_even.then(|| (from, to, step.to_string()))
    });
    match ends {
        Some((from, to, step)) if step == "1" => format!("{from} to {to}"),
        Some((from, to, step)) => format!("{from} to {to} in steps of {step}"),
        None => levels_in_order(levels),
    }
}

fn levels_in_order(levels: &[String]) -> String {
    let listed: Vec<String> = levels.iter().take(LISTED_AT_MOST).map(|level| shortened(level)).collect();
    let more = levels.len() - listed.len();
    if more > 0 { format!("{} and {more} more", listed.join(", ")) } else { row(&listed) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_described_briefly() {
        let told = |levels_: &str| levels(&levels_.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(told("2 3 4 5"), "2 to 5");
        assert_eq!(told("0.6 0.65 0.70"), "0.6 to 0.7 in steps of 0.05");
        assert_eq!(told("9 7 5"), "9 to 5 in steps of -2");
        assert_eq!(told("13 19 24"), "13, 19 and 24");
        assert_eq!(told("1 2"), "1 and 2");
        assert_eq!(told("'a' 'b' 'c' 'd' 'e' 'f' 'g' 'h'"), "'a', 'b', 'c', 'd', 'e', 'f' and 2 more");
    }
}
