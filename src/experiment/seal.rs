//! The seal of a result folder: its manifest with the checksum of every file, and its own.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::report::number::hexadecimal;

use super::manifest::Manifest;

/// What a manifest begins and ends its own checksum with.
const BEFORE: &str = "\"sha256\": \"";
const AFTER: &str = "\"\n}\n";
/// Hexadecimal digits of a checksum.
const DIGITS: usize = 64;

/// A file of a result folder as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its name, with its folder if it is in one.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal digits.
    pub sha256: String,
}

/// The content of `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Seal {
    /// The results.
    #[serde(flatten)]
    pub manifest: Manifest,
    /// All other files, by name.
    pub files: Vec<FileRecord>,
    /// SHA-256 of the manifest with an empty string in this place.
    sha256: String,
}

impl Seal {
    /// Returns the seal of results with these files.
    #[must_use]
    pub fn new(manifest: Manifest, mut files: Vec<FileRecord>) -> Self {
        files.sort_by(|one, other| one.name.cmp(&other.name));
        let mut seal = Self { manifest, files, sha256: String::new() };
        seal.sha256 = digest(&seal.text());
        seal
    }

    /// Returns the same results with other files in place of those of the same kind. `is_replaced` says which files are
    /// of that kind.
    #[must_use]
    pub fn with_files(self, is_replaced: impl Fn(&str) -> bool, files: Vec<FileRecord>) -> Self {
        let kept = self.files.into_iter().filter(|file| !is_replaced(&file.name));
        Self::new(self.manifest, kept.chain(files).collect())
    }

    /// Returns the content of `manifest.json`.
    #[must_use]
    pub fn text(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.unwrap_or_else(|error| unreachable!("a manifest is plain data: {error}")) + "\n"
    }

    /// Reads a manifest, and returns it with whether it is as it was written.
    ///
    /// # Errors
    /// Fails if it is not the manifest of results.
    pub fn read(text: &str) -> Result<(Self, bool), serde_json::Error> {
        let seal: Self = serde_json::from_str(text)?;
        let is_as_written = text.strip_suffix(AFTER).is_some_and(|before| {
            let (rest, own) = before.split_at_checked(before.len().saturating_sub(DIGITS)).unwrap_or((before, ""));
            rest.ends_with(BEFORE) && own == digest(&format!("{rest}{AFTER}"))
        });
        Ok((seal, is_as_written))
    }
}

fn digest(text: &str) -> String {
    hexadecimal(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Study;
    use crate::run::Settings;
    use crate::scenario::Scenario;

    fn seal() -> Seal {
        let scenario = Scenario::parse(include_str!("../../scenarios/ramp100.toml"), &[]).expect("it is a scenario");
        let settings = Settings { seed: 7, replications: 10, strategies: vec![0], independent: false };
        let study = Study::new(scenario, settings, crate::stats::Confidence::USUAL, 0);
        let file = |name: &str| FileRecord { name: name.to_owned(), bytes: 12, sha256: digest(name) };
        Seal::new(Manifest::of(&study), vec![file("summary.csv"), file("charts/dip.svg"), file("report.html")])
    }

    #[test]
    fn every_change_of_a_manifest_shows() {
        let seal = seal();
        let text = seal.text();
        assert_eq!(Seal::read(&text).expect("it is one"), (seal.clone(), true));
        let changes = [
            ("\"seed\": 7", "\"seed\": 8"),
            ("0.95", "0.94"),
            ("  \"seed\"", " \"seed\""),
            ("\"bytes\": 12", "\"bytes\": 13"),
        ];
        for (from, to) in changes {
            assert!(text.contains(from), "{from}");
            assert!(!Seal::read(&text.replacen(from, to, 1)).expect("it is one").1, "{from}");
        }
        let own = &text[text.len() - AFTER.len() - DIGITS..];
        assert!(!Seal::read(&text.replace(own, AFTER)).expect("it is one").1, "without a checksum");
    }

    #[test]
    fn files_are_replaced_by_those_of_their_kind() {
        let new = FileRecord { name: "charts/cost.svg".to_owned(), bytes: 1, sha256: digest("") };
        let seal = seal().with_files(|name| name.starts_with("charts/") || name == "report.html", vec![new]);
        let names: Vec<&str> = seal.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["charts/cost.svg", "summary.csv"]);
        assert!(Seal::read(&seal.text()).expect("it is one").1);
    }
}
