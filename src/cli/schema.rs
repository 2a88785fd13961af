//! `handover schema`: prints the JSON Schema of scenarios.

use crate::scenario::schema;

use super::failure::{Failure, print_json};

/// Runs the command.
pub(super) fn run() -> Result<(), Failure> {
    print_json(&schema())
}
