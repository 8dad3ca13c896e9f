//! Sitemaps: rules, limits and reading back.

use chrono::{DateTime, TimeDelta, Utc};
use lienthong_syndication::sitemap::{
    Location, MAX_ADDRESSES, MAX_BYTES, MAX_NEWS, News, Publication, SitemapError, render_index, render_news,
    render_urlset,
};
use proptest::prelude::*;
use roxmltree::Document;

use crate::expected::line;
use crate::rules::{broken_in_xml, children, is, text};
use crate::sitemap_rules::{NEWS, RULES, SITEMAP, locations, news};
use crate::{demo, generators};

const NOW: &str = "2026-11-25T01:00:00Z";

pub(crate) fn pages(number: usize) -> Vec<Location> {
    let modified = Some(demo::at("2026-11-20T01:00:00.5Z"));
    (0..number)
        .map(|n| Location { url: demo::url(&format!("https://thuongxuan.example.vn/tin/{n}?a='1'&b=2")), modified })
        .collect()
}

pub(crate) fn publication() -> Publication {
    Publication { name: "Trang thông tin điện tử xã Thường Xuân".to_owned(), language: "vi-VN".to_owned() }
}

pub(crate) fn article(number: usize, age: TimeDelta) -> News {
    News {
        url: demo::url(&format!("https://thuongxuan.example.vn/tin/{number}")),
        title: "Hỏi & đáp về ]]> thủ tục".to_owned(),
        published: demo::at(NOW) - age,
        modified: None,
    }
}

fn read(xml: &str) -> Vec<(String, Option<DateTime<Utc>>)> {
    let document = Document::parse(xml).unwrap();
    let entry = |entry: roxmltree::Node<'_, '_>| {
        let value = |name| children(entry, (SITEMAP, name)).next().map(|node| text(node).to_owned());
        (value("loc").unwrap(), value("lastmod").map(|at| at.parse().unwrap()))
    };
    document.root_element().children().map(entry).collect()
}

#[test]
fn pages_and_sitemaps_are_listed_with_their_true_time_of_change() {
    let mut given = pages(3);
    given[1].modified = None;
    let time = Some(demo::at("2026-11-20T01:00:00Z"));
    let expected: Vec<_> = given.iter().zip([time, None, time]).map(|(l, time)| (l.url.to_string(), time)).collect();
    for xml in [render_urlset(&given).unwrap(), render_index(&given).unwrap()] {
        assert_eq!(broken_in_xml(RULES, &xml), [""; 0]);
        assert_eq!(read(&xml), expected);
    }
}

#[test]
fn a_full_sitemap_is_accepted_and_one_address_more_is_not() {
    let mut given = pages(MAX_ADDRESSES);
    assert_eq!(broken_in_xml(RULES, &render_urlset(&given).unwrap()), [""; 0]);
    given.extend(pages(1));
    let error = SitemapError::TooMany { count: MAX_ADDRESSES + 1, most: MAX_ADDRESSES };
    assert_eq!((render_urlset(&given), render_index(&given)), (Err(error.clone()), Err(error)));
}

#[test]
fn a_sitemap_over_fifty_megabytes_is_refused() {
    let long = demo::url(&format!("https://thuongxuan.example.vn/{}", "a".repeat(2_000)));
    let given = vec![Location { url: long, modified: None }; 27_000];
    assert!(matches!(render_urlset(&given), Err(SitemapError::TooLarge(size)) if size > MAX_BYTES));
}

#[test]
fn addresses_that_the_protocol_forbids_are_refused() {
    let of_length = |length: usize| demo::url(&format!("{:a<length$}", "https://thuongxuan.example.vn/"));
    let (longest, long) = (of_length(2_047), of_length(2_048));
    let foreign = demo::url("http://thuongxuan.example.vn/tin/1");
    let with = |url: &url::Url| [pages(1), vec![Location { url: url.clone(), modified: None }]].concat();
    assert_eq!(render_urlset(&[]), Err(SitemapError::Empty));
    assert_eq!(render_index(&[]), Err(SitemapError::Empty));
    assert!(render_urlset(&with(&longest)).is_ok());
    assert_eq!(render_urlset(&with(&long)), Err(SitemapError::AddressTooLong(long)));
    assert_eq!(render_urlset(&with(&foreign)), Err(SitemapError::ForeignHost(foreign.clone())));
    assert!(render_index(&with(&foreign)).is_ok());
}

