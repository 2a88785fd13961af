//! Charts of money: what the client pays by month and so far, for what, and how uncertain that is.

use crate::money::Kind;
use crate::report::chart::{Bars, Chart, Column, Heading, Histograms, Stack, StrategyBar, StrategyStack, StrategyValues};
use crate::response::{MeasureId, ResponseId};

use super::super::estimates::{CostEstimate, Results};
use super::finding::{Values, all, everyone, half_width, money, names, title};
use super::{ChartOrReason, Drawing, Drawn, ends_early, fan, last_median, month_ends, strategies, values};

pub(super) const MONTH_COST: Drawing = Drawing {
    name: "month_cost",
    caption: "Client cost of each month by kind, on average: what vendors bill and charge, what overseeing them costs, and what \
              own organisations spend.",
    make: |results| where_paid(results, month_cost),
};

pub(super) const MONTH_COST_RANGE: Drawing = Drawing {
    name: "month_cost_range",
    caption: "Client cost of each month: the line is the median, the band holds 90 % of simulations.",
    make: |results| {
        where_paid(results, |results| {
            let title = title(month_cost_findings(results), "What the client pays each month");
            fan(results, MeasureId::MONTH_COST, (title, "Client cost of each month"), Vec::new())
        })
    },
};

pub(super) const CLIENT_COST: Drawing = Drawing {
    name: "client_cost",
    caption: "All that the client has paid by each month end, not discounted: the line is the median, the band holds 90 % of \
              simulations.",
    make: |results| {
        where_paid(results, |results| {
            let title = title(client_cost_findings(results), "What the client has paid so far");
            fan(results, MeasureId::CLIENT_COST, (title, "Client cost so far"), Vec::new())
        })
    },
};

pub(super) const COST_BREAKDOWN: Drawing = Drawing {
    name: "cost_breakdown",
    caption: "Client cost until the end by kind, on average.",
    make: |results| where_paid(results, cost_breakdown),
};

pub(super) const COST_DISTRIBUTION: Drawing = Drawing {
    name: "cost_distribution",
    caption: "Client cost until the end, in all and for each FTE-month delivered: how it is distributed over simulations. Each \
              row is drawn to its own height.",
    make: |results| where_paid(results, cost_distribution),
};

/// A chart of money, unless there is none.
fn where_paid<C: Chart + 'static>(results: &Results, make: impl Fn(&Results) -> C) -> ChartOrReason {
    if is_paid(results) { Ok(Box::new(make(results))) } else { Err(NOTHING_PAID) }
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
        Kind::Bills => "vendor bills",
        Kind::Fees => "fees",
        Kind::Oversight => "oversight",
        Kind::Bonus => "retention bonuses",
        Kind::Pay => "own pay",
        Kind::Place => "own offices",
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
        heading: Heading::new(title(dearest_month(results), "What the client pays each month"))
            .with_subtitle("Client cost of each month by kind, on average")
            .with_note(ends_early(results).map(|early| format!("{early} Nothing is paid then.")).unwrap_or_default()),
        unit: results.study.scenario.world.currency.clone(),
        start: results.study.scenario.start(),
        parts: kinds(),
        strategies: strategies(results).map(strategy).collect(),
    }
}

/// What the dearest month costs, on average.
fn dearest_month(results: &Results) -> [Option<String>; 2] {
    let dearest = |strategy: usize| {
        let means = results.strategies[strategy].timelines[0][MeasureId::MONTH_COST.position()].iter();
        means.map(|month| month.mean).reduce(f64::max)
    };
    Values::money(results, dearest).say(|words| format!("The dearest month costs {words}"))
}

/// What the last month costs, in the median.
fn month_cost_findings(results: &Results) -> [Option<String>; 2] {
    let cost = |strategy: usize| Some(last_median(results, strategy, MeasureId::MONTH_COST));
    Values::money(results, cost).say(|words| format!("The last month costs {words} (median)"))
}

/// Which strategy costs least and by how much, or that all cost the same; then how likely the budget holds.
fn client_cost_findings(results: &Results) -> [Option<String>; 3] {
    let response = ResponseId::CLIENT_COST;
    let cost = |strategy: usize| {
        let estimate = results.response(strategy, response);
        money(results, estimate.mean, half_width(estimate))
    };
    if all(results).len() < 2 {
        return [Some(format!("The client pays {} on average", cost(0))), None, None];
    }
    let leaders = results.leaders(response);
    let others: Vec<usize> = all(results).filter(|strategy| !leaders.contains(strategy)).collect();
    let finding = match (leaders.as_slice(), others.as_slice()) {
        ([], _) => None,
        (_, []) => Some(format!("{} cost the client about the same: {}", everyone(results), cost(0))),
        ([only], others) => {
            let less = |other: &usize| {
                let difference = results.mattering(response, (*other, *only))?;
                let less = money(results, difference.mean.abs(), (difference.high - difference.low) / 2.0);
                Some(format!("{less} less than {}", results.study.title(*other)))
            };
            let less: Option<Vec<String>> = others.iter().map(less).collect();
            less.map(|less| format!("{} costs least: {} (mean)", results.study.title(*only), less.join(", ")))
        }
        (several, _) => Some(format!("{} cost least: about {} each", names(results, several), cost(several[0]))),
    };
    let budget = results.study.goals().iter().position(|goal| goal.is_on(MeasureId::CLIENT_COST));
    let met = budget.and_then(|goal| Values::shares(results, |strategy| results.goal(strategy, goal)).full());
    let least = (!others.is_empty()).then(|| names(results, &leaders)).filter(|names| !names.is_empty());
    let least = least.map(|names| format!("Least cost: {} with {names} (mean)", cost(leaders[0])));
    [finding, least, met.map(|met| format!("The budget holds in {met}"))]
}

fn cost_breakdown(results: &Results) -> Bars {
    let amount = |strategy, kind| results.response(strategy, ResponseId::FIRST_COST_KIND.after(kind)).mean;
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyBar {
        name: name.to_owned(),
        slot,
        amounts: (0..Kind::ALL.len()).map(|kind| amount(strategy, kind)).collect(),
    };
    let largest = |strategy: usize| {
        let kinds = Kind::ALL.into_iter().enumerate().map(|(kind, about)| (amount(strategy, kind), about));
        kinds.max_by(|one, other| one.0.total_cmp(&other.0)).filter(|(amount, _)| *amount > 0.0)
    };
    let largest =
        Values::of(results, |strategy| largest(strategy).map(|(amount, kind)| (amount, kind_words(kind).to_owned())));
    let finding = largest.full().map(|words| format!("The largest cost: {words}"));
    Bars {
        heading: Heading::new(title([finding], "What the client pays for"))
            .with_subtitle("Client cost until the end by kind, on average"),
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
    let high = |strategy: usize| Some(results.response(strategy, ResponseId::CLIENT_COST).quantiles[4]);
    let findings = Values::money(results, high).say(|words| format!("One simulation in 20 costs more than {words}"));
    let currency = &results.study.scenario.world.currency;
    Histograms {
        heading: Heading::new(title(findings, "How uncertain the cost is"))
            .with_subtitle("Client cost until the end: distribution over simulations")
            .with_note("Each row is drawn to its own height."),
        columns: vec![
            Column { title: "In all".to_owned(), unit: currency.clone() },
            Column { title: "For each FTE-month delivered".to_owned(), unit: format!("{currency} per FTE-month") },
        ],
        strategies: strategies(results).map(strategy).collect(),
    }
}
