use std::collections::BTreeSet;
use std::sync::Arc;

use std::fs::File;

use lienthong_app::commands::bulk::{Run, Tally};
use lienthong_app::commands::provision::{FindingReason, Provision, ProvisionReport, provision};
use lienthong_app::commands::registry::{IN_FORCE, TopicsImport, UnitsImport, import_topics, import_units};
use lienthong_app::proof::verify::{Known, verify};
use lienthong_app::{App, Error};
use lienthong_domain::ids::SiteId;
use lienthong_domain::registry::{Site, SiteKind};
use lienthong_domain::template::SiteTemplate;
use lienthong_persistence::{Record, sites};
use lienthong_test_support::both_databases;
use serde_json::{Value, json};

use crate::harness::{app, last_change, now, permit, shared_data};

const UNITS: &str = "code,kind,name,full_name,name_en,province_code,predecessors
51,tỉnh,Quảng Ngãi,Tỉnh Quảng Ngãi,,,giữ nguyên
21484,xã,Ba Tơ,Xã Ba Tơ,,51,Thị trấn Ba Tơ
21523,xã,Ba Tô,Xã Ba Tô,,51,Xã Ba Nam
21529,xã,Ba Xa,Xã Ba Xa,,51,giữ nguyên
42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,,,giữ nguyên
18352,xã,Nghi Xuân,Xã Nghi Xuân,,42,Xã Xuân Giang
";

const TOPICS: &str = "code,name_vi,name_en,levels,legal_basis,after_event,basis_kind,max_stale_days,notes
tt.tin,Tin tức – sự kiện,News and events,T X H,,none,D,30,
vb.dieu-hanh,\"Văn bản hành chính, quản lý\",Administrative documents,T X H,,5 wd,F,30,
";

fn categories() -> Value {
    json!([
        {"name": "Tin tức – Sự kiện"},
        {"name": "Văn bản", "children": [{"name": "Văn bản điều hành"}, {"name": "Công báo", "topic": "vb.cong-bao"}]},
    ])
}

fn template(categories: &Value) -> SiteTemplate {
    serde_json::from_value(json!({"categories": categories})).unwrap()
}

async fn registered(store: lienthong_persistence::Store) -> std::sync::Arc<App> {
    let app = app(store).await;
    let units = UnitsImport { source: UNITS.as_bytes(), in_force: IN_FORCE, run: Run::default() };
    import_units(&app, &permit(), units, now()).await.unwrap();
    let topics = TopicsImport { source: TOPICS.as_bytes(), unit: None, run: Run::default() };
    import_topics(&app, &permit(), topics, now()).await.unwrap();
    app
}

async fn run(app: &App, unit: &str, categories: &Value, dry_run: bool) -> ProvisionReport {
    let template = template(categories);
    let run = Run { dry_run, ..Run::default() };
    let request = Provision { unit, template: &template, active_from: None, run };
    provision(app, &permit(), request, now()).await.unwrap()
}

fn site(app: &App, host: &str) -> Arc<Site> {
    app.reference().sites.by_host(host).unwrap_or_else(|| panic!("no site {host}")).clone()
}

const fn tally(created: usize, changed: usize, unchanged: usize) -> Tally {
    Tally { created, changed, unchanged }
}

