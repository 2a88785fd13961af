//! A chronicle of a replication: all states, incidents and departures. It recomputes the responses of MODEL section 11
//! and the month-end measures.

use std::collections::BTreeMap;

use handover::engine::Time;
use handover::maths::exp;
use handover::model::{Cause, Fact, PersonId, Phase, SeatId, Team, TransferId};
use handover::response::Unit;
use handover::world::{Bound, Due, Goal, OrganisationId, Strategy, World};

use crate::support::Seen;

use super::by_role::ByRole;

/// The state of the team over a time span.
#[derive(Debug)]
struct State {
    from: f64,
    until: f64,
    headcount: f64,
    wanted: f64,
    effective: f64,
    wanted_fte: f64,
    open: f64,
    /// Requisitions that wait for staff, people who wait for a mentor, units of staff in use and all units.
    waits: [f64; 4],
    /// Effort of incidents at the instant at which this state began or before.
    effort_before: f64,
}

/// The day of an event that does not come within the horizon.
const NEVER: f64 = f64::INFINITY;

/// All that the responses need.
pub(super) struct Chronicle<'w> {
    world: &'w World,
    strategy: &'w Strategy,
    states: Vec<State>,
    /// Effort of all incidents so far, and their number.
    effort: f64,
    incidents: f64,
    opened: BTreeMap<SeatId, f64>,
    /// Days to fill, by order of joining.
    fills: Vec<f64>,
    first_join: Option<f64>,
    /// The day on which each of those present joined.
    present: BTreeMap<PersonId, f64>,
    causes: [f64; Cause::ALL.len()],
    /// The first transfer of the list that took place, and when.
    transfer: Option<(TransferId, f64)>,
    refused: f64,
    /// By order of joining: days of accepting and of departure.
    accepted: BTreeMap<u32, (f64, f64)>,
    /// Whether each outcome applies: transferred, extended, rescued, exited.
    outcomes: [bool; 4],
    /// Measures at month ends.
    months: Vec<BTreeMap<&'static str, f64>>,
    so_far: (f64, f64),
    /// The same of each role.
    pub(super) by_role: ByRole<'w>,
    promotions: f64,
}

impl<'w> Chronicle<'w> {
    /// Returns an empty chronicle.
    pub(super) fn new(world: &'w World, strategy: &'w Strategy) -> Self {
        Self {
            world,
            strategy,
            states: Vec::new(),
            effort: 0.0,
            incidents: 0.0,
            opened: BTreeMap::new(),
            fills: Vec::new(),
            first_join: None,
            present: BTreeMap::new(),
            causes: [0.0; Cause::ALL.len()],
            transfer: None,
            refused: 0.0,
            accepted: BTreeMap::new(),
            outcomes: [false; 4],
            months: Vec::new(),
            so_far: (0.0, 0.0),
            by_role: ByRole::new(world),
            promotions: 0.0,
        }
    }

    /// Records an observation.
    pub(super) fn write(&mut self, seen: &Seen<'_>) {
        self.by_role.write(seen);
        match seen {
            Seen::Start | Seen::Measured(..) => {}
            Seen::Held(team, from, until) => self.states.push(State {
                from: from.days(),
                until: until.days(),
                headcount: team.headcount().into(),
                wanted: team.wanted().into(),
                effective: team.effective_fte(),
                wanted_fte: team.wanted_fte(),
                open: team.open_requisitions().into(),
                waits: waits(self.world, team, from.days()),
                effort_before: self.effort,
            }),
            Seen::Fact(fact, team, now) => {
                self.write_hiring(*fact, team, *now);
                self.write_fact(*fact, team, now.days());
            }
            Seen::Month(_, team, now) => self.write_month(team, *now),
        }
    }

    fn write_hiring(&mut self, fact: Fact, team: &Team, now: Time) {
        match fact {
            Fact::RequisitionOpened(seat) => {
                self.opened.insert(seat, now.days());
            }
            Fact::Joined(seat) => {
                self.first_join.get_or_insert(now.days());
                self.fills.push(now.days() - self.opened[&seat]);
                self.present.insert(team.holder(seat), now.days());
            }
            Fact::WasThere { seat, tenure_days, .. } => {
                self.present.insert(team.holder(seat), -tenure_days);
            }
            Fact::Promoted { .. } => self.promotions += 1.0,
            _ => {}
        }
    }

