//! Names and titles: short texts that people read.

use std::ops::Range;

use serde_json::{Value as Json, json};

use crate::report::escape::is_invisible;

use super::document::Node;
use super::fields::Value;
use super::reader::Reader;

/// The most characters of a name.
const LONGEST: usize = 200;

/// Whether people cannot see, or cannot tell from another, a character: an invisible one, a space other than the usual one.
fn is_unclear(letter: char) -> bool {
    is_invisible(letter) || (letter.is_whitespace() && letter != ' ')
}

/// A text of 1 to 200 visible characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Records what makes a text invalid as a name. Returns whether it is valid.
    pub fn check(text: &str, place: &Range<usize>, reader: &mut Reader<'_>) -> bool {
        let length = text.chars().count();
        let problem = if text.trim().is_empty() {
            "an empty name found, expected some text".to_owned()
        } else if length > LONGEST {
            format!("a name of {length} characters found, expected at most {LONGEST}")
        } else if let Some(letter) = text.chars().find(|letter| is_unclear(*letter)) {
            format!("an invisible character (U+{:04X}) found in a name, expected visible text", u32::from(letter))
        } else {
            return true;
        };
        reader.refuse(place, problem, None);
        false
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0
    }
}

impl Value for Name {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let text = String::read(node, reader)?;
        Self::check(&text, &node.place, reader).then_some(Self(text))
    }

    fn stand_in() -> Self {
        Self(String::new())
    }

    fn schema() -> Json {
        json!({ "type": "string", "minLength": 1, "maxLength": LONGEST })
    }
}
