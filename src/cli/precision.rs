//! Options and messages of sequential stopping.

use crate::experiment::{MissedPrecision, PrecisionRecord, Study};
use crate::input::diagnostic::name_help;
use crate::report::number::{percent, readable};
use crate::response::{ResponseColumn, ResponseId, Unit, columns};
use crate::run::precision::{Precision, Quantity, Shortfall, Target, Verdict};
use crate::scenario::Scenario;
use crate::stats::Confidence;

use super::failure::Failure;
use super::usage;

/// Default limit of replications for a run that does not become precise.
const AT_MOST: u32 = 1_000_000;

/// Options that let a run continue until it is precise enough.
#[derive(Debug, clap::Args)]
pub(super) struct Wanted {
    /// Run until every --response has a half-width of at most this share of its value
    #[arg(long, value_name = "SHARE", value_parser = share, requires = "response", conflicts_with = "shard", allow_negative_numbers = true)]
    precision: Option<f64>,
    /// Apply --precision to this response or goal, or with :p95 to a quantile of it; repeatable
    #[arg(long, value_name = "NAME", requires = "precision")]
    response: Vec<String>,
    /// Stop a run with --precision after this many replications [default: 1,000,000]
    #[arg(long, value_name = "N", value_parser = usage::replications, requires = "precision", allow_negative_numbers = true)]
    max_replications: Option<u32>,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|&share: &f64| share > 0.0 && share < 1.0);
    share.ok_or_else(|| "expected a number between 0 and 1".to_owned())
}

impl Wanted {
    /// Returns the requested precision, if any, and its record for the manifest.
    pub(super) fn precision(
        &self,
        scenario: &Scenario,
        confidence: Confidence,
        replications: u32,
    ) -> Result<Option<(Precision, PrecisionRecord)>, Failure> {
        let Some(half_width) = self.precision else { return Ok(None) };
        let columns = columns(&scenario.world);
        let (mut targets, mut responses) = (Vec::<Target>::new(), Vec::new());
        for name in &self.response {
            let target = target(name, &columns)?;
            if !targets.contains(&target) {
                targets.push(target);
                responses.push(name.clone());
            }
        }
        let at_most = self.max_replications.unwrap_or(AT_MOST.max(replications));
        let record = PrecisionRecord {
            half_width,
            responses,
            first_replications: replications,
            max_replications: at_most,
            missed: Vec::new(),
        };
        Ok(Some((Precision { half_width, confidence, targets, at_most }, record)))
    }
}

/// Reads the name of a response or goal, or such a name and a quantile.
fn target(text: &str, columns: &[ResponseColumn]) -> Result<Target, Failure> {
    let find = |name: &str| columns.iter().position(|column| column.name == name);
    let (name, quantile) = match text.rsplit_once(":p") {
        // A goal may have such a name.
        Some((name, percent)) if find(text).is_none() => (name, Some(percent)),
        _ => (text, None),
    };
    let column = find(name).ok_or_else(|| {
        let known: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let help = name_help(name, &known).map_or_else(String::new, |help| format!("; {help}"));
        Failure::Usage(format!("the scenario has no response or goal {name:?}{help}"))
    })?;
    let what = match (columns[column].unit, quantile) {
        (Unit::Outcome, _) => return Err(Failure::Usage("the outcome is not a number, so it has no precision".into())),
        (Unit::Met, None) => Quantity::Probability,
        (Unit::Met, Some(_)) => {
            return Err(Failure::Usage(format!("{name:?} is a goal, met or not, so it has no quantiles")));
        }
        (_, None) => Quantity::Mean,
        (_, Some(percent)) => {
            let is_plain = percent.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let share = percent.parse::<f64>().ok().filter(|&percent| is_plain && percent > 0.0 && percent < 100.0);
            let refuse =
                || Failure::Usage(format!("{text:?}: expected a quantile between p0 and p100, for instance {name}:p95"));
            Quantity::Quantile(share.ok_or_else(refuse)? / 100.0)
        }
    };
    Ok(Target { response: ResponseId::FIRST.after(column), what })
}

