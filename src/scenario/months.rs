//! `months`: the length of the months of a scenario.

use serde_json::{Value as Json, json};

use crate::input::{Node, Reader, Tree, Value};

/// The word for months of 365/12 days.
const EQUAL: &str = "equal";
/// The word for calendar months, which the format knows but this program does not support.
const CALENDAR: &str = "calendar";

/// Months of 365/12 days.
pub(super) struct EqualMonths;

impl Value for EqualMonths {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        match &node.tree {
            Tree::Text(word) if word == EQUAL => return Some(Self),
            Tree::Text(word) if word == CALENDAR => {
                let message = format!("{CALENDAR:?} is not available yet, expected {EQUAL:?}");
                reader.refuse(&node.place, message, Some(format!("write months = {EQUAL:?}, or leave the key out")));
            }
            _ => reader.expected(node, &format!("{EQUAL:?}: every month has 365/12 days")),
        }
        None
    }

    fn stand_in() -> Self {
        Self
    }

    fn schema() -> Json {
        json!({ "enum": [EQUAL] })
    }
}
