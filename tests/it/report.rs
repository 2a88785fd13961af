//! The report page as people meet it: in a browser, on a phone, on paper, without scripts, and with hostile names.

use std::collections::BTreeMap;

use handover::report::number::{readable, short_percent};
use serde_json::{Value as Json, json};

use super::browser::{Browser, Look};
use super::program::{Folder, PLAIN, RICH, edited};

/// Names that would run a script or break out of an element, an attribute or a string if they were not escaped.
const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\" onload='alert(3)' & ]]> ${alert(4)}";

/// Returns the folder of a finished run.
fn finished(scenario: &str, more: &[&str]) -> Folder {
    let folder = Folder::with(scenario);
    let arguments = ["run", "scenario.toml", "-o", "out", "-q", "--chart-format", "svg", "--charts", "all"];
    folder.succeed(&[&arguments, more].concat());
    folder
}

fn rows(folder: &Folder, name: &str) -> Vec<BTreeMap<String, String>> {
    let bytes = folder.bytes(&format!("out/{name}"));
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    reader.deserialize().collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn open(browser: &mut Browser, folder: &Folder, look: Look) {
    browser.open(&folder.path("out/report.html"), look);
}

fn assert_quiet(browser: &Browser) {
    assert_eq!(browser.complaints(), Vec::<String>::new());
}

/// Whether something is drawn: browsers report a hidden part of an SVG as visible.
const SEEN: &str = "const seen = (part) => { for (let at = part; at; at = at.parentElement) if (getComputedStyle(at).display === 'none') return false; return true; };";

fn assert_true(browser: &mut Browser, expression: &str) {
    assert_eq!(browser.evaluate(&format!("(() => {{ {SEEN} return {expression}; }})()")), json!(true), "{expression}");
}

/// Returns the pixels of the canvas of a figure in the colour of a strategy, by the sample of its switch.
fn pixels(browser: &mut Browser, figure: &str, slot: usize) -> u64 {
    let script = format!(
        "(() => {{
            const path = document.querySelector('[data-sample=\"{slot}\"] path');
            const [red, green, blue] = getComputedStyle(path).stroke.match(/\\d+/g).map(Number);
            const canvas = document.querySelector('#{figure} canvas');
            const {{ data }} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let count = 0;
            for (let at = 0; at < data.length; at += 4)
                if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255) count++;
            return count;
        }})()"
    );
    browser.evaluate(&script).as_u64().expect("a number of pixels")
}

/// Returns the ids of the figures that the page draws itself.
fn drawn(browser: &mut Browser) -> Vec<String> {
    let ids = browser.evaluate("[...document.querySelectorAll('figure.drawn')].map((figure) => figure.id)");
    ids.as_array().expect("a list").iter().map(|id| id.as_str().expect("an id").to_owned()).collect()
}

#[test]
fn the_page_fetches_nothing_and_complains_of_nothing_whatever_the_names() {
    let Some(mut browser) = Browser::start("the_page_fetches_nothing") else { return };
    let quoted = format!("\"{}\"", HOSTILE.replace('"', "\\\""));
    let mut scenario = edited(RICH, "title = \"Every key and every law\"", &format!("title = {quoted}"));
    scenario = edited(&scenario, "name = \"eight people by month 15\"", &format!("name = {quoted}"));
    scenario = scenario.replace("\"lead\"", &quoted).replace("lead = ", &format!("{quoted} = "));
    scenario = scenario.replace("role.lead]", &format!("role.{quoted}]"));
    scenario +=
        &format!("\n[organisation.{quoted}]\nlike = \"client\"\n[strategy.{quoted}]\nemployer = {quoted} # {HOSTILE}\n");
    let folder = finished(&scenario, &["-n", "4"]);
    for look in [Look::default(), Look { is_dark: true, width: 390, ..Look::default() }] {
        open(&mut browser, &folder, look);
        assert_quiet(&browser);
    }
    let name = serde_json::from_str::<Json>(&quoted).expect("TOML and JSON escape it alike");
    let name = name.as_str().expect("text");
    let shown =
        browser.evaluate("document.querySelector('h1').textContent + document.getElementById('controls').textContent");
    let shown = shown.as_str().expect("text");
    assert_eq!(shown.matches(&name).count(), 2, "as the title and as a strategy: {shown}");
    assert_true(&mut browser, "document.querySelectorAll('script').length === 2 && document.images.length === 0");
    let names =
        browser.evaluate("[...document.querySelectorAll('.readout th, option')].map((cell) => cell.textContent).join()");
    assert!(names.as_str().expect("text").contains("</script><script>alert(1)"), "{names}");
}

