//! Phrases for all parts of the description: numbers, percents, durations and steps as a planner reads them.

use crate::input::duration::Duration;
use crate::input::steps::Steps;
use crate::maths::{exp, exp_m1};
use crate::report::number::percent as in_percent;
use crate::world::DAYS_PER_YEAR;

/// Numbers beyond this are not written in full.
const IN_FULL: f64 = 1e15;

/// Returns a number in full, with commas between thousands. An enormous one, or one that is not known, is in words.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() {
        return "not defined".to_owned();
    }
    if value.abs() > IN_FULL {
        return if value > 0.0 { format!("more than {IN_FULL:e}") } else { format!("less than -{IN_FULL:e}") };
    }
    let plain = value.to_string();
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = sign.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// Returns a share in percent, as given.
pub(super) fn percent(share: f64) -> String {
    format!("{} %", number(in_percent(share)))
}

/// Returns a computed share in percent, rounded to a tenth.
pub(super) fn about_percent(share: f64) -> String {
    let tenths = (1000.0 * share).round() / 10.0;
    if tenths.abs() < 0.1 && share != 0.0 { "less than 0.1 %".to_owned() } else { format!("{} %", number(tenths + 0.0)) }
}

/// Returns the share of people whom a hazard strikes within `days` days, if nothing else does.
pub(super) fn struck(hazard_per_year: f64, days: f64) -> f64 {
    1.0 - exp(-hazard_per_year * days / DAYS_PER_YEAR)
}

/// Returns a drift in words, as the growth of a mean within a year.
pub(super) fn growth(drift: f64) -> String {
    let change = exp_m1(drift);
    if change < 0.0 { format!("falls by {}", about_percent(-change)) } else { format!("rises by {}", about_percent(change)) }
}

/// Returns a duration in words, with its mean and its middle 90 %.
pub(super) fn days(duration: &Duration) -> String {
    spread(duration, "days")
}

/// Returns a quantity that may vary, in some unit.
pub(super) fn spread(quantity: &Duration, unit: &str) -> String {
    let (low, mean, high) = (quantity.quantile(0.05), quantity.mean(), quantity.quantile(0.95));
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    if high - low <= 1e-9 && quantity.maximum() - low <= 1e-9 {
        format!("{}{unit}", number(mean))
    } else {
        format!("{}{unit} on average (nine in ten: {} to {})", round(mean), round(low), round(high))
    }
}

/// Returns a duration between an event and its consequence.
pub(super) fn after(duration: &Duration) -> String {
    if duration.maximum() > 0.0 { format!("{} after", days(duration)) } else { "as soon as".to_owned() }
}

/// Returns a computed number with as many digits as a reader needs.
pub(super) fn round(value: f64) -> String {
    let digits = if value.abs() >= 100.0 {
        1.0
    } else if value.abs() >= 3.0 {
        10.0
    } else {
        100.0
    };
    number((digits * value).round() / digits + 0.0)
}

/// Returns a number of months, to the hundredth: a date may lie anywhere between two month ends.
pub(super) fn short(month: f64) -> String {
    number((100.0 * month).round() / 100.0)
}

/// Returns things in a row: `a, b and c`.
pub(super) fn row(things: &[impl AsRef<str>]) -> String {
    let things: Vec<&str> = things.iter().map(AsRef::as_ref).collect();
    match things.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Returns a quantity in steps: `2, then 6 from month 6`.
pub(super) fn steps<T: Copy>(steps: &Steps<T>, say: impl Fn(T) -> String) -> String {
    in_steps(&steps.iter().map(|(from, value)| (from.month, say(value))).collect::<Vec<_>>())
}

/// Returns the same from months and the values from each of them on.
pub(super) fn in_steps(steps: &[(f64, String)]) -> String {
    let mut text = String::new();
    for (index, (month, value)) in steps.iter().enumerate() {
        match (index, *month > 0.0) {
            (0, false) => text += value,
            (0, true) => text += &format!("nothing until month {}, then {value}", short(*month)),
            _ => text += &format!(", {value} from month {}", short(*month)),
        }
    }
    text
}

/// Returns the title of an organisation or strategy as it stands behind its name.
pub(super) fn titled(title: Option<&str>) -> String {
    title.map_or_else(String::new, |title| format!(" ({title})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_in_full() {
        assert_eq!([1234.5, -0.094, 17_000.0, 1e6].map(number), ["1,234.5", "-0.094", "17,000", "1,000,000"]);
        assert_eq!([0.15, 0.07, 1.0].map(percent), ["15 %", "7 %", "100 %"]);
        assert_eq!([0.0, 0.0001, 0.1812].map(about_percent), ["0 %", "less than 0.1 %", "18.1 %"]);
    }

    #[test]
    fn a_row_has_its_and_before_the_last() {
        assert_eq!(row(&["a"]), "a");
        assert_eq!(row(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn steps_say_what_holds_before_the_first() {
        let told = in_steps(&[(3.0, "5".to_owned()), (9.5, "20".to_owned())]);
        assert_eq!(told, "nothing until month 3, then 5, 20 from month 9.5");
    }
}
