//! `handover check` in plain words: the reference scenario as a planner reads it, and every key has its words.

use std::collections::BTreeSet;

use handover::scenario::{Scenario, in_words, notes, schema};
use serde_json::Value as Json;

use super::program::{Folder, without_seconds};

const REFERENCE: &str = include_str!("../../scenarios/sixty_engineers.toml");
/// What the reference scenario lacks, so that its keys can be varied.
const MORE: [&str; 12] = [
    "project={ size_fte_days = 30000 }",
    "goal=[{ name = \"40 productive\", measure = \"effective_fte\", at_least = 40, by_month = 24, probability = 0.5 }, \
     { name = \"45 for two months\", measure = \"effective_fte\", at_least = 45, at_month = 36, for_months = 2 }, \
     { name = \"within 17 million\", measure = \"client_cost\", at_most = 17000, by_month = 60 }, \
     { name = \"leads\", measure = \"headcount\", role = \"lead\", at_least = 2, at_month = 12 }, \
     { name = \"a year\", measure = \"client_cost\", year = 2028, at_most = 5000 }]",
    "strategy.bot.people=[{ role = \"lead\", joined = 2024-05-01, last_day = 2029-03-31, fte = 0.8 }]",
    "role.0.promote_from=\"senior\"",
    "strategy.bot.employer_by_role={ senior = \"client\" }",
    "organisation.vendor.failure_hazard_per_year=0.02",
    "organisation.vendor.hiring.brand={ start = 1.2, hires = 10 }",
    "strategy.bot.initial=[{ role = \"lead\", headcount = 2, tenure_days = 100 }]",
    "strategy.bot.rescue={ to = \"client\", acceptance = 0.8 }",
    "strategy.in_house.transfer=[{ to = \"vendor\", month = 40, shock_hazard_per_year = 0.2, shock_days = 90 }]",
    "strategy.in_house.contract.vendor={ fee_month = 5 }",
    "factor=[{ name = \"acceptance\", key = \"strategy.bot.transfer.0.acceptance\", levels = [0.8, 0.9], \
     also = { \"strategy.bot.transfer.0.disruption\" = [0.7, 0.8] } }, \
     { name = \"fee\", key = \"strategy.bot.contract.vendor.setup_fee\", levels = { from = 100, to = 200, step = 50 } }]",
];

fn words(overrides: &[&str]) -> String {
    let overrides: Vec<String> = MORE.iter().chain(overrides).map(|&set| set.to_owned()).collect();
    let scenario = Scenario::parse(REFERENCE, &overrides).unwrap_or_else(|error| panic!("{overrides:?}: {error}"));
    let lines = in_words(&scenario).into_iter().map(|line| format!("{}{}\n", "  ".repeat(line.depth), line.text));
    lines.chain(notes(&scenario).into_iter().map(|note| note + "\n")).collect()
}

#[test]
fn check_tells_the_reference_scenario_as_a_planner_reads_it() {
    let told = Folder::with(REFERENCE).succeed(&["check", "scenario.toml"]);
    assert_eq!(told.err, "");
    insta::assert_snapshot!(without_seconds(&told.out));
}