#[test]
fn no_name_runs_a_script_in_a_picture_that_is_opened_by_itself() {
    let Some(mut browser) = Browser::start("no_name_runs_a_script") else { return };
    let long = "w".repeat(200);
    let names = [
        "<script>alert(1)</script>",
        "]]></style></svg><script>alert(1)</script>",
        "javascript:alert(1)",
        "\" onload=\"alert(1)\" x=\"",
        "&lt;script&gt;alert(1)&#x3c;/script&#x3e;&",
        "txt.evil <img src=x onerror=alert(1)>",
        &long,
    ];
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\\\""));
    let mut scenario = edited(PLAIN, "title = \"Five people\"", &format!("title = {}", quoted(names[0])));
    scenario =
        scenario.replace("\"engineer\"", &quoted(names[3])).replace("engineer = ", &format!("{} = ", quoted(names[3])));
    for name in names {
        let name = quoted(name);
        scenario += &format!(
            "\n[strategy.{name}]\nemployer = \"builder\"\n[[strategy.{name}.transfer]]\nto = \"owner\"\nmonth = 6\n"
        );
        scenario += &format!("[[goal]]\nname = {name}\nmeasure = \"headcount\"\nat_least = 5\nby_month = 12\n");
    }
    let folder = finished(&scenario, &["-n", "4", "--chart-format", "svg"]);
    folder.succeed(&["trace", "scenario.toml", "--strategy", names[0], "-o", "trace"]);
    let charts = folder.files("out/charts").into_iter().map(|name| format!("out/charts/{name}"));
    let charts: Vec<String> = charts.chain(["trace/seats.svg".to_owned()]).collect();
    assert!(charts.len() >= 9, "{charts:?}");
    for chart in charts {
        browser.open(&folder.path(&chart), Look::default());
        assert_quiet(&browser);
        assert_true(&mut browser, "document.documentElement.tagName === 'svg'");
        assert_true(&mut browser, "document.querySelectorAll('script, image, a, foreignObject, use, iframe').length === 0");
        let handlers = "[...document.querySelectorAll('*')].every((one) => [...one.attributes].every((its) => \
                        !its.name.startsWith('on') && !/javascript:/.test(its.name.endsWith('href') ? its.value : '')))";
        assert_true(&mut browser, handlers);
    }
}

