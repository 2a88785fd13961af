//! Ranges of keys: what the manual and the schema state is exactly what the program accepts.

use std::collections::{BTreeMap, BTreeSet};

use handover::input::Diagnostics;
use handover::scenario::{Refusal, Scenario, schema};
use serde_json::Value as Json;
use toml::{Table, Value};

use super::docs::{read, section};
use super::program::{RICH, edited};
use super::reference::{allowed, key_tables};

/// Keys whose bounds also depend on other keys, so they may be refused within their own range.
const BOUND_BY_OTHERS: [&str; 6] = [
    "goal[].at_month",
    "goal[].by_month",
    "goal[].year",
    "factor[].levels.from",
    "factor[].levels.to",
    "factor[].levels.step",
];
/// A value beyond any plausible end: laws have no upper end.
const ENORMOUS: f64 = 1e300;

/// Returns the schemas of which a value must meet one, except those of laws, which have no bounds.
fn choices(schema: &Json) -> Vec<&Json> {
    let either = ["oneOf", "anyOf"].iter().find_map(|choice| schema[*choice].as_array());
    let all = either.map_or_else(|| vec![schema], |all| all.iter().flat_map(choices).collect());
    all.into_iter().filter(|one| !one["properties"]["dist"].is_object()).collect()
}

/// A path to a value: in the schema, and in a scenario.
#[derive(Clone)]
struct Way {
    of_schema: String,
    parts: Vec<String>,
}

impl Way {
    fn below(&self, of_schema: &str, part: &str) -> Self {
        let parts = self.parts.iter().cloned().chain([part.to_owned()]).collect();
        let dot = if self.of_schema.is_empty() || of_schema == "[]" { "" } else { "." };
        Self { of_schema: format!("{}{dot}{of_schema}", self.of_schema), parts }
    }
}

/// Numbers of a scenario that have a range, by path in the schema: the place of the first of each, and its schemas.
type Numbers<'s> = BTreeMap<String, (Vec<String>, Vec<&'s Json>)>;

fn numbers<'s>(value: &Value, schemas: &[&'s Json], way: &Way, found: &mut Numbers<'s>) {
    let numeric = |one: &&&Json| matches!(one["type"].as_str(), Some("integer" | "number"));
    let of_numbers: Vec<&Json> = schemas.iter().filter(numeric).copied().collect();
    if !of_numbers.is_empty() {
        found.entry(way.of_schema.clone()).or_insert_with(|| (way.parts.clone(), of_numbers));
    }
    match value {
        Value::Table(table) if !table.contains_key("dist") => {
            for (key, value) in table {
                let named: Vec<&Json> =
                    schemas.iter().map(|one| &one["properties"][key]).filter(|one| one.is_object()).collect();
                let any = || schemas.iter().map(|one| &one["additionalProperties"]).filter(|one| one.is_object()).collect();
                let (of_schema, below) = if named.is_empty() { ("*", any()) } else { (key.as_str(), named) };
                let below: Vec<&Json> = below.into_iter().flat_map(choices).collect();
                numbers(value, &below, &way.below(of_schema, key), found);
            }
        }
        Value::Array(items) => {
            let below: Vec<&Json> =
                schemas.iter().map(|one| &one["items"]).filter(|one| one.is_object()).flat_map(choices).collect();
            for (index, item) in items.iter().enumerate() {
                numbers(item, &below, &way.below("[]", &index.to_string()), found);
            }
        }
        _ => {}
    }
}

/// The ways through the schema to all numbers.
fn known(schema: &Json, way: &str, found: &mut BTreeSet<String>) {
    for one in choices(schema) {
        if matches!(one["type"].as_str(), Some("integer" | "number")) {
            found.insert(way.to_owned());
        }
        let dot = if way.is_empty() { "" } else { "." };
        for (key, property) in one["properties"].as_object().into_iter().flatten() {
            known(property, &format!("{way}{dot}{key}"), found);
        }
        for (part, step) in [("additionalProperties", ".*"), ("items", "[]")] {
            if one[part].is_object() {
                known(&one[part], &format!("{way}{step}"), found);
            }
        }
    }
}

