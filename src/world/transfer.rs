//! Transfers: when control and people move, to which organisation, in which waves, and the damage this does.

use serde_json::{Value as Json, json};

use crate::input::duration::Duration;
use crate::input::months::Moment;
use crate::input::number::{Days, Level, PerYear, Probability, Whole};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

use super::ids::OrganisationId;
use super::role::ByRole;

/// The default number of months before the transfer when the receiver starts to set up.
const USUAL_PREPARATION_MONTHS: f64 = 6.0;
/// The most waves that a transfer may have.
const WAVES_AT_MOST: usize = 1000;
/// The tolerance for the sum of the shares of waves, which is 1.
const SUM_TOLERANCE: f64 = 1e-9;

/// Whose pipeline hires after the first wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HiringAfter {
    /// The receiver's.
    Receiver,
    /// The sender's pipeline, as before.
    Sender,
}

/// When a transfer is due.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// At this instant.
    At(Moment),
    /// When the team is ready.
    Ready(Ready),
}

/// `ready = { ... }`: the team is ready when every given share has held for some month ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// Headcount as a share of the wanted headcount.
    pub headcount_share: Option<f64>,
    /// Effective FTE as a share of the wanted output.
    pub effective_share: Option<f64>,
    /// Knowledge as a share.
    pub knowledge_share: Option<f64>,
    /// The number of consecutive month ends at which all of them must hold.
    pub for_months: u32,
    /// The transfer is not due before this instant.
    pub earliest: Moment,
    /// What happens if the team is not ready by some month. Without it, the transfer waits on.
    pub latest: Option<Latest>,
}

/// What happens if a team is not ready in time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latest {
    /// The instant.
    pub at: Moment,
    /// Whether the transfer never happens then, instead of happening at that instant.
    pub extends: bool,
}

impl Table for Ready {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let share = |share: Option<Probability>| share.map(Probability::value);
        let ready = Self {
            headcount_share: share(
                fields.optional("headcount_share", "minimum headcount as a share of the wanted headcount"),
            ),
            effective_share: share(
                fields.optional("effective_share", "minimum effective FTE as a share of the wanted output"),
            ),
            knowledge_share: share(fields.optional("knowledge_share", "minimum knowledge")),
            for_months: fields
                .optional_or::<Whole<1, 1200>>("for_months", "1", "month ends in a row at which all of them must hold")
                .map_or(1, Whole::count),
            earliest: fields
                .optional_or("earliest_month", "0", "the transfer is not due before this month or date")
                .unwrap_or(Moment::START),
            latest: fields
                .optional_or("latest_month", "never", "the month or date at which waiting ends: see `if_not_ready`")
                .map(|at| Latest { at, extends: false }),
        };
        let shares = ["headcount_share", "effective_share", "knowledge_share"];
        if !shares.iter().any(|key| fields.has(key)) {
            let help = "give `headcount_share`, `effective_share` or `knowledge_share`";
            fields.refuse_absence_of(&shares, "no share found: it is unclear when the team is ready", help);
        }
        if ready.latest.is_some_and(|latest| latest.at.day < ready.earliest.day) {
            let help = "raise `latest_month`, or lower `earliest_month`";
            fields.refuse("latest_month", "comes before `earliest_month`", Some(help.to_owned()));
        }
        ready
    }
}

/// `[[strategy.Y.transfer]]`.
#[derive(Clone, Debug)]
pub struct Transfer {
    /// The receiver.
    pub to: OrganisationId,
    /// When the first wave is due.
    pub trigger: Trigger,
    /// The probability that the client exercises its option.
    pub exercise: f64,
    /// When the receiver starts to set up.
    pub prepare: Moment,
    /// The share of each wave in the people who are staying at the first wave.
    pub waves: Vec<f64>,
    /// Days from one wave to the next.
    pub wave_gap_days: f64,
    /// The probability that a person accepts the offer.
    pub acceptance: f64,
    /// The same probability for some roles.
    pub acceptance_by_role: ByRole<Probability>,
    /// Days that a person who refuses stays.
    pub refuser_stays_days: Duration,
    /// Additional hazard of leaving after accepting.
    pub shock_hazard_per_year: f64,
    /// Days for which this hazard applies.
    pub shock_days: f64,
    /// Factor on the output of accepters.
    pub disruption: f64,
    /// Days for which this factor applies.
    pub disruption_days: f64,
    /// Whose pipeline hires after the first wave.
    pub hiring_after: HiringAfter,
}

impl Table for Transfer {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let to = fields.required("to", "the organisation that takes over");
        let trigger = trigger(fields);
        let earliest = trigger.earliest().month;
        let parameters = Self {
            to,
            trigger,
            exercise: fields
                .optional_or(
                    "exercise",
                    "1",
                    "probability that the client exercises its option to have the team transferred",
                )
                .map_or(1.0, Probability::value),
            prepare: fields
                .optional_or(
                    "prepare_month",
                    "6 months before its month or earliest month, at least 0",
                    "month or date in which the receiver starts to set up",
                )
                .unwrap_or_else(|| fields.instant((earliest - USUAL_PREPARATION_MONTHS).max(0.0))),
            waves: fields
                .optional_or("waves", "[1]", "shares of the staying people that go over in each wave, longest tenure first")
                .map_or(vec![1.0], |Waves(waves)| waves),
            wave_gap_days: fields
                .optional_or("wave_gap_days", "0", "days from one wave to the next")
                .map_or(0.0, Days::value),
            acceptance: fields
                .optional_or("acceptance", "1", "probability that a person accepts the offer")
                .map_or(1.0, Probability::value),
            acceptance_by_role: fields
                .optional_or(
                    "acceptance_by_role",
                    "acceptance for every role",
                    "probability that a person of the role accepts the offer",
                )
                .unwrap_or_default(),
            refuser_stays_days: fields.or("refuser_stays_days", Duration::zero(), "days that a person who refuses stays"),
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
                    "whose pipeline hires after the first wave: \"receiver\" or \"sender\"",
                )
                .unwrap_or(HiringAfter::Receiver),
        };
        parameters.refuse_contradictions(fields);
        parameters
    }
}

