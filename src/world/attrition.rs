//! Attrition: why and when people give notice, and how long they stay after it.

use crate::input::duration::{Duration, PositiveDuration};
use crate::input::number::{Days, Level, PerYear};
use crate::input::{Fields, Table};

use super::DAYS_PER_YEAR;

/// The least share of joiners who must stay for some time. Otherwise hiring and quitting could loop forever at one instant.
const LEAST_SHARE_THAT_STAYS: f64 = 1e-6;

/// `[organisation.X.attrition]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Attrition {
    /// Time from joining to giving notice, given as a distribution or as an attrition rate.
    pub tenure_days: Option<Duration>,
    /// Additional hazard of giving notice while tenure is below `early_days`.
    pub early_hazard_per_year: f64,
    /// Days of tenure during which the early hazard applies.
    pub early_days: f64,
    /// Hazard that the employer moves the person elsewhere.
    pub rotation_hazard_per_year: f64,
    /// Hazard of giving notice if all wanted output were missing. It is proportional to the missing share.
    pub burnout_hazard_per_year: f64,
    /// Time from giving notice to leaving.
    pub leave_notice_days: Duration,
    /// Factor on output during the notice period.
    pub notice_level: f64,
    /// Time from release to leaving.
    pub release_notice_days: Duration,
}

impl Table for Attrition {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let parameters = Self {
            tenure_days: tenure(fields),
            early_hazard_per_year: fields
                .optional_or(
                    "early_hazard_per_year",
                    "0",
                    "additional hazard of giving notice in the first `early_days`, per year",
                )
                .map_or(0.0, PerYear::value),
            early_days: fields
                .optional_or("early_days", "0", "days of tenure in which the early hazard applies")
                .map_or(0.0, Days::value),
            rotation_hazard_per_year: fields
                .optional_or("rotation_hazard_per_year", "0", "hazard of being moved elsewhere by the employer, per year")
                .map_or(0.0, PerYear::value),
            burnout_hazard_per_year: fields
                .optional_or(
                    "burnout_hazard_per_year",
                    "0",
                    "hazard of giving notice if all wanted output were missing, per year; proportional to the missing share",
                )
                .map_or(0.0, PerYear::value),
            leave_notice_days: fields.or("leave_notice_days", Duration::zero(), "days from giving notice to leaving"),
            notice_level: fields
                .optional_or("notice_level", "1", "factor on output while serving notice")
                .map_or(1.0, Level::value),
            release_notice_days: fields.or(
                "release_notice_days",
                Duration::zero(),
                "days from being released (when fewer people are wanted) to leaving",
            ),
        };
        let is_without_days = parameters.early_days <= 0.0 && !fields.is_wrong("early_days");
        if fields.has("early_hazard_per_year") && parameters.early_hazard_per_year > 0.0 && is_without_days {
            let help = "give `early_days`, the days of tenure in which it applies";
            fields.refuse("early_hazard_per_year", "has no effect without `early_days` above 0", Some(help.into()));
        }
        let stay = parameters.tenure_days.as_ref().map_or(1.0, |tenure| tenure.survival(0.0));
        if stay < LEAST_SHARE_THAT_STAYS {
            fields.refuse(
                "tenure_days",
                "people would quit the moment they join, again and again: expected more than 0 days",
                None,
            );
        }
        parameters
    }
}

/// Reads how long people stay: as a distribution, or as the rate that HR departments report.
fn tenure(fields: &mut Fields<'_, '_>) -> Option<Duration> {
    let law: Option<PositiveDuration> =
        fields.optional("tenure_days", "days from joining to giving notice; without it nobody quits because of tenure");
    let rate: Option<PerYear> = fields.optional(
        "attrition_per_year",
        "instead of tenure_days: leavers per year over average headcount (0.2 is 20 %), as a constant hazard; 0: nobody quits",
    );
    if fields.has("tenure_days") && fields.has("attrition_per_year") {
        let help = "keep one of the two: both say how long people stay".to_owned();
        fields.refuse("attrition_per_year", "contradicts `tenure_days`", Some(help));
    }
    law.map(|PositiveDuration(law)| law).or_else(|| Duration::exponential(DAYS_PER_YEAR / rate?.value()))
}
