//! Times and fees of real procedures at commune level (June and July 2026), checked by hand.

use super::super::{ChannelTable, Currency, Discrepancy, Field, Level, Method, TimeUnit};
use super::record;

const HEADER: &str = "Hình thức nộpThời gianPhí, lệ phíMô tả";
/// Code, rows of the table, what they say.
const PROCEDURES: [(&str, &str, &[&str]); 22] = [
    (
        "1.013978",
        "Trực tuyến17 Ngày làm việcMiễn phí(Theo Luật phí và lệ phí.)Dịch vụ bưu chính20 Ngày làm việcMiễn phíTrực tiếp27 Ngày làm việcMiễn phí",
        &["online 17 working days, free", "post 20 working days, free", "in person 27 working days, free"],
    ),
    (
        "1.004222",
        "Trực tuyến7 Ngày làm việc10,000 Việt Nam ĐồngTrực tiếp7 Ngày làm việc20,000 Việt Nam Đồng",
        &["online 7 working days, 10000 VND", "in person 7 working days, 20000 VND"],
    ),
    (
        "1.004194",
        "Trực tuyến3 Ngày làm việc7,000 Việt Nam Đồng(thu 7.000 đồng/lần đăng ký.)- Nộp hồ sơ trực tuyến qua Cổng.Trực tiếp3 Ngày làm việc10,000 Việt Nam Đồng",
        &["online 3 working days, 7000 VND", "in person 3 working days, 10000 VND"],
    ),
    (
        "1.002755",
        "Trực tuyến3 Ngày làm việc5,000 Việt Nam ĐồngTrực tiếp3 Ngày làm việc10,000 Việt Nam Đồng",
        &["online 3 working days, 5000 VND", "in person 3 working days, 10000 VND"],
    ),
    (
        "1.001193",
        "Trực tuyến1Miễn phíDịch vụ bưu chính1Miễn phíTrực tiếp1Miễn phí",
        &["online 1 without unit, free", "post 1 without unit, free", "in person 1 without unit, free"],
    ),
    (
        "1.000894",
        "Trực tuyến1Miễn phí(Phí cấp bản sao theo Thông tư số 281/2016/TT-BTC)Trực tiếp1Miễn phí",
        &["online 1 without unit, free", "in person 1 without unit, free"],
    ),
    (
        "1.004884",
        "Trực tuyến5Miễn phí(Theo quy định của Hội đồng nhân dân cấp tỉnh)Trực tiếp5Miễn phí",
        &["online 5 without unit, free", "in person 5 without unit, free"],
    ),
    (
        "1.004873",
        "Trực tuyến3Miễn phíDịch vụ bưu chính3Miễn phí",
        &["online 3 without unit, free", "post 3 without unit, free"],
    ),
    ("1.004837", "Trực tiếp3 Ngày làm việcMiễn phí", &["in person 3 working days, free"]),
    ("1.003583", "Trực tiếp5 Ngày làm việcMiễn phí", &["in person 5 working days, free"]),
    (
        "2.000635",
        "Trực tuyếnKhông có thông tin8,000 VNĐTrực tiếpKhông có thông tin8,000 VNĐ",
        &["online no time, 8000 VND", "in person no time, 8000 VND"],
    ),
    ("2.001023", "Trực tiếp15 NgàyMiễn phí", &["in person 15 days, free"]),
    (
        "2.000815",
        "Trực tiếpKhông có thông tin2,000 Việt Nam Đồng(/trang; từ trang thứ 3 thu 1.000 đồng/trang, tối đa 200.000 đồng/bản; 2.000 đồng/trang đầu)Trực tiếpKhông có thông tin10 USD(/bản)Tại cơ quan đại diện.",
        &["in person no time, 2000 VND", "in person no time, 10 USD"],
    ),
    (
        "2.000884",
        "Trực tiếpKhông có thông tin10,000 Việt Nam Đồng(/trường hợp)Tại Ủy ban nhân dân cấp xã.Trực tiếpKhông có thông tin10 USD(/bản)",
        &["in person no time, 10000 VND", "in person no time, 10 USD"],
    ),
    ("2.001019", "Trực tiếpKhông có thông tin50,000 Việt Nam Đồng(/di chúc)", &["in person no time, 50000 VND"]),
    (
        "2.001263",
        "Trực tuyếnKhông có thông tin400,000 Việt Nam Đồng(Lệ phí: 400.000 Đồng (Miễn với trẻ khuyết tật))Cách thức thực hiện: Nộp trực tiếp",
        &["online no time, 400000 VND"],
    ),
    ("1.003197", "Trực tuyến5 Ngày làm việcKhông có thông tin", &["online 5 working days, no fee"]),
    (
        "1.010028",
        "Trực tuyến2 Ngày làm việcKhông có thông tin-Nộp hồ sơ trực tuyến như: Trực tuyến qua Cổng.Trực tiếp2 Ngày làm việcKhông có thông tin",
        &["online 2 working days, no fee", "in person 2 working days, no fee"],
    ),
    (
        "1.001612",
        "Trực tuyếnKhông có thông tin150,000 Việt Nam ĐồngDịch vụ bưu chínhKhông có thông tin150,000 Việt Nam ĐồngTrực tiếpKhông có thông tin50,000 VNĐ",
        &["online no time, 150000 VND", "post no time, 150000 VND", "in person no time, 50000 VND"],
    ),
    ("2.000720", "Trực tuyến1Miễn phí", &["online 1 without unit, free"]),
    (
        "1.013225",
        "Trực tuyến20 NgàyMiễn phíDịch vụ bưu chính20 NgàyMiễn phíTrực tiếp15 NgàyMiễn phí",
        &["online 20 days, free", "post 20 days, free", "in person 15 days, free"],
    ),
    (
        "1.011607",
        "Dịch vụ bưu chính15 NgàyMiễn phíTrực tiếp15 NgàyMiễn phí",
        &["post 15 days, free", "in person 15 days, free"],
    ),
];