#[test]
fn key_figures_are_those_of_the_summary() {
    let Some(mut browser) = Browser::start("key_figures_are_those_of_the_summary") else { return };
    let folder = finished(RICH, &["-n", "40"]);
    open(&mut browser, &folder, Look::default());
    let cells = browser.evaluate(
        "[...document.querySelectorAll('.estimates tbody tr')].map((row) => [...row.cells].map((cell) => cell.firstChild.nodeName === '#text' && !cell.querySelector('data')
            ? [cell.firstChild.data.trim(), (cell.querySelector('.note') || cell).textContent]
            : [...cell.querySelectorAll('data')].map((data) => [data.value, data.textContent])))",
    );
    let summary = rows(&folder, "summary.csv");
    let mut checked = 0;
    for row in cells.as_array().expect("rows") {
        let row = row.as_array().expect("cells");
        let (name, note) = (row[0][0].as_str().expect("a name"), row[0][1].as_str().expect("a note"));
        let is_goal = note == "goal met";
        let response = if is_goal { name } else { note.split(',').next().expect("a response") };
        for (cell, strategy) in row[1..].iter().zip(["bot", "in_house", "augmentation"]) {
            let is_it = |row: &&BTreeMap<String, String>| row["strategy"] == strategy && row["response"] == response;
            let expected = summary.iter().find(is_it).unwrap_or_else(|| panic!("{response} of {strategy}"));
            if expected["mean"].is_empty() {
                assert_eq!(cell[0], "–", "{response} of {strategy}");
                continue;
            }
            let is_share = is_goal || expected["unit"] == "share";
            for (data, column) in cell.as_array().expect("numbers").iter().zip(["mean", "ci_low", "ci_high"]) {
                assert_eq!(data[0], expected[column], "{response} of {strategy}");
                let value: f64 = expected[column].parse().expect("a number");
                let shown = if is_share { short_percent(value) } else { readable(value) };
                assert_eq!(data[1], shown, "{response} of {strategy}");
                checked += 1;
            }
        }
    }
    assert!(checked > 60, "{checked} numbers");
}

#[test]
fn the_page_is_readable_on_desks_and_telephones() {
    let Some(mut browser) = Browser::start("the_page_is_readable_on_desks_and_telephones") else { return };
    let folder = finished(include_str!("../../scenarios/sixty_engineers.toml"), &["-n", "10"]);
    for (width, has_scripts) in [(1280, true), (860, true), (500, true), (390, true), (1280, false)] {
        open(&mut browser, &folder, Look { width, has_scripts, ..Look::default() });
        assert_true(&mut browser, "document.documentElement.scrollWidth <= window.innerWidth");
        let small = browser.evaluate(
            "(() => {
                const small = [];
                const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (texts.nextNode()) {
                    const parent = texts.currentNode.parentElement;
                    if (!texts.currentNode.data.trim() || !parent.checkVisibility() || parent.closest('title, desc, script')) continue;
                    const scale = parent instanceof SVGElement ? parent.getScreenCTM().a : 1;
                    const size = scale * parseFloat(getComputedStyle(parent).fontSize);
                    if (size < 11.99) small.push(size + ' ' + texts.currentNode.data);
                }
                return small;
            })()",
        );
        assert_eq!(small, json!([]), "{width} pixels, scripts {has_scripts}");
    }
}

#[test]
fn values_are_shown_under_the_pointer_and_by_arrow_keys() {
    let Some(mut browser) = Browser::start("values_are_shown_under_the_pointer_and_by_arrow_keys") else { return };
    let folder = finished(RICH, &["-n", "40"]);
    open(&mut browser, &folder, Look::default());
    let timeline = rows(&folder, "timeline.csv");
    let figures = drawn(&mut browser);
    assert_eq!(figures.len(), 6, "headcount, output, goals, cost by month and so far, break-even");
    let measures = ["effective_fte", "headcount", "", "month_cost", "client_cost"];
    for (figure, measure) in figures.iter().zip(measures).filter(|(_, measure)| !measure.is_empty()) {
        browser.evaluate(&format!("document.querySelector('#{figure} .plot').scrollIntoView({{ block: 'center' }})"));
        let place = browser.evaluate(&format!(
            "(() => {{ const box = document.querySelector('#{figure} .u-over').getBoundingClientRect();
                return [box.left + 0.4 * box.width, box.top + 0.5 * box.height]; }})()"
        ));
        browser.point(place[0].as_f64().expect("x"), place[1].as_f64().expect("y"));
        let mut months = vec![told(&mut browser, figure, &timeline, measure)];
        browser.evaluate(&format!("document.querySelector('#{figure} .plot').focus()"));
        browser.press("ArrowRight", 39);
        months.push(told(&mut browser, figure, &timeline, measure));
        assert!((12..18).contains(&months[0]) && months[1] == months[0] + 1, "{figure}: {months:?}");
    }
    assert_quiet(&browser);
}

