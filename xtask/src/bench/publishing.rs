//! What a publication costs on a site with a thousand articles and on one with a million, in turns in one run.
#![expect(clippy::indexing_slicing, reason = "a key that a JSON value does not have reads as null")]

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::program::{Cache, Place, Server};
use super::{data, exchange, program};

/// The site, a portal of the demo that is open.
const HOST: &str = "hatinh.example";

/// Articles on it.
const SIZES: [u64; 2] = [1_000, 1_000_000];

/// Publications on each side; they take turns, so that whatever the machine does meets both.
const ROUNDS: u32 = 400;

/// Publications before any is counted.
const WARM_UP: u32 = 20;

/// Whoever writes, and whoever approves and publishes.
const STAFF: [(&str, &str); 2] = [("bench-writer", "editor"), ("bench-editor", "chief-editor")];

const CREATE: &str = "mutation($title: String!, $body: String!, $category: ID!) { done: createArticle(site: \
    \"hatinh.example\", input: { title: $title, body: $body, category: $category }) { entry { id version } errors { code } } }";
const SUBMIT: &str = "mutation($id: ID!, $version: Int!) { done: submitArticle(id: $id, version: $version) \
    { entry { id version } errors { code } } }";
const APPROVE: &str = "mutation($id: ID!, $version: Int!) { done: approveArticle(id: $id, version: $version) \
    { entry { id version } errors { code } } }";
const PUBLISH: &str = "mutation($id: ID!, $version: Int!) { done: publishArticle(id: $id, version: $version) \
    { entry { id version } errors { code } } }";

/// Prints the table.
pub(super) fn compared(folder: &Path) -> io::Result<()> {
    let mut desks = Vec::new();
    for size in SIZES {
        desks.push(Desk::open(&data::of_one_site(HOST, size, folder)?, size)?);
    }
    for round in 0..WARM_UP + ROUNDS {
        for desk in &mut desks {
            desk.publish_one(round)?;
        }
    }
    println!("\n### Publishing\n\n| articles on the site | p50 ms | mean ms | p99 ms |\n|---:|---:|---:|---:|");
    let figures: Vec<Figures> = desks.into_iter().map(Desk::figures).collect();
    for Figures { size, p50, mean, p99 } in &figures {
        println!("| {size} | {p50:.2} | {mean:.2} | {p99:.2} |");
    }
    if let [small, large] = figures.as_slice() {
        println!(
            "\nthe large site to the small: p50 {:.2}, mean {:.2}\n",
            large.p50 / small.p50,
            large.mean / small.mean
        );
    }
    Ok(())
}

/// One running server and the people of its site.
struct Desk {
    server: Server,
    size: u64,
    writer: String,
    editor: String,
    category: String,
    body: String,
    times: Vec<Duration>,
}

/// Milliseconds.
struct Figures {
    size: u64,
    p50: f64,
    mean: f64,
    p99: f64,
}

impl Desk {
    fn open(place: &Place, size: u64) -> io::Result<Self> {
        for (actor, role) in STAFF {
            let grant = ["token", "grant", "--actor", actor, "--role", role, "--site", HOST];
            program::timed(program::lienthong(place).args(grant).stdout(Stdio::null()))?;
        }
        let [writer, editor] = STAFF.map(|(actor, _)| signed(place, actor));
        let server = Server::start(place, Cache::On, &[])?;
        let question = json!({"query": "query($host: String!) { site(host: $host) { categories { id } } \
            articles(site: $host, first: 1) { nodes { body } } }", "variables": {"host": HOST}});
        let scene = exchange::json(server.address, &exchange::post("/graphql", &question.to_string()))?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let category = text(&scene["data"]["site"]["categories"][0]["id"]);
        let body = text(&scene["data"]["articles"]["nodes"][0]["body"]);
        Ok(Self { server, size, writer: writer?, editor: editor?, category, body, times: Vec::new() })
    }

    /// Takes a new article to its publication, of which only the last step is timed.
    fn publish_one(&mut self, round: u32) -> io::Result<()> {
        let (writer, editor) = (self.writer.clone(), self.editor.clone());
        let text = json!({"title": format!("Bài đo số {round}"), "body": self.body, "category": self.category});
        let created = self.ask(&writer, CREATE, &text)?;
        let submitted = self.ask(&writer, SUBMIT, &created)?;
        let approved = self.ask(&editor, APPROVE, &submitted)?;
        let begun = Instant::now();
        self.ask(&editor, PUBLISH, &approved)?;
        if round >= WARM_UP {
            self.times.push(begun.elapsed());
        }
        Ok(())
    }

    /// Sends a mutation that must go well; returns the id and the version of the entry.
    fn ask(&self, token: &str, document: &str, variables: &Value) -> io::Result<Value> {
        let body = json!({"query": document, "variables": variables}).to_string();
        let request =
            exchange::post("/graphql", &body).replacen("\r\n", &format!("\r\nAuthorization: Bearer {token}\r\n"), 1);
        let answer = exchange::json(self.server.address, &request)?;
        match &answer["data"]["done"]["entry"] {
            Value::Null => Err(io::Error::other(answer.to_string())),
            entry => Ok(entry.clone()),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hundred times of milliseconds")]
    fn figures(mut self) -> Figures {
        self.times.sort_unstable();
        let millis: Vec<f64> = self.times.iter().map(|time| time.as_secs_f64() * 1e3).collect();
        let at = |share: usize| millis.get(millis.len() * share / 100).copied().unwrap_or_default();
        let mean = millis.iter().sum::<f64>() / millis.len() as f64;
        Figures { size: self.size, p50: at(50), mean, p99: at(99) }
    }
}

fn signed(place: &Place, actor: &str) -> io::Result<String> {
    let output = program::lienthong(place).args(["token", "sign", "--actor", actor, "--ttl", "24h"]).output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
}
