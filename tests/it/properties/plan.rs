//! Random scenarios as text: roles, organisations, transfers and money with all that a scenario file may hold.

use proptest::prelude::*;
use proptest::sample::select;

/// The organisations, in the order in which transfers rotate.
const ORGANISATIONS: [&str; 3] = ["x", "y", "z"];

/// Months of equal length, and of the calendar from the first, the middle and the last day of a month on.
const MONTHS: [&str; 4] = [
    "start = 2027-01-01\nmonths = 'equal'",
    "start = 2027-01-01",
    "start = 2027-06-15\nmonths = 'calendar'",
    "start = 2027-10-31",
];

/// Returns a scenario of two strategies: `s`, employed by `x`, may be handed over up to three times; `t` is employed by
/// `y` and is not. Either may have initial people and a rescuer.
pub(super) fn scenario() -> impl Strategy<Value = String> {
    let horizon = select(vec![1_u32, 7, 13, 26, 31]);
    let goals = proptest::collection::vec(goal(), 0..4);
    let top = (horizon, 0..1000_u32, goals, top());
    (top, roles(), world(), organisations(), strategies()).prop_map(
        |((months, seed, goals, top), roles, world, (organisations, own), strategies)| {
            let goals: String = goals.iter().enumerate().map(|(index, goal)| goal.text(index, months)).collect();
            format!(
                "title = 'Random'\n{}\nhorizon_months = {months}\nseed = {seed}\n{top}\n{world}\n{roles}\n\
                 {goals}\n{organisations}\n{}",
                MONTHS[seed as usize % MONTHS.len()],
                strategies.text(own)
            )
        },
    )
}

fn option(text: impl Strategy<Value = String>) -> impl Strategy<Value = Option<String>> {
    proptest::option::weighted(0.7, text)
}

/// Returns a text or, half of the time, nothing.
pub(super) fn maybe(text: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    proptest::option::weighted(0.5, text).prop_map(Option::unwrap_or_default)
}

/// Returns one of some texts.
fn one_of(texts: &[&str]) -> impl Strategy<Value = String> + use<> {
    select(texts.iter().map(|&text| text.to_owned()).collect::<Vec<_>>())
}

/// Returns nothing, or a rate up to some bound.
pub(super) fn rate(most: f64) -> impl Strategy<Value = f64> + Clone {
    prop_oneof![Just(0.0), 0.0..most]
}

