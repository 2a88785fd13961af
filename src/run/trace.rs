//! A trace: one replication in detail, by fact, by seat, and in its books by month.

use std::collections::BTreeMap;

use crate::engine::Time;
use crate::model::{Fact, Observer, PersonId, Phase, SeatId, Simulation, Stage, Team, TransferId};
use crate::money::{Entry, Ledger};
use crate::report::number::readable;
use crate::scenario::Scenario;
use crate::world::{OrganisationId, RoleId, Strategy, World};

/// Something that happened, and the state of the team after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Days since day 0.
    pub day: f64,
    /// What happened, in one word.
    pub event: &'static str,
    /// The organisation concerned.
    pub organisation: String,
    /// The role concerned.
    pub role: String,
    /// The seat concerned, a number within its role.
    pub seat: Option<u32>,
    /// The requisition concerned, or the one that brought the person: the n-th of its seat.
    pub requisition: Option<u32>,
    /// The stage, the phase, the cause or the number concerned.
    pub detail: String,
    /// People present.
    pub headcount: u32,
    /// Open requisitions.
    pub open_requisitions: u32,
    /// People who hold a mentor slot.
    pub mentored: u32,
    /// Effective output.
    pub effective_fte: f64,
}

/// The states of a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SeatState {
    /// Neither requisition nor person.
    Vacant,
    /// A requisition that waits for staff.
    Waiting,
    /// A requisition in its first stage.
    Searching,
    /// A requisition in a later stage: the person is found but has not joined.
    Hired,
    /// A person in onboarding.
    Onboarding,
    /// A person past onboarding.
    Productive,
    /// A person who has given notice or refused a transfer.
    Leaving,
}

impl SeatState {
    /// All states, in the order of a seat's life.
    pub const ALL: [SeatState; 7] = [
        SeatState::Vacant,
        SeatState::Waiting,
        SeatState::Searching,
        SeatState::Hired,
        SeatState::Onboarding,
        SeatState::Productive,
        SeatState::Leaving,
    ];

    /// Returns the state in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            SeatState::Vacant => "vacant",
            SeatState::Waiting => "waiting for staff",
            SeatState::Searching => "in the first stage",
            SeatState::Hired => "in a later stage",
            SeatState::Onboarding => "onboarding",
            SeatState::Productive => "productive",
            SeatState::Leaving => "leaving",
        }
    }
}

/// A time span during which a seat was in a state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// Begin, in days.
    pub from_day: f64,
    /// End, in days.
    pub until_day: f64,
    /// The state.
    pub state: SeatState,
}

/// One replication in detail.
#[derive(Clone, Debug)]
pub struct Trace {
    /// What happened, in order.
    pub rows: Vec<Row>,
    /// Spans of each seat, by role and seat.
    pub seats: BTreeMap<SeatId, Vec<Span>>,
    /// Days of the first waves of transfers.
    pub transfer_days: Vec<f64>,
    /// The books of every month (from 1).
    pub ledger: Vec<(u32, Entry)>,
}

/// Traces one replication of a strategy (by position).
#[must_use]
pub fn trace(scenario: &Scenario, strategy: usize, seed: u64, replication: u32) -> Trace {
    let strategy = &scenario.strategies[strategy];
    let mut tracer = Tracer {
        world: &scenario.world,
        strategy,
        rows: Vec::new(),
        seats: BTreeMap::new(),
        transfer_days: Vec::new(),
        books: Ledger::new(&scenario.world, strategy, seed),
        ledger: Vec::new(),
    };
    Simulation::new(&scenario.world, strategy, seed).replicate(replication, &mut tracer);
    let ends = scenario.world.month_ends();
    tracer.finish(ends.at(ends.last))
}

/// Finished spans of a seat, and the current one.
#[derive(Debug)]
struct SeatHistory {
    spans: Vec<Span>,
    state: SeatState,
    since_day: f64,
}

