//! The base point, with which others are compared.

use crate::input::diagnostic::name_help;
use crate::input::document::shortened;

use super::bad::{Mistake, Mistakes, Origin};
use super::levels::{identity, outside, split, trimmed};
use super::{Design, FILE};

/// The most levels that one message lists.
const LISTED_AT_MOST: usize = 20;

/// Returns the point with the given levels, e.g. `recruiters=5,transfer=25`. Other levels are those of the scenario, as
/// given by `is_own` for each point and factor.
pub(super) fn named(design: &Design, given: &str, is_own: &[Vec<bool>], found: &mut Mistakes) -> Option<usize> {
    let origin = Origin::of("--base", given);
    let mut wanted: Vec<Option<String>> = vec![None; design.factors.len()];
    let mut is_sound = true;
    for item in split(given, ',') {
        match level(design, &origin.part(item)) {
            Ok((factor, _)) if wanted[factor].is_some() => {
                let message = format!("{:?} has two levels, expected one", design.factors[factor].name);
                found.refuse(&origin, Mistake::new("", message).help("keep one of them"));
                is_sound = false;
            }
            Ok((factor, level)) => wanted[factor] = Some(level),
            Err(mistake) => {
                let (origin, mistake) = *mistake;
                found.refuse(&origin, mistake);
                is_sound = false;
            }
        }
    }
    if !is_sound {
        return None;
    }
    let names = || design.factors.iter().map(|factor| factor.name.as_str());
    let fits = |&point: &usize| {
        let levels = design.points[point].levels.iter();
        levels.zip(&wanted).all(|(level, wanted)| wanted.as_ref().is_none_or(|wanted| is_same(level, wanted)))
    };
    let all: Vec<usize> = (0..design.points.len()).filter(fits).collect();
    let is_usual = |&&point: &&usize| is_own[point].iter().zip(&wanted).all(|(is_own, wanted)| *is_own || wanted.is_some());
    match (all.as_slice(), all.iter().find(is_usual)) {
        (_, Some(&point)) => Some(point),
        (&[point], None) => Some(point),
        ([], None) => {
            let help = "each of these levels exists, but no point has them all";
            found.refuse(&origin, Mistake::new("", "no point has these levels").help(help));
            None
        }
        (several, None) => {
            let open: Vec<&str> =
                names().zip(&wanted).filter(|(_, wanted)| wanted.is_none()).map(|(name, _)| name).collect();
            let mistake = Mistake::new("", format!("{} points have these levels", several.len()));
            found.refuse(&origin, mistake.help(format!("give the level of {} too", open.join(", "))));
            None
        }
    }
}

/// Returns the factor and the level of `NAME=LEVEL`.
fn level(design: &Design, item: &Origin) -> Result<(usize, String), Box<(Origin, Mistake)>> {
    let text = &item.text[item.place.clone()];
    let names: Vec<&str> = design.factors.iter().map(|factor| factor.name.as_str()).collect();
    let part = |part: std::ops::Range<usize>| item.part(super::levels::shifted(&trimmed(text, part), item.place.start));
    let Some(equals) = outside(text, '=').first().copied() else {
        let help = format!("write NAME=LEVEL, with commas between them; the factors are {}", names.join(", "));
        return Err(Box::new((item.clone(), Mistake::new("", "expected NAME=LEVEL").help(help))));
    };
    let (left, right) = (part(0..equals), part(equals + 1..text.len()));
    let (name, level) = (&item.text[left.place.clone()], &item.text[right.place.clone()]);
    let Some(factor) = names.iter().position(|other| *other == name) else {
        let mistake = Mistake::new("", format!("there is no factor {:?} in this study", shortened(name)));
        return Err(Box::new((left, Mistake { help: name_help(name, &names), ..mistake })));
    };
    if design.points.iter().any(|point| is_same(&point.levels[factor], level)) {
        return Ok((factor, level.to_owned()));
    }
    let levels = &design.factors[factor].levels;
    let listed: Vec<&str> = levels.iter().take(LISTED_AT_MOST).map(String::as_str).collect();
    let more = levels.len() - listed.len();
    let rest = if more > 0 { format!(", and {more} more") } else { String::new() };
    let what = if name == FILE { "not a file of this study" } else { "not a level of this factor" };
    let mistake = Mistake::new(name, format!("{:?} is {what}", shortened(level)));
    Err(Box::new((right, mistake.help(format!("there are {}{rest}", listed.join(", "))))))
}

/// Whether a level is the wanted one: equal as typed, or equal in value.
fn is_same(level: &str, wanted: &str) -> bool {
    level == wanted || identity(level) == identity(wanted)
}
