//! A small world: Hà Tĩnh, a former district and its communes, a site for each, a few categories and topics.

use std::ops::Deref;
use std::sync::Arc;

use lienthong_app::commands::articles::{self, NewArticle};
use lienthong_app::commands::desk;
use lienthong_app::proof::verify::{Known, verify};
use lienthong_app::{App, Keys};
use lienthong_domain::access::{Action, Actor, Grant, Operation, OwnOr, Permit, Role, SiteScope};
use lienthong_domain::article::{ArticleInput, ArticleKind};
use lienthong_domain::change::{Audit, Matter};
use lienthong_domain::entry::{Entry, Major};
use lienthong_domain::hold::Pace;
use lienthong_domain::ids::{ActorId, CategoryId, SiteId, TopicId, UnitId};
use lienthong_domain::registry::{ARTICLE_URL_TEMPLATE, Category, Site, SiteKind, Topic, Unit};
use lienthong_domain::slug::slugify;
use lienthong_domain::time::{Timestamp, parse_day};
use lienthong_domain::unit::UnitKind;
use lienthong_persistence::actors::{self, Reach};
use lienthong_persistence::{Record, Store, categories, sites, topics, units};
use uuid::Uuid;

use crate::TestDb;

/// The instant `text`, RFC 3339.
pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// The reference data of a test.
#[derive(Debug, Clone)]
pub struct World {
    /// Hà Tĩnh, then huyện Nghi Xuân, then its communes.
    pub units: Vec<Unit>,
    /// The district's portal, then the communes' sites.
    pub sites: Vec<Site>,
    /// For each site: tin-tuc-su-kien, kinh-te below it, thong-bao.
    pub categories: Vec<Category>,
    /// tt.tin and tt.thong-bao.
    pub topics: Vec<Topic>,
}

const COMMUNES: [&str; 3] = ["Xuân Hải", "Xuân Mỹ", "Cổ Đạm"];

impl World {
    /// Makes the world without saving it.
    pub fn new() -> Self {
        let now = at("2023-01-01T00:00:00Z");
        let topics: Vec<Topic> = vec![topic("tt.tin", "Tin tức – sự kiện"), topic("tt.thong-bao", "Thông báo")];
        let province = unit(UnitKind::Province, "Hà Tĩnh", None);
        let district = unit(UnitKind::RuralDistrict, "Nghi Xuân", Some(province.id));
        let communes = COMMUNES.map(|name| unit(UnitKind::Commune, name, Some(district.id)));
        let portal = site(&district, SiteKind::Portal, None);
        let components = communes.iter().map(|commune| site(commune, SiteKind::Component, Some(portal.id)));
        let sites: Vec<Site> = std::iter::once(portal.clone()).chain(components).collect();
        let categories = sites.iter().flat_map(|site| categories_of(site.id, &topics, now)).collect();
        let units = [province, district].into_iter().chain(communes).collect();
        Self { units, sites, categories, topics }
    }

    /// Saves the reference data.
    pub async fn save(&self, store: &Store) {
        let tx = store.begin().await.unwrap();
        topics::put(&tx, &self.topics).await.unwrap();
        units::put(&tx, &self.units).await.unwrap();
        sites::put(&tx, &self.sites).await.unwrap();
        categories::put(&tx, &self.categories).await.unwrap();
        let sites = self.sites.iter().map(|site| Matter::Site(site.id));
        let audits = sites.chain([Matter::Units, Matter::Topics]).map(act_on).collect();
        tx.commit(Record { changes: Vec::new(), audits }).await.unwrap();
    }

    /// The category of the `site`-th site under `slug`.
    pub fn category(&self, site: usize, slug: &str) -> &Category {
        let site = self.sites[site].id;
        self.categories.iter().find(|it| it.site == site && it.slug.as_str() == slug).unwrap()
    }
}

impl Default for World {
    fn default() -> Self {
        Self::new()
    }
}

/// What the log knows of rows that a test writes beside the commands.
fn act_on(matter: Matter) -> Audit {
    let by = ActorId::from_uuid(Uuid::nil()).into();
    let (operation, at) = (Operation::ManageRegistry, at("2023-01-01T00:00:00Z"));
    Audit {
        by,
        operation,
        site: None,
        entry: None,
        edition: None,
        note: String::new(),
        matter: Some(matter),
        after: None,
        at,
    }
}

/// A node on a test's database, with a small world.
pub struct TestApp {
    /// The node.
    pub app: Arc<App>,
    /// Its reference data.
    pub world: World,
    /// Its database.
    pub db: TestDb,
}

impl Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl TestApp {
    /// Saves a world and starts a node.
    pub async fn start(db: TestDb) -> Self {
        let store = db.open().await;
        let world = World::new();
        world.save(&store).await;
        let app = App::start(store, Keys::of_tests()).await.unwrap();
        // Tests run in the middle of the night too, and write more than people do.
        app.set_pace(Pace::UNLIMITED);
        Self { app, world, db }
    }

    /// A second node on the same database.
    pub async fn second_node(&self) -> Arc<App> {
        App::start(self.db.open().await, Keys::of_tests()).await.unwrap()
    }

    /// Somebody with a role on the `site`-th site.
    pub fn actor(&self, role: Role, site: usize) -> Actor {
        let scope = SiteScope::of([self.world.sites[site].id]);
        Actor::with_grants(ActorId::new(Timestamp::from_micros(1)), vec![Grant { role, scope }])
    }

