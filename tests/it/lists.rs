//! Every list is complete: scenarios run, responses and laws are explained, keys are in the schema and in the manual.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use handover::experiment::{Document, Results};
use handover::random::LAWS;
use handover::response::{MEASURES, OUTCOMES, PHASES, specs};
use handover::scenario::{Refusal, Scenario, schema};
use serde_json::{Map, Value as Json};

use super::program::{Folder, PLAIN, RESULTS, RICH, is_tried, walk};

/// Returns the scenarios of the project, by path.
fn scenarios() -> Vec<PathBuf> {
    let mut files = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios"), &mut files);
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

/// Returns all words of the manual; none while there is no manual.
fn manual() -> Option<BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let mut files = Vec::new();
    if folder.is_dir() {
        walk(&folder, &mut files);
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    if files.is_empty() {
        println!("skipped: docs/ has no pages");
        return None;
    }
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let text: String = files.iter().map(read).collect();
    Some(text.split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned).collect())
}

#[test]
fn every_scenario_is_checked_run_and_traced() {
    let scenarios = scenarios();
    assert!(!scenarios.is_empty());
    for path in scenarios {
        let folder = Folder::new();
        let file = path.display().to_string();
        let checked = folder.succeed(&["check", &file]);
        assert!(checked.out.contains("\n\nno mistakes found\n"), "{}", checked.out);
        let told = folder.run(&["run", &file, "-n", "3", "-o", "out", "--charts", "headcount", "--chart-format", "svg"]);
        // With three replications a gate may be missed.
        assert!(matches!(told.status, Some(0 | 4)), "{file}: {}", told.err);
        for name in RESULTS {
            assert!(folder.path("out").join(name).is_file(), "{file}: {name}");
        }
        folder.succeed(&["trace", &file, "-o", "trace"]);
        let scenario = Scenario::parse(&fs::read_to_string(&path).expect("it can be read"), &[]).expect("it is good");
        assert_eq!(Some(scenario.title.as_str()), scenario.text().lines().find_map(title), "{file}");
    }
}

fn title(line: &str) -> Option<&str> {
    line.strip_prefix("title = \"")?.split('"').next()
}

#[test]
fn every_response_measure_law_and_chart_is_explained() {
    let mut names = BTreeSet::new();
    let responses =
        specs().map(|spec| (spec.name, spec.help)).chain(OUTCOMES.map(|outcome| (outcome, "a separate outcome")));
    for (name, help) in responses {
        assert!(names.insert(name), "{name} twice");
        assert!(help.len() > 10, "{name}: {help}");
    }
    for (name, help) in MEASURES.map(|measure| (measure.name, measure.help)) {
        assert!(help.len() > 8, "{name}: {help}");
    }
    for law in LAWS {
        assert!(law.words.len() > 10 && !law.parameters.is_empty(), "{}", law.name);
    }
    let is_plain = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    for name in Results::CHARTS.iter().map(|drawing| drawing.name).chain(MEASURES.map(|measure| measure.name)).chain(names) {
        assert!(is_plain(name), "{name}");
    }
    let unique: BTreeSet<&str> = Results::CHARTS.iter().map(|drawing| drawing.name).collect();
    assert_eq!(unique.len(), Results::CHARTS.len());
    for drawing in Results::CHARTS {
        assert!(drawing.caption.len() > 30 && drawing.caption.ends_with('.'), "{}: {}", drawing.name, drawing.caption);
    }
}

#[test]
fn every_response_measure_law_and_chart_is_in_the_manual() {
    let Some(words) = manual() else { return };
    let responses = specs().map(|spec| spec.name).chain(OUTCOMES).chain(MEASURES.map(|measure| measure.name));
    let laws = LAWS.iter().flat_map(|law| [&[law.name], law.parameters.concat().as_slice(), law.optional].concat());
    let phases = PHASES.iter().flat_map(|phase| phase.split(' '));
    let names = responses.chain(laws).chain(Results::CHARTS.iter().map(|drawing| drawing.name)).chain(phases);
    let missing: Vec<&str> = names.filter(|name| !words.contains(*name)).collect();
    assert!(missing.is_empty(), "docs/ says nothing of {missing:?}");
}

#[test]
fn every_key_is_in_the_manual() {
    let Some(words) = manual() else { return };
    let keys: BTreeSet<String> = tables().into_iter().flat_map(|(_, keys)| keys).collect();
    assert!(keys.len() > 40, "{keys:?}");
    let missing: Vec<&String> = keys.iter().filter(|key| !words.contains(*key)).collect();
    assert!(missing.is_empty(), "docs/ says nothing of {missing:?}");
}

