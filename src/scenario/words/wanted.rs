//! The frame, demand, output, and the goals, in words.

use crate::input::months::{Moment, MonthLength};
use crate::report::number::readable;
use crate::stats::{Confidence, Interval};
use crate::world::{Bound, DAYS_PER_MONTH, DemandShock, Goal, Measure, Operations, Unit, Wanted, World};

use super::Words;
use super::given::Step::{Item, Key};
use super::phrases::{about_percent, number, percent, round, short, spread, struck};

/// The months of the calendar.
const FISCAL_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Words<'_> {
    /// Describes title, horizon, replications and money.
    pub(super) fn frame(&mut self) {
        let scenario = self.scenario;
        let world = &scenario.world;
        let top = self.given(&[]);
        self.say(0, scenario.title.clone());
        let end = world.months.last_date(world.horizon_months);
        self.say(
            1,
            format!(
                "{} months from {} to {end}, {}{}",
                world.horizon_months,
                scenario.start(),
                match world.months.length {
                    MonthLength::Calendar => "months of the calendar",
                    MonthLength::Equal => "months of 365/12 days",
                },
                top.mark("months")
            ),
        );
        let first = FISCAL_MONTHS[usize::from(world.months.fiscal_year_starts.unsigned_abs()) - 1];
        self.say(1, format!("fiscal years begin in {first}{}", top.mark("fiscal_year_starts")));
        let replications = number(scenario.replications.into());
        self.say(
            1,
            format!(
                "{replications} replications of each strategy{} with seed {}{}",
                top.mark("replications"),
                scenario.seed,
                top.mark("seed"),
            ),
        );
        let discount = match world.discount_rate_per_year {
            rate if rate.abs() > 0.0 => format!("discounted at {} a year", percent(rate)),
            _ => "not discounted".to_owned(),
        };
        let discount = format!("{discount}{}", top.mark("discount_rate_per_year"));
        self.say(1, format!("money in {}{}, {discount}", world.currency, top.mark("currency")));
        match world.value_per_fte_month {
            Some(value) => {
                self.say(1, format!("a month of one FTE delivered is worth {} {}", number(value), world.currency))
            }
            None => self.say(1, "output has no value in money (default): value and net value are not reported"),
        }
    }

    /// Describes roles and demand, and how people produce output.
    pub(super) fn wanted(&mut self) {
        let world = &self.scenario.world;
        self.say(0, "demand");
        for (index, (role, wanted)) in world.roles.iter().zip(&world.demand).enumerate() {
            let given = self.given(&[Key("role"), Item(index)]);
            let wanted = if self.given(&[Key("demand")]).has(&role.name) {
                heads(wanted)
            } else {
                "nobody wanted (default)".to_owned()
            };
            let output = format!("each produces {} FTE at level 1{}", number(role.output), given.mark("output"));
            let priority = format!("hired with priority {}{}", role.priority, given.mark("priority"));
            self.say(1, format!("{}: {wanted}", role.name));
            self.say(2, format!("{output}; {priority}"));
            if let Some(promotion) = role.promotion {
                let after = format!("{} days{}", number(promotion.after_days), given.mark("promote_after_days"));
                let share = format!("{}{}", percent(promotion.share), given.mark("promote_share"));
                let from = self.role(promotion.from);
                self.say(
                    2,
                    format!("{share} of its places go to the {from} with the longest tenure, after {after} at least"),
                );
            }
        }
        let (people, fte) = world.highest_wanted();
        self.say(1, format!("at most {} people are wanted at once, with an output of {} FTE", people, round(fte)));
        match &world.demand_shock {
            Some(shock) => self.demand_shock(shock),
            None => self.say(1, "there are no demand shocks (no [demand.shock])"),
        }
        self.say(0, "output");
        self.communication(world);
        match &world.operations {
            Some(operations) => self.operations(operations),
            None => self.say(1, "there are no incidents (no [operations])"),
        }
        match world.project {
            Some(project) => {
                let days = project.size_fte_days;
                self.say(1, format!("the project is complete when {} FTE-days are delivered", number(days)));
                if fte > 0.0 {
                    let months = number((days / DAYS_PER_MONTH / fte).round());
                    self.say(2, format!("at the full wanted output of {} FTE that takes {months} months", round(fte)));
                }
            }
            None => self.say(1, "there is no project to complete (no [project])"),
        }
        let mark = self.given(&[]).mark("knowledge_days");
        self.say(
            1,
            format!("after {} days{mark} a person knows 63 % of all there is to know", number(world.knowledge_days)),
        );
    }

    fn demand_shock(&mut self, shock: &DemandShock) {
        let given = self.given(&[Key("demand"), Key("shock")]);
        let often = format!("{} a year on average{}", readable(shock.per_year), given.mark("per_year"));
        self.say(1, format!("demand shocks: {often}, at any time"));
        let factor = format!("{}{}", spread(&shock.factor, ""), given.mark("factor"));
        self.say(2, format!("each multiplies all later wanted headcounts by {factor}"));
        if shock.per_year <= 0.0 || shock.factor.fixed() == Some(1.0) {
            self.say(2, "this has no effect");
        }
    }

    fn communication(&mut self, world: &World) {
        let Some(loss) = &world.communication else {
            self.say(1, "communication costs no output (no [communication])");
            return;
        };
        let given = self.given(&[Key("communication")]);
        let (highest, _) = world.highest_wanted();
        let lost = about_percent(1.0 - loss.factor(highest));
        let one = "in one team of any size (default)".to_owned();
        let teams = given.number("team").map_or(one, |team| format!("in teams of {}", number(team)));
        let coefficient = number(given.number("coefficient").unwrap_or(0.0));
        let coefficient = format!("coefficient {coefficient}{}", given.mark("coefficient"));
        self.say(1, format!("communication costs {lost} of the output of {highest} people {teams} ({coefficient})"));
    }

    fn operations(&mut self, operations: &Operations) {
        let given = self.given(&[Key("operations")]);
        let often = format!("{} a month{}", number(operations.incidents_per_month), given.mark("incidents_per_month"));
        self.say(1, format!("incidents: {often} in a new operation with experienced people"));
        let effort = format!("{}{}", spread(&operations.effort_days, "FTE-days"), given.mark("effort_days"));
        self.say(2, format!("each subtracts {effort} from the output delivered"));
        let floor = format!("{}{}", percent(operations.floor), given.mark("floor"));
        if operations.half_life_months.is_finite() {
            let half = number(operations.half_life_months);
            self.say(2, format!("{floor} of them never go away; the rest halves with every {half} months of maturity"));
        } else {
            self.say(2, format!("they do not decrease over time (half_life_months: default); floor {floor}"));
        }
        let rookies = format!("{}{}", number(operations.rookie_factor), given.mark("rookie_factor"));
        self.say(2, format!("{rookies} times as many if everyone present is below level 1"));
        let setback = format!("{}{}", number(operations.transfer_setback_months), given.mark("transfer_setback_months"));
        self.say(2, format!("each transfer costs {setback} months of maturity"));
        if operations.incidents_per_month <= 0.0 || operations.effort_days.maximum() <= 0.0 {
            self.say(2, "nothing is lost: there are no incidents, or they take no effort");
        }
    }

    /// Describes the market, and what the planner wants to reach.
    pub(super) fn goals(&mut self) {
        let world = &self.scenario.world;
        self.say(0, "market and goals");
        match world.market {
            Some(market) => {
                let hazard = market.exit_hazard_per_year;
                let mark = self.given(&[Key("market")]).mark("exit_hazard_per_year");
                let within = about_percent(struck(hazard, world.horizon_days()));
                self.say(
                    1,
                    format!(
                        "the venture may fail, so that the client leaves: {} a year{mark}, {within} within the horizon",
                        number(hazard)
                    ),
                );
            }
            None => self.say(1, "the venture never fails (no [market])"),
        }
        if world.goals.is_empty() {
            self.say(1, "no goals (no [[goal]])");
        }
        for goal in &world.goals {
            self.goal(goal);
        }
    }

    fn goal(&mut self, goal: &Goal) {
        let Measure { name, unit, help, .. } = *goal.measure.about();
        // What knowledge is a share of is too long for one line.
        let what = if unit == Unit::Share { name } else { help };
        let amount = |bound| match unit {
            Unit::Share => percent(bound),
            _ => format!("{} {}", number(bound), unit.name(self.currency())),
        };
        let due = goal.due_in_words(&self.month(goal.due.month_end()));
        let asks = match goal.bound {
            Bound::AtLeast(bound) => format!("{} at least {}{due}", goal.what(what), amount(bound)),
            Bound::AtMost(bound) => format!("{} at most {}{due}", goal.what(what), amount(bound)),
        };
        self.say(1, format!("goal {:?}:", goal.name));
        self.say(2, asks);
        match goal.probability {
            Some(probability) => self.say(
                2,
                format!(
                    "a gate: exit status 4 unless the lower confidence limit of its probability reaches {}",
                    percent(probability)
                ),
            ),
            None => self.say(2, "not a gate (default): its probability is only reported"),
        }
        let beyond = goal.probability.and_then(|probability| self.beyond_reach(probability));
        self.second_look(&format!("goal {:?}", goal.name), beyond.as_slice());
    }

    /// Returns why a gate cannot be met even if every replication meets its goal.
    fn beyond_reach(&self, probability: f64) -> Option<String> {
        let all = u64::from(self.scenario.replications);
        let limit = Interval::proportion(all, all, Confidence::USUAL).low;
        (limit < probability).then(|| {
            let required = percent(probability);
            let help = if probability < 1.0 { "use more replications" } else { "require less than 100 %" };
            // Rounded down: it must not look reached.
            let limit = (1000.0 * limit).floor() / 10.0;
            format!(
                "probability {required} cannot be met: the lower confidence limit of {} replications that all meet it is \
                 {limit} %; {help}",
                number(all as f64)
            )
        })
    }
}

/// Returns the wanted headcounts: `8 wanted, 24 from month 6`.
fn heads(wanted: &Wanted) -> String {
    let one = |(index, (from, heads)): (usize, (Moment, u32))| {
        let wanted = if index == 0 { " wanted" } else { "" };
        let from = if from.day > 0.0 { format!(" from month {}", short(from.month)) } else { String::new() };
        format!("{}{wanted}{from}", number(heads.into()))
    };
    wanted.steps().enumerate().map(one).collect::<Vec<_>>().join(", ")
}
