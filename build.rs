//! Sets the version of the program: that of the package and, if built from a git checkout, the commit with its date.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Read at run time: checkouts that share a target folder share the compiled script too.
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    for path in places_of_the_commit(&root) {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rustc-env=HANDOVER_VERSION={}", version(&root));
}

/// Returns `0.1.0 (0123456789 2027-01-31)`, without the brackets where there is no commit to name. It depends on nothing but the commit.
pub(crate) fn version(root: &Path) -> String {
    let package = env!("CARGO_PKG_VERSION");
    let commit = git(root, &["show", "--no-patch", "--no-show-signature", "--format=%H %cs", "HEAD"]);
    let parts = commit.as_deref().and_then(|commit| commit.trim().split_once(' '));
    match parts.and_then(|(hash, date)| Some((hash.get(..10)?, date))) {
        Some((hash, date)) => format!("{package} ({hash} {date})"),
        None => package.to_owned(),
    }
}

/// Returns the files and folders that change when another commit is checked out or made.
pub(crate) fn places_of_the_commit(root: &Path) -> Vec<String> {
    let places = ["HEAD", "refs/heads", "packed-refs"].map(|name| git(root, &["rev-parse", "--git-path", name]));
    let places = places.into_iter().flatten().map(|place| place.trim().to_owned());
    // Cargo treats missing files as changed each time.
    places.filter(|place| root.join(place).exists()).collect()
}

/// Returns the output of git if the project is a checkout: a package that is unpacked within another checkout is not.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    if !root.join(".git").exists() {
        return None;
    }
    let mut command = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"] {
        command.env_remove(variable);
    }
    let told = command.current_dir(root).args(arguments).output().ok()?;
    if told.status.success() { String::from_utf8(told.stdout).ok() } else { None }
}
