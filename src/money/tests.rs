//! The rules of money, each on a small team whose facts the test emits itself.

use crate::engine::Time;
use crate::input::months::PlanMonths;
use crate::input::{Names, Node, Reader, Value};
use crate::model::{Cause, Fact, PersonId, SeatId, Team, TransferId};
use crate::world::{Organisation, OrganisationId, Role, RoleId, Strategy, World};

use super::{Item, Kind, Ledger, Month};

const CLIENT: OrganisationId = OrganisationId(0);
const VENDOR: OrganisationId = OrganisationId(1);
const MONTH_DAYS: f64 = 365.0 / 12.0;

fn read<T: Value>(text: &str) -> T {
    let (node, broken) = Node::parse(text);
    assert!(broken.is_empty(), "{text}");
    let mut names = Names::default();
    names.add("role", vec![Some("a".into())]);
    names.add("organisation", ["client", "vendor"].map(|name| Some(name.into())).into());
    let mut reader = Reader::new(&names);
    let value = T::read(&node, &mut reader);
    let found = reader.finish();
    assert!(found.is_empty(), "{found:?}");
    value.expect("the text is valid")
}

/// A strategy for the role `a` with the organisations `client` (own) and `vendor`.
fn scene(client: &str, vendor: &str, strategy: &str) -> (World, Strategy) {
    let client: Organisation = read(&format!("own = true\n{client}"));
    let world = World {
        months: PlanMonths::default(),
        horizon_months: 36,
        roles: vec![read::<Role>("name = 'a'")],
        demand: Vec::new(),
        demand_shock: None,
        communication: None,
        operations: None,
        project: None,
        market: None,
        knowledge_days: 365.0,
        value_per_fte_month: None,
        discount_rate_per_year: 0.0,
        currency: "EUR".into(),
        goals: Vec::new(),
        organisations: vec![client, read(vendor)],
    };
    (world, read(strategy))
}

struct Books {
    team: Team,
    ledger: Ledger,
    month: u32,
}

impl Books {
    fn open((world, strategy): &(World, Strategy)) -> Self {
        let mut ledger = Ledger::new(world, strategy, 1);
        ledger.start(0);
        Self { team: Team::new(world, strategy), ledger, month: 0 }
    }

    fn emit(&mut self, day: f64, fact: Fact) {
        let now = Time::from_days(day);
        self.team.apply(fact, now);
        self.ledger.happened(fact, &self.team, now);
    }

    fn want(&mut self, day: f64, heads: u32) {
        self.emit(day, Fact::WantedChanged(RoleId(0), heads));
    }

    fn join(&mut self, day: f64, number: u32) -> PersonId {
        let seat = SeatId { role: RoleId(0), number };
        self.emit(day, Fact::RequisitionOpened(seat));
        self.emit(day, Fact::Joined(seat));
        self.team.holder(seat)
    }

    fn start_with(&mut self, people: u32) {
        (0..people).for_each(|number| {
            self.emit(0.0, Fact::WasThere { seat: SeatId { role: RoleId(0), number }, tenure_days: 100.0, fte: 1.0 })
        });
    }

    /// Ends all months up to `month`, and returns that month.
    fn end(&mut self, month: u32) -> Month {
        while self.month < month {
            self.month += 1;
            self.ledger.month_ended(self.month, Time::from_days(f64::from(self.month) * 365.0 / 12.0));
        }
        let total: f64 = self.ledger.entries().filter(|entry| entry.client_pays).map(|entry| entry.amount).sum();
        near(total, self.ledger.month().client_cost);
        *self.ledger.month()
    }

    /// Returns what the last closed month shows for an item.
    fn booked(&self, organisation: OrganisationId, item: Item) -> f64 {
        let found = self.ledger.entries().find(|entry| (entry.organisation, entry.item) == (organisation, item));
        found.map_or(0.0, |entry| entry.amount)
    }
}

#[track_caller]
fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} is not {expected}");
}