/// Returns the month whose values a figure shows, which must be those of the timeline.
fn told(browser: &mut Browser, figure: &str, timeline: &[BTreeMap<String, String>], measure: &str) -> u32 {
    let table = browser.evaluate(&format!(
        "[...document.querySelectorAll('#{figure} .readout tr')].map((row) => [...row.cells].map((cell) => cell.textContent.trim()))"
    ));
    let head = table[0][0].as_str().expect("a month");
    let month = head.strip_prefix("Month ").and_then(|rest| rest.split_once(',')).expect("a month").0;
    for (row, strategy) in (1..).zip(["bot", "in_house", "augmentation"]) {
        let is_it = |row: &&BTreeMap<String, String>| {
            row["strategy"] == strategy && row["measure"] == measure && row["month"] == month && row["given"] == "surviving"
        };
        let expected = timeline.iter().find(is_it).expect("a row of the timeline");
        let shown = |column: &str| {
            readable(format!("{:.5e}", expected[column].parse::<f64>().expect("a number")).parse().expect("a number"))
        };
        let range = |low: &str, high: &str| format!("{} to {}", shown(low), shown(high));
        let values = json!([strategy, shown("p50"), range("p5", "p95")]);
        assert_eq!(table[row], values, "{measure} in month {month}");
    }
    month.parse().expect("a number")
}

#[test]
fn a_strategy_that_is_switched_off_is_gone_from_every_chart_and_from_paper() {
    let Some(mut browser) = Browser::start("a_strategy_that_is_switched_off_is_gone") else { return };
    let folder = finished(RICH, &["-n", "20"]);
    open(&mut browser, &folder, Look::default());
    let figures = drawn(&mut browser);
    let before: Vec<u64> = figures.iter().map(|figure| pixels(&mut browser, figure, 1)).collect();
    assert!(before.iter().filter(|&&count| count > 50).count() >= 5, "{before:?}");
    browser.evaluate("document.querySelector('[data-switch=\"1\"]').focus()");
    browser.press(" ", 32);
    for figure in &figures {
        assert_eq!(pixels(&mut browser, figure, 1), 0, "{figure}");
        assert_true(
            &mut browser,
            &format!("document.querySelector('#{figure} [data-row=\"1\"]')?.checkVisibility() !== true"),
        );
    }
    let gone = "[...document.querySelectorAll('.still [data-strategy=\"1\"]')].every((part) => !seen(part))";
    let others = "[...document.querySelectorAll('.still [data-strategy=\"0\"]')].some((part) => seen(part))";
    for media in ["screen", "print"] {
        browser.ask("Emulation.setEmulatedMedia", json!({ "media": media }));
        browser.settle();
        assert_true(&mut browser, gone);
        assert_true(&mut browser, others);
    }
    browser.ask("Emulation.setEmulatedMedia", json!({ "media": "screen" }));
    // It lost the focus while it was hidden.
    browser.evaluate("document.querySelector('[data-switch=\"1\"]').focus()");
    browser.press(" ", 32);
    let after: Vec<u64> = figures.iter().map(|figure| pixels(&mut browser, figure, 1)).collect();
    assert_eq!(after, before, "it is back");
    let all = "[...document.querySelectorAll('figure')].every((figure) => figure.querySelector('.still [data-strategy]'))";
    assert_true(&mut browser, all);
    assert_quiet(&browser);
}