#[derive(Debug)]
struct Tracer<'s> {
    world: &'s World,
    strategy: &'s Strategy,
    rows: Vec<Row>,
    seats: BTreeMap<SeatId, SeatHistory>,
    transfer_days: Vec<f64>,
    books: Ledger,
    ledger: Vec<(u32, Entry)>,
}

impl Tracer<'_> {
    fn finish(self, end: Time) -> Trace {
        let finish = |(seat, mut history): (SeatId, SeatHistory)| {
            history.change(SeatState::Vacant, end.days());
            (seat, history.spans)
        };
        Trace {
            rows: self.rows,
            seats: self.seats.into_iter().map(finish).collect(),
            transfer_days: self.transfer_days,
            ledger: self.ledger,
        }
    }

    fn show(&mut self, seat: SeatId, state: SeatState, day: f64) {
        let new = || SeatHistory { spans: Vec::new(), state: SeatState::Vacant, since_day: 0.0 };
        self.seats.entry(seat).or_insert_with(new).change(state, day);
    }

    fn show_person(&mut self, person: PersonId, team: &Team, state: SeatState, day: f64) {
        self.show(team.person(person).seat, state, day);
    }

    /// Shows a person who is leaving beside what the seat does next.
    fn show_leaving(&mut self, person: PersonId, team: &Team, day: f64) {
        let seat = team.person(person).seat;
        self.show(seat, SeatState::Vacant, day);
        if let Some(history) = self.seats.get_mut(&seat) {
            // The duration is known once they have left.
            history.spans.push(Span { from_day: day, until_day: f64::INFINITY, state: SeatState::Leaving });
        }
    }

    fn show_left(&mut self, person: PersonId, team: &Team, day: f64) {
        let open = |span: &&mut Span| span.state == SeatState::Leaving && span.until_day.is_infinite();
        let seat = team.person(person).seat;
        let Some(history) = self.seats.get_mut(&seat) else { return };
        match history.spans.iter_mut().find(open) {
            Some(span) => span.until_day = day,
            // Someone who leaves with everyone else was not leaving before.
            None => history.change(SeatState::Vacant, day),
        }
    }

    fn organisation(&self, id: OrganisationId) -> String {
        self.world.organisation(id).name.clone()
    }

    fn stage(&self, stage: Stage) -> String {
        let hiring = self.world.organisation(stage.organisation).hiring.as_ref();
        hiring
            .and_then(|hiring| hiring.stages.get(usize::from(stage.index)))
            .map_or_else(String::new, |stage| stage.name.clone())
    }

    fn row(&self, fact: Fact, team: &Team) -> Row {
        let maker = RowMaker { tracer: self, team };
        match fact {
            Fact::OrganisationStarted(organisation) => maker.organisation("organisation_started", organisation),
            Fact::OrganisationReady(organisation) => maker.organisation("organisation_ready", organisation),
            Fact::OrganisationStopped(organisation) => maker.organisation("organisation_stopped", organisation),
            Fact::Collapsed(organisation) => maker.organisation("collapsed", organisation),
            Fact::MarketExited => maker.row("market_exited"),
            Fact::DemandShocked(factor) => Row { detail: readable(factor), ..maker.row("demand_shocked") },
            Fact::WantedChanged(role, wanted) => Row { detail: wanted.to_string(), ..maker.role("wanted_changed", role) },
            Fact::WasThere { seat, tenure_days, .. } => {
                maker.person("was_there", team.holder(seat), format!("{} days", readable(tenure_days)))
            }
            Fact::HadGivenNotice(person) => maker.person("had_given_notice", person, String::new()),
            Fact::OfferSigned(seat, _) => maker.seat("offer_signed", seat),
            Fact::RequisitionOpened(seat) => maker.seat("requisition_opened", seat),
            Fact::RequisitionCancelled(seat) => maker.seat("requisition_cancelled", seat),
            Fact::BenchTaken(seat, of) => Row { organisation: self.organisation(of), ..maker.seat("bench_taken", seat) },
            Fact::BenchRefilled(of, role) => {
                Row { organisation: self.organisation(of), ..maker.role("bench_refilled", role) }
            }
            Fact::CapacityChanged(organisation, staff, units) => Row {
                detail: self.capacity(organisation, staff, units),
                ..maker.organisation("capacity_changed", organisation)
            },
            Fact::StageQueued(seat, stage) => maker.stage("stage_queued", seat, stage),
            Fact::StageBegan(seat, stage) => maker.stage("stage_began", seat, stage),
            Fact::CandidateFailed(seat, stage) => maker.stage("candidate_failed", seat, stage),
            Fact::RequisitionMoved(seat, to) => {
                Row { organisation: self.organisation(to), ..maker.seat("requisition_moved", seat) }
            }
            Fact::Incident(effort) => Row { detail: format!("{} FTE-days", readable(effort)), ..maker.row("incident") },
            Fact::Joined(seat) => maker.person("joined", team.holder(seat), String::new()),
            Fact::Promoted { person, from, .. } => {
                let role = &self.world.role(from.role).name;
                maker.person("promoted", person, format!("from {role} {}", from.number))
            }
            Fact::MentoringBegan(person) => maker.person("mentoring_began", person, String::new()),
            Fact::PhaseReached(person, phase) => maker.person("phase_reached", person, phase_name(phase)),
            Fact::NoticeGiven(person, cause) => maker.person("notice_given", person, cause.name().into()),
            Fact::PlaceLapsed(person) => maker.person("place_lapsed", person, String::new()),
            Fact::Released(person) => maker.person("released", person, String::new()),
            Fact::Left(person, cause) => maker.person("left", person, cause.name().into()),
            Fact::OptionDropped(transfer) => maker.transfer("option_dropped", transfer),
            Fact::TransferExtended(transfer) => maker.transfer("transfer_extended", transfer),
            Fact::TransferLapsed(transfer) => maker.transfer("transfer_lapsed", transfer),
            Fact::TransferBegan(transfer) => maker.transfer("transfer_began", transfer),
            Fact::Accepted(person, _) => maker.person("accepted", person, String::new()),
            Fact::Refused(person, _) => maker.person("refused", person, String::new()),
            Fact::DisruptionEnded(person, _) => maker.person("disruption_ended", person, String::new()),
            Fact::TransferCompleted(transfer) => maker.transfer("transfer_completed", transfer),
        }
    }

    fn capacity(&self, organisation: OrganisationId, staff: u16, units: u32) -> String {
        let hiring = self.world.organisation(organisation).hiring.as_ref();
        let name = hiring.and_then(|hiring| hiring.staff.get(usize::from(staff))).map_or("", |staff| &staff.name);
        format!("{units} {name}")
    }
}

