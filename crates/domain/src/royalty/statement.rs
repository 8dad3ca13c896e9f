//! The statement of a period, for those who pay, and its renderings as text.

use chrono::NaiveDate;
use serde::Serialize;

use super::rates::{Coefficient, RoyaltyLine};
use crate::ids::{EntryId, RateTableId};
use crate::report::grouped;
use crate::sheet::{self, ByteOrderMark};
use crate::time::Period;

/// A published work with what is paid for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The entry.
    pub entry: EntryId,
    /// Its title as it was last public.
    pub title: String,
    /// The day of its first publication in Vietnam.
    pub published_on: NaiveDate,
    /// By which table.
    pub table: RateTableId,
    /// Value of one unit by that table.
    pub unit_value: i64,
    /// The documents that it rests on.
    pub legal_basis: String,
    /// Who gets what.
    pub lines: Vec<RoyaltyLine>,
}

/// The royalties of a site in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statement {
    /// The lines above the table.
    pub title: [String; 3],
    /// One for each person and work, by day of publication.
    pub rows: Vec<StatementRow>,
    /// Works.
    pub works: usize,
    /// All amounts together, in đồng.
    pub sum: i64,
    /// What it rests on, each document once.
    pub legal_bases: Vec<String>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementRow {
    /// 1, 2, 3 …
    pub rank: u32,
    /// The entry.
    pub entry: EntryId,
    /// Day of first publication.
    pub published_on: NaiveDate,
    /// Title of the work.
    pub title: String,
    /// Name of its class.
    pub class: String,
    /// Who is paid.
    pub payee: String,
    /// The coefficient.
    pub coefficient: Coefficient,
    /// Value of one unit, in đồng.
    pub unit_value: i64,
    /// In đồng.
    pub amount: i64,
    /// Remark.
    pub note: Option<String>,
}

impl Statement {
    /// The columns, as offices head them.
    pub const COLUMNS: [&str; 9] = [
        "TT",
        "Ngày đăng",
        "Tên tác phẩm",
        "Thể loại",
        "Người hưởng",
        "Hệ số",
        "Giá trị đơn vị hệ số (đồng)",
        "Thành tiền (đồng)",
        "Ghi chú",
    ];

    /// What the last line is called.
    pub const SUM: &str = "Tổng cộng";

    /// Puts the works of a period in order.
    pub fn new(site: &str, period: Period, works: Vec<Work>) -> Self {
        let day = |day: NaiveDate| day.format("%d/%m/%Y").to_string();
        let title = [
            "BẢNG KÊ NHUẬN BÚT, THÙ LAO".to_owned(),
            site.to_owned(),
            format!("(Từ {} - {})", day(period.from()), day(period.to())),
        ];
        let mut legal_bases: Vec<String> = Vec::new();
        for work in &works {
            if !legal_bases.contains(&work.legal_basis) {
                legal_bases.push(work.legal_basis.clone());
            }
        }
        let count = works.len();
        let lines = works.into_iter().flat_map(Work::rows);
        let rows: Vec<StatementRow> = (1..).zip(lines).map(|(rank, row)| StatementRow { rank, ..row }).collect();
        let sum = rows.iter().map(|row| row.amount).sum();
        Self { title, rows, works: count, sum, legal_bases }
    }

    /// The table as [CSV](sheet::csv), with a line of sums.
    pub fn to_csv(&self, mark: ByteOrderMark) -> String {
        let sum = ["", "", Self::SUM, "", "", "", "", &self.sum.to_string(), ""].map(str::to_owned);
        sheet::csv(mark, &Self::COLUMNS, self.rows.iter().map(StatementRow::cells).chain([sum]))
    }

    /// The table for people to read, under its title.
    pub fn to_text(&self) -> String {
        let line = |row: &StatementRow| {
            let day = row.published_on.format("%d/%m/%Y");
            let (amount, StatementRow { rank, title, class, payee, coefficient, .. }) = (dong(row.amount), row);
            format!("{rank}. {day} {title}\n   {class}, hệ số {coefficient}: {payee}, {amount}\n")
        };
        let rows: Vec<String> = self.rows.iter().map(line).collect();
        let bases: Vec<String> = self.legal_bases.iter().map(|basis| format!("Căn cứ: {basis}\n")).collect();
        let sum = format!("{}: {}\n", Self::SUM, dong(self.sum));
        format!("{}\n\n{}\n{sum}{}", self.title.join("\n"), rows.concat(), bases.concat())
    }
}

