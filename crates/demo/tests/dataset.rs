//! The demo as its loader sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use lienthong_demo::{
    DEMO_MARK, DemoArticle, DemoOrigin, DemoSite, DemoState, articles, cover_svg, expected_report, sites, successions,
    template, topics_csv, units,
};
use unicode_normalization::is_nfc;

/// The table of the letter, typed again.
const LETTER: &[(&str, usize)] = &[
    ("Cổng thông tin điện tử huyện", 2079),
    ("Trang Thông tin điện tử Thị trấn Tiên Điền", 267),
    ("Trang Thông tin điện tử xã Xuân Hải", 181),
    ("Trang Thông tin điện tử xã Xuân Thành", 159),
    ("Trang Thông tin điện tử xã Xuân Yên", 124),
    ("Trang Thông tin điện tử xã Xuân Giang", 116),
    ("Trang Thông tin điện tử xã Xuân Hội", 115),
    ("Trang Thông tin điện tử xã Xuân Phổ", 106),
    ("Trang Thông tin điện tử xã Xuân Hồng", 93),
    ("Trang Thông tin điện tử xã Đan Trường", 75),
    ("Trang Thông tin điện tử xã Xuân Liên", 68),
    ("Trang Thông tin điện tử xã Cổ Đạm", 64),
    ("Trang Thông tin điện tử xã Xuân Mỹ", 64),
    ("Trang Thông tin điện tử thị trấn Xuân An", 49),
    ("Trang Thông tin điện tử xã Cương Gián", 43),
    ("Trang Thông tin điện tử xã Xuân Lam", 38),
    ("Trang Thông tin điện tử xã Xuân Lĩnh", 34),
    ("Trang Thông tin điện tử xã Xuân Viên", 25),
];

/// 2024-01-01T00:00:00+07:00 in microseconds since the epoch.
const FROM: i64 = 1_704_042_000_000_000;
/// 2024-07-08T00:00:00+07:00.
const UNTIL: i64 = 1_720_371_600_000_000;

static EVERYTHING: LazyLock<Vec<DemoArticle>> = LazyLock::new(|| sites().iter().flat_map(articles).collect());

fn everything() -> &'static [DemoArticle] {
    &EVERYTHING
}

fn of_site(site: &DemoSite) -> impl Iterator<Item = &'static DemoArticle> {
    everything().iter().filter(move |article| article.site == site.key)
}

fn first_published(article: &DemoArticle) -> Option<i64> {
    match &article.state {
        DemoState::Published { first_at, .. } => Some(first_at.timestamp_micros()),
        DemoState::Draft { .. } | DemoState::Withdrawn { .. } => None,
    }
}

/// First publication, or the last saving of a draft.
fn any_time(article: &DemoArticle) -> i64 {
    let (DemoState::Draft { saved_at: at }
    | DemoState::Published { first_at: at, .. }
    | DemoState::Withdrawn { first_at: at, .. }) = &article.state;
    at.timestamp_micros()
}

/// Counts per site of the letter, by any rule.
fn count(counts: impl Fn(&DemoArticle) -> bool) -> BTreeMap<&'static str, usize> {
    let of_letter = LETTER.iter().filter_map(|(label, _)| sites().iter().find(|site| site.name == *label));
    of_letter.map(|site| (site.name, of_site(site).filter(|article| counts(article)).count())).collect()
}

fn inside(micros: i64) -> bool {
    (FROM..UNTIL).contains(&micros)
}

#[test]
fn the_right_count_gives_the_table_of_the_letter() {
    let counted = count(|article| first_published(article).is_some_and(inside));
    assert_eq!(counted, LETTER.iter().copied().collect());
    assert_eq!(counted.values().sum::<usize>(), 3_700);
}

#[test]
fn the_expected_report_is_the_letter_line_by_line() {
    let lines: Vec<_> = expected_report().iter().map(|row| (row.name, row.total as usize)).collect();
    assert_eq!(lines, LETTER);
    assert!(expected_report().iter().zip(1..).all(|(row, rank)| row.rank == rank));
}

