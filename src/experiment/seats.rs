//! A trace as files: an event log, a ledger and a seat chart.

use std::io::{self, Write};

use jiff::civil::Date;

use crate::model::SeatId;
use crate::report::chart::{Heading, Row as SeatRow, Seats, Span as SeatSpan, State};
use crate::report::csv::{Field, Writer};
use crate::run::trace::{SeatState, Span, Trace};
use crate::scenario::Scenario;

use crate::report::dates::date_of;

const HEADER: [&str; 12] = [
    "day",
    "date",
    "event",
    "organisation",
    "role",
    "seat",
    "requisition",
    "detail",
    "headcount",
    "open_requisitions",
    "mentored",
    "effective_fte",
];

/// Writes the event log.
///
/// # Errors
/// Fails if `out` cannot be written.
pub fn write_trace(trace: &Trace, start: Date, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new(out, HEADER)?;
    let number = |number: Option<u32>| number.map_or(Field::Missing, |number| Field::Number(number.into()));
    for row in &trace.rows {
        let date = date_of(start, row.day).to_string();
        writer.row([
            Field::Number(row.day),
            Field::Text(&date),
            Field::Text(row.event),
            Field::Text(&row.organisation),
            Field::Text(&row.role),
            number(row.seat),
            number(row.requisition),
            Field::Text(&row.detail),
            Field::Number(row.headcount.into()),
            Field::Number(row.open_requisitions.into()),
            Field::Number(row.mentored.into()),
            Field::Number(row.effective_fte),
        ])?;
    }
    writer.finish()?.flush()
}

/// Writes the ledger: a row per month, organisation and item that is not 0.
///
/// # Errors
/// Fails if `out` cannot be written.
pub fn write_ledger(trace: &Trace, scenario: &Scenario, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = Writer::new(out, ["month", "date", "organisation", "item", "amount", "client_pays"])?;
    for (month, entry) in &trace.ledger {
        let date = scenario.world.months.last_date(*month).to_string();
        writer.row([
            Field::Number((*month).into()),
            Field::Text(&date),
            Field::Text(&scenario.world.organisation(entry.organisation).name),
            Field::Text(entry.item.name()),
            Field::Number(entry.amount),
            Field::Text(if entry.client_pays { "true" } else { "false" }),
        ])?;
    }
    writer.finish()?.flush()
}

/// Returns the seat chart of a trace: a row per seat, grouped by role.
#[must_use]
pub fn seat_chart(trace: &Trace, scenario: &Scenario, strategy: &str, replication: u32) -> Seats {
    let world = &scenario.world;
    let horizon_days = world.horizon_days();
    let row = |(seat, spans): (&SeatId, &Vec<Span>)| SeatRow {
        label: seat.number.to_string(),
        group: world.role(seat.role).name.clone(),
        spans: spans.iter().map(|span| drawn(span, horizon_days)).collect(),
    };
    Seats {
        heading: Heading::new(format!("Every seat in replication {replication} of {strategy}")),
        start: scenario.start(),
        horizon_days,
        transfer_day: trace.transfer_days.first().copied(),
        states: SeatState::ALL.iter().map(|&state| drawn_state(state)).collect(),
        rows: trace.seats.iter().map(row).collect(),
    }
}

fn drawn(span: &Span, horizon_days: f64) -> SeatSpan {
    let state = SeatState::ALL.iter().position(|&state| state == span.state).unwrap_or(0);
    SeatSpan { from_day: span.from_day, until_day: span.until_day.min(horizon_days), state }
}

fn drawn_state(state: SeatState) -> State {
    // A person who is leaving is shown beside what the seat does next.
    State { name: state.name().to_owned(), slot: slot(state), is_beside: state == SeatState::Leaving }
}

/// Returns the colour of a state, as the chart numbers them.
fn slot(state: SeatState) -> usize {
    match state {
        SeatState::Vacant => 0,
        SeatState::Searching => 1,
        SeatState::Waiting => 2,
        SeatState::Hired => 3,
        SeatState::Onboarding => 4,
        SeatState::Productive => 5,
        SeatState::Leaving => 6,
    }
}
