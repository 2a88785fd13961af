//! Months of the calendar by hand: starters on the first of a month, dated steps, money by the days of each month.

use crate::support::{assert_near, simulate};

/// Returns a scenario whose team joins at once; `rest` continues it.
fn at_once(start: &str, months: u32, rest: &str) -> String {
    format!(
        "title = 'Dated'\nstart = {start}\nhorizon_months = {months}\nrole = [{{ name = 'a' }}]\nstrategy.s.employer = 'x'\n\
         [organisation.x]\nown = true\nhiring.stages = [{{ name = 'signed', takes_days = 0 }}]\n{rest}"
    )
}

#[test]
fn cohorts_of_the_first_of_a_month_join_in_that_month() {
    let cohorts = [5.0, 8.0, 6.0, 4.0, 0.0, 3.0];
    // The second of these has a leap day, the third begins between two months.
    for start in ["2027-01-01", "2028-01-01", "2027-11-15"] {
        let results = simulate(&at_once(start, 6, "[demand]\na.hires = [5, 8, 6, 4, 0, 3]"), 1);
        assert_eq!(results.months("joins", 1..=6), cohorts, "{start}");
        assert_eq!(results.months("headcount", 1..=6), [5.0, 13.0, 19.0, 23.0, 23.0, 26.0], "{start}");
    }
}

#[test]
fn steps_on_dates_hold_from_the_beginning_of_their_day() {
    let dated = "[demand]\na = [{ month = 2026-12-01, value = 5 }, { month = 2027-02-01, value = 13 }, \
                 { month = 2027-03-15, value = 19 }]";
    let results = simulate(&at_once("2027-01-01", 4, dated), 1);
    assert_eq!(results.months("joins", 1..=4), [5.0, 8.0, 6.0, 0.0]);
    // 31 days of 5, 42 of 13 to 15 March, then 47 of 19.
    assert_near("head_days", results.one("head_days"), 31.0 * 5.0 + 42.0 * 13.0 + 47.0 * 19.0, 1e-9);
    assert_near("staffed_day", results.one("staffed_day"), 73.0, 0.0);
}

/// A month's price is paid for a month, however many days it has.
#[test]
fn prices_per_month_are_spread_over_the_days_of_each_month() {
    let rest = "cost = { salary_per_year = { a = 12 }, per_head_month = 10, fixed_month = 100 }\n\
                [demand]\na = [{ month = 0, value = 1 }, { month = 2028-02-15, value = 2 }]";
    let results = simulate(&at_once("2028-01-01", 3, rest), 1);
    // From 15 February on, 15 of 29 days, there are two.
    let months = [111.0, 111.0 + 11.0 * 15.0 / 29.0, 122.0];
    for (month, expected) in (1..).zip(months) {
        assert_near("month_cost", results.months("month_cost", month..=month)[0], expected, 1e-9);
    }
    assert_near("delivered_fte_months", results.one("delivered_fte_months"), 4.0 + 15.0 / 29.0, 1e-12);
    let unit = months.iter().sum::<f64>() / (4.0 + 15.0 / 29.0);
    assert_near("cost_per_fte_month", results.one("cost_per_fte_month"), unit, 1e-9);
}

/// Transfer, preparation and goals on dates: the receiver starts six months before, and a goal's date means the last month
/// that has ended by the end of that day.
#[test]
fn transfers_and_goals_may_be_dated() {
    let rest = "[organisation.y]\nown = true\nsetup_days = 10\ncost.fixed_month = 31\n[demand]\na.hires = [2, 3]\n\
                [[strategy.s.transfer]]\nto = 'y'\nmonth = 2027-08-16\n\
                [[goal]]\nname = 'two'\nmeasure = 'headcount'\nat_most = 2\nat_month = 2027-01-31\n\
                [[goal]]\nname = 'five'\nmeasure = 'headcount'\nat_least = 5\nby_month = 2027-03-30\n";
    let results = simulate(&at_once("2027-01-01", 12, rest), 1);
    assert_near("transfer_day", results.one("transfer_day"), 227.0, 0.0);
    assert_eq!((results.one("two").to_bits(), results.one("five").to_bits()), (1.0_f64.to_bits(), 1.0_f64.to_bits()));
    // Month 7 and 15 of 31 days, less 6: halfway through February, give or take the length of the months: day 31 + 28 * 15 / 31.
    let february = 31.0 * (1.0 - 15.0 / 31.0);
    assert_near("month_cost", results.months("month_cost", 2..=2)[0], february, 1e-9);
    assert_near("month_cost", results.months("month_cost", 3..=3)[0], 31.0, 1e-9);
}