/// Makes rows from facts.
struct RowMaker<'t> {
    tracer: &'t Tracer<'t>,
    team: &'t Team,
}

impl RowMaker<'_> {
    fn row(&self, event: &'static str) -> Row {
        Row {
            day: 0.0,
            event,
            organisation: String::new(),
            role: String::new(),
            seat: None,
            requisition: None,
            detail: String::new(),
            headcount: self.team.headcount(),
            open_requisitions: self.team.open_requisitions(),
            mentored: self.team.mentored(),
            effective_fte: self.team.effective_fte(),
        }
    }

    fn organisation(&self, event: &'static str, id: OrganisationId) -> Row {
        Row { organisation: self.tracer.organisation(id), ..self.row(event) }
    }

    fn role(&self, event: &'static str, role: RoleId) -> Row {
        Row { role: self.tracer.world.role(role).name.clone(), ..self.row(event) }
    }

    fn seat(&self, event: &'static str, seat: SeatId) -> Row {
        let requisitions = self.team.seat(seat).requisitions;
        Row { seat: Some(seat.number), requisition: Some(requisitions), ..self.role(event, seat.role) }
    }

    fn stage(&self, event: &'static str, seat: SeatId, stage: Stage) -> Row {
        let organisation = self.tracer.organisation(stage.organisation);
        Row { organisation, detail: self.tracer.stage(stage), ..self.seat(event, seat) }
    }

    fn person(&self, event: &'static str, person: PersonId, detail: String) -> Row {
        let person = self.team.person(person);
        let organisation = self.tracer.organisation(person.employer);
        Row { requisition: Some(person.requisition), organisation, detail, ..self.seat(event, person.seat) }
    }

    fn transfer(&self, event: &'static str, transfer: TransferId) -> Row {
        self.organisation(event, self.tracer.strategy.transfer(transfer.0).to)
    }
}

