//! What charts find: titles made of the results, with no more digits than these bear.

use crate::report::chart::Magnitude;
use crate::report::number::{percent_within, readable_within};

use super::super::estimates::{Estimate, Probability, Results};
use super::super::statement::list;
use crate::report::dates::date_of;

/// Letters that have room on two lines.
const MOST_LETTERS: usize = 150;
/// From this many strategies on, they are not named one by one if there is another way.
const MANY: usize = 3;
/// Differences in time are in months from here on.
const MONTHS_FROM_DAYS: f64 = 61.0;
const DAYS_PER_MONTH: f64 = 365.0 / 12.0;

/// Returns the first title that has room on two lines; the plain one, if none has.
pub(super) fn title(findings: impl IntoIterator<Item = Option<String>>, plain: &str) -> String {
    let fitting = |finding: &String| finding.chars().count() <= MOST_LETTERS;
    findings.into_iter().flatten().find(fitting).unwrap_or_else(|| plain.to_owned())
}

/// The strategies simulated.
pub(super) fn all(results: &Results) -> std::ops::Range<usize> {
    0..results.study.settings.strategies.len()
}

/// Returns what some strategies are called, as a sentence lists them; all of several are `both` or `all three`.
pub(super) fn names(results: &Results, strategies: &[usize]) -> String {
    let titles: Vec<&str> = strategies.iter().map(|&strategy| results.study.title(strategy)).collect();
    if strategies.len() < all(results).len() || strategies.len() < 2 {
        list(&titles)
    } else {
        everyone(results).to_lowercase()
    }
}

/// Returns a name with what belongs to it following.
pub(super) fn possessive(name: &str) -> String {
    if name.ends_with('s') { format!("{name}'") } else { format!("{name}'s") }
}

/// Returns the only strategy, or that all are meant, at the beginning of a sentence.
pub(super) fn everyone(results: &Results) -> String {
    match all(results).len() {
        1 => results.study.title(0).to_owned(),
        2 => "Both strategies".to_owned(),
        3 => "All three strategies".to_owned(),
        count => format!("All {count} strategies"),
    }
}

/// A value of each strategy in words, equal ones grouped.
pub(super) struct Values<'r> {
    results: &'r Results,
    groups: Vec<Group>,
    /// Follows the first value.
    unit: String,
}

/// Strategies with the same words.
struct Group {
    value: f64,
    text: String,
    strategies: Vec<usize>,
}

impl<'r> Values<'r> {
    /// Groups the strategies by their words, given with the value that they state; `None` leaves a strategy out.
    pub(super) fn of(results: &'r Results, said: impl Fn(usize) -> Option<(f64, String)>) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (strategy, (value, text)) in all(results).filter_map(|strategy| Some((strategy, said(strategy)?))) {
            match groups.iter_mut().find(|group| group.text == text) {
                Some(group) => group.strategies.push(strategy),
                None => groups.push(Group { value, text, strategies: vec![strategy] }),
            }
        }
        Self { results, groups, unit: String::new() }
    }

    /// Amounts of money.
    pub(super) fn money(results: &'r Results, amount: impl Fn(usize) -> Option<f64>) -> Self {
        let known = |strategy: usize| amount(strategy).filter(|amount| amount.is_finite());
        let largest = all(results).filter_map(known).map(f64::abs).fold(0.0, f64::max);
        let reading = Magnitude::of(&results.study.scenario.world.currency, largest);
        let said =
            |strategy: usize| known(strategy).map(|amount| (amount, amount_in(results, &reading, (amount, f64::NAN))));
        Self { unit: format!(" {}", reading.unit), ..Self::of(results, said) }
    }

    /// Shares of the simulations.
    pub(super) fn shares(results: &'r Results, met: impl Fn(usize) -> Probability) -> Self {
        let said = |strategy: usize| Some(met(strategy)).map(|met| (met.share, share(&met)));
        Self { unit: " of simulations".to_owned(), ..Self::of(results, said) }
    }

    /// Returns all values: `Jun 2028 with BOT, Mar 2029 with Own centre`; of one strategy the words alone.
    pub(super) fn full(&self) -> Option<String> {
        if let [one, other] = &self.groups[..]
            && one.strategies.len().max(other.strategies.len()) >= MANY
        {
            let (few, many) = if one.strategies.len() < other.strategies.len() { (one, other) } else { (other, one) };
            let few = self.with(few, &names(self.results, &few.strategies), true);
            return Some(format!("{few}, {}", self.with(many, "the others", false)));
        }
        let words = (0..)
            .zip(&self.groups)
            .map(|(index, group)| self.with(group, &names(self.results, &group.strategies), index == 0));
        (!self.groups.is_empty()).then(|| words.collect::<Vec<_>>().join(", "))
    }

    /// Returns the least and the greatest value, if they differ: `3 days with BOT to 7 with Own centre`.
    fn range(&self) -> Option<String> {
        let by_value = |one: &&Group, other: &&Group| one.value.total_cmp(&other.value);
        let (least, most) = (self.groups.iter().min_by(by_value)?, self.groups.iter().max_by(by_value)?);
        let names = |group: &Group| match group.strategies.len() {
            count if count < MANY => names(self.results, &group.strategies),
            count => format!("{} and {} others", self.results.study.title(group.strategies[0]), count - 1),
        };
        let words = || format!("{} to {}", self.with(least, &names(least), true), self.with(most, &names(most), false));
        (self.groups.len() > 1).then(words)
    }

    /// Returns the words of a group of this name, with the unit if it is the first.
    fn with(&self, group: &Group, name: &str, is_first: bool) -> String {
        let unit = if is_first { self.unit.as_str() } else { "" };
        if all(self.results).len() < 2 {
            format!("{}{unit}", group.text)
        } else {
            format!("{}{unit} with {name}", group.text)
        }
    }

    /// Returns a sentence with all values, and one with the least and the greatest.
    pub(super) fn say(&self, sentence: impl Fn(&str) -> String) -> [Option<String>; 2] {
        [self.full(), self.range()].map(|told| told.map(|told| sentence(&told)))
    }
}