/// Returns what a run missed, for its manifest.
pub(super) fn record(study: &Study, precision: &Precision, verdict: &Verdict) -> Vec<MissedPrecision> {
    let (names, record) = (study.names(), study.origin.precision.as_ref());
    let name_of = |target: &Target| {
        let position = precision.targets.iter().position(|known| known == target)?;
        Some(record?.responses.get(position)?.clone())
    };
    let missed = |shortfall: &Shortfall| MissedPrecision {
        strategy: names[shortfall.strategy].to_owned(),
        response: name_of(&shortfall.target).unwrap_or_default(),
        half_width: shortfall.half_width.map(rounded_up),
    };
    verdict.missing.iter().map(missed).collect()
}

/// Rounds up to nine digits, so that every reader of JSON reads the same number back.
fn rounded_up(half_width: f64) -> f64 {
    let above = half_width * (1.0 + 1e-8);
    format!("{above:.8e}").parse().unwrap_or(half_width)
}

/// Returns the verdict on finished results, from their manifest.
pub(super) fn verdict(study: &Study, precision: &Precision) -> Option<Verdict> {
    let (names, record) = (study.names(), study.origin.precision.as_ref()?);
    let shortfall = |missed: &MissedPrecision| {
        let strategy = names.iter().position(|name| *name == missed.strategy)?;
        let position = record.responses.iter().position(|name| *name == missed.response)?;
        Some(Shortfall { strategy, target: *precision.targets.get(position)?, half_width: missed.half_width })
    };
    let missing = record.missed.iter().map(shortfall).collect::<Option<_>>()?;
    Some(Verdict { replications: study.settings.replications, missing })
}

/// Returns the message that a run reached the requested precision.
pub(super) fn reached(precision: &Precision, verdict: &Verdict) -> String {
    let replications = readable(verdict.replications.into());
    format!("precision of {} reached after {replications} replications", wanted(precision))
}

/// Returns the failure of a run that missed the requested precision.
pub(super) fn missed(scenario: &Scenario, names: &[&str], precision: &Precision, verdict: &Verdict) -> Failure {
    let message = |shortfall: &Shortfall| {
        let (strategy, name) = (names[shortfall.strategy], shortfall.name(scenario));
        let unit = match shortfall.target.what {
            Quantity::Mean => " of the mean",
            Quantity::Quantile(_) => " of the quantile",
            Quantity::Probability => "",
        };
        let reached = shortfall.half_width.map_or_else(
            || "no half-width yet".to_owned(),
            |half_width| {
                // Rounded up: a precision that is missed must not look reached.
                let ratio = half_width / precision.half_width;
                let needed = f64::from(verdict.replications) * ratio * ratio;
                let half_width = readable_up((1e6 * half_width).ceil() / 1e4);
                format!("± {half_width} %{unit}, {} replications needed", about(needed.ceil()))
            },
        );
        format!("precision not reached: {strategy}: {}: {reached}", name)
    };
    let mut messages: Vec<String> = verdict.missing.iter().map(message).collect();
    let replications = readable(verdict.replications.into());
    messages.push(format!("stopped after {replications} replications; the goal was {}", wanted(precision)));
    Failure::Imprecise(messages.join("\n"))
}

/// Returns a number of replications in words, with no more digits than anybody would run.
fn about(replications: f64) -> String {
    /// More than any machine simulates.
    const LARGEST: f64 = 1e12;
    if replications < LARGEST { format!("about {}", readable(replications)) } else { format!("more than {LARGEST:e}") }
}

/// Returns a percentage without rounding it down, and an enormous one in few digits.
fn readable_up(percent: f64) -> String {
    if percent < 1e12 { percent.to_string() } else { readable(percent) }
}

fn wanted(precision: &Precision) -> String {
    match percent(precision.half_width) {
        rounded if rounded > 0.0 => format!("± {rounded} %"),
        _ => format!("± {:e} %", 100.0 * precision.half_width),
    }
}
