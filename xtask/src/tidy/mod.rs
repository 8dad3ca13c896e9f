//! Checks that neither the compiler nor clippy makes: sizes, names, forbidden words, edges between crates. Each is a
//! function from text to findings.

mod graph;
mod names;
mod rust;
mod text;

use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

use crate::workspace;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cannot list or read the files of the workspace: {0}")]
    Files(#[from] io::Error),
    #[error(transparent)]
    Graph(#[from] graph::Error),
}

/// One broken rule, at the line it is broken at; a whole file has none.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    place: String,
    line: Option<usize>,
    message: String,
}

impl Finding {
    fn new(place: &str, line: impl Into<Option<usize>>, message: impl Into<String>) -> Self {
        Self { place: place.to_owned(), line: line.into(), message: message.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.place, self.message),
            None => write!(f, "{}: {}", self.place, self.message),
        }
    }
}

/// Prints what breaks a rule and answers whether nothing does.
pub(crate) fn run() -> Result<bool, Error> {
    let root = workspace::root();
    let files = workspace::files(&root)?;
    let mut findings = graph::check(&root)?;
    for path in &files {
        findings.extend(file(&root, path)?);
    }
    for finding in &findings {
        println!("{finding}");
    }
    println!("tidy: {} files, {} findings", files.len(), findings.len());
    Ok(findings.is_empty())
}

fn file(root: &Path, path: &str) -> Result<Vec<Finding>, Error> {
    let mut findings = Vec::new();
    if !text::is_ours(path) {
        return Ok(findings);
    }
    let content = fs::read_to_string(root.join(path))?;
    findings.extend(text::check(path, &content));
    if Path::new(path).extension().is_some_and(|extension| extension == "rs") {
        findings.extend(names::check(path));
        findings.extend(rust::check(path, &content));
    }
    Ok(findings)
}