#[test]
fn paper_holds_every_chart_whole_and_nothing_to_press() {
    let Some(mut browser) = Browser::start("paper_holds_every_chart_whole") else { return };
    let folder = finished(RICH, &["-n", "20"]);
    // A4 less its margins, in pixels of CSS: 96 an inch.
    let (width, height) = ((182.0 / 25.4 * 96.0) as u32, 265.0 / 25.4 * 96.0);
    for is_dark in [false, true] {
        open(&mut browser, &folder, Look { width, is_dark, media: "print", ..Look::default() });
        let figures = browser.evaluate(
            "[...document.querySelectorAll('figure')].map((figure) => {
                const svg = [...figure.querySelectorAll('.still > svg')].filter((svg) => svg.getClientRects().length > 0);
                const box = svg.length === 1 ? svg[0].getBoundingClientRect() : { width: 0 };
                return [svg.length, box.left, box.right, figure.getBoundingClientRect().height, getComputedStyle(figure).breakInside];
            })",
        );
        let figures = figures.as_array().expect("figures");
        assert_eq!(figures.len(), 15);
        for figure in figures {
            assert_eq!((&figure[0], &figure[4]), (&json!(1), &json!("avoid")), "one picture each, on one page");
            let number = |at: usize| figure[at].as_f64().expect("a number");
            assert!(
                number(1) >= 0.0 && number(2) <= f64::from(width) && number(3) <= height,
                "{figure} on {width} by {height}"
            );
        }
        assert_true(&mut browser, "![...document.querySelectorAll('.controls, .live, nav')].some((part) => seen(part))");
        assert_true(&mut browser, "getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'");
        let grounds = "[...document.querySelectorAll('.still > svg > rect:first-of-type')].every((rect) => getComputedStyle(rect).fill === 'rgb(255, 255, 255)')";
        assert_true(&mut browser, grounds);
    }
    let printed = browser.ask("Page.printToPDF", json!({ "preferCSSPageSize": true, "printBackground": false }));
    assert!(printed["data"].as_str().expect("base 64").starts_with("JVBERi"), "a PDF");
}

/// The page of three strategies, without its details.
#[test]
fn the_report_prints_on_six_pages_of_a4_or_letter() {
    let Some(mut browser) = Browser::start("the_report_prints_on_six_pages_of_a4_or_letter") else { return };
    let folder = finished(include_str!("../../scenarios/sixty_engineers.toml"), &["-n", "300"]);
    open(&mut browser, &folder, Look { media: "print", ..Look::default() });
    for (width, height) in [(8.27, 11.69), (8.5, 11.0)] {
        let sheet = json!({ "paperWidth": width, "paperHeight": height });
        let printed = browser.ask("Page.printToPDF", sheet);
        let pdf = from_base_64(printed["data"].as_str().expect("base 64"));
        let count = |what: &[u8]| pdf.windows(what.len()).filter(|window| *window == what).count();
        let pages = count(b"/Type /Page") - count(b"/Type /Pages");
        assert!((3..=6).contains(&pages), "{pages} pages of {width} by {height} inches");
    }
}

/// Reads base 64 (RFC 4648, section 4).
fn from_base_64(text: &str) -> Vec<u8> {
    let value = |letter: u8| match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let letters: Vec<u8> = text.bytes().filter(|&letter| letter != b'=').map(value).collect();
    let bytes = |four: &[u8]| {
        let bits = four.iter().fold(0_u32, |bits, &six| bits << 6 | u32::from(six)) << (6 * (4 - four.len()));
        bits.to_be_bytes()[1..four.len()].to_vec()
    };
    letters.chunks(4).flat_map(bytes).collect()
}

