//! "Thủ tục liên quan": a table printed twice, once for wide and once for narrow screens.

use super::record::present;
use super::scan;

/// The label before each name in the second printing: `#1Tên thủ tục`.
const LABEL: &str = "Tên thủ tục";

/// The names of related procedures. A text that is not this table is one name.
pub(super) fn read(text: &str) -> Vec<String> {
    let labels: Vec<(usize, usize)> =
        scan::positions(text, "#").filter_map(|at| Some((at, name_start(text, at)?))).collect();
    if labels.is_empty() {
        return present(text).into_iter().collect();
    }
    let ends = labels.iter().skip(1).map(|(at, _)| *at).chain([text.len()]);
    labels.iter().zip(ends).filter_map(|((_, name), end)| present(scan::between(text, *name, end))).collect()
}

/// Where the name begins after `#1Tên thủ tục`.
fn name_start(text: &str, at: usize) -> Option<usize> {
    let digits = scan::digits(scan::after(text, at + 1));
    let label = at + 1 + digits;
    (digits > 0 && scan::after(text, label).starts_with(LABEL)).then(|| label + LABEL.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_from_the_second_printing() {
        let text = "#Tên thủ tục1Cấp giấy A2Cấp giấy B#1Tên thủ tụcCấp giấy A#2Tên thủ tụcCấp giấy B";
        assert_eq!(read(text), ["Cấp giấy A", "Cấp giấy B"]);
        assert_eq!(read("Cấp giấy C"), ["Cấp giấy C"]);
        assert_eq!(read(""), Vec::<String>::new());
    }
}
