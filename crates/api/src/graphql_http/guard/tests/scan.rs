use proptest::prelude::*;

use super::*;
use crate::graphql_http::guard::lexer::{SourceStats, scan, scan_counting};

fn stats(source: &str) -> (u64, u64) {
    let SourceStats { tokens, nesting } = scan(source, &Limits::default()).unwrap();
    (tokens, nesting)
}

#[test]
fn tokens_are_counted_by_the_rules_of_the_specification() {
    let table = [
        ("", (0, 0)),
        ("{a}", (3, 1)),
        ("{ a, b ,\t\u{feff}c\r\n}", (5, 1)),
        ("# only {{{{ a comment", (0, 0)),
        ("{a # {{{\n}", (3, 1)),
        ("{a(b:\"{{{\\\"{{{\")}", (8, 2)),
        ("{a(b:\"\"\"{{{\"\\\"\"\"{{{\"\"\")}", (8, 2)),
        ("{a(b:\"\")}", (8, 2)),
        ("{a(b:\"# no comment\")}", (8, 2)),
        ("{a(b:[-1.5e+3,2])}", (11, 3)),
        ("{a(b:[1-1-1])}", (12, 3)),
        ("{...F}", (4, 1)),
        ("query($a:[[Int!]!]=1@d){a}", (20, 3)),
    ];
    for (source, expected) in table {
        assert_eq!(stats(source), expected, "{source}");
    }
}

#[test]
fn a_string_that_is_not_closed_stops_the_scan() {
    for source in ["{a(b:\"", "{a(b:\"x\n\")}", "{a(b:\"\\", "{a(b:\"\"\"x\")}", "{a(b:\"\"\"\"", "\"\"\"\\\"\"\""] {
        assert_eq!(scan(source, &Limits::default()), Err(GuardError::UnterminatedString), "{source}");
    }
}

#[test]
fn the_scan_stops_at_the_limit_and_not_at_the_end() {
    let brackets = "{a".repeat(30_000);
    let (result, looked_at) = scan_counting(&brackets, &Limits::default());
    assert_eq!(result.unwrap_err().code(), Code::DocumentTooNested);
    assert!(looked_at < 100, "{looked_at} bytes");

    let many = "a ".repeat(30_000);
    let (result, looked_at) = scan_counting(&many, &Limits::default());
    assert_eq!(result.unwrap_err().code(), Code::DocumentTooManyTokens);
    assert!(looked_at < 8_100, "{looked_at} bytes");

    let large = " ".repeat(64 * 1024 + 1);
    let (result, looked_at) = scan_counting(&large, &Limits::default());
    assert_eq!((result.unwrap_err().code(), looked_at), (Code::DocumentTooLarge, 0));
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics_and_is_looked_at_once(source in ".{0,200}", syntax in "[{}\\[\\]()\"\\\\#.\n a1-]{0,60}") {
        for text in [&source, &syntax] {
            let (_, looked_at) = scan_counting(text, &Limits::default());
            prop_assert!(looked_at <= text.len());
            let _ = crate::graphql_http::document::parse(text, &Limits::default());
        }
    }
}
