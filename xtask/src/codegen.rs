//! Files that are made from the code and committed: what a reader of the repository sees is what the code says.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::workspace;

/// A generated file: its path below the workspace's root and what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Output {
    path: String,
    content: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Bring the files up to date.
    Write,
    /// Touch nothing; a file that is not up to date fails.
    Check,
}

/// Prints the files that were out of date, and answers whether all is well now.
pub(crate) fn run(mode: Mode) -> io::Result<bool> {
    let outputs = outputs()?;
    let stale = bring_up_to_date(&workspace::root(), &outputs, mode)?;
    let fate = if mode == Mode::Write { "written" } else { "out of date; `cargo xtask codegen` writes it" };
    for place in &stale {
        println!("{place}: {fate}");
    }
    println!("codegen: {} generated files, {} of them were out of date", outputs.len(), stale.len());
    Ok(mode == Mode::Write || stale.is_empty())
}

/// Asks the code for its files. A program of its own, so that this one does not wait for the whole workspace to
/// build before it can do anything.
fn outputs() -> io::Result<Vec<Output>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["run", "--quiet", "--locked", "--package", "lienthong-api", "--example", "generated"];
    let answer = Command::new(cargo).args(arguments).stderr(Stdio::inherit()).output()?;
    if !answer.status.success() {
        return Err(io::Error::other("the generated files could not be made"));
    }
    let files: BTreeMap<String, String> = serde_json::from_slice(&answer.stdout)?;
    Ok(files.into_iter().map(|(path, content)| Output { path, content }).collect())
}

/// The places of the files that differed from what they should be: `path:line` of the first difference.
fn bring_up_to_date(root: &Path, outputs: &[Output], mode: Mode) -> io::Result<Vec<String>> {
    let mut stale = Vec::new();
    for output in outputs {
        let (file, wanted) = (root.join(&output.path), &output.content);
        let Some(line) = first_difference(&read(&file)?, wanted) else { continue };
        stale.push(format!("{}:{line}", output.path));
        if mode == Mode::Write {
            write(&file, wanted)?;
        }
    }
    Ok(stale)
}

/// The content of a file; one that does not exist is empty.
fn read(file: &Path) -> io::Result<String> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        outcome => outcome,
    }
}

fn write(file: &Path, content: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content)
}

/// The first line, counted from 1, that differs; a missing line break at the end counts as the line behind it.
fn first_difference(present: &str, wanted: &str) -> Option<usize> {
    if present == wanted {
        return None;
    }
    let same = present.split('\n').zip(wanted.split('\n')).take_while(|(left, right)| left == right);
    Some(same.count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter() -> Output {
        Output { path: "docs/a/letter.md".to_owned(), content: "# Thư\n\nKính gửi\n".to_owned() }
    }

    #[test]
    fn a_missing_file_is_reported_by_a_check_and_made_by_writing() {
        let root = tempfile::tempdir().unwrap();
        let file = root.path().join(letter().path);
        assert_eq!(bring_up_to_date(root.path(), &[letter()], Mode::Check).unwrap(), ["docs/a/letter.md:1"]);
        assert!(!file.exists(), "a check touches nothing");

        assert_eq!(bring_up_to_date(root.path(), &[letter()], Mode::Write).unwrap(), ["docs/a/letter.md:1"]);
        assert_eq!(fs::read_to_string(file).unwrap(), letter().content);
        assert_eq!(bring_up_to_date(root.path(), &[letter()], Mode::Check).unwrap(), [""; 0]);
    }

    #[test]
    fn a_changed_file_is_named_with_the_line_that_differs() {
        let root = tempfile::tempdir().unwrap();
        write(&root.path().join(letter().path), "# Thư\n\nThân gửi\n").unwrap();
        assert_eq!(bring_up_to_date(root.path(), &[letter()], Mode::Check).unwrap(), ["docs/a/letter.md:3"]);
    }

    #[test]
    fn the_first_difference_is_found_at_the_ends_too() {
        let cases = [("a\n", "a\n", None), ("a", "a\n", Some(2)), ("a\nb\n", "a\n", Some(2)), ("", "a\n", Some(1))];
        for (present, wanted, expected) in cases {
            assert_eq!(first_difference(present, wanted), expected, "{present:?} {wanted:?}");
        }
    }
}
