use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{FixedOffset, NaiveDate, TimeDelta};
use lienthong_app::commands::articles::{NewArticle, create};
use lienthong_app::commands::desk::{publish, withdraw};
use lienthong_app::queries::report::articles;
use lienthong_app::{App, Error};
use lienthong_domain::access::{Actor, Grant, Permit, Role, SiteScope, act};
use lienthong_domain::article::{ArticleInput, ArticleKind, Source};
use lienthong_domain::change::{Change, ChangeKind};
use lienthong_domain::entry::Major;
use lienthong_domain::ids::{ActorId, CategoryId, SiteId, UnitId};
use lienthong_domain::registry::{ARTICLE_URL_TEMPLATE, Category, Site, SiteKind, Unit};
use lienthong_domain::report::ArticleReport;
use lienthong_domain::scope::{ReferenceSet, ScopeKey};
use lienthong_domain::time::{Period, Timestamp, parse_day};
use lienthong_domain::unit::UnitKind;
use lienthong_persistence::{Record, Store, Tx, categories, sites, units};
use lienthong_test_support::both_databases;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, TestRunner};

use crate::harness::{app, now, own_or, permit};

/// What the tests do to an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Draft,
    Published,
    Reposted,
    EditedLater,
    Withdrawn,
    Returned,
}

/// Name of the site, its days, whether it lies below the district.
const SITES: [(&str, &str, Option<&str>, bool); 8] = [
    ("Trang Thông tin điện tử xã Xuân Mỹ", "2020-01-01", None, true),
    ("Trang Thông tin điện tử xã Cổ Đạm", "2020-01-01", Some("2024-01-01"), true),
    ("Trang Thông tin điện tử xã Xuân Lam", "2020-01-01", Some("2023-12-31"), true),
    ("Trang Thông tin điện tử xã Mới", "2024-07-08", None, true),
    ("Trang Thông tin điện tử xã Nơi Khác", "2020-01-01", None, false),
    ("Trang Thông tin điện tử xã Xuân Đan", "2020-01-01", None, true),
    ("Trang Thông tin điện tử xã Xuân Dương", "2020-01-01", None, true),
    ("Cổng Thông tin điện tử huyện Nghi Xuân", "2020-01-01", None, true),
];

/// The same sites as a dictionary lists them: Đ is a letter after D, whatever follows, and marks come last.
const DICTIONARY: [usize; 8] = [7, 1, 3, 4, 6, 5, 2, 0];

struct Stage {
    app: Arc<App>,
    district: UnitId,
    sites: Vec<(SiteId, CategoryId)>,
    /// The sites with their last days.
    closed: Vec<Site>,
}

pub(crate) fn unit(slug: &str, kind: UnitKind, parent: Option<UnitId>) -> Unit {
    let (name, full_name) = (slug.to_owned(), format!("{} {slug}", kind.title()));
    let slug = slug.parse().unwrap();
    Unit {
        id: UnitId::new(now()),
        code: None,
        kind,
        name,
        full_name,
        name_en: None,
        slug,
        parent,
        valid_from: None,
        valid_to: None,
        lineage: None,
    }
}

fn site((name, from, to, _): (&str, &str, Option<&str>, bool), unit: UnitId, number: usize) -> Site {
    Site {
        id: SiteId::new(now()),
        unit: Some(unit),
        kind: SiteKind::Standalone,
        parent: None,
        name: name.to_owned(),
        host: format!("xa{number}.example.vn").parse().unwrap(),
        home_url: format!("https://xa{number}.example.vn/"),
        article_url_template: ARTICLE_URL_TEMPLATE.to_owned(),
        language: "vi".to_owned(),
        active_from: parse_day(from).unwrap(),
        active_to: to.map(|day| parse_day(day).unwrap()),
    }
}

fn category(site: SiteId) -> Category {
    let (slug, name) = ("tin-tuc".parse().unwrap(), "Tin tức".to_owned());
    Category { id: CategoryId::new(now()), site, parent: None, slug, name, topic: None, position: 0 }
}