impl Trigger {
    /// Returns the instant before which a transfer is not due.
    #[must_use]
    pub fn earliest(&self) -> Moment {
        match self {
            Self::At(at) => *at,
            Self::Ready(ready) => ready.earliest,
        }
    }
}

fn trigger(fields: &mut Fields<'_, '_>) -> Trigger {
    let at: Option<Moment> = fields.optional("month", "month or date in which control and people are transferred");
    let ready: Option<Ready> = fields.optional("ready", "instead of a month: when the team is ready to be transferred");
    let if_not_ready: Option<IfNotReady> = fields.optional_or(
        "if_not_ready",
        "\"transfer\"",
        "whether a team that is not ready at `latest_month` transfers anyway (\"transfer\") or never (\"extend\")",
    );
    let help = |text: &str| Some(text.to_owned());
    let Some(mut ready) = ready else {
        if fields.has("if_not_ready") && !fields.has("ready") {
            fields.refuse(
                "if_not_ready",
                "has no effect without `ready`",
                help("give `ready` instead of `month`, or take it out"),
            );
        }
        return Trigger::At(at.unwrap_or(Moment::START));
    };
    let extends = if_not_ready == Some(IfNotReady::Extend);
    match &mut ready.latest {
        Some(latest) => latest.extends = extends,
        None if extends && !fields.is_wrong("ready") => {
            let message = "has no effect without `latest_month` in `ready`";
            fields.refuse("if_not_ready", message, help("give `latest_month`, the month at which waiting ends"));
        }
        None => {}
    }
    Trigger::Ready(ready)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum IfNotReady {
    Transfer,
    Extend,
}

impl Value for IfNotReady {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        one_of(node, reader, [("transfer", Self::Transfer), ("extend", Self::Extend)])
    }

    fn stand_in() -> Self {
        Self::Transfer
    }

    fn schema() -> Json {
        json!({ "enum": ["transfer", "extend"] })
    }
}

/// Reads one of two words.
fn one_of<T>(node: &Node, reader: &mut Reader<'_>, words: [(&str, T); 2]) -> Option<T> {
    let expected = format!("{:?} or {:?}", words[0].0, words[1].0);
    let found = words.into_iter().find(|(word, _)| matches!(&node.tree, Tree::Text(text) if text == word));
    if found.is_none() {
        reader.expected(node, &expected);
    }
    found.map(|(_, value)| value)
}

impl Transfer {
    /// Returns the transfer of a rescue: at once, in one wave, with default values.
    pub(super) fn rescue(to: OrganisationId, acceptance: f64) -> Self {
        Self {
            to,
            trigger: Trigger::At(Moment::START),
            exercise: 1.0,
            prepare: Moment::START,
            waves: vec![1.0],
            wave_gap_days: 0.0,
            acceptance,
            acceptance_by_role: ByRole::default(),
            refuser_stays_days: Duration::zero(),
            shock_hazard_per_year: 0.0,
            shock_days: 0.0,
            disruption: 1.0,
            disruption_days: 0.0,
            hiring_after: HiringAfter::Receiver,
        }
    }

    #[expect(clippy::float_cmp, reason = "1 is given, not computed")]
    fn refuse_contradictions(&self, fields: &mut Fields<'_, '_>) {
        let mut need = |key: &'static str, with: &'static str, has_effect: bool, days: f64| {
            if has_effect && days <= 0.0 && !fields.is_wrong(with) {
                let help = format!("give `{with}`, the days for which it applies");
                fields.refuse(key, format!("has no effect without `{with}` above 0"), Some(help));
            }
        };
        need("shock_hazard_per_year", "shock_days", self.shock_hazard_per_year > 0.0, self.shock_days);
        need("disruption", "disruption_days", self.disruption != 1.0, self.disruption_days);
        match (fields.has("month"), fields.has("ready")) {
            (true, true) => fields.refuse("ready", "contradicts `month`", Some("keep one of the two".to_owned())),
            (false, false) => {
                let message = "neither `month` nor `ready` found";
                fields.refuse_absence_of(&["month", "ready"], message, "give one of them: when the team goes over");
            }
            _ => {}
        }
    }

    /// Returns how many of `people` all waves up to this one (from 0) reach, rounded half up.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a headcount"
    )]
    #[must_use]
    pub fn reach(&self, wave: usize, people: usize) -> usize {
        let share: f64 = self.waves[..=wave].iter().sum();
        // 0.7 + 0.2 is slightly below 0.9.
        ((people as f64 * share + 0.5 + SUM_TOLERANCE).floor() as usize).min(people)
    }
}

/// Shares of waves: at least one, with a sum of 1.
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
        one_of(node, reader, [("receiver", Self::Receiver), ("sender", Self::Sender)])
    }

    fn stand_in() -> Self {
        Self::Receiver
    }

    fn schema() -> Json {
        json!({ "enum": ["receiver", "sender"] })
    }
}