#[test]
fn an_own_organisation_costs_the_client_what_it_spends() {
    let client = "setup_days = 0\nhiring.staff.recruiters = [{ month = 0, value = 2 }, { month = 1.5, value = 4 }]\n\
        hiring.stages = [{ name = 's', takes_days = 1, uses = 'recruiters' }]\n\
        [cost]\nsalary_per_year.a = 36_500\noverhead = 0.2\nper_head_month = 120\nfixed_month = 1_000\n\
        staff_per_year.recruiters = 12_000\nsetup = 5_000\nhire = 0.1\nonboarding = 300\nwage_rise_per_year = 0.1";
    let mut books = Books::open(&scene(client, "", "employer = 'client'"));
    books.emit(0.0, Fact::OrganisationStarted(CLIENT));
    books.join(MONTH_DAYS - 10.0, 0);
    let month = books.end(1);
    // 10 days at 100; 10 of 365/12 days at 120; two recruiters at 1,000 a month.
    let place = 1_000.0 + 120.0 * 10.0 / MONTH_DAYS;
    near(month.by_kind[Kind::Pay as usize], 1_200.0);
    near(month.by_kind[Kind::Place as usize], place);
    near(month.by_kind[Kind::Hiring as usize], 2_000.0 + 3_650.0 + 300.0);
    near(month.by_kind[Kind::StartEnd as usize], 5_000.0);
    near(month.client_cost, 1_200.0 + place + 5_950.0 + 5_000.0);
    // Half of the second month with two, half with four.
    books.end(2);
    near(books.booked(CLIENT, Item::Staff), 3_000.0);
    // Month 13 is the first of the second year.
    books.end(12);
    near(books.booked(CLIENT, Item::Fixed), 1_000.0);
    books.end(13);
    near(books.booked(CLIENT, Item::Fixed), 1_100.0);
    near(books.booked(CLIENT, Item::Salary), 110.0 * MONTH_DAYS);
    near(books.booked(CLIENT, Item::Staff), 4_400.0);
    books.emit(13.5 * MONTH_DAYS, Fact::OrganisationStopped(CLIENT));
    books.end(14);
    near(books.booked(CLIENT, Item::Fixed), 550.0);
}

#[test]
fn rates_fee_oversight_and_minimum_are_billed_and_rise() {
    let strategy = "employer = 'vendor'\n[contract.vendor]\nfee_month = 1_000\nrate_per_month.a = [{ month = 0, value = 500 }, \
        { month = 1.25, value = 900 }]\nrate_rise_per_year = 0.1\nminimum_headcount = 4\noversight_month = 70\nsetup_fee = 50";
    let vendor = "cost.salary_per_year.a = 12_000";
    let mut books = Books::open(&scene("", vendor, strategy));
    books.emit(0.0, Fact::OrganisationStarted(VENDOR));
    // Nobody is present: the minimum is billed at 0.
    let month = books.end(1);
    near(month.client_cost, 1_000.0 + 70.0 + 50.0);
    near(month.contract_payments, 1_050.0);
    // Two from the middle of the month: one head-month at 900, and three head-months are missing.
    books.join(1.5 * MONTH_DAYS, 0);
    books.join(1.5 * MONTH_DAYS, 1);
    let month = books.end(2);
    near(books.booked(VENDOR, Item::Rates), 900.0);
    near(books.booked(VENDOR, Item::Minimum), 2_700.0);
    near(month.vendor_cost, 1_000.0);
    near(month.by_kind[Kind::Bills as usize], 4_600.0);
    books.end(13);
    near(books.booked(VENDOR, Item::Rates), 1_980.0);
    near(books.booked(VENDOR, Item::FeeMonth), 1_100.0);
    near(books.booked(VENDOR, Item::Oversight), 70.0);
}

#[test]
fn cost_plus_marks_up_the_whole_cost_of_employment_and_the_minimum_only_pay() {
    let strategy = "employer = 'vendor'\n[contract.vendor]\ncost_plus = 0.5\nminimum_headcount = 3";
    let vendor = "[cost]\nsalary_per_year.a = 12_000\noverhead = 0.1\nper_head_month = 40\nfixed_month = 200\nsetup = 1_000";
    let mut books = Books::open(&scene("", vendor, strategy));
    books.emit(0.0, Fact::OrganisationStarted(VENDOR));
    books.start_with(2);
    let month = books.end(1);
    // 2 * (1,000 + 100 + 40) + 200 + 1,000.
    near(month.vendor_cost, 3_480.0);
    near(books.booked(VENDOR, Item::CostPlus), 5_220.0);
    near(books.booked(VENDOR, Item::Minimum), 1_650.0);
    near(month.client_cost, 6_870.0);
}

#[test]
fn a_month_with_too_few_people_is_credited_by_its_share() {
    let strategy = "employer = 'vendor'\n[contract.vendor]\nrate_per_month.a = 100\nfee_month = 60\n\
        staffing_credit = { below = 0.5, share = 0.25 }";
    let mut books = Books::open(&scene("", "", strategy));
    books.start_with(2);
    books.end(1);
    near(books.booked(VENDOR, Item::StaffingCredit), 0.0);
    books.want(MONTH_DAYS, 4);
    // Two out of four is not below one half.
    books.end(2);
    near(books.booked(VENDOR, Item::StaffingCredit), 0.0);
    books.want(2.0 * MONTH_DAYS, 5);
    books.end(3);
    near(books.booked(VENDOR, Item::StaffingCredit), -65.0);
}

