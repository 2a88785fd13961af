//! Output: the level of each person, and the total.

use crate::model::fact::{PersonId, Phase};
use crate::world::{Communication, HiringAfter, Organisation, OrganisationId, Strategy, Transfer, World, role_id};

use super::{Person, Standing, Team};

/// Units of output in one FTE. Output is counted in whole billionths of an FTE, rounded for each person, so that sums are
/// exact. The same people give the same output whatever happened before, and decimal weights stay decimal.
const UNITS_PER_FTE: f64 = 1e9;

/// What the team needs of world and strategy, stored together for the hot path.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) employer: OrganisationId,
    /// Who employs the people of each role, if that does not go by the organisation in charge.
    pub(super) employers: Vec<Option<OrganisationId>>,
    pub(super) organisations: Vec<OrganisationRules>,
    /// The listed transfers, followed by the rescue.
    pub(super) transfers: Vec<TransferRules>,
    /// The output in units of one person of each role at level 1.
    pub(super) role_output: Vec<f64>,
    /// The weight of a staying person, by organisation in charge, role and phase of onboarding.
    weights: Vec<Weight>,
    /// Phases of the longest onboarding: the last is [`Phase::Full`].
    phases: usize,
    communication: Option<Communication>,
}

/// What a person adds to output: their level, and their output in units if they work full time and no disruption affects them.
#[derive(Clone, Copy, Debug)]
struct Weight {
    level: f64,
    units: i64,
}

#[derive(Debug)]
pub(super) struct OrganisationRules {
    /// Whether joiners go through onboarding.
    pub(super) onboards: bool,
    /// By role, the levels of the phases of onboarding, in their order. All later phases have level 1.
    levels: Vec<Vec<f64>>,
    mentor_load_units: i64,
    /// Factor on output during the notice period, by role.
    notice_levels: Vec<f64>,
    /// The number of stages of its pipeline.
    pub(super) stages: usize,
}

#[derive(Debug)]
pub(super) struct TransferRules {
    pub(super) to: OrganisationId,
    pub(super) receiver_hires: bool,
    pub(super) is_rescue: bool,
    disruption: f64,
    pub(super) disrupts: bool,
}

impl Rules {
    pub(super) fn new(world: &World, strategy: &Strategy) -> Self {
        let organisations: Vec<_> =
            world.organisations.iter().map(|organisation| OrganisationRules::new(organisation, world)).collect();
        let role_output: Vec<f64> = world.roles.iter().map(|role| role.output * UNITS_PER_FTE).collect();
        let phases = 1 + organisations.iter().flat_map(|organisation| &organisation.levels).map(Vec::len).max().unwrap_or(0);
        let weight = |level: f64, output: f64| Weight { level, units: rounded(output * level) };
        let of_role = |levels: &Vec<f64>, output: f64| -> Vec<Weight> {
            // A phase that the organisation in charge does not have is level 1.
            (0..phases).map(|phase| weight(levels.get(phase).copied().unwrap_or(1.0), output)).collect()
        };
        let of_organisation = |rules: &OrganisationRules| -> Vec<Weight> {
            rules.levels.iter().zip(&role_output).flat_map(|(levels, &output)| of_role(levels, output)).collect()
        };
        let listed = strategy.transfers.iter().map(|transfer| TransferRules::new(transfer, false));
        let rescue = strategy.rescue.iter().map(|rescue| TransferRules::new(rescue, true));
        Self {
            employer: strategy.employer,
            employers: (0..world.roles.len()).map(|role| strategy.employer_by_role.get(role_id(role)).copied()).collect(),
            weights: organisations.iter().flat_map(of_organisation).collect(),
            phases,
            organisations,
            transfers: listed.chain(rescue).collect(),
            role_output,
            communication: world.communication,
        }
    }
}

