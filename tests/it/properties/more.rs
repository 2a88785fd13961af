//! Random scenarios with more keys: those of roles within organisations, of failures, of a surplus and of
//! places, of people one by one, of employers by role and of promotions. They are
//! inserted into the random scenarios of `plan.rs`, which stay as they are.

use proptest::prelude::*;
use proptest::sample::select;

use super::plan::{self, days, days_of, maybe, rate, tenure};

/// Tables of attrition, tables of onboarding, and stages of a random scenario.
const TABLES: [usize; 3] = [2, 3, 6];

/// Returns a scenario of `plan.rs` with more keys.
pub(super) fn scenario() -> impl Strategy<Value = String> {
    let [attritions, onboardings, stages] = TABLES;
    let more = (
        proptest::collection::vec(attrition(), attritions),
        proptest::collection::vec(onboarding(), onboardings),
        proptest::collection::vec(stage(), stages),
        (strategy(), strategy(), promotion(), any::<bool>()),
    );
    (plan::scenario(), more).prop_map(|(text, (attritions, onboardings, stages, (s, t, promotion, of_role)))| {
        let text = inserted(&text, "employer = 'x'\n", &[s]);
        let text = inserted(&text, "employer = 'y'\n", &[t]);
        let text = inserted(&text, "name = 'z'\n", &[promotion]);
        let text = if of_role { inserted(&text, "measure = 'headcount'\n", &["role = 'z'\n".to_owned()]) } else { text };
        let text = inserted(&text, "attrition = { ", &attritions);
        let text = inserted(&text, "onboarding = { ", &onboardings);
        let mut stages = stages.iter();
        let pipeline = |(number, part): (usize, &str)| {
            if number == 0 { part.to_owned() } else { format!("hiring.stages = [{}", with_stages(part, &mut stages)) }
        };
        text.split("hiring.stages = [").enumerate().map(pipeline).collect()
    })
}

/// Returns a text with a further text after each occurrence of a mark.
fn inserted(text: &str, mark: &str, further: &[String]) -> String {
    let mut parts = text.split(mark);
    let first = parts.next().unwrap_or_default().to_owned();
    let further = further.iter().map(String::as_str).chain(std::iter::repeat(""));
    parts.zip(further).fold(first, |text, (part, further)| text + mark + further + part)
}

/// Keys of a stage: the share of candidates of a role that pass, and to which stage those who fail return.
type Stage = (Option<&'static str>, Option<usize>);

fn stage() -> impl Strategy<Value = Stage> {
    let pass = proptest::option::of(select(vec!["{ a = 0.4 }", "{ a = 1, z = 0.7 }", "{ z = 0.5 }"]));
    (pass, proptest::option::of(0..6_usize))
}

/// Returns the stages of a pipeline, and what follows, with names of their own and more keys.
fn with_stages<'s>(part: &str, stages: &mut impl Iterator<Item = &'s Stage>) -> String {
    let mut text = String::new();
    for (number, rest) in part.split("{ name = 's', ").enumerate() {
        if number > 0 {
            let index = number - 1;
            let (pass, on_fail) = stages.next().expect("a scenario has few stages");
            text += &format!("{{ name = 's{index}', ");
            text += &pass.map_or_else(String::new, |pass| format!("pass_by_role = {pass}, "));
            text += &on_fail.map_or_else(String::new, |stage| format!("on_fail = 's{}', ", stage % number));
        }
        text += rest;
    }
    text
}

/// Keys of a strategy: who employs a role, and people one by one.
fn strategy() -> impl Strategy<Value = String> {
    let employers = vec!["{ z = 'z' }", "{ a = 'x' }", "{ a = 'y', z = 'z' }", "{ z = 'x' }", "{ a = 'z' }"];
    let by_role = maybe(select(employers).prop_map(|employers| format!("employer_by_role = {employers}\n")));
    let joined = select(vec!["2019-03-01", "2026-11-15", "2026-12-31", "2027-01-01"]);
    let leaves = select(vec!["", "", ", last_day = 2027-11-30", ", last_day = 2027-12-31", ", last_day = 2028-02-14"]);
    let offer = select(vec!["2027-11-01", "2027-12-15", "2028-04-30"]).prop_map(|day| (day, ""));
    let fte = select(vec!["", "", ", fte = 0.5", ", fte = 0.8", ", fte = 0"]);
    let person = (select(vec!["a", "z"]), prop_oneof![2 => (joined, leaves), 1 => offer], fte);
    let person =
        person.prop_map(|(role, (joined, leaves), fte)| format!("{{ role = '{role}', joined = {joined}{leaves}{fte} }}"));
    let people = proptest::collection::vec(person, 1..6).prop_map(|people| format!("people = [{}]\n", people.join(", ")));
    (by_role, maybe(people)).prop_map(|(by_role, people)| by_role + &people)
}