#[test]
fn a_guarantee_credits_everything_billed_for_a_person_who_leaves() {
    let strategy = "employer = 'vendor'\n[contract.vendor]\nrate_per_month.a = [{ month = 0, value = 365 }, \
        { month = 1, value = 730 }]\nguarantee_days = 40";
    let mut books = Books::open(&scene("", "", strategy));
    // 12 per day in the first month, 24 per day after that.
    let [early, late, shocked] = [0, 1, 2].map(|number| books.join(MONTH_DAYS - 10.0, number));
    books.emit(MONTH_DAYS + 30.0, Fact::NoticeGiven(early, Cause::Burnout));
    books.emit(MONTH_DAYS + 30.0, Fact::NoticeGiven(shocked, Cause::Shock));
    books.end(2);
    near(books.booked(VENDOR, Item::Guarantee), 0.0);
    books.emit(MONTH_DAYS + 31.0, Fact::NoticeGiven(late, Cause::Tenure));
    for person in [early, late, shocked] {
        books.emit(MONTH_DAYS + 40.0, Fact::Left(person, Cause::Tenure));
    }
    books.end(3);
    near(books.booked(VENDOR, Item::Guarantee), -(10.0 * 12.0 + 40.0 * 24.0));
}

#[test]
fn a_transfer_costs_fees_and_bonuses_for_people_still_present() {
    let strategy = "employer = 'vendor'\ntransfer = [{ to = 'client', month = 1 }]\n[contract.vendor]\n\
        rate_per_month.a = 100\nfee_month = 30\ntransfer_fee = 1_000\ntransfer_fee_per_head = 50\n\
        retention_bonus = [{ month = 0, value = 7 }, { month = 1, value = 8 }]\nretention_months = 2";
    let mut books = Books::open(&scene("cost.salary_per_year.a = 2_400", "", strategy));
    books.start_with(4);
    let day = 1.5 * MONTH_DAYS;
    books.end(1);
    books.emit(day, Fact::TransferBegan(TransferId(0)));
    let people: Vec<PersonId> = books.team.present().map(|(id, _)| id).collect();
    for &person in &people[..3] {
        books.emit(day, Fact::Accepted(person, TransferId(0)));
    }
    let month = books.end(2);
    near(books.booked(VENDOR, Item::TransferFee), 1_000.0);
    near(books.booked(VENDOR, Item::TransferFeePerHead), 150.0);
    near(books.booked(VENDOR, Item::FeeMonth), 15.0);
    // Four for half a month, and the one who did not accept for the other half.
    near(books.booked(VENDOR, Item::Rates), 250.0);
    near(month.by_kind[Kind::Pay as usize], 300.0);
    // One leaves a day before, and their number is reused; one leaves a day after; one stays.
    let due_day = 3.5 * MONTH_DAYS;
    books.end(3);
    books.emit(due_day - 1.0, Fact::Left(people[0], Cause::Tenure));
    assert_eq!(books.join(due_day - 0.5, 0), people[0]);
    books.emit(due_day + 1.0, Fact::Left(people[1], Cause::Tenure));
    let month = books.end(4);
    near(month.by_kind[Kind::Bonus as usize], 16.0);
    near(books.end(5).by_kind[Kind::Bonus as usize], 0.0);
}

#[test]
fn a_bonus_due_at_a_month_end_belongs_to_the_next_month_and_leaving_then_forfeits_it() {
    let strategy = "employer = 'vendor'\ntransfer = [{ to = 'client', month = 1 }]\n[contract.vendor]\n\
        retention_bonus = 8\nretention_months = 2";
    let mut books = Books::open(&scene("", "", strategy));
    books.start_with(2);
    books.end(1);
    books.emit(MONTH_DAYS, Fact::TransferBegan(TransferId(0)));
    for number in [0, 1] {
        books.emit(MONTH_DAYS, Fact::Accepted(PersonId(number), TransferId(0)));
    }
    near(books.end(3).client_cost, 0.0);
    books.emit(3.0 * MONTH_DAYS, Fact::Left(PersonId(0), Cause::Tenure));
    near(books.end(4).client_cost, 8.0);
}

