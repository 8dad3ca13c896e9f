//! Rules on Rust source, read as tokens: comments and strings cannot fool them, and functions inside a macro call
//! (`proptest! { … }`) are seen too, which a syntax tree would not show.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use super::{Finding, names};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 40;

pub(crate) fn check(path: &str, source: &str) -> Vec<Finding> {
    let mut scan = Scan { path, findings: Vec::new() };
    let lines = source.lines().count();
    if lines > FILE_LINES {
        scan.add(None, format!("{lines} lines; a file has at most {FILE_LINES}"));
    }
    match source.parse() {
        Ok(tokens) => scan.level(tokens),
        Err(error) => scan.add(None, format!("cannot be read as Rust: {error}")),
    }
    scan.findings
}

struct Scan<'a> {
    path: &'a str,
    findings: Vec<Finding>,
}

impl Scan<'_> {
    /// Checks the tokens between one pair of brackets, then those inside each bracket among them.
    fn level(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            let rest = tokens.get(index + 1..).unwrap_or_default();
            match token {
                TokenTree::Ident(word) => self.word(word, rest),
                TokenTree::Punct(mark) if mark.as_char() == '#' => self.attribute(rest),
                TokenTree::Group(group) => self.level(group.stream()),
                _ => {}
            }
        }
    }

    fn word(&mut self, word: &Ident, rest: &[TokenTree]) {
        match (word.to_string().as_str(), rest) {
            ("fn", [TokenTree::Ident(name), rest @ ..]) => self.function(word, name, rest),
            ("mod", [TokenTree::Ident(name), ..]) if names::is_refused(&name.to_string()) => {
                self.add(line(word), format!("`mod {name}` does not say what the module holds"));
            }
            (macro_name @ ("todo" | "unimplemented"), [TokenTree::Punct(mark), ..]) if mark.as_char() == '!' => {
                self.add(line(word), format!("`{macro_name}!`: finish it"));
            }
            _ => {}
        }
    }

    /// Measures from the line of `fn` to that of the closing brace; a declaration in a trait ends at its semicolon.
    fn function(&mut self, keyword: &Ident, name: &Ident, rest: &[TokenTree]) {
        let Some(body) = rest.iter().take_while(|token| !is_mark(token, ';')).find_map(braces) else { return };
        let lines = body.span_close().end().line + 1 - keyword.span().start().line;
        if lines > FUNCTION_LINES {
            let message = format!("`fn {name}` has {lines} lines; a function has at most {FUNCTION_LINES}");
            self.add(line(keyword), message);
        }
    }

    /// `rest` follows a `#`: `[name …]`, or `![name …]` for the enclosing item.
    fn attribute(&mut self, rest: &[TokenTree]) {
        let rest = rest.split_first().filter(|(first, _)| is_mark(first, '!')).map_or(rest, |(_, rest)| rest);
        let [TokenTree::Group(group), ..] = rest else { return };
        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
        match tokens.as_slice() {
            [TokenTree::Ident(name), ..] if name == "ignore" => {
                self.add(line(name), "`#[ignore]`: a test runs or does not exist".to_owned());
            }
            [TokenTree::Ident(name), TokenTree::Group(lints)] if name == "allow" && !gives_reason(lints) => {
                self.add(line(name), "`#[allow]` without a reason".to_owned());
            }
            _ => {}
        }
    }

    fn add(&mut self, line: impl Into<Option<usize>>, message: String) {
        self.findings.push(Finding::new(self.path, line, message));
    }
}

fn gives_reason(lints: &Group) -> bool {
    lints.stream().into_iter().any(|token| matches!(token, TokenTree::Ident(word) if word == "reason"))
}

fn braces(token: &TokenTree) -> Option<&Group> {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    }
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(found) if found.as_char() == mark)
}

fn line(word: &Ident) -> usize {
    word.span().start().line
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<String> {
        check("a.rs", source).iter().map(ToString::to_string).collect()
    }

    /// A function of `lines` lines, with braces in a string and a comment that do not count.
    fn function(lines: usize) -> String {
        format!("pub fn long() {{\n{}}}\n", "    f(\"{\"); // {\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_may_have_forty_lines_and_no_more() {
        assert_eq!(found(&function(40)), [""; 0]);
        assert_eq!(found(&function(41)), ["a.rs:1: `fn long` has 41 lines; a function has at most 40"]);
    }

    #[test]
    fn functions_inside_macro_calls_and_functions_are_measured() {
        let property = function(41).replace("long()", "long(x in 0..10)");
        assert_eq!(
            found(&format!("proptest! {{\n#[test]\n{property}}}\n")),
            ["a.rs:3: `fn long` has 41 lines; a function has at most 40"]
        );
        assert_eq!(found(&format!("mod a {{\n{}}}\n", function(41))).len(), 1);
    }

    #[test]
    fn attributes_and_documentation_do_not_count_as_lines_of_the_function() {
        assert_eq!(found(&format!("{}#[inline]\n{}", "/// Why.\n".repeat(30), function(40))), [""; 0]);
    }

    #[test]
    fn a_declaration_and_a_pointer_type_are_not_functions() {
        let filler = "    type A;\n".repeat(50);
        assert_eq!(found(&format!("trait T {{\n    fn a(x: [u8; 4]);\n{filler}}}\n")), [""; 0]);
        assert_eq!(found(&format!("struct A(fn(u8) -> u8);\ntrait T {{\n{filler}}}\n")), [""; 0]);
    }

    #[test]
    fn a_file_may_have_five_hundred_lines_and_no_more() {
        assert_eq!(found(&"const _: () = ();\n".repeat(500)), [""; 0]);
        assert_eq!(found(&"const _: () = ();\n".repeat(501)), ["a.rs: 501 lines; a file has at most 500"]);
    }

    #[test]
    fn unfinished_and_switched_off_code_is_found() {
        let cases = [
            ("fn a() { todo!() }", "a.rs:1: `todo!`: finish it"),
            ("fn a() {\n    unimplemented!(\"b\")\n}", "a.rs:2: `unimplemented!`: finish it"),
            ("#[test]\n#[ignore = \"slow\"]\nfn a() {}", "a.rs:2: `#[ignore]`: a test runs or does not exist"),
            ("mod helpers { }", "a.rs:1: `mod helpers` does not say what the module holds"),
            ("#[allow(dead_code)]\nfn a() {}", "a.rs:1: `#[allow]` without a reason"),
            ("#![allow(dead_code)]", "a.rs:1: `#[allow]` without a reason"),
        ];
        for (source, expected) in cases {
            assert_eq!(found(source), [expected]);
        }
    }

    #[test]
    fn the_same_words_are_fine_where_they_mean_something_else() {
        let sources = [
            "const A: &str = \"todo!() #[ignore]\"; // todo!()",
            "#[allow(dead_code, reason = \"read by the derive\")]\nfn a() {}",
            "#[serde(ignore)]\nstruct A;",
            "let todo = 1;",
        ];
        for source in sources {
            assert_eq!(found(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn a_file_that_is_not_rust_is_a_finding() {
        assert_eq!(found("fn a() {").len(), 1);
    }
}
