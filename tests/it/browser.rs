//! A real headless browser: Chromium, controlled through the pipe of its DevTools protocol.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

/// Names under which Chromium is installed.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
/// The protocol reads from file 3 and writes to file 4, which a shell alone can arrange without `unsafe`.
const LAUNCH: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"#;
/// No answer takes longer than this, however busy the machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running browser, which ends when dropped.
pub(crate) struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Json>,
    number: u64,
    /// Events received without a request.
    heard: Vec<Json>,
    session: String,
    _profile: TempDir,
}

/// How to show a page.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) is_dark: bool,
    pub(crate) has_scripts: bool,
    pub(crate) media: &'static str,
}

impl Default for Look {
    fn default() -> Self {
        Self { width: 1280, is_dark: false, has_scripts: true, media: "screen" }
    }
}

impl Browser {
    /// Starts a browser. Prints that the test is skipped if none is installed.
    pub(crate) fn start(test: &str) -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let is_there = |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
        let Some(name) = NAMES.into_iter().find(is_there) else {
            // Not with `eprintln!`, whose output the harness captures.
            let words = format!("SKIPPED {test}: no browser is installed, none of {}\n", NAMES.join(", "));
            std::io::stderr().write_all(words.as_bytes()).expect("the terminal takes all text");
            return None;
        };
        let profile = TempDir::with_prefix("handover-browser-").expect("the system has a folder for temporary files");
        let mut child = Command::new("sh")
            .args(["-c", LAUNCH, name, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic"])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .args(["--remote-debugging-pipe", "about:blank"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell can be started");
        let to = child.stdin.take().expect("it is piped");
        let mut answers = BufReader::new(child.stdout.take().expect("it is piped"));
        let (send, from) = channel();
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while answers.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                message.pop();
                let message: Json = serde_json::from_slice(&std::mem::take(&mut message)).expect("the protocol is JSON");
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        let session = String::new();
        let mut browser = Self { child, to, from, number: 0, heard: Vec::new(), session, _profile: profile };
        let target = browser.ask("Target.createTarget", json!({ "url": "about:blank" }));
        let attached = browser.ask("Target.attachToTarget", json!({ "targetId": target["targetId"], "flatten": true }));
        browser.session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Sends a request and returns the answer.
    pub(crate) fn ask(&mut self, method: &str, parameters: Json) -> Json {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method, "params": parameters });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        loop {
            let answer = self.hear(method);
            if answer["id"] == json!(self.number) {
                assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
        }
    }

    fn hear(&mut self, waiting_for: &str) -> Json {
        let message = self.from.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("no answer to {waiting_for}"));
        if message["id"].is_null() {
            self.heard.push(message.clone());
        }
        message
    }

    /// Opens a file in this look, and forgets earlier events.
    pub(crate) fn open(&mut self, file: &Path, look: Look) {
        let scheme = if look.is_dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.ask("Emulation.setEmulatedMedia", json!({ "media": look.media, "features": features }));
        self.resize(look.width);
        self.ask("Emulation.setScriptExecutionDisabled", json!({ "value": !look.has_scripts }));
        self.heard.clear();
        self.ask("Page.navigate", json!({ "url": format!("file://{}", file.display()) }));
        while !self.heard.iter().any(|event| event["method"] == "Page.loadEventFired" && event["sessionId"] == self.session)
        {
            self.hear("Page.loadEventFired");
        }
        if look.has_scripts {
            self.settle();
        }
    }

    /// Makes the window this wide.
    pub(crate) fn resize(&mut self, width: u32) {
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.ask("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// Waits until everything is drawn.
    pub(crate) fn settle(&mut self) {
        self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))");
    }

    /// Returns the value of an expression in the page, after awaiting promises.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Json {
        let parameters = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.ask("Runtime.evaluate", parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Moves the pointer to a place in the window.
    pub(crate) fn point(&mut self, x: f64, y: f64) {
        self.ask("Input.dispatchMouseEvent", json!({ "type": "mouseMoved", "x": x, "y": y }));
        self.settle();
    }

    /// Presses a key on the focused element.
    pub(crate) fn press(&mut self, key: &str, code: u32) {
        let text = if key == " " { " " } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let kind = if kind == "keyDown" && text.is_empty() { "rawKeyDown" } else { kind };
            let event = json!({ "type": kind, "key": key, "text": text, "windowsVirtualKeyCode": code });
            self.ask("Input.dispatchKeyEvent", event);
        }
        self.settle();
    }

    /// Returns complaints of the page, dialogs that it opened, and all its requests except for itself.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let is_own = |url: &Json| {
            let url = url.as_str().unwrap_or_default();
            let is_file = url.starts_with("file://") && [".html", ".svg"].iter().any(|ending| url.ends_with(ending));
            url == "about:blank" || is_file || url.starts_with("data:font/")
        };
        let is_bad = |event: &&Json| match event["method"].as_str().unwrap_or_default() {
            "Runtime.exceptionThrown" | "Runtime.consoleAPICalled" | "Page.javascriptDialogOpening" => true,
            // The advice on reading pixels concerns the test, not the page.
            "Log.entryAdded" => !event["params"]["entry"]["text"].as_str().is_some_and(|text| text.contains("getImageData")),
            "Network.requestWillBeSent" => !is_own(&event["params"]["request"]["url"]),
            "Network.webSocketCreated" => true,
            _ => false,
        };
        self.heard.iter().filter(is_bad).map(Json::to_string).collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may already have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