/// Returns numbers that a schema allows, and numbers one step beyond.
fn bounds(schema: &Json) -> (Vec<Value>, Vec<Value>) {
    if schema["type"] == "integer" {
        let bound = |key: &str| schema[key].as_i64().unwrap_or_else(|| panic!("{schema} has no {key}"));
        let (least, most) = (bound("minimum"), bound("maximum"));
        let beyond = [least.checked_sub(1), most.checked_add(1)];
        return (vec![least.into(), most.into()], beyond.into_iter().flatten().map(Value::from).collect());
    }
    let bound = |key: &str| schema[key].as_f64();
    let (least, below) = match (bound("minimum"), bound("exclusiveMinimum")) {
        (Some(least), None) => (least, least.next_down()),
        (None, Some(above)) => (above.next_up(), above),
        _ => panic!("{schema} has no least number"),
    };
    let (most, above) = bound("maximum").map_or((ENORMOUS, f64::INFINITY), |most| (most, most.next_up()));
    ([least, most].map(Value::from).into(), [below, above].map(Value::from).into())
}

fn place<'t>(table: &'t mut Table, parts: &[String]) -> &'t mut Value {
    let (first, rest) = parts.split_first().expect("a way has a step");
    rest.iter().fold(table.get_mut(first).expect("it is there"), |value, part| match value {
        Value::Table(table) => table.get_mut(part).expect("it is there"),
        Value::Array(items) => &mut items[part.parse::<usize>().expect("a position")],
        _ => panic!("{part} is in no table"),
    })
}

/// Returns the message on a key itself if it has this value.
fn said(scenario: &Table, parts: &[String], value: &Value) -> Vec<String> {
    let mut scenario = scenario.clone();
    *place(&mut scenario, parts) = value.clone();
    if parts.last().is_some_and(|key| key == "latest_month") {
        // It may not come before that.
        let earliest: Vec<String> = parts[..parts.len() - 1].iter().cloned().chain(["earliest_month".to_owned()]).collect();
        *place(&mut scenario, &earliest) = Value::from(0);
    }
    let text = toml::to_string(&scenario).expect("a table can be written");
    let all: Vec<(String, String)> = match Scenario::parse(&text, &[]) {
        Ok(_) => Vec::new(),
        Err(Refusal::Mistakes(mistakes)) => {
            let Diagnostics { all, .. } = *mistakes;
            all.into_iter().map(|mistake| (mistake.key, mistake.message)).collect()
        }
        Err(refused) => panic!("{refused}"),
    };
    let step = |part: &String| if part.parse::<usize>().is_ok() { format!("[{part}]") } else { format!(".{part}") };
    let key: String = parts.iter().map(step).collect();
    // An organisation that takes a table from another may be the one reported for its mistake.
    let plain = |key: &str| {
        let key = key.trim_start_matches('.');
        key.strip_prefix("organisation.").and_then(|rest| rest.split_once('.')).map_or(key, |(_, rest)| rest).to_owned()
    };
    all.into_iter().filter(|(other, _)| plain(other) == plain(&key)).map(|(_, message)| message).collect()
}

