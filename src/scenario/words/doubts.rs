//! Numbers that are allowed but unusual: what was probably meant by them.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use crate::world::{Attrition, Bound, MeasureId, Organisation, Role, Strategy, Transfer, Trigger, Wanted, role_id};

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
        doubts.extend(self.rounded_demand());
        doubts.extend(self.names_alike());
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
        doubts.extend(growth(&below("cost"), &["wage_rise_per_year", "fx_drift_per_year"]));
        let general = organisation.attrition.as_ref();
        doubts.extend(general.into_iter().flat_map(|general| leaving(general, &below("attrition"), "attrition.")));
        for role in (0..self.scenario.world.roles.len()).map(role_id) {
            let (name, of_role) = (self.role(role), organisation.attrition_of(role));
            let given = self.given(&[path[0], path[1], Key("attrition"), Key("role"), Key(name)]);
            let path = format!("attrition.role.{name}.");
            doubts.extend(of_role.into_iter().flat_map(|of_role| leaving(of_role, &given, &path)));
        }
        for stage in organisation.hiring.iter().flat_map(|hiring| &hiring.stages) {
            let by_role =
                stage.pass_by_role.0.iter().map(|(role, pass)| (format!(" for {}", self.role(*role)), pass.value()));
            let hopeless = [(String::new(), stage.pass)].into_iter().chain(by_role).filter(|(_, pass)| *pass < PASS);
            doubts.extend(hopeless.map(|(of_role, pass)| {
                let (name, pass) = (&stage.name, percent(pass));
                format!("hiring.stages: only {pass} of the candidates{of_role} pass {name:?}; is that the share that fails?")
            }));
        }
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
        doubts.extend(self.doubts_on_people(strategy));
        doubts
    }

    /// Wanted headcounts that are rounded to other numbers of people.
    fn rounded_demand(&self) -> Vec<String> {
        let world = &self.scenario.world;
        // A shock multiplies before anything is rounded.
        if world.demand_shock.is_some() {
            return Vec::new();
        }
        let of_role = |(role, wanted): (&Role, &Wanted)| {
            let heads = wanted.0.iter().map(|(_, heads)| heads.value());
            let mut rounded =
                heads.zip(wanted.steps()).filter(|(heads, (_, whole))| (heads - f64::from(*whole)).abs() > 1e-9);
            rounded.next().map(|(heads, (_, whole))| {
                let (name, heads, whole) = (&role.name, number(heads), number(whole.into()));
                format!(
                    "demand.{name}: {heads} is rounded to {whole}; people who work part time go into `people`, with `fte`"
                )
            })
        };
        world.roles.iter().zip(&world.demand).filter_map(of_role).collect()
    }

    /// Names that look alike: they differ only in blanks, in case, or in how accents are composed.
    fn names_alike(&self) -> Vec<String> {
        let (scenario, world) = (self.scenario, &self.scenario.world);
        let kinds: [(&str, Vec<&str>); 4] = [
            ("role", world.roles.iter().map(|role| role.name.as_str()).collect()),
            ("organisation", world.organisations.iter().map(|organisation| organisation.name.as_str()).collect()),
            ("strategy", scenario.strategies.iter().map(|strategy| strategy.name.as_str()).collect()),
            ("goal", world.goals.iter().map(|goal| goal.name.as_str()).collect()),
        ];
        let of_kind = |(kind, names): (&str, Vec<&str>)| -> Vec<String> {
            let mut seen: BTreeMap<String, &str> = BTreeMap::new();
            let alike = names.into_iter().filter_map(|name| {
                let looks = name.split_whitespace().collect::<Vec<_>>().join(" ").nfkc().collect::<String>().to_lowercase();
                let other = seen.insert(looks, name)?;
                Some(format!("{kind} {name:?} and {kind} {other:?} look alike; is one of them a misspelling?"))
            });
            alike.collect()
        };
        kinds.into_iter().flat_map(of_kind).collect()
    }

    /// Salaries of one role that differ too much to be in one unit.
    fn distant_salaries(&self) -> Vec<String> {
        let organisations = &self.scenario.world.organisations;
        let roles = 0..self.scenario.world.roles.len();
        let of_role = |role: usize| {
            let paid = organisations.iter().filter_map(|organisation| {
                let salaries = &organisation.cost.as_ref()?.salary_per_year.0;
                let (_, salary) = salaries.iter().find(|(paid, _)| usize::from(paid.0) == role)?;
                let first = salary.iter().next().map_or(0.0, |(_, amount)| amount.value());
                Some((first, organisation.name.as_str())).filter(|(salary, _)| *salary > 0.0)
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
            let most = match (goal.measure, &goal.role) {
                (MeasureId::HEADCOUNT, Some((role, _))) => f64::from(world.highest_wanted_in(*role)),
                (MeasureId::HEADCOUNT, None) => f64::from(heads),
                (MeasureId::EFFECTIVE_FTE, _) => fte,
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

/// What is odd about why and when people leave.
fn leaving(attrition: &Attrition, given: &Given<'_>, path: &str) -> Vec<String> {
    let hazards = ["attrition_per_year", "early_hazard_per_year", "rotation_hazard_per_year", "burnout_hazard_per_year"];
    let mut doubts = rates(given, path, &hazards);
    let stay_days = attrition.tenure_days.as_ref().map(|days| days.mean());
    if let Some(days) = stay_days.filter(|days| *days < STAY_DAYS && given.has("tenure_days")) {
        let days = number((10.0 * days).round() / 10.0);
        doubts.push(format!("{path}tenure_days: people stay {days} days on average; was that meant in months?"));
    }
    doubts
}

/// Rates per year that are probably percents.
fn rates(given: &Given<'_>, path: &str, keys: &[&str]) -> Vec<String> {
    doubtful(given, keys, RATE).map(|(key, rate)| format!("{path}{key}: {}", in_percent(rate))).collect()
}

/// Relative changes per year that are probably percents.
fn growth(given: &Given<'_>, keys: &[&str]) -> Vec<String> {
    doubtful(given, keys, GROWTH).map(|(key, rate)| format!("{key}: {}", in_percent(rate))).collect()
}

fn doubtful<'k>(given: &Given<'_>, keys: &'k [&str], most: f64) -> impl Iterator<Item = (&'k str, f64)> {
    keys.iter().filter_map(move |key| Some((*key, given.number(key)?))).filter(move |(_, rate)| *rate > most)
}

/// `2000 % a year; was 0.2 meant?`
fn in_percent(rate: f64) -> String {
    let meant = if rate >= 2.0 { format!("; was {} meant?", number(rate / 100.0)) } else { String::new() };
    format!("{} a year is {} a year{meant}", number(rate), percent(rate))
}