/// One change of each key, all of which must be visible.
const CHANGES: [&str; 139] = [
    "title=\"Other\"",
    "start=2028-01-01",
    "horizon_months=61",
    "seed=3",
    "replications=77",
    "currency=\"EUR\"",
    "discount_rate_per_year=0.11",
    "value_per_fte_month=9.5",
    "knowledge_days=271",
    "role.0.output=1.3",
    "role.0.priority=-1",
    "role.0.promote_from=\"engineer\"",
    "role.0.promote_after_days=90",
    "role.0.promote_share=0.5",
    "fiscal_year_starts=4",
    "demand.lead=7",
    "demand.lead.1.month=7",
    "demand.lead.1.value=7",
    "demand.shock.per_year=0.4",
    "demand.shock.factor=0.9",
    "communication.coefficient=0.0005",
    "communication.team=9",
    "operations.incidents_per_month=11",
    "operations.effort_days=3.5",
    "operations.floor=0.25",
    "operations.half_life_months=9",
    "operations.rookie_factor=2.5",
    "operations.transfer_setback_months=5",
    "project.size_fte_days=30001",
    "market.exit_hazard_per_year=0.04",
    "goal.0.name=\"other\"",
    "goal.0.measure=\"headcount\"",
    "goal.0.at_least=41",
    "goal.0.by_month=25",
    "goal.1.at_month=37",
    "goal.1.for_months=3",
    "goal.0.probability=0.6",
    "goal.2.at_most=18000",
    "goal.3.role=\"senior\"",
    "goal.4.year=2029",
    "organisation.other.like=\"client\"",
    "organisation.client.own=false",
    "organisation.vendor.setup_days=20",
    "organisation.vendor.failure_hazard_per_year=0.03",
    "organisation.vendor.hiring.staff.recruiters.count=6",
    "organisation.vendor.hiring.staff.recruiters.each_handles=9",
    "organisation.vendor.hiring.brand.start=1.3",
    "organisation.vendor.hiring.brand.hires=11",
    "organisation.vendor.hiring.bench.engineer=5",
    "organisation.vendor.hiring.bench_ready_days=15",
    "organisation.vendor.hiring.bench_refill_days=61",
    "organisation.vendor.hiring.stages.1.name=\"other\"",
    "organisation.vendor.hiring.stages.1.takes_days=50",
    "organisation.vendor.hiring.stages.0.takes_days_by_role.lead=91",
    "organisation.vendor.hiring.stages.1.pass=0.73",
    "organisation.vendor.hiring.stages.1.uses=\"recruiters\"",
    "organisation.vendor.onboarding.waiting=0.3",
    "organisation.vendor.onboarding.mentored=0.45",
    "organisation.vendor.onboarding.mentored_days=61",
    "organisation.vendor.onboarding.mentor_slots.per_productive=0.6",
    "organisation.vendor.onboarding.mentor_slots.at_least=7",
    "organisation.vendor.onboarding.mentor_load=0.25",
    "organisation.vendor.onboarding.then.0.level=0.75",
    "organisation.vendor.onboarding.then.0.days=61",
    "organisation.vendor.attrition.tenure_days=1000",
    "organisation.vendor.attrition={ attrition_per_year = 0.3 }",
    "organisation.vendor.attrition={ attrition_per_year = 0 }",
    "organisation.vendor.attrition={ early_hazard_per_year = 0.2, early_days = 90 }",
    "organisation.vendor.attrition.early_days=90",
    "organisation.vendor.attrition.rotation_hazard_per_year=0.04",
    "organisation.vendor.attrition.burnout_hazard_per_year=0.4",
    "organisation.vendor.attrition.leave_notice_days=46",
    "organisation.vendor.attrition.notice_level=0.8",
    "organisation.vendor.attrition.release_notice_days=30",
    "organisation.vendor.hiring.stages.1.pass_by_role.lead=0.6",
    "organisation.vendor.hiring.stages.1.on_fail=\"notice\"",
    "organisation.vendor.onboarding.role.lead.waiting=0.3",
    "organisation.vendor.onboarding.role.lead.mentored=0.45",
    "organisation.vendor.onboarding.role.lead.mentored_days=61",
    "organisation.vendor.onboarding.role.lead.then=[]",
    "organisation.vendor.attrition.surplus=\"wait\"",
    "organisation.vendor.attrition.replace_share=0.9",
    "organisation.vendor.attrition.role.lead.tenure_days=1000",
    "organisation.vendor.attrition.role.lead.attrition_per_year=0.1",
    "organisation.vendor.attrition.role.lead={ early_hazard_per_year = 0.2, early_days = 90 }",
    "organisation.vendor.attrition.role.lead.rotation_hazard_per_year=0.1",
    "organisation.vendor.attrition.role.lead.burnout_hazard_per_year=0.1",
    "organisation.vendor.attrition.role.lead.leave_notice_days=91",
    "organisation.vendor.attrition.role.lead.notice_level=0.5",
    "organisation.vendor.attrition.role.lead.release_notice_days=91",
    "organisation.vendor.attrition.role.lead.surplus=\"wait\"",
    "organisation.vendor.attrition.role.lead.replace_share=0.5",
    "organisation.client.cost.salary_per_year.lead=67",
    "organisation.client.cost.overhead=0.21",
    "organisation.client.cost.per_head_month=0.43",
    "organisation.client.cost.fixed_month=21",
    "organisation.client.cost.staff_per_year.recruiters=21",
    "organisation.client.cost.setup=351",
    "organisation.client.cost.hire=0.09",
    "organisation.client.cost.onboarding=0.6",
    "organisation.client.cost.severance_months=4",
    "organisation.client.cost.exit=251",
    "organisation.client.cost.wage_rise_per_year=0.095",
    "organisation.client.cost.fx_volatility_per_year=0.06",
    "organisation.client.cost.fx_drift_per_year=-0.043",
    "strategy.augmentation={ employer = \"client\" }",
    "strategy.bot.initial.0.role=\"senior\"",
    "strategy.bot.initial.0.headcount=1",
    "strategy.bot.initial.0.tenure_days=101",
    "strategy.bot.employer_by_role={ lead = \"client\" }",
    "strategy.bot.people.0.role=\"senior\"",
    "strategy.bot.people.0.joined=2024-06-01",
    "strategy.bot.people.0.last_day=2027-04-30",
    "strategy.bot.people.0.fte=0.7",
    "strategy.bot.rescue.to=\"vendor\"",
    "strategy.bot.rescue.acceptance=0.81",
    "strategy.bot.contract.vendor.fee_month=2",
    "strategy.augmentation.contract.vendor.rate_per_month.lead=9.1",
    "strategy.bot.contract.vendor.cost_plus=0.16",
    "strategy.augmentation.contract.vendor={ margin = 0.1 }",
    "months=\"calendar\"",
    "strategy.bot.contract.vendor.rate_rise_per_year=0.06",
    "strategy.bot.contract.vendor.minimum_headcount=10",
    "strategy.bot.contract.vendor.staffing_credit.below=0.8",
    "strategy.bot.contract.vendor.staffing_credit.share=0.06",
    "strategy.bot.contract.vendor.guarantee_days=91",
    "strategy.bot.contract.vendor.setup_fee=151",
    "strategy.bot.contract.vendor.termination_months=4",
    "strategy.bot.contract.vendor.transfer_fee=101",
    "strategy.bot.contract.vendor.transfer_fee_per_head=11",
    "strategy.bot.contract.vendor.transfer_fee_salary_months=2",
    "strategy.bot.contract.vendor.oversight_month=19",
    "strategy.bot.contract.vendor.retention_bonus=7",
    "strategy.bot.contract.vendor.retention_months=13",
    "strategy.in_house.transfer.0.month=41",
    "strategy.bot.transfer.0.if_not_ready=\"extend\"",
    "strategy.bot.transfer.0.exercise=0.9",
    "strategy.bot.transfer.0.prepare_month=13",
    "strategy.bot.transfer.0.waves=[0.5, 0.5]",
];
const CHANGES_OF_TRANSFERS: [&str; 16] = [
    "strategy.bot.transfer.0.ready.headcount_share=0.91",
    "strategy.bot.transfer.0.ready.effective_share=0.76",
    "strategy.bot.transfer.0.ready.knowledge_share=0.5",
    "strategy.bot.transfer.0.ready.for_months=4",
    "strategy.bot.transfer.0.ready.earliest_month=19",
    "strategy.bot.transfer.0.ready.latest_month=31",
    "strategy.bot.transfer.0.wave_gap_days=31",
    "strategy.bot.transfer.0.acceptance=0.93",
    "strategy.bot.transfer.0.acceptance_by_role.lead=0.96",
    "strategy.bot.transfer.0.refuser_stays_days=46",
    "strategy.bot.transfer.0.shock_hazard_per_year=0.16",
    "strategy.bot.transfer.0.shock_days=181",
    "strategy.bot.transfer.0.disruption=0.86",
    "strategy.bot.transfer.0.disruption_days=91",
    "strategy.bot.transfer.0.hiring_after=\"sender\"",
    "demand.engineer=[{ month = 1, value = 8 }]",
];

