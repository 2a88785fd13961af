//! The sources of a design: the scenario files, and the factors that they and `--with` define.

use crate::input::{Diagnostics, Fields, Names, Node, Reader, Section, Table, Tree};
use crate::world::Factor;

use super::super::{NO_UNCERTAIN, Scenario, bounds, factors, like, names, paths};
use super::bad::{Mistake, Mistakes, Origin};

/// A scenario file with its tables.
pub(super) struct Source<'f> {
    pub(super) label: &'f str,
    pub(super) scenario: &'f Scenario,
    /// The tables as they are in the file.
    pub(super) written: Section,
    /// The same with every `like` resolved.
    resolved: Section,
}

impl<'f> Source<'f> {
    pub(super) fn of((label, scenario): &'f (String, Scenario)) -> Self {
        let (root, _) = Node::parse(scenario.text());
        let written = root.section().cloned().unwrap_or_default();
        let resolved = like::resolve(&written, &mut Reader::new(&names(&written)));
        Self { label, scenario, written, resolved }
    }

    /// Returns what the scenario has at a whole path, its own or by `like`.
    pub(super) fn value(&self, path: &[String]) -> Option<&Node> {
        paths::at(&self.resolved, path)
    }
}

/// A factor that can be referred to by name.
pub(super) struct KnownFactor {
    pub(super) factor: Factor,
    /// The place of its key.
    pub(super) origin: Origin,
    /// Whether it comes from the scenario, not from the file of `--with`.
    is_of_scenario: bool,
}

impl KnownFactor {
    /// Returns why the factor is not the same in all files, if so. Its levels may differ if `has_levels`.
    pub(super) fn differs(&self, files: &[Source<'_>], has_levels: bool) -> Option<Mistake> {
        let name = &self.factor.name;
        for file in files.iter().filter(|_| self.is_of_scenario) {
            let Some(other) = file.scenario.factors.iter().find(|factor| factor.name == *name) else {
                return Some(Mistake::new(name, format!("{} has no factor of this name", file.label)));
            };
            if other.keys != self.factor.keys {
                return Some(Mistake::new(name, format!("the factor sets other keys in {}", file.label)));
            }
            if !has_levels && (&other.levels, &other.also) != (&self.factor.levels, &self.factor.also) {
                let message = format!("the factor has other levels in {}", file.label);
                return Some(Mistake::new(name, message).help(format!("say which: --vary {name}=LEVELS")));
            }
        }
        None
    }
}

/// Returns the factors of the first file and those of `--with`, and records mistakes.
pub(super) fn known(files: &[Source<'_>], with: Option<&(String, String)>, found: &mut Mistakes) -> Vec<KnownFactor> {
    let mut all = Vec::new();
    if let Some(first) = files.first() {
        let origin = Origin::of(first.label, first.scenario.text());
        all.extend(first.scenario.factors.iter().enumerate().map(|(index, factor)| KnownFactor {
            factor: factor.clone(),
            origin: at_key(&origin, &first.written, index),
            is_of_scenario: true,
        }));
    }
    let Some((label, text)) = with else { return all };
    let (tables, more) = read(label, text, files, found);
    let origin = Origin::of(label, text);
    for (index, factor) in more.into_iter().enumerate() {
        let origin = at_key(&origin, &tables, index);
        if all.iter().any(|known| known.is_of_scenario && known.factor.name == factor.name) {
            let place = place_of(&tables, index, "name").unwrap_or_else(|| origin.place.clone());
            let message = "the scenario has a factor of this name too";
            found.refuse(&origin.part(place), Mistake::new(&factor.name, message).help("rename one of them"));
        } else {
            all.push(KnownFactor { factor, origin, is_of_scenario: false });
        }
    }
    all
}

fn place_of(tables: &Section, index: usize, key: &str) -> Option<std::ops::Range<usize>> {
    let Tree::List(list) = &tables.get("factor")?.tree else { return None };
    Some(list.get(index)?.section()?.get(key)?.place.clone())
}

fn at_key(origin: &Origin, tables: &Section, index: usize) -> Origin {
    origin.part(place_of(tables, index, "key").unwrap_or_default())
}

/// The tables of a `--with` file.
struct With {
    factors: Vec<Factor>,
}

impl Table for With {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        fields.not_yet("uncertain", NO_UNCERTAIN);
        Self { factors: fields.optional("factor", "a decision, with the levels to compare").unwrap_or_default() }
    }
}

fn read(label: &str, text: &str, files: &[Source<'_>], found: &mut Mistakes) -> (Section, Vec<Factor>) {
    let (root, mut mistakes) = Node::parse(text);
    let tables = root.section().cloned().unwrap_or_default();
    let mut factors = Vec::new();
    if bounds::hold(&root, &mut mistakes) {
        let names = Names::default();
        let mut reader = Reader::new(&names).of_text(text);
        let with: With = reader.read_section(&tables, &(0..0));
        for file in files {
            let mut of_file = with.factors.clone();
            factors::settle(&mut of_file, &tables, &file.written, &mut reader);
            if factors.is_empty() {
                factors = of_file;
            }
        }
        mistakes.extend(reader.finish());
    }
    if mistakes.is_empty() {
        return (tables, factors);
    }
    found.add(label, Diagnostics::new(text.to_owned(), mistakes));
    (tables, Vec::new())
}
