//! Demand: how many people are wanted, and the requisitions that keep staying people + open requisitions equal to it.

use crate::world::{RoleId, Strategy, World, month_instant, role_id};

use super::fact::Fact;
use super::process::{Context, Process};

/// The process.
#[derive(Debug)]
pub(super) struct Demand {
    order: Vec<RoleId>,
    /// Months after the start at which wanted headcounts change, in order.
    months: Vec<f64>,
    unbalanced: bool,
}

/// The wanted headcounts change that change at this month.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Step {
    month: f64,
}

impl Process for Demand {
    type Event = Step;

    fn new(world: &World, _strategy: &Strategy) -> Self {
        let mut months: Vec<f64> = world.demand.iter().flat_map(|wanted| wanted.steps().map(|(month, _)| month)).collect();
        months.retain(|&month| month > 0.0);
        months.sort_by(f64::total_cmp);
        months.dedup();
        Self { order: world.roles_by_priority(), months, unbalanced: false }
    }

    fn clear(&mut self) {
        self.unbalanced = false;
    }

    fn start(&mut self, cx: &mut Context<'_, Step>) {
        emit_changes(0.0, cx);
        for &month in &self.months {
            cx.schedule_at(month_instant(month), Step { month });
        }
    }

    fn handle(&mut self, Step { month }: Step, cx: &mut Context<'_, Step>) {
        emit_changes(month, cx);
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

/// Changes of one instant are one change: what it leaves missing is opened in the order of priority.
#[expect(clippy::float_cmp, reason = "the month is one of those given")]
fn emit_changes(month: f64, cx: &mut Context<'_, Step>) {
    for (index, wanted) in cx.world().demand.iter().enumerate() {
        for (_, wanted) in wanted.steps().filter(|&(from, _)| from == month) {
            cx.emit(Fact::WantedChanged(role_id(index), wanted));
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
