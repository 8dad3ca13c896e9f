//! The demo seen by foreign programs: the GraphQL-over-HTTP audits of graphql-http, and a person's steps in a browser
//! whose network is off. `cargo xtask test` installs them.

use std::path::Path;
use std::process::Command;

use crate::harness::{Finished, Folder};

/// A check below `tests/` must be content with the server.
fn check(place: &str, address: &str) -> String {
    content(place, node(place).args(["check.mjs", address]))
}

/// Node.js in a folder below `tests/` that `cargo xtask test` has installed.
pub(crate) fn node(place: &str) -> Command {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests").join(place);
    assert!(folder.join("node_modules").is_dir(), "tests/{place} is not installed: run `cargo xtask test` once");
    let mut node = Command::new("node");
    node.current_dir(folder);
    node
}

/// What a check prints that must be content.
pub(crate) fn content(place: &str, node: &mut Command) -> String {
    let Finished { code, stdout, stderr } = Finished::of(node);
    assert_eq!(code, Some(0), "tests/{place} is not content:\n{stdout}{stderr}");
    stdout
}

#[test]
fn graphql_over_http_audits_and_a_browser_without_a_network_are_content() {
    let folder = Folder::new();
    let server = folder.serve(&["--demo"]);
    let base = format!("http://{}", server.address());
    let audits = check("graphql-http", &format!("{base}/graphql"));
    assert!(audits.ends_with("61 passed, 0 failed\n"), "{audits}");
    let steps = check("browser", &base);
    assert!(steps.ends_with("33 passed, 0 failed\n"), "{steps}");
    assert_eq!(server.stop().code(), Some(0));
}
