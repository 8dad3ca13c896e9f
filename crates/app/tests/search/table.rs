//! What a reader finds: a table of searches and their answers, the same on every database and however the index
//! came to be.

use lienthong_domain::article::ArticleInput;
use lienthong_test_support::{TestApp, both_databases};
use unicode_normalization::UnicodeNormalization as _;

use crate::harness::{Feed, catch_up, found, minute, node, portal, temporary, up_to_date};

/// Key, title, summary, body; oldest first. The title of `i` is written in normal form D, `m` has Cyrillic letters.
const ARTICLES: [[&str; 4]; 15] = [
    ["a", "Lịch tiếp công dân tháng 7 của Chủ tịch UBND xã Xuân Hải", "", "<p>Địa điểm: trụ sở xã.</p>"],
    [
        "b",
        "Quyết định 739/QĐ-UBND về danh mục thông tin công khai",
        "",
        "<p>Ngày 02/7/2024, Ủy ban nhân dân tỉnh ban hành danh mục.</p>",
    ],
    ["c", "Thanh Hoá và Hà Tĩnh ký kết hợp tác", "Hai tỉnh hợp tác về du lịch", "<p></p>"],
    ["d", "Đan Trường làm đường giao thông nông thôn", "", "<p>Xã về đích NTM nâng cao.</p>"],
    ["e", "Kỳ họp thứ mười của HĐND huyện", "", "<p>Đại biểu chất vấn về đất đai.</p>"],
    ["f", "Cải cách thủ tục hành chính tại xã Cổ Đạm", "", "<p>Nộp hồ sơ trực tuyến.</p>"],
    ["g", "Biến đổi khí hậu và nước biển dâng", "", "<ul><li>Đê biển</li><li>Rừng ngập mặn</li></ul>"],
    ["h", "Đồng bào Ea H'Leo và M’Drắk đón Tết", "", "<p>Văn nghệ</p>"],
    ["i", "Lễ hội Thuỷ Tiên ở Thuỵ Lôi", "", "<p>Uỷ ban nhân dân xã tổ chức.</p>"],
    ["j", "Water plant opens in Co Dam", "", "<p>Clean water for 900 households.</p>"],
    [
        "k",
        "Giá điện 2.079 đồng một số",
        "",
        "<p>T&ocirc;m &amp; c&aacute; tăng giá; <b>H</b>ương <i>Sơn</i> được mùa.<br>Cam bù</p>",
    ],
    ["l", "Nghị định 13/2023/NĐ-CP về bảo vệ dữ liệu cá nhân", "", "<p>Có hiệu lực từ 01/7/2023.</p>"],
    ["m", "Nghị định 42/2022/NĐ-СР về thông tin trên mạng", "", "<p>Thay thế văn bản cũ.</p>"],
    ["n", "Tập huấn CNTT cho cán bộ, công chức", "", "<p>Ba ngày.</p>"],
    [
        "o",
        "Ứng dụng công nghệ thông tin trong trường THCS",
        "",
        "<a href=\"https://tai-lieu.gov.vn/bimat\" title=\"chú giải\">Xem</a>",
    ],
];

