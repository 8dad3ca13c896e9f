//! Small feeds in the language of the portals, and the awkward ones.

use chrono::{DateTime, Utc};
use lienthong_syndication::{
    Attachment, Category, Feed, Image, Item, Origin, Signature, Source, TagUri, Tombstone, absolutise,
};
use url::Url;

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub(crate) fn url(text: &str) -> Url {
    text.parse().unwrap()
}

pub(crate) fn tag(specific: &str) -> TagUri {
    format!("tag:thuongxuan.example.vn,2026:{specific}").parse().unwrap()
}

/// An entry with every optional part absent.
pub(crate) fn bare_item(number: usize, title: &str) -> Item {
    Item {
        id: tag(&format!("entry/{number}")),
        url: url(&format!("https://thuongxuan.example.vn/tin/{number}")),
        title: title.to_owned(),
        summary: String::new(),
        content_html: absolutise("", &url("https://thuongxuan.example.vn/")),
        published: at("2026-11-20T01:00:00Z"),
        updated: at("2026-11-20T01:00:00Z"),
        modified: None,
        author: None,
        office: "UBND xã Thường Xuân".to_owned(),
        categories: vec![],
        image: None,
        attachments: vec![],
        source: None,
        corrects: None,
        corrections: vec![],
        language: "vi".to_owned(),
        origin: None,
    }
}

/// A feed with every optional part absent.
pub(crate) fn bare_feed(items: Vec<Item>) -> Feed {
    Feed {
        id: tag("feed"),
        title: "Trang thông tin điện tử xã Thường Xuân".to_owned(),
        subtitle: String::new(),
        language: "vi".to_owned(),
        self_url: url("https://thuongxuan.example.vn/feed"),
        alternate_url: url("https://thuongxuan.example.vn/"),
        next_url: None,
        hub: None,
        updated: at("2026-11-25T01:00:00Z"),
        generator: "Liên Thông 0.1.0".to_owned(),
        rights: None,
        author: "UBND xã Thường Xuân".to_owned(),
        expired: false,
        items,
        deleted: vec![],
    }
}

/// An ordinary page of a commune's feed: one article of its own, one repost, one withdrawn.
pub(crate) fn feed() -> Feed {
    Feed {
        subtitle: "Tin tức, chỉ đạo điều hành, thủ tục hành chính".to_owned(),
        next_url: Some(url("https://thuongxuan.example.vn/feed?page=2&after=k1")),
        hub: Some(url("https://thuongxuan.example.vn/websub")),
        rights: Some("Ghi rõ nguồn khi phát hành lại thông tin".to_owned()),
        deleted: vec![Tombstone {
            id: tag("entry/9"),
            at: at("2026-11-21T02:30:00Z"),
            by: "UBND xã Thường Xuân".to_owned(),
            comment: "Đăng nhầm lịch tiếp công dân".to_owned(),
        }],
        ..bare_feed(vec![own_article(), repost()])
    }
}

fn own_article() -> Item {
    let html = "<p>Sáng 05/12, Chủ tịch UBND xã <strong>tiếp công dân</strong> &amp; đối thoại.</p>\
                <p><a href=\"/van-ban/12-kh-ubnd\">Kế hoạch 12/KH-UBND</a></p>";
    Item {
        summary: "Lịch tiếp công dân tháng 12: thứ Bảy đầu tháng, từ 7h30.".to_owned(),
        content_html: absolutise(html, &url("https://thuongxuan.example.vn/tin/1")),
        modified: Some(at("2026-11-24T09:15:00Z")),
        author: Some("Lê Thị Hoà".to_owned()),
        categories: vec![
            Category {
                term: "tcd.lich".to_owned(),
                scheme: Some(url("https://thuongxuan.example.vn/topics")),
                label: "Lịch tiếp công dân".to_owned(),
            },
            Category { term: "tiếp dân".to_owned(), scheme: None, label: String::new() },
        ],
        image: Some(Image {
            url: url("https://thuongxuan.example.vn/media/tiep-dan.jpg"),
            media_type: "image/jpeg".to_owned(),
            length: Some(43_120),
            alt: "Bàn tiếp công dân ở trụ sở xã".to_owned(),
            caption: "Một buổi tiếp công dân".to_owned(),
            credit: "Ảnh: Văn phòng UBND xã".to_owned(),
        }),
        attachments: vec![
            attachment("lich-12.pdf", "application/pdf", Some(88_064), "Lịch tháng 12"),
            attachment("loa-xa.mp3", "audio/mpeg", None, "Bản tin loa truyền thanh"),
        ],
        origin: Some(Origin {
            site_url: url("https://thuongxuan.example.vn/"),
            entry: "0193f2c0-0000-7000-8000-000000000001".to_owned(),
            edition: "0193f2c0-0000-7000-8000-0000000000e3".to_owned(),
            signature: Some(Signature { key_id: "2026-1".to_owned(), value: "c2lnbmF0dXJl".to_owned() }),
        }),
        ..bare_item(1, "Lịch tiếp công dân & đối thoại tháng 12")
    }
}

