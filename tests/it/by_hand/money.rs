//! Money by hand: the ledger of every month, to the cent, and the responses computed from it.
//!
//! A month has 365/12 days, written `M`: the twelfth ends on day 12 `M` = 365. Prices are round by the day: 36,500 a year are 100 a
//! day and 3,041.67 a month; 3,650 a month are 120 a day. Nobody works below level 1, so an engineer delivers 1 FTE, a lead 1.5.
//! What the model leaves to chance is certain here (who accepts) or read from the trace (market exit, collapse).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use handover::run::trace::trace;
use jiff::ToSpan;
use jiff::civil::date;

use crate::program::{Folder, edited};
use crate::support::{DAYS_PER_MONTH as M, as_number, assert_near, scenario, text};

/// Sums of money agree within half a cent.
const HALF_A_CENT: f64 = 0.005;

/// Kinds of client cost: whether they are of contracts, and the items that they are made of.
const KINDS: [(&str, bool, &[&str]); 8] = [
    ("cost_bills", true, &["fee_month", "rates", "cost_plus", "minimum", "staffing_credit", "guarantee"]),
    ("cost_fees", true, &["setup_fee", "transfer_fee", "transfer_fee_per_head", "termination"]),
    ("cost_oversight", true, &["oversight"]),
    ("cost_bonus", true, &["retention_bonus"]),
    ("cost_pay", false, &["salary", "overhead"]),
    ("cost_place", false, &["per_head", "fixed"]),
    ("cost_hiring", false, &["hire", "onboarding", "staff"]),
    ("cost_start_end", false, &["setup", "severance", "exit"]),
];

/// The costs of a strategy: what is booked month by month, and the FTE-days delivered for it.
struct Books {
    /// Amounts by month, from 1, and by organisation and item, e.g. `x salary`.
    amounts: BTreeMap<(usize, String), f64>,
    delivered: Vec<f64>,
}

/// Months, and the lead-days and engineer-days of an organisation in each of them.
type Team = (RangeInclusive<usize>, f64, f64);

/// What an organisation pays for a day of a lead and of an engineer, the share on top, what it pays for a day of a
/// head, the yearly increase of all that, and the cost of a hire: a share of 365 days, and a lump sum.
#[derive(Default)]
struct Pay {
    organisation: &'static str,
    lead: f64,
    engineer: f64,
    overhead: f64,
    per_head: f64,
    rise: f64,
    hire: f64,
    onboarding: f64,
}

/// The replication, who belongs to the client, who has a contract (empty: nobody), and the value of money.
struct Terms {
    replication: u32,
    own: &'static str,
    contract: &'static str,
    discount: f64,
    value_per_fte_month: f64,
}

/// The client owns `y` and has a contract with `x`; no discount, no value.
const TERMS: Terms = Terms { replication: 0, own: "y", contract: "x", discount: 0.0, value_per_fte_month: f64::NAN };

/// The name of a comparison, the number from the program, and the number from the books.
type Compared = (String, f64, f64);

/// Returns the days of a month that lie between two days.
fn days(month: usize, from: f64, until: f64) -> f64 {
    let begin = as_number(month - 1) * M;
    (until.min(begin + M) - from.max(begin)).max(0.0)
}

/// Returns the month that a day is part of.
fn month_of(day: f64) -> usize {
    (1..).find(|&month| day < as_number(month) * M).expect("months do not end")
}

/// Returns the exchange rate of a month that drifts by 0.06 a year: 1 in the first, 1.0618 in the thirteenth.
fn exchange_rate(month: usize) -> f64 {
    libm::exp(0.06 * as_number(month - 1) / 12.0)
}

fn kind_of(what: &str) -> (&'static str, bool) {
    let item = what.split(' ').nth(1).expect("organisation and item");
    let kind = KINDS.iter().find(|(_, _, items)| items.contains(&item)).unwrap_or_else(|| panic!("no item {item}"));
    (kind.0, kind.1)
}

impl Books {
    fn new(months: usize) -> Self {
        Self { amounts: BTreeMap::new(), delivered: vec![0.0; months] }
    }

    fn add(&mut self, month: usize, what: &str, amount: f64) {
        assert!((1..=self.delivered.len()).contains(&month), "{what}: month {month}");
        *self.amounts.entry((month, what.to_owned())).or_insert(0.0) += amount;
    }

    /// Books the same amount in each of some months.
    fn book(&mut self, what: &str, amounts: &[(RangeInclusive<usize>, f64)]) {
        for (months, amount) in amounts {
            months.clone().for_each(|month| self.add(month, what, *amount));
        }
    }

    /// Books salary, overhead and costs per head of a team, and what it delivers.
    fn employ(&mut self, pay: &Pay, team: &[Team]) {
        for (months, leads, engineers) in team {
            for month in months.clone() {
                let salary = leads * pay.lead + engineers * pay.engineer;
                let per_head = (leads + engineers) * pay.per_head;
                self.spend(pay, month, &[("salary", salary), ("overhead", salary * pay.overhead), ("per_head", per_head)]);
                self.delivered[month - 1] += 1.5 * leads + engineers;
            }
        }
    }

    /// Books the hiring of leads and engineers in some months.
    fn hire(&mut self, pay: &Pay, joiners: &[(usize, f64, f64)]) {
        for (month, leads, engineers) in joiners {
            let share = 365.0 * (leads * pay.lead + engineers * pay.engineer) * pay.hire;
            self.spend(pay, *month, &[("hire", share), ("onboarding", (leads + engineers) * pay.onboarding)]);
        }
    }