    fn write_fact(&mut self, fact: Fact, team: &Team, day: f64) {
        let is_first = |transfer: TransferId| self.transfer.is_some_and(|(first, _)| first == transfer);
        match fact {
            Fact::TransferBegan(transfer) if usize::from(transfer.0) < self.strategy.transfers.len() => {
                self.transfer.get_or_insert((transfer, day));
                self.outcomes[0] = true;
            }
            Fact::TransferExtended(_) => self.outcomes[1] = true,
            Fact::TransferBegan(_) => self.outcomes[2] = true,
            Fact::MarketExited => self.outcomes[3] = true,
            Fact::Refused(_, transfer) if is_first(transfer) => self.refused += 1.0,
            Fact::Accepted(person, transfer) if is_first(transfer) => {
                self.accepted.insert(team.person(person).order, (day, f64::INFINITY));
            }
            Fact::Left(person, cause) => {
                self.causes[cause as usize] += 1.0;
                self.present.remove(&person);
                if let Some((_, departed)) = self.accepted.get_mut(&team.person(person).order) {
                    *departed = day;
                }
            }
            Fact::Incident(effort) => {
                self.effort += effort;
                self.incidents += 1.0;
            }
            _ => {}
        }
    }

    fn write_month(&mut self, team: &Team, now: Time) {
        let of_one = |joined_day: &f64| 1.0 - exp(-(now.days() - joined_day) / self.world.knowledge_days);
        let known: f64 = self.present.values().map(of_one).sum();
        let wanted = f64::from(team.wanted());
        let (joins, leaves) = (self.fills.len() as f64, self.causes.iter().sum::<f64>());
        self.months.push(BTreeMap::from([
            ("wanted", wanted),
            ("headcount", self.present.len() as f64),
            ("effective_fte", team.effective_fte()),
            ("delivered_fte_days", self.integral(|state| state.effective) - self.effort),
            ("open_requisitions", team.open_requisitions().into()),
            ("joins", joins - self.so_far.0),
            ("leaves", leaves - self.so_far.1),
            ("knowledge", if wanted > 0.0 { known / wanted } else { 0.0 }),
        ]));
        self.so_far = (joins, leaves);
    }

    /// Returns the measures at each month end, but for money.
    pub(super) fn months(&self) -> &[BTreeMap<&'static str, f64>] {
        &self.months
    }

    /// Returns the responses by name, but for money; NaN for an empty one.
    pub(super) fn responses(&self) -> Vec<(&str, f64)> {
        let (heads, fte) = self.highest_wanted();
        let [half, staffed] = [0.5, 0.9].map(|share| self.first_day(|state| state.headcount, share * heads));
        let effective = self.first_day(|state| state.effective, 0.9 * fte);
        let outcome = (1..=4).rev().find(|&outcome| self.outcomes[outcome - 1]).unwrap_or(0);
        let (joins, fill_days) = (self.fills.len() as f64, self.fills.iter().sum::<f64>());
        let (head_days, vacant_days) = (self.integral(|state| state.headcount), self.integral(|state| state.open));
        // All except released people, and those whom an exit or a collapse took along.
        let quits: f64 = self.causes[..6].iter().sum();
        let delivered = self.integral(|state| state.effective) - self.effort;
        let [busy, units] = [2, 3].map(|count| self.integral(|state| state.waits[count]));
        let per = |amount: f64, of: f64| if of > 0.0 { amount / of } else { f64::NAN };
        let mut responses = vec![
            ("first_join_day", if heads > 0.0 { self.first_join.unwrap_or(NEVER) } else { f64::NAN }),
            ("half_staffed_day", half),
            ("staffed_day", staffed),
            ("effective_day", effective),
            ("project_day", self.project_day()),
            ("effective_fte_days", self.integral(|state| state.effective)),
            ("delivered_fte_days", delivered),
            ("delivered_fte_months", self.fte_months()),
            ("wanted_fte_days", self.integral(|state| state.wanted_fte)),
            ("shortfall_fte_days", self.integral(|state| (state.wanted_fte - state.effective).max(0.0))),
            ("staffed_share", self.staffed_share()),
            ("joins", joins),
            ("leaves", self.causes.iter().sum()),
            ("head_days", head_days),
            ("fill_days", fill_days),
            ("mean_fill_days", per(fill_days, joins)),
            ("vacant_days_per_join", per(vacant_days, joins)),
            ("vacant_days", vacant_days),
            ("open_at_end", self.months.last().map_or(0.0, |month| month["open_requisitions"])),
            ("promotions", self.promotions),
            ("quits", quits),
            ("attrition_rate", per(365.0 * quits, head_days)),
            ("waiting_staff_days", self.integral(|state| state.waits[0])),
            ("waiting_mentor_days", self.integral(|state| state.waits[1])),
            ("staff_busy_days", busy),
            ("staff_days", units),
            ("staff_busy_share", per(busy, units)),
            ("incidents", self.incidents),
            ("outcome", outcome as f64),
        ];
        let names = [
            "leaves_tenure",
            "leaves_early",
            "leaves_rotation",
            "leaves_burnout",
            "leaves_shock",
            "leaves_refusal",
            "leaves_release",
            "leaves_exit",
            "leaves_collapse",
        ];
        responses.extend(names.into_iter().zip(self.causes));
        responses.extend(self.handover());
        responses.extend(self.goals());
        responses
    }

