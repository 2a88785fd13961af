//! Values that a program puts into a scenario.

use jiff::civil::Date;

use crate::scenario::Scenario;

use super::Error;

/// A value for a key of a scenario: a number, a text, yes or no, a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting(String);

impl Scenario {
    /// This scenario with another value of a key: a dotted path, or the tail of exactly one.
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
    /// If there is no such key, or the scenario is not valid with that value.
    pub fn with(&self, key: &str, value: impl Into<Setting>) -> Result<Self, Error> {
        Ok(self.with_overrides(&[format!("{key}={}", value.into().0)])?)
    }
}

impl From<f64> for Setting {
    fn from(value: f64) -> Self {
        // As TOML has it: 1e300 and inf are numbers there too, and 1 without a point is a whole one.
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
