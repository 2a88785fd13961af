//! Transfers: when control and people go over, to whom, in which waves, and what breaks.

use serde_json::{Value as Json, json};

use crate::input::duration::Duration;
use crate::input::number::{Days, Level, Months, PerYear, Probability};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

use super::ids::OrganisationId;
use super::role::ByRole;

/// Months before the transfer at which its receiver starts to set up, where nothing else is said.
const USUAL_PREPARATION_MONTHS: f64 = 6.0;
/// Most waves that a transfer may have.
const WAVES_AT_MOST: usize = 1000;
/// Shares of waves add up to 1 within this.
const SUM_TOLERANCE: f64 = 1e-9;

/// Whose pipeline serves after the first wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiringAfter {
    /// The receiver's.
    Receiver,
    /// The sender's, as before.
    Sender,
}

/// `[[strategy.Y.transfer]]`.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// The receiver.
    pub to: OrganisationId,
    /// The month at which the first wave falls due.
    pub month: f64,
    /// The month at which the receiver starts to set up.
    pub prepare_month: f64,
    /// Shares of the people staying at the first wave that each wave reaches.
    pub waves: Vec<f64>,
    /// Days from one wave to the next.
    pub wave_gap_days: f64,
    /// Probability that somebody accepts the offer.
    pub acceptance: f64,
    /// The same for some roles.
    pub acceptance_by_role: ByRole<Probability>,
    /// Days for which somebody who refuses stays on.
    pub refuser_stays_days: Duration,
    /// Additional hazard of leaving after accepting.
    pub shock_hazard_per_year: f64,
    /// Days for which it applies.
    pub shock_days: f64,
    /// Factor on the output of accepters.
    pub disruption: f64,
    /// Days for which it applies.
    pub disruption_days: f64,
    /// Whose pipeline serves after the first wave.
    pub hiring_after: HiringAfter,
}

impl Table for Transfer {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        fields.not_yet(&["ready", "exercise", "if_not_ready"]);
        // A transfer that is triggered otherwise, which is refused, needs no month.
        let help = "month at which control and people go over";
        let month: Months = if fields.has("ready") {
            fields.optional("month", help).unwrap_or_else(Months::stand_in)
        } else {
            fields.required("month", help)
        };
        let month = month.value();
        let parameters = Self {
            to: fields.required("to", "the organisation that takes over"),
            month,
            prepare_month: fields
                .optional_or("prepare_month", "6 months before, at least 0", "month at which the receiver starts to set up")
                .map_or((month - USUAL_PREPARATION_MONTHS).max(0.0), Months::value),
            waves: fields
                .optional_or("waves", "[1]", "shares of the staying people that go over in each wave, longest tenure first")
                .map_or(vec![1.0], |Waves(waves)| waves),
            wave_gap_days: fields
                .optional_or("wave_gap_days", "0", "days from one wave to the next")
                .map_or(0.0, Days::value),
            acceptance: fields
                .optional_or("acceptance", "1", "probability that somebody accepts to go over")
                .map_or(1.0, Probability::value),
            acceptance_by_role: fields
                .optional_or(
                    "acceptance_by_role",
                    "acceptance for every role",
                    "probability that somebody of a role accepts to go over",
                )
                .unwrap_or_default(),
            refuser_stays_days: fields.or(
                "refuser_stays_days",
                Duration::zero(),
                "days for which somebody who refuses stays on",
            ),
            shock_hazard_per_year: fields
                .optional_or("shock_hazard_per_year", "0", "additional hazard of giving notice after accepting, per year")
                .map_or(0.0, PerYear::value),
            shock_days: fields
                .optional_or("shock_days", "0", "days after accepting for which that hazard applies")
                .map_or(0.0, Days::value),
            disruption: fields
                .optional_or("disruption", "1", "factor on the output of those who have accepted")
                .map_or(1.0, Level::value),
            disruption_days: fields
                .optional_or("disruption_days", "0", "days after accepting for which that factor applies")
                .map_or(0.0, Days::value),
            hiring_after: fields
                .optional_or(
                    "hiring_after",
                    "\"receiver\"",
                    "whose pipeline serves after the first wave: \"receiver\" or \"sender\"",
                )
                .unwrap_or(HiringAfter::Receiver),
        };
        parameters.refuse_contradictions(fields);
        parameters
    }
}

impl Transfer {
    #[expect(clippy::float_cmp, reason = "1 is given, not computed")]
    fn refuse_contradictions(&self, fields: &mut Fields<'_, '_>) {
        let mut need = |key: &'static str, with: &'static str, has_effect: bool, days: f64| {
            if has_effect && days <= 0.0 {
                let help = format!("give `{with}`, the days for which it applies");
                fields.refuse(key, format!("has no effect without `{with}` above 0"), Some(help));
            }
        };
        need("shock_hazard_per_year", "shock_days", self.shock_hazard_per_year > 0.0, self.shock_days);
        need("disruption", "disruption_days", self.disruption != 1.0, self.disruption_days);
    }

    /// How many of `people` all waves up to this one (from 0) reach, rounded half up.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a headcount"
    )]
    #[must_use]
    pub fn reach(&self, wave: usize, people: usize) -> usize {
        let share: f64 = self.waves[..=wave].iter().sum();
        // 0.7 + 0.2 falls a hair short of 0.9.
        ((people as f64 * share + 0.5 + SUM_TOLERANCE).floor() as usize).min(people)
    }
}

/// Shares of waves: at least one, and 1 in all.
struct Waves(Vec<f64>);

impl Value for Waves {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let waves: Vec<f64> = Vec::<Probability>::read(node, reader)?.into_iter().map(Probability::value).collect();
        let sum: f64 = waves.iter().sum();
        if waves.is_empty() || waves.len() > WAVES_AT_MOST {
            reader.refuse(&node.place, format!("{} waves found, expected 1 to {WAVES_AT_MOST}", waves.len()), None);
        } else if (sum - 1.0).abs() > SUM_TOLERANCE {
            reader.refuse(&node.place, format!("the shares add up to {sum}, expected 1"), None);
        } else {
            return Some(Self(waves));
        }
        None
    }

    fn stand_in() -> Self {
        Self(vec![1.0])
    }

    fn schema() -> Json {
        json!({ "type": "array", "minItems": 1, "maxItems": WAVES_AT_MOST, "items": Probability::schema() })
    }
}

impl Value for HiringAfter {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.tree {
            Tree::Text(text) if text == "receiver" => Some(Self::Receiver),
            Tree::Text(text) if text == "sender" => Some(Self::Sender),
            _ => {
                reader.expected(node, "\"receiver\" or \"sender\"");
                None
            }
        }
    }

    fn stand_in() -> Self {
        Self::Receiver
    }

    fn schema() -> Json {
        json!({ "enum": ["receiver", "sender"] })
    }
}