/// Rows as "online 17 working days, free".
fn summary(table: &ChannelTable) -> Vec<String> {
    let row = |row: &super::Channel| {
        let method = match row.method {
            Method::Online => "online",
            Method::Post => "post",
            Method::InPerson => "in person",
        };
        let time = row.time.as_ref().map_or("no time".to_owned(), |time| {
            let value = time.value.map_or_else(|| time.verbatim.clone(), |value| value.to_string());
            let unit = match time.unit {
                Some(TimeUnit::WorkingDay) => "working days",
                Some(TimeUnit::Day) => "days",
                Some(TimeUnit::Hour) => "hours",
                Some(_) => "other",
                None => "without unit",
            };
            format!("{value} {unit}")
        });
        let fee = row.fees.first().map_or("no fee".to_owned(), |fee| match (fee.amount, fee.currency) {
            (Some(amount), Some(Currency::Vnd)) => format!("{amount} VND"),
            (Some(amount), Some(Currency::Usd)) => format!("{amount} USD"),
            _ if fee.free => "free".to_owned(),
            _ => fee.verbatim.clone(),
        });
        format!("{method} {time}, {fee}")
    };
    table.rows.iter().map(row).collect()
}

fn channels(rows: &str) -> ChannelTable {
    let parsed =
        record(&[(Field::Code, "1.000000"), (Field::Name, "Thủ tục"), (Field::Channels, &format!("{HEADER}{rows}"))])
            .unwrap();
    assert_eq!(parsed.not_understood, [], "{rows}");
    super::assert_nothing_lost(&parsed);
    parsed.procedure.channels
}

#[test]
fn times_and_fees_of_real_procedures_are_read_per_channel() {
    for (code, rows, expected) in PROCEDURES {
        assert_eq!(summary(&channels(rows)), expected, "{code}");
    }
}

#[test]
fn contradictions_between_columns_and_words_are_kept_and_flagged() {
    let cases: [(&str, &str, Discrepancy); 5] = [
        (
            "1.002755: the column says 5,000, the text 7.000",
            "Trực tuyến3 Ngày làm việc5,000 Việt Nam Đồng(thu 7.000 đồng/lần đăng ký)",
            Discrepancy::FeeDiffers {
                column: "5,000 Việt Nam Đồng(thu 7.000 đồng/lần đăng ký)".to_owned(),
                text: vec!["7.000 đồng".to_owned()],
            },
        ),
        (
            "1.000656: free, yet the fee is set by the Council",
            "Trực tiếp1Miễn phí(Mức lệ phí do Hội đồng nhân dân cấp tỉnh quy định)",
            Discrepancy::FreeButSetByCouncil,
        ),
        (
            "2.001023: 15 days in the column, 15 working days in the text",
            "Trực tiếp15 NgàyMiễn phí15 ngày làm việc kể từ ngày nhận đủ hồ sơ",
            Discrepancy::TimeUnitDiffers { column: "15 Ngày".to_owned(), text: "15 ngày làm việc".to_owned() },
        ),
        (
            "free, yet priced",
            "Trực tiếp3 NgàyMiễn phíLệ phí: 300.000 đồng",
            Discrepancy::FreeButPriced { text: vec!["300.000 đồng".to_owned()] },
        ),
        (
            "another time",
            "Trực tiếp25 NgàyMiễn phí18 ngày, kể từ ngày nhận đủ hồ sơ",
            Discrepancy::TimeDiffers { column: "25 Ngày".to_owned(), text: "18 ngày".to_owned() },
        ),
    ];
    for (what, rows, expected) in cases {
        let table = channels(rows);
        assert_eq!(table.rows.first().unwrap().discrepancies, [expected], "{what}");
    }
    assert_eq!(channels("Trực tiếp3 Ngày làm việc7,000 VNĐ(7.000 đồng/lần)").rows[0].discrepancies, []);
}

