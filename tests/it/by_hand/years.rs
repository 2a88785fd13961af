//! Money by year and by salary, by hand: fiscal years, salaries in steps, and a fee as a share of pay.

use crate::support::{assert_near, simulate, text};

/// The client pays 100 a month from May 2027 on, and asks for bounds in fiscal years.
fn with_goals(fiscal_year_starts: &str, goals: &str) -> String {
    text(24, &format!("{fiscal_year_starts}role = [{{ name = 'a' }}]\ndemand.a = 1\n[organisation.x]\nown = true\ncost.fixed_month = 100\n{goals}"))
        .replace("months = 'equal'\n", "")
        .replace("2027-01-01", "2027-05-01")
}

fn goal(name: &str, year: u32, at_most: u32) -> String {
    format!("[[goal]]\nname = '{name}'\nmeasure = 'client_cost'\nyear = {year}\nat_most = {at_most}\n")
}

#[test]
fn a_fiscal_year_has_what_is_booked_in_its_months() {
    // By default it begins with the month of the start; in January, the first has eight months.
    for (starts, first, second) in [("", 1200, 1200), ("fiscal_year_starts = 1\n", 800, 1200)] {
        let goals = [("a", 2027, first), ("b", 2027, first - 1), ("c", 2028, second), ("d", 2028, second - 1)];
        let results = simulate(&with_goals(starts, &goals.map(|(name, year, most)| goal(name, year, most)).concat()), 1);
        assert_eq!(["a", "b", "c", "d"].map(|name| results.one(name) > 0.5), [true, false, true, false], "{starts}");
    }
}

#[test]
fn salaries_change_with_their_steps_and_lumps_take_those_of_the_day() {
    // 100 a day until month 2.5, 200 from then on; the second person joins on day 80.
    let results = simulate(
        &text(
            4,
            "role = [{ name = 'a' }]\ndemand.a = 2\n\
             [organisation.x]\nown = true\nhiring.stages = [{ name = 'search', takes_days = 80 }]\n\
             cost = { salary_per_year.a = [{ month = 0, value = 36_500 }, { month = 2.5, value = 73_000 }], hire = 0.5, overhead = 0.1 }\n\
             [[strategy.s.initial]]\nrole = 'a'\nheadcount = 1",
        ),
        1,
    );
    let (change, end) = (2.5 * 365.0 / 12.0, 4.0 * 365.0 / 12.0);
    let pay = 100.0 * change + 200.0 * (end - change) + 200.0 * (end - 80.0);
    assert_near("cost_pay", results.one("cost_pay"), 1.1 * pay, 1e-6);
    assert_near("cost_hiring", results.one("cost_hiring"), 36_500.0, 1e-6);
}

#[test]
fn a_fee_by_salary_is_that_of_each_accepter_on_the_day() {
    // A year on, salaries have risen by a tenth; one of the two works half time.
    let results = simulate(
        &text(
            24,
            "role = [{ name = 'a' }]\ndemand.a = 2\n\
             [organisation.x]\ncost = { salary_per_year.a = 36_500, wage_rise_per_year = 0.1 }\n[organisation.y]\nown = true\n\
             [strategy.s]\nemployer = 'x'\ncontract.x = { transfer_fee_salary_months = 3, transfer_fee_per_head = 10 }\n\
             transfer = [{ to = 'y', month = 18 }]\n\
             people = [{ role = 'a', joined = 2020-01-01 }, { role = 'a', joined = 2020-01-01, fte = 0.5 }]",
        )
        .replace("strategy.s.employer = 'x'\n", ""),
        1,
    );
    assert_near("cost_fees", results.one("cost_fees"), 3.0 / 12.0 * 36_500.0 * 1.1 * 1.5 + 20.0, 1e-6);
}

#[test]
fn a_goal_may_be_that_of_one_role() {
    let results = simulate(
        &text(
            3,
            "demand = { a = 2, b = 3 }\nrole = [{ name = 'a' }, { name = 'b' }]\n\
             [organisation.x]\nhiring.stages = [{ name = 'search', takes_days = 10, takes_days_by_role.b = 45 }]\n\
             [[goal]]\nname = 'all'\nmeasure = 'headcount'\nat_least = 5\nat_month = 2\n\
             [[goal]]\nname = 'a'\nmeasure = 'headcount'\nrole = 'a'\nat_least = 2\nat_month = 1\n\
             [[goal]]\nname = 'b'\nmeasure = 'headcount'\nrole = 'b'\nat_least = 3\nat_month = 1\n\
             [[goal]]\nname = 'open'\nmeasure = 'open_requisitions'\nrole = 'b'\nat_most = 3\nat_month = 1",
        ),
        1,
    );
    assert_eq!(["all", "a", "b", "open"].map(|name| results.one(name) > 0.5), [true, true, false, true]);
    assert_near("staffed_day[a]", results.one("staffed_day[a]"), 10.0, 0.0);
    assert_near("staffed_day[b]", results.one("staffed_day[b]"), 45.0, 0.0);
}
