//! One factor of a design: the keys that it sets in every file, and the scenario's own values there.

use crate::input::Node;
use crate::input::document::{dotted, shortened};
use crate::world::problem_of_name;

use super::super::factors::{is_plain, key_of_factor, meet};
use super::super::paths::{self, BadPath};
use super::DesignFactor;
use super::bad::{Mistake, Mistakes, Origin};
use super::known::{KnownFactor, Source};
use super::levels::{self, identity, outside, trimmed};
use crate::input::diagnostic::name_help;

/// Stands for the scenario's own value if the scenario does not give one.
const DEFAULT: &str = "default";

/// A factor of a design, and what its levels are compared with.
pub(super) struct VariedFactor {
    pub(super) factor: DesignFactor,
    /// The place of the request.
    pub(super) origin: Origin,
    /// The whole paths of all keys that it sets.
    paths: Vec<Vec<String>>,
    /// For each file, its own values at these keys: as typed, and in a comparable form.
    own: Vec<Own>,
}

struct Own {
    typed: String,
    identities: Vec<Option<String>>,
}

impl VariedFactor {
    fn of(factor: DesignFactor, origin: Origin, files: &[Source<'_>]) -> Self {
        let keys = factor.keys.iter().chain(factor.also.iter().map(|(key, _)| key));
        let paths: Vec<Vec<String>> = keys.filter_map(|key| paths::parts(key)).collect();
        let own = |file: &Source<'_>| {
            let first = paths.first().and_then(|path| file.value(path));
            Own {
                typed: first.map_or_else(|| DEFAULT.to_owned(), |node| node.typed(file.scenario.text())),
                identities: paths.iter().map(|path| file.value(path).map(Node::identity)).collect(),
            }
        };
        let own = files.iter().map(own).collect();
        Self { factor, origin, paths, own }
    }

    /// Returns the scenario's own value, as typed.
    pub(super) fn own(&self, file: usize) -> &str {
        &self.own[file].typed
    }

    /// Returns for each level whether it is the file's own value.
    pub(super) fn is_own(&self, file: usize) -> Vec<bool> {
        let own = &self.own[file].identities;
        let is_own = |level: usize| {
            let values = self.factor.keys.iter().map(|_| &self.factor.levels[level]);
            let values = values.chain(self.factor.also.iter().map(|(_, values)| &values[level]));
            values.zip(own).all(|(value, own)| own.as_ref().is_some_and(|own| *own == identity(value)))
        };
        (0..self.factor.levels.len()).map(is_own).collect()
    }

    /// Returns the `--set` arguments that give a level.
    pub(super) fn sets(&self, level: usize) -> impl Iterator<Item = String> + '_ {
        let keys = self.factor.keys.iter().map(move |key| format!("{key}={}", self.factor.levels[level]));
        keys.chain(self.factor.also.iter().map(move |(key, values)| format!("{key}={}", values[level])))
    }
}

/// What an argument or a column refers to: a known factor, or keys under a name.
pub(super) struct NamedFactor<'k> {
    pub(super) known: Option<&'k KnownFactor>,
    pub(super) factor: DesignFactor,
    /// The origin, with the place of the reference.
    pub(super) origin: Origin,
}

/// Reads `--vary [NAME:]KEY=LEVELS` or `--vary NAME`.
pub(super) fn varied(
    given: &str,
    files: &[Source<'_>],
    known: &[KnownFactor],
    found: &mut Mistakes,
) -> Option<VariedFactor> {
    let origin = Origin::of("--vary", given);
    let equals = outside(given, '=').first().copied();
    let left = origin.part(trimmed(given, 0..equals.unwrap_or(given.len())));
    let mut named = named(&left, known, found)?;
    let Some(equals) = equals else {
        let Some(known) = named.known else {
            let name = &given[left.place.clone()];
            let names: Vec<&str> = known.iter().map(|known| known.factor.name.as_str()).collect();
            let mistake = Mistake::new("", format!("there is no factor {:?}, and no levels are given", shortened(name)));
            let levels = format!("give its levels, e.g. --vary {name}=2..10");
            let help = name_help(name, &names).map_or(levels.clone(), |help| format!("{help}; or {levels}"));
            found.refuse(&left, mistake.help(help));
            return None;
        };
        return of_known(known, &left, files, found);
    };
    let right = origin.part(trimmed(given, equals + 1..given.len()));
    let levels = levels::levels(&right, &named.factor.name, found)?;
    if let Some(known) = named.known {
        if let Some(mistake) = known.differs(files, true) {
            found.refuse(&left, mistake);
            return None;
        }
        if let Some((key, values)) = named.factor.also.iter().find(|(_, values)| values.len() != levels.len()) {
            let message = format!(
                "{} levels found, expected {}: the factor also sets `{key}`, level by level",
                levels.len(),
                values.len()
            );
            found.refuse(&right, Mistake::new(&named.factor.name, message));
            return None;
        }
    }
    named.factor.levels = levels;
    settled(named.factor, named.origin, files, found)
}

/// Returns a factor of the file, or of `--with`, as defined there.
pub(super) fn of_known(
    known: &KnownFactor,
    origin: &Origin,
    files: &[Source<'_>],
    found: &mut Mistakes,
) -> Option<VariedFactor> {
    if let Some(mistake) = known.differs(files, false) {
        found.refuse(origin, mistake);
        return None;
    }
    let mut factor = design_factor(known);
    factor.levels.clone_from(&known.factor.levels);
    settled(factor, origin.clone(), files, found)
}

fn design_factor(known: &KnownFactor) -> DesignFactor {
    let factor = &known.factor;
    let (name, keys, also) = (factor.name.clone(), factor.keys.clone(), factor.also.clone());
    DesignFactor { name, keys, levels: Vec::new(), also }
}

/// Returns what `[NAME:]KEY` refers to. The name of a factor has precedence over a key.
pub(super) fn named<'k>(left: &Origin, known: &'k [KnownFactor], found: &mut Mistakes) -> Option<NamedFactor<'k>> {
    let text = &left.text[left.place.clone()];
    let find = |name: &str| known.iter().find(|known| known.factor.name == name);
    if let Some(known) = find(text) {
        return Some(NamedFactor { known: Some(known), factor: design_factor(known), origin: left.clone() });
    }
    let (name, key) = match outside(text, ':').first() {
        None => (None, left.clone()),
        Some(&colon) => {
            let part = |part| left.part(levels::shifted(&trimmed(text, part), left.place.start));
            (Some(part(0..colon)), part(colon + 1..text.len()))
        }
    };
    let key_text = &key.text[key.place.clone()];
    let label = name.as_ref().unwrap_or(&key);
    let name_text = label.text[label.place.clone()].to_owned();
    if key_text.is_empty() || name_text.is_empty() {
        let help = "write KEY=LEVELS, NAME:KEY=LEVELS, or the name of a factor";
        found.refuse(left, Mistake::new("", "no key found, expected a dotted path").help(help));
        return None;
    }
    let problem = problem_of_name(&name_text).or_else(|| {
        let is_taken = name.is_some() && find(&name_text).is_some();
        is_taken.then(|| format!("the scenario has a factor {name_text:?} with other keys"))
    });
    if let Some(problem) = problem {
        let help = format!("give it another name: --vary NAME:{key_text}=LEVELS");
        found.refuse(label, Mistake::new("", problem).help(help));
        return None;
    }
    let known = find(key_text);
    let mut factor = known.map_or_else(
        || DesignFactor { name: String::new(), keys: vec![key_text.to_owned()], levels: Vec::new(), also: Vec::new() },
        design_factor,
    );
    factor.name = name_text;
    Some(NamedFactor { known, factor, origin: key })
}