#[test]
fn news_are_the_articles_of_the_last_two_days() {
    let second = TimeDelta::seconds(1);
    let ages = [TimeDelta::zero(), TimeDelta::days(2), TimeDelta::days(2) + second, -second];
    let given: Vec<_> = ages.iter().enumerate().map(|(number, age)| article(number, *age)).collect();
    let xml = render_news(&publication(), &given, demo::at(NOW)).unwrap();
    assert_eq!(broken_in_xml(RULES, &xml), [""; 0]);
    let document = Document::parse(&xml).unwrap();
    assert_eq!(locations(&document).collect::<Vec<_>>(), [given[0].url.as_str(), given[1].url.as_str()]);
    let value = |name| document.descendants().find(|node| is(*node, (NEWS, name))).map(text);
    assert_eq!(value("name"), Some("Trang thông tin điện tử xã Thường Xuân"));
    assert_eq!(value("language"), Some("vi"));
    assert_eq!(value("title"), Some("Hỏi & đáp về ]]> thủ tục"));
    assert_eq!(value("publication_date"), Some(NOW));
}

#[test]
fn a_site_without_news_has_an_empty_sitemap() {
    let xml = render_news(&publication(), &[article(1, TimeDelta::days(9))], demo::at(NOW)).unwrap();
    assert_eq!(broken_in_xml(RULES, &xml), [""; 0]);
    assert_eq!(read(&xml), []);
}

#[test]
fn a_thousand_news_are_accepted_and_one_more_is_not() {
    let mut given: Vec<_> = (0..MAX_NEWS).map(|number| article(number, TimeDelta::hours(1))).collect();
    let xml = render_news(&publication(), &given, demo::at(NOW)).unwrap();
    assert_eq!(broken_in_xml(RULES, &xml), [""; 0]);
    given.push(article(MAX_NEWS, TimeDelta::days(3)));
    assert!(render_news(&publication(), &given, demo::at(NOW)).is_ok(), "an old article does not count");
    given.push(article(MAX_NEWS, TimeDelta::hours(2)));
    let error = SitemapError::TooMany { count: MAX_NEWS + 1, most: MAX_NEWS };
    assert_eq!(render_news(&publication(), &given, demo::at(NOW)), Err(error));
}

#[test]
fn the_two_days_before_the_beginning_of_time_are_no_problem() {
    assert!(render_news(&publication(), &[], DateTime::<Utc>::MIN_UTC).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_address_and_title_is_read_back_unchanged(url in generators::url(), title in generators::text()) {
        let name = title.clone();
        let article = News { url: url.clone(), title: title.clone(), ..article(1, TimeDelta::hours(1)) };
        let xml = render_news(&Publication { name, ..publication() }, &[article], demo::at(NOW)).unwrap();
        prop_assert_eq!(broken_in_xml(RULES, &xml), [""; 0]);
        let document = Document::parse(&xml).unwrap();
        prop_assert_eq!(locations(&document).collect::<Vec<_>>(), [url.as_str()]);
        let titles: Vec<_> = news(&document).flat_map(|n| children(n, (NEWS, "title"))).map(text).collect();
        prop_assert_eq!(titles, [line(&title)]);
    }
}

#[test]
fn the_checker_notices_each_broken_rule() {
    let sound =
        render_news(&publication(), &[article(1, TimeDelta::hours(1)), article(2, TimeDelta::hours(2))], demo::at(NOW));
    let sound = sound.unwrap().replacen("</loc>", "</loc><lastmod>2026-11-25T01:00:00Z</lastmod>", 1);
    assert_eq!(broken_in_xml(RULES, &sound), [""; 0]);
    for (from, to, rule) in [
        ("</urlset>", "<sitemap><loc>https://thuongxuan.example.vn/</loc></sitemap></urlset>", 0),
        ("<loc>https:", "<loc>", 3),
        ("<lastmod>2026-11-25T01:00:00Z", "<lastmod>25/11/2026", 4),
        ("<loc>https:", "<loc>http:", 5),
        ("<news:title>", "<news:title/><news:title>", 7),
        ("<news:language>vi<", "<news:language>vi-VN<", 8),
        ("<news:publication_date>", "<news:publication_date>lúc ", 9),
    ] {
        let broken = broken_in_xml(RULES, &sound.replacen(from, to, 1));
        assert!(broken.contains(&RULES[rule].0), "{from} -> {to} goes unnoticed: {broken:?}");
    }
}