/// Returns the name that a table with free names has in [`RICH`].
fn example(table: &str) -> &'static str {
    match table {
        "demand" => "engineer",
        "organisation" | "contract" => "vendor",
        "strategy" => "bot",
        "staff" | "staff_per_year" => "recruiters",
        _ => "lead",
    }
}

/// Returns the tables of the schema: their places in [`RICH`], and their keys.
fn tables() -> Vec<(String, BTreeSet<String>)> {
    let mut found = Vec::new();
    find_tables(&schema(), String::new(), &mut found);
    found
}

fn find_tables(schema: &Json, path: String, found: &mut Vec<(String, BTreeSet<String>)>) {
    let below = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}.{part}") };
    if let Some(properties) = schema["properties"].as_object().filter(|properties| !properties.contains_key("dist")) {
        // Other keys of a table with free names are names.
        if schema["additionalProperties"] == false {
            found.push((path.clone(), properties.keys().cloned().collect()));
        }
        properties.iter().for_each(|(key, schema)| find_tables(schema, below(key), found));
    }
    if schema["additionalProperties"].is_object() {
        let name = example(path.rsplit('.').next().unwrap_or_default());
        find_tables(&schema["additionalProperties"], below(name), found);
    }
    if schema["items"].is_object() {
        find_tables(&schema["items"], below("0"), found);
    }
    for alternative in ["oneOf", "anyOf"].iter().flat_map(|key| schema[key].as_array().into_iter().flatten()) {
        find_tables(alternative, path.clone(), found);
    }
}

/// Returns an override that puts a nonexistent key into a table, by a path with 0 for the first item of a list.
fn stranger(table: &str) -> String {
    let parts: Vec<&str> = table.split('.').collect();
    match parts.iter().position(|part| *part == "0") {
        None if table.is_empty() => "zzzzzzzz=1".to_owned(),
        None => format!("{table}.zzzzzzzz=1"),
        // What RICH gives in another form is replaced.
        Some(list) => {
            let put = |inner: String, part: &&str| match *part {
                "0" => format!("[{inner}]"),
                key => format!("{{ {key} = {inner} }}"),
            };
            let value = parts[list..].iter().rev().fold("{ zzzzzzzz = 1 }".to_owned(), put);
            format!("{}={value}", parts[..list].join("."))
        }
    }
}

/// Returns the keys that the reader reports as allowed in a table.
fn allowed(table: &str) -> BTreeSet<String> {
    let set = stranger(table);
    let refused = Scenario::parse(RICH, std::slice::from_ref(&set)).expect_err("there is no such key");
    let Refusal::Mistakes(mistakes) = refused else { panic!("{set}: {refused}") };
    let unknown = mistakes.all.iter().find(|mistake| mistake.message == "unknown key");
    let help = unknown.and_then(|mistake| mistake.help.as_deref()).unwrap_or_else(|| panic!("{set}: {mistakes:?}"));
    let list = help.split_once("allowed here: ").unwrap_or_else(|| panic!("{set}: {help}")).1;
    list.split(", ").map(|name| name.trim_matches('`').to_owned()).collect()
}

#[test]
fn the_schema_has_the_keys_that_the_reader_allows_in_every_table() {
    let tables = tables();
    assert!(tables.len() >= 39, "{} tables", tables.len());
    for (table, keys) in tables {
        assert_eq!(keys, allowed(&table), "{table}");
    }
}

/// Adds the keys of a value at all depths, by path: 0 for every item of a list, and [`example`] for every name.
fn keys_of(value: &Json, schema: &Json, path: &str, found: &mut BTreeSet<String>) {
    let below = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}.{part}") };
    for (key, value) in value.as_object().into_iter().flatten() {
        if schema["properties"][key].is_object() {
            found.insert(below(key));
            keys_of(value, &schema["properties"][key], &below(key), found);
        } else {
            let name = example(path.rsplit('.').next().unwrap_or_default());
            keys_of(value, &schema["additionalProperties"], &below(name), found);
        }
    }
    for item in value.as_array().into_iter().flatten() {
        keys_of(item, &schema["items"], &below("0"), found);
    }
    for alternative in ["oneOf", "anyOf"].iter().flat_map(|key| schema[key].as_array().into_iter().flatten()) {
        if violations_of(alternative, value).is_empty() {
            keys_of(value, alternative, path, found);
        }
    }
}

