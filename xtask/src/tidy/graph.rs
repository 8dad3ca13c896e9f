//! The edges between crates that the architecture allows, checked against `cargo metadata`.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use serde_json::Value;

use super::Finding;
use crate::workspace;

/// Crates of the workspace that each of them may depend on. Dependencies of tests are free.
const EDGES: [(&str, &[&str]); 14] = [
    ("lienthong-api", &["lienthong-app", "lienthong-domain", "lienthong-syndication"]),
    (
        "lienthong-app",
        &[
            "lienthong-domain",
            "lienthong-media",
            "lienthong-outbound",
            "lienthong-persistence",
            "lienthong-proof",
            "lienthong-syndication",
        ],
    ),
    ("lienthong-demo", &["lienthong-app", "lienthong-domain"]),
    ("lienthong-domain", &[]),
    ("lienthong-media", &["lienthong-domain", "lienthong-outbound"]),
    ("lienthong-migrations", &[]),
    ("lienthong-outbound", &[]),
    ("lienthong-persistence", &["lienthong-domain", "lienthong-migrations", "lienthong-proof"]),
    ("lienthong-proof", &[]),
    (
        "lienthong-server",
        &[
            "lienthong-api",
            "lienthong-app",
            "lienthong-demo",
            "lienthong-domain",
            "lienthong-outbound",
            "lienthong-persistence",
        ],
    ),
    ("lienthong-syndication", &["lienthong-domain"]),
    ("lienthong-test-support", &["lienthong-app", "lienthong-domain", "lienthong-migrations", "lienthong-persistence"]),
    ("lienthong-tests", &[]),
    ("xtask", &["lienthong-api"]),
];

/// Crates that must not even come in through another one.
const NEVER: [(&str, &[&str]); 4] = [
    ("lienthong-domain", &["async-graphql", "axum", "rusqlite", "sea-orm", "sqlx", "tokio"]),
    ("lienthong-app", &["async-graphql", "axum"]),
    ("lienthong-proof", &["async-graphql", "axum", "hyper", "rusqlite", "sea-orm", "sqlx", "tokio"]),
    ("lienthong-syndication", &["async-graphql", "axum", "hyper", "rusqlite", "sea-orm", "sqlx", "tokio"]),
];