both_databases! {
    async fn every_commune_gets_a_component_of_the_provinces_portal(db: TestDb) {
        let store = db.open().await;
        let app = registered(store).await;
        let report = run(&app, "51", &categories(), false).await;
        assert_eq!((report.sites, report.categories), (tally(4, 0, 0), tally(12, 0, 0)));
        let portal = site(&app, "quangngai.gov.vn");
        assert_eq!((portal.kind, portal.name.as_str()), (SiteKind::Portal, "Cổng Thông tin điện tử tỉnh Quảng Ngãi"));
        let commune = site(&app, "baxa.quangngai.gov.vn");
        assert_eq!((commune.kind, commune.parent), (SiteKind::Component, Some(portal.id)));
        assert_eq!(commune.name, "Trang Thông tin điện tử xã Ba Xa");
        let reference = app.reference();
        let roots: Vec<_> = reference.categories.roots(commune.id).map(|c| c.slug.to_string()).collect();
        assert_eq!(roots, ["tin-tuc-su-kien", "van-ban"]);
        let below = reference.categories.by_slug(commune.id, "van-ban-dieu-hanh").unwrap();
        assert_eq!(below.topic, reference.topics.by_code("vb.dieu-hanh").map(|topic| topic.id));
        assert_eq!(below.parent, reference.categories.by_slug(commune.id, "van-ban").map(|above| above.id));
    }

    async fn contested_hosts_and_unmapped_categories_are_findings(db: TestDb) {
        let store = db.open().await;
        let app = registered(store).await;
        let report = run(&app, "51", &categories(), false).await;
        let clashes: Vec<_> = report.clashes.iter().map(|c| (c.host.as_str(), c.units.len())).collect();
        assert_eq!(clashes, [("bato.quangngai.gov.vn", 2)]);
        site(&app, "bato-21484.quangngai.gov.vn");
        site(&app, "bato-21523.quangngai.gov.vn");
        let findings: Vec<_> = report.findings.iter().map(|f| (f.category.as_str(), f.reason.clone())).collect();
        let unknown = FindingReason::UnknownTopic { topic: "vb.cong-bao".parse().unwrap() };
        assert_eq!(findings, [("van-ban", FindingReason::Unmapped), ("cong-bao", unknown)]);
    }

    async fn a_topic_that_cannot_be_told_takes_none_away_and_a_new_category_is_made_without(db: TestDb) {
        let store = db.open().await;
        let app = registered(store).await;
        let sound = json!([{"slug": "tin", "name": "Tin tức – Sự kiện"}, {"name": "Văn bản điều hành", "topic": "vb.dieu-hanh"}]);
        run(&app, "51", &sound, false).await;
        // One code is mistyped, one name is that of no topic any more, one category is new.
        let mistyped = json!([
            {"slug": "tin", "name": "Tin trong xã"},
            {"name": "Văn bản điều hành", "topic": "vb.dieuhanh"},
            {"name": "Công báo", "topic": "vb.cong-bao"},
        ]);
        let dry = run(&app, "51", &mistyped, true).await;
        let report = run(&app, "51", &mistyped, false).await;
        assert_eq!((report.categories, report.findings.len()), (tally(3, 3, 3), 3));
        assert_eq!((dry.categories, &dry.findings), (report.categories, &report.findings));
        let unknown = |code: &str| FindingReason::UnknownTopic { topic: code.parse().unwrap() };
        let reasons: Vec<_> = report.findings.into_iter().map(|finding| finding.reason).collect();
        assert_eq!(reasons, [FindingReason::Unmapped, unknown("vb.dieuhanh"), unknown("vb.cong-bao")]);
        let (reference, home) = (app.reference(), site(&app, "baxa.quangngai.gov.vn").id);
        let topic = |slug: &str| {
            let topic = reference.categories.by_slug(home, slug).unwrap().topic;
            topic.map(|id| reference.topics.get(id).unwrap().code.to_string())
        };
        assert_eq!(topic("tin").as_deref(), Some("tt.tin"));
        assert_eq!(topic("van-ban-dieu-hanh").as_deref(), Some("vb.dieu-hanh"));
        assert_eq!(topic("cong-bao"), None);
    }

    async fn provisioning_twice_changes_nothing(db: TestDb) {
        let store = db.open().await;
        let app = registered(store).await;
        run(&app, "51", &categories(), false).await;
        let before = last_change(&app).await;
        let report = run(&app, "51", &categories(), false).await;
        assert_eq!((report.sites, report.categories), (tally(0, 0, 4), tally(0, 0, 12)));
        assert_eq!(last_change(&app).await, before);
    }

    async fn a_renamed_category_is_updated_and_a_moved_one_moved(db: TestDb) {
        let store = db.open().await;
        let app = registered(store).await;
        run(&app, "18352", &categories(), false).await;
        let host = "nghixuan.hatinh.gov.vn";
        let before = app.reference().categories.by_slug(site(&app, host).id, "van-ban").unwrap().id;
        let changed = json!([
            {"name": "Tin tức – Sự kiện"},
            {"slug": "van-ban", "name": "Văn bản của xã", "children": [{"name": "Công báo"}]},
            {"name": "Văn bản điều hành"},
        ]);
        let report = run(&app, "xa-nghi-xuan", &changed, false).await;
        assert_eq!((report.sites, report.categories), (tally(0, 0, 2), tally(0, 3, 1)));
        let reference = app.reference();
        let moved = reference.categories.by_slug(site(&app, host).id, "van-ban-dieu-hanh").unwrap();
        assert_eq!(moved.parent, None);
        let after = reference.categories.by_slug(site(&app, host).id, "van-ban").unwrap();
        assert_eq!((after.id, after.name.as_str()), (before, "Văn bản của xã"));
    }

    async fn a_host_that_another_body_holds_is_left_to_it(db: TestDb) {
        let store = db.open().await;
        let app = registered(store).await;
        let unit = app.reference().units.named("51", now().local_day()).unwrap().id;
        let former = Site {
            id: SiteId::new(now()),
            unit: Some(unit),
            kind: SiteKind::Standalone,
            parent: None,
            name: "Cổng thông tin điện tử huyện Ba Xa".to_owned(),
            host: "baxa.quangngai.gov.vn".parse().unwrap(),
            home_url: "https://baxa.quangngai.gov.vn/".to_owned(),
            article_url_template: lienthong_domain::registry::ARTICLE_URL_TEMPLATE.to_owned(),
            language: "vi".to_owned(),
            active_from: IN_FORCE,
            active_to: None,
        };
        let tx = app.store().begin().await.unwrap();
        sites::put(&tx, std::slice::from_ref(&former)).await.unwrap();
        tx.commit(Record::default()).await.unwrap();
        let report = run(&app, "21529", &categories(), false).await;
        let clash = report.clashes.iter().find(|clash| clash.held_by.is_some()).unwrap();
        assert_eq!(clash.held_by.as_ref(), Some(&former.name));
        assert_eq!(site(&app, "baxa-21529.quangngai.gov.vn").name, "Trang Thông tin điện tử xã Ba Xa");
    }

    async fn closed_sites_are_left_as_they_are(db: TestDb) {
        let app = registered(db.open().await).await;
        run(&app, "51", &categories(), false).await;
        let [portal, commune] = ["quangngai.gov.vn", "baxa.quangngai.gov.vn"].map(|host| Site::clone(&site(&app, host)));
        let close = async |site: &Site| {
            let closed = Site { active_to: now().local_day().pred_opt(), name: "Đã đóng".to_owned(), ..site.clone() };
            let tx = app.store().begin().await.unwrap();
            sites::put(&tx, &[closed]).await.unwrap();
            tx.commit(Record::default()).await.unwrap();
        };
        close(&commune).await;
        let report = run(&app, "21529", &categories(), false).await;
        assert_eq!(report.sites, tally(1, 0, 1));
        assert_eq!(site(&app, "baxa-21529.quangngai.gov.vn").parent, Some(portal.id));

        close(&portal).await;
        let template = template(&categories());
        let request = Provision { unit: "51", template: &template, active_from: None, run: Run::default() };
        let refused = provision(&app, &permit(), request, now()).await.unwrap_err();
        assert!(refused.to_string().contains("quangngai.gov.vn of its portal"), "{refused}");
    }

    async fn a_dry_run_of_provisioning_leaves_nothing(db: TestDb) {
        let store = db.open().await;
        let app = registered(store).await;
        let before = last_change(&app).await;
        let dry = run(&app, "51", &categories(), true).await;
        assert_eq!((last_change(&app).await, app.reference().sites.in_order().count()), (before, 0));
        let real = run(&app, "51", &categories(), false).await;
        assert_eq!(ProvisionReport { dry_run: false, ..dry }, real);
    }

    async fn a_unit_that_does_not_exist_is_not_found(db: TestDb) {
        let store = db.open().await;
        let app = registered(store).await;
        let template = template(&categories());
        for unit in ["99", "xa-xuan-giang-42-2025", ""] {
            let request = Provision { unit, template: &template, active_from: None, run: Run::default() };
            assert!(matches!(provision(&app, &permit(), request, now()).await, Err(Error::NotFound("unit"))), "{unit}");
        }
    }

    async fn what_a_template_asks_of_images_is_an_act_on_each_site_it_changes(db: TestDb) {
        let app = registered(db.open().await).await;
        run(&app, "42", &categories(), false).await;
        let less: SiteTemplate =
            serde_json::from_value(json!({"categories": categories(), "images": {"credit": false}})).unwrap();
        let acts = async || verify(&app, Known::default()).await.unwrap();
        let before = acts().await;
        for _ in 0..2 {
            let request = Provision { unit: "42", template: &less, active_from: None, run: Run::default() };
            provision(&app, &permit(), request, now()).await.unwrap();
            let after = acts().await;
            assert!(after.is_clean(), "{after:#?}");
            assert_eq!(after.acts, before.acts + 2, "on the portal and on the commune, once");
        }
        assert_eq!(app.store().count_rows("media_rule").await.unwrap(), 2);
    }

    async fn whole_provinces_of_the_national_list_are_provisioned(db: TestDb) {
        let store = db.open().await;
        let Some(path) = shared_data("units.csv") else { return };
        let app = app(store).await;
        let units = UnitsImport { source: File::open(path).unwrap(), in_force: IN_FORCE, run: Run::default() };
        import_units(&app, &permit(), units, now()).await.unwrap();
        let ha_tinh = run(&app, "42", &categories(), false).await;
        assert_eq!((ha_tinh.sites, ha_tinh.categories), (tally(70, 0, 0), tally(69 * 4, 0, 0)));
        assert_eq!((ha_tinh.clashes.len(), ha_tinh.refused.len()), (0, 0));
        let quang_ngai = run(&app, "51", &categories(), false).await;
        assert_eq!(quang_ngai.sites, tally(97, 0, 0));
        let hosts: BTreeSet<_> = quang_ngai.clashes.iter().map(|clash| clash.host.as_str()).collect();
        assert_eq!(hosts, BTreeSet::from(["bato.quangngai.gov.vn", "sonha.quangngai.gov.vn"]));
    }
}

#[tokio::test]
async fn every_provisioned_site_leaves_an_audit_row_and_a_repetition_none() {
    let folder = tempfile::tempdir().unwrap();
    let app = registered(crate::harness::open(folder.path()).await).await;
    for _ in 0..2 {
        run(&app, "51", &categories(), false).await;
    }
    let database = rusqlite::Connection::open(folder.path().join("lienthong.db")).unwrap();
    let mut statement = database
        .prepare("SELECT operation, note, site_id IS NOT NULL FROM audit WHERE note LIKE 'provision %' ORDER BY note")
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let rows: Vec<(String, String, bool)> = rows.map(Result::unwrap).collect();
    let hosts = ["bato-21484.", "bato-21523.", "baxa.", ""].map(|label| format!("provision {label}quangngai.gov.vn"));
    let expected = hosts.map(|note| ("manage-registry".to_owned(), note, true));
    assert_eq!(rows, expected);
}
