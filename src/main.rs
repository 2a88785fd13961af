//! The command `handover`.

use std::process::ExitCode;

fn main() -> ExitCode {
    handover::cli::main()
}