    /// Somebody recorded in the database who holds a role on the `site`-th site.
    pub async fn recorded(&self, role: Role, site: usize) -> ActorId {
        let (id, now) = (ActorId::new(at("2024-01-01T00:00:00Z")), at("2024-01-01T00:00:00Z"));
        let tx = self.store().begin().await.unwrap();
        actors::add(&tx, id, &id.to_string(), "Người thử", now).await.unwrap();
        let reach = Reach::Site(self.world.sites[site].id);
        actors::grant(&tx, id, role, reach, (id, now)).await.unwrap();
        tx.commit(Record { changes: Vec::new(), audits: vec![act_on(Matter::Actor(id))] }).await.unwrap();
        id
    }

    /// Fails when a row is not what the log says of it.
    pub async fn assert_in_order(&self) {
        let report = verify(self, Known::default()).await.unwrap();
        assert!(report.is_clean(), "{report:#?}");
    }

    /// A permit for anything, as the operator has it.
    pub fn permit<A: Action>(&self) -> Permit<A> {
        Actor::operator(ActorId::new(Timestamp::from_micros(1))).permit().unwrap()
    }

    /// The same for what the operator has or has not written itself.
    pub fn own_or<A: Action>(&self) -> OwnOr<A> {
        Actor::operator(ActorId::new(Timestamp::from_micros(1))).permit_or_own().unwrap()
    }

    /// The text of a plain news item in the category tin-tuc-su-kien of the `site`-th site.
    pub fn input(&self, site: usize, title: &str) -> ArticleInput {
        ArticleInput {
            kind: ArticleKind::News,
            audience: None,
            category: self.world.category(site, "tin-tuc-su-kien").id,
            topic: None,
            series: None,
            title: title.to_owned(),
            summary: format!("Tóm tắt: {title}"),
            body: format!("<p>{title}</p>"),
            language: None,
            tags: vec![],
            author: None,
            source: None,
            cover: None,
            attachments: vec![],
        }
    }

    /// A draft on the `site`-th site.
    pub async fn draft(&self, site: usize, title: &str, now: Timestamp) -> Entry {
        self.draft_of(site, self.input(site, title), now).await
    }

    /// A draft with this text.
    pub async fn draft_of(&self, site: usize, input: ArticleInput, now: Timestamp) -> Entry {
        let new = NewArticle { site: self.world.sites[site].id, slug: None, corrects: None, input, idempotency: None };
        articles::create(&self.app, &self.permit(), new, now).await.unwrap().entry
    }

    /// A published article on the `site`-th site.
    pub async fn published(&self, site: usize, title: &str, now: Timestamp) -> Entry {
        let draft = self.draft(site, title, now).await;
        self.publish(&draft, now).await
    }

    /// Publishes the draft of an entry.
    pub async fn publish(&self, entry: &Entry, now: Timestamp) -> Entry {
        desk::publish(&self.app, &self.permit(), ((entry.id, entry.version), Major::Major), now).await.unwrap()
    }
}

fn topic(code: &str, name: &str) -> Topic {
    Topic {
        id: TopicId::new(at("2023-01-01T00:00:00Z")),
        unit: None,
        parent: None,
        code: code.parse().unwrap(),
        name_vi: name.to_owned(),
        name_en: code.to_owned(),
        levels: "T X H".to_owned(),
        legal_basis: String::new(),
        after_event: "none".to_owned(),
        basis_kind: "D".to_owned(),
        max_stale_days: None,
        notes: String::new(),
    }
}

fn unit(kind: UnitKind, name: &str, parent: Option<UnitId>) -> Unit {
    Unit {
        id: UnitId::new(at("2023-01-01T00:00:00Z")),
        code: (kind == UnitKind::Province).then(|| "42".parse().unwrap()),
        kind,
        name: name.to_owned(),
        full_name: format!("{} {name}", kind.title()),
        name_en: None,
        slug: slugify(name).unwrap(),
        parent,
        valid_from: None,
        valid_to: (kind != UnitKind::Province).then(|| parse_day("2025-06-30").unwrap()),
        lineage: None,
    }
}

fn site(unit: &Unit, kind: SiteKind, parent: Option<SiteId>) -> Site {
    let host = format!("{}.hatinh.example", unit.slug.as_str().replace('-', ""));
    Site {
        id: SiteId::new(at("2023-01-01T00:00:00Z")),
        unit: Some(unit.id),
        kind,
        parent,
        name: format!("Trang Thông tin điện tử {}", unit.full_name.to_lowercase()),
        home_url: format!("https://{host}/"),
        host: host.parse().unwrap(),
        article_url_template: ARTICLE_URL_TEMPLATE.to_owned(),
        language: "vi".to_owned(),
        active_from: parse_day("2023-01-01").unwrap(),
        active_to: None,
    }
}

fn categories_of(site: SiteId, topics: &[Topic], now: Timestamp) -> Vec<Category> {
    let category = |slug: &str, name: &str, parent: Option<CategoryId>, topic: Option<TopicId>, position| Category {
        id: CategoryId::new(now),
        site,
        parent,
        slug: slug.parse().unwrap(),
        name: name.to_owned(),
        topic,
        position,
    };
    let news = category("tin-tuc-su-kien", "Tin tức – sự kiện", None, Some(topics[0].id), 0);
    let economy = category("kinh-te", "Kinh tế", Some(news.id), Some(topics[0].id), 1);
    let notices = category("thong-bao", "Thông báo", None, Some(topics[1].id), 2);
    vec![news, economy, notices]
}