/// A search and the keys of what it finds, latest first.
const SEARCHES: [(&str, &str); 130] = [
    // With and without marks, case, order.
    ("tiếp công dân", "a"),
    ("tiep cong dan", "a"),
    ("TIẾP CÔNG DÂN", "a"),
    ("tie\u{302}\u{301}p co\u{302}ng da\u{302}n", "a"),
    ("dân công tiếp", "a"),
    ("tiep  tiep\ttiếp", "a"),
    ("biến đổi khí hậu", "g"),
    ("bien doi khi hau", "g"),
    ("nước biển dâng", "g"),
    ("nuoc bien dang", "g"),
    ("rừng", "g"),
    ("công", "onba"),
    ("xã", "ifda"),
    ("xa", "ifda"),
    ("và", "hgc"),
    ("tỉnh", "cb"),
    ("du lịch", "c"),
    ("giá", "k"),
    ("trường", "od"),
    ("thông tin", "omb"),
    ("water", "j"),
    ("WATER plant", "j"),
    ("cổ đạm", "jf"),
    ("co dam", "jf"),
    // đ and d, and the Icelandic letter that looks like it.
    ("đường", "d"),
    ("duong", "d"),
    ("Đường", "d"),
    ("Ðường", "d"),
    ("ðường", "d"),
    ("đan trường", "d"),
    ("dan truong", "d"),
    ("DAN TRUONG", "d"),
    // Old and new tone placement.
    ("thanh hoá", "c"),
    ("thanh hóa", "c"),
    ("thanh hoa", "c"),
    ("THANH HOÁ", "c"),
    ("hoà", "c"),
    ("thuỷ tiên", "i"),
    ("thủy tiên", "i"),
    ("thuy tien", "i"),
    ("Thụy Lôi", "i"),
    ("Thuỵ Lôi", "i"),
    ("thu\u{309}y", "i"),
    // Highland names.
    ("Ea H'Leo", "h"),
    ("Ea H’Leo", "h"),
    ("ea hleo", "h"),
    ("M'Drắk", "h"),
    ("mdrak", "h"),
    // Abbreviations, both ways.
    ("UBND", "iba"),
    ("ubnd", "iba"),
    ("Uỷ ban nhân dân", "iba"),
    ("ủy ban nhân dân", "iba"),
    ("uy ban nhan dan", "iba"),
    ("UBND xã", "ia"),
    ("UBND tỉnh", "b"),
    ("uy ban nhan dan tinh", "b"),
    ("HĐND", "e"),
    ("hdnd", "e"),
    ("hội đồng nhân dân", "e"),
    ("hoi dong nhan dan huyen", "e"),
    ("TTHC", "f"),
    ("thủ tục hành chính", "f"),
    ("CCHC", ""),
    ("cải cách hành chính", "f"),
    ("NTM", "d"),
    ("nông thôn mới", "d"),
    ("CNTT", "on"),
    ("công nghệ thông tin", "on"),
    ("THCS", "o"),
    ("trung học cơ sở", "o"),
    ("cán bộ công chức", "n"),
    ("CBCC", "n"),
    ("CĐS", "f"),
    ("chuyển đổi số", "f"),
    // Document numbers.
    ("739/QĐ-UBND", "b"),
    ("739/QÐ-UBND", "b"),
    ("739 qd ubnd", "b"),
    ("QĐ-UBND 739", "b"),
    ("qd 739", "b"),
    ("quyết định 739", "b"),
    ("739", "b"),
    ("73", ""),
    ("quyết định", "b"),
    ("NĐ-CP", "ml"),
    ("NĐ-СР", "ml"),
    ("13/2023/NĐ-CP", "l"),
    ("13/2023/nd-cp", "l"),
    ("42/2022/NĐ-CP", "m"),
    ("nghị định", "ml"),
    ("nghị định 42", "m"),
    ("2.079", "k"),
    ("2 079", "k"),
    ("7", "lba"),
    // Phrases.
    ("\"tiếp công dân\"", "a"),
    ("“tiep cong dan”", "a"),
    ("\"công tiếp dân\"", ""),
    ("\"thanh hoá và\"", "c"),
    ("\"đan trường\"", "d"),
    ("\"ủy ban nhân dân\"", "ib"),
    ("\"UBND\"", "ba"),
    ("\"công nghệ thông tin\"", "o"),
    ("\"739/QĐ-UBND\"", "b"),
    ("\"739 UBND\"", ""),
    ("\"thông tin\" công", "ob"),
    ("\"biển rừng\"", "g"),
    ("\"tác hai\"", ""),
    ("\"cổ đạm nộp\"", ""),
    ("\"tiếp công dân", "a"),
    // HTML: entities, elements within and between words, attributes.
    ("tôm cá", "k"),
    ("Hương Sơn", "k"),
    ("\"hương sơn\"", "k"),
    ("\"mùa cam bù\"", "k"),
    ("bimat", ""),
    ("chú giải", ""),
    ("href", ""),
    // What is query syntax elsewhere is text here.
    ("AND OR NOT", ""),
    ("title:đường", ""),
    ("đường*", "d"),
    ("-đường", "d"),
    ("+(đường)", "d"),
    ("đường^2", ""),
    ("/đường/", "d"),
    ("\\đường", "d"),
    ("đ?ường", ""),
    ("[a TO z]", ""),
    ("🙂 đường", "d"),
    ("đường\u{0}giao", "d"),
    ("\u{200b}đường\u{feff}", "d"),
    ("'; DROP TABLE live_entry; --", ""),
    ("Đà Nẵng", ""),
];

fn input(app: &TestApp, [key, title, summary, body]: [&str; 4]) -> ArticleInput {
    let title = if key == "i" { title.nfd().collect() } else { title.to_owned() };
    ArticleInput {
        title,
        summary: summary.to_owned(),
        body: body.to_owned(),
        language: (key == "j").then(|| "en".to_owned()),
        tags: if key == "f" { vec!["Chuyển đổi số".to_owned()] } else { vec![] },
        ..app.input(1, key)
    }
}

fn keys(titles: &[String]) -> String {
    let key = |title: &String| ARTICLES.iter().find(|article| article[1] == title).unwrap()[0];
    titles.iter().map(key).collect()
}

both_databases! {
    async fn every_search_of_the_table_finds_the_same_on_an_index_that_followed_and_on_one_built_later(db: TestDb) {
        let app = portal(db, &temporary()).await;
        let feed = Feed::start(&app.app);
        // Out of order, so that neither the log nor the ids give the order of the lists.
        let mut order: Vec<_> = (0..).zip(ARTICLES).collect();
        order.rotate_left(5);
        order.swap(0, 9);
        for (number, article) in order {
            let draft = app.draft_of(1, input(&app, article), minute(0)).await;
            app.publish(&draft, minute(number)).await;
        }
        up_to_date(&app).await;
        feed.stop().await;
        let built = node(&app.db, &temporary()).await;
        catch_up(&built).await;
        for (text, expected) in SEARCHES {
            assert_eq!(keys(&found(&app, text).await), expected, "followed: {text}");
            assert_eq!(keys(&found(&built, text).await), expected, "built: {text}");
        }
    }
}