async fn stage(store: Store) -> Stage {
    let district = unit("nghi-xuan", UnitKind::RuralDistrict, None);
    let elsewhere = unit("noi-khac", UnitKind::RuralDistrict, None);
    let above = |below: bool| if below { district.id } else { elsewhere.id };
    let communes: Vec<Unit> = (1..)
        .zip(SITES)
        .map(|(n, (.., below))| unit(&format!("xa-{n}"), UnitKind::Commune, Some(above(below))))
        .collect();
    let all: Vec<Site> = (1..).zip(SITES).zip(&communes).map(|((n, row), unit)| site(row, unit.id, n)).collect();
    let shelves: Vec<Category> = all.iter().map(|site| category(site.id)).collect();
    let open: Vec<Site> = all.iter().map(|site| Site { active_to: None, ..site.clone() }).collect();
    let tx = store.begin().await.unwrap();
    units::put(&tx, &[district.clone(), elsewhere]).await.unwrap();
    units::put(&tx, &communes).await.unwrap();
    sites::put(&tx, &open).await.unwrap();
    categories::put(&tx, &shelves).await.unwrap();
    commit(tx).await;
    let sites = shelves.iter().map(|shelf| (shelf.site, shelf.id)).collect();
    Stage { app: app(store).await, district: district.id, sites, closed: all }
}

/// Commits reference data, and tells every set of it.
pub(crate) async fn commit(tx: Tx) {
    let scopes = ReferenceSet::ALL.into_iter().map(ScopeKey::reference).collect();
    let change = Change { kind: ChangeKind::Reference, subject: None, scopes, at: now() };
    tx.commit(Record { changes: vec![change], audits: vec![] }).await.unwrap();
}

impl Stage {
    /// The report, after the sites that end have ended: nothing is published on them any more.
    async fn report(&self, permit: &Permit<act::ReadReport>) -> Result<ArticleReport, Error> {
        let tx = self.app.store().begin().await.unwrap();
        sites::put(&tx, &self.closed).await.unwrap();
        commit(tx).await;
        self.app.catch_up().await.unwrap();
        articles(&self.app, permit, (self.district, period()), now()).await
    }
}

fn input(category: CategoryId, fate: Fate) -> ArticleInput {
    let source = Source { name: "TTXVN".to_owned(), url: None, author: None, published_at: None, verbatim: true };
    ArticleInput {
        kind: ArticleKind::News,
        audience: None,
        category,
        topic: None,
        series: None,
        title: "Tin của xã".to_owned(),
        summary: String::new(),
        body: String::new(),
        language: None,
        tags: vec![],
        author: None,
        source: (fate == Fate::Reposted).then_some(source),
        cover: None,
        attachments: vec![],
    }
}

/// Writes an article that is first published at `at`.
async fn write(stage: &Stage, site: usize, at: Timestamp, fate: Fate) {
    let Stage { app, sites, .. } = stage;
    let (site, category) = sites[site];
    let new = NewArticle { site, slug: None, corrects: None, input: input(category, fate), idempotency: None };
    let entry = create(app, &permit(), new, at).await.unwrap().entry;
    if fate == Fate::Draft {
        return;
    }
    let later = at.plus_seconds(400 * 86_400);
    let mut entry = publish(app, &permit(), ((entry.id, entry.version), Major::Major), at).await.unwrap();
    if matches!(fate, Fate::Withdrawn | Fate::Returned) {
        entry = withdraw(app, &permit(), (entry.id, entry.version), later).await.unwrap();
    }
    if matches!(fate, Fate::EditedLater | Fate::Returned) {
        let seen = (entry.id, entry.version);
        entry = lienthong_app::commands::articles::edit(app, &own_or(), seen, input(category, fate), later)
            .await
            .unwrap()
            .entry;
        publish(app, &permit(), ((entry.id, entry.version), Major::Major), later).await.unwrap();
    }
}

fn period() -> Period {
    Period::new(parse_day("2024-01-01").unwrap(), parse_day("2024-07-07").unwrap()).unwrap()
}

/// The same rows by another way: the calendar day in a fixed offset of seven hours, sites by their dates, ties by a list
/// that was sorted by hand.
fn independent(articles: &[(usize, Timestamp, Fate)]) -> Vec<(&'static str, u64)> {
    let day = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap();
    let (first, last) = (day("2024-01-01"), day("2024-07-07"));
    let in_operation = |row: &(&str, &str, Option<&str>, bool)| {
        row.3 && day(row.1) <= last && row.2.is_none_or(|end| day(end) >= first)
    };
    let mut counts: BTreeMap<_, u64> = SITES.iter().filter(|row| in_operation(row)).map(|row| (row.0, 0)).collect();
    for (site, at, fate) in articles {
        let local = at.to_utc().with_timezone(&FixedOffset::east_opt(7 * 3_600).unwrap()).date_naive();
        let counted = !matches!(fate, Fate::Draft | Fate::Withdrawn) && first <= local && local <= last;
        if let Some(count) = counts.get_mut(SITES[*site].0).filter(|_| counted) {
            *count += 1;
        }
    }
    let mut rows: Vec<_> = DICTIONARY.iter().filter_map(|at| counts.remove_entry(SITES[*at].0)).collect();
    rows.sort_by_key(|(_, total)| std::cmp::Reverse(*total));
    rows
}

