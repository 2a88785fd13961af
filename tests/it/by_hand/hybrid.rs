//! Roles with an employer of their own, by hand: own leads with a vendor's engineers.

use super::story;
use crate::support::{assert_near, simulate, text};

/// A vendor builds a team of two engineers and hands it over in month 6; the client employs the lead from the start.
fn hybrid(rest: &str) -> String {
    text(
        12,
        &format!(
            "demand = {{ lead = 1, engineer = 2 }}\nrole = [{{ name = 'lead' }}, {{ name = 'engineer' }}]\n\
             [organisation.vendor]\nsetup_days = 10\nhiring.stages = [{{ name = 'search', takes_days = 20 }}]\n\
             [organisation.client]\nown = true\nsetup_days = 40\nhiring.stages = [{{ name = 'search', takes_days = 5 }}]\n\
             cost.salary_per_year = {{ lead = 36_500, engineer = 18_250 }}\n\
             [strategy.s]\nemployer = 'vendor'\nemployer_by_role = {{ lead = 'client' }}\n\
             contract.vendor = {{ rate_per_month.engineer = 3_650, minimum_headcount = 3 }}\n\
             transfer = [{{ to = 'client', month = 6 }}]\n{rest}"
        ),
    )
    .replace("strategy.s.employer = 'x'\n", "")
}

#[test]
fn the_role_is_hired_by_its_employer_and_passed_by_in_the_transfer() {
    let events = ["organisation_started", "organisation_ready", "requisition_opened", "joined", "accepted"];
    let expected = [
        "0 organisation_started",
        "0 organisation_started",
        "10 organisation_ready",
        "10 requisition_opened engineer0",
        "10 requisition_opened engineer1",
        "30 joined engineer0",
        "30 joined engineer1",
        "40 organisation_ready",
        "40 requisition_opened lead0",
        "45 joined lead0",
        "182.5 accepted engineer0",
        "182.5 accepted engineer1",
    ];
    assert_eq!(story(&hybrid(""), &events), expected);
    let results = simulate(&hybrid(""), 1);
    for (response, expected) in [
        ("offered", 2.0),
        ("accepted", 2.0),
        // 120 a day for each engineer, and for each head that is missing to three: the lead does not count.
        ("cost_bills", 120.0 * 3.0 * 182.5),
        // The lead from day 45 on, engineers once they are the client's.
        ("cost_pay", 100.0 * 320.0 + 2.0 * 50.0 * 182.5),
    ] {
        assert_near(response, results.one(response), expected, 1e-6);
    }
}

#[test]
fn who_is_the_clients_may_be_promoted_once_the_team_is_handed_over() {
    // The lead leaves on day 145 and on day 245; until the transfer, engineers are the vendor's.
    let text = hybrid("").replace("{ name = 'lead' }", "{ name = 'lead', promote_from = 'engineer' }");
    let text = text.replace("cost.salary", "attrition.role.lead.tenure_days = 100\ncost.salary");
    let story = story(&text, &["promoted", "joined", "left"]);
    let of_lead: Vec<&String> = story.iter().filter(|line| line.contains("lead0")).take(4).collect();
    assert_eq!(of_lead, ["45 joined lead0", "145 left lead0 tenure", "150 joined lead0", "250 left lead0 tenure"]);
    assert!(story.contains(&"250 promoted lead0 from engineer 0".to_owned()), "{story:?}");
}

#[test]
fn a_collapse_passes_by_those_whom_others_employ() {
    // The vendor certainly collapses within the year; the lead stays, and is never offered anything.
    let text = hybrid("").replace("setup_days = 10\n", "setup_days = 10\nfailure_hazard_per_year = 4\n");
    let leaves = simulate(&text, 50);
    assert!(leaves.of("leaves_collapse").iter().sum::<f64>() > 0.0);
    assert!(leaves.of("leaves[lead]").iter().all(|&leaves| leaves.abs() < f64::EPSILON));
    let rescued = simulate(&(text + "rescue = { to = 'client', acceptance = 0 }\n"), 50);
    assert!(rescued.of("leaves_refusal").iter().sum::<f64>() > 0.0);
    assert!(rescued.of("leaves[lead]").iter().all(|&leaves| leaves.abs() < f64::EPSILON));
}

#[test]
fn a_rescuer_stands_in_for_whom_it_rescues_wherever_that_was() {
    // The vendor employs leads whoever is in charge; once it has collapsed, the client does, for good.
    let text =
        hybrid("").replace("lead = 'client'", "lead = 'vendor'").replace("transfer = [{ to = 'client', month = 6 }]\n", "");
    let text = text.replace(
        "setup_days = 10\n",
        "setup_days = 0\nfailure_hazard_per_year = 20\nhiring.bench = { lead = 1, engineer = 2 }\n",
    );
    let results = simulate(&(text + "rescue = { to = 'client' }\n"), 200);
    // Everyone is offered the rescue, and everyone accepts: nobody ever leaves, and the client pays all of them.
    assert!(results.of("leaves").iter().all(|&leaves| leaves.abs() < f64::EPSILON));
    let (rescued, pay) = (results.of("outcome"), results.of("cost_pay"));
    assert!(rescued.iter().zip(pay).filter(|(outcome, pay)| **outcome >= 3.0 && **pay > 0.0).count() > 100);
}
