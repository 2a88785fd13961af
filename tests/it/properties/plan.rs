//! Random scenarios as text: up to three roles and three organisations, with all that this version simulates.

use proptest::prelude::*;
use proptest::sample::select;

/// A scenario `s` that is employed by `x`, and perhaps handed over, and one, `t`, that is employed by `y` and is not.
pub(super) fn scenario() -> impl Strategy<Value = String> {
    (roles(), organisations(), option(transfer()), option(communication()), select(vec![1_u32, 7, 13, 26]), 0..1000_u32)
        .prop_map(|(roles, organisations, transfer, communication, months, seed)| {
            let communication = communication.unwrap_or_default();
            let transfer = transfer.unwrap_or_default();
            format!(
                "title = 'Random'\nstart = 2027-01-01\nhorizon_months = {months}\nseed = {seed}\n{communication}\n{roles}\n\
                 {organisations}\n[strategy.s]\nemployer = 'x'\n[strategy.t]\nemployer = 'y'\n{transfer}"
            )
        })
}

fn option(text: impl Strategy<Value = String>) -> impl Strategy<Value = Option<String>> {
    proptest::option::weighted(0.7, text)
}

/// Lengths of time, among them none at all and such that come to month ends and meet each other.
fn days(about: f64) -> BoxedStrategy<String> {
    let length = (0.1..2.5_f64).prop_map(move |factor| factor * about);
    let three = [length.clone(), length.clone(), length.clone()].prop_map(|mut lengths| {
        lengths.sort_by(f64::total_cmp);
        lengths
    });
    prop_oneof![
        2 => select(vec!["0", "1", "10", "10.0", "30.416666666666668", "91.25"]).prop_map(str::to_owned),
        1 => length.clone().prop_map(|mean| format!("{{ dist = 'exponential', mean = {mean} }}")),
        1 => (length.clone(), 0.0..1.5_f64).prop_map(|(mean, cv)| format!("{{ dist = 'lognormal', mean = {mean}, cv = {cv} }}")),
        1 => (length.clone(), 0.5..3.0_f64).prop_map(|(scale, shape)| format!("{{ dist = 'weibull', shape = {shape}, scale = {scale} }}")),
        1 => (length.clone(), 0.2..1.5_f64).prop_map(|(mean, cv)| format!("{{ dist = 'gamma', mean = {mean}, cv = {cv} }}")),
        1 => (length.clone(), length.clone()).prop_map(|(mean, sd)| format!("{{ dist = 'normal', mean = {mean}, sd = {sd} }}")),
        1 => three.clone().prop_map(|[min, _, max]| format!("{{ dist = 'uniform', min = {min}, max = {max} }}")),
        1 => three.clone().prop_map(|[min, mode, max]| format!("{{ dist = 'triangular', min = {min}, mode = {mode}, max = {max} }}")),
        1 => three.clone().prop_map(|[min, mode, max]| format!("{{ dist = 'beta_pert', min = {min}, mode = {mode}, max = {max} }}")),
        1 => three.prop_map(|[a, b, c]| format!("{{ dist = 'empirical', values = [0, {a}, {b}, {c}], weights = [1, 2, 1, 1] }}")),
    ]
    .boxed()
}

/// Time to quit, which is never nothing.
fn tenure() -> BoxedStrategy<String> {
    let quits_at_once = |text: &String| !(text == "0" || text == "1" || text.contains("empirical"));
    prop_oneof![3 => days(150.0), 1 => select(vec!["45", "91.25", "182.5", "200"]).prop_map(str::to_owned)]
        .prop_filter("quits at once", quits_at_once)
        .boxed()
}

fn roles() -> impl Strategy<Value = String> {
    let heads = prop_oneof![(0..7_u32).prop_map(f64::from), 0.0..6.0_f64];
    let demand = (heads.clone(), heads, select(vec![0.0, 0.5, 3.0])).prop_map(|(first, more, month)| {
        let then = month + 2.0;
        format!("[{{ month = {month}, value = {first} }}, {{ month = {then}, value = {} }}]", first + more)
    });
    let role = (demand, select(vec!["0.8", "1", "1.25"]), -1..2_i32);
    proptest::collection::vec(role, 1..4).prop_map(|roles| {
        let mut text = String::from("demand.z = 1\n[[role]]\nname = 'z'\n");
        for ((demand, output, priority), name) in roles.into_iter().zip(["a", "b", "c"]) {
            text = format!(
                "demand.{name} = {demand}\n{text}[[role]]\nname = '{name}'\noutput = {output}\npriority = {priority}\n"
            );
        }
        text
    })
}

fn organisations() -> impl Strategy<Value = String> {
    (organisation(), organisation(), onboarding(), any::<bool>()).prop_map(|(x, y, z, alike)| {
        let y = if alike { "like = 'x'".to_owned() } else { y };
        format!("[organisation.x]\n{x}\n[organisation.y]\n{y}\n[organisation.z]\nlike = 'y'\n{z}")
    })
}