/// Around the first and the last minute of the period, and anywhere in and near it.
fn moments() -> impl Strategy<Value = Timestamp> {
    let (from, to) = period().instants();
    let around = |at: Timestamp| (-2_i64..3).prop_map(move |micros| Timestamp::from_micros(at.as_micros() + micros));
    let span = (to.as_micros() - from.as_micros()) / 1_000_000;
    let anywhere = (-20 * 86_400..span + 20 * 86_400).prop_map(move |seconds| from.plus_seconds(seconds));
    prop_oneof![around(from), around(to), anywhere]
}

fn fates() -> impl Strategy<Value = Fate> {
    use Fate::{Draft, EditedLater, Published, Reposted, Returned, Withdrawn};
    prop::sample::select(vec![Draft, Published, Published, Reposted, EditedLater, Withdrawn, Returned])
}

/// Random data, remembered in the message of the assertion.
fn random_articles() -> Vec<Vec<(usize, Timestamp, Fate)>> {
    let data = prop::collection::vec((0..SITES.len(), moments(), fates()), 0..60);
    let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::default() });
    (0..6).map(|_| data.new_tree(&mut runner).unwrap().current()).collect()
}

both_databases! {
    async fn the_report_equals_an_independent_count_on_random_data(db: TestDb) {
        for data in random_articles() {
            let own = db.another().await;
            let stage = stage(own.open().await).await;
            for (site, at, fate) in &data {
                write(&stage, *site, *at, *fate).await;
            }
            let report = stage.report(&permit()).await.unwrap();
            let rows: Vec<(&str, u64)> = report.rows.iter().map(|row| (row.label.as_str(), row.total)).collect();
            assert_eq!(rows, independent(&data), "{data:?}");
            assert_eq!(report.sum, rows.iter().map(|(_, total)| total).sum::<u64>());
            assert!(report.rows.iter().map(|row| row.rank).eq(1..=u32::try_from(rows.len()).unwrap()));
        }
    }

    async fn sites_without_articles_are_listed_and_sites_out_of_operation_are_not(db: TestDb) {
        let store = db.open().await;
        let stage = stage(store).await;
        write(&stage, 0, period().instants().0, Fate::Published).await;
        let report = stage.report(&permit()).await.unwrap();
        let expected = [("xã Xuân Mỹ", 1), ("huyện Nghi Xuân", 0), ("xã Cổ Đạm", 0), ("xã Xuân Dương", 0), ("xã Xuân Đan", 0)];
        assert_eq!(report.rows.len(), expected.len());
        for (row, (name, total)) in report.rows.iter().zip(expected) {
            assert!(row.label.ends_with(name) && row.total == total, "{}", report.to_text());
        }
    }

    async fn a_monitor_sees_the_sites_within_reach_and_nothing_of_the_others(db: TestDb) {
        let store = db.open().await;
        let stage = stage(store).await;
        let monitor = |site: SiteId| {
            let grant = Grant { role: Role::OperationsMonitor, scope: SiteScope::of([site]) };
            Actor::with_grants(ActorId::new(now()), vec![grant]).permit().unwrap()
        };
        let own = stage.report(&monitor(stage.sites[1].0)).await.unwrap();
        assert_eq!(own.rows.iter().map(|row| row.site).collect::<Vec<_>>(), [stage.sites[1].0]);
        let outside = stage.report(&monitor(stage.sites[4].0)).await;
        assert!(matches!(outside, Err(Error::NotFound("unit"))));
        let nowhere = UnitId::new(now());
        assert!(matches!(articles(&stage.app, &permit(), (nowhere, period()), now()).await, Err(Error::NotFound("unit"))));
    }

    async fn a_returned_article_counts_by_its_first_publication(db: TestDb) {
        let store = db.open().await;
        let stage = stage(store).await;
        let (from, _) = period().instants();
        let last_year = from.plus_seconds(-TimeDelta::days(100).num_seconds());
        write(&stage, 0, last_year, Fate::Returned).await;
        write(&stage, 0, from, Fate::Returned).await;
        let report = stage.report(&permit()).await.unwrap();
        assert_eq!(report.sum, 1);
    }
}