/// Keys of a role that is filled from another.
fn promotion() -> impl Strategy<Value = String> {
    let after = select(vec!["", "promote_after_days = 20\n", "promote_after_days = 91.25\n"]);
    let share = select(vec!["", "promote_share = 0.5\n", "promote_share = 0\n"]);
    maybe((after, share).prop_map(|(after, share)| format!("promote_from = 'a'\n{after}{share}")))
}

/// Keys of attrition: for all roles, and for two of them.
fn attrition() -> impl Strategy<Value = String> {
    (places(), maybe(attrition_of("a")), maybe(attrition_of("z"))).prop_map(|(all, a, z)| all + &a + &z)
}

/// What happens to a surplus, and to the places of those who leave.
fn places() -> impl Strategy<Value = String> {
    let surplus = maybe(select(vec!["surplus = 'wait', ", "surplus = 'release', "]).prop_map(str::to_owned));
    let replace = maybe(select(vec!["0", "0.3", "0.8", "1"]).prop_map(|share| format!("replace_share = {share}, ")));
    (surplus, replace).prop_map(|(surplus, replace)| surplus + &replace)
}

fn attrition_of(role: &'static str) -> impl Strategy<Value = String> {
    let tenure = maybe(prop_oneof![
        tenure().prop_map(|days| format!("tenure_days = {days}, ")),
        rate(4.0).prop_map(|rate| format!("attrition_per_year = {rate}, ")),
    ]);
    let early = maybe(
        (rate(3.0), 1.0..200.0_f64)
            .prop_map(|(hazard, days)| format!("early_hazard_per_year = {hazard}, early_days = {days}, ")),
    );
    let rotation = maybe(rate(3.0).prop_map(|hazard| format!("rotation_hazard_per_year = {hazard}, ")));
    let burnout = maybe(rate(6.0).prop_map(|hazard| format!("burnout_hazard_per_year = {hazard}, ")));
    let notices = (days_of("leave_notice_days", 20.0), days_of("release_notice_days", 30.0));
    let level = maybe((0.0..1.2_f64).prop_map(|level| format!("notice_level = {level}, ")));
    ((tenure, early, rotation, burnout), notices, level, places()).prop_map(
        move |((tenure, early, rotation, burnout), (leave, release), level, places)| {
            let keys = [tenure, early, rotation, burnout, leave, release, level, places].concat();
            format!("role.{role} = {{ {} }}, ", keys.trim_end_matches(", "))
        },
    )
}

/// Keys of onboarding of two roles.
fn onboarding() -> impl Strategy<Value = String> {
    (maybe(onboarding_of("a")), maybe(onboarding_of("z"))).prop_map(|(a, z)| a + &z)
}

fn onboarding_of(role: &'static str) -> impl Strategy<Value = String> {
    let level = |key: &'static str| {
        maybe(select(vec!["0", "0.3", "0.7", "1", "1.2"]).prop_map(move |level| format!("{key} = {level}, ")))
    };
    let mentored_days = maybe(days(30.0).prop_map(|days| format!("mentored_days = {days}, ")));
    let step = (select(vec!["0.5", "1", "1.1"]), days(20.0))
        .prop_map(|(level, days)| format!("{{ level = {level}, days = {days} }}"));
    let then = maybe(proptest::collection::vec(step, 0..4).prop_map(|steps| format!("then = [{}], ", steps.join(", "))));
    (level("waiting"), level("mentored"), mentored_days, then).prop_map(move |(waiting, mentored, days, then)| {
        let keys = [waiting, mentored, days, then].concat();
        format!("role.{role} = {{ {} }}, ", keys.trim_end_matches(", "))
    })
}
