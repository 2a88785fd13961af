//! People one by one: those present at the start, and those who have signed an offer.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::input::date::StartDate;
use crate::input::diagnostic::name_help;
use crate::input::months::PlanMonths;
use crate::input::number::Probability;
use crate::input::sheet::{Row, SheetColumn, SheetMistake, read_rows};
use crate::input::{Fields, Node, Reader, Table, Tree, Value};

use super::HEADCOUNT_AT_MOST;
use super::ids::{RoleId, role_id};

/// A person who is present at the start or has signed an offer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Member {
    /// Their role.
    pub role: RoleId,
    /// The day on which they join. 0 or less: they are present from the start.
    pub joined_day: f64,
    /// The day at whose beginning they are gone, if they have given notice before the start.
    pub gone_day: Option<f64>,
    /// What they work, as a share of full time.
    pub fte: f64,
}

/// `[strategy.Y] people`: everyone who is given one by one, in the order of the list. It is shared, as it may be long.
#[derive(Clone, Debug, Default)]
pub struct People(pub Arc<[Member]>);

/// Columns of a list of people.
const COLUMNS: [SheetColumn; 4] = [
    SheetColumn { name: "role", required: true },
    SheetColumn { name: "joined", required: true },
    SheetColumn { name: "last_day", required: false },
    SheetColumn { name: "fte", required: false },
];

/// What is wrong with the dates of a person, and the key that gives it.
type BadDate = (&'static str, String, Option<String>);

impl Member {
    /// Whether they are present at the start. Else they have signed an offer.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.joined_day <= 0.0
    }

    /// Returns a person, given their dates.
    fn new((role, fte): (RoleId, f64), joined: Date, last_day: Option<Date>, months: PlanMonths) -> Result<Self, BadDate> {
        let start = months.start;
        let bad = |message: String, help: &str| Err(("last_day", message, Some(help.to_owned())));
        match last_day {
            Some(last) if last < start => {
                bad(format!("{last} lies before `start`, {start}"), "leave out who is gone by then")
            }
            Some(last) if joined > start => {
                bad(format!("{last} is given for somebody who joins after `start`"), "take it out: an offer has no last day")
            }
            _ => Ok(Self {
                role,
                joined_day: months.instant(joined).day,
                gone_day: last_day.map(|last| months.instant(last).day + 1.0),
                fte,
            }),
        }
    }
}

impl Table for Member {
    fn fields(fields: &mut Fields<'_, '_>) -> Self {
        let role = fields.required("role", "their role");
        let joined: StartDate = fields.required(
            "joined",
            "the date on which they joined; after `start`: on which they join, as they have signed an offer",
        );
        let last_day: Option<StartDate> =
            fields.optional("last_day", "their last day, if they have given notice; not before `start`");
        let fte = fields.optional_or("fte", "1", "what they work, as a share of full time").map_or(1.0, Probability::value);
        let months = fields.months();
        let last_day = last_day.filter(|_| fields.has_sound("joined")).map(|last| last.0);
        Self::new((role, fte), joined.0, last_day, months).unwrap_or_else(|(key, message, help)| {
            fields.refuse(key, message, help);
            Self { role, joined_day: 0.0, gone_day: None, fte }
        })
    }
}

impl Value for People {
    fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Self> {
        let people = match &node.tree {
            Tree::Text(rows) if rows.contains('\n') => read_sheet(rows, "the list", node, reader)?,
            Tree::Text(name) => match reader.file(name) {
                Some(rows) => read_sheet(rows, name, node, reader)?,
                None => {
                    let help = "write the rows here between ''' and ''', or read the scenario from its file";
                    let message = format!("names the file {name:?}, which is not there");
                    reader.refuse(&node.place, message, Some(help.to_owned()));
                    return None;
                }
            },
            Tree::List(_) => Vec::<Member>::read(node, reader)?,
            _ => {
                reader.expected(node, "a list of people, or the name of a CSV file of them");
                return None;
            }
        };
        if people.len() > HEADCOUNT_AT_MOST as usize {
            let message = format!("{} people found, expected at most {HEADCOUNT_AT_MOST}", people.len());
            reader.refuse(&node.place, message, None);
            return None;
        }
        Some(Self(people.into()))
    }

    fn stand_in() -> Self {
        Self::default()
    }

    fn schema() -> Json {
        json!({ "oneOf": [{ "type": "array", "items": Member::schema() }, { "type": "string" }] })
    }
}

/// Reads rows of comma-separated values. Messages call them `name`.
fn read_sheet(rows: &str, name: &str, node: &Node, reader: &mut Reader<'_>) -> Option<Vec<Member>> {
    let (months, roles) = (reader.months(), reader.names("role"));
    read_rows(rows, &COLUMNS, |row| member(row, roles, months))
        .map_err(|mistakes| {
            for SheetMistake { line, message, help } in mistakes {
                reader.refuse(&node.place, format!("{name}, line {line}: {message}"), help);
            }
        })
        .ok()
}

fn member(row: &Row<'_>, roles: &[Option<String>], months: PlanMonths) -> Result<Member, SheetMistake> {
    let name = row.text(0);
    let role = roles.iter().position(|known| known.as_deref() == Some(name)).ok_or_else(|| {
        let known: Vec<&str> = roles.iter().flatten().map(String::as_str).collect();
        SheetMistake::new(format!("there is no role named {name:?}"), name_help(name, &known))
    })?;
    let joined = row.date(1)?.ok_or_else(|| SheetMistake::new("`joined` is empty, expected a date", None))?;
    let fte = match row.number(3)? {
        None => 1.0,
        Some(fte) => Probability::new(fte).map_err(|message| SheetMistake::new(format!("fte: {message}"), None))?.value(),
    };
    Member::new((role_id(role), fte), joined, row.date(2)?, months)
        .map_err(|(key, message, help)| SheetMistake::new(format!("{key}: {message}"), help))
}
