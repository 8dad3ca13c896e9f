//! `cargo xtask check` and `cargo xtask ci`: every step runs, also behind a failed one, so that one run shows all that
//! is wrong.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::Error;
use crate::interrupts::Interrupts;
use crate::{codegen, pypi, test, tidy, workspace};

/// A step answers whether it passed.
type Step = (&'static str, fn(&Interrupts) -> Result<bool, Error>);

/// Quick ones first, and last the one that may have to fetch its program.
const CHECKS: [Step; 5] = [
    ("format", |interrupts| cargo(interrupts, &["fmt", "--all", "--check"])),
    ("tidy", |_| Ok(tidy::run()?)),
    ("lints", |interrupts| {
        cargo(interrupts, &["clippy", "--workspace", "--all-targets", "--locked", "--", "--deny", "warnings"])
    }),
    ("generated files", |_| Ok(codegen::run(codegen::Mode::Check)?)),
    ("compose file", |_| Ok(pypi::check_compose()?)),
];

const TESTS: Step = ("tests", |interrupts| Ok(test::test(interrupts, &[])? == ExitCode::SUCCESS));

/// Everything but the tests.
pub(crate) fn check() -> Result<ExitCode, Error> {
    run_steps(&CHECKS)
}

/// Everything.
pub(crate) fn run() -> Result<ExitCode, Error> {
    let [format, tidy, lints, generated, compose] = CHECKS;
    run_steps(&[format, tidy, lints, generated, compose, TESTS])
}

struct Outcome {
    name: &'static str,
    passed: bool,
    took: Duration,
}

fn run_steps(steps: &[Step]) -> Result<ExitCode, Error> {
    let interrupts = Interrupts::listen()?;
    let mut outcomes = Vec::new();
    for (name, step) in steps {
        println!("── {name}");
        let started = Instant::now();
        // A step that cannot be made has not passed, and the others are made all the same.
        let passed = step(&interrupts).unwrap_or_else(|error| {
            eprintln!("xtask: {error}");
            false
        });
        outcomes.push(Outcome { name, passed, took: started.elapsed() });
        if interrupts.received().is_some() {
            break;
        }
    }
    println!("\n{}", summary(&outcomes));
    let passed = outcomes.len() == steps.len() && outcomes.iter().all(|outcome| outcome.passed);
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn cargo(interrupts: &Interrupts, arguments: &[&str]) -> Result<bool, Error> {
    Ok(interrupts.run(workspace::cargo().args(arguments))?.success())
}

fn summary(outcomes: &[Outcome]) -> String {
    outcomes.iter().fold(String::new(), |mut text, Outcome { name, passed, took }| {
        let word = if *passed { "ok" } else { "FAILED" };
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{name:<16} {word:<6} {:>7.1} s", took.as_secs_f64());
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_lines_up_names_verdicts_and_seconds() {
        let outcomes = [
            Outcome { name: "format", passed: true, took: Duration::from_millis(640) },
            Outcome { name: "generated files", passed: false, took: Duration::from_secs(1234) },
        ];
        let lines = ["format           ok         0.6 s", "generated files  FAILED  1234.0 s", ""];
        assert_eq!(summary(&outcomes), lines.join("\n"));
    }
}