    /// Returns the FTE-days of each month divided by its days, summed.
    fn fte_months(&self) -> f64 {
        let (ends, mut before) = (self.world.month_ends(), 0.0);
        let of_month = |(measures, month): (&BTreeMap<&str, f64>, u32)| {
            let delivered = measures["delivered_fte_days"];
            (delivered - std::mem::replace(&mut before, delivered)) / ends.length_days(month)
        };
        self.months.iter().zip(1..).map(of_month).sum()
    }

    /// Returns the highest wanted headcount and output of all roles together, without shocks.
    fn highest_wanted(&self) -> (f64, f64) {
        let horizon = self.world.horizon_days();
        let steps = self.world.demand.iter().flat_map(|demand| demand.0.iter().map(|(from, _)| from.day));
        let at = |day: f64| {
            let heads = self.world.demand.iter().map(|demand| {
                let in_force = demand.0.iter().filter(|(from, _)| from.day <= day).last();
                in_force.map_or(0.0, |(_, heads)| (heads.value() + 0.5 + 1e-9).floor())
            });
            let output = heads.clone().zip(&self.world.roles).map(|(heads, role)| heads * role.output);
            (heads.sum::<f64>(), output.sum::<f64>())
        };
        let wanted = steps.filter(|&day| day < horizon).map(at);
        wanted.fold((0.0, 0.0), |highest, wanted| (wanted.0.max(highest.0), wanted.1.max(highest.1)))
    }

    fn integral(&self, value: impl Fn(&State) -> f64) -> f64 {
        self.states.iter().map(|state| value(state) * (state.until - state.from)).sum()
    }

    fn first_day(&self, value: impl Fn(&State) -> f64, bound: f64) -> f64 {
        let reached = self.states.iter().find(|state| bound > 0.0 && value(state) >= bound - 1e-8);
        let day = if bound > 0.0 { NEVER } else { f64::NAN };
        reached.map_or(day, |state| state.from)
    }

    /// Returns the day on which delivered output first reached the size of the project.
    fn project_day(&self) -> f64 {
        let Some(project) = self.world.project else { return f64::NAN };
        let mut effective = 0.0;
        for state in &self.states {
            let missing = project.size_fte_days - (effective - state.effort_before);
            let days = state.until - state.from;
            if state.effective * days >= missing - 1e-9 * missing.abs().max(1.0) {
                return if missing > 0.0 { (state.from + missing / state.effective).min(state.until) } else { state.from };
            }
            effective += state.effective * days;
        }
        NEVER
    }

    fn staffed_share(&self) -> f64 {
        let someone = |state: &State| f64::from(u8::from(state.wanted > 0.0));
        let staffed = |state: &State| someone(state) * f64::from(u8::from(state.headcount >= 0.95 * state.wanted - 1e-8));
        self.integral(staffed) / self.integral(someone)
    }

    fn handover(&self) -> Vec<(&'static str, f64)> {
        let (trough, recovery) = self.trough();
        let count = |count: f64| self.transfer.map_or(f64::NAN, |_| count);
        let accepted = self.accepted.len() as f64;
        vec![
            (
                "transfer_day",
                self.transfer.map_or(if self.strategy.transfers.is_empty() { f64::NAN } else { NEVER }, |(_, day)| day),
            ),
            ("offered", count(accepted + self.refused)),
            ("accepted", count(accepted)),
            ("retained_6m", self.retained(182.5)),
            ("retained_12m", self.retained(365.0)),
            ("trough_share", trough),
            ("recovery_days", recovery),
        ]
    }

    fn retained(&self, days: f64) -> f64 {
        let horizon = self.states.last().map_or(0.0, |state| state.until);
        if self.accepted.is_empty() || self.accepted.values().any(|(accepted, _)| accepted + days > horizon) {
            return f64::NAN;
        }
        let stayed = self.accepted.values().filter(|(accepted, departed)| departed - accepted > days).count();
        stayed as f64 / self.accepted.len() as f64
    }

