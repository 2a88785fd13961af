//! Communication against the losses that Abdel-Hamid and Madnick published (1991).

use crate::support::{assert_near, simulate, team_of};

#[test]
fn a_team_loses_the_share_of_its_output_that_abdel_hamid_published() {
    // 0.0006 n^2 of the output of n people: 1.5 % of 5, 54 % of 30.
    for (people, percent) in [(5, 1.5), (10, 6.0), (15, 13.5), (20, 24.0), (25, 37.5), (30, 54.0)] {
        let text = team_of(
            people,
            2,
            "communication.coefficient = 0.0006\n[organisation.x]\nhiring.stages = [{ name = 's', takes_days = 0 }]",
        );
        let results = simulate(&text, 1);
        let left = f64::from(people) * (1.0 - percent / 100.0);
        assert_near(&format!("effective FTE of {people}"), results.months("effective_fte", 2..=2)[0], left, 1e-12);
        assert_near("effective_fte_days", results.one("effective_fte_days"), left * 365.0 / 6.0, 1e-9);
        assert_near("shortfall_fte_days", results.one("shortfall_fte_days"), (f64::from(people) - left) * 365.0 / 6.0, 1e-9);
    }
}

#[test]
fn between_teams_the_loss_is_the_same_in_their_number() {
    // 40 people in 5 teams of 8 lose as much within as 8 do, and between as much as 4 people.
    for (people, factor) in [(8, 1.0 - 0.0006 * 64.0), (9, 1.0 - 0.0006 * (64.0 + 1.0 / 64.0)), (40, 1.0 - 0.0006 * 80.0)] {
        let text = team_of(
            people,
            1,
            "communication = { coefficient = 0.0006, team = 8 }\n[organisation.x]\nhiring.stages = [{ name = 's', takes_days = 0 }]",
        );
        let effective = simulate(&text, 1).months("effective_fte", 1..=1)[0];
        assert_near(&format!("effective FTE of {people}"), effective, f64::from(people) * factor, 1e-12);
    }
}
