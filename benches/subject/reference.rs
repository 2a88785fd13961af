//! The scenarios that are measured, by name.

use handover::scenario::Scenario;

/// Returns the scenario `ramp100` or `sixty_engineers` with overrides (`KEY=VALUE`).
///
/// # Panics
/// If there is no such scenario, or it refuses an override.
pub(crate) fn scenario(name: &str, overrides: &[&str]) -> Scenario {
    let text = match name {
        "ramp100" => include_str!("../../scenarios/ramp100.toml"),
        "sixty_engineers" => include_str!("../../scenarios/sixty_engineers.toml"),
        _ => panic!("no scenario {name:?} is measured: expected ramp100 or sixty_engineers"),
    };
    let overrides: Vec<String> = overrides.iter().map(|&set| set.to_owned()).collect();
    Scenario::parse(text, &overrides).unwrap_or_else(|error| panic!("{name} with {overrides:?}: {error}"))
}