/// A4 less its margins is 182 mm wide. Letters below a table or a picture are no larger than those of the text.
#[test]
fn paper_holds_every_table_of_many_strategies() {
    let Some(mut browser) = Browser::start("paper_holds_every_table_of_many_strategies") else { return };
    let mut scenario = RICH.to_owned();
    for number in 4..=9 {
        scenario += &format!("\n[strategy.alternative_with_a_long_name_{number}]\nemployer = \"vendor\"\n");
    }
    let folder = finished(&scenario, &["-n", "20"]);
    let width = (182.0 / 25.4 * 96.0) as u32;
    open(&mut browser, &folder, Look { width, media: "print", ..Look::default() });
    let inside = "[...document.querySelectorAll('table, pre, dl, li')].filter((part) => seen(part)).every((part) => part.getBoundingClientRect().right <= innerWidth + 0.5)";
    assert_true(&mut browser, inside);
    let most = "Math.max(...[...document.querySelectorAll('.estimates thead tr')].map((row) => row.cells.length)) === 4";
    assert_true(&mut browser, most);
    let names =
        "new Set([...document.querySelectorAll('.estimates thead th')].map((cell) => cell.textContent)).size === 9 + 1";
    assert_true(&mut browser, names);
    let size = "const size = (part) => parseFloat(getComputedStyle(document.querySelector(part)).fontSize)";
    let small = "['figcaption', '.interval', 'td', '.estimates .note'].every((part) => size(part) <= size('p'))";
    assert_eq!(
        browser.evaluate(&format!("(() => {{ {size}; return {small} && size('.interval') < size('td'); }})()")),
        json!(true)
    );
}

#[test]
fn what_a_page_of_one_strategy_says_is_about_one() {
    let Some(mut browser) = Browser::start("what_a_page_of_one_strategy_says") else { return };
    let texts = "document.querySelector('.lead').textContent + [...document.querySelectorAll('.hint')].map((hint) => hint.textContent).join()";
    let several = finished(RICH, &["-n", "20"]);
    open(&mut browser, &several, Look::default());
    let said = browser.evaluate(texts);
    let said = said.as_str().expect("text");
    assert!(said.contains("20 simulations of each.") && said.contains("the goal is due"), "{said}");
    let one = finished(RICH, &["-n", "20", "--strategy", "in_house"]);
    open(&mut browser, &one, Look::default());
    let said = browser.evaluate(texts);
    let said = said.as_str().expect("text");
    assert!(said.contains("20 simulations.") && !said.contains("ands are drawn"), "{said}");
    assert!(!said.contains("transfer,"), "{said}");
}

#[test]
fn a_number_stays_with_its_sign_and_a_key_breaks_after_its_dots() {
    let folder = finished(RICH, &["-n", "5"]);
    let html = folder.text("out/report.html");
    let text = html.split_once("<main>").expect("a page").1.split_once("<pre").expect("the scenario").0;
    let sentences =
        text.split('<').filter(|part| ["li>", "p>", "p ", "figcaption>"].iter().any(|begin| part.starts_with(begin)));
    let percents: Vec<&str> = sentences.filter(|line| line.contains('%')).collect();
    assert!(percents.len() > 20, "{percents:#?}");
    assert!(percents.iter().all(|line| !line.contains(" %")), "{percents:#?}");
    let terms = html.split("<dt>").skip(1).map(|rest| rest.split("</dt>").next().expect("a term"));
    let keys: Vec<&str> = terms.filter(|term| term.contains('.')).collect();
    assert!(
        !keys.is_empty() && keys.iter().all(|key| key.matches(".<wbr>").count() == key.matches('.').count()),
        "{keys:#?}"
    );
}

#[test]
fn differences_of_no_replication_are_left_out_of_the_page() {
    let folder = finished(RICH, &["-n", "20"]);
    let same = rows(&folder, "comparison.csv").into_iter().filter(|row| row["baseline"] == "bot" && row["n"] != "0");
    let (same, differ): (Vec<_>, Vec<_>) =
        same.partition(|row| ["mean_difference", "ci_low", "ci_high"].iter().all(|name| row[*name] == "0"));
    assert!(!same.is_empty() && !differ.is_empty());
    let html = folder.text("out/report.html");
    let table = html
        .split_once("<caption>Difference to bot</caption>")
        .expect("the table")
        .1
        .split_once("</table>")
        .expect("its end")
        .0;
    assert_eq!(table.matches("<tr>").count() - 1, differ.len());
    for row in same {
        let cells = format!("<td>{}</td><td>{}</td><td>{}</td>", row["response"], row["unit"], row["strategy"]);
        assert!(!table.contains(&cells), "{cells}");
    }
}

