//! The design of a study: turns a request for variation into a checked list of points. Each point is the scenario with some
//! keys changed.
//!
//! | file | is for |
//! |---|---|
//! | `levels.rs` | levels as typed: ranges, values, arrays |
//! | `known.rs` | the scenario files, their factors, and those of `--with` |
//! | `varied.rs` | one factor: the keys that it sets, and their values in the scenario |
//! | `points.rs` | a table of points |
//! | `base.rs` | the point with which others are compared |
//! | `bad.rs` | mistakes, for a reader |

mod bad;
mod base;
mod known;
mod levels;
mod points;
mod varied;

use serde::{Deserialize, Serialize};

use crate::input::{Diagnostic, Diagnostics};
use crate::world::FILE;

use super::factors::FACTORS_AT_MOST;
use super::{Refusal, Scenario};
use bad::{Mistake, Mistakes, Origin};
use known::Source;
use varied::VariedFactor;

pub use bad::BadVariation;
pub use levels::identity as level_identity;

/// The most points of a study.
pub const POINTS_AT_MOST: usize = 10_000;

/// A request for variation, in terms of the command line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variation {
    /// Arguments of `--vary`: `[NAME:]KEY=LEVELS`, `NAME=LEVELS` or `NAME`.
    pub vary: Vec<String>,
    /// The table of points: the name of its file, and its text in CSV.
    pub points: Option<(String, String)>,
    /// Further factors: the name of their file, and its text in TOML.
    pub with: Option<(String, String)>,
    /// Whether each factor is varied alone, instead of all combinations.
    pub one_at_a_time: bool,
    /// The base point by its levels, e.g. `recruiters=5,transfer=25`.
    pub base: Option<String>,
}

/// How points are made from levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Arrangement {
    /// Every combination of levels. The first factor varies slowest.
    AllCombinations,
    /// The scenario as it is, then each factor alone, with the others as in the scenario.
    OneAtATime,
    /// As listed.
    Listed,
}

/// A factor of a study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesignFactor {
    /// Its name. For a factor given by its key alone, it is the key as typed.
    pub name: String,
    /// Whole paths of the keys that are set to the level. Empty for the factor `file`.
    pub keys: Vec<String>,
    /// Its levels as typed, in their order. For the factor `file`, the labels of the files.
    pub levels: Vec<String>,
    /// Whole paths of further keys, each with its values, one per level.
    pub also: Vec<(String, Vec<String>)>,
}

/// One combination of levels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DesignPoint {
    /// The position of its scenario file.
    pub file: usize,
    /// One level per factor, as typed: the scenario's own value if a factor is not varied, or `default` if the scenario does
    /// not give one.
    pub levels: Vec<String>,
    /// The `--set` arguments that give this point, with whole paths.
    pub set: Vec<String>,
}

/// The points of a study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Design {
    /// How the points were made.
    pub arrangement: Arrangement,
    /// The factors; the first is `file` if there are several files.
    pub factors: Vec<DesignFactor>,
    /// The points in their order.
    pub points: Vec<DesignPoint>,
    /// The position of the base point, with which others are compared.
    pub base: usize,
}

impl Design {
    /// Makes the requested points from scenarios with the labels of their files. [`Design::check`] checks that each point is
    /// a valid scenario.
    ///
    /// # Errors
    /// All mistakes in the request at once.
    pub fn of(files: &[(String, Scenario)], asked: &Variation) -> Result<Self, Vec<BadVariation>> {
        let mut found = Mistakes::default();
        refuse_twin_files(files, &mut found);
        refuse_other_currencies(files, &mut found);
        let files: Vec<Source<'_>> = files.iter().map(Source::of).collect();
        let known = known::known(&files, asked.with.as_ref(), &mut found);
        let (all, listed) = if let Some((label, text)) = &asked.points {
            refuse_beside_points(asked, &mut found);
            points::listed((label, text), &files, &known, &mut found)
        } else if asked.vary.is_empty() {
            let all = known.iter().filter_map(|known| varied::of_known(known, &known.origin, &files, &mut found));
            (all.collect(), Vec::new())
        } else {
            let all = asked.vary.iter().filter_map(|given| varied::varied(given, &files, &known, &mut found));
            (all.collect(), Vec::new())
        };
        varied::refuse_meetings(&all, &mut found);
        let arrangement = match (&asked.points, asked.one_at_a_time) {
            (Some(_), _) => Arrangement::Listed,
            (None, true) => Arrangement::OneAtATime,
            (None, false) => Arrangement::AllCombinations,
        };
        let plan = Plan { arrangement, files: &files, all: &all, listed: &listed };
        plan.refuse_sizes(&mut found);
        if !found.is_empty() {
            return Err(found.finish());
        }
        let (mut design, is_own) = plan.design();
        match &asked.base {
            None => design.base = is_own.iter().position(|point| point.iter().all(|is_own| *is_own)).unwrap_or(0),
            Some(given) => design.base = base::named(&design, given, &is_own, &mut found).unwrap_or(0),
        }
        if found.is_empty() { Ok(design) } else { Err(found.finish()) }
    }

