//! Truths about the transfer: how many accept, and how many survive the shock.

use crate::maths::exp;
use crate::stats::Tally;

use super::{Case, CaseRun, Check, binomial, team_of};

/// The cases of this file.
pub(super) const CASES: &[Case] = &[
    Case { replications: 210_000, texts: acceptance, checks: check_acceptance },
    Case { replications: 2_500, texts: shock, checks: check_shock },
];

/// Sixty people who are there at the start transfer.
fn sixty(months: u32, transfer: &str) -> Vec<String> {
    let rest = format!(
        "[organisation.x.hiring]\nstages = [{{ name = 'search', takes_days = 1e6 }}]\n[organisation.y]\nlike = 'x'\n\
         [[strategy.s.initial]]\nrole = 'a'\nheadcount = 60\n[[strategy.s.transfer]]\nto = 'y'\n{transfer}"
    );
    vec![team_of(60, months, &rest)]
}

fn acceptance() -> Vec<String> {
    sixty(1, "month = 0.5\nacceptance = 0.93")
}

fn check_acceptance(runs: &[CaseRun]) -> Vec<Check> {
    let accepted = runs[0].people("accepted", 60);
    let moments = Check::mean_and_variance("accepters of 60 at 0.93", &Tally::of(&accepted), &binomial(60, 0.93));
    // Published to four digits.
    let tail = |(least, truth): (f64, f64)| {
        Check::share(format!("at least {least} of 60 accept"), &accepted, |people| people >= least, truth)
    };
    moments.into_iter().chain([(54.0, 0.8750), (57.0, 0.3873)].map(tail)).collect()
}

fn shock() -> Vec<String> {
    sixty(14, "month = 1\nshock_hazard_per_year = 0.6\nshock_days = 200")
}

fn check_shock(runs: &[CaseRun]) -> Vec<Check> {
    let check = |(response, name, days): (&str, &str, f64)| {
        Check::mean(name, &Tally::of(runs[0].response(response)), exp(-0.6 * days / 365.0))
    };
    let responses =
        [("retained_6m", "shock survived for 182.5 days", 182.5), ("retained_12m", "shock of 200 days survived", 200.0)];
    responses.map(check).into()
}