fn repost() -> Item {
    Item {
        content_html: absolutise("<p lang=\"sed\">Ƀă mơ̆i kơ̆ ƀuôn</p>", &url("https://thuongxuan.example.vn/tin/2")),
        source: Some(Source {
            name: "Báo Thanh Hóa".to_owned(),
            url: Some(url("https://bao.example.vn/tin/tet-dong-bao")),
            feed_url: Some(url("https://bao.example.vn/rss/van-hoa.rss")),
            author: Some("Nguyễn Đình Giang".to_owned()),
            published: Some(at("2026-11-18T22:10:00Z")),
        }),
        language: "sed".to_owned(),
        ..bare_item(2, "Tết của đồng bào")
    }
}

fn attachment(file: &str, media_type: &str, length: Option<u64>, title: &str) -> Attachment {
    let url = url(&format!("https://thuongxuan.example.vn/media/{file}"));
    Attachment { url, media_type: media_type.to_owned(), length, title: title.to_owned() }
}

/// Texts that have broken feeds somewhere.
pub(crate) const AWKWARD: [&str; 24] = [
    "",
    " ",
    "Hỏi & đáp: 5 < 6 > 4 \"trích\" 'dẫn'",
    "A &amp; B &lt;b&gt; &#039; gi&aacute; trị",
    "mã ]]> nguồn <![CDATA[ <!-- chú thích -->",
    "</title></item></channel>",
    "bỏ\u{0} các\u{8} ký\u{b} tự\u{1f} điều\u{fffe} khiển\u{ffff}",
    "hai\r\ndòng\rba\tcột\n",
    "🇻🇳 👨\u{200d}👩\u{200d}👧 🏛\u{fe0f}",
    "U\u{309}y ban nha\u{302}n da\u{302}n xa\u{303} Thu\u{31b}o\u{31b}\u{300}ng Xua\u{302}n",
    "o\u{31b}\u{306} ƀ i\u{306} o\u{302}\u{306} Đăk Hà",
    "không\u{a0}tách\u{a0}",
    "\u{feff}đầu tệp",
    "dòng\u{2028}đoạn\u{2029}kế\u{85}tiếp",
    "13/2023/NĐ-\u{421}\u{420}",
    "\u{202e}ngược\u{202c}",
    "\u{7f}\u{80}\u{9f}",
    "\u{300}dấu không có chữ",
    "\u{10ffff}\u{fdd0}",
    "%20 \\u0000 \\n ${x} {{y}}",
    "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"b\">]>&a;",
    "   đầu và cuối   ",
    "javascript:alert(1)",
    "Báo cáo số 1.234,5 tỷ đồng (+12%)",
];

/// One feed in which every awkward text stands in every place.
pub(crate) fn awkward_feed() -> Feed {
    let base = url("https://thuongxuan.example.vn/tin/");
    let item = |(number, text): (usize, &&str)| Item {
        summary: (*text).to_owned(),
        content_html: absolutise(&format!("<p>{text}</p><img src=\"../anh.jpg\" alt=\"{text}\">"), &base),
        author: Some((*text).to_owned()),
        categories: vec![Category { term: (*text).to_owned(), scheme: None, label: format!("Nhãn {text}") }],
        attachments: vec![attachment("a.pdf", "application/pdf", Some(1), text)],
        image: Some(Image {
            url: base.clone(),
            media_type: "image/png".to_owned(),
            length: None,
            alt: (*text).to_owned(),
            caption: (*text).to_owned(),
            credit: (*text).to_owned(),
        }),
        source: Some(Source {
            name: (*text).to_owned(),
            url: None,
            feed_url: Some(base.clone()),
            author: Some((*text).to_owned()),
            published: None,
        }),
        ..bare_item(number, text)
    };
    let items = AWKWARD.iter().enumerate().map(item).collect();
    Feed { title: AWKWARD.concat(), subtitle: AWKWARD.join("\n"), rights: Some(AWKWARD.concat()), ..bare_feed(items) }
}

/// Every example that rules and readers are run on.
pub(crate) fn examples() -> Vec<Feed> {
    vec![feed(), bare_feed(vec![]), bare_feed(vec![bare_item(1, "Tin")]), awkward_feed()]
}
