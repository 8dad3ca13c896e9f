//! What a started server prints.

use super::{DemoTokens, Sockets};
use crate::cli::Place;
use crate::cli::output::line;
use crate::config::Config;
use crate::http::{Bound, PAGES};
use crate::version::VERSION_AND_COMMIT;

/// Prints where everything is. The sockets take connections from here on. `on` is where the content lies.
pub(super) fn print(config: &Config, (on, place): (&str, &Place), sockets: &Sockets, demo: Option<&DemoTokens>) {
    line(format!("Liên Thông {VERSION_AND_COMMIT} on {on}"));
    for bound in &sockets.public {
        line(format!("  {:<12} {}/{}", "listening", bound.url(), reach(bound)));
    }
    let base = base(config, sockets);
    for (what, path) in PAGES {
        line(format!("  {what:<12} {base}{path}"));
    }
    for bound in &sockets.figures {
        line(format!("  {:<12} {}/metrics", "figures", bound.url()));
    }
    if let Some(tokens) = demo {
        demo_pages(&base, place, tokens);
    }
    line("Ctrl+C stops it.");
}

/// What there is to see of the demo.
fn demo_pages(base: &str, place: &Place, DemoTokens { editor, writer }: &DemoTokens) {
    line(format!("  {:<12} {base}/feeds/units/nghi-xuan.atom", "feed"));
    line(format!("  {:<12} {base}/v1/reports/articles?unit=nghi-xuan&from=2024-01-01&to=2024-07-07", "report"));
    line(format!("  {:<12} {}", "", report_command(place)));
    line(format!("  {:<12} Authorization: Bearer {editor}", "demo editor"));
    line(format!("  {:<12} Authorization: Bearer {writer}", "demo writer"));
    line(
        "  The writer writes, the editor approves, publishes and reads the report, whose address needs the editor's token; \
         nobody publishes their own texts.",
    );
    line(
        "  The sites of today's communes take new articles, such as tiendien.hatinh.example; the former district's are closed.",
    );
    line("  The tokens are valid for two hours; GraphiQL takes one under Headers.");
}

/// The same report from the command line, by the program as it was called: it need not be in PATH.
fn report_command(place: &Place) -> String {
    let program = std::env::args_os().next().unwrap_or_else(|| "lienthong".into());
    let report = "report articles --unit nghi-xuan --from 2024-01-01 --to 2024-07-07";
    let words = std::iter::once(program.to_string_lossy().into_owned());
    let words = words.chain(report.split(' ').map(str::to_owned)).chain(place.options());
    words.map(|word| quoted(&word)).collect::<Vec<_>>().join(" ")
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./:@=,+".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// The address under which clients reach this server: the configured one, or else the first socket. Without a slash at
/// its end.
pub(super) fn base(config: &Config, sockets: &Sockets) -> String {
    let configured = config.server.public_url.as_ref().map(ToString::to_string);
    let base = configured.or_else(|| sockets.public.first().map(Bound::url)).unwrap_or_default();
    base.trim_end_matches('/').to_owned()
}

/// Beyond the address of this machine that is printed.
fn reach(bound: &Bound) -> &'static str {
    match (bound.address.ip().is_unspecified(), bound.address.is_ipv6()) {
        (false, _) => "",
        (true, false) => " and every other IPv4 address of this machine",
        (true, true) => " and every other address of this machine",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_command_are_quoted_where_a_shell_needs_it() {
        let table = [
            ("target/release/lienthong", "target/release/lienthong"),
            ("/srv/dữ-liệu", "/srv/dữ-liệu"),
            ("/srv/du lieu", "'/srv/du lieu'"),
            ("it's", r"'it'\''s'"),
            ("", "''"),
        ];
        for (word, shown) in table {
            assert_eq!(quoted(word), shown);
        }
    }
}