    /// Books costs at the prices of a month: they rise on each anniversary of day 0.
    fn spend(&mut self, pay: &Pay, month: usize, costs: &[(&str, f64)]) {
        let risen = (0..(month - 1) / 12).fold(1.0, |factor, _| factor * (1.0 + pay.rise));
        for (item, cost) in costs {
            self.add(month, &format!("{} {item}", pay.organisation), cost * risen);
        }
    }

    fn amount(&self, month: usize, what: &str) -> f64 {
        self.amounts.get(&(month, what.to_owned())).copied().unwrap_or(0.0)
    }

    /// Returns the cost of employment of an organisation in a month.
    fn cost_of(&self, organisation: &str, month: usize) -> f64 {
        let items = KINDS.iter().filter(|kind| !kind.1).flat_map(|kind| kind.2);
        items.map(|item| self.amount(month, &format!("{organisation} {item}"))).sum()
    }

    /// Returns what the client pays for these kinds of cost, by month.
    fn paid(&self, terms: &Terms, is_meant: impl Fn(&str) -> bool) -> Vec<f64> {
        let mut months = vec![0.0; self.delivered.len()];
        for ((month, what), amount) in &self.amounts {
            if terms.client_pays(what) && is_meant(kind_of(what).0) {
                months[month - 1] += amount;
            }
        }
        months
    }
}

impl Terms {
    fn client_pays(&self, what: &str) -> bool {
        kind_of(what).1 || what.split(' ').next() == Some(self.own)
    }

    /// Returns monthly amounts discounted to the start.
    fn discounted(&self, months: &[f64]) -> f64 {
        let worth = |(index, amount): (usize, &f64)| amount * libm::pow(1.0 + self.discount, -as_number(index + 1) / 12.0);
        months.iter().enumerate().map(worth).sum()
    }

