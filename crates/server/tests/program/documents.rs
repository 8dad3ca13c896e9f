//! What the documents tell people to type is there: every command and every option of it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::harness::Folder;

/// A command line in a document: the words after the name of the program.
struct Example {
    place: String,
    words: Vec<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn documents() -> Vec<PathBuf> {
    let mut found: Vec<_> = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md", "Dockerfile"]
        .map(|name| root().join(name))
        .into();
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let wanted = entry.extension().is_some_and(|end| end == "md" || end == "service");
            if entry.is_dir() {
                folders.push(entry);
            } else if wanted {
                found.push(entry);
            }
        }
    }
    found
}

/// The code of a document: fenced blocks with continued lines joined, and what stands between backticks in a line.
fn code(file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap().replace("\\\n", " ");
    if file.extension().is_none_or(|end| end != "md") {
        return text.lines().map(str::to_owned).collect();
    }
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            found.push(line.to_owned());
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// Where the program's arguments begin in a line of code, if it is called there.
fn arguments(words: &[String]) -> Option<&[String]> {
    let is_command = |word: &String| {
        word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && word.starts_with(char::is_alphabetic)
    };
    (0..words.len()).find_map(|at| {
        let called = words[at] == "lienthong" || words[at].ends_with("/lienthong");
        let run = words[at..].starts_with(&["cargo", "run", "--release", "--"].map(str::to_owned));
        let rest = &words[at + if run { 4 } else { 1 }..];
        ((called || run) && rest.first().is_some_and(is_command)).then_some(rest)
    })
}

fn examples() -> Vec<Example> {
    let in_file = |file: PathBuf| {
        let place = file.strip_prefix(root()).unwrap().display().to_string();
        code(&file).into_iter().filter_map(move |line| {
            let words: Vec<String> = line.split_whitespace().map(|word| word.trim_matches('"').to_owned()).collect();
            let words = arguments(&words)?;
            let end = words.iter().position(|word| matches!(word.as_str(), "|" | ">" | "<" | "&&" | "&" | "#" | ";"));
            Some(Example { place: place.clone(), words: words[..end.unwrap_or(words.len())].to_vec() })
        })
    };
    documents().into_iter().flat_map(in_file).collect()
}

/// The commands and the options that the help of a command names.
fn help(folder: &Folder, path: &[&str]) -> (BTreeSet<String>, BTreeSet<String>) {
    let text = folder.output(&[path, &["--help"]].concat());
    let commands = text.split_once("Commands:").map_or("", |(_, rest)| rest.split("\n\n").next().unwrap());
    let commands = commands.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let commands = commands.map(|line| line.split_whitespace().next().unwrap().to_owned()).collect();
    let options = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).filter(|word| word.starts_with("--"));
    (commands, options.map(str::to_owned).collect())
}

#[test]
fn commands_and_options_in_the_documents_are_those_of_the_program() {
    let folder = Folder::new();
    let examples = examples();
    assert!(examples.len() >= 10, "only {} examples were found", examples.len());
    for Example { place, words } in &examples {
        let mut path: Vec<&str> = Vec::new();
        let (mut commands, mut options) = help(&folder, &path);
        for word in words {
            let option = word.split('=').next().unwrap().trim_end_matches([',', '.', ')', ']']);
            if option.starts_with("--") {
                assert!(options.contains(option), "{place}: `{}` has no {option}", path.join(" "));
            } else if commands.contains(word.as_str()) {
                path.push(word);
                (commands, options) = help(&folder, &path);
            } else {
                assert!(commands.is_empty(), "{place}: `{}` has no command {word}", path.join(" "));
            }
        }
    }
}
