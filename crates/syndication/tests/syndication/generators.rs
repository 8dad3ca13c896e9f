//! Feeds with any text anywhere.

use chrono::{DateTime, Utc};
use lienthong_syndication::{
    Attachment, Category, ContentHtml, Feed, Image, Item, Mention, Origin, Signature, Source, Tombstone, absolutise,
};
use proptest::option::of as option;
use proptest::prelude::*;
use proptest::sample::select;
use url::Url;

use crate::demo::{self, AWKWARD};

/// Any characters, mixed with what has broken feeds before.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![any::<char>().prop_map(String::from), select(&AWKWARD[..]).prop_map(str::to_owned)];
    prop::collection::vec(fragment, 0..5).prop_map(|fragments| fragments.concat())
}

/// HTML of the shape that a sanitiser lets through, with relative and absolute addresses, or no HTML at all.
pub(crate) fn html() -> impl Strategy<Value = String> {
    let address = select(
        &["/a b?x=1&y=2#z", "../tệp.pdf", "#ghi-chu", "", "//b.example/c", "https://c.example/d", "mailto:x@y.vn"][..],
    );
    let fragment = prop_oneof![
        text(),
        (address.clone(), text()).prop_map(|(to, text)| format!("<a href=\"{to}\" title='{text}'>{text}</a>")),
        address.prop_map(|to| format!("<blockquote cite={to:?}><img src=\"{to}\" srcset=\"{to} 2x\"></blockquote>")),
        text().prop_map(|text| format!("<p>{text}</p><br/>")),
    ];
    prop::collection::vec(fragment, 0..4).prop_map(|fragments| fragments.concat())
}

pub(crate) fn url() -> impl Strategy<Value = Url> {
    (select(&["https://xã.example.vn", "http://a.example:8080"][..]), text()).prop_map(|(host, path)| {
        let mut url = demo::url(host);
        url.set_path(&path);
        url.set_query(Some(&format!("q={path}&r='1'")));
        url
    })
}

fn content() -> impl Strategy<Value = ContentHtml> {
    html().prop_map(|html| absolutise(&html, &demo::url("https://thuongxuan.example.vn/tin/1")))
}

/// 1900 to 2100, to the microsecond.
fn time() -> impl Strategy<Value = DateTime<Utc>> {
    (-2_208_988_800_000_000_i64..4_102_444_800_000_000)
        .prop_map(|micros| DateTime::from_timestamp_micros(micros).unwrap())
}

fn category() -> impl Strategy<Value = Category> {
    (text(), option(url()), text()).prop_map(|(term, scheme, label)| Category { term, scheme, label })
}

fn media_type() -> impl Strategy<Value = String> {
    select(&["image/jpeg", "application/pdf", "audio/mpeg"][..]).prop_map(str::to_owned)
}

fn image() -> impl Strategy<Value = Image> {
    (url(), media_type(), option(0..1_u64 << 62), [text(), text(), text()]).prop_map(
        |(url, media_type, length, [alt, caption, credit])| Image { url, media_type, length, alt, caption, credit },
    )
}

fn attachment() -> impl Strategy<Value = Attachment> {
    (url(), media_type(), option(0..1_u64 << 62), text()).prop_map(|(url, media_type, length, title)| Attachment {
        url,
        media_type,
        length,
        title,
    })
}

fn source() -> impl Strategy<Value = Source> {
    (text(), option(url()), option(url()), option(text()), option(time()))
        .prop_map(|(name, url, feed_url, author, published)| Source { name, url, feed_url, author, published })
}

fn origin() -> impl Strategy<Value = Origin> {
    (url(), text(), text(), option((text(), text()))).prop_map(|(site_url, entry, edition, signed)| {
        let signature = signed.map(|(key_id, value)| Signature { key_id, value });
        Origin { site_url, entry, edition, signature }
    })
}

fn mention() -> impl Strategy<Value = Mention> {
    (any::<u32>(), url(), text(), time()).prop_map(|(number, url, title, published)| {
        let id = demo::tag(&format!("mentioned/{number}"));
        Mention { id, url, title, published }
    })
}

fn item() -> impl Strategy<Value = Item> {
    let texts = (text(), text(), option(text()), text(), select(&["vi", "sed", "en-US", ""][..]));
    let times = (time(), time(), option(time()));
    let lists = (prop::collection::vec(category(), 0..3), prop::collection::vec(attachment(), 0..3));
    let parts = (option(image()), option(source()), option(origin()));
    let mentions = (option(mention()), prop::collection::vec(mention(), 0..2));
    (texts, times, lists, (parts, mentions), (url(), content())).prop_map(
        |((title, summary, author, office, language), times, lists, (parts, mentions), (url, content_html))| Item {
            url,
            summary,
            content_html,
            published: times.0,
            updated: times.1,
            modified: times.2,
            author,
            office,
            categories: lists.0,
            attachments: lists.1,
            image: parts.0,
            source: parts.1,
            origin: parts.2,
            corrects: mentions.0,
            corrections: mentions.1,
            language: language.to_owned(),
            ..demo::bare_item(0, &title)
        },
    )
}

fn tombstone() -> impl Strategy<Value = Tombstone> {
    (any::<u32>(), time(), text(), text()).prop_map(|(number, at, by, comment)| {
        let id = demo::tag(&format!("gone/{number}"));
        Tombstone { id, at, by, comment }
    })
}

/// Feeds with distinct ids and an author who has a name.
pub(crate) fn feed() -> impl Strategy<Value = Feed> {
    let texts = (text(), text(), option(text()), text(), text());
    let urls = (url(), url(), option(url()), option(url()));
    let lists = (prop::collection::vec(item(), 0..4), prop::collection::vec(tombstone(), 0..2));
    (texts, urls, lists, time(), any::<bool>()).prop_map(|(texts, urls, (mut items, deleted), updated, expired)| {
        for (number, item) in items.iter_mut().enumerate() {
            item.id = demo::tag(&format!("entry/{number}"));
        }
        Feed {
            title: texts.0,
            subtitle: texts.1,
            rights: texts.2,
            generator: texts.3,
            author: format!("UBND {}", texts.4),
            self_url: urls.0,
            alternate_url: urls.1,
            next_url: urls.2,
            hub: urls.3,
            updated,
            expired,
            deleted,
            ..demo::bare_feed(items)
        }
    })
}
