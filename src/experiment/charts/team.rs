//! Charts of the team: how many people there are, what they put out, when the team is staffed, and who leaves.

use crate::model::Cause;
use crate::report::chart::{Bars, DayDistribution, Heading, Stack, Step, StrategyBar, StrategyDays, StrategyStack};
use crate::report::number::readable;
use crate::response::{MeasureId, ResponseId};
use crate::world::Wanted;

use super::super::estimates::Results;
use super::finding::{Values, all, everyone, half_width, month, names, short, title};
use super::{Drawing, Drawn, fan, last_median, month_ends, replications, strategies};

pub(super) const HEADCOUNT: Drawing = Drawing {
    name: "headcount",
    caption: "People present at each month end: the line is the median, the band holds 90 % of simulations. The dashed line is \
              the wanted headcount.",
    make: |results| {
        let wanted = wanted(results, |_| 1.0);
        let title = title([headcount_finding(results, &wanted)], "Headcount by month");
        Ok(Box::new(fan(results, MeasureId::HEADCOUNT, (title, "People present"), wanted)))
    },
};

pub(super) const EMPLOYERS: Drawing = Drawing {
    name: "employers",
    caption: "People present at each month end by employer, on average, under the strategies in which several organisations take \
              part.",
    make: |results| {
        let has_several = all(results).any(|strategy| !results.strategies[strategy].employed.is_empty());
        if has_several { Ok(Box::new(employers(results))) } else { Err("no strategy has several employers") }
    },
};

pub(super) const EFFECTIVE_FTE: Drawing = Drawing {
    name: "effective_fte",
    caption: "Output at each month end in full-time equivalents (FTE): people who are still learning, about to leave or \
              disrupted by a transfer count for less than one. The line is the median, the band holds 90 % of simulations. The \
              dashed line is the wanted output.",
    make: |results| {
        let wanted = wanted(results, |role| results.study.scenario.world.roles[role].output);
        let goal = goal_findings(results, MeasureId::EFFECTIVE_FTE);
        let output = output_findings(results, &wanted);
        let title = title(goal.into_iter().chain(output), "Effective output by month");
        let what = "Output in full-time equivalents (FTE)";
        Ok(Box::new(fan(results, MeasureId::EFFECTIVE_FTE, (title, what), wanted)))
    },
};

pub(super) const STAFFED_DAY: Drawing = Drawing {
    name: "staffed_day",
    caption: "Share of simulations in which headcount has reached 90 % of the highest wanted by each day.",
    make: |results| Ok(Box::new(staffed_day(results))),
};

pub(super) const ATTRITION: Drawing = Drawing {
    name: "attrition",
    caption: "People who leave in a year for every 100 present, by cause: the mean number of leavers over the mean time that \
              all people together are present.",
    make: |results| {
        let chart = attrition(results);
        let leaves = |strategy: &StrategyBar| strategy.amounts.iter().any(|&amount| amount > 0.0);
        if chart.strategies.iter().any(leaves) { Ok(Box::new(chart)) } else { Err("nobody leaves") }
    },
};

/// What each cause of leaving is called, in the order of the causes.
const CAUSES: [&str; Cause::ALL.len()] = [
    "quit",
    "quit in the first days",
    "moved elsewhere",
    "burnt out",
    "quit after a transfer",
    "refused a transfer",
    "fewer wanted",
    "market exit",
    "employer collapsed",
];

/// Steps of the wanted headcount of all roles, each worth this many units per head.
fn wanted(results: &Results, worth: impl Fn(usize) -> f64) -> Vec<Step> {
    let world = &results.study.scenario.world;
    let mut days: Vec<f64> = world.demand.iter().flat_map(Wanted::days).chain([0.0]).collect();
    days.sort_by(f64::total_cmp);
    days.dedup();
    days.retain(|&day| day < world.horizon_days());
    let value = |day| (0..world.roles.len()).map(|role| f64::from(world.demand[role].at(day)) * worth(role)).sum();
    days.into_iter().map(|from_day| Step { from_day, value: value(from_day) }).collect()
}

