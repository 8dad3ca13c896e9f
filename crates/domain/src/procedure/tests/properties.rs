//! Whatever the text, the parser answers, loses nothing and can be stored.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::super::{Field, Procedure, file, number_key};
use super::{assert_nothing_lost, record};

/// Pieces of which flattened tables consist.
const PIECES: [&str; 37] = [
    "Hình thức nộpThời gianPhí, lệ phíMô tả",
    "Trực tuyến",
    "Dịch vụ bưu chính",
    "Trực tiếp",
    "Không có thông tin",
    "Miễn phí",
    "5 Ngày làm việc",
    "15 Ngày",
    "1",
    "20",
    "8,000 VNĐ",
    "10 USD",
    "0.1%",
    "(",
    ")",
    " ",
    "\n",
    "Tên giấy tờMẫu đơn, tờ khaiSố lượng",
    "--",
    "1 bản chính",
    ",1 bản sao",
    "Mẫu 01.docx",
    "Tên văn bản pháp lýMã văn bản",
    "123/2015/NĐ-CP",
    "/2026",
    "QH15",
    "Nghị định số ",
    "Mã: ",
    "KQ.G15.000031",
    "Từ khóa",
    "Mô tả",
    "Bước 1: ",
    "Bước 2. ",
    "Công dân Việt Nam, ",
    "#1Tên thủ tục",
    "đ",
    "e\u{301}",
];

/// Far above the time of one pass over the text, far below that of one pass for each piece.
const DEADLINE: Duration = Duration::from_secs(15);

/// Pieces in any order, mixed with arbitrary text.
fn pieces() -> impl Strategy<Value = String> {
    let known = prop::sample::select(&PIECES[..]).prop_map(str::to_owned);
    prop::collection::vec(prop_oneof![4 => known, 1 => "\\PC{0,6}"], 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic_or_lose_a_piece(text in pieces()) {
        let mut parts = vec![(Field::Code, "1.000001"), (Field::Name, "Thủ tục")];
        parts.extend(Field::ALL.iter().skip(2).map(|field| (*field, text.as_str())));
        let parsed = record(&parts).unwrap();
        assert_nothing_lost(&parsed);
        let json = serde_json::to_string(&parsed.procedure).unwrap();
        prop_assert_eq!(serde_json::from_str::<Procedure>(&json).unwrap(), parsed.procedure);
    }

    #[test]
    fn a_file_of_arbitrary_bytes_is_read_to_its_end(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let report = file::read(bytes.as_slice(), |_, _| ());
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.iter().all(u8::is_ascii_whitespace)).count();
        prop_assert_eq!(report.records + report.refused.len() + report.broken_lines.len(), lines);
    }

    #[test]
    fn a_number_key_is_its_own_key(text in "\\PC{0,20}") {
        let key = number_key(&text);
        prop_assert_eq!(number_key(&key), key);
    }
}

/// Text that makes a careless scanner start again from each piece of it.
#[test]
fn long_hostile_text_is_read_within_seconds() {
    let pieces = [
        "Miễn phí((a)",
        "Trực tiếp1Miễn phí",
        "1 (",
        "Trực tuyếnA",
        ".docx",
        "Mã: KQ",
        "12/2020/TT-BTC ",
        "Bước 1: ",
        "1 bản chính",
    ];
    for piece in pieces {
        let body = piece.repeat(20_000);
        let started = Instant::now();
        let tables = [
            (Field::Channels, format!("Trực tiếp1Miễn phí{body}")),
            (Field::Dossier, format!("Tên giấy tờMẫu đơn, tờ khaiSố lượng{body}1 bản chính")),
            (Field::LegalBases, format!("Tên văn bản pháp lýMã văn bản{body}")),
            (Field::Results, body.clone()),
            (Field::Steps, body.clone()),
        ];
        let mut parts = vec![(Field::Code, "1.000001"), (Field::Name, "Thủ tục")];
        parts.extend(tables.iter().map(|(field, text)| (*field, text.as_str())));
        assert_nothing_lost(&record(&parts).unwrap());
        assert!(started.elapsed() < DEADLINE, "{piece}: {:?}", started.elapsed());
    }
}
