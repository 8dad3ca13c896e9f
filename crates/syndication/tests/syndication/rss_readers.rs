//! RSS as `rss`, `feed-rs` and `feedparser-rs` read it.

use ::rss::Channel;
use ::rss::validation::Validate as _;
use chrono::{DateTime, Utc};
use lienthong_syndication::{Feed, Item, rss};
use proptest::prelude::*;

use crate::expected::{categories, line, second, shown_as_html, some_block, some_line};
use crate::{by_feedparser, demo, generators};

/// Id, title, link, date, summary, content and categories of an item.
type Read =
    (String, Option<String>, String, DateTime<Utc>, Option<String>, Option<String>, Vec<(String, Option<String>)>);

fn model(item: &Item) -> Read {
    let summary = some_block(&item.summary).map(|summary| shown_as_html(&summary));
    let categories = categories(item).into_iter().map(|(_, scheme, label)| (label, scheme)).collect();
    let content = some_block(item.content_html.as_str());
    (
        item.id.to_string(),
        some_line(&item.title),
        item.url.to_string(),
        second(item.published),
        summary,
        content,
        categories,
    )
}

fn by_rss(item: &::rss::Item) -> Read {
    let categories = item.categories().iter().map(|c| (c.name.clone(), c.domain.clone())).collect();
    let published = DateTime::parse_from_rfc2822(item.pub_date().unwrap()).unwrap().to_utc();
    let (summary, content) = (item.description().map(str::to_owned), item.content().map(str::to_owned));
    let title = item.title().map(str::to_owned).filter(|title| !title.is_empty());
    (
        item.guid().unwrap().value.clone(),
        title,
        item.link().unwrap().to_owned(),
        published,
        summary,
        content,
        categories,
    )
}

fn by_feed_rs(entry: &feed_rs::model::Entry) -> Read {
    let categories = entry.categories.iter().map(|c| (c.term.clone(), c.scheme.clone())).collect();
    let content = entry.content.clone().and_then(|content| content.body);
    let summary = entry.summary.clone().map(|summary| summary.content);
    let title = entry.title.clone().map(|title| title.content);
    (entry.id.clone(), title, entry.links[0].href.clone(), entry.published.unwrap(), summary, content, categories)
}

fn by_feedparser(read: by_feedparser::Read) -> Read {
    let by_feedparser::Read { id, title, link, published, updated: _, summary, mut content, tags } = read;
    let tags = tags.into_iter().map(|(term, scheme, _)| (term, scheme)).collect();
    let title = title.filter(|title| !title.is_empty());
    (id.unwrap(), title, link.unwrap(), published.unwrap(), summary, content.pop(), tags)
}

fn assert_read_back(feed: &Feed) {
    let xml = rss::render(feed);
    let items: Vec<_> = feed.items.iter().map(model).collect();
    let channel = Channel::read_from(xml.as_bytes()).unwrap();
    channel.validate().unwrap();
    assert_eq!(channel.items().iter().map(by_rss).collect::<Vec<_>>(), items);
    assert_channel(feed, &channel);
    for (item, read) in feed.items.iter().zip(channel.items()) {
        assert_details(item, read);
    }
    let parsed = feed_rs::parser::parse(xml.as_bytes()).unwrap();
    assert_eq!(parsed.entries.iter().map(by_feed_rs).collect::<Vec<_>>(), items);
    assert_eq!(parsed.updated, Some(second(feed.updated)));
    assert_eq!(parsed.title.map(|title| title.content), some_line(&feed.title));
    let (parsed, read) = by_feedparser::read(&xml);
    let filled = |(id, title, link, published, summary, content, categories): Read| {
        let summary = by_feedparser::summary(summary, content.as_ref());
        (id, title, link, published, summary, content, categories)
    };
    let filled = items.into_iter().map(filled).collect::<Vec<_>>();
    assert_eq!(read.into_iter().map(by_feedparser).collect::<Vec<_>>(), filled);
    assert_eq!((parsed.feed.updated, parsed.feed.title), (Some(second(feed.updated)), Some(line(&feed.title))));
}

fn assert_channel(feed: &Feed, channel: &Channel) {
    assert_eq!(channel.title(), line(&feed.title));
    assert_eq!(channel.link(), feed.alternate_url.as_str());
    assert_eq!(channel.description(), some_line(&feed.subtitle).unwrap_or_else(|| line(&feed.title)));
    assert_eq!(channel.language(), Some(feed.language.as_str()));
    assert_eq!(channel.copyright(), feed.rights.as_deref().and_then(some_line).as_deref());
    let links = &channel.atom_ext().unwrap().links;
    let links: Vec<_> = links.iter().map(|link| (link.rel.as_str(), link.href.as_str())).collect();
    let optional = [("next", &feed.next_url), ("hub", &feed.hub)];
    let optional = optional.iter().filter_map(|(rel, url)| Some((*rel, url.as_ref()?.as_str())));
    assert_eq!(links, [("self", feed.self_url.as_str())].into_iter().chain(optional).collect::<Vec<_>>());
}

fn assert_details(item: &Item, read: &::rss::Item) {
    let dublin_core = read.dublin_core_ext().cloned().unwrap_or_default();
    assert_eq!(dublin_core.creators, Vec::from_iter(some_line(&item.office)));
    assert_eq!(dublin_core.contributors, Vec::from_iter(item.author.as_deref().and_then(some_line)));
    let enclosed = item.attachments.iter().find(|file| file.length.is_some());
    let enclosed = enclosed.map(|f| (f.url.to_string(), f.length.unwrap().to_string(), f.media_type.clone()));
    assert_eq!(read.enclosure().map(|e| (e.url.clone(), e.length.clone(), e.mime_type.clone())), enclosed);
    let source = item.source.as_ref().and_then(|source| Some((source.feed_url.as_ref()?.as_str(), &source.name)));
    let source = source.map(|(url, name)| (url, some_line(name)));
    assert_eq!(read.source().map(|s| (s.url(), s.title().map(str::to_owned).filter(|t| !t.is_empty()))), source);
    let article = item.source.as_ref().and_then(|source| source.url.as_ref());
    assert_eq!(dublin_core.sources, Vec::from_iter(article.map(ToString::to_string)));
}

#[test]
fn other_parsers_read_the_examples_from_rss_unchanged() {
    demo::examples().iter().for_each(assert_read_back);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn other_parsers_read_any_feed_from_rss_unchanged(feed in generators::feed()) {
        assert_read_back(&feed);
    }
}
