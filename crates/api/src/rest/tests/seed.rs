//! A small district: units with a succession, sites with category trees, and articles in every state.

use lienthong_app::App;
use lienthong_app::commands::articles::{self, NewArticle};
use lienthong_app::commands::desk;
use lienthong_domain::access::{Actor, act};
use lienthong_domain::agency::AgencyKind;
use lienthong_domain::article::{ArticleInput, ArticleKind, Cover, Source};
use lienthong_domain::entry::{Entry, Major};
use lienthong_domain::ids::{ActorId, AgencyId, CategoryId, EntryId, SiteId, TopicId, UnitId};
use lienthong_domain::registry::{ARTICLE_URL_TEMPLATE, Agency, Category, Site, SiteKind, Succession, Topic, Unit};
use lienthong_domain::time::{Timestamp, parse_day};
use lienthong_domain::unit::UnitKind;
use lienthong_persistence::{Record, Store, agencies, categories, sites, topics, units};
use uuid::Uuid;

use super::rng::Rng;

pub(super) const HOSTS: [&str; 4] =
    ["nghixuan.example.vn", "xuanhai.example.vn", "xuanpho.example.vn", "tienlinh.example.vn"];
pub(super) const TOPICS: [&str; 3] = ["ns.du-toan-trinh", "tt.tin", "tthc.bo"];
pub(super) const TAGS: [&str; 3] = ["Chuyển đổi số", "Nông thôn mới", "Tiếp công dân"];
pub(super) const LANGUAGES: [&str; 3] = ["vi", "en", "sed-Latn-VN"];
/// Slugs of the units, from the top down, then the one that took over.
pub(super) const UNITS: [&str; 5] = ["ha-tinh", "nghi-xuan", "xa-xuan-hai", "xa-xuan-pho", "xa-tien-dien-moi"];
/// Slugs of the categories that every site has.
pub(super) const CATEGORIES: [&str; 5] = ["tin-tuc", "thoi-su", "trong-xa", "du-toan", "chua-ro"];

/// What has been put into a store.
pub(super) struct Seeded {
    pub(super) sites: Vec<Site>,
    pub(super) categories: Vec<Category>,
    topics: Vec<Topic>,
    /// Every entry, whatever its state.
    pub(super) entries: Vec<Entry>,
}

impl Seeded {
    pub(super) async fn reference(store: &Store) -> Self {
        let (units, topics) = (all_units(), all_topics());
        let sites: Vec<Site> = (0..).zip(HOSTS).map(|(number, host)| site(number, host, &units)).collect();
        let categories: Vec<Category> = sites.iter().flat_map(|site| tree(site.id, &topics)).collect();
        let tx = store.begin().await.unwrap();
        lienthong_persistence::units::put(&tx, &units).await.unwrap();
        let part = Some("một phần".to_owned());
        let edges = [(2, None), (3, part)].map(|(former, part)| Succession {
            predecessor: units[former].id,
            successor: units[4].id,
            part,
        });
        units::put_successions(&tx, &edges).await.unwrap();
        agencies::put(&tx, &all_agencies(&units)).await.unwrap();
        topics::put(&tx, &topics).await.unwrap();
        sites::put(&tx, &sites).await.unwrap();
        categories::put(&tx, &categories).await.unwrap();
        tx.commit(Record::default()).await.unwrap();
        Self { sites, categories, topics, entries: Vec::new() }
    }

    /// Writes 150 articles as the operator: most published, some edited, withdrawn, returned or left as drafts.
    pub(super) async fn articles(&mut self, app: &App) {
        let mut rng = Rng(2_079);
        for number in 0..150 {
            let new = self.article(number, &mut rng);
            let entry = live_through(app, new, &mut rng).await;
            self.entries.push(entry);
        }
    }

    pub(super) fn category(&self, host: &str, slug: &str) -> &Category {
        let site = self.site(host).id;
        self.categories.iter().find(|it| it.site == site && it.slug.as_str() == slug).unwrap()
    }

    pub(super) fn site(&self, host: &str) -> &Site {
        self.sites.iter().find(|site| site.host.as_str() == host).unwrap()
    }