fn phase_name(phase: Phase) -> String {
    match phase {
        Phase::Waiting => "waiting".into(),
        Phase::Mentored => "mentored".into(),
        Phase::Then(step) => format!("step {}", step + 1),
        Phase::Full => "full".into(),
    }
}

impl SeatHistory {
    fn change(&mut self, state: SeatState, day: f64) {
        if self.state != SeatState::Vacant && day > self.since_day {
            self.spans.push(Span { from_day: self.since_day, until_day: day, state: self.state });
        }
        (self.state, self.since_day) = (state, day);
    }
}

impl Observer for Tracer<'_> {
    fn start(&mut self, replication: u32) {
        self.books.start(replication);
    }

    fn measured_interval(&mut self, _team: &Team, _from: Time, _until: Time) {}

    fn happened(&mut self, fact: Fact, team: &Team, now: Time) {
        self.books.happened(fact, team, now);
        let day = now.days();
        let mut row = self.row(fact, team);
        row.day = day;
        self.rows.push(row);
        match fact {
            Fact::StageQueued(seat, _) | Fact::RequisitionMoved(seat, _) => self.show(seat, SeatState::Waiting, day),
            Fact::RequisitionCancelled(seat) => self.show(seat, SeatState::Vacant, day),
            Fact::BenchTaken(seat, _) | Fact::OfferSigned(seat, _) => self.show(seat, SeatState::Hired, day),
            Fact::WasThere { seat, .. } => self.show(seat, SeatState::Productive, day),
            Fact::StageBegan(seat, stage) if stage.index == 0 => self.show(seat, SeatState::Searching, day),
            Fact::StageBegan(seat, _) => self.show(seat, SeatState::Hired, day),
            Fact::Joined(seat) if team.person(team.holder(seat)).phase == Phase::Full => {
                self.show(seat, SeatState::Productive, day)
            }
            Fact::Joined(seat) => self.show(seat, SeatState::Onboarding, day),
            Fact::Promoted { from, to, .. } => {
                self.show(from, SeatState::Vacant, day);
                self.show(to, SeatState::Productive, day);
            }
            // Others are shown in onboarding since they joined.
            Fact::MentoringBegan(person) | Fact::PhaseReached(person, Phase::Then(_))
                if team.person(person).joined_day < 0.0 =>
            {
                self.show_person(person, team, SeatState::Onboarding, day);
            }
            Fact::PhaseReached(person, Phase::Full) => self.show_person(person, team, SeatState::Productive, day),
            Fact::HadGivenNotice(person)
            | Fact::NoticeGiven(person, _)
            | Fact::Refused(person, _)
            | Fact::Released(person) => {
                self.show_leaving(person, team, day);
            }
            Fact::Left(person, _) => self.show_left(person, team, day),
            Fact::TransferBegan(_) => self.transfer_days.push(day),
            _ => {}
        }
    }

    fn month_ended(&mut self, month: u32, _team: &Team, now: Time) {
        self.books.month_ended(month, now);
        self.ledger.extend(self.books.entries().map(|entry| (month, entry)));
    }
}