    /// Returns the responses of money; NaN for an empty cell.
    fn responses(&self, books: &Books) -> impl Iterator<Item = (&'static str, f64)> {
        let monthly = books.paid(self, |_| true);
        let cost: f64 = monthly.iter().sum();
        let payments: f64 = books.paid(self, |kind| kind == "cost_bills" || kind == "cost_fees").iter().sum();
        let costs: f64 = (1..=monthly.len()).map(|month| books.cost_of(self.contract, month)).sum();
        let fte_months: Vec<f64> = books.delivered.iter().map(|days| days / M).collect();
        let value = self.value_per_fte_month * self.discounted(&fte_months);
        let kinds = KINDS.map(|(name, ..)| (name, books.paid(self, |kind| kind == name).iter().sum()));
        let responses = [
            ("client_cost", cost),
            ("client_cost_npv", self.discounted(&monthly)),
            ("vendor_margin", payments - costs),
            ("cost_per_fte_month", cost / fte_months.iter().sum::<f64>()),
            ("peak_month_cost", monthly.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
            ("value_npv", value),
            ("net_npv", value - self.discounted(&monthly)),
        ];
        responses.into_iter().chain(kinds)
    }
}

/// Returns the rows of a CSV file without quotes, by name of column.
fn rows(folder: &Folder, file: &str) -> Vec<BTreeMap<String, String>> {
    let text = folder.text(file);
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
    let header: Vec<String> = lines.next().expect("the file has a header").collect();
    lines.map(|cells| header.iter().cloned().zip(cells).collect()).collect()
}

/// Returns the number in a cell; NaN in an empty one.
fn number(cell: &str) -> f64 {
    if cell.is_empty() { f64::NAN } else { cell.parse().expect("it is a number") }
}

/// Asserts that ledger, responses and costs at month ends equal those of the books, with nothing missing and nothing
/// extra.
fn check(text: &str, terms: &Terms, books: &Books) {
    let folder = Folder::with(text);
    let replication = terms.replication;
    let run = |command: &str| folder.succeed(&command.split(' ').collect::<Vec<_>>());
    run(&format!("trace scenario.toml --strategy s --replication {replication} -o trace"));
    run(&format!("run scenario.toml --strategy s -n {} --charts none -o out", replication + 1));
    let mut compared = ledger(&folder, terms, books);
    let results = rows(&folder, "out/replications.csv");
    let result = results.iter().find(|row| row["replication"] == replication.to_string()).expect("it was run");
    compared.extend(terms.responses(books).map(|(name, expected)| (name.to_owned(), number(&result[name]), expected)));
    // The timeline is of all replications: that of the first if there is no other.
    let costs = books.paid(terms, |_| true);
    for row in rows(&folder, "out/timeline.csv").iter().filter(|row| replication == 0 && row["given"].is_empty()) {
        let month: usize = row["month"].parse().expect("a month");
        let expected = match row["measure"].as_str() {
            "month_cost" => costs[month - 1],
            "client_cost" => costs[..month].iter().sum(),
            _ => continue,
        };
        compared.push((format!("{} of month {month}", row["measure"]), number(&row["mean"]), expected));
    }
    let are_near =
        |found: f64, expected: f64| (found - expected).abs() <= HALF_A_CENT || (found.is_nan() && expected.is_nan());
    let tell = |(what, found, expected): &Compared| format!("{what}: {found:.3}, expected {expected:.3}");
    let wrong: Vec<String> = compared.iter().filter(|(_, found, expected)| !are_near(*found, *expected)).map(tell).collect();
    assert!(wrong.is_empty(), "replication {replication}:\n{}", wrong.join("\n"));
}

/// Returns the rows of the ledger with those of the books. Checks dates and who pays.
fn ledger(folder: &Folder, terms: &Terms, books: &Books) -> Vec<Compared> {
    let text = folder.text("trace/ledger.csv");
    assert_eq!(text.lines().next(), Some("month,date,organisation,item,amount,client_pays"));
    let mut compared: BTreeMap<(usize, String), (f64, f64)> = BTreeMap::new();
    for row in rows(folder, "trace/ledger.csv") {
        let (month, what) = (row["month"].parse().expect("a month"), format!("{} {}", row["organisation"], row["item"]));
        // Month 12 ends with day 364.
        let days = (365 * i64::try_from(month).expect("it is small") - 1) / 12;
        let last = date(2027, 1, 1).checked_add(days.days());
        assert_eq!(row["date"], last.expect("a date").to_string(), "month {month}");
        assert_eq!(row["client_pays"], terms.client_pays(&what).to_string(), "month {month} {what}");
        let amount = number(&row["amount"]);
        let before = compared.insert((month, what), (amount, 0.0));
        assert!(before.is_none() && amount != 0.0, "{row:?}: twice, or nothing");
    }
    for (key, expected) in &books.amounts {
        compared.entry(key.clone()).or_default().1 = *expected;
    }
    compared
        .into_iter()
        .map(|((month, what), (found, expected))| (format!("{what} of month {month}"), found, expected))
        .collect()
}

/// Returns the first replication whose days of an event are as wanted, and these days.
fn first_with(text: &str, event: &str, is_wanted: impl Fn(&[f64]) -> bool) -> (u32, Vec<f64>) {
    let scenario = scenario(text);
    let days = |replication| -> Vec<f64> {
        let rows = trace(&scenario, 0, scenario.seed, replication).rows;
        rows.iter().filter(|row| row.event == event).map(|row| row.day).collect()
    };
    (0..500).map(|replication| (replication, days(replication))).find(|(_, days)| is_wanted(days)).expect("it happens")
}

/// An own centre, set up on day 50. A search takes 20 days, interviews 10; a recruiter, of whom there is one at first, works on two.
const OWN: &str = r"
discount_rate_per_year = 0.08
value_per_fte_month = 6_000
role = [{ name = 'lead', output = 1.5 }, { name = 'engineer', priority = 1 }]
[demand]
lead = [{ month = 0, value = 1 }, { month = 14, value = 2 }]
engineer = [{ month = 0, value = 2 }, { month = 8, value = 4 }, { month = 23, value = 1 }]
[organisation.x]
own = true
setup_days = 50
attrition.release_notice_days = 45
[organisation.x.hiring]
staff.recruiters = { count = [{ month = 0, value = 1 }, { month = 6, value = 2 }, { month = 20.5, value = 1 }], each_handles = 2 }
staff.panel = [{ month = 0, value = 2 }, { month = 12, value = 3 }]
stages = [{ name = 'search', uses = 'recruiters', takes_days = 20 }, { name = 'interviews', uses = 'panel', takes_days = 10 }]
[organisation.x.cost]
salary_per_year = { lead = 73_000, engineer = 36_500 }
overhead = 0.25
per_head_month = 365
fixed_month = 3_650
staff_per_year = { recruiters = 24_000, panel = 12_000 }
setup = 10_000
hire = 0.1
onboarding = 500
severance_months = 2
exit = 77_777
wage_rise_per_year = 0.1
";

const OWN_TERMS: Terms = Terms { own: "x", contract: "", discount: 0.08, value_per_fte_month: 6_000.0, ..TERMS };

/// Returns the books of [`OWN`]. The first lead and engineer join on day 80, another engineer on day 100: the recruiter
/// had no time for a third search before. Two more join on day 8 M + 30 = 273 1/3, a second lead on day 14 M + 30 = 455
/// 5/6. On day 23 M = 699 7/12 all engineers but the first are released: they stay 45 days, until day 744 7/12.
fn own_books() -> Books {
    let mut books = Books::new(30);
    let pay = Pay { organisation: "x", lead: 200.0, engineer: 100.0, overhead: 0.25, per_head: 12.0, ..Pay::default() };
    let pay = Pay { rise: 0.1, hire: 0.1, onboarding: 500.0, ..pay };
    let team = [
        (3..=3, 11.25, 11.25),                      // 3 M - 80 = 11 1/4 days; salaries 11 1/4 x 300 = 3,375.00
        (4..=4, M, M + 65.0 / 3.0),                 // 4 M - 100 = 21 2/3; 300 M + 2,166.67 = 11,291.67
        (5..=8, M, 2.0 * M),                        // 400 M = 12,166.67
        (9..=9, M, 2.0 * M + 2.0 * 5.0 / 12.0),     // 9 M - 273 1/3 = 5/12; 12,166.67 + 83.33 = 12,250.00
        (10..=14, M, 4.0 * M),                      // 600 M = 18,250.00; in months 13 and 14 20,075.00
        (15..=15, M + 5.0 / 12.0, 4.0 * M),         // 15 M - 455 5/6 = 5/12; (18,250 + 83.33) x 1.1 = 20,166.67
        (16..=24, 2.0 * M, 4.0 * M),                // 800 M x 1.1 = 26,766.67
        (25..=25, 2.0 * M, M + 3.0 * 175.0 / 12.0), // 744 7/12 - 24 M = 14 7/12; (500 M + 4,375) x 1.21 = 23,695.83
        (26..=30, 2.0 * M, M),                      // 500 M x 1.21 = 18,402.08
    ];
    books.employ(&pay, &team);
    // 0.1 x (73,000 + 36,500) = 10,950.00 and 1,000; 3,650 and 500; twice that; (7,300 and 500) x 1.1.
    books.hire(&pay, &[(3, 1.0, 1.0), (4, 0.0, 1.0), (9, 0.0, 2.0), (15, 1.0, 0.0)]);
    books.book("x setup", &[(1..=1, 10_000.0)]);
    books.book("x fixed", &[(1..=12, 3_650.0), (13..=24, 3_650.0 * 1.1), (25..=30, 3_650.0 * 1.21)]);
    // A recruiter is 2,000 a month, of the panel each 1,000; in month 21 the second recruiter is there for half the month.
    books.book("x staff", &[(1..=6, 2_000.0 + 2.0 * 1_000.0), (7..=12, 2.0 * 2_000.0 + 2.0 * 1_000.0)]);
    books.book(
        "x staff",
        &[(13..=20, (2.0 * 2_000.0 + 3.0 * 1_000.0) * 1.1), (21..=21, (1.5 * 2_000.0 + 3.0 * 1_000.0) * 1.1)],
    );
    books.book("x staff", &[(22..=24, (2_000.0 + 3.0 * 1_000.0) * 1.1), (25..=30, (2_000.0 + 3.0 * 1_000.0) * 1.21)]);
    // Three depart, each with two months of 36,500 / 12, at the prices of the day on which they depart: 22,082.50.
    books.book("x severance", &[(25..=25, 3.0 * 2.0 * 36_500.0 / 12.0 * 1.21)]);
    books
}

#[test]
fn an_own_centre_costs_what_employing_costs() {
    let books = own_books();
    assert_near("salaries of month 25", books.amount(25, "x salary"), 23_695.83, HALF_A_CENT);
    // Month 9: 12,250.00 and a quarter; 12 x (3 M + 5/6) = 1,105.00; 3,650; 6,000; 7,300 and 1,000.
    assert_near("cost of month 9", books.cost_of("x", 9), 34_367.5, HALF_A_CENT);
    check(&text(30, OWN), &OWN_TERMS, &books);
}

#[test]
fn the_exchange_rate_multiplies_all_that_employing_costs() {
    let mut books = own_books();
    books.amounts.iter_mut().for_each(|((month, _), amount)| *amount *= exchange_rate(*month));
    let drifting = format!("{OWN}fx_volatility_per_year = 0\nfx_drift_per_year = 0.06\n");
    check(&text(30, &drifting), &OWN_TERMS, &books);
}

/// A vendor builds, operates and transfers, from month 11.5 on. People who have not refused quit 500 days after
/// joining.
const BOT: &str = r"
discount_rate_per_year = 0.1
value_per_fte_month = 9_000
role = [{ name = 'lead', output = 1.5 }, { name = 'engineer', priority = 1 }]
demand = { lead = 1, engineer = 5 }
strategy.s.initial = [
  { role = 'lead', headcount = 1 }, { role = 'engineer', headcount = 1, tenure_days = 360 },
  { role = 'engineer', headcount = 1, tenure_days = 60 }, { role = 'engineer', headcount = 1 },
]
[organisation.x]
hiring.stages = [{ name = 'search', takes_days = 38 }]
attrition = { tenure_days = 500, leave_notice_days = 30 }
[organisation.x.cost]
salary_per_year = { lead = 54_750, engineer = 29_200 }
overhead = 0.1
per_head_month = 365
fixed_month = 730
setup = 1_000
hire = 0.05
onboarding = 200
severance_months = 6
exit = 77_777
wage_rise_per_year = 0.08
[organisation.y]
own = true
setup_days = 40
attrition = { tenure_days = 500, leave_notice_days = 40 }
hiring.staff.recruiters = 2
hiring.stages = [{ name = 'search', uses = 'recruiters', takes_days = 25 }]
[organisation.y.cost]
salary_per_year = { lead = 73_000, engineer = 36_500 }
overhead = 0.2
per_head_month = 365
fixed_month = 3_650
staff_per_year.recruiters = 18_250
setup = 5_000
hire = 0.1
onboarding = 300
severance_months = 6
exit = 77_777
wage_rise_per_year = 0.1
[[strategy.s.transfer]]
to = 'y'
month = 11.5
prepare_month = 9.5
waves = [0.5, 0.5]
wave_gap_days = 35
acceptance_by_role.lead = 0
refuser_stays_days = 20
[strategy.s.contract.x]
setup_fee = 2_500
fee_month = [{ month = 0, value = 1_825 }, { month = 3.5, value = 2_190 }]
rate_rise_per_year = 0.05
minimum_headcount = 6
staffing_credit = { below = 0.9, share = 0.1 }
guarantee_days = 510
transfer_fee = 9_000
transfer_fee_per_head = [{ month = 0, value = 2_000 }, { month = 12, value = 1_200 }]
termination_months = 5
oversight_month = [{ month = 0, value = 1_460 }, { month = 2.25, value = 730 }]
retention_bonus = [{ month = 0, value = 1_000 }, { month = 12, value = 1_500 }]
retention_months = 6
";

const BOT_TERMS: Terms = Terms { discount: 0.1, value_per_fte_month: 9_000.0, ..TERMS };

/// The first wave, day 349 19/24, and the second, day 384 19/24.
const FIRST: f64 = 11.5 * M;
const SECOND: f64 = FIRST + 35.0;

/// The costs of employment, and the fees of the contract. They do not depend on how people are billed.
///
/// There from the start: the lead, an engineer who quits on day 140 and departs on day 170, a second who will quit on
/// day 440, a third on day 500. Two more join on day 38; a successor, sought since day 140, on day 178. The first wave
/// reaches three of six, by tenure: the second engineer and the third accept, the lead refuses and stays until day
/// `FIRST` + 20. The other three follow. At `y` a new lead joins on day `FIRST` + 25; the second engineer departs on
/// day 480, the third on day 540, their successors join on days 465 and 525; those of the two who quit on day 538 join
/// on day 563.
fn bot_books() -> Books {
    let mut books = Books::new(19);
    let x = Pay { organisation: "x", lead: 150.0, engineer: 80.0, overhead: 0.1, per_head: 12.0, ..Pay::default() };
    let x = Pay { rise: 0.08, hire: 0.05, onboarding: 200.0, ..x };
    let team = [
        (1..=1, M, 3.0 * M),                          // salaries 150 M + 240 M = 11,862.50
        (2..=2, M, 3.0 * M + 2.0 * (2.0 * M - 38.0)), // 22 5/6 days of each of two
        (3..=5, M, 5.0 * M),                          // salaries 550 M = 16,729.17
        (6..=6, M, 5.0 * M - 8.0),                    // nobody in the place from day 170 to day 178
        (7..=11, M, 5.0 * M),
        (12..=12, M, 3.0 * M + 2.0 * 0.5 * M),                   // two go over half-way
        (13..=13, FIRST + 20.0 - 365.0, 3.0 * (SECOND - 365.0)), // 4 19/24 days of the lead, 19 19/24 of each of three
    ];
    books.employ(&x, &team);
    // Each 0.05 x 29,200 = 1,460 and 200.
    books.hire(&x, &[(2, 0.0, 2.0), (6, 0.0, 1.0)]);
    let y = Pay { organisation: "y", lead: 200.0, engineer: 100.0, overhead: 0.2, per_head: 12.0, ..Pay::default() };
    let y = Pay { rise: 0.1, hire: 0.1, onboarding: 300.0, ..y };
    let team = [
        (12..=12, 0.0, 2.0 * 0.5 * M), // salaries 100 M = 3,041.67
        (13..=13, 13.0 * M - (FIRST + 25.0), 2.0 * M + 3.0 * (13.0 * M - SECOND)), // 20 5/8 days, 10 5/8 of each of three
        (14..=15, M, 5.0 * M),         // salaries 700 M x 1.1 = 23,420.83
        (16..=16, M, 5.0 * M + 480.0 - 465.0),
        (17..=17, M, 5.0 * M),
        (18..=18, M, 5.0 * M + 540.0 - 525.0),
        (19..=19, M, 5.0 * M + 2.0 * (19.0 * M - 563.0)), // 14 11/12 days; who quit stay until day 578
    ];
    books.employ(&y, &team);
    // 7,300 x 1.1 = 8,030 for the lead, 3,650 x 1.1 = 4,015 for an engineer, and 330 each.
    books.hire(&y, &[(13, 1.0, 0.0), (16, 0.0, 1.0), (18, 0.0, 1.0), (19, 0.0, 2.0)]);
    books.book("x setup", &[(1..=1, 1_000.0)]);
    // Active until the second wave.
    books.book("x fixed", &[(1..=12, 730.0), (13..=13, 24.0 * (SECOND - 365.0) * 1.08)]);
    // Active from day 9.5 M on. Two recruiters, each 50 a day.
    books.book("y setup", &[(10..=10, 5_000.0)]);
    books.book("y fixed", &[(10..=10, 1_825.0), (11..=12, 3_650.0), (13..=19, 3_650.0 * 1.1)]);
    books.book("y staff", &[(10..=10, 100.0 * M / 2.0), (11..=12, 100.0 * M), (13..=19, 100.0 * M * 1.1)]);
    book_bot_fees(&mut books);
    books
}

fn book_bot_fees(books: &mut Books) {
    books.book("x setup_fee", &[(1..=1, 2_500.0)]);
    // The price changes half-way through month 4: 2,007.50. In charge until half-way through month 12.
    books
        .book("x fee_month", &[(1..=3, 1_825.0), (4..=4, (1_825.0 + 2_190.0) / 2.0), (5..=11, 2_190.0), (12..=12, 1_095.0)]);
    // The price changes after a quarter of month 3: 912.50.
    let of_month_3 = 0.25 * 1_460.0 + 0.75 * 730.0;
    books.book("x oversight", &[(1..=2, 1_460.0), (3..=3, of_month_3), (4..=11, 730.0), (12..=12, 365.0)]);
    books.book("x transfer_fee", &[(12..=12, 9_000.0)]);
    books.book("x transfer_fee_per_head", &[(12..=12, 2.0 * 2_000.0), (13..=13, 3.0 * 1_200.0)]);
    // Due on day FIRST + 6 M = 532 7/24: the second engineer has departed, the third serves notice until day 540. And on day
    // SECOND + 6 M = 567 7/24: two of the three serve notice.
    books.book("x retention_bonus", &[(18..=18, 1_000.0), (19..=19, 3.0 * 1_500.0)]);
}

#[test]
fn a_contract_by_rates_is_billed_with_minimum_credits_and_fees() {
    let mut books = bot_books();
    // A lead is 240 a day, an engineer 120, from half-way through month 5 on 144; 5 % more from day 365 on.
    let rates = [
        (1..=1, 7_300.0 + 3.0 * 3_650.0),                               // 18,250.00
        (2..=2, 7_300.0 + 120.0 * (3.0 * M + 2.0 * (2.0 * M - 38.0))),  // 7,300 + 120 x 136 11/12 = 23,730.00
        (3..=4, 7_300.0 + 5.0 * 3_650.0),                               // 25,550.00
        (5..=5, 7_300.0 + 5.0 * (3_650.0 + 4_380.0) / 2.0),             // 27,375.00
        (6..=6, 7_300.0 + 144.0 * (5.0 * M - 8.0)),                     // 7,300 + 144 x 144 1/12 = 28,048.00
        (7..=11, 7_300.0 + 5.0 * 4_380.0),                              // 29,200.00
        (12..=12, 7_300.0 + 4.0 * 4_380.0),                             // 24,820.00
        (13..=13, 1.05 * (240.0 * 115.0 / 24.0 + 144.0 * 475.0 / 8.0)), // 4 19/24 and 59 3/8 days: 1.05 x 9,700 = 10,185.00
    ];
    books.book("x rates", &rates);
    let minimum = [
        (1..=1, 2.0 * M * 150.0), // two of six, at 18,250 / 4 M = 150 a day: 9,125.00
        (2..=2, (182.5 - 502.0 / 3.0) * 23_730.0 / (502.0 / 3.0)), // 167 1/3 of 182 1/2 days, at 141.81: 2,150.83
        (6..=6, 8.0 * 28_048.0 / 174.5), // at 160.73: 1,285.87
    ];
    books.book("x minimum", &minimum);
    // 4 of 6 are below 0.9; the 0.917 of month 2 and the 0.956 of month 6 are not.
    books.book("x staffing_credit", &[(1..=1, -0.1 * (1_825.0 + 18_250.0 + 9_125.0))]);
    // Quit 500 days after joining, departed on day 170: 4.5 M = 136 7/8 days at 120, 33 1/8 at 144, together 21,195.00.
    books.book("x guarantee", &[(6..=6, -(16_425.0 + 4_770.0))]);
    let rates =
        "rate_per_month = { lead = 7_300, engineer = [{ month = 0, value = 3_650 }, { month = 4.5, value = 4_380 }] }";
    check(&text(19, &format!("{BOT}{rates}")), &BOT_TERMS, &books);
}

#[test]
fn a_contract_at_cost_plus_bills_all_that_employing_costs_in_its_currency() {
    let mut books = bot_books();
    let rate = exchange_rate;
    let of_x = books.amounts.iter_mut().filter(|((_, what), _)| what.starts_with("x ") && !kind_of(what).1);
    of_x.for_each(|((month, _), amount)| *amount *= rate(*month));
    // Month 1: (390 M x 1.1 + 12 x 4 M + 730 + 1,000) x 1.15 = 18,674.56.
    (1..=13).for_each(|month| books.add(month, "x cost_plus", 1.15 * books.cost_of("x", month)));
    assert_near("bill of month 1", books.amount(1, "x cost_plus"), 18_674.562_5, HALF_A_CENT);
    // With overhead, marked up, a day of an engineer is 80 x 1.1 x 1.15 = 101.20, of a lead 189.75.
    let (lead, engineer) = (189.75, 101.2);
    let minimum = [
        // Two of six, at (189.75 + 3 x 101.20) / 4 = 123.3375 a day: 7,503.03.
        (1..=1, 2.0 * M * (lead + 3.0 * engineer) / 4.0),
        // 15 1/6 days at the mean of M days of the lead and 136 11/12 of engineers; 8 at that of M and 144 1/12.
        (2..=2, 91.0 / 6.0 * (M * lead + 1_643.0 / 12.0 * engineer) / (502.0 / 3.0) * rate(2)),
        (6..=6, 8.0 * (M * lead + 1_729.0 / 12.0 * engineer) / 174.5 * rate(6)),
    ];
    books.book("x minimum", &minimum);
    let bill = 1_825.0 + books.amount(1, "x cost_plus") + 7_503.031;
    books.book("x staffing_credit", &[(1..=1, -0.1 * bill)]);
    // Five months, and 17 11/12 days of the sixth.
    let billed = M * (1..=5).map(rate).sum::<f64>() + 215.0 / 12.0 * rate(6);
    books.book("x guarantee", &[(6..=6, -billed * engineer)]);
    let drifting = edited(BOT, "setup = 1_000", "setup = 1_000\nfx_drift_per_year = 0.06");
    check(&text(19, &format!("{drifting}cost_plus = 0.15")), &BOT_TERMS, &books);
}

/// One person after the other: each quits after 100 days and departs after 130; the next joins 10 days after the
/// notice.
const RELAY: &str = r"
role = [{ name = 'engineer' }]
demand.engineer = 1
[organisation.x]
setup_days = 40
hiring.stages = [{ name = 'search', takes_days = 10 }]
attrition = { tenure_days = 100, leave_notice_days = 30 }
cost = { salary_per_year.engineer = 29_200, setup = 1_000 }
";

const RELAY_CONTRACT: &str = r"
[strategy.s.contract.x]
fee_month = 1_825
rate_per_month.engineer = 3_650
rate_rise_per_year = 0.05
minimum_headcount = 1
guarantee_days = 110
";

/// Present on days 50 to 180, 160 to 290, 270 to 400, 380 to 510 and from 490 on.
fn relay_books() -> Books {
    let mut books = Books::new(17);
    let team = [
        (2..=2, 0.0, 2.0 * M - 50.0), // 10 5/6
        (3..=5, 0.0, M),
        (6..=6, 0.0, M + 20.0), // both from day 160 to day 180
        (7..=8, 0.0, M),
        (9..=9, 0.0, M + 9.0 * M - 270.0),   // the third for 3 3/4 days
        (10..=10, 0.0, M + 290.0 - 9.0 * M), // the second for 16 1/4 days more
        (11..=12, 0.0, M),
        (13..=13, 0.0, M + 13.0 * M - 380.0), // the fourth for 15 5/12 days
        (14..=14, 0.0, M + 400.0 - 13.0 * M), // the third for 4 7/12 days more
        (15..=16, 0.0, M),
        (17..=17, 0.0, M + 20.0), // both from day 490 to day 510
    ];
    books.employ(&Pay { organisation: "x", engineer: 80.0, ..Pay::default() }, &team);
    books.book("x setup", &[(1..=1, 1_000.0)]);
    books
}

/// Returns the same, billed but not guaranteed: 60 for each day in charge and 120 for each head-day, 5 % more from day
/// 365 on.
fn billed_relay() -> Books {
    let mut books = relay_books();
    for month in 1..=17 {
        let rise = if month > 12 { 1.05 } else { 1.0 };
        books.add(month, "x fee_month", 1_825.0 * rise);
        books.add(month, "x rates", 120.0 * books.delivered[month - 1] * rise);
    }
    // In month 1 nobody is there, and nothing to bill the missing at. In month 2, 30 5/12 - 10 5/6 = 19 7/12 days: 2,350.00.
    books.book("x minimum", &[(2..=2, 120.0 * 235.0 / 12.0)]);
    books
}

#[test]
fn a_guarantee_credits_all_that_was_billed_for_whoever_gave_notice_in_time() {
    let mut books = billed_relay();
    let credits = [
        (6..=6, -130.0 * 120.0),                   // departs on day 180: 15,600.00
        (10..=10, -130.0 * 120.0),                 // on day 290
        (14..=14, -(95.0 * 120.0 + 35.0 * 126.0)), // on day 400, there since day 270: 15,810.00
        (17..=17, -130.0 * 126.0),                 // on day 510, there since day 380: 16,380.00
    ];
    books.book("x guarantee", &credits);
    let relay = text(17, &format!("{RELAY}{RELAY_CONTRACT}"));
    check(&relay, &Terms { own: "", ..TERMS }, &books);
    // 100 days after joining is too late for a guarantee of 90.
    let relay = edited(&relay, "guarantee_days = 110", "guarantee_days = 90");
    check(&relay, &Terms { own: "", ..TERMS }, &billed_relay());
}

#[test]
fn what_a_vendor_without_contract_spends_is_nobodys_cost() {
    check(&text(17, RELAY), &Terms { own: "", contract: "", ..TERMS }, &relay_books());
}

/// Three of four are there; nobody hires. From month 3 on `y` prepares, at month 6 the three go over, some day the client leaves.
const EXIT: &str = r"
role = [{ name = 'engineer' }]
demand.engineer = 4
strategy.s.initial = [{ role = 'engineer', headcount = 3 }]
strategy.s.transfer = [{ to = 'y', month = 6, prepare_month = 3 }]
market.exit_hazard_per_year = 2
[organisation.x]
cost = { salary_per_year.engineer = 36_500, overhead = 0.2, fixed_month = 730, setup = 1_000, severance_months = 1, exit = 400 }
[organisation.y]
own = true
cost = { salary_per_year.engineer = 73_000, fixed_month = 3_650, setup = 6_000, severance_months = 2, exit = 5_000 }
[strategy.s.contract.x]
setup_fee = 2_000
fee_month = 1_825
rate_per_month.engineer = 3_650
minimum_headcount = 4
staffing_credit = { below = 0.9, share = 0.1 }
transfer_fee = 1_500
termination_months = 3
oversight_month = 730
";

/// Returns the books if the client leaves on that day.
fn exited(day: f64) -> Books {
    let mut books = Books::new(12);
    let x = Pay { organisation: "x", engineer: 100.0, overhead: 0.2, ..Pay::default() };
    let y = Pay { organisation: "y", engineer: 200.0, ..Pay::default() };
    let last = month_of(day);
    for month in 1..=last {
        let (in_charge, after) = (days(month, 0.0, day.min(6.0 * M)), days(month, 6.0 * M, day));
        books.employ(&x, &[(month..=month, 0.0, 3.0 * in_charge)]);
        books.employ(&y, &[(month..=month, 0.0, 3.0 * after)]);
        books.add(month, "x fixed", 24.0 * in_charge);
        books.add(month, "y fixed", 120.0 * days(month, 3.0 * M, day));
        // A day costs 60 and three times 120, and another 120 for the fourth, who is missing; 3 of 4 are below 0.9.
        books.add(month, "x fee_month", 60.0 * in_charge);
        books.add(month, "x rates", 3.0 * 120.0 * in_charge);
        books.add(month, "x minimum", 120.0 * in_charge);
        books.add(month, "x staffing_credit", -0.1 * 540.0 * in_charge);
        books.add(month, "x oversight", 24.0 * in_charge);
    }
    books.add(1, "x setup", 1_000.0);
    books.add(1, "x setup_fee", 2_000.0);
    if last >= 4 {
        books.add(4, "y setup", 6_000.0);
        books.add(last, "y exit", 5_000.0);
    }
    if last >= 7 {
        books.add(7, "x transfer_fee", 1_500.0);
        books.add(last, "y severance", 3.0 * 2.0 * 73_000.0 / 12.0);
    } else {
        books.add(last, "x exit", 400.0);
        books.add(last, "x severance", 3.0 * 36_500.0 / 12.0);
        // Thrice the bill of the month before, 540 M = 16,425.00, credit aside; nothing if there was none.
        books.add(last, "x termination", if last > 1 { 3.0 * 16_425.0 } else { 0.0 });
    }
    books
}

#[test]
fn at_market_exit_termination_exit_and_severance_fall_due() {
    // In the first month, before `y` has started, while it prepares, and after the transfer.
    let text = text(12, EXIT);
    for months in [1..=1, 2..=3, 4..=6, 7..=12] {
        let is_then = |days: &[f64]| days.iter().any(|&day| months.contains(&month_of(day)));
        let (replication, days) = first_with(&text, "market_exited", is_then);
        check(&text, &Terms { replication, ..TERMS }, &exited(days[0]));
    }
}

/// It takes 20 days to set up, and 10 more until two people join. Some day the vendor collapses.
const COLLAPSE: &str = r"
role = [{ name = 'engineer' }]
demand.engineer = 2
[organisation.x]
setup_days = 20
failure_hazard_per_year = 2
hiring.stages = [{ name = 'search', takes_days = 10 }]
cost = { salary_per_year.engineer = 36_500, overhead = 0.2, fixed_month = 730, setup = 1_000, hire = 0.1, severance_months = 3 }
[organisation.y]
own = true
setup_days = 15
cost = { salary_per_year.engineer = 73_000, fixed_month = 3_650, setup = 6_000 }
[strategy.s.contract.x]
setup_fee = 2_000
fee_month = 1_825
cost_plus = 0.2
minimum_headcount = 2
transfer_fee = 9_999
transfer_fee_per_head = 9_999
termination_months = 3
retention_bonus = 700
retention_months = 1
oversight_month = 730
";

/// Returns the books of `x` until its end; on these days it collapses and starts again.
fn collapsed(collapses: &[f64], end: f64) -> Books {
    let mut books = Books::new(12);
    let x = Pay { organisation: "x", engineer: 100.0, overhead: 0.2, hire: 0.1, ..Pay::default() };
    let starts = [&[0.0], collapses].concat();
    for (index, start) in starts.iter().enumerate() {
        let until = starts.get(index + 1).copied().unwrap_or(end);
        books.add(month_of(*start), "x setup", 1_000.0);
        let join = start + 30.0;
        if join < until {
            (1..=12).for_each(|month| books.employ(&x, &[(month..=month, 0.0, 2.0 * days(month, join, until))]));
            books.hire(&x, &[(month_of(join), 0.0, 2.0)]);
        }
    }
    books.add(1, "x setup_fee", 2_000.0);
    for month in 1..=12 {
        let (in_charge, present) = (days(month, 0.0, end), books.delivered[month - 1]);
        books.add(month, "x fixed", 24.0 * in_charge);
        books.add(month, "x cost_plus", 1.2 * books.cost_of("x", month));
        books.add(month, "x fee_month", 60.0 * in_charge);
        books.add(month, "x oversight", 24.0 * in_charge);
        // Missing people are billed like those present, at 100 x 1.2 x 1.2 a day, but not if nobody is present.
        books.add(month, "x minimum", if present > 0.0 { 144.0 * (2.0 * in_charge - present) } else { 0.0 });
    }
    books
}

#[test]
fn after_a_collapse_the_vendor_sets_up_again() {
    let text = text(12, COLLAPSE);
    for times in [1, 2] {
        // Early enough that successors join before the end.
        let is_wanted = |days: &[f64]| days.len() == times && days[times - 1] < 330.0;
        let (replication, days) = first_with(&text, "collapsed", is_wanted);
        check(&text, &Terms { replication, ..TERMS }, &collapsed(&days, 365.0));
    }
}

#[test]
fn what_employing_costs_at_market_exit_is_part_of_the_bill_at_cost_plus() {
    // The client leaves instead, some day after the third month, when two are there.
    let leaving = edited(COLLAPSE, "failure_hazard_per_year = 2\n", "");
    let text = text(12, &edited(&leaving, "demand.engineer = 2", "demand.engineer = 2\nmarket.exit_hazard_per_year = 2"));
    let (replication, exits) = first_with(&text, "market_exited", |days| days.iter().any(|day| *day > 3.0 * M));
    let (mut books, month) = (collapsed(&[], exits[0]), month_of(exits[0]));
    // Two depart, each with three months of 36,500 / 12: 18,250.00, marked up 21,900.00.
    books.add(month, "x severance", 18_250.0);
    books.add(month, "x cost_plus", 21_900.0);
    // Thrice the bill of the month before: 60 M, and 1.2 x (2 x 120 M + 24 M), 11,461.00 together.
    books.add(month, "x termination", 3.0 * 11_461.0);
    check(&text, &Terms { replication, ..TERMS }, &books);
}

#[test]
fn a_rescuer_takes_over_without_fees() {
    // Two are there by then, and a month is left for the bonus to fall due.
    let text = text(12, &format!("{COLLAPSE}[strategy.s.rescue]\nto = 'y'"));
    let (replication, collapses) = first_with(&text, "collapsed", |days| days.iter().any(|day| (40.0..330.0).contains(day)));
    let mut books = collapsed(&[], collapses[0]);
    for month in 1..=12 {
        let after = days(month, collapses[0], 365.0);
        books.employ(&Pay { organisation: "y", engineer: 200.0, ..Pay::default() }, &[(month..=month, 0.0, 2.0 * after)]);
        books.add(month, "y fixed", 120.0 * after);
    }
    books.add(month_of(collapses[0]), "y setup", 6_000.0);
    books.add(month_of(collapses[0] + M), "x retention_bonus", 2.0 * 700.0);
    check(&text, &Terms { replication, ..TERMS }, &books);
}
