//! Tables as CSV (RFC 4180: CRLF, quotes where needed), for spreadsheets and programs.

use std::borrow::Cow;

/// Whether a CSV text begins with a byte-order mark: spreadsheets take UTF-8 for something else without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByteOrderMark {
    /// Yes.
    With,
    /// No.
    Without,
}

/// The rows under their columns.
///
/// A cell that a spreadsheet would calculate (it begins with `=`, `+`, `-`, `@`, after white space too, and is no number) gets an apostrophe before
/// it, so that no name typed by somebody runs on the computer of whoever opens the report.
pub fn csv<const N: usize>(
    mark: ByteOrderMark,
    columns: &[&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut text = if mark == ByteOrderMark::With { "\u{feff}".to_owned() } else { String::new() };
    text.push_str(&columns.map(quoted).join(","));
    text.push_str("\r\n");
    for row in rows {
        let cells = row.each_ref().map(|cell| inert(cell));
        text.push_str(&cells.each_ref().map(|cell| quoted(cell)).join(","));
        text.push_str("\r\n");
    }
    text
}

fn inert(cell: &str) -> Cow<'_, str> {
    if cell.trim_start().starts_with(['=', '+', '-', '@']) && cell.parse::<f64>().is_err() {
        return Cow::Owned(format!("'{cell}"));
    }
    Cow::Borrowed(cell)
}

fn quoted(cell: &str) -> Cow<'_, str> {
    if cell.contains(['"', ',', '\r', '\n']) {
        return Cow::Owned(format!("\"{}\"", cell.replace('"', "\"\"")));
    }
    Cow::Borrowed(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_calculate_is_text() {
        let cells =
            ["=HYPERLINK(\"http://x\")", "+84 912", "-5", "@SUM(A1)", "a=b", "-5,5", "\n=1+1"].map(str::to_owned);
        let rows: Vec<[String; 1]> = cells.into_iter().map(|cell| [cell]).collect();
        let expected = "Ô\r\n\"'=HYPERLINK(\"\"http://x\"\")\"\r\n'+84 912\r\n-5\r\n'@SUM(A1)\r\na=b\r\n\"'-5,5\"\r\n\"'\n=1+1\"\r\n";
        assert_eq!(csv(ByteOrderMark::Without, &["Ô"], rows), expected);
    }
}
