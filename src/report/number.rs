//! Numbers as text: exact for machines, readable for people.

use std::fmt::Write as _;

/// Below 2^53, every whole number is exact as a double.
const WHOLE_BELOW: f64 = 9_007_199_254_740_992.0;

/// Returns the shortest text that reads back as the same double; empty for `NaN`.
pub fn exact(value: f64) -> String {
    let mut text = String::new();
    write_exact(value, &mut text);
    text
}

/// Appends [`exact`] to `into`, without allocating.
pub fn write_exact(value: f64, into: &mut String) {
    if value.is_nan() {
        return;
    }
    if value.fract() == 0.0 && value.abs() < WHOLE_BELOW {
        let sign = if value.is_sign_negative() { "-" } else { "" };
        write!(into, "{sign}{}", value.abs() as u64).expect("a String takes all text");
    } else {
        into.push_str(ryu::Buffer::new().format(value));
    }
}

/// Returns `value` with four significant digits, whole numbers in full, and commas between thousands; `NaN` as a dash, and
/// infinity in words.
pub fn readable(value: f64) -> String {
    if !value.is_finite() {
        return unusual(value);
    }
    let exponent = exponent(value);
    if value.fract() == 0.0 && exponent < 15 {
        return fixed(value, 0);
    }
    if !(-4..15).contains(&exponent) {
        return scientific(value);
    }
    trimmed(fixed(value, decimals_for(exponent)))
}

/// Returns `value` in three significant digits, or without decimals if it is large.
pub fn three_digits(value: f64) -> String {
    if value.abs() >= 1000.0 { readable(value.round()) } else { readable(format!("{value:.2e}").parse().unwrap_or(value)) }
}

/// The mark of an interval that is corrected for skewness.
pub const CORRECTED: &str = "≈";

/// Returns the limits of an interval that is corrected for skewness, with its mark: `12.1 to 17.9 ≈`.
pub fn corrected_range(low: f64, high: f64) -> String {
    let [low, high] = [low, high].map(|end| readable_within(end, (high - low) / 2.0, 4));
    format!("{low} to {high} {CORRECTED}")
}