/// Completes the keys of a factor to whole paths, which must be the same in every file.
pub(super) fn settled(
    mut factor: DesignFactor,
    origin: Origin,
    files: &[Source<'_>],
    found: &mut Mistakes,
) -> Option<VariedFactor> {
    let is_plain_level = is_plain(&factor.levels);
    let also = factor.also.iter_mut().map(|(key, values)| (is_plain(values), key));
    for (is_plain, key) in factor.keys.iter_mut().map(|key| (is_plain_level, key)).chain(also) {
        match whole(key, is_plain, files) {
            Ok(path) => *key = path,
            Err((label, lost)) => {
                let of_file = if files.len() > 1 { format!(" (in {label})") } else { String::new() };
                let mistake = Mistake::new(&lost.key, format!("{}{of_file}", lost.message));
                found.refuse(&at_part(&origin, key, &lost), Mistake { help: lost.help, ..mistake });
                return None;
            }
        }
    }
    Some(VariedFactor::of(factor, origin, files))
}

/// Returns the whole path of a key in all files, or what is wrong with it in one of them.
fn whole<'f>(key: &str, is_plain: bool, files: &[Source<'f>]) -> Result<String, (&'f str, BadPath)> {
    let mut first: Option<Vec<String>> = None;
    for file in files {
        let path = key_of_factor(&file.written, key, is_plain).map_err(|lost| (file.label, lost))?;
        match &first {
            Some(other) if *other != path => {
                let message = format!("it means `{}` here, and `{}` in {}", dotted(&path), dotted(other), files[0].label);
                let help = Some("give more of the path".to_owned());
                return Err((file.label, BadPath { key: key.to_owned(), message, help, part: None }));
            }
            _ => first = Some(path),
        }
    }
    Ok(first.map_or_else(|| key.to_owned(), |path| dotted(&path)))
}

/// Returns the place of the part of a key that is at fault, if the origin shows the key itself.
fn at_part(origin: &Origin, key: &str, lost: &BadPath) -> Origin {
    let is_here = origin.text.get(origin.place.clone()) == Some(key) && !key.contains(['"', '\'']);
    let Some(part) = lost.part.filter(|_| is_here) else { return origin.clone() };
    let mut start = origin.place.start;
    for (index, name) in key.split('.').enumerate() {
        if index == part {
            return origin.part(trimmed(&origin.text, start..start + name.len()));
        }
        start += name.len() + 1;
    }
    origin.clone()
}

/// Refuses factors that set the same key, or where one sets a table of the other, and factors with the same name.
pub(super) fn refuse_meetings(all: &[VariedFactor], found: &mut Mistakes) {
    for (index, varied) in all.iter().enumerate() {
        for other in &all[..index] {
            let name = &varied.factor.name;
            if other.factor.name == *name {
                let help = "keep one of them, or give one another name: NAME:KEY=LEVELS";
                found.refuse(&varied.origin, Mistake::new(name, "another factor has this name").help(help));
                break;
            }
            let pairs = varied.paths.iter().flat_map(|path| other.paths.iter().map(move |other| (path, other)));
            if let Some((path, met)) = pairs.into_iter().find(|(path, met)| meet(path, met)) {
                let (path, met, by) = (dotted(path), dotted(met), &other.factor.name);
                let message = match path == met {
                    true => format!("`{path}` is set by factor {by:?} too"),
                    false => format!("`{path}` and `{met}`, which factor {by:?} sets, contain each other"),
                };
                found.refuse(&varied.origin, Mistake::new(name, message).help("remove one of the two"));
                break;
            }
        }
    }
}
