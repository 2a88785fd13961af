//! The reference scenarios with teams of any size, and with the staff that serves them either scaled or not.

use super::instructions::Subject;

/// Returns `ramp100` with `seats` seats. Recruiters and mentor slots grow with them.
pub(crate) fn in_proportion(seats: u32) -> Subject {
    ramp100(seats, share(seats, 0.06), share(seats, 0.12))
}

/// Returns `ramp100` with `seats` seats, and the recruiters and mentor slots for 100.
pub(crate) fn few_recruiters(seats: u32) -> Subject {
    ramp100(seats, 6, 12)
}

/// Returns `ramp100` with `seats` seats, recruiters in proportion, and the mentor slots for 100.
pub(crate) fn few_mentors(seats: u32) -> Subject {
    ramp100(seats, share(seats, 0.06), 12)
}

/// Returns [`in_proportion`], but with a demand of a tenth of the seats in every second year.
pub(crate) fn falls_and_rises(seats: u32) -> Subject {
    let mut subject = in_proportion(seats);
    let wanted = |year: u32| if year.is_multiple_of(2) { seats } else { seats / 10 };
    let year = |year: u32| format!("{{ month = {}, value = {} }}", 12 * year, wanted(year));
    let years: Vec<String> = (0..5).map(year).collect();
    subject.overrides.push(format!("demand.engineer=[{}]", years.join(", ")));
    subject
}

/// Returns `sixty_engineers` with `seats` seats, a multiple of 60. Recruiters, mentor slots and bench grow with them.
pub(crate) fn sixty_engineers(seats: u32) -> Subject {
    let times = |value: u32| value * (seats / 60);
    let steps = |values: &[u32]| {
        let step = |(at, &value): (usize, &u32)| format!("{{ month = {}, value = {} }}", 6 * at, times(value));
        let steps: Vec<String> = values.iter().enumerate().map(step).collect();
        format!("[{}]", steps.join(", "))
    };
    let overrides = vec![
        format!("demand.lead={}", steps(&[2, 6])),
        format!("demand.senior={}", steps(&[6, 12, 18])),
        format!("demand.engineer={}", steps(&[8, 24, 36])),
        format!("organisation.vendor.hiring.staff.recruiters.count={}", times(5)),
        format!("organisation.client.hiring.staff.recruiters.count={}", times(4)),
        format!("organisation.vendor.onboarding.mentor_slots.at_least={}", times(6)),
        format!("organisation.vendor.hiring.bench.senior={}", times(2)),
        format!("organisation.vendor.hiring.bench.engineer={}", times(4)),
    ];
    Subject { scenario: "sixty_engineers", strategy: "bot", overrides }
}

fn share(seats: u32, share: f64) -> u32 {
    (f64::from(seats) * share).ceil() as u32
}

fn ramp100(seats: u32, recruiters: u32, mentor_slots: u32) -> Subject {
    let overrides = vec![
        format!("demand.engineer={seats}"),
        format!("organisation.builder.hiring.staff.recruiters={recruiters}"),
        format!("organisation.builder.onboarding.mentor_slots={mentor_slots}"),
    ];
    Subject { scenario: "ramp100", strategy: "bot", overrides }
}