/// Returns a number with at most three digits, and no more than an interval of this half-width bears.
pub(super) fn short(value: f64, half_width: f64) -> String {
    let text = readable_within(value, (0.1 * value.abs()).max(half_width), 3);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Half of a confidence interval.
pub(super) fn half_width(estimate: &Estimate) -> f64 {
    (estimate.high - estimate.low) / 2.0
}

/// Returns an amount of money with its unit.
pub(super) fn money(results: &Results, amount: f64, half_width: f64) -> String {
    let reading = Magnitude::of(&results.study.scenario.world.currency, amount);
    format!("{} {}", amount_in(results, &reading, (amount, half_width)), reading.unit)
}

/// An amount in a unit. Of millions, tenths are enough.
fn amount_in(results: &Results, Magnitude { unit, factor }: &Magnitude, (amount, half_width): (f64, f64)) -> String {
    if *unit == results.study.scenario.world.currency {
        return short(amount, half_width);
    }
    readable_within(factor * amount, (0.1 * (factor * amount).abs()).max(1.0).max(factor * half_width), 3)
}

/// Returns a length of time: in months if it is long.
pub(super) fn time(days: f64, half_width: f64) -> String {
    let (amount, half_width, unit) = if days.abs() >= MONTHS_FROM_DAYS {
        (days / DAYS_PER_MONTH, half_width / DAYS_PER_MONTH, "month")
    } else {
        (days, half_width, "day")
    };
    // Tenths of months and days are more than anybody plans with.
    let amount = short(amount.abs().round(), half_width);
    format!("{amount} {unit}{}", if amount == "1" { "" } else { "s" })
}

/// Returns the month of a day: `Jun 2028`.
pub(super) fn month(results: &Results, day: f64) -> String {
    date_of(results.study.scenario.start(), day).strftime("%b %Y").to_string()
}

/// Returns a probability in percent.
pub(super) fn share(met: &Probability) -> String {
    percent_within(met.share, (met.high - met.low) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_fit_on_two_lines() {
        let long = "word ".repeat(40);
        assert_eq!(title([Some(long), Some("short".into())], "plain"), "short");
        assert_eq!(title([None], "plain"), "plain");
    }

    #[test]
    fn numbers_are_short_and_no_surer_than_their_intervals() {
        assert_eq!(short(15_489.3, 12.0), "15,500");
        assert_eq!(short(3.0532, 0.02), "3.05");
        assert_eq!(short(3.1, 0.02), "3.1");
        assert_eq!(short(48.27, 3.4), "48.3");
        assert_eq!(short(48.27, 34.0), "48");
        assert_eq!(short(12.0, f64::NAN), "12");
        assert_eq!(
            (time(308.9, 12.4).as_str(), time(-1.2, 0.5).as_str(), time(31.0, 0.5).as_str()),
            ("10 months", "1 day", "31 days")
        );
    }

    #[test]
    fn names_take_what_belongs_to_them() {
        assert_eq!((possessive("BOT").as_str(), possessive("vendors").as_str()), ("BOT's", "vendors'"));
    }
}
