//! Values that a program sets in a scenario.

use jiff::civil::Date;

use crate::scenario::Scenario;

use super::Error;

/// A value for a key of a scenario: a number, a text, a boolean or a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting(String);

impl Scenario {
    /// Returns this scenario with another value for a key: a dotted path, or its unique tail.
    ///
    /// ```
    /// # let text = include_str!("../../scenarios/sixty_engineers.toml");
    /// # let scenario = handover::Scenario::parse(text, &[])?;
    /// let larger = scenario.with("vendor.hiring.staff.recruiters.count", 9)?.with("acceptance_by_role.lead", 0.9)?;
    /// assert_ne!(larger.sha256(), scenario.sha256());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Fails if there is no such key, or the scenario is not valid with that value.
    pub fn with(&self, key: &str, value: impl Into<Setting>) -> Result<Self, Error> {
        Ok(self.with_overrides(&[format!("{key}={}", value.into().0)])?)
    }
}

impl From<f64> for Setting {
    fn from(value: f64) -> Self {
        // TOML accepts 1e300 and inf as numbers too. Without a decimal point, 1 is an integer.
        Self(if value.is_nan() { "nan".to_owned() } else { format!("{value:?}") })
    }
}

macro_rules! plain {
    ($($type:ty),*) => {
        $(impl From<$type> for Setting {
            fn from(value: $type) -> Self {
                Self(value.to_string())
            }
        })*
    };
}

plain!(i32, u32, i64, bool, Date);

impl From<&str> for Setting {
    fn from(value: &str) -> Self {
        Self(toml_edit::Value::from(value).to_string())
    }
}

impl From<String> for Setting {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}
