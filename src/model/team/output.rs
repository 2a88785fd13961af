//! What people put out: the level of each, and the sum.

use crate::maths::exp;
use crate::model::fact::{PersonId, Phase};
use crate::world::{DAYS_PER_MONTH, Strategy, World};

use super::{Person, Standing, Team};

/// Units of output in one FTE. Output is counted in whole billionths of an FTE, each person's rounded to one, so that sums
/// are exact: the same people give the same output whatever happened before, and decimal weights stay decimal.
const UNITS_PER_FTE: f64 = 1e9;

/// The parameters that decide what somebody puts out, and who is in charge.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) world: World,
    pub(super) strategy: Strategy,
    /// Output in units of one person of each role at level 1.
    pub(super) role_output: Vec<f64>,
    /// What a month leaves of the share of what there is to know that somebody does not know.
    pub(super) ignorance_left_by_month: f64,
}

impl Rules {
    pub(super) fn new(world: &World, strategy: &Strategy) -> Self {
        let role_output = world.roles.iter().map(|role| role.output * UNITS_PER_FTE).collect();
        let ignorance_left_by_month = exp(-DAYS_PER_MONTH / world.knowledge_days);
        Self { world: world.clone(), strategy: strategy.clone(), role_output, ignorance_left_by_month }
    }
}

impl Team {
    /// The level of a phase of onboarding under the organisation in charge.
    fn level(&self, phase: Phase) -> f64 {
        let Some(onboarding) = &self.rules.world.organisation(self.in_charge).onboarding else { return 1.0 };
        match phase {
            Phase::Waiting => onboarding.waiting,
            Phase::Mentored => onboarding.mentored,
            Phase::Then(step) => onboarding.then.get(usize::from(step)).map_or(1.0, |step| step.level),
            Phase::Full => 1.0,
        }
    }

    #[expect(clippy::float_cmp, reason = "level 1 is given as 1, not computed")]
    pub(super) fn is_productive(&self, person: &Person) -> bool {
        self.level(person.phase) == 1.0
    }

    /// Works out anew what somebody puts out.
    pub(super) fn weigh(&mut self, id: PersonId) {
        let person = &self.people[id.0 as usize];
        let level = if person.standing == Standing::Staying { self.level(person.phase) } else { person.level };
        let mut weight = self.rules.role_output[usize::from(person.seat.role.0)] * level;
        if person.standing == Standing::ServingNotice
            && let Some(attrition) = &self.rules.world.organisation(person.employer).attrition
        {
            weight *= attrition.notice_level;
        }
        let mut left = person.disruptions;
        while left != 0 {
            let transfer = left.trailing_zeros() as u16;
            weight *= self.rules.strategy.transfer(transfer).disruption;
            left &= left - 1;
        }
        // Weights are not negative, and rounding by way of a whole number is faster than a call.
        let units = (weight + 0.5) as i64;
        self.output += units - person.output;
        self.rookies += u32::from(level < 1.0);
        self.rookies -= u32::from(person.level < 1.0);
        let person = &mut self.people[id.0 as usize];
        (person.level, person.output) = (level, units);
        self.refresh();
    }

    pub(super) fn refresh(&mut self) {
        let mut units = self.output;
        if let Some(onboarding) = &self.rules.world.organisation(self.in_charge).onboarding {
            units -= onboarding.mentor_load_units(UNITS_PER_FTE) * i64::from(self.mentored);
        }
        let factor = self.rules.world.communication.map_or(1.0, |communication| communication.factor(self.headcount));
        self.effective_fte = (in_fte(units) * factor).max(0.0);
    }
}

#[expect(clippy::cast_precision_loss, reason = "sums of output lie far below 2^53 units")]
pub(super) fn in_fte(units: i64) -> f64 {
    units as f64 / UNITS_PER_FTE
}
