//! Charts of the handover: when it takes place in the life of a strategy, and what it does to output.

use crate::report::chart::{Column, Heading, Histograms, Phase, StrategyStrip, StrategyValues, Strips};
use crate::response::{PHASES as NAMES, ResponseId};

use super::super::estimates::{PhaseEstimate, Results, share_of};
use super::{Drawing, Drawn, strategies, values};

pub(super) const PHASES: Drawing = Drawing {
    name: "phases",
    question: "When is the team set up, built, run and handed over?",
    caption: "When the first employer is set up, the team is built, operates, is transferred in waves, and what follows: \
              medians, with the days between which 9 of 10 beginnings lie. What takes place in fewer than half of the \
              replications is a thin bar.",
    make: |results| Ok(Box::new(phases(results))),
};

pub(super) const HANDOVER: Drawing = Drawing {
    name: "handover",
    question: "What does the handover do to output?",
    caption: "How low effective output falls in the 180 days from the first wave of a transfer, and how long it takes until it \
              is back at 95 %. Each row is drawn to its own height.",
    make: |results| {
        let chart = handover(results);
        if chart.strategies.is_empty() { Err("no team with output is transferred") } else { Ok(Box::new(chart)) }
    },
};

fn phases(results: &Results) -> Strips {
    let replications = u64::from(results.study.settings.replications);
    let phase = |phase: &PhaseEstimate| Phase { begin: phase.begin, end: phase.end, share: share_of(phase.n, replications) };
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyStrip {
        name: name.to_owned(),
        slot,
        phases: results.strategies[strategy].phases.iter().map(phase).collect(),
    };
    let world = &results.study.scenario.world;
    Strips {
        heading: Heading::new("Phases of each strategy")
            .with_note("Each phase from the median of its beginnings; below them where 9 of 10 beginnings lie"),
        start: results.study.scenario.start,
        horizon_days: world.month_ends().at(world.horizon_months).days(),
        phases: NAMES.iter().map(|&name| name.to_owned()).collect(),
        strategies: strategies(results).map(strategy).collect(),
    }
}

/// Strategies without a transfer have no row.
fn handover(results: &Results) -> Histograms {
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyValues {
        name: name.to_owned(),
        slot,
        columns: vec![
            values(results, strategy, ResponseId::TROUGH_SHARE, 100.0),
            values(results, strategy, ResponseId::RECOVERY_DAYS, 1.0),
        ],
    };
    let is_transferred = |drawn: &Drawn<'_>| results.response(drawn.strategy, ResponseId::TROUGH_SHARE).n > 0;
    let transferred = strategies(results).filter(is_transferred);
    Histograms {
        heading: Heading::new("How far output falls after the transfer, and when it is back")
            .with_note("Each row is drawn to its own height"),
        columns: vec![
            Column { title: "Lowest output in 180 days".to_owned(), unit: "% of effective FTE before".to_owned() },
            Column { title: "Until output is 95 % again".to_owned(), unit: "days from the first wave".to_owned() },
        ],
        strategies: transferred.map(strategy).collect(),
    }
}
