//! Tests through the public interface: one binary, a file for each kind.

mod bad_input;
mod broken;
mod browser;
mod by_hand;
mod charts;
mod cli;
mod common_luck;
mod designs;
mod determinism;
#[path = "../digest/mod.rs"]
mod digest;
mod distributions;
mod docs;
mod files;
mod first_hour;
mod golden;
mod lists;
mod many;
mod natures;
mod parquet;
mod precision;
mod program;
mod properties;
mod ranges;
mod reference;
mod report;
mod resume;
mod shards;
mod size;
mod statement;
mod strangers;
mod support;
mod theory;
mod tidy;
mod verify;
mod words;