    fn article(&self, number: usize, rng: &mut Rng) -> NewArticle {
        let host = rng.pick(&HOSTS);
        let category = self.category(host, rng.pick(&CATEGORIES)).id;
        let topic = rng.maybe(20, |rng| self.topics[rng.below(3)].id);
        let source = Source {
            name: "Báo Hà Tĩnh".to_owned(),
            url: rng.maybe(50, |_| "https://baohatinh.vn/tin".to_owned()),
            author: rng.maybe(50, |_| "Lê Văn A".to_owned()),
            published_at: rng.maybe(50, moment),
            verbatim: rng.chance(50),
        };
        let cover = Cover {
            media: None,
            url: "https://anh.hatinh.gov.vn/a.jpg".to_owned(),
            alt: "Hội nghị".to_owned(),
            caption: rng.maybe(50, |_| "Quang cảnh".to_owned()),
            credit: rng.maybe(50, |_| "Văn phòng".to_owned()),
            width: rng.maybe(50, |_| 1_200),
            height: rng.maybe(50, |_| 800),
        };
        let input = ArticleInput {
            kind: ArticleKind::ALL[if rng.chance(60) { 0 } else { rng.below(8) }],
            audience: None,
            category,
            topic,
            series: None,
            title: format!("Tin số {number} của huyện"),
            summary: format!("Tóm tắt {number}"),
            body: format!("<p>Nội dung {number}</p>"),
            language: rng.maybe(40, |rng| rng.pick(&LANGUAGES).to_owned()),
            tags: TAGS.iter().filter(|_| rng.chance(30)).map(|tag| (*tag).to_owned()).collect(),
            author: rng.maybe(50, |_| "Ban biên tập".to_owned()),
            source: rng.maybe(20, |_| source),
            cover: rng.maybe(30, |_| cover),
            attachments: Vec::new(),
        };
        NewArticle { site: self.site(host).id, slug: None, corrects: None, input, idempotency: None }
    }
}

/// Whole minutes of few days, so that several articles share one.
pub(super) fn moment(rng: &mut Rng) -> Timestamp {
    let minutes = i64::try_from(rng.below(200)).unwrap() * 37;
    Timestamp::parse("2024-06-01T00:00:00Z").unwrap().plus_seconds(minutes * 60)
}

async fn live_through(app: &App, new: NewArticle, rng: &mut Rng) -> Entry {
    let operator = Actor::operator(ActorId::from_uuid(Uuid::from_u128(1)));
    let (create, edit) = (operator.permit::<act::Create>().unwrap(), operator.permit_or_own::<act::Edit>().unwrap());
    let (publish, withdraw) = (operator.permit::<act::Publish>().unwrap(), operator.permit::<act::Withdraw>().unwrap());
    let (first, second) = (moment(rng), moment(rng));
    let input = ArticleInput { title: format!("{} (sửa)", new.input.title), ..new.input.clone() };
    let mut entry = articles::create(app, &create, new, first).await.unwrap().entry;
    if rng.chance(10) {
        return entry;
    }
    entry = desk::publish(app, &publish, ((entry.id, entry.version), Major::Major), first).await.unwrap();
    if rng.chance(20) {
        entry = desk::withdraw(app, &withdraw, (entry.id, entry.version), second).await.unwrap();
        if rng.chance(60) {
            return entry;
        }
    }
    if entry.live.is_none() || rng.chance(30) {
        entry = articles::edit(app, &edit, (entry.id, entry.version), input, second).await.unwrap().entry;
        let weight = if rng.chance(50) { Major::Major } else { Major::Minor };
        let later = second.max(first);
        entry = desk::publish(app, &publish, ((entry.id, entry.version), weight), later).await.unwrap();
    }
    entry
}

fn all_units() -> Vec<Unit> {
    vec![
        unit(0, (UnitKind::Province, "Hà Tĩnh"), Some("42"), None),
        unit(1, (UnitKind::RuralDistrict, "Nghi Xuân"), Some("440"), Some(0)),
        unit(2, (UnitKind::Commune, "Xuân Hải"), Some("18373"), Some(1)),
        unit(3, (UnitKind::Commune, "Xuân Phổ"), None, Some(1)),
        unit(4, (UnitKind::Commune, "Tiên Điền"), Some("18373"), Some(0)),
    ]
}