/// Crates that speak SQL, and who may name them.
const SQL: [&str; 4] = ["rusqlite", "sea-orm", "sea-orm-migration", "sqlx"];
const SPEAKS_SQL: [&str; 3] = ["lienthong-migrations", "lienthong-persistence", "lienthong-test-support"];

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("cargo metadata does not run: {0}")]
    Run(#[from] io::Error),
    #[error("cargo metadata failed: {0}")]
    Cargo(String),
    #[error("cargo metadata answered something else than its documented JSON: {0}")]
    Answer(#[from] serde_json::Error),
}

pub(crate) fn check(root: &Path) -> Result<Vec<Finding>, Error> {
    let mut command = workspace::cargo();
    let output = command.current_dir(root).args(["metadata", "--format-version=1", "--locked"]).output()?;
    if !output.status.success() {
        return Err(Error::Cargo(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    Ok(findings(&Graph::from_metadata(&serde_json::from_slice(&output.stdout)?)))
}

/// Which package uses which in what is built, tests apart.
struct Graph {
    members: BTreeSet<String>,
    /// By package id, since two versions of one crate may be in the tree.
    uses: BTreeMap<String, BTreeSet<String>>,
    names: BTreeMap<String, String>,
}

impl Graph {
    fn from_metadata(metadata: &Value) -> Self {
        let ids = list(&metadata["workspace_members"]).filter_map(Value::as_str).map(str::to_owned);
        let packages = list(&metadata["packages"]);
        let names = packages.map(|package| (text(&package["id"]), text(&package["name"])));
        let uses = metadata
            .pointer("/resolve/nodes")
            .into_iter()
            .flat_map(list)
            .map(|node| (text(&node["id"]), used_by(node)));
        Self { members: ids.collect(), names: names.collect(), uses: uses.collect() }
    }

    fn name(&self, id: &str) -> &str {
        self.names.get(id).map_or("a package that cargo does not name", String::as_str)
    }

    fn direct(&self, id: &str) -> impl Iterator<Item = &str> {
        self.uses.get(id).into_iter().flatten().map(|used| self.name(used))
    }

    /// Names of everything that ends up below a package.
    fn all(&self, id: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<&str> = vec![id];
        while let Some(next) = open.pop() {
            let used = self.uses.get(next).into_iter().flatten().map(String::as_str);
            open.extend(used.filter(|used| seen.insert(*used)));
        }
        seen.into_iter().map(|used| self.name(used)).collect()
    }
}

/// The ids in `deps` that are used by more than tests: kind `null` is a normal dependency, `"build"` one of the build
/// script.
fn used_by(node: &Value) -> BTreeSet<String> {
    let is_built = |dep: &&Value| list(&dep["dep_kinds"]).any(|kind| kind["kind"] != "dev");
    list(&node["deps"]).filter(is_built).map(|dep| text(&dep["pkg"])).collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn findings(graph: &Graph) -> Vec<Finding> {
    graph.members.iter().flat_map(|id| member(graph, id)).collect()
}

fn member(graph: &Graph, id: &str) -> Vec<Finding> {
    let name = graph.name(id);
    let finding = |message: String| Finding::new(name, None, message);
    let Some((_, allowed)) = EDGES.iter().find(|(member, _)| *member == name) else {
        return vec![finding(
            "a crate without a row in the table of allowed edges (xtask/src/tidy/graph.rs)".to_owned(),
        )];
    };
    let is_member = |used: &&str| graph.members.iter().any(|member| graph.name(member) == *used);
    let edges = graph.direct(id).filter(is_member).filter(|used| !allowed.contains(used));
    let sql = graph.direct(id).filter(|used| SQL.contains(used) && !SPEAKS_SQL.contains(&name));
    let direct = edges.chain(sql).map(|used| finding(format!("must not depend on {used}")));
    let below = graph.all(id);
    let never = NEVER.iter().filter(|(member, _)| *member == name).flat_map(|(_, crates)| *crates);
    let through = never.filter(|used| below.contains(*used));
    direct.chain(through.map(|used| finding(format!("must be free of {used}, also through other crates")))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Metadata of a workspace of `members` with `(user, used, kind)` edges; ids are names.
    fn graph(members: &[&str], edges: &[(&str, &str, Option<&str>)]) -> Graph {
        let names: BTreeSet<&str> = edges.iter().flat_map(|(user, used, _)| [*user, *used]).collect();
        let names: BTreeSet<&str> = names.into_iter().chain(members.iter().copied()).collect();
        let node = |user: &&str| {
            let deps = edges
                .iter()
                .filter(|(from, ..)| from == user)
                .map(|(_, used, kind)| serde_json::json!({ "pkg": used, "dep_kinds": [{ "kind": kind }] }));
            serde_json::json!({ "id": user, "deps": deps.collect::<Vec<_>>() })
        };
        let packages: Vec<Value> = names.iter().map(|name| serde_json::json!({ "id": name, "name": name })).collect();
        let nodes: Vec<Value> = names.iter().map(node).collect();
        Graph::from_metadata(&serde_json::json!({
            "workspace_members": members, "packages": packages, "resolve": { "nodes": nodes },
        }))
    }

    fn found(members: &[&str], edges: &[(&str, &str, Option<&str>)]) -> Vec<String> {
        findings(&graph(members, edges)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_edge_against_the_architecture_is_found() {
        let members = ["lienthong-app", "lienthong-domain"];
        assert_eq!(found(&members, &[("lienthong-app", "lienthong-domain", None)]), [""; 0]);
        assert_eq!(
            found(&members, &[("lienthong-domain", "lienthong-app", None)]),
            ["lienthong-domain: must not depend on lienthong-app"]
        );
    }

    #[test]
    fn a_dependency_of_tests_is_free_and_one_of_a_build_script_is_not() {
        let members = ["lienthong-persistence", "lienthong-test-support"];
        let edge = |kind| [("lienthong-persistence", "lienthong-test-support", Some(kind))];
        assert_eq!(found(&members, &edge("dev")), [""; 0]);
        assert_eq!(found(&members, &edge("build")).len(), 1);
    }

    #[test]
    fn the_domain_is_free_of_the_runtime_also_through_other_crates() {
        let edges = [("lienthong-domain", "innocent", None), ("innocent", "tokio", None)];
        assert_eq!(
            found(&["lienthong-domain"], &edges),
            ["lienthong-domain: must be free of tokio, also through other crates"]
        );
    }

    #[test]
    fn only_persistence_and_migrations_name_a_crate_that_speaks_sql() {
        let members = ["lienthong-app", "lienthong-persistence"];
        let edges = [
            ("lienthong-persistence", "sqlx", None),
            ("lienthong-app", "lienthong-persistence", None),
            ("lienthong-app", "sea-orm", None),
        ];
        assert_eq!(found(&members, &edges), ["lienthong-app: must not depend on sea-orm"]);
    }

    #[test]
    fn a_new_crate_needs_a_row_in_the_table() {
        assert_eq!(found(&["lienthong-mail"], &[]).len(), 1);
    }

    #[test]
    fn a_cycle_of_dependencies_ends() {
        let edges = [("xtask", "a", None), ("a", "b", None), ("b", "a", None)];
        assert_eq!(found(&["xtask"], &edges), [""; 0]);
    }
}