    /// Returns the levels of a point on one line, as `--base` takes them: `recruiters=5,transfer=25`.
    #[must_use]
    pub fn levels_of(&self, point: usize) -> String {
        let level = |(factor, level): (&DesignFactor, &String)| format!("{}={level}", factor.name);
        self.factors.iter().zip(&self.points[point].levels).map(level).collect::<Vec<_>>().join(",")
    }

    /// Returns why a point is not a valid scenario. None if it is valid. Points can be checked in any order.
    #[must_use]
    pub fn check(&self, files: &[(String, Scenario)], point: usize) -> Option<BadVariation> {
        self.points[point].scenario(files).err().map(|refused| self.refusal(refused, point))
    }

    /// Returns the refusal of a point that is not a valid scenario.
    #[must_use]
    pub fn refusal(&self, refused: Refusal, point: usize) -> BadVariation {
        let text = self.levels_of(point);
        let all = match refused {
            Refusal::Mistakes(mistakes) => mistakes.all.into_iter().map(|mistake| self.placed(mistake, point)).collect(),
            Refusal::Override(bad) => {
                let (place, key, message) = (0..text.len(), String::new(), format!("--set {}: {}", bad.given, bad.message));
                vec![Diagnostic { place, key, message, help: None, is_absence: false, overridden: None }]
            }
        };
        let mistakes = Diagnostics { text, all };
        BadVariation { source: format!("point {point}"), point: Some(point), mistakes }
    }

    /// Returns a mistake of a point's scenario, placed at the level that causes it.
    fn placed(&self, mistake: Diagnostic, point: usize) -> Diagnostic {
        let set = mistake.overridden.as_ref().map(|overridden| overridden.given.as_str());
        let sets = |factor: &DesignFactor| {
            let mut keys = factor.keys.iter().chain(factor.also.iter().map(|(key, _)| key));
            keys.any(|key| set.and_then(|set| set.strip_prefix(key.as_str())).is_some_and(|rest| rest.starts_with('=')))
        };
        let at_fault = self.factors.iter().position(sets);
        let mut start = 0;
        let mut place = 0..0;
        for (index, (factor, level)) in self.factors.iter().zip(&self.points[point].levels).enumerate() {
            let value = start + factor.name.len() + 1;
            let end = value + level.len();
            if at_fault.is_none_or(|at_fault| at_fault == index) {
                place = if at_fault.is_some() { value..end } else { 0..end };
            }
            start = end + 1;
        }
        Diagnostic { place, overridden: None, ..mistake }
    }
}

impl DesignPoint {
    /// Returns the scenario of this point, from the same files that the design was made from.
    ///
    /// # Errors
    /// Everything that keeps it from being a valid scenario.
    pub fn scenario(&self, files: &[(String, Scenario)]) -> Result<Scenario, Refusal> {
        files[self.file].1.with_overrides(&self.set)
    }
}

fn refuse_twin_files(files: &[(String, Scenario)], found: &mut Mistakes) {
    for (index, (label, _)) in files.iter().enumerate() {
        if files[..index].iter().any(|(other, _)| other == label) {
            let message = format!("{label} is given twice: each level of {FILE:?} needs its own label");
            found.refuse(&Origin::nowhere(), Mistake::new("", message));
        }
    }
}

fn refuse_other_currencies(files: &[(String, Scenario)], found: &mut Mistakes) {
    let Some(((first, scenario), others)) = files.split_first() else { return };
    let currency = &scenario.world.currency;
    for (label, other) in others.iter().filter(|(_, other)| other.world.currency != *currency) {
        let message = format!("{label} counts in {}, {first} in {currency}: costs cannot be compared", other.world.currency);
        found.refuse(&Origin::nowhere(), Mistake::new("currency", message).help("give both files the same currency"));
    }
}

fn refuse_beside_points(asked: &Variation, found: &mut Mistakes) {
    if let Some(given) = asked.vary.first() {
        let message = "--points lists the levels of every point, so there is nothing else to vary";
        let help = "leave out --vary or --points";
        found.refuse(&Origin::of("--vary", given), Mistake::new("", message).help(help));
    }
    if asked.one_at_a_time {
        let message = "--points lists the points itself, so there is no other design to choose";
        found.refuse(&Origin::nowhere(), Mistake::new("", message).help("leave out --design or --points"));
    }
}

/// Everything that points are made from.
struct Plan<'p> {
    arrangement: Arrangement,
    files: &'p [Source<'p>],
    all: &'p [VariedFactor],
    /// For each listed point, the position of its level of each factor.
    listed: &'p [Vec<usize>],
}

