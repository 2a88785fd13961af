//! `handover` simulates how a team is built, run and handed over, and shows in numbers when build-operate-transfer pays.
//!
//! A scenario describes the world (roles, demand, organisations) and the strategies to compare. A discrete-event engine
//! simulates thousands of replications of each strategy in parallel, with common random numbers: all strategies share
//! the same luck. It returns estimates with their precision, raw data, charts and a report. `docs/model.md` describes
//! the model.
//!
//! # The house
//!
//! Data flows one way:
//!
//! ```text
//! TOML text -> Scenario -> design points -> Session: blocks of replications of each strategy at each point -> responses
//!           -> Experiment: when to stop, estimates -> Document: tables, charts, sentences -> files
//! ```
//!
//! | floor | room | what it is for | what it does not know |
//! |---|---|---|---|
//! | 11 | [`cli`] | arguments, files, signals, printing: all input and output | how anything is computed |
//! | 10 | [`front`] | the front door of Rust programs: read a scenario, run or sweep it, query the results | files of results |
//! | 9 | [`experiment`] | questions and their reports: estimates, result files, charts, report | files and terminals |
//! | 8 | [`run`] | sessions: replications at design points, in blocks, stored, merged in order, until precise enough; shards; traces | reports |
//! | 7 | [`scenario`] | text to checked scenario, overrides, designs, plain words, JSON Schema | how it is simulated |
//! | 6 | [`response`] | one number or series per replication, observed | other replications |
//! | 5 | [`money`] | the ledger: what everything costs, and who pays | responses, statistics |
//! | 4 | [`model`] | the team and the processes that change it | files, charts, statistics |
//! | 3 | [`world`] | roles, demand, organisations, strategies: each table described once | how they are simulated |
//! | 2 | [`input`] | tables with places: reading, errors, schema | teams |
//! | 1 | [`engine`] | event calendar, clock, resources | hiring, scenarios |
//! | 1 | [`random`] | keyed draws, distributions by quantile | what is drawn |
//! | 1 | [`stats`] | tallies, quantiles, intervals, paired comparison | simulation |
//! | 1 | [`report`] | tables, charts, pages as data and how they are drawn | simulation |
//! | 0 | [`maths`] | elementary and special functions with the same bits everywhere | everything |
//!
//! A room uses rooms of lower floors only; `tests/it/tidy.rs` checks it.
//!
//! # Invariants
//!
//! - Once a [`scenario::Scenario`] exists, simulating it cannot fail: errors end at the door.
//! - A replication is a pure function of scenario, seed and its number, never of threads, order, clock or platform.
//!   Each random quantity has a key ([`random::Family::pair`]), so adding or removing one does not change the others.
//! - What others see of the team changes only in [`model::Team::apply`], by a [fact](model::Fact) that observers see.
//!   A process changes its own state, and goes through the verbs of others.
//! - Output is summed in whole billionths of an FTE: the same people give the same output, whatever happened before.
//! - Blocks of replications are merged in order, so sums do not depend on which thread was faster.
//! - A block is identified by [all that its replications depend on](scenario::Identity), seed and range alone. So any
//!   question can reuse the blocks of any other. What an experiment asks for next depends only on the blocks it has
//!   taken.
//! - No half-written file ever has a final name. The manifest is written last, and makes a result folder complete. It has
//!   the checksum of every file. A journal lets the next command finish what a killed one began to rename.
//! - Text from files is printed by one file, `cli/failure.rs`, which shows what a terminal would obey.
//! - A block does not depend on how many threads share it: moments are taken of whole columns.
//! - A finished block is on disk, in a separate file, before results are made from it ([`run::Store`]). Resuming from
//!   it gives the same bytes.
//!
//! # To add something
//!
//! | to add | new file | also touch |
//! |---|---|---|
//! | a key of a table | none | the table's `fields` function in `world/`: it serves reading, schema and manual |
//! | an event of a process | none | its line in `Event` and `happen` of `model/mod.rs`, that process's file |
//! | a process | `model/<process>.rs`, `world/<table>.rs` | its state in `Simulation` of `model/mod.rs`, its table's line in `world/` |
//! | a kind of fact | none | `model/fact.rs`, and `Team::apply` if it changes the team |
//! | a response | `response/<group>.rs` or its group's file, with its [nature](response::Nature) | for a new group, its line in `groups!` of `response/mod.rs` |
//! | a response of each role | none | its name in `NAMES` of `response/roles.rs`, and how it is observed there |
//! | a distribution | none | `random/` and its parameters in `input/duration.rs` |
//! | a chart | its `Drawing` in a file of `experiment/charts/`; `report/chart/<kind>.rs` for a new kind | its line in `CHARTS` of its document |
//! | a column of a result file | none | its line in `experiment/tables.rs`: name, kind, unit and where its value is kept |
//! | a result table | none | its rows and columns in `experiment/tables.rs`, its lines in `FILES` of `experiment/compare.rs` |
//! | a format of result tables | `report/<format>.rs` and how tables are written so | its line in `experiment/format.rs`, its files in `FILES` of each document |
//! | an experiment | `experiment/<question>.rs`: an [`run::Experiment`] whose outcome is a [`experiment::Document`] | its line in `experiment/mod.rs`; for the command line, a command |
//! | a known truth | none | its case in a file of `experiment/verify/`, its row in `docs/validation.md` |
//! | a command | `cli/<command>.rs` | its arm in `cli/mod.rs` |
//! | a preset | `scenarios/<name>.toml` | its line in `presets!` of `scenario/presets.rs` |
//! | a page of the manual | `docs/<page>.md` | its line in `docs/SUMMARY.md` |
//!
//! Pages of `docs/reference/` and the numbers of `docs/validation.md` are generated by the program. After any of these
//! changes, `HANDOVER_RENEW=1 cargo test --test it renewed` writes them again.

// Without charts, pages and commands, some code is unused.
#![cfg_attr(not(all(feature = "cli", feature = "report")), allow(dead_code, unused_imports))]

#[cfg(feature = "cli")]
pub mod cli;
pub mod engine;
pub mod experiment;
pub mod front;
pub mod input;
pub mod maths;
pub mod model;
pub mod money;
pub mod random;
pub mod report;
pub mod response;
pub mod run;
pub mod scenario;
pub mod stats;
pub mod world;

pub use experiment::{Document, Results, Swept};
pub use front::{Error, Run, Sweep};
pub use response::ResponseId;
pub use scenario::Scenario;

/// Client cost: all that the client pays.
pub const CLIENT_COST: ResponseId = ResponseId::CLIENT_COST;
/// Client cost per delivered FTE-month.
pub const COST_PER_FTE_MONTH: ResponseId = ResponseId::COST_PER_FTE_MONTH;
/// Delivered output, in FTE-days.
pub const DELIVERED_FTE_DAYS: ResponseId = ResponseId::DELIVERED_FTE_DAYS;
/// Day on which headcount first reaches 90 % of the highest wanted.
pub const STAFFED_DAY: ResponseId = ResponseId::STAFFED_DAY;
