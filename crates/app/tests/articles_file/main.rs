//! Import and export of article files, from the command to what can be read afterwards.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on panics")]

mod again;
mod boards;
mod broken_off;
mod corrections;
mod held;
mod import;
mod internal;
mod lines;
mod round_trip;

use std::io::{BufRead, Cursor};
use std::sync::Arc;

use serde_json::{Value, json};

use lienthong_app::commands::import_articles::{ArticlesImport, ArticlesReport, import_articles};
use lienthong_app::queries::export::ArticlesExport;
use lienthong_app::{App, Error};
use lienthong_domain::access::Actor;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::changes::{self, Logged};
use lienthong_test_support::{TestApp, at};

fn now() -> Timestamp {
    at("2026-01-15T01:00:00Z")
}

fn operator() -> Actor {
    Actor::operator(ActorId::new(Timestamp::from_micros(1)))
}

/// Articles in one transaction.
pub(crate) const BATCH: usize = 1_000;

/// A line for the first commune's site.
fn line(test: &TestApp, source_id: &str, title: &str) -> Value {
    json!({
        "sourceId": source_id, "site": test.world.sites[1].host.to_string(), "category": "kinh-te", "title": title,
        "summary": format!("Tóm tắt: {title}"), "body": format!("<p>{title}</p>"),
        "publishedAt": "2024-06-28T07:05:00Z",
    })
}

/// `line` with other values for some keys.
fn with(line: &Value, changes: Value) -> Value {
    let mut line = line.clone();
    let (line_keys, Value::Object(changes)) = (line.as_object_mut().unwrap(), changes) else { panic!("not an object") };
    line_keys.extend(changes);
    line
}

fn file(lines: &[Value]) -> Cursor<Vec<u8>> {
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    Cursor::new(lines.join("\n").into_bytes())
}

async fn import(app: &App, source: impl BufRead + Send + 'static) -> Result<ArticlesReport, Error> {
    run(app, source, false).await
}

async fn run(app: &App, source: impl BufRead + Send + 'static, dry_run: bool) -> Result<ArticlesReport, Error> {
    let import = ArticlesImport { source, dry_run, batch: BATCH, progress: &|_| {} };
    import_articles(app, &operator().permit().unwrap(), import, Arc::new(now)).await
}

async fn export(app: &App, host: Option<&str>) -> String {
    let mut export = ArticlesExport::new(app, host).unwrap();
    let mut text = Vec::new();
    while let Some(chunk) = export.next(app, now()).await.unwrap() {
        assert_eq!(chunk.articles, chunk.text.lines().count());
        text.extend(chunk.text);
    }
    String::from_utf8(text).unwrap()
}

async fn log(app: &App) -> Vec<Logged> {
    changes::after(app.store(), 0, 10_000).await.unwrap()
}

/// Read, created, updated, unchanged, refused.
fn counts(report: &ArticlesReport) -> [u64; 5] {
    let ArticlesReport { read, created, updated, unchanged, refused, .. } = report;
    [*read, *created, *updated, *unchanged, *refused]
}
