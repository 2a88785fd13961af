//! Promotions by hand: who moves, when, and what follows.

use super::story;
use crate::support::{assert_near, simulate, text};

/// A lead who leaves on day 100, and three engineers; whom `promotion` lets move up.
fn careers(promotion: &str) -> String {
    text(
        12,
        &format!(
            "demand = {{ lead = 1, engineer = 3 }}\n\
             [[role]]\nname = 'lead'\noutput = 1.5\n{promotion}\n[[role]]\nname = 'engineer'\n\
             [organisation.x]\nown = true\nhiring.stages = [{{ name = 'search', takes_days = 30 }}]\n\
             attrition.role.lead.tenure_days = 1000\n\
             cost = {{ salary_per_year = {{ lead = 73_000, engineer = 36_500 }}, hire = 0.1 }}\n\
             [[strategy.s.initial]]\nrole = 'lead'\nheadcount = 1\ntenure_days = 900\n\
             [[strategy.s.initial]]\nrole = 'engineer'\nheadcount = 2\ntenure_days = 200\n\
             [[strategy.s.initial]]\nrole = 'engineer'\nheadcount = 1\ntenure_days = 300"
        ),
    )
}

const EVENTS: [&str; 4] = ["left", "requisition_opened", "promoted", "joined"];

#[test]
fn whoever_is_longest_there_moves_up_at_once_and_is_replaced() {
    let text = careers("promote_from = 'engineer'\npromote_after_days = 50");
    let expected = [
        "100 left lead0 tenure",
        "100 requisition_opened lead0",
        "100 promoted lead0 from engineer 2",
        "100 requisition_opened engineer2",
        "130 joined engineer2",
    ];
    assert_eq!(story(&text, &EVENTS), expected);
    let results = simulate(&text, 1);
    for (response, expected) in [
        ("promotions", 1.0),
        ("promotions[lead]", 1.0),
        ("promotions[engineer]", 0.0),
        ("joins", 1.0),
        ("joins[lead]", 0.0),
        ("joins[engineer]", 1.0),
        ("leaves[lead]", 1.0),
        ("leaves[engineer]", 0.0),
        ("head_days[lead]", 365.0),
        ("head_days[engineer]", 3.0 * 365.0 - 30.0),
        ("mean_fill_days", 30.0),
        ("mean_fill_days[engineer]", 30.0),
        ("vacant_days", 30.0),
        ("effective_fte_days", 4.5 * 365.0 - 30.0),
        ("cost_pay", 200.0 * 365.0 + 100.0 * (3.0 * 365.0 - 30.0)),
        ("cost_hiring", 3_650.0),
    ] {
        assert_near(response, results.one(response), expected, 1e-6);
    }
}

#[test]
fn a_requisition_goes_its_usual_way_where_nobody_may_move() {
    let usual = ["100 left lead0 tenure", "100 requisition_opened lead0", "130 joined lead0"];
    assert_eq!(story(&careers(""), &EVENTS), usual);
    assert_eq!(story(&careers("promote_from = 'engineer'\npromote_after_days = 401"), &EVENTS), usual);
    assert_eq!(story(&careers("promote_from = 'engineer'\npromote_share = 0"), &EVENTS), usual);
}

#[test]
fn those_of_roles_that_come_first_are_sought_before_those_whom_promotions_leave_open() {
    // From day 0 on two leads and two more engineers are wanted, and nobody else: one moves up, so three engineers are
    // sought, the one in her place after the analyst.
    let text = text(
        3,
        "demand = { lead = 1, engineer = 3, analyst = 1 }\n\
         [[role]]\nname = 'lead'\npromote_from = 'engineer'\n[[role]]\nname = 'engineer'\n[[role]]\nname = 'analyst'\n\
         [organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 30 }]\n\
         initial = 0\n",
    )
    .replace("initial = 0\n", "")
        + "[[strategy.s.initial]]\nrole = 'engineer'\nheadcount = 1\n";
    let expected = [
        "0 requisition_opened lead0",
        "0 promoted lead0 from engineer 0",
        "0 requisition_opened engineer0",
        "0 requisition_opened engineer1",
        "0 requisition_opened analyst0",
        "0 requisition_opened engineer2",
    ];
    assert_eq!(story(&text, &["requisition_opened", "promoted"]), expected);
}

#[test]
fn a_new_role_may_have_a_law_under_which_the_time_has_come() {
    // The engineer has been there for 400 days when the lead leaves; no lead stays longer than 300 days.
    let text = careers("promote_from = 'engineer'").replace("role.lead.tenure_days = 1000", "role.lead.tenure_days = 300");
    let text = text.replace("tenure_days = 900", "tenure_days = 200");
    let first = ["100 left lead0 tenure", "100 requisition_opened lead0", "100 promoted lead0 from engineer 2"];
    let story = story(&text, &EVENTS);
    assert_eq!(story[..3], first);
    assert!(
        story.contains(&"100 left lead0 tenure".to_owned())
            && story.contains(&"100 promoted lead0 from engineer 0".to_owned())
    );
}
