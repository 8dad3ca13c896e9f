//! The index against a plain scan over the same texts.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use uuid::Uuid;

use lienthong_domain::article::ArticleKind;
use lienthong_domain::entry::EntryKind;
use lienthong_domain::ids::{CategoryId, EntryId, SiteId, TopicId};
use lienthong_domain::scope::{Place, Placement, ScopeKey, Subject};
use lienthong_domain::text::fold;
use lienthong_domain::time::Timestamp;
use lienthong_persistence::live_entries::{Key, Listing, Order, Part};
use lienthong_persistence::live_texts::LiveText;

use super::disk::{Changed, Disk, SearchError, SearchPlace};
use super::{TextQuery, View};
use lienthong_domain::change::LogPosition;

/// Words in several spellings each; the words themselves fold to different things.
const WORDS: [&[&str]; 8] = [
    &["hoá", "hóa", "HOÁ", "hoa\u{301}", "hoa"],
    &["đường", "Ðường", "duong", "ĐƯỜNG", "đươ\u{300}ng"],
    &["xã", "xa", "Xa\u{303}"],
    &["thuỵ", "thụy", "THUY"],
    &["739", "739"],
    &["QĐ", "qd", "Qđ"],
    &["H'Leo", "h’leo", "hleo"],
    &["nước", "NUOC", "nươ\u{301}c"],
];

const NOW: Timestamp = Timestamp::from_micros(100);

#[derive(Debug, Clone)]
struct Doc {
    number: u8,
    site: u8,
    category: u8,
    kind: ArticleKind,
    english: bool,
    texts: [Vec<&'static str>; 4],
    published: i64,
    updated: i64,
    expired: bool,
}

#[derive(Debug, Clone)]
struct Search {
    words: Vec<&'static str>,
    phrase: Vec<&'static str>,
}

#[derive(Debug, Clone)]
struct Filter {
    site: Option<u8>,
    categories: Vec<u8>,
    kind: Option<ArticleKind>,
    english: Option<bool>,
    from: Option<i64>,
    to: Option<i64>,
    order: Order,
}

fn word() -> impl Strategy<Value = &'static str> {
    (select(&WORDS[..]), any::<Index>()).prop_map(|(spellings, at)| spellings[at.index(spellings.len())])
}

fn text(most: usize) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(word(), 0..most)
}

fn kind() -> impl Strategy<Value = ArticleKind> {
    select(&[ArticleKind::News, ArticleKind::Photo][..])
}

prop_compose! {
    fn doc()(
        (number, site, category) in (0_u8..40, 0_u8..2, 0_u8..3),
        (kind, english, expired) in (kind(), any::<bool>(), prop::bool::weighted(0.1)),
        texts in [text(4), text(4), text(12), text(2)],
        (published, updated) in (0_i64..6, 0_i64..6),
    ) -> Doc {
        Doc { number, site, category, kind, english, texts, published, updated, expired }
    }
}

prop_compose! {
    fn filter()(
        site in prop::option::of(0_u8..2),
        categories in prop::collection::vec(0_u8..3, 0..3),
        kind in prop::option::weighted(0.2, kind()),
        english in prop::option::weighted(0.2, any::<bool>()),
        (from, to) in (prop::option::weighted(0.2, 0_i64..6), prop::option::weighted(0.2, 0_i64..6)),
        order in select(&[Order::Published, Order::Updated][..]),
    ) -> Filter {
        Filter { site, categories, kind, english, from, to, order }
    }
}

fn search() -> impl Strategy<Value = Search> {
    let one = (prop::collection::vec(word(), 0..3), prop::collection::vec(word(), 0..3));
    one.prop_filter("a search has a word", |(words, phrase)| !(words.is_empty() && phrase.is_empty()))
        .prop_map(|(words, phrase)| Search { words, phrase })
}

/// Equal numbers give equal ids of any type.
fn id(number: u8) -> Uuid {
    Uuid::from_u128(u128::from(number) << 70 | u128::from(number % 3))
}

impl Doc {
    fn entry(&self) -> EntryId {
        EntryId::from_uuid(id(self.number))
    }