/// How the median headcount at the end stands to what is wanted then.
fn headcount_finding(results: &Results, wanted: &[Step]) -> Option<String> {
    let wanted = wanted.last().map(|step| step.value).filter(|value| *value > 0.0)?;
    let medians: Vec<f64> = all(results).map(|strategy| last_median(results, strategy, MeasureId::HEADCOUNT)).collect();
    let least = medians.iter().copied().fold(f64::INFINITY, f64::min);
    let most = medians.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let people = if least < most { format!("{} to {}", readable(least), readable(most)) } else { readable(least) };
    let wanted_text = readable(wanted);
    let verb = if medians.len() == 1 { "ends" } else { "end" };
    let is_short = |median: f64| median < 0.99 * wanted;
    if !least.is_finite() || !most.is_finite() {
        None
    } else if is_short(most) {
        Some(format!("{} {verb} short of the {wanted_text} people wanted: median {people}", everyone(results)))
    } else if !is_short(least) && most <= wanted {
        Some(format!("{} {verb} with the {wanted_text} people wanted (median)", everyone(results)))
    } else {
        let words = Values::of(results, |strategy| Some((medians[strategy], readable(medians[strategy])))).full()?;
        Some(format!("Median headcount at the end, of {wanted_text} wanted: {words}"))
    }
}

/// How likely a goal on a measure is met: that which sets the strategies apart most.
fn goal_findings(results: &Results, measure: MeasureId) -> Vec<Option<String>> {
    let goals = results.study.goals();
    let apart = |goal: usize| {
        let shares = || all(results).map(|strategy| results.goal(strategy, goal).share);
        shares().fold(0.0, f64::max) - shares().fold(1.0, f64::min)
    };
    let on_it = (0..goals.len()).filter(|&goal| goals[goal].is_on(measure));
    let goal = on_it.reduce(|best, next| if apart(next) > apart(best) { next } else { best });
    let say = |goal: usize| {
        let met = Values::shares(results, |strategy| results.goal(strategy, goal));
        met.say(|met| format!("“{}” is met in {met}", goals[goal].name))
    };
    goal.map(say).into_iter().flatten().collect()
}

/// How the median output at the end stands to what is wanted then.
fn output_findings(results: &Results, wanted: &[Step]) -> [Option<String>; 2] {
    let wanted = wanted.last().map_or(0.0, |step| step.value);
    let median = |strategy| last_median(results, strategy, MeasureId::EFFECTIVE_FTE);
    let said = |strategy| (wanted > 0.0).then(|| (median(strategy), short(median(strategy), f64::NAN)));
    let wanted = short(wanted, f64::NAN);
    Values::of(results, said).say(|words| format!("Median output at the end, of {wanted} FTE wanted: {words}"))
}

/// People by employer, under each strategy that has several.
fn employers(results: &Results) -> Stack {
    let world = &results.study.scenario.world;
    let taking_part = |organisation: &usize| {
        all(results).any(|strategy| results.study.employers(strategy).iter().any(|one| usize::from(one.0) == *organisation))
    };
    let organisations: Vec<usize> = (0..world.organisations.len()).filter(taking_part).collect();
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| {
        let employers = results.study.employers(strategy);
        let of = |organisation: &usize| {
            let place = employers.iter().position(|one| usize::from(one.0) == *organisation);
            place.map_or_else(
                || vec![0.0; results.study.months()],
                |place| results.strategies[strategy].employed[place].clone(),
            )
        };
        let amounts = organisations.iter().map(of).collect();
        (!employers.is_empty()).then(|| StrategyStack { name: name.to_owned(), slot, days: month_ends(results), amounts })
    };
    let last = |strategy: usize| {
        let at_end = results.strategies[strategy].employed.iter().map(|months| months.last().copied().unwrap_or(0.0));
        let most = at_end.enumerate().max_by(|one, other| one.1.total_cmp(&other.1))?;
        let organisation = results.study.employers(strategy)[most.0];
        Some((most.1, world.organisation(organisation).title().to_owned()))
    };
    let finding =
        Values::of(results, last).full().map(|words| format!("By the end, most of the team is employed by {words}"));
    Stack {
        heading: Heading::new(title([finding], "Who employs the team"))
            .with_subtitle("People present at each month end by employer, on average"),
        unit: "people".to_owned(),
        start: results.study.scenario.start(),
        parts: organisations.iter().map(|&one| world.organisations[one].title().to_owned()).collect(),
        strategies: strategies(results).filter_map(strategy).collect(),
    }
}