/// The district and its communes ended on 30/06/2025; a code was reused the day after.
fn unit(number: usize, (kind, name): (UnitKind, &str), code: Option<&str>, parent: Option<usize>) -> Unit {
    let ended = parse_day("2025-06-30").unwrap();
    let id = |number: usize| UnitId::from_uuid(Uuid::from_u128(0x100 + number as u128));
    Unit {
        id: id(number),
        code: code.map(|code| code.parse().unwrap()),
        kind,
        name: name.to_owned(),
        full_name: format!("{} {name}", kind.title()),
        name_en: (number == 0).then(|| "Ha Tinh".to_owned()),
        slug: UNITS[number].parse().unwrap(),
        parent: parent.map(id),
        valid_from: (number == 4).then(|| ended.succ_opt().unwrap()),
        valid_to: (1..4).contains(&number).then_some(ended),
        lineage: (number == 4).then(|| "Xã Xuân Hải và một phần xã Xuân Phổ".to_owned()),
    }
}

/// The province's committee and a department of it, and a body of a former commune without identifier in the older spelling.
fn all_agencies(units: &[Unit]) -> Vec<Agency> {
    let id = |number: u128| AgencyId::from_uuid(Uuid::from_u128(0x400 + number));
    let agency = |number, (identifier, name): (&str, &str), kind, unit: usize| Agency {
        id: id(number),
        identifier: identifier.parse().unwrap(),
        name: name.to_owned(),
        kind,
        unit: units[unit].id,
        parent: (number == 1).then(|| id(0)),
        valid_from: parse_day("2016-07-01").ok(),
        valid_to: units[unit].valid_to,
    };
    vec![
        agency(0, ("H27", "Ủy ban nhân dân tỉnh"), AgencyKind::Committee, 0),
        agency(1, ("000.00.01.H27", "Sở Nội vụ"), AgencyKind::Department, 0),
        agency(2, ("H27.201.A", "Đảng ủy xã Xuân Hải"), AgencyKind::Party, 2),
    ]
}

fn all_topics() -> Vec<Topic> {
    let topic = |(number, code): (u128, &str)| Topic {
        id: TopicId::from_uuid(Uuid::from_u128(0x200 + number)),
        // The last is the province's own, below the one before it.
        unit: (number == 2).then(|| UnitId::from_uuid(Uuid::from_u128(0x100))),
        parent: (number == 2).then(|| TopicId::from_uuid(Uuid::from_u128(0x201))),
        code: code.parse().unwrap(),
        name_vi: format!("Mục {code}"),
        name_en: format!("Topic {code}"),
        levels: "T X".to_owned(),
        legal_basis: "NĐ 42/2022/NĐ-CP".to_owned(),
        after_event: String::new(),
        basis_kind: "L".to_owned(),
        max_stale_days: (number == 1).then_some(30),
        notes: String::new(),
    };
    (0..).zip(TOPICS).map(topic).collect()
}

/// The first two sites are the district's and a commune's; the last two share one commune.
fn site(number: u128, host: &str, units: &[Unit]) -> Site {
    let (unit, kind) =
        [(1, SiteKind::Portal), (2, SiteKind::Component), (3, SiteKind::Standalone), (3, SiteKind::Standalone)]
            [usize::try_from(number).unwrap()];
    let id = |number| SiteId::from_uuid(Uuid::from_u128(0x300 + number));
    Site {
        id: id(number),
        unit: Some(units[unit].id),
        kind,
        parent: (kind == SiteKind::Component).then(|| id(0)),
        name: format!("Trang {host}"),
        host: host.parse().unwrap(),
        home_url: format!("https://{host}/"),
        article_url_template: ARTICLE_URL_TEMPLATE.to_owned(),
        language: "vi".to_owned(),
        active_from: parse_day("2018-01-01").unwrap(),
        active_to: units[unit].valid_to,
    }
}

/// Three categories one below the other, and two beside them, of which one maps to nothing.
fn tree(site: SiteId, topics: &[Topic]) -> Vec<Category> {
    let shapes = [(None, Some(1)), (Some(0), None), (Some(1), Some(1)), (None, Some(0)), (None, None)];
    let base = site.as_uuid().as_u128() << 16;
    let id = |number: usize| CategoryId::from_uuid(Uuid::from_u128(base + number as u128));
    let category = |(number, (parent, topic)): (usize, (Option<usize>, Option<usize>))| Category {
        id: id(number),
        site,
        parent: parent.map(id),
        slug: CATEGORIES[number].parse().unwrap(),
        name: format!("Chuyên mục {}", CATEGORIES[number]),
        topic: topic.map(|at| topics[at].id),
        position: i32::try_from(number).unwrap(),
    };
    shapes.into_iter().enumerate().map(category).collect()
}

/// An id that names nothing.
pub(super) fn nothing() -> EntryId {
    EntryId::from_uuid(Uuid::from_u128(0xdead))
}