    fn language(&self) -> &'static str {
        if self.english { "en" } else { "vi" }
    }

    fn time(&self, order: Order) -> Timestamp {
        Timestamp::from_micros(match order {
            Order::Published => self.published,
            Order::Updated => self.updated,
        })
    }

    fn live(&self) -> LiveText {
        let [title, summary, body, tag] = self.texts.each_ref().map(|words| words.join(" "));
        let category = CategoryId::from_uuid(id(self.category));
        let site = SiteId::from_uuid(id(self.site));
        let placement = Placement { site, units: vec![], categories: vec![category], topics: Vec::new() };
        LiveText {
            entry: self.entry(),
            article_kind: Some(self.kind),
            category: Some(category),
            topic: Some(TopicId::from_uuid(id(9))),
            language: self.language().to_owned(),
            title,
            summary,
            tags: vec![tag],
            html: format!("<p>{}</p>", body.replacen(' ', "</p>\n<p lang=\"vi\">", 1)),
            published_at: Timestamp::from_micros(self.published),
            updated_at: Timestamp::from_micros(self.updated),
            visible_until: self.expired.then_some(NOW),
            scopes: placement.scopes(&[]),
        }
    }

    fn meets(&self, filter: &Filter, search: &Search) -> bool {
        let at = self.time(filter.order).as_micros();
        let parts: Vec<Vec<String>> = self.texts.iter().map(|text| folded(text)).collect();
        let occurs = |word: &String| parts.iter().any(|part| part.contains(word));
        let phrase = folded(&search.phrase);
        let follows = |part: &Vec<String>| part.windows(phrase.len()).any(|words| words == phrase);
        !self.expired
            && filter.site.is_none_or(|site| site == self.site)
            && (filter.categories.is_empty() || filter.categories.contains(&self.category))
            && filter.kind.is_none_or(|kind| kind == self.kind)
            && filter.english.is_none_or(|english| english == self.english)
            && filter.from.is_none_or(|from| from <= at)
            && filter.to.is_none_or(|to| at < to)
            && folded(&search.words).iter().all(occurs)
            && (phrase.is_empty() || parts.iter().any(follows))
    }
}

impl Filter {
    fn listing(&self) -> Listing {
        let place = self.site.map_or(Place::Instance, |site| Place::Site(SiteId::from_uuid(id(site))));
        Listing {
            scope: ScopeKey::list(EntryKind::Article, place, &Subject::Any),
            order: self.order,
            from: self.from.map(Timestamp::from_micros),
            to: self.to.map(Timestamp::from_micros),
            language: self.english.map(|english| if english { "en" } else { "vi" }.to_owned()),
            article_kind: self.kind,
            categories: self.categories.iter().map(|number| CategoryId::from_uuid(id(*number))).collect(),
            topics: Vec::new(),
        }
    }
}

impl Search {
    fn query(&self) -> TextQuery {
        TextQuery::parse(&format!("{} \"{}\"", self.words.join(" "), self.phrase.join(" "))).unwrap()
    }
}

fn folded(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| fold(word)).collect()
}

fn position(seq: i64) -> LogPosition {
    LogPosition { epoch: 1, seq }
}

/// Writes the documents in batches, as the log brings them: a later one replaces an earlier one of the same number, and
/// `gone` takes some away again.
fn index(disk: &Disk, docs: &[Doc], gone: &[u8], batch: usize) {
    for (seq, docs) in (1..).zip(docs.chunks(batch)) {
        for doc in docs {
            disk.change(&Changed { out: vec![doc.entry()], into: vec![doc.live()] }).unwrap();
        }
        disk.commit(Some(position(seq))).unwrap();
    }
    let out = gone.iter().map(|number| EntryId::from_uuid(id(*number))).collect();
    disk.change(&Changed { out, into: vec![] }).unwrap();
    disk.commit(Some(position(1_000))).unwrap();
}

fn view(disk: &Disk) -> View {
    View { searcher: disk.searcher(), fields: disk.fields(), position: position(1_000) }
}