#[test]
fn digits_that_run_together_are_parted_or_reported() {
    let cases = [
        ("Trực tuyến120 VNĐ", "online 1 without unit, 20 VND", 0),
        ("Trực tiếp1100,000 VNĐ", "in person 1 without unit, 100000 VND", 0),
        ("Trực tiếp48Miễn phí", "in person 48 without unit, free", 0),
        ("Trực tuyến0Miễn phí", "online 0 without unit, free", 0),
        ("Dịch vụ bưu chính125 VNĐ", "post 1 without unit, 25 VND", 1),
        ("Trực tuyến8,000 VNĐ", "online no time, 8000 VND", 0),
    ];
    for (row, expected, reported) in cases {
        let table = format!("{HEADER}{row}");
        let parts = [(Field::Code, "1.000000"), (Field::Name, "A"), (Field::Channels, table.as_str())];
        let parsed = record(&parts).unwrap();
        assert_eq!(summary(&parsed.procedure.channels), [expected]);
        assert_eq!(parsed.not_understood.len(), reported, "{row}");
    }
}

#[test]
fn a_time_in_words_is_kept_and_a_channel_name_in_a_sentence_starts_no_row() {
    let table = channels(
        "Trực tuyếnKhông phải trả kết quả cho người nộp thuếMiễn phíNộp Trực tiếp 05 ngày, Trực tuyến: qua Cổng.Trực tiếpKhôngMiễn phí",
    );
    assert_eq!(
        summary(&table),
        ["online Không phải trả kết quả cho người nộp thuế without unit, free", "in person Không without unit, free"]
    );
    assert_eq!(table.rows[0].description.as_deref(), Some("Nộp Trực tiếp 05 ngày, Trực tuyến: qua Cổng."));
}

#[test]
fn a_whole_record_is_read() {
    let parsed = record(&[
        (Field::Code, "1.001193.000.00.00.H56"),
        (Field::Name, " Thủ tục đăng ký khai sinh\n"),
        (Field::Decision, "163/QD-BTP"),
        (Field::Levels, "Cấp xã"),
        (Field::ImplementingAgency, "Không có thông tin"),
        (Field::Steps, "Bước 1: Nộp hồ sơ.\nBước 2: Trả kết quả."),
        (Field::Results, "Giấy khai sinhMã: KQ.G15.000031Từ khóaKhông có thông tinMô tảKhông có thông tin"),
        (Field::SourceUrl, "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7"),
    ])
    .unwrap();
    let procedure = parsed.procedure;
    assert_eq!(parsed.not_understood, []);
    assert_eq!((procedure.code.as_str(), procedure.agency_suffix.as_deref()), ("1.001193", Some("000.00.00.H56")));
    assert_eq!(procedure.name, "Thủ tục đăng ký khai sinh");
    assert_eq!(procedure.decision.unwrap().key, "163/QD-BTP");
    assert_eq!(procedure.levels.into_iter().collect::<Vec<_>>(), [Level::Commune]);
    assert_eq!((procedure.agencies.implementing, procedure.keywords, procedure.description), (None, None, None));
    assert_eq!(procedure.steps.steps.len(), 2);
    assert_eq!(procedure.results[0].code.as_deref(), Some("KQ.G15.000031"));
    assert_eq!(procedure.provenance.source_id.unwrap().to_string(), "019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7");
}

#[test]
fn what_is_no_procedure_is_refused_with_its_record() {
    let name = (Field::Name, "Đăng ký");
    let refused = [
        record(&[name]),
        record(&[(Field::Code, "C08_XPHCDB"), name]),
        record(&[(Field::Code, "1.000001")]),
        record(&[(Field::Code, "1.000001"), (Field::Name, "Công bố  Danh mục thủ tục\nhành chính")]),
    ];
    for result in refused {
        assert!(!result.unwrap_err().raw.as_map().is_empty());
    }
}