impl Plan<'_> {
    /// Refuses requests that are too large or empty, before anything large is made.
    fn refuse_sizes(&self, found: &mut Mistakes) {
        if self.all.len() > FACTORS_AT_MOST {
            let message = format!("{} factors found, expected at most {FACTORS_AT_MOST}", self.all.len());
            found.refuse(&Origin::nowhere(), Mistake::new("", message));
        }
        if self.all.is_empty() && self.files.len() < 2 && found.is_empty() {
            let label = self.files.first().map_or("the scenario", |file| file.label);
            let message = format!("nothing to vary: {label} has no [[factor]]");
            let help = "add one, or say what varies: --vary KEY=LEVELS, e.g. --vary recruiters.count=2..10";
            found.refuse(&Origin::nowhere(), Mistake::new("", message).help(help));
        }
        let points = self.count();
        if points > POINTS_AT_MOST as u128 {
            let counts = self.all.iter().map(|varied| format!("{} {}", varied.factor.levels.len(), varied.factor.name));
            let files = (self.files.len() > 1).then(|| format!("{} {FILE}", self.files.len()));
            let product = files.into_iter().chain(counts).collect::<Vec<_>>().join(" x ");
            let message = format!("{points} points found, expected at most {POINTS_AT_MOST}: {product}");
            let help = "take fewer levels, or vary one factor at a time";
            found.refuse(&Origin::nowhere(), Mistake::new("", message).help(help));
        }
    }

    /// Returns the number of points. For [`Arrangement::OneAtATime`] it includes levels that repeat the scenario's own.
    fn count(&self) -> u128 {
        let files = self.files.len() as u128;
        let mut levels = self.all.iter().map(|varied| varied.factor.levels.len() as u128);
        match self.arrangement {
            Arrangement::AllCombinations => levels.fold(files, u128::saturating_mul),
            Arrangement::OneAtATime => levels.by_ref().sum::<u128>() + files,
            Arrangement::Listed => files.saturating_mul(self.listed.len() as u128),
        }
    }

    /// Returns the points, and for each point and factor whether the level is the scenario's own.
    fn design(&self) -> (Design, Vec<Vec<bool>>) {
        let is_own: Vec<Vec<Vec<bool>>> =
            (0..self.files.len()).map(|file| self.all.iter().map(|varied| varied.is_own(file)).collect()).collect();
        let rows = self.rows(&is_own);
        let has_files = self.files.len() > 1;
        let point = |(file, levels): &(usize, Vec<Option<usize>>)| {
            let label = has_files.then(|| self.files[*file].label.to_owned());
            let level = |(varied, level): (&VariedFactor, &Option<usize>)| match level {
                Some(level) => varied.factor.levels[*level].clone(),
                None => varied.own(*file).to_owned(),
            };
            let chosen = || self.all.iter().zip(levels);
            DesignPoint {
                file: *file,
                levels: label.into_iter().chain(chosen().map(level)).collect(),
                set: chosen().filter_map(|(varied, level)| level.map(|level| varied.sets(level))).flatten().collect(),
            }
        };
        let own = |(file, levels): &(usize, Vec<Option<usize>>)| {
            let of_factors = levels.iter().zip(&is_own[*file]);
            let of_factors = of_factors.map(|(level, is_own)| level.is_none_or(|level| is_own[level]));
            has_files.then_some(*file == 0).into_iter().chain(of_factors).collect()
        };
        let labels = self.files.iter().map(|file| file.label.to_owned()).collect();
        let of_files = DesignFactor { name: FILE.to_owned(), keys: Vec::new(), levels: labels, also: Vec::new() };
        let factors = has_files.then_some(of_files).into_iter().chain(self.all.iter().map(|varied| varied.factor.clone()));
        let (arrangement, factors) = (self.arrangement, factors.collect());
        (Design { arrangement, factors, points: rows.iter().map(point).collect(), base: 0 }, rows.iter().map(own).collect())
    }

    /// Returns for each point its file, and the position of its level of each factor. None is the scenario's own value.
    fn rows(&self, is_own: &[Vec<Vec<bool>>]) -> Vec<(usize, Vec<Option<usize>>)> {
        let files = 0..self.files.len();
        match self.arrangement {
            Arrangement::Listed => {
                let of_file = |file| self.listed.iter().map(move |point| (file, point.iter().copied().map(Some).collect()));
                files.flat_map(of_file).collect()
            }
            Arrangement::AllCombinations => files.flat_map(|file| self.combinations().map(move |row| (file, row))).collect(),
            Arrangement::OneAtATime => {
                let own = vec![None; self.all.len()];
                let mut rows: Vec<(usize, Vec<Option<usize>>)> = files.map(|file| (file, own.clone())).collect();
                for (index, varied) in self.all.iter().enumerate() {
                    for level in (0..varied.factor.levels.len()).filter(|&level| !is_own[0][index][level]) {
                        let mut row = own.clone();
                        row[index] = Some(level);
                        rows.push((0, row));
                    }
                }
                rows
            }
        }
    }

    /// Returns all combinations of levels. The first factor varies slowest.
    fn combinations(&self) -> impl Iterator<Item = Vec<Option<usize>>> {
        let counts: Vec<usize> = self.all.iter().map(|varied| varied.factor.levels.len()).collect();
        let count = counts.iter().product::<usize>();
        (0..count).map(move |mut rest| {
            let mut row: Vec<Option<usize>> = counts
                .iter()
                .rev()
                .map(|count| {
                    let level = rest % count;
                    rest /= count;
                    Some(level)
                })
                .collect();
            row.reverse();
            row
        })
    }
}

#[cfg(test)]
mod tests;
