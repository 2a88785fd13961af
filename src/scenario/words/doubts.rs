//! Numbers that are allowed but unusual: what was probably meant by them.

use crate::world::{Bound, MeasureId, Organisation, Strategy, Transfer, Trigger};

use super::Words;
use super::given::Given;
use super::given::Step::{Item, Key};
use super::phrases::{number, percent};

/// Rates of leaving above this, per year, are rarely meant.
const RATE: f64 = 1.0;
/// Relative changes per year above this are rarely meant.
const GROWTH: f64 = 0.5;
/// A mean stay shorter than this, in days, is rarely meant.
const STAY_DAYS: f64 = 60.0;
/// Chances of passing below this are rarely meant.
const PASS: f64 = 0.05;
/// Salaries of one role that are further apart than this factor are rarely in one unit.
const SALARIES: f64 = 5.0;
/// A notice period below the first number of days, beside one above the second, may have been given in weeks or months.
const NOTICES_DAYS: [f64; 2] = [8.0, 30.0];

impl Words<'_> {
    /// Notes what is unusual in the scenario as a whole.
    pub(super) fn doubts(&mut self) {
        let scenario = self.scenario;
        let mut doubts = Vec::new();
        let months = scenario.world.months;
        if months.length == crate::input::months::MonthLength::Calendar && months.start.day() > 1 {
            let (start, end) = (months.start, months.last_date(1));
            doubts.push(format!("start: it is not the first of a month, so months run as from {start} to {end}"));
        }
        doubts.extend(growth(&self.given(&[]), &["discount_rate_per_year"]));
        doubts.extend(rates(&self.given(&[Key("market")]), "market.", &["exit_hazard_per_year"]));
        doubts.extend(self.distant_salaries());
        doubts.extend(self.distant_notices());
        doubts.extend(self.goals_beyond_demand());
        self.notes.extend(doubts);
        for organisation in &scenario.world.organisations {
            let doubts = self.doubts_on_organisation(organisation);
            self.second_look(&format!("organisation {}", organisation.name), &doubts);
        }
        for strategy in &scenario.strategies {
            let doubts = self.doubts_on_strategy(strategy);
            self.second_look(&format!("strategy {}", strategy.name), &doubts);
        }
    }

    fn doubts_on_organisation(&self, organisation: &Organisation) -> Vec<String> {
        let path = [Key("organisation"), Key(organisation.name.as_str())];
        let below = |key| self.given(&[path[0], path[1], Key(key)]);
        let mut doubts = rates(&self.given(&path), "", &["failure_hazard_per_year"]);
        let hazards = ["attrition_per_year", "early_hazard_per_year", "rotation_hazard_per_year", "burnout_hazard_per_year"];
        doubts.extend(rates(&below("attrition"), "attrition.", &hazards));
        doubts.extend(growth(&below("cost"), &["wage_rise_per_year", "fx_drift_per_year"]));
        let stay_days = organisation.attrition.as_ref().and_then(|attrition| attrition.tenure_days.as_ref()?.mean().into());
        if let Some(days) = stay_days.filter(|days: &f64| *days < STAY_DAYS && below("attrition").has("tenure_days")) {
            let days = number((10.0 * days).round() / 10.0);
            doubts.push(format!("attrition.tenure_days: people stay {days} days on average; was that meant in months?"));
        }
        let stages = organisation.hiring.iter().flat_map(|hiring| &hiring.stages);
        let hopeless = stages.filter(|stage| stage.pass < PASS);
        doubts.extend(hopeless.map(|stage| {
            let (name, pass) = (&stage.name, percent(stage.pass));
            format!("hiring.stages: only {pass} of the candidates pass {name:?}; is that the share that fails?")
        }));
        doubts
    }

    fn doubts_on_strategy(&self, strategy: &Strategy) -> Vec<String> {
        let mut doubts = Vec::new();
        for (index, transfer) in strategy.transfers.iter().enumerate() {
            let given = self.given(&[Key("strategy"), Key(&strategy.name), Key("transfer"), Item(index)]);
            let path = format!("transfer to {}: ", self.name(transfer.to));
            doubts.extend(rates(&given, &path, &["shock_hazard_per_year"]));
            doubts.extend(prepares_late(transfer).map(|doubt| path + &doubt));
        }
        for (vendor, _) in &strategy.contracts {
            let given = self.given(&[Key("strategy"), Key(&strategy.name), Key("contract"), Key(self.name(*vendor))]);
            doubts.extend(growth(&given, &["rate_rise_per_year"]));
        }
        let law = self.scenario.world.organisation(strategy.employer).attrition.as_ref();
        if let Some(law) = law.and_then(|attrition| attrition.tenure_days.as_ref()) {
            let all_gone = strategy.initial.iter().filter(|initial| initial.headcount > 0);
            doubts.extend(all_gone.filter(|initial| initial.tenure_days.quantile(0.5) >= law.maximum()).map(|initial| {
                format!(
                    "initial: every {} leaves on day 0, as nobody stays longer than {} days; a law fitted to leavers alone is \
                     too short, because it leaves out those who stayed",
                    self.role(initial.role),
                    number(law.maximum().round())
                )
            }));
        }
        doubts
    }

    /// Salaries of one role that differ too much to be in one unit.
    fn distant_salaries(&self) -> Vec<String> {
        let organisations = &self.scenario.world.organisations;
        let roles = 0..self.scenario.world.roles.len();
        let of_role = |role: usize| {
            let paid = organisations.iter().filter_map(|organisation| {
                let salaries = &organisation.cost.as_ref()?.salary_per_year.0;
                let (_, salary) = salaries.iter().find(|(paid, _)| usize::from(paid.0) == role)?;
                Some((salary.value(), organisation.name.as_str())).filter(|(salary, _)| *salary > 0.0)
            });
            let least = paid.clone().min_by(|one, other| one.0.total_cmp(&other.0))?;
            let most = paid.max_by(|one, other| one.0.total_cmp(&other.0))?;
            (most.0 > SALARIES * least.0).then(|| {
                format!(
                    "salary_per_year of {}: {} at {}, {} at {}; are both per year, and in {}?",
                    self.scenario.world.roles[role].name,
                    number(least.0),
                    least.1,
                    number(most.0),
                    most.1,
                    self.currency()
                )
            })
        };
        roles.filter_map(of_role).collect()
    }

    /// Notice periods that may have been given in weeks or months.
    fn distant_notices(&self) -> Vec<String> {
        let attritions =
            || self.scenario.world.organisations.iter().filter_map(|about| Some((about, about.attrition.as_ref()?)));
        let notices = || {
            attritions().flat_map(|(about, attrition)| {
                let both = [
                    ("leave_notice_days", &attrition.leave_notice_days),
                    ("release_notice_days", &attrition.release_notice_days),
                ];
                both.map(|(key, days)| (about.name.as_str(), key, days.mean()))
            })
        };
        let [few, many] = NOTICES_DAYS;
        let Some(longest) = notices().find(|(_, _, days)| *days > many) else { return Vec::new() };
        let short = notices().filter(|(_, _, days)| *days > 0.0 && *days < few);
        let doubt = |(name, key, days): (&str, &str, f64)| {
            let (days, of_longest) = (number(days), number(longest.2.round()));
            format!(
                "organisation {name}: {key} is {days} days, beside {of_longest} of {}; is it in weeks or months?",
                longest.0
            )
        };
        short.map(doubt).collect()
    }

    /// Goals that ask for more than is ever wanted.
    fn goals_beyond_demand(&self) -> Vec<String> {
        let world = &self.scenario.world;
        if world.demand_shock.is_some() {
            return Vec::new();
        }
        let (heads, fte) = world.highest_wanted();
        let doubt = |goal: &crate::world::Goal| {
            let most = match goal.measure {
                MeasureId::HEADCOUNT => f64::from(heads),
                MeasureId::EFFECTIVE_FTE => fte,
                _ => return None,
            };
            let Bound::AtLeast(bound) = goal.bound else { return None };
            (bound > most).then(|| {
                let (name, bound, most) = (&goal.name, number(bound), number(most));
                format!("goal {name:?}: it asks for {bound}, but demand never exceeds {most}")
            })
        };
        world.goals.iter().filter_map(doubt).collect()
    }
}

