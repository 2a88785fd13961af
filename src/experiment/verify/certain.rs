//! Truths without chance: join days, output and money computed by hand, and the loss to communication.

use crate::run::trace::trace;

use super::{Case, CaseRun, Check, scenario, team_of};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case { replications: 1, texts: ramp, checks: check_ramp },
    Case { replications: 1, texts: money, checks: check_money },
    Case { replications: 1, texts: losses, checks: check_losses },
];

/// Returns one recruiter, who searches for `b` first; one mentor slot.
fn ramp() -> Vec<String> {
    let rest = "role = [{ name = 'a', priority = 1 }, { name = 'b' }]\ndemand = { a = 2, b = 1 }\n\
        [organisation.x]\nsetup_days = 5\n\
        onboarding = { waiting = 0.1, mentored = 0.5, mentored_days = 20, then = [{ level = 0.8, days = 10 }], \
        mentor_slots = 1, mentor_load = 0.2 }\n\
        [organisation.x.hiring]\nstaff.recruiters = 1\n\
        stages = [{ name = 'search', uses = 'recruiters', takes_days = 10 }, { name = 'notice', takes_days = 15.5 }]";
    vec![scenario(12, rest)]
}

fn check_ramp(runs: &[CaseRun]) -> Vec<Check> {
    // Searches end on days 15, 25 and 35, notice periods 15.5 days later. One is mentored at a time, from day 30.5 to day 90.5.
    let rows = trace(&runs[0].scenario, 0, runs[0].scenario.seed, 0).rows;
    let joined = |role: &str, seat: u32| {
        let row = rows.iter().find(|row| row.event == "joined" && row.role == role && row.seat == Some(seat));
        row.map_or(f64::NAN, |row| row.day)
    };
    let days = [("b", 0, 30.5), ("a", 0, 40.5), ("a", 1, 50.5)];
    let mut checks: Vec<Check> = days
        .map(|(role, seat, day)| Check::exact(format!("day on which {role}{seat} joins"), joined(role, seat), day))
        .into();
    // b0: 20 days at 0.5, 10 at 0.8, then 1, and so on; a0 waits 10 days, a1 20; less 60 days of mentoring at 0.2.
    let delivered = (10.0 + 8.0 + 304.5) + (1.0 + 10.0 + 8.0 + 284.5) + (2.0 + 10.0 + 8.0 + 264.5) - 12.0;
    let responses = [
        ("half_staffed_day", 40.5),
        ("staffed_day", 50.5),
        ("effective_day", 90.5),
        ("mean_fill_days", 35.5),
        ("joins", 3.0),
        ("effective_fte_days", delivered),
        ("shortfall_fte_days", 3.0 * 365.0 - delivered),
    ];
    checks.extend(responses.map(|(name, truth)| Check::exact(format!("by hand: {name}"), only(&runs[0], name), truth)));
    checks
}

/// Two people join a vendor on day 30 and are handed over on day 182.5; the client's organisation starts in month 4.
fn money() -> Vec<String> {
    let rest = "[organisation.x.hiring]\nstages = [{ name = 'search', takes_days = 30 }]\n\
        [organisation.y]\nown = true\nhiring.stages = [{ name = 'search', takes_days = 30 }]\n\
        cost = { salary_per_year.a = 36_500, overhead = 0.2, per_head_month = 365, fixed_month = 3650, setup = 2000 }\n\
        [strategy.s.contract.x]\nrate_per_month.a = 7300\nfee_month = 3650\nsetup_fee = 10_000\ntransfer_fee = 5000\n\
        transfer_fee_per_head = 1000\noversight_month = 730\nretention_bonus = 500\nretention_months = 3\n\
        [[strategy.s.transfer]]\nto = 'y'\nmonth = 6\nprepare_month = 4";
    vec![team_of(2, 12, rest)]
}

fn check_money(runs: &[CaseRun]) -> Vec<Check> {
    // By the day: a rate of 240, a fee of 120, oversight of 24; a salary of 100, 12 for a head's place, 120 fixed.
    let (people_days, vendor_days) = (2.0 * 152.5, 182.5);
    let bills = 240.0 * people_days + 120.0 * vendor_days;
    let fees = 10_000.0 + 5000.0 + 2.0 * 1000.0;
    let place = 12.0 * 2.0 * 182.5 + 8.0 * 3650.0;
    let pay = 1.2 * 100.0 * 2.0 * 182.5;
    let (oversight, bonus, setup) = (24.0 * vendor_days, 1000.0, 2000.0);
    let responses = [
        ("cost_bills", bills),
        ("cost_fees", fees),
        ("cost_oversight", oversight),
        ("cost_bonus", bonus),
        ("cost_pay", pay),
        ("cost_place", place),
        ("cost_start_end", setup),
        ("client_cost", bills + fees + oversight + bonus + pay + place + setup),
        ("vendor_margin", bills + fees),
    ];
    responses.map(|(name, truth)| Check::amount(format!("to the cent: {name}"), only(&runs[0], name), truth)).into()
}

/// People, and the percentage of their output that is lost to communication by Abdel-Hamid and Madnick (1991).
const LOSSES: [(u32, f64); 6] = [(5, 1.5), (10, 6.0), (15, 13.5), (20, 24.0), (25, 37.5), (30, 54.0)];

fn losses() -> Vec<String> {
    let rest = "communication.coefficient = 0.0006\n[organisation.x]\nhiring.stages = [{ name = 's', takes_days = 0 }]";
    LOSSES.iter().map(|&(people, _)| team_of(people, 1, rest)).collect()
}

fn check_losses(runs: &[CaseRun]) -> Vec<Check> {
    let check = |(run, (people, percent)): (&CaseRun, (u32, f64))| {
        let effective = run.at_month("effective_fte", 1).mean().unwrap_or(f64::NAN);
        let lost = 100.0 * (1.0 - effective / f64::from(people));
        Check::exact(format!("loss of a team of {people} (%)"), lost, percent)
    };
    runs.iter().zip(LOSSES).map(check).collect()
}

/// Returns the value of a response in the only replication.
fn only(run: &CaseRun, response: &str) -> f64 {
    run.response(response).first().copied().unwrap_or(f64::NAN)
}