/// Returns lengths of time, including none at all and some that end at month ends and coincide.
pub(super) fn days(about: f64) -> BoxedStrategy<String> {
    let length = (0.1..2.5_f64).prop_map(move |factor| factor * about);
    let three = [length.clone(), length.clone(), length.clone()].prop_map(|mut lengths| {
        lengths.sort_by(f64::total_cmp);
        lengths
    });
    prop_oneof![
        3 => select(vec!["0", "1", "10", "10.0", "30.416666666666668", "91.25"]).prop_map(str::to_owned),
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

/// Returns a key with a length of time, or nothing.
pub(super) fn days_of(key: &'static str, about: f64) -> impl Strategy<Value = String> {
    option(days(about)).prop_map(move |days| days.map_or_else(String::new, |days| format!("{key} = {days}, ")))
}

/// Returns a time to quit, which is never zero.
pub(super) fn tenure() -> BoxedStrategy<String> {
    let quits_at_once = |text: &String| !(text == "0" || text == "1" || text.contains("empirical"));
    prop_oneof![3 => days(150.0), 1 => one_of(&["45", "91.25", "182.5", "200"])]
        .prop_filter("quits at once", quits_at_once)
        .boxed()
}

/// Keys of the top of the file.
fn top() -> impl Strategy<Value = String> {
    (
        maybe(one_of(&["knowledge_days = 100", "knowledge_days = 1000"])),
        maybe(
            (0.0..10.0_f64)
                .prop_map(|value| format!("value_per_fte_month = {value}\ndiscount_rate_per_year = 0.1\ncurrency = 'kUSD'")),
        ),
    )
        .prop_map(|(knowledge, value)| format!("{knowledge}\n{value}"))
}

/// Returns what all strategies share.
fn world() -> impl Strategy<Value = String> {
    let shock = (0.0..4.0_f64, one_of(&["0.5", "1.5", "{ dist = 'triangular', min = 0.4, mode = 1, max = 1.7 }"]))
        .prop_map(|(rate, factor)| format!("demand.shock = {{ per_year = {rate}, factor = {factor} }}"));
    let market = proptest::option::weighted(0.3, 0.1..2.0_f64)
        .prop_map(|hazard| hazard.map_or_else(String::new, |hazard| format!("market.exit_hazard_per_year = {hazard}")));
    let communication = (0.0..0.01_f64, select(vec!["", ", team = 3"]))
        .prop_map(|(coefficient, team)| format!("communication = {{ coefficient = {coefficient}{team} }}"));
    let project = (10.0..2000.0_f64).prop_map(|size| format!("project.size_fte_days = {size}"));
    (maybe(shock), market, maybe(communication), maybe(operations()), maybe(project)).prop_map(
        |(shock, market, communication, operations, project)| [shock, market, communication, operations, project].join("\n"),
    )
}

fn operations() -> impl Strategy<Value = String> {
    let half_life = one_of(&["", ", half_life_months = 0.5", ", half_life_months = 8"]);
    (0.0..15.0_f64, days(4.0), 0.0..1.0_f64, half_life, 0.0..3.0_f64, rate(6.0)).prop_map(
        |(rate, effort, floor, half_life, rookies, setback)| {
            format!(
                "operations = {{ incidents_per_month = {rate}, effort_days = {effort}, floor = {floor}{half_life}, \
                 rookie_factor = {rookies}, transfer_setback_months = {setback} }}"
            )
        },
    )
}

/// A goal: its measure, its bound as a share of the largest value of the measure, its side, and its month as a share of
/// the horizon.
#[derive(Clone, Debug)]
struct Goal {
    measure: (&'static str, f64),
    bound: f64,
    side: &'static str,
    month: f64,
    key: &'static str,
    for_months: u32,
}

/// Measures of goals in addition to those that are drawn.
const MORE_MEASURES: [(&str, f64); 5] =
    [("wanted", 8.0), ("open_requisitions", 5.0), ("joins", 3.0), ("leaves", 2.0), ("month_cost", 100.0)];

fn goal() -> impl Strategy<Value = Goal> {
    let measures = vec![
        ("headcount", 8.0),
        ("effective_fte", 6.0),
        ("delivered_fte_days", 1500.0),
        ("knowledge", 1.0),
        ("client_cost", 2000.0),
    ];
    let drawn = (select(measures), 0.0..1.0_f64, select(vec!["at_least", "at_most"]), 0.0..1.0_f64);
    drawn.prop_map(|(measure, bound, side, month)| {
        // The last digits of the bound decide the rest, so the other tables are the same as before goals had it.
        let digits = (bound * 1e6) as usize;
        let measure = if digits.is_multiple_of(2) { measure } else { MORE_MEASURES[digits / 2 % MORE_MEASURES.len()] };
        let (key, for_months) = (["by_month", "at_month"][digits / 10 % 2], [1, 1, 2, 4][digits / 20 % 4]);
        Goal { measure, bound, side, month, key, for_months }
    })
}

impl Goal {
    fn text(&self, index: usize, months: u32) -> String {
        let Self { measure: (measure, most), bound, side, month, key, for_months } = self;
        let for_months = if (*side, *key) == ("at_most", "by_month") { 1 } else { months.min(*for_months) };
        let month = f64::from(for_months) + (month * f64::from(months - for_months) * 2.0).floor() / 2.0;
        let is_count = ["wanted", "headcount", "open_requisitions", "joins", "leaves"].contains(measure);
        let bound = if is_count { (bound * most).floor() } else { bound * most };
        let row = if for_months > 1 { format!("for_months = {for_months}\n") } else { String::new() };
        let gate = if index == 0 { "probability = 0.5\n" } else { "" };
        format!("[[goal]]\nname = 'goal {index}'\nmeasure = '{measure}'\n{side} = {bound}\n{key} = {month}\n{row}{gate}")
    }
}

/// Up to three roles whose demand rises and falls, and one more whose demand is 1.
fn roles() -> impl Strategy<Value = String> {
    let heads = prop_oneof![(0..7_u32).prop_map(f64::from), 0.0..6.0_f64];
    let months = (select(vec![0.0, 0.5, 3.0]), select(vec![1.0, 2.0, 3.3]), select(vec![1.0, 2.5, 6.0]));
    let demand = ([heads.clone(), heads.clone(), heads], months).prop_map(|([first, second, third], (month, more, most))| {
        let (then, at_last) = (month + more, month + more + most);
        format!(
            "[{{ month = {month}, value = {first} }}, {{ month = {then}, value = {second} }}, {{ month = {at_last}, value = {third} }}]"
        )
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

/// Three organisations, and which of them belong to the client.
fn organisations() -> impl Strategy<Value = (String, [bool; 3])> {
    (organisation(), organisation(), onboarding(), any::<bool>(), any::<[bool; 3]>(), failure()).prop_map(
        |(x, y, z, alike, own, failure)| {
            let y = if alike { format!("like = 'x'\n{failure}") } else { y };
            let text = format!(
                "[organisation.x]\nown = {}\n{x}\n[organisation.y]\nown = {}\n{y}\n[organisation.z]\nown = {}\nlike = 'y'\n{z}",
                own[0], own[1], own[2]
            );
            (text, own)
        },
    )
}

fn failure() -> impl Strategy<Value = String> {
    proptest::option::weighted(0.3, 0.1..3.0_f64)
        .prop_map(|hazard| hazard.map_or_else(String::new, |hazard| format!("failure_hazard_per_year = {hazard}")))
}

fn organisation() -> impl Strategy<Value = String> {
    let setup = option(days(40.0)).prop_map(|days| days.map_or_else(String::new, |days| format!("setup_days = {days}")));
    let hiring = proptest::option::weighted(0.95, hiring()).prop_map(Option::unwrap_or_default);
    let [onboarding, attrition] =
        [onboarding().boxed(), attrition().boxed()].map(|table| option(table).prop_map(Option::unwrap_or_default));
    (setup, hiring, onboarding, attrition, failure(), option(cost())).prop_map(
        |(setup, hiring, onboarding, attrition, failure, cost)| {
            // Staff that no stage uses must not be paid.
            let is_paid = hiring.contains("uses = 'recruiters'");
            let staff = if is_paid { ", staff_per_year = { recruiters = 20 }" } else { "" };
            let cost = cost.map_or_else(String::new, |cost| format!("cost = {{ {cost}{staff} }}"));
            [setup, hiring, onboarding, attrition, failure, cost].join("\n")
        },
    )
}

fn cost() -> impl Strategy<Value = String> {
    let salary = one_of(&["salary_per_year = { a = 40, z = 25 }", "salary_per_year.a = 60"]);
    let moving = (0.0..0.2_f64, rate(0.3), -0.1..0.1_f64).prop_map(|(rise, volatility, drift)| {
        format!(", wage_rise_per_year = {rise}, fx_volatility_per_year = {volatility}, fx_drift_per_year = {drift}")
    });
    let lumps = (rate(200.0), rate(1.0), rate(5.0), rate(6.0), rate(100.0)).prop_map(
        |(setup, hire, onboarding, severance, exit)| {
            format!(
                ", setup = {setup}, hire = {hire}, onboarding = {onboarding}, severance_months = {severance}, exit = {exit}"
            )
        },
    );
    (salary, rate(0.5), rate(2.0), rate(20.0), maybe(lumps), maybe(moving)).prop_map(
        |(salary, overhead, place, fixed, lumps, moving)| {
            format!("{salary}, overhead = {overhead}, per_head_month = {place}, fixed_month = {fixed}{lumps}{moving}")
        },
    )
}

/// Returns staff that is available at some time: a number, steps, or teams that handle several requisitions each.
fn staff() -> impl Strategy<Value = String> {
    one_of(&[
        "1",
        "2",
        "3",
        "[{ month = 0, value = 3 }, { month = 2, value = 0 }, { month = 4.5, value = 1 }]",
        "[{ month = 1.5, value = 1 }, { month = 3, value = 4 }]",
        "{ count = 1, each_handles = 1.5 }",
        "{ count = 2, each_handles = 1.5 }",
        "{ count = [{ month = 0, value = 1 }, { month = 3, value = 2 }, { month = 6, value = 1 }], each_handles = 1.5 }",
        "[{ month = 0, value = { count = 1, each_handles = 3 } }, { month = 5, value = 1 }]",
    ])
}

fn hiring() -> impl Strategy<Value = String> {
    let uses = select(vec!["", ", uses = 'recruiters'", ", uses = 'managers'"]);
    let pass = select(vec!["1", "0.9", "0.5"]);
    let stage = (days(25.0), option(days(40.0)), pass, uses).prop_map(|(days, others, pass, uses)| {
        let others = others.map_or_else(String::new, |days| format!(", takes_days_by_role = {{ a = {days} }}"));
        format!("{{ name = 's', takes_days = {days}, pass = {pass}{uses}{others} }}")
    });
    let brand = (0.2..3.0_f64, 0.5..12.0_f64)
        .prop_map(|(start, hires)| format!("hiring.brand = {{ start = {start}, hires = {hires} }}"));
    let bench = (0..4_u32, 0..2_u32, option(days(12.0)), option(days(40.0))).prop_map(|(a, z, ready, refill)| {
        let ready = ready.map_or_else(String::new, |days| format!("hiring.bench_ready_days = {days}"));
        let refill = refill.map_or_else(String::new, |days| format!("hiring.bench_refill_days = {days}"));
        format!("hiring.bench = {{ a = {a}, z = {z} }}\n{ready}\n{refill}")
    });
    (staff(), staff(), proptest::collection::vec(stage, 1..4), maybe(brand), maybe(bench)).prop_map(
        |(recruiters, managers, stages, brand, bench)| {
            format!(
                "hiring.staff = {{ recruiters = {recruiters}, managers = {managers} }}\nhiring.stages = [{}]\n{brand}\n{bench}",
                stages.join(", ")
            )
        },
    )
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
    let hazards = (rate(3.0), 1.0..200.0_f64, rate(3.0), rate(6.0)).prop_map(|(early, early_days, rotation, burnout)| {
        format!(
            "early_hazard_per_year = {early}, early_days = {early_days}, rotation_hazard_per_year = {rotation}, \
             burnout_hazard_per_year = {burnout}, "
        )
    });
    let tenure = option(tenure()).prop_map(|days| days.map_or_else(String::new, |days| format!("tenure_days = {days}, ")));
    let notices = (days_of("leave_notice_days", 20.0), days_of("release_notice_days", 30.0));
    (tenure, option(hazards), notices, 0.0..1.2_f64).prop_map(|(tenure, hazards, (notice, release), level)| {
        let hazards = hazards.unwrap_or_default();
        format!("attrition = {{ {tenure}{hazards}{notice}{release}notice_level = {level} }}")
    })
}

/// The parts of the text of a strategy.
#[derive(Clone, Debug)]
struct Plan {
    initial: Vec<String>,
    /// For each transfer, the rotation from the organisation in charge to the receiver, and the rest of its text.
    transfers: Vec<(usize, String)>,
    /// The rotation from the employer to the rescuer, and the rest of its text.
    rescue: Option<(usize, String)>,
    contracts: [String; 3],
}

fn strategies() -> impl Strategy<Value = Strategies> {
    let transfers =
        (0..4_usize).prop_flat_map(|count| (0..count).map(|index| (1..3_usize, transfer(index))).collect::<Vec<_>>());
    let plan = |transfers: BoxedStrategy<Vec<(usize, String)>>| {
        let initial = (one_of(&["a", "z"]), 0..6_u32, option(days(200.0))).prop_map(|(role, headcount, tenure)| {
            let tenure = tenure.map_or_else(String::new, |days| format!("tenure_days = {days}\n"));
            format!("role = '{role}'\nheadcount = {headcount}\n{tenure}")
        });
        let rescue = (0..3_usize, maybe((0.0..1.0_f64).prop_map(|acceptance| format!("acceptance = {acceptance}\n"))));
        let initial = prop_oneof![1 => Just(Vec::new()), 1 => proptest::collection::vec(initial, 1..3)];
        let contracts = [contract().boxed(), contract().boxed(), contract().boxed()];
        (initial, transfers, proptest::option::weighted(0.6, rescue), contracts)
            .prop_map(|(initial, transfers, rescue, contracts)| Plan { initial, transfers, rescue, contracts })
    };
    (plan(transfers.boxed()), plan(Just(Vec::new()).boxed())).prop_map(|(s, t)| Strategies { s, t })
}

#[derive(Clone, Debug)]
struct Strategies {
    s: Plan,
    t: Plan,
}

impl Strategies {
    fn text(&self, own: [bool; 3]) -> String {
        format!("{}{}", self.s.text("s", 0, own), self.t.text("t", 1, own))
    }
}

impl Plan {
    fn text(&self, name: &str, employer: usize, own: [bool; 3]) -> String {
        let mut text = format!("[strategy.{name}]\nemployer = '{}'\n", ORGANISATIONS[employer]);
        let mut involved = [false; 3];
        involved[employer] = true;
        for initial in &self.initial {
            text += &format!("[[strategy.{name}.initial]]\n{initial}");
        }
        let mut in_charge = employer;
        for (steps, rest) in &self.transfers {
            in_charge = (in_charge + steps) % 3;
            involved[in_charge] = true;
            text += &format!("[[strategy.{name}.transfer]]\nto = '{}'\n{rest}\n", ORGANISATIONS[in_charge]);
        }
        // An employer that is always in charge can rescue nobody.
        if let Some((steps, rest)) = self.rescue.as_ref().filter(|(steps, _)| *steps > 0 || !self.transfers.is_empty()) {
            let to = (employer + steps) % 3;
            involved[to] = true;
            text += &format!("[strategy.{name}.rescue]\nto = '{}'\n{rest}", ORGANISATIONS[to]);
        }
        for index in (0..3).filter(|&index| involved[index] && !own[index]) {
            text += &format!("[strategy.{name}.contract.{}]\n{}\n", ORGANISATIONS[index], self.contracts[index]);
        }
        text
    }
}

/// Returns when a transfer takes place; later ones in the list are due later.
fn trigger(index: usize) -> impl Strategy<Value = String> {
    let later = 4.0 * index as f64;
    let month = select(vec![0.0, 1.5, 3.0, 5.37]).prop_map(move |month| format!("month = {}\n", month + later));
    let share = |key: &'static str, most: f64| maybe((0.1..most).prop_map(move |share| format!("{key} = {share}, ")));
    let whole = maybe(one_of(&["headcount_share = 0.5, ", "headcount_share = 1, "]));
    let earliest = select(vec![0.0, 1.0, 2.5, 4.0]);
    let latest = proptest::option::weighted(
        0.7,
        (select(vec![0.0, 0.5, 2.0, 7.0]), one_of(&["", "if_not_ready = 'transfer'\n", "if_not_ready = 'extend'\n"])),
    );
    let ready = (whole, share("effective_share", 1.0), share("knowledge_share", 0.4), 1..4_u32, earliest, latest).prop_map(
        move |(headcount, effective, knowledge, months, earliest, latest)| {
            let shares = format!("{headcount}{effective}{knowledge}");
            let shares = if shares.is_empty() { "headcount_share = 0.8, ".to_owned() } else { shares };
            let earliest = earliest + later;
            let (latest, otherwise) = latest.map_or_else(Default::default, |(more, otherwise)| {
                (format!(", latest_month = {}", earliest + more), otherwise)
            });
            format!("ready = {{ {shares}for_months = {months}, earliest_month = {earliest}{latest} }}\n{otherwise}")
        },
    );
    prop_oneof![month.boxed(), ready.boxed()]
}

fn transfer(index: usize) -> impl Strategy<Value = String> {
    let prepare = select(vec!["", "prepare_month = 0", "prepare_month = 2.5", "prepare_month = 6"]);
    let waves = select(vec!["[1]", "[0.5, 0.5]", "[0.3, 0.3, 0.4]", "[0, 1]"]);
    let gap = select(vec!["0", "10", "30.416666666666668", "45.5"]);
    let exercise = prop_oneof![5 => Just(""), 1 => Just("exercise = 0.5\n"), 1 => Just("exercise = 0\n")];
    let acceptance =
        prop_oneof![Just("1".to_owned()), (0.0..1.0_f64).prop_map(|p| format!("{p}\nacceptance_by_role.a = 0.5"))];
    let shock = maybe(
        (0.1..3.0_f64, 10.0..200.0_f64)
            .prop_map(|(hazard, days)| format!("shock_hazard_per_year = {hazard}\nshock_days = {days}")),
    );
    let disruption = maybe(
        (0.1..1.5_f64, 1.0..90.0_f64).prop_map(|(level, days)| format!("disruption = {level}\ndisruption_days = {days}")),
    );
    let hiring = select(vec!["", "hiring_after = 'receiver'", "hiring_after = 'sender'"]);
    let stays = maybe(days(20.0).prop_map(|days| format!("refuser_stays_days = {days}")));
    let when = (trigger(index), prepare, waves, gap, exercise);
    (when, acceptance, stays, shock, disruption, hiring).prop_map(
        |((when, prepare, waves, gap, exercise), acceptance, stays, shock, disruption, hiring)| {
            format!(
                "{when}{exercise}{prepare}\nwaves = {waves}\nwave_gap_days = {gap}\n\
                 acceptance = {acceptance}\n{stays}\n{shock}\n{disruption}\n{hiring}"
            )
        },
    )
}

/// Returns what the client pays a vendor.
fn contract() -> impl Strategy<Value = String> {
    let steps = |key: &'static str| {
        maybe(
            one_of(&["3", "[{ month = 0, value = 5 }, { month = 2.5, value = 1 }]", "[{ month = 1, value = 4 }]"])
                .prop_map(move |value| format!("{key} = {value}\n")),
        )
    };
    let billing = one_of(&[
        "",
        "rate_per_month = { a = 6, z = 4 }\n",
        "rate_per_month.a = [{ month = 0, value = 6 }, { month = 4, value = 7 }]\n",
        "cost_plus = 0.15\n",
        "cost_plus = [{ month = 0, value = 0.1 }, { month = 3, value = 0.3 }]\n",
    ]);
    let minimum = maybe(one_of(&[
        "minimum_headcount = 4\n",
        "minimum_headcount = [{ month = 0, value = 6 }, { month = 3, value = 1.5 }]\n",
    ]));
    let credit = maybe(one_of(&["staffing_credit = { below = 0.9, share = 0.1 }\n"]));
    let guarantee = maybe(one_of(&[
        "guarantee_days = 90\n",
        "rate_rise_per_year = 0.05\n",
        "guarantee_days = 60\nrate_rise_per_year = 0.05\n",
    ]));
    let bonus = maybe(one_of(&["retention_bonus = 6\n", "retention_bonus = 6\nretention_months = 2\n"]));
    let ends = maybe(one_of(&["termination_months = 3\n"]));
    let lumps = (steps("setup_fee"), steps("transfer_fee"), steps("transfer_fee_per_head"));
    let months = (steps("fee_month"), steps("oversight_month"), billing);
    (months, lumps, minimum, credit, guarantee, bonus, ends).prop_map(
        |((fee, oversight, billing), (setup, transfer, per_head), minimum, credit, guarantee, bonus, ends)| {
            [fee, oversight, billing, setup, transfer, per_head, minimum, credit, guarantee, bonus, ends].concat()
        },
    )
}