#[test]
fn without_scripts_the_pictures_show() {
    let Some(mut browser) = Browser::start("without_scripts_the_pictures_show") else { return };
    let folder = finished(RICH, &["-n", "5"]);
    for width in [1280, 390] {
        open(&mut browser, &folder, Look { width, has_scripts: false, ..Look::default() });
        let shown = "[...document.querySelectorAll('figure')].every((figure) =>
            [...figure.querySelectorAll('.still > svg')].filter((svg) => svg.getClientRects().length > 0).length === 1)";
        assert_true(&mut browser, shown);
        assert_true(&mut browser, "![...document.querySelectorAll('.controls, .live')].some((part) => seen(part))");
    }
}

#[test]
fn the_page_is_light_or_dark_as_the_system_or_the_reader_wishes() {
    let Some(mut browser) = Browser::start("the_page_is_light_or_dark") else { return };
    let folder = finished(RICH, &["-n", "5"]);
    let ground = "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.querySelector('.still > svg > rect')).fill";
    let (light, dark) = (json!("rgb(255, 255, 255)rgb(255, 255, 255)"), json!("rgb(22, 25, 29)rgb(22, 25, 29)"));
    for (is_dark, [auto, other, choice]) in
        [(false, [&light, &dark, &json!("dark")]), (true, [&dark, &light, &json!("light")])]
    {
        open(&mut browser, &folder, Look { is_dark, ..Look::default() });
        assert_eq!(browser.evaluate(ground), *auto);
        let figure = drawn(&mut browser).swap_remove(0);
        assert!(pixels(&mut browser, &figure, 1) > 50, "lines have the colour of the samples");
        browser.evaluate(&format!(
            "(() => {{ const look = document.getElementById('look'); look.value = {choice}; look.dispatchEvent(new Event('change')); }})()"
        ));
        browser.settle();
        assert_eq!(browser.evaluate(ground), *other);
        assert!(pixels(&mut browser, &figure, 1) > 50, "also after the change");
    }
}

#[test]
fn ten_strategies_over_twenty_years_are_a_page_of_less_than_four_megabytes() {
    let mut scenario = edited(RICH, "horizon_months = 36", "horizon_months = 240");
    for number in 4..=10 {
        scenario += &format!("\n[strategy.number_{number}]\nemployer = \"vendor\"\n");
    }
    let folder = finished(&scenario, &["-n", "3"]);
    let size = folder.bytes("out/report.html").len();
    assert!((500_000..4_000_000).contains(&size), "{size} bytes");
}

/// A hundred strategies: pictures that nobody could read are left to their files, and tables to theirs.
#[test]
fn a_page_of_a_hundred_strategies_stays_under_three_megabytes() {
    let text = include_str!("../../scenarios/sixty_engineers.toml");
    let (head, rest) = text.split_once("\n[strategy.bot]\n").expect("it has a strategy bot");
    let end = rest.find("\n[strategy.in_house]").expect("it has another strategy");
    let strategy = |number: usize| {
        let own =
            format!("\n[strategy.bot{number}]\n{}", rest[..end].replace("strategy.bot", &format!("strategy.bot{number}")));
        own.replace("title = \"BOT\"", &format!("title = \"BOT {number}\""))
    };
    let folder = Folder::with(&(head.to_owned() + &(0..100).map(strategy).collect::<String>()));
    let charts = ["--charts", "headcount", "--chart-format", "svg", "-q"];
    let told = folder.run(&[&["run", "scenario.toml", "-n", "4", "-o", "out"], &charts[..]].concat());
    assert!(matches!(told.status, Some(0 | 4)), "{}", told.err);
    let page = folder.text("out/report.html");
    assert!(page.len() < 3_000_000, "{} bytes", page.len());
    assert!(page.contains("BOT 99") && page.contains("These are the first 20 of 100 strategies. summary.csv has all."));
}
