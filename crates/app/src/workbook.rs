//! Statements as workbooks for spreadsheets (Office Open XML).

use lienthong_domain::royalty::{Statement, StatementRow};
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use crate::error::Error;

/// Widths of the columns, in characters.
const WIDTHS: [f64; 9] = [5.0, 12.0, 48.0, 20.0, 26.0, 8.0, 18.0, 18.0, 24.0];
/// The row of the heads of the columns, from 0: below the title and a blank line.
const HEAD: u32 = 4;
/// A day as it is written in Vietnam.
const DAY: &str = "dd/mm/yyyy";
/// A sum of money; the separator is that of the reader's language.
const DONG: &str = "#,##0";

/// The formats of the cells.
struct Look {
    title: Format,
    head: Format,
    text: Format,
    day: Format,
    number: Format,
    money: Format,
}

/// The statement as a workbook of one sheet, with a line of sums and what it rests on below. Text is written as text, so that
/// no cell is a formula.
///
/// # Errors
/// [`Error::Internal`] when the workbook cannot be made, as with more rows than a sheet has.
pub fn statement(statement: &Statement) -> Result<Vec<u8>, Error> {
    let mut workbook = Workbook::new();
    let made = write(workbook.add_worksheet(), statement).and_then(|()| workbook.save_to_buffer());
    made.map_err(|error| Error::Internal(format!("the workbook cannot be made: {error}")))
}

fn write(sheet: &mut Worksheet, statement: &Statement) -> Result<(), XlsxError> {
    let look = Look::new();
    sheet.set_name("Nhuận bút")?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    for (line, text) in (0..).zip(&statement.title) {
        sheet.merge_range(line, 0, line, 8, text, &look.title)?;
    }
    for (column, name) in (0..).zip(Statement::COLUMNS) {
        sheet.write_string_with_format(HEAD, column, name, &look.head)?;
    }
    sheet.set_freeze_panes(HEAD + 1, 0)?;
    let mut line = HEAD + 1;
    for row in &statement.rows {
        write_row(sheet, line, row, &look)?;
        line += 1;
    }
    sheet.merge_range(line, 0, line, 6, Statement::SUM, &look.head)?;
    sheet.write_number_with_format(line, 7, money(statement.sum), &look.money)?;
    for (below, basis) in (line + 2..).zip(&statement.legal_bases) {
        sheet.write_string(below, 1, format!("Căn cứ: {basis}"))?;
    }
    Ok(())
}

fn write_row(sheet: &mut Worksheet, line: u32, row: &StatementRow, look: &Look) -> Result<(), XlsxError> {
    let StatementRow { rank, entry: _, published_on, title, class, payee, coefficient, unit_value, amount, note } = row;
    let day = ExcelDateTime::parse_from_str(&published_on.to_string())?;
    sheet.write_number_with_format(line, 0, *rank, &look.number)?;
    sheet.write_datetime_with_format(line, 1, &day, &look.day)?;
    for (column, text) in [(2, title.as_str()), (3, class), (4, payee), (8, note.as_deref().unwrap_or_default())] {
        sheet.write_string_with_format(line, column, text, &look.text)?;
    }
    sheet.write_number_with_format(line, 5, coefficient.number(), &look.number)?;
    sheet.write_number_with_format(line, 6, money(*unit_value), &look.money)?;
    sheet.write_number_with_format(line, 7, money(*amount), &look.money)?;
    Ok(())
}

/// A cell holds numbers to 15 digits; all sums of ours are far below.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
const fn money(dong: i64) -> f64 {
    dong as f64
}

impl Look {
    fn new() -> Self {
        let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_align(FormatAlign::Center),
            head: cell.clone().set_bold().set_text_wrap().set_align(FormatAlign::Center),
            text: cell.clone().set_text_wrap(),
            day: cell.clone().set_num_format(DAY),
            number: cell.clone(),
            money: cell.set_num_format(DONG),
        }
    }
}