/// Why a transfer on a date takes place later, if its receiver starts after it.
fn prepares_late(transfer: &Transfer) -> Option<String> {
    let Trigger::At(at) = &transfer.trigger else { return None };
    (transfer.prepare.day > at.day)
        .then(|| "prepare_month comes after the transfer, which therefore waits for the receiver".to_owned())
}

/// Rates per year that are probably percents.
fn rates(given: &Given, path: &str, keys: &[&str]) -> Vec<String> {
    doubtful(given, keys, RATE).map(|(key, rate)| format!("{path}{key}: {}", in_percent(rate))).collect()
}

/// Relative changes per year that are probably percents.
fn growth(given: &Given, keys: &[&str]) -> Vec<String> {
    doubtful(given, keys, GROWTH).map(|(key, rate)| format!("{key}: {}", in_percent(rate))).collect()
}

fn doubtful<'k>(given: &Given, keys: &'k [&str], most: f64) -> impl Iterator<Item = (&'k str, f64)> {
    keys.iter().filter_map(move |key| Some((*key, given.number(key)?))).filter(move |(_, rate)| *rate > most)
}

/// `2000 % a year; was 0.2 meant?`
fn in_percent(rate: f64) -> String {
    let meant = if rate >= 2.0 { format!("; was {} meant?", number(rate / 100.0)) } else { String::new() };
    format!("{} a year is {} a year{meant}", number(rate), percent(rate))
}