/// People who leave in a year for every 100 present.
fn attrition(results: &Results) -> Bars {
    let head_years = |strategy| results.response(strategy, ResponseId::HEAD_DAYS).mean / DAYS_PER_YEAR;
    let rate = |strategy, leaves: ResponseId| HUNDRED * results.response(strategy, leaves).mean / head_years(strategy);
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| StrategyBar {
        name: name.to_owned(),
        slot,
        amounts: (0..CAUSES.len()).map(|cause| rate(strategy, ResponseId::FIRST_LEAVES_CAUSE.after(cause))).collect(),
    };
    let total = |strategy| {
        let leaves = results.response(strategy, ResponseId::LEAVES);
        let rate = rate(strategy, ResponseId::LEAVES);
        rate.is_finite().then(|| (rate, short(rate.round(), rate * half_width(leaves) / leaves.mean)))
    };
    let findings = Values::of(results, total).say(|words| {
        if all(results).len() < 2 {
            format!("{words} of 100 people leave in a year")
        } else {
            format!("Leavers in a year per 100 people: {words}")
        }
    });
    Bars {
        heading: Heading::new(title(findings, "How many people leave in a year, and why"))
            .with_subtitle("Leavers in a year per 100 people, by cause, on average"),
        unit: "leavers per 100 people and year".to_owned(),
        parts: CAUSES.iter().map(|words| (*words).to_owned()).collect(),
        strategies: strategies(results).map(strategy).collect(),
    }
}

const DAYS_PER_YEAR: f64 = 365.0;
const HUNDRED: f64 = 100.0;

fn staffed_day(results: &Results) -> DayDistribution {
    let strategy = |Drawn { strategy, slot, name }: Drawn<'_>| {
        let days = replications(results, strategy, ResponseId::STAFFED_DAY);
        let reached: Vec<f64> = days.iter().copied().filter(|day| day.is_finite()).collect();
        StrategyDays { name: name.to_owned(), slot, not_reached: days.len() - reached.len(), days: reached }
    };
    let world = &results.study.scenario.world;
    DayDistribution {
        heading: Heading::new(title(staffed_findings(results), "When the team is staffed"))
            .with_subtitle("Share of simulations in which headcount has reached 90 % of the highest wanted, by date"),
        start: results.study.scenario.start(),
        horizon_days: world.horizon_days(),
        strategies: strategies(results).map(strategy).collect(),
    }
}

/// By when half of the simulations are staffed.
fn staffed_findings(results: &Results) -> [Option<String>; 2] {
    let median = |strategy: usize| results.response(strategy, ResponseId::STAFFED_DAY).quantiles[2];
    let reached =
        |strategy: usize| median(strategy).is_finite().then(|| (median(strategy), month(results, median(strategy))));
    let never: Vec<usize> = all(results).filter(|&strategy| median(strategy).is_infinite()).collect();
    let never = match never.len() {
        0 => String::new(),
        count if count == all(results).len() && count == 1 => {
            return [Some("The team is not staffed in half of the simulations".to_owned()), None];
        }
        count if count == all(results).len() => {
            return [Some("No strategy staffs the team in half of the simulations".to_owned()), None];
        }
        _ => format!("; not by the end with {}", names(results, &never)),
    };
    Values::of(results, reached).say(|words| format!("Half of the simulations are staffed by {words}{never}"))
}