/// All pages of a list one after another, from the start or from the end.
fn walk(view: &View, (listing, query): (&Listing, &TextQuery), size: usize, from_end: bool) -> Vec<Key> {
    let mut all = Vec::new();
    let mut part = if from_end { Part::Last(None) } else { Part::First(None) };
    loop {
        let page = view.page((listing, part), query, size, NOW).unwrap();
        let next = if from_end { page.first() } else { page.last() };
        part = part.beyond(next.copied());
        let at = if from_end { 0 } else { all.len() };
        let short = page.len() < size;
        all.splice(at..at, page);
        if short {
            return all;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_index_finds_what_a_plain_scan_finds_in_the_same_order(
        docs in prop::collection::vec(doc(), 0..60),
        gone in prop::collection::vec(0_u8..40, 0..4),
        batch in 1_usize..40,
        asked in prop::collection::vec((filter(), search(), 1_usize..8), 1..24),
    ) {
        let disk = Disk::open(&SearchPlace::Temporary).unwrap();
        index(&disk, &docs, &gone, batch);
        let view = view(&disk);
        let last: BTreeMap<u8, &Doc> = docs.iter().map(|doc| (doc.number, doc)).collect();
        for (filter, search, size) in asked {
            let shown = last.values().filter(|doc| !gone.contains(&doc.number) && doc.meets(&filter, &search));
            let mut expected: Vec<_> = shown.map(|doc| (doc.time(filter.order), doc.entry())).collect();
            expected.sort_unstable_by(|a, b| b.cmp(a));
            let (listing, query) = (filter.listing(), search.query());
            for from_end in [false, true] {
                let found = walk(&view, (&listing, &query), size, from_end);
                let found: Vec<_> = found.into_iter().map(|key| (key.at, key.entry)).collect();
                prop_assert_eq!(&found, &expected, "{:?} {:?}", filter, search);
            }
            let most = 5;
            let count = u32::try_from(expected.len()).unwrap();
            let counted = view.count(&listing, &query, most, NOW).unwrap();
            prop_assert_eq!(counted, (count.min(most), count > most));
        }
    }
}

#[test]
fn a_phrase_does_not_reach_from_the_title_into_the_summary() {
    let disk = Disk::open(&SearchPlace::Temporary).unwrap();
    let texts = [vec!["tiếp"], vec!["công"], vec!["dân", "hỏi"], vec![]];
    let doc = Doc {
        number: 1,
        site: 0,
        category: 0,
        kind: ArticleKind::News,
        english: false,
        texts,
        published: 1,
        updated: 1,
        expired: false,
    };
    index(&disk, &[doc], &[], 1);
    let filter = Filter {
        site: None,
        categories: vec![],
        kind: None,
        english: None,
        from: None,
        to: None,
        order: Order::Published,
    };
    let found = |text: &str| view(&disk).count(&filter.listing(), &TextQuery::parse(text).unwrap(), 9, NOW).unwrap().0;
    assert_eq!(["tiếp công dân", "\"tiếp công\"", "\"dân hỏi\"", "\"hỏi dân\""].map(found), [1, 0, 1, 0]);
}

#[test]
fn an_index_opens_with_the_position_of_its_last_commit_and_without_one_in_the_middle_of_a_build() {
    let folder = tempfile::tempdir().unwrap();
    let place = SearchPlace::Folder(folder.path().join("search"));
    let open = || Disk::open(&place).unwrap();
    assert_eq!(open().position().unwrap(), None);
    open().commit(Some(position(7))).unwrap();
    assert_eq!(open().position().unwrap(), Some(position(7)));
    open().clear().unwrap();
    assert_eq!(open().position().unwrap(), None);
}

#[test]
fn a_second_writer_is_told_that_the_index_is_in_use() {
    let folder = tempfile::tempdir().unwrap();
    let place = SearchPlace::Folder(folder.path().to_owned());
    let _first = Disk::open(&place).unwrap();
    assert!(matches!(Disk::open(&place), Err(SearchError::InUse(_))));
}

#[test]
fn a_broken_index_is_emptied_and_files_of_others_stay() {
    let folder = tempfile::tempdir().unwrap();
    let place = SearchPlace::Folder(folder.path().to_owned());
    Disk::open(&place).unwrap().commit(Some(position(7))).unwrap();
    std::fs::write(folder.path().join("meta.json"), "{").unwrap();
    std::fs::write(folder.path().join("lienthong.db"), "x").unwrap();
    let disk = Disk::open(&place).unwrap();
    assert_eq!(disk.position().unwrap(), None);
    assert!(folder.path().join("lienthong.db").exists());
    disk.commit(Some(position(8))).unwrap();
    assert_eq!(disk.position().unwrap(), Some(position(8)));
}
