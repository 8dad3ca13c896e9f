//! Rules on the text of a file, whatever its language.

use super::Finding;

/// Kinds of file that people write here. Anything else (bundles of the console, data, images) is somebody else's text.
const OURS: [&str; 9] = [".rs", ".toml", ".md", ".yml", ".yaml", ".sh", ".sql", ".service", "Dockerfile"];

/// Words that announce unfinished work.
const UNFINISHED: [&str; 2] = [concat!("TO", "DO"), concat!("FIX", "ME")];

/// Roots of folders that exist on one machine only.
const MACHINE_ROOTS: [&str; 5] = ["/home/", "/root/", "/Users/", "/work/", "C:\\Users\\"];

pub(crate) fn is_ours(path: &str) -> bool {
    let vendored = path.split('/').any(|folder| matches!(folder, "vendor" | "vendored" | "node_modules"));
    !vendored && OURS.iter().any(|ending| path.ends_with(ending))
}

pub(crate) fn check(path: &str, content: &str) -> Vec<Finding> {
    content.lines().zip(1..).flat_map(|(line, number)| check_line(path, line, number)).collect()
}

fn check_line(path: &str, line: &str, number: usize) -> Vec<Finding> {
    let unfinished = UNFINISHED.iter().filter(|word| has_word(line, word)).map(|word| format!("`{word}`: finish it"));
    let machine = MACHINE_ROOTS.iter().filter(|root| has_path_below(line, root));
    let machine = machine.map(|root| format!("a path below {root} exists on one machine only"));
    unfinished.chain(machine).map(|message| Finding::new(path, number, message)).collect()
}

fn has_word(line: &str, word: &str) -> bool {
    let inside = |neighbour: Option<char>| neighbour.is_some_and(|c| c.is_alphanumeric() || c == '_');
    surroundings(line, word).any(|(before, after)| !inside(before) && !inside(after))
}

/// An absolute path: something follows the root, and in front of it no longer path or address is running.
fn has_path_below(line: &str, root: &str) -> bool {
    surroundings(line, root).any(|(before, after)| {
        let starts =
            before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '.' | '_' | '-' | '}' | '$' | '~'));
        starts && after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_'))
    })
}

/// For each place where `needle` stands: the characters before and behind it.
fn surroundings<'a>(line: &'a str, needle: &'a str) -> impl Iterator<Item = (Option<char>, Option<char>)> + 'a {
    line.match_indices(needle).map(move |(start, found)| {
        let (before, after) = line.split_at(start);
        (before.chars().next_back(), after.chars().nth(found.chars().count()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_announces_unfinished_work_is_found_with_its_line() {
        let word = concat!("TO", "DO");
        let found = check("a.rs", &format!("fn a() {{}}\n// {word}: later\n"));
        assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), [format!("a.rs:2: `{word}`: finish it")]);
        assert_eq!(check("a.rs", &format!("const {word}_LIST: () = ();")), []);
    }

    #[test]
    fn a_path_of_one_machine_is_found_and_an_address_is_not() {
        let place = |root: &str| format!("let path = \"{root}an/project\";");
        assert_eq!(check("a.rs", &place(concat!("/ho", "me/"))).len(), 1);
        assert_eq!(check("a.rs", &place(concat!("/wo", "rk/"))).len(), 1);
        let addresses = ["https://example.vn/home/tin", "../work/data", "$HOME/work/a", "the folder /home/ itself"];
        for text in addresses {
            assert_eq!(check("a.md", text), [], "{text}");
        }
    }

    #[test]
    fn only_text_written_here_is_checked() {
        assert!(is_ours("crates/api/src/lib.rs"));
        assert!(is_ours("Dockerfile"));
        assert!(!is_ours("crates/api/assets/graphiql.min.js"));
        assert!(!is_ours("crates/api/vendor/licence.md"));
    }
}