#[test]
fn the_scenario_of_these_tests_has_every_key_there_is() {
    let rich: toml::Table = RICH.parse().expect("it is TOML");
    let mut given = BTreeSet::new();
    keys_of(&as_json(&toml::Value::Table(rich)), &schema(), "", &mut given);
    // Steps need not be used everywhere, but somewhere.
    let is_step = |key: &str| key.ends_with(".0.month") || key.ends_with(".0.value") || key.contains(".0.value.");
    assert!(given.iter().filter(|key| is_step(key)).count() >= 20, "{given:#?}");
    let all = tables().into_iter().flat_map(|(table, keys)| {
        keys.into_iter().map(move |key| if table.is_empty() { key } else { format!("{table}.{key}") })
    });
    let missing: Vec<String> = all.filter(|key| !given.contains(key) && !is_step(key)).collect();
    assert!(missing.is_empty(), "RICH has no {missing:#?}");
}

/// Values of each kind, most of them wrong in most places.
const VALUES: [&str; 14] = [
    "-1",
    "0",
    "1",
    "1e7",
    "1e13",
    "true",
    "'x'",
    "{}",
    "[]",
    "[{}]",
    "[{ month = 0, value = 1 }]",
    "[{ month = 0, value = -1 }]",
    "[{ month = 'x', value = 1 }]",
    "{ dist = 'uniform', min = 1, max = 2 }",
];

/// Parts of messages on a value that is wrong by itself, whatever the rest of the scenario.
const OF_ITS_OWN: [&str; 9] = [
    " found, expected a",
    " found, expected t",
    " found, expected s",
    " is not a",
    " is out of range",
    "unknown key",
    "missing, but required",
    "an empty list found",
    "no `dist` found",
];

#[test]
fn reader_and_schema_agree_on_every_value_in_every_place() {
    let rich: toml::Table = RICH.parse().expect("it is TOML");
    let mut keys = Vec::new();
    super::bad_input::leaves(&toml::Value::Table(rich.clone()), String::new(), &mut keys);
    let schema = schema();
    let (mut agreed, mut only_reader, mut only_schema) = (0, Vec::new(), Vec::new());
    // A schema cannot express how the parameters of a law fit together.
    keys.retain(|key| !is_parameter(&rich, key));
    let mut case = 0;
    for key in &keys {
        for value in VALUES {
            case += 1;
            if !is_tried(case) {
                continue;
            }
            let set = format!("{key}={value}");
            let parsed: toml::Table = format!("v = {value}").parse().expect("it is TOML");
            let mut edited = toml::Value::Table(rich.clone());
            put(&mut edited, key, parsed["v"].clone());
            let by_schema = violations_of(&schema, &as_json(&edited));
            let by_reader = match Scenario::parse(RICH, std::slice::from_ref(&set)) {
                Ok(_) => Vec::new(),
                Err(Refusal::Mistakes(mistakes)) => mistakes.all.iter().map(handover::input::Diagnostic::title).collect(),
                // An item that is a table is not replaced as a whole.
                Err(Refusal::Override(_)) => continue,
            };
            let is_of_its_own = |title: &String| {
                OF_ITS_OWN.iter().any(|words| title.contains(words)) && !title.contains(" is not a key of the")
            };
            match (by_reader.iter().any(is_of_its_own), by_schema.is_empty()) {
                // Nor what a date must be.
                (true, true) if key != "start" => only_reader.push(format!("{set}: {by_reader:?}")),
                (_, false) if by_reader.is_empty() => only_schema.push(format!("{set}: {by_schema:?}")),
                _ => agreed += 1,
            }
        }
    }
    assert!(3 * agreed > 2500, "{agreed}");
    assert!(only_schema.is_empty(), "the schema alone refuses\n{}", only_schema.join("\n"));
    assert!(only_reader.is_empty(), "the reader alone refuses\n{}", only_reader.join("\n"));
}

/// Returns whether a path is that of a parameter of a law.
fn is_parameter(root: &toml::Table, path: &str) -> bool {
    let table = path.rsplit_once('.').map_or("", |(table, _)| table);
    let step = |value: Option<toml::Value>, part: &str| match value? {
        toml::Value::Array(list) => list.get(part.parse::<usize>().ok()?).cloned(),
        value => value.get(part).cloned(),
    };
    let found = table.split('.').fold(Some(toml::Value::Table(root.clone())), step);
    found.is_some_and(|table| table.get("dist").is_some())
}