/// Returns a share in per cent, without the digits that multiplying by 100 adds.
pub fn percent(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

/// Returns bytes as hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns a share in per cent, to a tenth, or finer where that would read as 0 or 100.
pub fn short_percent(share: f64) -> String {
    let percent = 100.0 * share;
    let is_rough = !(1.0..=99.0).contains(&percent) || percent.fract() < 1e-9;
    let shown =
        if is_rough { readable((percent * 100.0).round() / 100.0) } else { readable((percent * 10.0).round() / 10.0) };
    format!("{shown} %")
}

/// Returns a range of shares in per cent: `0 to 0.1 %`.
pub fn percent_range(low: f64, high: f64) -> String {
    let low = short_percent(low);
    format!("{} to {}", low.trim_end_matches(" %"), short_percent(high))
}

/// Returns `value` with no more digits than an interval of this half-width bears: two digits of the half-width, and at
/// most this many of the value.
pub fn readable_within(value: f64, half_width: f64, digits: i32) -> String {
    let is_known = value.is_finite() && half_width.is_finite() && half_width > 0.0;
    let last = exponent(half_width).saturating_sub(1).max(exponent(value) - (digits - 1));
    if !is_known || value == 0.0 || exponent(value) >= 15 || !(-12..15).contains(&last) {
        return readable(value);
    }
    let unit: f64 = format!("1e{last}").parse().unwrap_or(1.0);
    fixed((value / unit).round() * unit, usize::try_from(-last).unwrap_or(0))
}

/// Returns a share in per cent with no more digits than an interval of this half-width bears: whole per cents, or
/// tenths. A possible event never reads as 0 %, and an uncertain one never as 100 %.
pub fn percent_within(share: f64, half_width: f64) -> String {
    let percent = 100.0 * share;
    let is_possible = share > 0.0 && share < 1.0;
    if !share.is_finite() || half_width.is_nan() {
        return short_percent(share);
    }
    let (unit, decimals) = if half_width < 0.005 { (0.1, 1) } else { (1.0, 0) };
    let rounded = (percent / unit).round() * unit;
    if is_possible && rounded < unit / 2.0 {
        return format!("<{unit} %");
    }
    if is_possible && rounded > 100.0 - unit / 2.0 {
        return format!(">{} %", fixed(100.0 - unit, decimals));
    }
    format!("{} %", trimmed(fixed(rounded, decimals)))
}

/// Returns the numbers of one column, readable, with the same number of decimals where that hides nothing.
pub fn readable_column(values: &[f64]) -> Vec<String> {
    match common_decimals(values) {
        Some(decimals) => {
            values.iter().map(|value| if value.is_finite() { fixed(*value, decimals) } else { unusual(*value) }).collect()
        }
        None => values.iter().map(|value| readable(*value)).collect(),
    }
}

/// Returns `value` with this many decimals, and commas between thousands.
pub(super) fn fixed(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_at(plain.find('.').unwrap_or(plain.len()));
    let is_zero = plain.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let mut text = String::from(if value < 0.0 && !is_zero { "-" } else { "" });
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// Returns the power of ten of the first of four significant digits.
pub(super) fn exponent(value: f64) -> i32 {
    let text = format!("{value:.3e}");
    text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

fn decimals_for(exponent: i32) -> usize {
    usize::try_from(3 - exponent).unwrap_or(0)
}

fn unusual(value: f64) -> String {
    if value.is_nan() {
        "–".to_string()
    } else if value > 0.0 {
        "beyond all numbers".to_string()
    } else {
        "below all numbers".to_string()
    }
}

fn scientific(value: f64) -> String {
    let text = format!("{value:.3e}");
    match text.split_once('e') {
        Some((digits, exponent)) => format!("{}e{exponent}", trimmed(digits.to_string())),
        None => text,
    }
}

fn trimmed(mut text: String) -> String {
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    text
}

/// Returns the decimals that give the largest number four significant digits, if the smallest then still has two.
fn common_decimals(values: &[f64]) -> Option<usize> {
    let sizes = || values.iter().map(|value| value.abs()).filter(|value| value.is_finite() && *value > 0.0);
    let largest = sizes().fold(0.0, f64::max);
    if largest >= 1e15 {
        return None;
    }
    if sizes().all(|value| value.fract() == 0.0) {
        return Some(0);
    }
    let decimals = decimals_for(exponent(largest));
    let smallest = exponent(sizes().fold(f64::INFINITY, f64::min));
    let shown = smallest + i32::try_from(decimals).unwrap_or(i32::MAX);
    if decimals > 7 || shown < 1 {
        return None;
    }
    let needed = |value: f64| trimmed(format!("{value:.decimals$}")).split_once('.').map_or(0, |(_, digits)| digits.len());
    sizes().map(needed).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_short() {
        assert_eq!(
            [0.0, 0.123_456, 0.5, 0.000_123, 0.9999, 1.0].map(short_percent),
            ["0 %", "12.3 %", "50 %", "0.01 %", "99.99 %", "100 %"]
        );
    }

    #[test]
    fn digits_end_where_the_interval_does() {
        let cases = [(15_156.3, 400.0), (8.0421, 0.0634), (1_234_567.0, 12.0), (0.1234, 0.5), (12.0, 0.0), (99.97, 0.9)];
        assert_eq!(
            cases.map(|(value, half_width)| readable_within(value, half_width, 4)),
            ["15,160", "8.042", "1,235,000", "0.12", "12", "99.97"]
        );
        let cases = [(0.788, 0.04), (0.9925, 0.0017), (0.0, 0.01), (0.001, 0.02), (0.999, 0.02), (1.0, 0.02)];
        assert_eq!(
            cases.map(|(share, half_width)| percent_within(share, half_width)),
            ["79 %", "99.3 %", "0 %", "<1 %", ">99 %", "100 %"]
        );
    }

    #[test]
    fn percents_have_no_digits_of_rounding() {
        assert_eq!([0.55, 0.57, 0.29, 0.125, 1.0].map(|share| exact(percent(share))), ["55", "57", "29", "12.5", "100"]);
    }
    use proptest::prelude::*;

    #[test]
    fn exact_numbers_are_short() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "-0"),
            (42.0, "42"),
            (-17.0, "-17"),
            (0.1, "0.1"),
            (1234567.5, "1234567.5"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1e16, "1e16"),
            (1e-7, "1e-7"),
            (f64::NAN, ""),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(exact(value), text);
        }
    }

    #[test]
    fn readable_numbers_have_four_digits() {
        for (value, text) in [
            (0.0, "0"),
            (12.0, "12"),
            (1_234_567.0, "1,234,567"),
            (1234.56, "1,235"),
            (38.2471, "38.25"),
            (-0.5, "-0.5"),
            (0.012_345, "0.01235"),
            (0.000_012_345, "1.234e-5"),
            (2.5e18, "2.5e18"),
            (999.96, "1,000"),
            (-0.0, "0"),
            (f64::NAN, "–"),
            (f64::NEG_INFINITY, "below all numbers"),
            (f64::INFINITY, "beyond all numbers"),
            (1e300, "1e300"),
        ] {
            assert_eq!(readable(value), text, "{value}");
        }
    }

    #[test]
    fn a_column_shares_its_decimals_unless_that_hides_something() {
        assert_eq!(readable_column(&[38.24, 2.5, f64::NAN]), ["38.24", "2.50", "–"]);
        assert_eq!(readable_column(&[1_200_000.0, 3.0]), ["1,200,000", "3"]);
        assert_eq!(readable_column(&[1_200_000.5, 0.25]), ["1,200,000", "0.25"]);
        assert_eq!(readable_column(&[0.5, 0.25]), ["0.50", "0.25"]);
        assert!(readable_column(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn exact_reads_back_as_the_same_double(bits in any::<u64>()) {
            let value = f64::from_bits(bits);
            prop_assume!(!value.is_nan());
            prop_assert_eq!(exact(value).parse::<f64>().map(f64::to_bits), Ok(bits));
        }

        #[test]
        fn exact_whole_numbers_read_back(value in -9_100_000_000_000_000_i64..9_100_000_000_000_000) {
            let value = value as f64;
            prop_assert_eq!(exact(value).parse::<f64>().map(f64::to_bits), Ok(value.to_bits()));
        }

        #[test]
        fn readable_never_panics_and_is_near(value in any::<f64>()) {
            let text = readable(value).replace(',', "");
            prop_assert!(text.chars().filter(char::is_ascii_digit).count() <= 15, "{}", text);
            prop_assert!(!["inf", "NaN", "∞"].iter().any(|word| text.contains(word)), "{}", text);
            if value.is_finite() {
                let back: f64 = text.parse().expect("a number");
                prop_assert!((back - value).abs() <= value.abs() * 0.000_501, "{value} shown as {text}");
            }
        }
    }
}