#[test]
fn every_careless_count_differs_from_the_table() {
    let right: BTreeMap<_, _> = LETTER.iter().copied().collect();
    let last_change = |article: &DemoArticle| match &article.state {
        DemoState::Published { first_at, revision } => {
            Some(revision.as_ref().map_or(first_at, |revision| &revision.at).timestamp_micros())
        }
        _ => None,
    };
    let hours_7 = 7 * 3_600 * 1_000_000;
    let wrong: [(&str, BTreeMap<_, _>); 7] = [
        ("days in UTC", count(|a| first_published(a).is_some_and(|at| inside(at - hours_7)))),
        ("by last change", count(|a| last_change(a).is_some_and(inside))),
        (
            "last day left out",
            count(|a| first_published(a).is_some_and(|at| (FROM..UNTIL - 24 * 3_600_000_000).contains(&at))),
        ),
        ("end included", count(|a| first_published(a).is_some_and(|at| (FROM..=UNTIL).contains(&at)))),
        ("end at 23:59:59", count(|a| first_published(a).is_some_and(|at| (FROM..=UNTIL - 1_000_000).contains(&at)))),
        ("drafts and withdrawn too", count(|a| inside(any_time(a)))),
        ("own work only", count(|a| a.origin == DemoOrigin::Original && first_published(a).is_some_and(inside))),
    ];
    for (rule, counted) in wrong {
        assert_ne!(counted, right, "{rule}");
    }
}

#[test]
fn each_report_site_has_articles_of_every_fate_around_and_in_the_period() {
    for row in expected_report() {
        let site = sites().iter().find(|site| site.key == row.site).expect("a site");
        let all: Vec<_> = of_site(site).collect();
        let published: Vec<_> = all.iter().copied().filter_map(first_published).collect();
        assert!(published.iter().filter(|at| **at < FROM).count() >= 5, "{}", site.key);
        assert!(published.iter().filter(|at| **at >= UNTIL).count() >= 5, "{}", site.key);
        let hidden = |wanted: fn(&DemoState) -> bool| all.iter().filter(|article| wanted(&article.state)).count();
        assert!(hidden(|state| matches!(state, DemoState::Draft { .. })) >= 3, "{}", site.key);
        assert!(hidden(|state| matches!(state, DemoState::Withdrawn { .. })) >= 3, "{}", site.key);
    }
}

#[test]
fn the_output_is_the_same_to_the_byte_everywhere() {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut feed = |bytes: Vec<u8>| {
        hash = bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    };
    feed(serde_json::to_vec(&(units(), successions(), sites(), template())).expect("JSON"));
    for article in everything() {
        feed(serde_json::to_vec(article).expect("JSON"));
    }
    assert_eq!(format!("{hash:016x}"), "0270a88019933935", "the demo changed: check the result, then pin it anew");
}

#[test]
fn a_second_run_yields_the_same_articles() {
    let site = sites().iter().find(|site| site.key == "xuan-hai").expect("a site");
    assert!(articles(site).eq(of_site(site).cloned()));
}

#[test]
fn keys_are_unique() {
    let all = everything();
    let distinct = |keys: Vec<String>| keys.iter().collect::<BTreeSet<_>>().len() == keys.len();
    assert!(distinct(all.iter().map(|article| article.source_id.clone()).collect()));
    assert!(distinct(all.iter().map(|article| format!("{}/{}", article.site, article.slug)).collect()));
    assert!(distinct(units().iter().map(|unit| unit.slug.to_owned()).collect()));
    assert!(distinct(units().iter().filter_map(|unit| unit.code).map(str::to_owned).collect()));
    assert!(distinct(sites().iter().map(|site| site.host.to_owned()).collect()));
    assert!(distinct(template().iter().map(|category| category.slug.to_owned()).collect()));
}

#[test]
fn titles_mostly_differ_and_never_run_on() {
    let all = everything();
    let distinct: BTreeSet<_> = all.iter().map(|article| (article.site, &article.title)).collect();
    assert!(distinct.len() * 100 >= all.len() * 98, "{} of {}", distinct.len(), all.len());
    for article in all {
        let length = article.title.chars().count();
        assert!((15..=160).contains(&length), "{}", article.title);
        assert!(!article.summary.is_empty() && article.summary.chars().count() <= 400, "{}", article.summary);
    }
}

#[test]
fn slugs_are_plain_letters() {
    for article in everything() {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(article.slug.len() >= 8 && article.slug.chars().all(plain), "{}", article.slug);
    }
}

#[test]
fn every_body_is_marked_sized_and_balanced() {
    for article in everything() {
        let revised = match &article.state {
            DemoState::Published { revision: Some(revision), .. } => Some(&revision.body_html),
            _ => None,
        };
        for body in [Some(&article.body_html), revised].into_iter().flatten() {
            assert!(body.contains(DEMO_MARK), "{}", article.source_id);
            assert!((800..=3_072).contains(&body.len()), "{} {}", article.source_id, body.len());
            assert_eq!(open_elements(body), Ok(vec![]), "{}", article.source_id);
            assert!(is_nfc(body) && is_nfc(&article.title) && is_nfc(&article.summary), "{}", article.source_id);
        }
    }
}