/// Replaces a value by another, by path.
fn put(root: &mut toml::Value, path: &str, value: toml::Value) {
    let place = path.split('.').fold(root, |place, part| match place {
        toml::Value::Array(list) => &mut list[part.parse::<usize>().expect("a position")],
        table => table.get_mut(part).expect("the key is there"),
    });
    *place = value;
}

#[test]
fn every_law_of_the_schema_is_read_in_each_of_its_forms() {
    let laws = schema()["properties"]["organisation"]["additionalProperties"]["properties"]["setup_days"]["anyOf"].clone();
    let laws: Vec<&Json> = laws.as_array().expect("alternatives").iter().filter(|law| law["type"] == "object").collect();
    let mut names = BTreeSet::new();
    for law in laws {
        let properties = law["properties"].as_object().expect("properties");
        let name = properties["dist"]["const"].as_str().expect("a name");
        names.insert(name.to_owned());
        let required: Vec<&str> = law["required"].as_array().expect("a list").iter().filter_map(Json::as_str).collect();
        let optional = properties.keys().map(String::as_str).filter(|key| !required.contains(key));
        for keys in [required.clone(), required.iter().copied().chain(optional).collect()] {
            let value = |key: &&str| match *key {
                "dist" => format!("dist = \"{name}\""),
                "min" => "min = 1".to_owned(),
                "values" | "weights" => format!("{key} = [1, 2.5]"),
                key => format!("{key} = 2"),
            };
            let set =
                format!("organisation.vendor.setup_days={{ {} }}", keys.iter().map(value).collect::<Vec<_>>().join(", "));
            assert!(Scenario::parse(RICH, std::slice::from_ref(&set)).is_ok(), "{set}");
        }
    }
    assert_eq!(names, LAWS.iter().map(|law| law.name.to_owned()).collect());
}

/// Returns a TOML value as JSON; dates are texts there.
fn as_json(value: &toml::Value) -> Json {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(number) => (*number).into(),
        toml::Value::Float(number) => (*number).into(),
        toml::Value::Boolean(flag) => (*flag).into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(list) => list.iter().map(as_json).collect(),
        toml::Value::Table(table) => Json::Object(table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect()),
    }
}

fn is_date(value: &Json) -> bool {
    value.as_str().is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok())
}

