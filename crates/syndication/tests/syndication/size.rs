//! Rendering costs what its output costs.

use lienthong_syndication::{Feed, Item, absolutise, atom, jsonfeed, rss};

use crate::demo;

/// Fifty articles of about three kilobytes, an ordinary page of a feed.
fn page() -> Feed {
    let paragraph = "<p>Ủy ban nhân dân xã <a href=\"/tin/1\">thông báo</a> lịch tiếp công dân \"định kỳ\" tháng 12.</p>\n";
    let item = |number| Item {
        content_html: absolutise(&paragraph.repeat(22), &demo::url("https://thuongxuan.example.vn/")),
        ..demo::bare_item(number, "Lịch tiếp công dân tháng 12")
    };
    demo::bare_feed((0..50).map(item).collect())
}

#[test]
fn a_page_is_written_into_one_buffer_that_never_grows() {
    let (small, large) = (demo::feed(), page());
    for render in [rss::render, atom::render, jsonfeed::render] {
        for feed in [&small, &large] {
            let document = render(feed);
            assert!(document.capacity() < 3 * document.len() + 10_000, "{} of {}", document.len(), document.capacity());
        }
    }
}
