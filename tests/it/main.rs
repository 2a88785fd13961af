//! Tests through the public interface: one binary, a file for each kind.

mod bad_input;
mod broken;
mod browser;
mod by_hand;
mod charts;
mod cli;
mod common_luck;
mod determinism;
mod distributions;
mod docs;
mod files;
mod first_hour;
mod golden;
mod lists;
mod precision;
mod program;
mod properties;
mod reference;
mod report;
mod statement;
mod support;
mod theory;
mod tidy;
mod verify;
mod words;