/// Adds the ways in which a value violates a schema, as far as the words of our schema go.
fn violations(schema: &Json, value: &Json, path: &str, found: &mut Vec<String>) {
    for key in schema.as_object().into_iter().flat_map(Map::keys) {
        assert!(WORDS.contains(&key.as_str()), "this test does not know {key:?}");
    }
    let mut refuse = |what: &str| found.push(format!("{path}: {value} {what}"));
    let is_of_type = match schema["type"].as_str() {
        None => true,
        Some("object") => value.is_object(),
        Some("array") => value.is_array(),
        Some("string") => value.is_string() && (schema["format"] != "date" || is_date(value)),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Some("number") => value.is_number(),
        Some(other) => panic!("this test does not know the type {other}"),
    };
    if !is_of_type {
        return refuse("is of another type");
    }
    let number = value.as_f64().unwrap_or(0.0);
    let length = value.as_str().map_or_else(|| value.as_array().map_or(0, Vec::len), |text| text.chars().count()) as f64;
    let bounds = [
        ("minimum", number, 1.0),
        ("maximum", number, -1.0),
        ("minLength", length, 1.0),
        ("maxLength", length, -1.0),
        ("minItems", length, 1.0),
        ("maxItems", length, -1.0),
    ];
    if schema["exclusiveMinimum"].as_f64().is_some_and(|bound| number <= bound) {
        refuse("is not above exclusiveMinimum");
    }
    for (word, size, sign) in bounds {
        if schema[word].as_f64().is_some_and(|bound| sign * size < sign * bound) {
            refuse(&format!("is beyond its {word}"));
        }
    }
    if schema["enum"].as_array().is_some_and(|allowed| !allowed.contains(value))
        || (schema["const"] != Json::Null && schema["const"] != *value)
    {
        refuse("is not allowed");
    }
    let fits = |schema: &&Json| {
        let mut found = Vec::new();
        violations(schema, value, path, &mut found);
        found.is_empty()
    };
    if schema["oneOf"].as_array().is_some_and(|all| all.iter().filter(fits).count() != 1) {
        refuse("is not exactly one of the alternatives");
    }
    if schema["anyOf"].as_array().is_some_and(|all| !all.iter().any(|schema| fits(&schema))) {
        refuse("is none of the alternatives");
    }
    for required in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        if value.get(required).is_none() {
            refuse(&format!("lacks {required}"));
        }
    }
    for (key, value) in value.as_object().into_iter().flatten() {
        let path = format!("{path}.{key}");
        match (&schema["properties"][key], &schema["additionalProperties"]) {
            (Json::Null, Json::Bool(false)) => found.push(format!("{path}: unknown")),
            (Json::Null, Json::Null) => {}
            (Json::Null, others) => violations(others, value, &path, found),
            (property, _) => violations(property, value, &path, found),
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate().filter(|_| schema["items"].is_object()) {
        violations(&schema["items"], item, &format!("{path}[{index}]"), found);
    }
}

/// The words of JSON Schema that [`violations`] understands, and those without constraints.
const WORDS: [&str; 24] = [
    "formatMaximum",
    "formatMinimum",
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "oneOf",
    "anyOf",
    "enum",
    "const",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "exclusiveMinimum",
    "minProperties",
    "format",
    "description",
    "title",
    "$schema",
    "default",
];

/// Returns all violations of a schema by a value.
fn violations_of(schema: &Json, value: &Json) -> Vec<String> {
    let mut found = Vec::new();
    violations(schema, value, "", &mut found);
    found
}

/// Returns all violations of the schema by a scenario.
pub(crate) fn against_schema(text: &str) -> Vec<String> {
    let value: toml::Table = text.parse().expect("it is TOML");
    violations_of(&schema(), &as_json(&toml::Value::Table(value)))
}

#[test]
fn every_scenario_fits_the_schema() {
    let texts = scenarios().into_iter().map(|path| fs::read_to_string(path).expect("it can be read"));
    for text in texts.chain([PLAIN.to_owned(), RICH.to_owned()]) {
        let found = against_schema(&text);
        assert!(found.is_empty(), "{text}\n{found:#?}");
    }
}

#[test]
fn what_the_reader_refuses_of_a_single_value_the_schema_refuses_too() {
    let edits = [
        ("title = \"Five people\"", "title = 5"),
        ("title = \"Five people\"", "title = \"\""),
        ("seed = 1", "sead = 1"),
        ("seed = 1", "seed = -1"),
        ("seed = 1", "knowledge_days = -3"),
        ("seed = 1", "goal = [{ name = \"x\" }]"),
        ("seed = 1", "goal = [{ name = \"x\", measure = \"cost\", at_least = 1, by_month = 1 }]"),
        ("seed = 1", "market = 0.1"),
        ("engineer = 5", "engineer = 5\nshock = { per_year = -1 }"),
        ("recruiters = 2", "recruiters = [{ month = 0, value = -2 }]"),
        ("like = \"builder\"", "cost = { overhead = \"20 %\" }"),
        ("employer = \"builder\"", "employer = \"builder\"\ncontract = { builder = { cost_plus = -1 } }"),
        ("horizon_months = 24", "horizon_months = 24.5"),
        ("horizon_months = 24", ""),
        ("pass = 0.75", "pass = 1.2"),
        ("pass = 0.75", "pass = 0"),
        ("takes_days = 30", "takes_days = -30"),
        ("takes_days = 30", "takes_days = { dist = \"uniform\", min = 3 }"),
        ("takes_days = 30", "takes_days = { dist = \"unifrom\", min = 3, max = 4 }"),
        ("engineer = 5", "engineer = -5"),
        ("engineer = 5", "engineer = []"),
        ("recruiters = 2", "recruiters = \"two\""),
        ("acceptance = 0.9", "hiring_after = \"sendr\""),
        ("acceptance = 0.9", "waves = []"),
        ("acceptance = 0.9", "acceptance = 90"),
    ];
    let accepted: Vec<&str> = edits
        .iter()
        .filter(|(from, to)| against_schema(&super::program::edited(PLAIN, from, to)).is_empty())
        .map(|(_, to)| *to)
        .collect();
    assert!(accepted.is_empty(), "an editor would not mark {accepted:?}");
}

#[test]
fn the_schema_that_is_printed_is_that_of_the_library() {
    let told = Folder::new().succeed(&["schema"]);
    let printed: Json = serde_json::from_str(&told.out).expect("it is JSON");
    assert_eq!(printed, schema());
    assert_eq!(printed["$schema"], "https://json-schema.org/draft/2020-12/schema");
}