/// The same for factors.
const CHANGES_OF_FACTORS: [&str; 7] = [
    "factor.0.name=\"who accepts\"",
    "factor.0.key=\"strategy.bot.transfer.0.exercise\"",
    "factor.0.levels=[0.8, 0.95]",
    "factor.0.also={ \"strategy.bot.transfer.0.disruption\" = [0.7, 0.9] }",
    "factor.1.levels.from=50",
    "factor.1.levels.to=250",
    "factor.1.levels.step=25",
];

#[test]
fn every_key_changes_the_words() {
    let before = words(&[]);
    for change in CHANGES.into_iter().chain(CHANGES_OF_TRANSFERS).chain(CHANGES_OF_FACTORS) {
        assert_ne!(words(&[change]), before, "{change}");
    }
}

#[test]
fn no_key_is_forgotten_among_the_changes() {
    let tried: String =
        CHANGES.into_iter().chain(CHANGES_OF_TRANSFERS).chain(CHANGES_OF_FACTORS).collect::<Vec<_>>().join(" ");
    let tried: BTreeSet<&str> = tried.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).collect();
    let mut keys = BTreeSet::new();
    collect(&schema(), &mut keys);
    assert!(keys.len() > 110, "{} keys", keys.len());
    let is_tried = |key: &&String| tried.contains(key.as_str());
    let forgotten: Vec<&String> = keys.iter().filter(|key| !is_tried(key)).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

