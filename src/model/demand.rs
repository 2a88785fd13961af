//! Demand: how many people are wanted, and the requisitions that keep staying people + open requisitions equal to it.

use crate::world::{RoleId, Strategy, World, month_instant, role_id};

use super::fact::Fact;
use super::process::{Context, Process};

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
