//! File names of forms that touch the name of the paper they belong to: `theo Phụ lục II.Mau49.docx`.

use super::scan;

const EXTENSIONS: [&str; 12] =
    [".docx", ".doc", ".pdf", ".xlsx", ".xls", ".pptx", ".rar", ".zip", ".jpg", ".png", ".odt", ".rtf"];

/// More file names than this at the end of one cell are left in the name of the paper.
const MOST_FORMS: usize = 50;

/// Words with which names of forms begin.
const BEGINNINGS: [&str; 13] = [
    "Mẫu",
    "MẪU",
    "mẫu",
    "Mau",
    "MAU",
    "Phụ lục",
    "PHỤ LỤC",
    "Phu luc",
    "Đơn đề nghị",
    "Đơn đăng ký",
    "Tờ khai",
    "Văn bản đề nghị",
    "Biểu mẫu",
];

/// Parts a cell into the name of the paper and the file names at its end. The third value is `false` when where a file
/// name begins is a guess.
pub(super) fn part(cell: &str) -> (String, Vec<String>, bool) {
    let mut name = cell.trim();
    let mut forms = Vec::new();
    let mut clear = true;
    while forms.len() < MOST_FORMS
        && let Some(stem) = stem_length(name)
    {
        let (at, certain) = boundary(scan::split(name, stem).0);
        let (before, form) = scan::split(name, at);
        forms.push(form.trim().to_owned());
        clear &= certain;
        name = before.trim_end();
    }
    forms.reverse();
    (name.to_owned(), forms, clear)
}

/// Bytes before the extension that ends the text.
fn stem_length(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    EXTENSIONS.iter().find_map(|extension| lower.strip_suffix(extension)).map(str::len).filter(|length| *length > 0)
}

/// Where the file name begins that ends the text: after another file, at a word with which names of forms begin, after the
/// last sign that a letter touches, else at the last capital that touches a small letter. Without any of these the last
/// word is taken.
fn boundary(text: &str) -> (usize, bool) {
    let found = after_file(text).or_else(|| at_beginning(text)).or_else(|| at_sign(text)).or_else(|| at_capital(text));
    let word = text.rfind(char::is_whitespace).map_or(0, |at| at + scan::char_at(text, at).map_or(1, char::len_utf8));
    found.map_or((word, false), |at| (at, true))
}

/// At the last of [`BEGINNINGS`] that touches the text before. A hyphen is part of the name, and so are digits unless they
/// are a year.
fn at_beginning(text: &str) -> Option<usize> {
    let touches = |at: &usize| {
        let before = scan::split(text, *at).0;
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        let sign = before.chars().next_back();
        sign.is_some_and(|c| !c.is_whitespace() && !"(-_/“\"".contains(c)) && (digits == 0 || digits == 4)
    };
    BEGINNINGS.iter().filter_map(|word| scan::positions(text, word).filter(touches).last()).max()
}

/// After the last sign that a letter or digit touches.
fn at_sign(text: &str) -> Option<usize> {
    let touches = |(at, c): &(usize, char)| {
        let sign = scan::char_before(text, *at);
        sign.is_some_and(|sign| ".;:),”\"]".contains(sign)) && c.is_alphanumeric() && !is_inside_number(text, *at)
    };
    text.char_indices().rfind(touches).map(|(at, _)| at)
}

/// At the last capital that touches a small letter.
fn at_capital(text: &str) -> Option<usize> {
    let touches =
        |(at, c): &(usize, char)| c.is_uppercase() && scan::char_before(text, *at).is_some_and(char::is_lowercase);
    text.char_indices().rfind(touches).map(|(at, _)| at)
}

/// Behind the last extension inside the text.
fn after_file(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    EXTENSIONS.iter().filter_map(|extension| lower.rfind(extension).map(|at| at + extension.len())).max()
}

/// A point between digits, as in `1.2`.
fn is_inside_number(text: &str, at: usize) -> bool {
    let before = scan::split(text, at).0;
    let point = before.strip_suffix(['.', ',']);
    point.is_some_and(|head| head.ends_with(|c: char| c.is_ascii_digit()))
        && scan::char_at(text, at).is_some_and(|c| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_parted_from_the_paper() {
        let cases: [(&str, &str, &[&str], bool); 10] = [
            ("theo Phụ lục II.Mau49.docx", "theo Phụ lục II.", &["Mau49.docx"], true),
            ("theo quy định;Phụ lục XIX.pdf", "theo quy định;", &["Phụ lục XIX.pdf"], true),
            ("(Mẫu NA9).10-Mẫu NA9.doc", "(Mẫu NA9).", &["10-Mẫu NA9.doc"], true),
            ("tờ khaiMẫu 1.2.DOC", "tờ khai", &["Mẫu 1.2.DOC"], true),
            ("Đơn.a 1.docxb 2.pdf", "Đơn.", &["a 1.docx", "b 2.pdf"], true),
            ("đơn theo mẫu m01.doc", "đơn theo mẫu", &["m01.doc"], false),
            ("Nghị định số 23/2026/NĐ-CPMau04.docx", "Nghị định số 23/2026/NĐ-CP", &["Mau04.docx"], true),
            ("ngày 01/01/2026Mau 3. Don.docx", "ngày 01/01/2026", &["Mau 3. Don.docx"], true),
            ("góp vốn;315Mẫu số 103.docx", "góp vốn;", &["315Mẫu số 103.docx"], true),
            ("Ảnh thẻ", "Ảnh thẻ", &[], true),
        ];
        for (cell, name, forms, clear) in cases {
            let (seen_name, seen_forms, seen_clear) = part(cell);
            assert_eq!((seen_name.as_str(), seen_clear), (name, clear), "{cell}");
            assert_eq!(seen_forms, forms, "{cell}");
        }
    }
}
