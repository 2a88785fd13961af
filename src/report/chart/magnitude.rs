//! In which unit large amounts of money are read: thousands of dollars as millions.

/// A unit in which amounts are easy to read.
#[derive(Clone, Debug, PartialEq)]
pub struct Magnitude {
    /// What the unit is called.
    pub unit: String,
    /// What an amount is multiplied by to be read in it.
    pub factor: f64,
}

impl Magnitude {
    /// Returns the unit for amounts in this one, such as `kUSD` or `EUR per FTE-month`, the largest of which is given: in
    /// millions or billions of the currency if it is so large, otherwise as it is.
    #[must_use]
    pub fn of(unit: &str, largest: f64) -> Self {
        let (label, rest) = unit.split_once(' ').map_or((unit, ""), |(label, rest)| (label, rest));
        let as_it_is = Self { unit: unit.to_owned(), factor: 1.0 };
        let Some((currency, size)) = currency(label) else { return as_it_is };
        let (word, one) = match largest.abs() * size {
            amount if amount >= 999.5e6 => ("billion", 1e9),
            amount if amount >= 999.5e3 => ("million", 1e6),
            _ => return as_it_is,
        };
        let rest = if rest.is_empty() { String::new() } else { format!(" {rest}") };
        Self { unit: format!("{word} {currency}{rest}"), factor: size / one }
    }
}

/// The currency of a label such as `USD` or `kUSD`, and how many of it the label stands for; none if it is no currency.
fn currency(label: &str) -> Option<(&str, f64)> {
    let is_code = |code: &str| code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase()) && code != "FTE";
    let (prefix, code) = label.split_at_checked(label.len().checked_sub(3)?)?;
    let size = match prefix {
        "" => 1.0,
        "k" => 1e3,
        "M" => 1e6,
        _ => return None,
    };
    is_code(code).then_some((code, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_amounts_are_read_in_millions() {
        let of = |unit: &str, largest: f64| {
            let Magnitude { unit, factor } = Magnitude::of(unit, largest);
            format!("{unit} {factor}")
        };
        assert_eq!(of("kUSD", 17_517.0), "million USD 0.001");
        assert_eq!(of("kUSD", 592.0), "kUSD 1");
        assert_eq!(of("EUR", -2e6), "million EUR 0.000001");
        assert_eq!(of("MEUR", 4.0), "million EUR 1");
        assert_eq!(of("kUSD", 3e6), "billion USD 0.000001");
        assert_eq!(of("kUSD per FTE-month", 2000.0), "million USD per FTE-month 0.001");
        assert_eq!(of("kUSD per FTE-month", 8.0), "kUSD per FTE-month 1");
    }

    #[test]
    fn what_is_no_currency_stays_as_it_is() {
        for unit in ["", "FTE", "FTE-days", "people", "% of pay", "crowns", "ß", "äöü", "usd"] {
            assert_eq!(Magnitude::of(unit, 5e6), Magnitude { unit: unit.to_owned(), factor: 1.0 });
        }
    }
}
