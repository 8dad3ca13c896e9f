//! Names that say nothing about what a module holds.

use super::Finding;

const REFUSED: [&str; 9] = ["common", "helper", "helpers", "manager", "managers", "misc", "shared", "util", "utils"];

/// Checks every folder of a Rust file's path and its own name.
pub(crate) fn check(path: &str) -> Option<Finding> {
    let module = path.trim_end_matches(".rs");
    let refused = module.split('/').find(|name| is_refused(name))?;
    Some(Finding::new(path, None, format!("`{refused}` does not say what the module holds")))
}

pub(crate) fn is_refused(name: &str) -> bool {
    REFUSED.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_meaning_is_refused_as_a_file_and_as_a_folder() {
        assert!(check("crates/app/src/utils.rs").is_some());
        assert!(check("crates/app/src/common/mod.rs").is_some());
    }

    #[test]
    fn a_name_that_only_contains_such_a_word_is_allowed() {
        assert_eq!(check("crates/domain/src/commons_register.rs"), None);
        assert_eq!(check("crates/domain/src/unit/mod.rs"), None);
    }
}