/// Elements left open at the end, or the closing tag that does not fit.
fn open_elements(html: &str) -> Result<Vec<&str>, &str> {
    let mut open = Vec::new();
    for tag in html.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').ok_or(tag)?;
        let name = tag.split(' ').next().unwrap_or_default();
        match name.strip_prefix('/') {
            Some(closed) if open.pop() != Some(closed) => return Err(closed),
            Some(_) => {}
            None if name == "img" => {}
            None => open.push(name),
        }
    }
    Ok(open)
}

#[test]
fn no_placeholder_and_no_empty_word_is_left_in_any_text() {
    for article in everything() {
        for text in [&article.title, &article.summary, &article.body_html, &article.author] {
            let broken = ["{", "}", "[", "]", "|", "  ", " ,", " .", "()", "<p></p>", "<td></td>", "<li></li>"];
            assert!(!broken.iter().any(|trace| text.contains(trace)), "{}: {text}", article.source_id);
        }
    }
}

#[test]
fn covers_are_images_that_exist_and_are_described() {
    let covers: Vec<_> = everything().iter().filter_map(|article| article.cover.as_ref()).collect();
    assert!(covers.len() > 1_000, "{}", covers.len());
    assert!(covers.iter().all(|cover| cover_svg(&cover.path).is_some() && !cover.alt.is_empty()));
}

#[test]
fn every_category_has_a_topic_and_every_article_a_category() {
    let mut reader = csv::Reader::from_reader(topics_csv().as_bytes());
    let topics: BTreeSet<_> = reader.records().map(|row| row.expect("a row")[0].to_owned()).collect();
    assert_eq!(topics.len(), 60);
    let categories: BTreeSet<_> = template().iter().map(|category| category.slug).collect();
    assert!(template().iter().all(|category| topics.contains(category.topic)));
    assert!(template().iter().all(|category| category.parent.is_none_or(|parent| categories.contains(parent))));
    assert!(everything().iter().all(|article| categories.contains(article.category)));
}

#[test]
fn some_categories_are_empty_everywhere_and_some_have_few_articles() {
    let mut totals: BTreeMap<_, usize> = template().iter().map(|category| (category.slug, 0)).collect();
    for article in everything() {
        *totals.entry(article.category).or_default() += 1;
    }
    let empty: Vec<_> = totals.iter().filter(|(_, total)| **total == 0).map(|(slug, _)| *slug).collect();
    assert_eq!(empty, ["danh-ba", "hoi-dap", "lanh-dao", "tin-tuc-su-kien"]);
    assert!(totals.values().any(|total| (1..40).contains(total)), "{totals:?}");
    assert!(totals["kinh-te"] > 500, "{totals:?}");
}

#[test]
fn a_repost_names_its_source_and_follows_it() {
    let all = everything();
    let mut reposts = 0;
    for article in all {
        let DemoOrigin::Repost { published_at, url, .. } = &article.origin else { continue };
        reposts += 1;
        assert!(
            published_at.timestamp_micros() < any_time(article) && url.contains(".example/"),
            "{}",
            article.source_id
        );
    }
    assert!(reposts * 100 > all.len() * 5, "{reposts}");
}

#[test]
fn some_articles_are_in_another_language() {
    let english: Vec<_> = everything().iter().filter(|article| article.language == "en").collect();
    assert_eq!(english.len(), 3);
    assert!(english.iter().all(|article| article.title.is_ascii()));
}

#[test]
fn the_district_is_not_spoken_of_after_its_end() {
    let successors = sites().iter().filter(|site| site.active_from.to_string() == "2025-07-01");
    for article in successors.flat_map(of_site) {
        let text = [article.title.as_str(), &article.summary, &article.body_html].join(" ");
        assert!(!text.split(|c: char| !c.is_alphabetic()).any(|word| word.eq_ignore_ascii_case("huyện")), "{text}");
    }
}

#[test]
fn every_former_commune_has_one_successor_of_its_own_time() {
    let former: Vec<_> = units().iter().filter(|unit| unit.parent == Some("nghi-xuan")).collect();
    assert_eq!(former.len(), 17);
    for unit in former {
        let to: Vec<_> = successions().iter().filter(|succession| succession.from == unit.slug).collect();
        assert_eq!(to.len(), 1, "{}", unit.slug);
        let heir = units().iter().find(|heir| heir.slug == to[0].to).expect("a unit");
        assert_eq!((unit.code, heir.valid_from), (None, unit.valid_to.and_then(|day| day.succ_opt())));
    }
}

#[test]
fn each_site_belongs_to_a_unit_and_its_parent_to_a_site() {
    for site in sites() {
        assert!(units().iter().any(|unit| unit.slug == site.key), "{}", site.key);
        assert!(site.parent.is_none_or(|parent| sites().iter().any(|site| site.key == parent)), "{}", site.key);
        assert!(site.host.ends_with(".example"), "{}", site.host);
    }
}