/// Adds the keys of a schema, except those of distributions.
fn collect(schema: &Json, keys: &mut BTreeSet<String>) {
    if !schema.is_object() || schema["properties"]["dist"].is_object() {
        return;
    }
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        keys.insert(key.clone());
        collect(property, keys);
    }
    for part in ["items", "additionalProperties"].map(|part| &schema[part]) {
        collect(part, keys);
    }
    for choice in ["oneOf", "anyOf"] {
        schema[choice].as_array().into_iter().flatten().for_each(|one| collect(one, keys));
    }
}

#[test]
fn what_can_be_decided_is_told_with_what_holds_now() {
    let told =
        words(&["factor.1.key=[\"strategy.bot.contract.vendor.setup_fee\", \"strategy.bot.contract.vendor.fee_month\"]"]);
    let expected = "decisions
  acceptance: 0.8 and 0.9 (now 0.92)
    sets strategy.bot.transfer.0.acceptance
    also sets strategy.bot.transfer.0.disruption: 0.7 and 0.8
  fee: 100 to 200 in steps of 50 (now 150 and the default)
    sets strategy.bot.contract.vendor.setup_fee and strategy.bot.contract.vendor.fee_month
";
    assert!(told.contains(expected), "{told}");
}

#[test]
fn keys_left_out_are_told_as_defaults() {
    let told = words(&[]);
    for default in [
        "no early hazard, no rotation (defaults)",
        "not agreed: monthly fee, minimum headcount, transfer fee by salary (defaults)",
        "month 12 (2028-01-01), by default: client starts",
        "the client always exercises this option (default)",
        "at the latest in month 30 (2029-07-01), ready or not (default)",
    ] {
        assert!(told.contains(default), "{default:?} is not in:\n{told}");
    }
    let given = words(&["strategy.bot.transfer.0.exercise=1", "strategy.bot.transfer.0.prepare_month=12"]);
    assert!(given.contains("month 12 (2028-01-01): client starts"), "{given}");
    assert_eq!(told.matches("always exercises this option (default)").count(), 2, "{told}");
    assert_eq!(given.matches("always exercises this option (default)").count(), 1, "{given}");
    let without = Scenario::parse(&REFERENCE.replace("months = \"equal\"", ""), &[]).expect("it has a default");
    assert!(told.contains(", months of 365/12 days\n"), "{told}");
    assert!(in_words(&without).iter().any(|line| line.text.ends_with(", months of the calendar (default)")));
}