impl StatementRow {
    fn cells(&self) -> [String; 9] {
        let Self { rank, entry: _, published_on, title, class, payee, coefficient, unit_value, amount, note } = self;
        [
            rank.to_string(),
            published_on.to_string(),
            title.clone(),
            class.clone(),
            payee.clone(),
            // A comma in quotes is a number to Vietnamese spreadsheets; a dot is one to programs, which read this.
            coefficient.number().to_string(),
            unit_value.to_string(),
            amount.to_string(),
            note.clone().unwrap_or_default(),
        ]
    }
}

impl Work {
    fn rows(self) -> Vec<StatementRow> {
        let Self { entry, title, published_on, table: _, unit_value, legal_basis: _, lines } = self;
        let row = |line: RoyaltyLine| {
            let RoyaltyLine { class: _, class_name, coefficient, payee, note, amount } = line;
            let (title, class) = (title.clone(), class_name);
            StatementRow { rank: 0, entry, published_on, title, class, payee, coefficient, unit_value, amount, note }
        };
        lines.into_iter().map(row).collect()
    }
}

/// `1.265.000 đồng`.
fn dong(amount: i64) -> String {
    format!("{} đồng", grouped(amount.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::{Timestamp, parse_day};

    fn work(title: &str, payees: &[(&str, f64)]) -> Work {
        let line = |(payee, coefficient): &(&str, f64)| RoyaltyLine {
            class: "tin".to_owned(),
            class_name: "Tin".to_owned(),
            coefficient: Coefficient::of(*coefficient).unwrap(),
            payee: (*payee).to_owned(),
            note: None,
            amount: 126_500,
        };
        Work {
            entry: EntryId::new(Timestamp::from_micros(0)),
            title: title.to_owned(),
            published_on: parse_day("2026-07-05").unwrap(),
            table: RateTableId::new(Timestamp::from_micros(0)),
            unit_value: 253_000,
            legal_basis: "Nghị định 18/2014/NĐ-CP".to_owned(),
            lines: payees.iter().map(line).collect(),
        }
    }

    fn statement(works: Vec<Work>) -> Statement {
        let period = Period::new(parse_day("2026-07-01").unwrap(), parse_day("2026-09-30").unwrap()).unwrap();
        Statement::new("Trang Thông tin điện tử xã Xuân Hải", period, works)
    }

    #[test]
    fn the_statement_lists_every_person_and_sums_up() {
        let statement = statement(vec![
            work("Lịch tiếp công dân", &[("Nguyễn Văn A", 0.5), ("Trần Thị B", 0.5)]),
            work("Ra quân, dọn vệ sinh", &[("Nguyễn Văn A", 0.5)]),
        ]);
        assert_eq!((statement.works, statement.sum, statement.legal_bases.len()), (2, 379_500, 1));
        let csv = statement.to_csv(ByteOrderMark::With);
        let lines: Vec<&str> = csv.split("\r\n").collect();
        assert_eq!(
            lines[0],
            "\u{feff}TT,Ngày đăng,Tên tác phẩm,Thể loại,Người hưởng,Hệ số,Giá trị đơn vị hệ số (đồng),Thành tiền (đồng),Ghi chú"
        );
        assert_eq!(lines[3], "3,2026-07-05,\"Ra quân, dọn vệ sinh\",Tin,Nguyễn Văn A,0.5,253000,126500,");
        assert_eq!(lines[4..], [",,Tổng cộng,,,,,379500,", ""]);
        let text = statement.to_text();
        assert!(text.contains("(Từ 01/07/2026 - 30/09/2026)") && text.contains("Tổng cộng: 379.500 đồng"), "{text}");
    }

    #[test]
    fn no_cell_begins_as_a_formula() {
        for title in ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(\"http://x\",\"y\")"] {
            let csv = statement(vec![work(title, &[(title, 0.5)])]).to_csv(ByteOrderMark::Without);
            let mut reader = csv::Reader::from_reader(csv.as_bytes());
            let row = reader.records().next().unwrap().unwrap();
            for cell in [&row[2], &row[4]] {
                assert_eq!(cell, format!("'{title}"), "{csv}");
            }
        }
    }
}
