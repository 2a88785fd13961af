//! Charts of the handover: when it takes place in the life of a strategy, and what it does to output.

use crate::report::chart::{Column, Heading, Histograms, Phase, StrategyStrip, StrategyValues, Strips};
use crate::response::{PHASES as NAMES, ResponseId, TRANSFER_PHASE};

use super::super::estimates::{PhaseEstimate, Results, share_of};
use super::finding::{Values, all, month, possessive, short, title};
use super::{Drawing, Drawn, strategies, values};

pub(super) const PHASES: Drawing = Drawing {
    name: "phases",
    caption: "The first employer is set up, the team is built, operates, is transferred in waves, and works on after that. Bars \
              start and end at the median; whiskers span 90 % of starts. A phase that takes place in fewer than half of the \
              simulations is a thin bar.",
    make: |results| Ok(Box::new(phases(results))),
};

pub(super) const HANDOVER: Drawing = Drawing {
    name: "handover",
    caption: "Effective output in the 180 days from the first wave of a transfer, at its lowest, where output before the \
              transfer is 100; and how long it takes until output is back at 95. Each row is drawn to its own height.",
    make: |results| {
        let chart = handover(results);
        if chart.strategies.is_empty() { Err("no team with output is transferred") } else { Ok(Box::new(chart)) }
    },
};

/// Position of the phase in which the team is complete.
const OPERATING: usize = 2;
/// Share of the simulations from which a phase is worth a title.
const OFTEN: f64 = 0.5;

fn phases(results: &Results) -> Strips {
    let phase = |phase: &PhaseEstimate| Phase { begin: phase.begin, end: phase.end, share: often(results, phase) };
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyStrip {
        name: name.to_owned(),
        slot,
        phases: results.strategies[strategy].phases.iter().map(phase).collect(),
    };
    let world = &results.study.scenario.world;
    let findings = phases_findings(results);
    Strips {
        heading: Heading::new(title(findings, "Phases of each strategy")).with_subtitle(
            "Bars start and end at the median; whiskers span 90 % of starts. At the right: how often a phase takes place",
        ),
        start: results.study.scenario.start(),
        horizon_days: world.horizon_days(),
        phases: NAMES.iter().map(|&name| name.to_owned()).collect(),
        strategies: strategies(results).map(strategy).collect(),
    }
}

/// The share of the simulations in which a phase takes place.
fn often(results: &Results, phase: &PhaseEstimate) -> f64 {
    share_of(phase.n, u64::from(results.study.settings.replications))
}

/// When teams are complete and when they are transferred, by the medians of these phases; then either of them.
fn phases_findings(results: &Results) -> [Option<String>; 3] {
    let begin = |phase: usize| {
        let begin = |strategy: usize| {
            let phase = &results.strategies[strategy].phases[phase];
            (often(results, phase) >= OFTEN).then(|| (phase.begin[1], month(results, phase.begin[1])))
        };
        Values::of(results, begin).full()
    };
    let (operating, transfer) = (begin(OPERATING), begin(TRANSFER_PHASE));
    let operating = operating.map(|words| format!("Median start of operations: {words}"));
    let both =
        operating.as_ref().zip(transfer.as_ref()).map(|(operating, words)| format!("{operating}; of the transfer: {words}"));
    [both, operating, transfer.map(|words| format!("Median start of the transfer: {words}"))]
}

/// Strategies without a transfer have no row.
fn handover(results: &Results) -> Histograms {
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyValues {
        name: name.to_owned(),
        slot,
        columns: vec![
            values(results, strategy, ResponseId::TROUGH_SHARE, BEFORE),
            values(results, strategy, ResponseId::RECOVERY_DAYS, 1.0),
        ],
    };
    let transferred = strategies(results).filter(|drawn| is_transferred(results, drawn.strategy));
    Histograms {
        heading: Heading::new(title(handover_findings(results), "What the handover does to output"))
            .with_subtitle("Distribution over simulations; output before the transfer is 100")
            .with_note("Each row is drawn to its own height."),
        columns: vec![
            Column { title: "Lowest output in the 180 days after".to_owned(), unit: "output before = 100".to_owned() },
            Column { title: "Time until output is back at 95".to_owned(), unit: "days from the first wave".to_owned() },
        ],
        strategies: transferred.map(strategy).collect(),
    }
}

/// What output before the transfer is called.
const BEFORE: f64 = 100.0;

fn is_transferred(results: &Results, strategy: usize) -> bool {
    results.response(strategy, ResponseId::TROUGH_SHARE).n > 0
}

/// How deep output falls, and when it is back, in the median.
fn handover_findings(results: &Results) -> [Option<String>; 2] {
    let median = |strategy: usize, response: ResponseId| results.response(strategy, response).quantiles[2];
    let trough = |strategy: usize| {
        let median = BEFORE * median(strategy, ResponseId::TROUGH_SHARE);
        let is_known = is_transferred(results, strategy) && median.is_finite();
        is_known.then(|| (median, format!("{} %", short(median.round(), f64::NAN))))
    };
    let transferred: Vec<usize> = all(results).filter(|&strategy| trough(strategy).is_some()).collect();
    if let [only] = transferred[..] {
        let (name, (_, trough)) = (possessive(results.study.title(only)), trough(only).unwrap_or_default());
        let dip = format!("{name} output dips to {trough} at the handover");
        let recovery = median(only, ResponseId::RECOVERY_DAYS);
        let back = if recovery.is_finite() {
            format!("{dip}, and is back at 95 % after {} days", short(recovery.round(), f64::NAN))
        } else {
            format!("{dip}, and is not back at 95 % in half of the simulations")
        };
        return [Some(back), Some(dip)];
    }
    Values::of(results, trough).say(|words| format!("Output dips at the handover, to {words}"))
}