    fn trough(&self) -> (f64, f64) {
        let Some((_, day)) = self.transfer else { return (f64::NAN, f64::NAN) };
        let before = self.states.iter().rev().find(|state| state.until <= day).map_or(0.0, |state| state.effective);
        if before <= 0.0 {
            return (f64::NAN, f64::NAN);
        }
        let after: Vec<&State> = self.states.iter().filter(|state| state.from >= day).collect();
        let lowest =
            after.iter().filter(|state| state.from < day + 180.0).map(|state| state.effective).fold(f64::INFINITY, f64::min);
        let bound = 0.95 * before - 1e-8;
        if lowest >= bound {
            return (lowest / before, 0.0);
        }
        let mut from_lowest = after.iter().skip_while(|state| state.effective > lowest);
        let recovered = from_lowest.find(|state| state.effective >= bound);
        (lowest / before, recovered.map_or(NEVER, |state| state.from - day))
    }

    /// Returns what a goal bounds, at each month end.
    fn measured(&self, goal: &Goal) -> Vec<f64> {
        let name = goal.measure.about().name;
        let Some((role, _)) = &goal.role else { return self.months.iter().map(|measures| measures[name]).collect() };
        let by_role = ["wanted", "headcount", "open_requisitions", "joins", "leaves"];
        let position = by_role.iter().position(|kept| *kept == name).expect("it is kept by role");
        self.by_role.months(*role).iter().map(|measures| measures[position]).collect()
    }

    /// Returns whether each goal that is not about money is met, by checking all windows of month ends that could meet
    /// it.
    fn goals(&self) -> Vec<(&str, f64)> {
        let goals = self.world.goals.iter().filter(|goal| goal.measure.about().unit != Unit::Money);
        let value = |goal: &Goal| {
            let slack = |bound: f64| 1e-9 * bound.abs().max(1.0);
            let holds = |measure: f64| match goal.bound {
                Bound::AtLeast(bound) => measure >= bound - slack(bound),
                Bound::AtMost(bound) => measure <= bound + slack(bound),
            };
            let held: Vec<bool> = self.measured(goal).into_iter().map(holds).collect();
            let (end, row) = (goal.due.month_end() as usize, goal.for_months as usize);
            match (goal.due, goal.bound) {
                (Due::At(_), _) => held[end - row..end].iter().all(|&held| held),
                (Due::By(_), Bound::AtLeast(_)) => held[..end].windows(row).any(|window| window.iter().all(|&held| held)),
                (Due::By(_), Bound::AtMost(_)) => held[..end].iter().all(|&held| held),
                (Due::In(_), _) => unreachable!("only money is booked by year"),
            }
        };
        goals.map(|goal| (goal.name.as_str(), f64::from(u8::from(value(goal))))).collect()
    }
}

/// Returns the requisitions that wait for staff, the people who wait for a mentor, and the units of staff in use and all
/// units of the organisations that are active.
fn waits(world: &World, team: &Team, day: f64) -> [f64; 4] {
    let staffed = |(_, requisition): (SeatId, &handover::model::team::Requisition)| {
        let stage = requisition.stage()?;
        let hiring = world.organisation(stage.organisation).hiring.as_ref()?;
        let is_active = team.is_active(stage.organisation);
        hiring.stages[usize::from(stage.index)].staff.map(|_| (requisition.is_at_work(), is_active))
    };
    let staffed: Vec<(bool, bool)> = team.requisitions().filter_map(staffed).collect();
    let waiting = staffed.iter().filter(|(is_at_work, _)| !is_at_work).count();
    let busy = staffed.iter().filter(|&&(is_at_work, is_active)| is_at_work && is_active).count();
    let for_mentor = team.staying().filter(|(_, person)| person.phase == Phase::Waiting).count();
    let active = (0..).map(OrganisationId).zip(&world.organisations).filter(|(id, _)| team.is_active(*id));
    let staff = active.flat_map(|(_, organisation)| &organisation.hiring).flat_map(|hiring| &hiring.staff);
    let in_force = |(from, _): &(handover::input::months::Moment, _)| from.day <= day + 1e-7;
    let units = staff.map(|staff| staff.steps.iter().take_while(in_force).last().map_or(0, |(_, units)| units.units));
    [waiting as f64, for_mentor as f64, busy as f64, f64::from(units.sum::<u32>())]
}
