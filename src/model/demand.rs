//! Demand: how many people are wanted, and the requisitions that keep staying people + open requisitions equal to it.

use crate::input::number::Heads;
use crate::input::steps::Steps;

use super::fact::{Fact, RoleId};
use super::process::{Context, Process};
use super::world::{Strategy, World, month_instant, role_id};

/// Wanted headcount of a role, in steps.
#[derive(Clone, Debug)]
pub struct Wanted(pub Steps<Heads>);

impl Wanted {
    /// Wanted headcount from each month at which it changes, rounded half up.
    pub fn steps(&self) -> impl Iterator<Item = (f64, u32)> + '_ {
        self.0.iter().map(|(month, heads)| (month, rounded(heads.value())))
    }
}

/// Rounds half up.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "headcounts lie between 0 and a million")]
fn rounded(heads: f64) -> u32 {
    (heads + 0.5).floor() as u32
}

/// The process.
#[derive(Debug)]
pub(super) struct Demand {
    order: Vec<RoleId>,
    unbalanced: bool,
}

/// The wanted headcount of a role changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    role: RoleId,
    wanted: u32,
}

impl Process for Demand {
    type Event = Step;

    fn new(world: &World, _strategy: &Strategy) -> Self {
        Self { order: world.roles_by_priority(), unbalanced: false }
    }

    fn start(&mut self, cx: &mut Context<'_, Step>) {
        self.unbalanced = false;
        for (index, wanted) in cx.world().demand.iter().enumerate() {
            let role = role_id(index);
            for (month, wanted) in wanted.steps() {
                if month > 0.0 {
                    cx.schedule_at(month_instant(month), Step { role, wanted });
                } else {
                    cx.emit(Fact::WantedChanged(role, wanted));
                }
            }
        }
    }

    fn handle(&mut self, Step { role, wanted }: Step, cx: &mut Context<'_, Step>) {
        cx.emit(Fact::WantedChanged(role, wanted));
    }

    fn react(&mut self, fact: Fact, _cx: &mut Context<'_, Step>) {
        self.unbalanced |= matches!(
            fact,
            Fact::WantedChanged(..)
                | Fact::OrganisationReady(_)
                | Fact::TransferBegan(_)
                | Fact::NoticeGiven(..)
                | Fact::Refused(..)
        );
    }

    fn rest(&mut self, cx: &mut Context<'_, Step>) {
        if !self.unbalanced {
            return;
        }
        self.unbalanced = false;
        if cx.team().is_ready(cx.team().hiring()) {
            for &role in &self.order {
                open_missing(role, cx);
            }
        }
    }
}

fn open_missing(role: RoleId, cx: &mut Context<'_, Step>) {
    let team = cx.team();
    let (staying, open) = team.staying_and_open(role);
    let missing = team.wanted_in(role).saturating_sub(staying + open);
    for seat in team.vacant_seats(role).take(missing as usize) {
        cx.emit(Fact::RequisitionOpened(seat));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_rounded_half_up() {
        assert_eq!([0.49, 0.5, 1.5, 2.5, 2.4999].map(rounded), [0, 1, 2, 3, 2]);
    }
}
