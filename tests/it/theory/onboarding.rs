//! Onboarding in theory: effective output while people become productive, with and without scarce mentors.

use handover::maths::exp;
use handover::model::Team;

use super::markov::{Chain, expectation};
use crate::support::{
    DAYS_PER_MONTH, Seen, as_number, assert_mean, assert_variance, at_months, scenario, simulate, team_of, watch,
};

/// Returns the probability of each of three consecutive exponential phases, and of being past them, after this many
/// days.
fn in_a_row(mean_days: [f64; 3], days: f64) -> Vec<f64> {
    let mut chain = Chain::new(4);
    mean_days.iter().enumerate().for_each(|(phase, mean)| chain.add(phase, phase + 1, 1.0 / mean));
    chain.after(0, days)
}

#[test]
fn without_scarce_mentors_output_rises_as_each_person_passes_the_levels() {
    // Each seat is an independent chain: vacant for 40 days, mentored for 60, at level 0.8 for 90, then at 1; all
    // exponential. Output is 1.25 FTE per person. Each person being mentored costs 0.3 FTE, less than their own output.
    const SEATS: u32 = 8;
    const OUTPUT: [f64; 4] = [0.0, 1.25 * 0.5 - 0.3, 1.25 * 0.8, 1.25];
    let text = team_of(
        SEATS,
        6,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 40 } }]\n\
         onboarding = { waiting = 0.1, mentored = 0.5, mentored_days = { dist = 'exponential', mean = 60 }, mentor_load = 0.3, \
         then = [{ level = 0.8, days = { dist = 'exponential', mean = 90 } }] }",
    )
    .replace("name = 'a' }]", "name = 'a', output = 1.25 }]");
    let months = [1, 2, 6];
    let samples = at_months(&text, 60_000, &months, Team::effective_fte);
    for (month, effective) in months.into_iter().zip(&samples) {
        let phases = in_a_row([40.0, 60.0, 90.0], f64::from(month) * DAYS_PER_MONTH);
        let mean = expectation(&phases, |phase| OUTPUT[phase]);
        let square = expectation(&phases, |phase| OUTPUT[phase] * OUTPUT[phase]);
        let what = format!("effective FTE after {month} months");
        assert_mean(&what, effective, f64::from(SEATS) * mean);
        assert_variance(&what, effective, f64::from(SEATS) * (square - mean * mean));
    }
}

#[test]
fn delivered_output_is_the_integral_of_the_expected_effective_output() {
    // The same seats without loads: the integral over each phase is the time spent in it.
    let text = team_of(
        40,
        12,
        "[organisation.x]\nhiring.stages = [{ name = 'search', takes_days = { dist = 'exponential', mean = 40 } }]\n\
         onboarding = { waiting = 0.1, mentored = 0.5, mentored_days = { dist = 'exponential', mean = 60 } }",
    );
    // P(mentored at t) and P(past it at t) integrated over a year of 365 days: with rates l and u, the time to join is
    // exponential, that to be productive hypoexponential.
    let (l, u, year) = (1.0 / 40.0, 1.0 / 60.0, 365.0);
    let present = year - (1.0 - exp(-l * year)) / l;
    let mentored = l / (u - l) * ((1.0 - exp(-l * year)) / l - (1.0 - exp(-u * year)) / u);
    let expected = 40.0 * (present - 0.5 * mentored);
    let results = simulate(&text, 2_000);
    assert_mean("effective_fte_days", results.of("effective_fte_days"), expected);
    assert_eq!(results.of("delivered_fte_days"), results.of("effective_fte_days"));
    assert_mean("shortfall_fte_days", results.of("shortfall_fte_days"), 40.0 * year - expected);
}

/// Seats that are vacant, whose people wait for a mentor, are mentored or productive: all times exponential.
struct Mentoring {
    seats: usize,
    vacant_days: f64,
    mentored_days: f64,
    tenure_days: f64,
    /// Returns the slots with this many productive people.
    slots: fn(usize) -> usize,
}

/// Numbers of people who wait, who are mentored, who are productive.
type State = (usize, usize, usize);

impl Mentoring {
    fn states(&self) -> Vec<State> {
        let n = self.seats;
        let mut states = Vec::new();
        for waiting in 0..=n {
            for mentored in 0..=n - waiting {
                states.extend((0..=n - waiting - mentored).map(|productive| (waiting, mentored, productive)));
            }
        }
        states
    }

    /// Free slots go to those who wait; nobody is interrupted.
    fn settled(&self, (waiting, mentored, productive): State) -> State {
        let free = (self.slots)(productive).saturating_sub(mentored).min(waiting);
        (waiting - free, mentored + free, productive)
    }

