//! Variations: messages of the library for arguments that it must refuse, each with the part at fault underlined.
//!
//! The points themselves are tested beside the code.

use handover::scenario::{BadVariation, Design, Scenario, Variation};

use super::program::PLAIN;

/// The factors of the plain scenario.
const FACTORS: &str = "
[[factor]]
name = \"recruiters\"
key = \"organisation.builder.hiring.staff.recruiters\"
levels = [1, 2, 3]

[[factor]]
name = \"transfer\"
key = \"transfer.0.month\"
levels = [6, 12, 18]
also = { acceptance = [0.8, 0.9, 0.95] }
";

#[test]
fn arguments_are_told_all_their_mistakes_with_the_part_at_fault() {
    let scenario = Scenario::parse(&format!("{PLAIN}{FACTORS}"), &[]).expect("it is valid");
    let files = [("scenario.toml".to_owned(), scenario)];
    let arguments = [
        "recruters=2..10",
        "recruiters=2..10:x",
        "transfer=1,2",
        "transfers",
        "staff=1,2",
        "takes_dyas=30,40",
        "name='a','b'",
        "organisation.builder.setup_dyas=1",
        "strategy.bot.transfer.2.month=1",
        "seed=1,2",
        "mean:pass=1",
        "recruiters:pass=1",
        "=1",
        "x:=1",
        "a..b=1",
        "pass=",
        "pass=yes",
        "role=1,2",
        "file=1",
        "title.x=1",
    ];
    let mut shown = String::new();
    for argument in arguments {
        let asked = Variation { vary: vec![argument.to_owned()], ..Variation::default() };
        let bad = Design::of(&files, &asked).expect_err(argument);
        let said = BadVariation::render_all(&bad, false);
        assert!(said.contains(" --> --vary:1:"), "{argument}: {said}");
        shown += &format!("######## {argument}\n{said}\n\n");
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn a_thousand_points_are_scenarios_like_those_of_overrides() {
    let text = include_str!("../../scenarios/sixty_engineers.toml");
    let files = [("sixty.toml".to_owned(), Scenario::parse(text, &[]).expect("it is valid"))];
    let vary = [
        "vendor.hiring.staff.recruiters.count=1..10",
        "bot.transfer.0.acceptance=0.05..1:0.05",
        "market.exit_hazard_per_year=0,0.03,0.1,0.2,0.3",
    ];
    let asked = Variation { vary: vary.map(str::to_owned).to_vec(), ..Variation::default() };
    let design = Design::of(&files, &asked).expect("it is a design");
    assert_eq!(design.points.len(), 1000);
    assert!((0..1000).all(|point| design.check(&files, point).is_none()));
    for point in design.points.iter().step_by(97) {
        let (quick, slow) =
            (point.scenario(&files).expect("it is valid"), Scenario::parse(text, &point.set).expect("it is valid"));
        assert_eq!((quick.sha256(), quick.overrides()), (slow.sha256(), slow.overrides()));
    }
}
