//! Charts of money: what the client pays by month and so far, for what, and how uncertain that is.

use crate::money::Kind;
use crate::report::chart::{
    Bars, Chart, Column, Fan, Heading, Histograms, Stack, StrategyBar, StrategyStack, StrategyValues,
};

use crate::response::{MeasureId, ResponseId};

use super::super::estimates::{CostEstimate, Results};
use super::{ChartOrReason, Drawing, Drawn, fan, month_ends, note, strategies, values};

pub(super) const MONTH_COST: Drawing = Drawing {
    name: "month_cost",
    question: "What does the client pay for each month?",
    caption: "Client cost of each month by kind, on average over the replications: what vendors bill and charge, what \
              overseeing them costs, and what own organisations spend.",
    make: |results| where_paid(results, month_cost),
};

pub(super) const MONTH_COST_RANGE: Drawing = Drawing {
    name: "month_cost_range",
    question: "How much does the client pay each month, and how certain is that?",
    caption: "Client cost of each month. The bands hold 50 % and 90 % of the replications.",
    make: |results| where_paid(results, |results| paid(results, MeasureId::MONTH_COST, "What the client pays each month")),
};

pub(super) const CLIENT_COST: Drawing = Drawing {
    name: "client_cost",
    question: "What has the client paid so far?",
    caption: "Everything that the client has paid by each month end, not discounted.",
    make: |results| where_paid(results, |results| paid(results, MeasureId::CLIENT_COST, "What the client has paid so far")),
};

pub(super) const COST_BREAKDOWN: Drawing = Drawing {
    name: "cost_breakdown",
    question: "What is the money spent on?",
    caption: "Client cost until the end by kind, on average over the replications.",
    make: |results| where_paid(results, cost_breakdown),
};

pub(super) const COST_DISTRIBUTION: Drawing = Drawing {
    name: "cost_distribution",
    question: "How uncertain is the cost?",
    caption: "Client cost until the end, in all and for each FTE-month delivered, in single replications. Each row is drawn \
              to its own height.",
    make: |results| where_paid(results, cost_distribution),
};

/// A chart of money, unless there is none.
fn where_paid<C: Chart + 'static>(results: &Results, make: impl Fn(&Results) -> C) -> ChartOrReason {
    if is_paid(results) { Ok(Box::new(make(results))) } else { Err(NOTHING_PAID) }
}

/// A measure of money, of which nothing is wanted.
fn paid(results: &Results, measure: MeasureId, title: &str) -> Fan {
    fan(results, measure, title, Vec::new())
}

pub(super) const NOTHING_PAID: &str = "the client never pays anything";

/// Whether the client pays anything under any strategy.
pub(super) fn is_paid(results: &Results) -> bool {
    let costs = results.strategies.iter().flat_map(|strategy| strategy.costs.iter().flatten());
    costs.into_iter().any(|cost| cost.mean != 0.0 || cost.sd > 0.0)
}

/// What each kind of client cost is called.
fn kind_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Bills => "bills of vendors",
        Kind::Fees => "fees",
        Kind::Oversight => "oversight",
        Kind::Bonus => "retention bonuses",
        Kind::Pay => "own pay",
        Kind::Place => "own places",
        Kind::Hiring => "own hiring",
        Kind::StartEnd => "own start and end",
    }
}

fn kinds() -> Vec<String> {
    Kind::ALL.into_iter().map(|kind| kind_words(kind).to_owned()).collect()
}

fn month_cost(results: &Results) -> Stack {
    let means = |months: &Vec<CostEstimate>| months.iter().map(|cost| cost.mean).collect();
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyStack {
        name: name.to_owned(),
        slot,
        days: month_ends(results),
        amounts: results.strategies[strategy].costs.iter().map(means).collect(),
    };
    Stack {
        heading: Heading::new("What the client pays each month, on average").with_note(note(results, MeasureId::MONTH_COST)),
        unit: results.study.scenario.world.currency.clone(),
        start: results.study.scenario.start,
        parts: kinds(),
        strategies: strategies(results).map(strategy).collect(),
    }
}

fn cost_breakdown(results: &Results) -> Bars {
    let amount = |strategy, kind| results.response(strategy, ResponseId::FIRST_COST_KIND.after(kind)).mean;
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyBar {
        name: name.to_owned(),
        slot,
        amounts: (0..Kind::ALL.len()).map(|kind| amount(strategy, kind)).collect(),
    };
    Bars {
        heading: Heading::new("What the client pays for, on average"),
        unit: results.study.scenario.world.currency.clone(),
        parts: kinds(),
        strategies: strategies(results).map(strategy).collect(),
    }
}

fn cost_distribution(results: &Results) -> Histograms {
    let columns = [ResponseId::CLIENT_COST, ResponseId::COST_PER_FTE_MONTH];
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyValues {
        name: name.to_owned(),
        slot,
        columns: columns.map(|response| values(results, strategy, response, 1.0)).to_vec(),
    };
    let currency = &results.study.scenario.world.currency;
    Histograms {
        heading: Heading::new("What the client pays, over the replications")
            .with_note("Each row is drawn to its own height"),
        columns: vec![
            Column { title: "In all".to_owned(), unit: currency.clone() },
            Column { title: "For each FTE-month delivered".to_owned(), unit: format!("{currency} per FTE-month") },
        ],
        strategies: strategies(results).map(strategy).collect(),
    }
}