#[test]
fn a_rescue_costs_bonuses_and_no_fees_and_setting_up_again_costs_no_fee() {
    let strategy = "employer = 'vendor'\nrescue.to = 'client'\n[contract.vendor]\nsetup_fee = 5\ntransfer_fee = 1_000\n\
        transfer_fee_per_head = 50\nretention_bonus = 7\nretention_months = 0.5";
    let mut books = Books::open(&scene("", "cost.setup = 100", strategy));
    books.emit(0.0, Fact::OrganisationStarted(VENDOR));
    books.start_with(1);
    books.emit(1.0, Fact::Collapsed(VENDOR));
    books.emit(1.0, Fact::OrganisationStarted(VENDOR));
    books.emit(2.0, Fact::TransferBegan(TransferId(0)));
    books.emit(2.0, Fact::Accepted(PersonId(0), TransferId(0)));
    let month = books.end(1);
    near(books.booked(VENDOR, Item::Setup), 200.0);
    near(month.by_kind[Kind::Fees as usize], 5.0);
    near(month.by_kind[Kind::Bonus as usize], 7.0);
}

#[test]
fn market_exit_books_the_last_lump_sums_and_nothing_after() {
    let strategy =
        "employer = 'vendor'\n[contract.vendor]\nrate_per_month.a = 365\ntermination_months = 3\nguarantee_days = 90";
    let vendor = "[cost]\nsalary_per_year.a = 12_000\nseverance_months = 2\nexit = 500\nfixed_month = 10";
    let mut books = Books::open(&scene("", vendor, strategy));
    books.emit(0.0, Fact::OrganisationStarted(VENDOR));
    books.start_with(2);
    books.end(1);
    let quitter = books.join(MONTH_DAYS, 2);
    let day = MONTH_DAYS + 10.0;
    books.emit(day, Fact::Released(PersonId(0)));
    books.emit(day, Fact::Left(PersonId(0), Cause::Release));
    books.emit(day, Fact::NoticeGiven(quitter, Cause::Early));
    books.emit(day, Fact::MarketExited);
    for person in [PersonId(1), quitter] {
        books.emit(day, Fact::Left(person, Cause::Exit));
    }
    let month = books.end(2);
    // One was released, two were present.
    near(books.booked(VENDOR, Item::Severance), 6_000.0);
    near(books.booked(VENDOR, Item::Exit), 500.0);
    // The month before, two people were billed at 365.
    near(books.booked(VENDOR, Item::Termination), 2_190.0);
    near(books.booked(VENDOR, Item::Rates), 360.0);
    near(books.booked(VENDOR, Item::Guarantee), -120.0);
    near(month.client_cost, 2_190.0 + 360.0 - 120.0);
    let month = books.end(3);
    assert!(month == Month::default() && books.ledger.entries().count() == 0);
}

#[test]
fn the_exchange_rate_and_the_wage_rise_apply_to_cost_and_not_to_rates() {
    let strategy = "employer = 'vendor'\ncontract.vendor.rate_per_month.a = 100";
    let vendor = "[cost]\nsalary_per_year.a = 12_000\nfx_drift_per_year = 0.12\nwage_rise_per_year = 0.5";
    let mut books = Books::open(&scene("", vendor, strategy));
    books.start_with(1);
    near(books.end(1).vendor_cost, 1_000.0);
    near(books.end(2).vendor_cost, 1_000.0 * crate::maths::exp(0.01));
    let month = books.end(13);
    near(month.vendor_cost, 1_500.0 * crate::maths::exp(0.12));
    near(month.client_cost, 100.0);
}

#[test]
fn a_replication_does_not_depend_on_earlier_ones() {
    let strategy = "employer = 'client'";
    let client = "[cost]\nsalary_per_year.a = 12_000\nfx_volatility_per_year = 0.3\nfixed_month = 5";
    let mut books = Books::open(&scene(client, "", strategy));
    let cost_of = |books: &mut Books, replication| {
        books.team.clear();
        books.ledger.start(replication);
        books.month = 0;
        books.emit(0.0, Fact::OrganisationStarted(CLIENT));
        books.start_with(3);
        books.end(7).client_cost.to_bits()
    };
    let found = [4, 5, 4].map(|replication| cost_of(&mut books, replication));
    assert_eq!(found[0], found[2]);
    assert_ne!(found[0], found[1]);
}

#[test]
fn without_cost_and_contract_nothing_is_booked() {
    let mut books = Books::open(&scene("", "", "employer = 'vendor'"));
    books.emit(0.0, Fact::OrganisationStarted(VENDOR));
    books.start_with(3);
    assert_eq!(books.end(12), Month::default());
}
