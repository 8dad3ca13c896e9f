//! The count of articles that district offices attach to their letters, and its renderings.
//!
//! What counts is decided where the figures are read; here they are ranked and written down.

use std::cmp::Reverse;

use serde::Serialize;

use crate::ids::SiteId;
use crate::sheet::{self, ByteOrderMark};
use crate::text::collation_key;
use crate::time::Period;

/// Articles per site in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArticleReport {
    /// The two lines above the table.
    pub title: [String; 2],
    /// The sites, most articles first; equal counts in Vietnamese order of their labels.
    pub rows: Vec<ReportRow>,
    /// Articles of all sites together.
    pub sum: u64,
}

/// One site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReportRow {
    /// 1, 2, 3 …; equal counts are numbered on, as the letters do.
    pub rank: u32,
    /// The site.
    pub site: SiteId,
    /// Its name.
    pub label: String,
    /// Its articles.
    pub total: u64,
}

const COLUMNS: [&str; 3] = ["TT", "Trang", "Tổng số"];

impl ArticleReport {
    /// Ranks the counts of a period.
    pub fn new(period: Period, counts: impl IntoIterator<Item = (SiteId, String, u64)>) -> Self {
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_cached_key(|(site, label, total)| (Reverse(*total), collation_key(label), *site));
        let sum = counts.iter().map(|(_, _, total)| total).sum();
        let rows = (1..).zip(counts).map(|(rank, (site, label, total))| ReportRow { rank, site, label, total });
        Self { title: title(period), rows: rows.collect(), sum }
    }

    /// The table as plain text, in columns, under its title.
    pub fn to_text(&self) -> String {
        let cells: Vec<[String; 3]> = std::iter::once(COLUMNS.map(str::to_owned))
            .chain(self.rows.iter().map(|row| [row.rank.to_string(), row.label.clone(), grouped(row.total)]))
            .collect();
        let [first, second, third] =
            [0, 1, 2].map(|column| cells.iter().filter_map(|row| row.get(column)).map(|cell| width(cell)).max());
        let [first, second, third] = [first, second, third].map(Option::unwrap_or_default);
        let line = |[rank, label, total]: &[String; 3]| {
            let gap = " ".repeat(second.saturating_sub(width(label)));
            format!("{rank:<first$}  {label}{gap}  {total:>third$}")
        };
        let lines: Vec<String> = cells.iter().map(line).collect();
        format!("{}\n\n{}\n", self.title.join("\n"), lines.join("\n"))
    }

    /// The table as [CSV](sheet::csv). Numbers are plain digits, for programs to read.
    pub fn to_csv(&self, mark: ByteOrderMark) -> String {
        let row = |ReportRow { rank, site: _, label, total }: &ReportRow| {
            [rank.to_string(), label.clone(), total.to_string()]
        };
        sheet::csv(mark, &COLUMNS, self.rows.iter().map(row))
    }
}

/// A number with a dot between groups of three digits: `2.079`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

fn title(period: Period) -> [String; 2] {
    let day = |day: chrono::NaiveDate| day.format("%d/%m/%Y").to_string();
    [
        "THỐNG KÊ SỐ LƯỢNG BÀI VIẾT TRÊN CỔNG/TRANG TTĐT".to_owned(),
        format!("(Từ {} - {})", day(period.from()), day(period.to())),
    ]
}

/// Columns a text takes in a terminal: stored text is in normal form C, where a Vietnamese letter is one character.
fn width(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::{Timestamp, parse_day};

    fn period() -> Period {
        Period::new(parse_day("2024-01-01").unwrap(), parse_day("2024-07-07").unwrap()).unwrap()
    }

    fn report(counts: &[(&str, u64)]) -> ArticleReport {
        let site = |n: usize| SiteId::new(Timestamp::from_micros(i64::try_from(n).unwrap()));
        let counts = counts.iter().enumerate().map(|(n, (label, total))| (site(n), (*label).to_owned(), *total));
        ArticleReport::new(period(), counts)
    }

    #[test]
    fn the_text_is_the_table_of_the_letter() {
        let report = report(&[
            ("Trang Thông tin điện tử xã Xuân Mỹ", 64),
            ("Trang Thông tin điện tử xã Xuân Viên", 0),
            ("Trang Thông tin điện tử xã Cổ Đạm", 64),
            ("Cổng thông tin điện tử huyện", 2_079),
        ]);
        let expected = "\
THỐNG KÊ SỐ LƯỢNG BÀI VIẾT TRÊN CỔNG/TRANG TTĐT
(Từ 01/01/2024 - 07/07/2024)

TT  Trang                                 Tổng số
1   Cổng thông tin điện tử huyện            2.079
2   Trang Thông tin điện tử xã Cổ Đạm          64
3   Trang Thông tin điện tử xã Xuân Mỹ         64
4   Trang Thông tin điện tử xã Xuân Viên        0
";
        assert_eq!(report.to_text(), expected);
        assert_eq!(report.sum, 2_207);
    }

    #[test]
    fn a_report_without_sites_is_an_empty_table() {
        assert_eq!(report(&[]).to_csv(ByteOrderMark::Without), "TT,Trang,Tổng số\r\n");
        assert!(report(&[]).to_text().ends_with("\n\nTT  Trang  Tổng số\n"));
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (2_079, "2.079"), (10_000, "10.000"), (1_234_567, "1.234.567")] {
            assert_eq!(grouped(number), text);
        }
    }

    proptest! {
        #[test]
        fn any_label_reads_back_from_the_csv(labels in prop::collection::vec("[a-zĐạ \",\r\n]{1,12}", 1..5)) {
            let counts: Vec<(&str, u64)> = labels.iter().map(|label| (label.as_str(), 7)).collect();
            let report = report(&counts);
            let csv = report.to_csv(ByteOrderMark::With);
            let mut reader = csv::Reader::from_reader(csv.strip_prefix('\u{feff}').unwrap().as_bytes());
            let read: Vec<String> = reader.records().map(|row| row.unwrap()[1].to_owned()).collect();
            prop_assert_eq!(read, report.rows.iter().map(|row| row.label.clone()).collect::<Vec<_>>());
        }
    }
}