#[test]
fn what_has_no_effect_is_noted_and_nothing_else() {
    let note = |set: &str| {
        let told = words(&[set]);
        let noted: Vec<String> =
            told.lines().filter(|line| line.contains("effect")).map(str::trim).map(str::to_owned).collect();
        noted.join("\n")
    };
    let always = note("seed=1");
    let cases = [
        ("strategy.augmentation.contract.vendor.transfer_fee=5", "transfer_fee has no effect: vendor never hands over"),
        (
            "strategy.augmentation.contract.vendor.retention_bonus=5",
            "retention_bonus has no effect: vendor never hands over",
        ),
        ("organisation.spare={ own = true }", "takes part in no strategy: it has no effect"),
        ("organisation.vendor.attrition.early_days=90", "early_days has no effect: there is no early hazard"),
        ("organisation.vendor.hiring.staff.panel=3", "staff panel has no effect: no stage uses it"),
        ("organisation.vendor.attrition.leave_notice_days=0", "notice_level has no effect"),
        ("market.exit_hazard_per_year=0", "exit has no effect: the client never leaves the market"),
    ];
    for (set, expected) in cases {
        let noted = note(set);
        assert!(noted.contains(expected), "{set}: {noted}");
        assert!(!always.contains(expected), "{expected} is noted without cause:\n{always}");
    }
    assert_eq!(always.matches("contract with vendor: rate_rise_per_year has no effect").count(), 1, "{always}");
    for (set, expected) in [
        ("strategy.bot.transfer.0.exercise=0", "transfer to client: it never takes place: exercise is 0"),
        ("strategy.in_house.transfer.0.month=61", "transfer to vendor: it never takes place: the end is month 60"),
        ("strategy.bot.initial.0.headcount=5", "3 more of lead are present than wanted: they are released on day 0"),
        ("strategy.bot.transfer.0.wave_gap_days=900", "the last wave comes after the end: those people stay with vendor"),
        (
            "strategy.augmentation={ employer = \"vendor\" }",
            "vendor's costs are NOT counted: it has no contract and is not `own = true`",
        ),
    ] {
        assert!(words(&[set]).contains(expected), "{set}: {expected:?} is not in:\n{}", words(&[set]));
        assert!(!words(&[]).contains(expected), "{expected:?} is noted without cause");
    }
    let waits = ["strategy.bot.initial.0.headcount=5", "organisation.vendor.attrition.surplus=\"wait\""];
    assert!(words(&waits).contains("3 more of lead are present than wanted: nobody is hired until as many have left"));
    let alone = words(&["organisation.other={ like = \"vendor\", attrition = { role = { lead = { notice_level = 1 } } } }"]);
    let note = "attrition has only keys by role: a table is used whole, so nothing of vendor's applies";
    assert!(alone.contains(note), "{alone}");
    let missing = words(&[
        "organisation.vendor.cost={ salary_per_year = { lead = 60, senior = 40 }, staff_per_year = { recruiters = 1 } }",
    ]);
    assert!(missing.contains("no salary for engineer"), "{missing}");
}

#[test]
fn check_says_of_every_tenure_law_how_many_places_fall_vacant() {
    let vacant = |attrition: &str| {
        let told = words(&[&format!("organisation.vendor.attrition={{ {attrition} }}")]);
        let lines: Vec<String> = told.lines().filter(|line| line.contains("100 seats")).map(str::to_owned).collect();
        // The first organisation is the vendor.
        lines.first().map_or_else(String::new, |line| line.trim().to_owned())
    };
    let exponential = "of 100 seats kept filled, 20 become vacant per year";
    assert_eq!(vacant("tenure_days = { dist = 'exponential', mean = 1825 }"), exponential);
    assert_eq!(vacant("attrition_per_year = 0.2"), exponential);
    let others = [
        "730",
        "{ dist = 'uniform', min = 0, max = 1460 }",
        "{ dist = 'triangular', min = 365, mode = 730, max = 1095 }",
        "{ dist = 'lognormal', mean = 730, cv = 1 }",
        "{ dist = 'weibull', shape = 0.5, scale = 365 }",
        "{ dist = 'gamma', mean = 730, cv = 2 }",
        "{ dist = 'normal', mean = 730, sd = 1 }",
        "{ dist = 'beta_pert', min = 0, mode = 730, max = 1460 }",
        "{ dist = 'empirical', values = [365, 1095] }",
    ];
    for law in others {
        let expected = "in the long run, of 100 seats kept filled, 50 become vacant per year";
        assert_eq!(vacant(&format!("tenure_days = {law}")), expected, "{law}");
    }
    let told = words(&["organisation.vendor.attrition={ attrition_per_year = 0 }"]);
    assert!(told.contains("nobody quits because of tenure\n"), "{told}");
}