    fn after(&self, days: f64) -> Vec<(State, f64)> {
        let states = self.states();
        let position =
            |state: State| states.iter().position(|&other| other == self.settled(state)).expect("all states are listed");
        let mut chain = Chain::new(states.len());
        for (from, &state) in states.iter().enumerate() {
            let (w, m, p) = state;
            if state != self.settled(state) {
                continue;
            }
            let vacant = as_number(self.seats - w - m - p);
            if w + m + p < self.seats {
                chain.add(from, position((w + 1, m, p)), vacant / self.vacant_days);
            }
            if m > 0 {
                chain.add(from, position((w, m - 1, p + 1)), as_number(m) / self.mentored_days);
                chain.add(from, position((w, m - 1, p)), as_number(m) / self.tenure_days);
            }
            if w > 0 {
                chain.add(from, position((w - 1, m, p)), as_number(w) / self.tenure_days);
            }
            if p > 0 {
                chain.add(from, position((w, m, p - 1)), as_number(p) / self.tenure_days);
            }
        }
        let probabilities = chain.after(position((0, 0, 0)), days);
        states.into_iter().zip(probabilities).collect()
    }

    /// Simulates it with these mentors and compares effective FTE at some month ends with the expectation of `output`
    /// over the states.
    fn compare(&self, mentors: &str, rest: &str, output: fn(State) -> f64) {
        let Mentoring { seats, vacant_days, mentored_days, tenure_days, .. } = self;
        let exponential = |mean: &f64| format!("{{ dist = 'exponential', mean = {mean} }}");
        let text = team_of(
            u32::try_from(*seats).expect("a small team"),
            12,
            &format!(
                "{rest}\n[organisation.x]\nhiring.stages = [{{ name = 'search', takes_days = {} }}]\n\
                 onboarding = {{ waiting = 0.25, mentored = 0.5, mentored_days = {}, {mentors} }}\nattrition.tenure_days = {}",
                exponential(vacant_days),
                exponential(mentored_days),
                exponential(tenure_days)
            ),
        );
        let months = [2, 4, 12];
        let (mut effective, mut mentored) = ([const { Vec::new() }; 3], [const { Vec::new() }; 3]);
        watch(&scenario(&text), 0, 36_000, |seen| {
            if let Seen::Month(month, team, _) = seen
                && let Some(position) = months.iter().position(|&other| other == month)
            {
                effective[position].push(team.effective_fte());
                mentored[position].push(f64::from(team.mentored()));
            }
        });
        for (position, month) in months.into_iter().enumerate() {
            let states = self.after(f64::from(month) * DAYS_PER_MONTH);
            let mean = |value: &dyn Fn(State) -> f64| states.iter().map(|&(state, p)| p * value(state)).sum::<f64>();
            assert_mean(&format!("effective FTE after {month} months, {mentors}"), &effective[position], mean(&output));
            if month < 12 {
                let expected = mean(&|(_, mentored, _)| as_number(mentored));
                assert_mean(&format!("mentored after {month} months, {mentors}"), &mentored[position], expected);
            }
        }
    }
}

#[test]
fn with_few_mentor_slots_joiners_wait_as_the_chain_says() {
    // People waiting, mentored and productive are a Markov chain: seven seats, two slots.
    let mentoring = Mentoring { seats: 7, vacant_days: 25.0, mentored_days: 40.0, tenure_days: 200.0, slots: |_| 2 };
    mentoring.compare("mentor_slots = 2, mentor_load = 0.2", "", |(waiting, mentored, productive)| {
        let output = 0.25 * as_number(waiting) + (0.5 - 0.2) * as_number(mentored) + as_number(productive);
        output.max(0.0)
    });
}

#[test]
fn slots_grow_with_productive_people_and_nobody_is_interrupted_when_they_fall() {
    // The same chain with max(1, 2 p / 3 rounded down) slots for p productive people.
    let mentoring = Mentoring {
        seats: 7,
        vacant_days: 25.0,
        mentored_days: 40.0,
        tenure_days: 200.0,
        slots: |productive| (productive * 2 / 3).max(1),
    };
    // 2/3 for each, rounded down, at least 1; 0.6667 times 3 is a little above 2, and 0.6667 times 6 above 4.
    mentoring.compare("mentor_slots = { per_productive = 0.6667, at_least = 1 }", "", |(waiting, mentored, productive)| {
        0.25 * as_number(waiting) + 0.5 * as_number(mentored) + as_number(productive)
    });
}

#[test]
fn communication_takes_its_share_of_what_people_and_mentors_leave() {
    // The same chain, with the loss in each of its states.
    let mentoring = Mentoring { seats: 7, vacant_days: 25.0, mentored_days: 40.0, tenure_days: 200.0, slots: |_| 2 };
    // Teams of 3: within a team the loss goes with min(n, 3)^2, between teams with (n / 3 - 1)^2.
    mentoring.compare(
        "mentor_slots = 2, mentor_load = 0.7",
        "communication = { coefficient = 0.03, team = 3 }",
        |(waiting, mentored, productive)| {
            let people = as_number(waiting + mentored + productive);
            let (within, between) = (people.min(3.0), (people / 3.0).max(1.0) - 1.0);
            let output = 0.25 * as_number(waiting) + (0.5 - 0.7) * as_number(mentored) + as_number(productive);
            (output * (1.0 - 0.03 * (within * within + between * between))).max(0.0)
        },
    );
}
