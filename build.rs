//! Tells the program its version: that of the package and, if built from a git checkout, the commit with its date.

use std::path::Path;
use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for path in places_of_the_commit(root) {
        println!("cargo::rerun-if-changed={path}");
    }
    println!("cargo::rustc-env=HANDOVER_VERSION={}", version(root));
}

/// `0.1.0 (0123456789 2027-01-31)`; without the brackets where there is no commit to name. It depends on nothing but the commit.
pub(crate) fn version(root: &Path) -> String {
    let package = env!("CARGO_PKG_VERSION");
    let commit = git(root, &["show", "--no-patch", "--no-show-signature", "--format=%H %cs", "HEAD"]);
    let parts = commit.as_deref().and_then(|commit| commit.trim().split_once(' '));
    match parts.and_then(|(hash, date)| Some((hash.get(..10)?, date))) {
        Some((hash, date)) => format!("{package} ({hash} {date})"),
        None => package.to_owned(),
    }
}

/// Files and folders that change when another commit is checked out or made.
pub(crate) fn places_of_the_commit(root: &Path) -> Vec<String> {
    let places = ["HEAD", "refs/heads", "packed-refs"].map(|name| git(root, &["rev-parse", "--git-path", name]));
    let places = places.into_iter().flatten().map(|place| place.trim().to_owned());
    // Cargo takes what is not there for changed each time.
    places.filter(|place| root.join(place).exists()).collect()
}

/// What git says, if the project is a checkout of its own: a package that is unpacked within another checkout is none of it.
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