fn organisation() -> impl Strategy<Value = String> {
    (option(days(40.0)), proptest::option::weighted(0.95, hiring()), option(onboarding()), option(attrition())).prop_map(
        |(setup, hiring, onboarding, attrition)| {
            let setup = setup.map_or_else(String::new, |days| format!("setup_days = {days}"));
            [setup, hiring.unwrap_or_default(), onboarding.unwrap_or_default(), attrition.unwrap_or_default()].join("\n")
        },
    )
}

fn hiring() -> impl Strategy<Value = String> {
    let uses = select(vec!["", ", uses = 'recruiters'", ", uses = 'managers'"]);
    let pass = select(vec!["1", "0.9", "0.5"]);
    let stage = (days(25.0), option(days(40.0)), pass, uses).prop_map(|(days, others, pass, uses)| {
        let others = others.map_or_else(String::new, |days| format!(", takes_days_by_role = {{ a = {days} }}"));
        format!("{{ name = 's', takes_days = {days}, pass = {pass}{uses}{others} }}")
    });
    (1..4_u32, 1..3_u32, proptest::collection::vec(stage, 1..4)).prop_map(|(recruiters, managers, stages)| {
        format!(
            "hiring.staff = {{ recruiters = {recruiters}, managers = {{ count = {managers}, each_handles = 1.5 }} }}\n\
             hiring.stages = [{}]",
            stages.join(", ")
        )
    })
}

fn onboarding() -> impl Strategy<Value = String> {
    let slots = select(vec![
        "",
        "mentor_slots = 1,",
        "mentor_slots = 2,",
        "mentor_slots = { per_productive = 0.4, at_least = 1 },",
        "mentor_slots = { per_productive = 1.5, at_least = 2 },",
    ]);
    let step = (select(vec!["0.6", "0.9", "1"]), days(20.0))
        .prop_map(|(level, days)| format!("{{ level = {level}, days = {days} }}"));
    let then = proptest::collection::vec(step, 0..3);
    (0.0..0.4_f64, 0.4..0.9_f64, days(30.0), slots, 0.0..0.5_f64, then).prop_map(|(waiting, mentored, days, slots, load, then)| {
        format!(
            "onboarding = {{ waiting = {waiting}, mentored = {mentored}, mentored_days = {days}, {slots} mentor_load = {load}, then = [{}] }}",
            then.join(", ")
        )
    })
}

fn attrition() -> impl Strategy<Value = String> {
    let hazard = prop_oneof![Just(0.0), 0.0..3.0_f64];
    (option(tenure()), hazard.clone(), 1.0..200.0_f64, hazard, option(days(20.0)), 0.0..1.2_f64).prop_map(
        |(tenure, early, early_days, rotation, notice, level)| {
            let tenure = tenure.map_or_else(String::new, |days| format!("tenure_days = {days}, "));
            let notice = notice.map_or_else(String::new, |days| format!("leave_notice_days = {days}, "));
            format!(
                "attrition = {{ {tenure}early_hazard_per_year = {early}, early_days = {early_days}, \
                 rotation_hazard_per_year = {rotation}, {notice}notice_level = {level} }}"
            )
        },
    )
}

fn communication() -> impl Strategy<Value = String> {
    (0.0..0.01_f64, select(vec!["", ", team = 3"]))
        .prop_map(|(coefficient, team)| format!("communication = {{ coefficient = {coefficient}{team} }}"))
}

fn transfer() -> impl Strategy<Value = String> {
    let month = select(vec!["0", "1.5", "3", "3.0", "5.37"]);
    let prepare = select(vec!["", "prepare_month = 0", "prepare_month = 2.5"]);
    let waves = select(vec!["[1]", "[0.5, 0.5]", "[0.3, 0.3, 0.4]", "[0, 1]"]);
    let gap = select(vec!["0", "10", "30.416666666666668", "45.5"]);
    let acceptance =
        prop_oneof![Just("1".to_owned()), (0.0..1.0_f64).prop_map(|p| format!("{p}\nacceptance_by_role.a = 0.5"))];
    let shock = prop_oneof![
        Just(String::new()),
        (0.1..3.0_f64, 10.0..200.0_f64)
            .prop_map(|(hazard, days)| { format!("shock_hazard_per_year = {hazard}\nshock_days = {days}") })
    ];
    let disruption = prop_oneof![
        Just(String::new()),
        (0.1..1.5_f64, 1.0..90.0_f64)
            .prop_map(|(level, days)| { format!("disruption = {level}\ndisruption_days = {days}") })
    ];
    let hiring = select(vec!["", "hiring_after = 'sender'"]);
    let first = (select(vec!["y", "z"]), month, prepare, waves, gap);
    (first, acceptance, option(days(20.0)), shock, disruption, hiring).prop_map(
        |((to, month, prepare, waves, gap), acceptance, stays, shock, disruption, hiring)| {
            let stays = stays.map_or_else(String::new, |days| format!("refuser_stays_days = {days}"));
            format!(
                "[[strategy.s.transfer]]\nto = '{to}'\nmonth = {month}\n{prepare}\nwaves = {waves}\nwave_gap_days = {gap}\n\
                 acceptance = {acceptance}\n{stays}\n{shock}\n{disruption}\n{hiring}"
            )
        },
    )
}
