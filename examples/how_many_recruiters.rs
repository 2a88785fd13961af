//! How many recruiters does a plan need, and what does each strategy cost? A study in a few lines of Rust.

use handover::{CLIENT_COST, Run, STAFFED_DAY, Scenario, Sweep};

pub(crate) fn main() -> Result<(), handover::Error> {
    let plan = Scenario::read("scenarios/sixty_engineers.toml")?.with("acceptance_by_role.lead", 0.9)?;

    let results = Run::of(&plan).replications(512).perform()?;
    println!("bot costs {:.0} kUSD", results["bot"].response(CLIENT_COST).mean());
    let dearer = results.difference("in_house", "bot", CLIENT_COST)?;
    println!("in-house costs {:+.0} kUSD more ({:+.0} to {:+.0})", dearer.mean, dearer.low, dearer.high);

    let vary = "recruiters:vendor.hiring.staff.recruiters.count=3..7:2";
    let swept = Sweep::of(&plan).vary(vary).strategy("bot").replications(256).perform()?;
    for point in 0..swept.points() {
        println!("{}: staffed on day {:.0}", swept.levels(point), swept[point]["bot"].response(STAFFED_DAY).mean());
    }
    Ok(())
}