impl OrganisationRules {
    fn new(organisation: &Organisation, world: &World) -> Self {
        let notice_level = |role| organisation.attrition_of(role).map_or(1.0, |attrition| attrition.notice_level);
        let onboarding = organisation.onboarding.as_ref();
        let levels = |role| {
            let levels = |onboarding: &crate::world::Onboarding| {
                let then = onboarding.then.iter().map(|step| step.level);
                [onboarding.waiting, onboarding.mentored].into_iter().chain(then).collect()
            };
            organisation.onboarding_of(role).map_or_else(Vec::new, levels)
        };
        let roles = || (0..world.roles.len()).map(role_id);
        Self {
            onboards: onboarding.is_some(),
            levels: roles().map(levels).collect(),
            mentor_load_units: onboarding.map_or(0, |onboarding| onboarding.mentor_load_units(UNITS_PER_FTE)),
            notice_levels: roles().map(notice_level).collect(),
            stages: organisation.hiring.as_ref().map_or(0, |hiring| hiring.stages.len()),
        }
    }
}

impl TransferRules {
    fn new(transfer: &Transfer, is_rescue: bool) -> Self {
        Self {
            to: transfer.to,
            is_rescue,
            receiver_hires: transfer.hiring_after == HiringAfter::Receiver,
            disruption: transfer.disruption,
            disrupts: transfer.disruption_days > 0.0,
        }
    }
}

impl Person {
    /// Whether they work at level 1 or more.
    #[inline]
    pub(in crate::model) fn is_at_full_level(&self) -> bool {
        self.level >= 1.0
    }
}

impl Team {
    #[inline]
    pub(super) fn rules_in_charge(&self) -> &OrganisationRules {
        &self.rules.organisations[usize::from(self.in_charge.0)]
    }

    /// Recomputes the output of a person. Returns whether they work at level 1.
    #[inline]
    pub(super) fn weigh(&mut self, id: PersonId) -> bool {
        let person = &mut self.people[id.0 as usize];
        let level_before = person.level;
        let units = if person.standing == Standing::Staying {
            let weight = self.rules.weight(self.in_charge, person);
            person.level = weight.level;
            if person.factors == 0 { weight.units } else { self.rules.units(person) }
        } else {
            self.rules.units(person)
        };
        self.output += units - std::mem::replace(&mut person.output, units);
        self.rookies += u32::from(person.level < 1.0);
        self.rookies -= u32::from(level_before < 1.0);
        person.is_at_full_level()
    }

    /// Recomputes effective output.
    #[inline]
    pub(super) fn refresh(&mut self) {
        let units = self.output - self.rules_in_charge().mentor_load_units * i64::from(self.mentored);
        let factor = self.rules.communication.map_or(1.0, |communication| communication.factor(self.headcount));
        self.effective_fte = (in_fte(units) * factor).max(0.0);
    }
}

impl Rules {
    #[inline]
    fn weight(&self, in_charge: OrganisationId, person: &Person) -> Weight {
        let phase = match person.phase {
            Phase::Waiting => 0,
            Phase::Mentored => 1,
            Phase::Then(step) => (2 + usize::from(step)).min(self.phases - 1),
            Phase::Full => self.phases - 1,
        };
        let role = usize::from(in_charge.0) * self.role_output.len() + usize::from(person.seat.role.0);
        self.weights[role * self.phases + phase]
    }

    /// Returns the output in units of a person who works at their level, less during notice and disruptions.
    fn units(&self, person: &Person) -> i64 {
        let mut weight = self.role_output[usize::from(person.seat.role.0)] * person.level;
        if person.standing == Standing::ServingNotice {
            weight *= self.organisations[usize::from(person.employer.0)].notice_levels[usize::from(person.seat.role.0)];
        }
        weight *= person.fte;
        let mut left = person.factors & !Person::PART_TIME;
        while left != 0 {
            weight *= self.transfers[left.trailing_zeros() as usize].disruption;
            left &= left - 1;
        }
        rounded(weight)
    }
}

/// Returns a weight in whole units. Weights are not negative, and rounding by truncation is faster than a function call.
#[inline]
fn rounded(weight: f64) -> i64 {
    (weight + 0.5) as i64
}

#[expect(clippy::cast_precision_loss, reason = "sums of output are far below 2^53 units")]
#[inline]
pub(super) fn in_fte(units: i64) -> f64 {
    units as f64 / UNITS_PER_FTE
}
