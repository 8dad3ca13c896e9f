//! Times what every article goes through before it is stored: the scan for injected advertising, and the check of its
//! fields, of which sanitising is the most.
//!
//! ```sh
//! cargo run --release -p lienthong-demo --bin bench_data -- articles 10000 > articles.jsonl
//! cargo run --release -p lienthong-domain --example checks_bench -- articles.jsonl
//! ```
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a benchmark that cannot go on panics")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use lienthong_domain::article::{Article, ArticleInput, ArticleKind};
use lienthong_domain::hold::findings;
use lienthong_domain::html::SafeHtml;
use lienthong_domain::ids::CategoryId;
use serde_json::Value;

fn main() {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("usage: checks_bench FILE, a file of articles as bench_data writes it");
        return;
    };
    let lines = std::fs::read_to_string(file).unwrap();
    let inputs: Vec<ArticleInput> = lines.lines().map(input).collect();
    let bytes: usize = inputs.iter().map(|input| input.body.len()).sum();
    println!("{} articles with a mean of {} bytes", inputs.len(), bytes / inputs.len());
    let scan = best(&inputs, |input| findings(input).len());
    let sanitise = best(&inputs, |input| SafeHtml::sanitise(&input.body).1.len());
    let check = best(&inputs, |input| Article::check(input.clone()).map(|(_, removed)| removed.len()).unwrap());
    println!("an article, best of {ROUNDS} rounds: scan {scan:?}, sanitise {sanitise:?}, whole check {check:?}");
}

/// Of each the fastest counts: whatever else the machine does only adds.
const ROUNDS: u32 = 5;

fn best(inputs: &[ArticleInput], act: impl Fn(&ArticleInput) -> usize) -> Duration {
    (0..ROUNDS).map(|_| each(inputs, &act)).min().unwrap()
}

fn each(inputs: &[ArticleInput], act: impl Fn(&ArticleInput) -> usize) -> Duration {
    let begun = Instant::now();
    for input in inputs {
        black_box(act(black_box(input)));
    }
    begun.elapsed() / u32::try_from(inputs.len()).unwrap()
}

fn input(line: &str) -> ArticleInput {
    let line: Value = serde_json::from_str(line).unwrap();
    let text = |name: &str| line[name].as_str().map(str::to_owned);
    let tags = line["tags"].as_array().unwrap().iter().map(|tag| tag.as_str().unwrap().to_owned());
    ArticleInput {
        kind: ArticleKind::default(),
        audience: None,
        category: CategoryId::from_uuid(uuid::Uuid::nil()),
        topic: None,
        series: None,
        title: text("title").unwrap(),
        summary: text("summary").unwrap(),
        body: text("body").unwrap(),
        language: text("language"),
        tags: tags.collect(),
        author: text("author"),
        source: None,
        cover: None,
        attachments: Vec::new(),
    }
}
