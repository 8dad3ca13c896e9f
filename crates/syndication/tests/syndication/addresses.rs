//! `absolutise`, checked against another implementation and by properties.

use ammonia::{Builder, UrlRelative};
use lienthong_syndication::absolutise;
use proptest::prelude::*;

use crate::expected::some_block;
use crate::{demo, generators};

const PAGE: &str = "https://thuongxuan.example.vn/tin/lich-tiep-dan?trang=2";

fn absolute(html: &str) -> String {
    absolutise(html, &demo::url(PAGE)).as_str().to_owned()
}

#[test]
fn addresses_are_resolved_against_the_page() {
    for (given, expected) in [
        ("<a href=\"/van-ban\">x</a>", "<a href=\"https://thuongxuan.example.vn/van-ban\">x</a>"),
        ("<a href=\"tep.pdf\">x</a>", "<a href=\"https://thuongxuan.example.vn/tin/tep.pdf\">x</a>"),
        (
            "<a href=\"#ghi-chu\">1</a>",
            "<a href=\"https://thuongxuan.example.vn/tin/lich-tiep-dan?trang=2#ghi-chu\">1</a>",
        ),
        (
            "<a href=\"?a=1&amp;b=&quot;\">1</a>",
            "<a href=\"https://thuongxuan.example.vn/tin/lich-tiep-dan?a=1&amp;b=%22\">1</a>",
        ),
        ("<a href=\"&#x2F;a&#39;b\">1</a>", "<a href=\"https://thuongxuan.example.vn/a'b\">1</a>"),
        ("<a href=\"//b.example/x\">1</a>", "<a href=\"https://b.example/x\">1</a>"),
        ("<a href=\"http:moc.gov.vn/x\">1</a>", "<a href=\"http://moc.gov.vn/x\">1</a>"),
        ("<a href=\"mailto:ubnd@thuongxuan.example.vn\">1</a>", "<a href=\"mailto:ubnd@thuongxuan.example.vn\">1</a>"),
        ("<a href=\"tel:+842373\">1</a>", "<a href=\"tel:+842373\">1</a>"),
        (
            "<img src=\"../ảnh 1.jpg\" alt=\"a\">",
            "<img src=\"https://thuongxuan.example.vn/%E1%BA%A3nh%201.jpg\" alt=\"a\">",
        ),
        ("<q cite=\"/nguon\">x</q>", "<q cite=\"https://thuongxuan.example.vn/nguon\">x</q>"),
        ("<img src=\"/a.jpg\" srcset=\"/a2.jpg 2x\">", "<img src=\"https://thuongxuan.example.vn/a.jpg\">"),
        ("<a href=\"https://[\">x</a>", "<a>x</a>"),
    ] {
        assert_eq!(absolute(given), expected, "{given}");
    }
}

#[test]
fn everything_but_addresses_stays_as_the_sanitiser_wrote_it() {
    let article = "<h2>Lịch &amp; hẹn</h2><p lang=\"sed\">ơ̆ ƀ&nbsp;ĭ 5 &lt; 6</p><ul><li title=\"&quot;x&quot;\">1</li></ul>\
                   <table><tbody><tr><td colspan=\"2\">a<br>b</td></tr></tbody></table><pre>\n\n  x\n</pre>";
    assert_eq!(absolute(article), article);
}

#[test]
fn what_was_never_html_becomes_harmless_text() {
    assert_eq!(absolute("a < b && c > d"), "a &lt; b &amp;&amp; c &gt; d");
    assert_eq!(absolute("x<!-- y -->z<!DOCTYPE html>"), "xz");
    assert_eq!(absolute("a&#1;b\u{0}c"), "abc");
    assert_eq!(absolute("\u{feff}a"), "\u{feff}a");
    assert_eq!(absolute("<script>a</script>"), "<script>a</script>", "absolutise does not sanitise");
}

#[test]
fn text_has_one_line_per_block() {
    for (html, text) in [
        ("", ""),
        ("<p>Sáng <b>05</b>/12</p>\n<p>Chiều&nbsp;06 &amp; tối</p>", "Sáng 05/12\nChiều\u{a0}06 & tối"),
        ("a<br>b<hr>c", "a\nb\nc"),
        ("<ul>\n <li>một</li>\n <li>hai</li>\n</ul>", "một\nhai"),
        ("<table><tr><td>TT</td><td>1</td></tr><tr><th>2</th><td>3</td></tr></table>", "TT 1\n2 3"),
        ("<img src=\"/a\" alt=\"b\"> x <wbr>y", "x y"),
        ("phân<wbr>đoạn", "phânđoạn"),
        ("5 &lt; 6 &lt;b&gt;", "5 < 6 <b>"),
    ] {
        assert_eq!(absolutise(html, &demo::url(PAGE)).to_text(), text, "{html}");
    }
}

/// The sanitiser's own library, which rewrites while it sanitises.
fn by_ammonia(html: &str, relative: UrlRelative<'_>) -> String {
    Builder::default().url_relative(relative).clean(html).to_string()
}

proptest! {
    #[test]
    fn another_implementation_resolves_alike(html in generators::html()) {
        // The other one knows no `cite`, and takes a leading U+FEFF for the byte order mark of a file.
        let html = html.replace("blockquote", "div").replace('\u{feff}', "");
        let sanitised = by_ammonia(&html, UrlRelative::PassThrough);
        let theirs = by_ammonia(&sanitised, UrlRelative::RewriteWithBase(demo::url(PAGE)));
        prop_assert_eq!(absolute(&sanitised), some_block(&theirs).unwrap_or_default());
    }

    #[test]
    fn no_relative_address_is_left(html in generators::html()) {
        let html = absolute(&html);
        prop_assert_eq!(by_ammonia(&html, UrlRelative::Deny), by_ammonia(&html, UrlRelative::PassThrough));
    }

    #[test]
    fn resolving_twice_changes_nothing(html in generators::html()) {
        let once = absolute(&by_ammonia(&html, UrlRelative::PassThrough));
        prop_assert_eq!(absolute(&once), once);
    }
}
