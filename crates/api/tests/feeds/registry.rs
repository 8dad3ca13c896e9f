//! The units, sites, categories and topics of the tests: Hà Tĩnh with a district of the past and two communes.

use chrono::NaiveDate;

use lienthong_domain::ids::{CategoryId, SiteId, TopicId, UnitId};
use lienthong_domain::registry::{ARTICLE_URL_TEMPLATE, Category, Site, SiteKind, Topic, Unit};
use lienthong_domain::time::{Timestamp, parse_day};
use lienthong_domain::unit::UnitKind;
use lienthong_persistence::{Record, Store, categories, sites, topics, units};

pub(crate) const COMMUNE: &str = "tiendien.hatinh.gov.vn";
pub(crate) const DISTRICT: &str = "nghixuan.hatinh.gov.vn";
pub(crate) const CATALOGUE: &str = "thutuc.hatinh.gov.vn";

/// What the tests have to name.
pub(crate) struct Registry {
    pub(crate) province: UnitId,
    pub(crate) commune: SiteId,
    pub(crate) district: SiteId,
    /// Of the commune: news, and its section on digital transformation below it.
    pub(crate) news: CategoryId,
    pub(crate) digital: CategoryId,
    /// Of the district.
    pub(crate) archive: CategoryId,
}

/// Registered on 01/02/2024.
fn registered() -> Timestamp {
    Timestamp::parse("2024-02-01T08:00:00+07:00").unwrap()
}

pub(crate) async fn seed(store: &Store) -> Registry {
    let [province, district, commune] = units_of_hatinh();
    let sites = [
        site(Some(district.id), SiteKind::Portal, (DISTRICT, "Cổng thông tin điện tử huyện Nghi Xuân"), "2018-01-01"),
        site(Some(commune.id), SiteKind::Component, (COMMUNE, "Trang thông tin điện tử xã Tiên Điền"), "2024-03-01"),
        site(None, SiteKind::Catalogue, (CATALOGUE, "Thủ tục hành chính"), "2024-03-01"),
    ];
    let [mut closed, open, catalogue] = sites;
    closed.active_to = Some(day("2025-06-30"));
    let [topic, other] = [topic("tt.tin", "Tin tức, sự kiện"), topic("cd.so", "Chuyển đổi số")];
    let news = category(&open, None, ("tin-tuc", "Tin tức"), Some(topic.id));
    let digital = category(&open, Some(news.id), ("chuyen-doi-so", "Chuyển đổi số"), Some(other.id));
    let archive = category(&closed, None, ("tin-huyen", "Tin huyện"), Some(topic.id));
    let registry = Registry {
        province: province.id,
        commune: open.id,
        district: closed.id,
        news: news.id,
        digital: digital.id,
        archive: archive.id,
    };
    let tx = store.begin().await.unwrap();
    units::put(&tx, &[province, district, commune]).await.unwrap();
    sites::put(&tx, &[closed, open, catalogue]).await.unwrap();
    topics::put(&tx, &[topic, other]).await.unwrap();
    categories::put(&tx, &[news, digital, archive]).await.unwrap();
    tx.commit(Record::default()).await.unwrap();
    registry
}

fn units_of_hatinh() -> [Unit; 3] {
    let province = unit(UnitKind::Province, "Hà Tĩnh", None, ("42", "ha-tinh"));
    let mut district = unit(UnitKind::RuralDistrict, "Nghi Xuân", Some(province.id), ("442", "huyen-nghi-xuan"));
    district.valid_to = Some(day("2025-06-30"));
    let commune = unit(UnitKind::Commune, "Tiên Điền", Some(province.id), ("18373", "tien-dien"));
    [province, district, commune]
}

fn unit(kind: UnitKind, name: &str, parent: Option<UnitId>, (code, slug): (&str, &str)) -> Unit {
    Unit {
        id: UnitId::new(registered()),
        code: Some(code.parse().unwrap()),
        kind,
        name: name.to_owned(),
        full_name: format!("{} {name}", kind.title()),
        name_en: None,
        slug: slug.parse().unwrap(),
        parent,
        valid_from: None,
        valid_to: None,
        lineage: None,
    }
}

fn site(unit: Option<UnitId>, kind: SiteKind, (host, name): (&str, &str), active_from: &str) -> Site {
    Site {
        id: SiteId::new(registered()),
        unit,
        kind,
        parent: None,
        name: name.to_owned(),
        host: host.parse().unwrap(),
        home_url: format!("https://{host}/"),
        article_url_template: ARTICLE_URL_TEMPLATE.replace("{slug}", "tin/{slug}"),
        language: "vi".to_owned(),
        active_from: day(active_from),
        active_to: None,
    }
}

fn category(site: &Site, parent: Option<CategoryId>, (slug, name): (&str, &str), topic: Option<TopicId>) -> Category {
    Category {
        id: CategoryId::new(registered()),
        site: site.id,
        parent,
        slug: slug.parse().unwrap(),
        name: name.to_owned(),
        topic,
        position: 1,
    }
}

fn topic(code: &str, name: &str) -> Topic {
    Topic {
        id: TopicId::new(registered()),
        unit: None,
        parent: None,
        code: code.parse().unwrap(),
        name_vi: name.to_owned(),
        name_en: String::new(),
        levels: "X".to_owned(),
        legal_basis: String::new(),
        after_event: String::new(),
        basis_kind: "D".to_owned(),
        max_stale_days: None,
        notes: String::new(),
    }
}

fn day(text: &str) -> NaiveDate {
    parse_day(text).unwrap()
}