#[test]
fn every_bound_is_accepted_and_one_step_beyond_is_refused() {
    let schema = schema();
    let steps = "setup_fee = [{ month = 0, value = 50 }]";
    let scenario: Table = edited(RICH, "setup_fee = 50", steps).parse().expect("it is TOML");
    let mut found = Numbers::new();
    let start = Way { of_schema: String::new(), parts: Vec::new() };
    numbers(&Value::Table(scenario.clone()), &choices(&schema), &start, &mut found);
    let mut all = BTreeSet::new();
    known(&schema, "", &mut all);
    let forgotten: Vec<&String> = all.iter().filter(|way| !found.contains_key(*way)).collect();
    assert!(forgotten.is_empty() && all.len() > 90, "{forgotten:?} of {}", all.len());
    let mut wrong = Vec::new();
    for (way, (parts, schemas)) in found.iter().filter(|(way, _)| !BOUND_BY_OTHERS.contains(&way.as_str())) {
        for schema in schemas {
            let (inside, beyond) = bounds(schema);
            for value in &inside {
                let said = said(&scenario, parts, value);
                wrong.extend((!said.is_empty()).then(|| format!("{way} = {value} is refused: {said:?}")));
            }
            for value in &beyond {
                let said = said(&scenario, parts, value);
                wrong.extend(
                    (!said.iter().any(|said| said.contains("expected"))).then(|| format!("{way} = {value} is accepted")),
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the ranges that a text states, each in the same words: `0 to 1`, `1 or more`, `more than 0, up to 10`, `more
/// than 0`.
fn stated(text: &str) -> BTreeSet<String> {
    let outside_links: String = text
        .split("](")
        .enumerate()
        .map(|(i, part)| if i == 0 { part } else { part.split_once(')').map_or("", |(_, rest)| rest) })
        .collect();
    let words: Vec<&str> =
        outside_links.split_whitespace().map(|word| word.trim_matches([',', ';', '`', '(', ')', '{', '}', '['])).collect();
    let is_number = |at: usize| words.get(at).is_some_and(|word| word.replace(',', "").parse::<f64>().is_ok());
    let are = |at: usize, expected: &[&str]| words.get(at..at + expected.len()) == Some(expected);
    let mut found = BTreeSet::new();
    for at in (0..words.len()).filter(|&at| is_number(at)) {
        let after_more = at >= 2 && are(at - 2, &["more", "than"]);
        if after_more && are(at + 1, &["up", "to"]) && is_number(at + 3) {
            found.insert(format!("more than {}, up to {}", words[at], words[at + 3]));
        } else if after_more {
            found.insert(format!("more than {}", words[at]));
        } else if are(at + 1, &["to"]) && is_number(at + 2) {
            found.insert(format!("{} to {}", words[at], words[at + 2]));
        } else if are(at + 1, &["or", "more"]) {
            found.insert(format!("{} or more", words[at]));
        }
    }
    found
}

#[test]
fn ranges_are_found_in_the_words_of_the_manual() {
    let all = |text: &str| stated(text).into_iter().collect::<Vec<_>>();
    assert_eq!(all("0 to 1,000,000, or steps"), ["0 to 1,000,000"]);
    assert_eq!(all("more than 0, up to 1"), ["more than 0, up to 1"]);
    assert_eq!(all("days, more than 0, or a [law](x.md#0-to-9)"), ["more than 0"]);
    assert_eq!(all("a whole number, -1,000 to 1,000; amounts: 0 or more"), ["-1,000 to 1,000", "0 or more"]);
}

/// Returns the rows of the tables of a section that begin with a key: the key and what the manual allows.
fn rows(section: &str) -> impl Iterator<Item = (String, String)> {
    section.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.split(" | ").collect();
        let key = cells.first()?.strip_prefix('`').and_then(|key| key.strip_suffix('`')).or(cells.first().copied())?;
        (cells.len() == 4 && key != "key" && key != "---").then(|| (key.to_owned(), cells[2].to_owned()))
    })
}

#[test]
fn ranges_of_the_manual_are_those_of_the_program() {
    let (manual, schema) = (read("docs/scenario.md"), schema());
    let mut tables = Vec::new();
    key_tables("", 0, &schema, &mut tables);
    let name = |heading: &str| heading.trim_matches(['[', ']']).to_owned();
    let headings = manual.lines().filter_map(|line| line.strip_prefix("## "));
    let mut wrong = Vec::new();
    let mut count = 0;
    for heading in headings.filter(|heading| heading.starts_with('`') || *heading == "Top of the file") {
        let path = name(if heading.starts_with('`') { heading.trim_matches('`') } else { "" });
        for (key, says) in rows(section(&manual, &format!("## {heading}"))) {
            let is_of = |table: &&(String, &Json)| name(&table.0) == path;
            let is_below = |table: &&(String, &Json)| name(&table.0).starts_with(&format!("{path}."));
            let own = tables.iter().filter(is_of).chain(tables.iter().filter(is_below));
            let property = own.map(|(_, schema)| &schema["properties"][&key]).find(|property| property.is_object());
            let property = match property {
                None if key == "the name of a role" => &schema["properties"]["demand"]["additionalProperties"],
                found => found.unwrap_or_else(|| panic!("{heading}: there is no {key}")),
            };
            let (says, program) = (stated(&says), stated(&allowed(property)));
            count += says.len();
            // It goes without saying that amounts, days and months are not negative.
            let unsaid = program.iter().filter(|range| *range != "0 or more").any(|range| !says.contains(range));
            let is_bound_by_others = BOUND_BY_OTHERS.iter().any(|other| other.ends_with(&format!(".{key}")));
            if (unsaid || !says.is_subset(&program)) && !is_bound_by_others {
                wrong.push(format!("{heading} {key}: the manual says {says:?}, the program {program:?}"));
            }
        }
    }
    assert!(wrong.is_empty() && count > 80, "{count} ranges\n{}", wrong.join("\n"));
}
