use std::io::Cursor;
use std::sync::Arc;

use lienthong_app::commands::bulk::{Run, Tally};
use lienthong_app::commands::import_articles::{ArticlesImport, ArticlesReport, MOST_IN_A_BATCH, import_articles};
use lienthong_app::commands::provision::{Provision, SitesImport, SitesReport, import_sites, provision};
use lienthong_app::commands::registry::{IN_FORCE, UnitsImport, import_units};
use lienthong_app::proof::verify::{Known, verify};
use lienthong_app::queries::report::articles;
use lienthong_app::{App, Error};
use lienthong_domain::access::{Actor, Grant, Role, SiteScope};
use lienthong_domain::ids::{ActorId, SiteId};
use lienthong_domain::registry::{Site, SiteKind};
use lienthong_domain::template::SiteTemplate;
use lienthong_domain::time::{Period, parse_day};
use lienthong_persistence::Store;
use lienthong_test_support::{at, both_databases};
use serde_json::json;

use crate::harness::{app, last_change, now, permit};

/// Two communes of today, and what came before them: the district and a township.
const UNITS: &str = "code,kind,name,full_name,name_en,province_code,predecessors
42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,,,giữ nguyên
18352,xã,Nghi Xuân,Xã Nghi Xuân,,42,Xã Xuân Giang
18373,xã,Tiên Điền,Xã Tiên Điền,,42,Thị trấn Tiên Điền
449,huyện,Nghi Xuân,Huyện Nghi Xuân,,42,
";

const DISTRICT: &str = "nghixuan-huyen.hatinh.gov.vn";
const TOWNSHIP: &str = "tiendien.nghixuan-huyen.hatinh.gov.vn";

/// The component stands before its portal. Of the communes one is in the file.
const SITES: &str = "host,unit,kind,parent,name,active_from,active_to
tiendien.nghixuan-huyen.hatinh.gov.vn,449,component,nghixuan-huyen.hatinh.gov.vn,Trang Thông tin điện tử thị trấn Tiên Điền,2018-01-01,2025-06-30
nghixuan-huyen.hatinh.gov.vn,449,portal,,Cổng Thông tin điện tử huyện Nghi Xuân,2012-01-01,2025-06-30
nghixuan.hatinh.gov.vn,18352,standalone,,Trang Thông tin điện tử xã Nghi Xuân,2025-07-01,
";

fn template() -> SiteTemplate {
    serde_json::from_value(json!({"categories": [{"name": "Tin tức"}]})).unwrap()
}

async fn registered(store: Store) -> Arc<App> {
    let app = app(store).await;
    let units = UnitsImport { source: UNITS.as_bytes(), in_force: IN_FORCE, run: Run::default() };
    import_units(&app, &permit(), units, now()).await.unwrap();
    app
}

async fn import(app: &App, table: &str) -> SitesReport {
    run(app, (table, None), false).await
}

async fn run(app: &App, (table, template): (&str, Option<&SiteTemplate>), dry_run: bool) -> SitesReport {
    let import = SitesImport { source: table.as_bytes(), template, run: Run { dry_run, ..Run::default() } };
    import_sites(app, &permit(), import, now()).await.unwrap()
}

/// Imports an article for each host and day.
async fn published(app: &App, dated: &[(&str, &str)]) -> ArticlesReport {
    let line = |(number, (host, day)): (usize, &(&str, &str))| {
        let title = format!("Tin {number}");
        let line = json!({
            "sourceId": title, "site": host, "category": "tin-tuc", "title": title, "summary": "", "body": "",
            "publishedAt": format!("{day}T08:00:00+07:00"),
        });
        line.to_string()
    };
    let lines: Vec<String> = dated.iter().enumerate().map(line).collect();
    let source = Cursor::new(lines.join("\n").into_bytes());
    let import = ArticlesImport { source, dry_run: false, batch: MOST_IN_A_BATCH, progress: &|_| {} };
    import_articles(app, &permit(), import, Arc::new(now)).await.unwrap()
}

/// The sites that the province's report of these days lists, with their numbers.
async fn reported(app: &App, from: &str, to: &str) -> Vec<(String, u64)> {
    let province = app.reference().units.named("42", now().local_day()).unwrap().id;
    let period = Period::new(parse_day(from).unwrap(), parse_day(to).unwrap()).unwrap();
    let report = articles(app, &permit(), (province, period), now()).await.unwrap();
    report.rows.iter().map(|row| (row.label.clone(), row.total)).collect()
}

fn site(app: &App, host: &str) -> Site {
    Site::clone(app.reference().sites.by_host(host).unwrap_or_else(|| panic!("no site {host}")))
}

const fn tally(created: usize, changed: usize, unchanged: usize) -> Tally {
    Tally { created, changed, unchanged }
}

both_databases! {
    async fn the_report_of_2024_has_the_articles_of_a_district_that_has_ended(db: TestDb) {
        let app = registered(db.open().await).await;
        let done = run(&app, (SITES, Some(&template())), false).await;
        assert_eq!((done.sites, done.categories, done.refused), (tally(3, 0, 0), tally(3, 0, 0), Vec::<String>::new()));
        let dated = [(DISTRICT, "2024-02-29"), (DISTRICT, "2024-12-31"), (TOWNSHIP, "2024-06-28"), (TOWNSHIP, "2025-01-01")];
        let imported = published(&app, &dated).await;
        assert_eq!((imported.created, imported.refused, imported.dated_outside.len()), (4, 0, 0));
        let rows = reported(&app, "2024-01-01", "2024-12-31").await;
        let portal = ("Cổng Thông tin điện tử huyện Nghi Xuân".to_owned(), 2);
        assert_eq!(rows, [portal, ("Trang Thông tin điện tử thị trấn Tiên Điền".to_owned(), 1)]);
        let today = reported(&app, "2026-01-01", "2026-01-15").await;
        assert_eq!(today, [("Trang Thông tin điện tử xã Nghi Xuân".to_owned(), 0)]);
    }

    async fn sites_get_units_that_have_ended_portals_and_days(db: TestDb) {
        let app = registered(db.open().await).await;
        import(&app, SITES).await;
        import(&app, &format!("host,unit\n{TOWNSHIP},thi-tran-tien-dien-42-2025\n")).await;
        let (portal, township) = (site(&app, DISTRICT), site(&app, TOWNSHIP));
        let slug = |site: &Site| app.reference().units.get(site.unit.unwrap()).unwrap().slug.to_string();
        assert_eq!((slug(&portal), slug(&township)), ("huyen-nghi-xuan".to_owned(), "thi-tran-tien-dien-42-2025".to_owned()));
        assert_eq!((portal.kind, township.parent), (SiteKind::Portal, Some(portal.id)));
        assert!(portal.is_closed_on(now().local_day()) && !portal.is_closed_on(parse_day("2025-06-30").unwrap()));
        assert_eq!(portal.home_url, "https://nghixuan-huyen.hatinh.gov.vn/");
    }

    async fn the_day_on_which_sites_close_and_units_begin_is_known_before(db: TestDb) {
        let app = registered(db.open().await).await;
        import(&app, SITES).await;
        let midnight = at("2025-06-30T17:00:00Z");
        for now in ["2018-01-01T00:00:00Z", "2025-06-30T16:59:59Z"] {
            assert_eq!(app.next_change(at(now)), Some(midnight), "{now}");
        }
        assert_eq!(app.next_change(midnight), None);
        import(&app, "host,active_to\nnghixuan.hatinh.gov.vn,2026-12-31\n").await;
        assert_eq!(app.next_change(midnight), Some(at("2026-12-31T17:00:00Z")));
    }

    async fn importing_sites_twice_changes_nothing(db: TestDb) {
        let app = registered(db.open().await).await;
        run(&app, (SITES, Some(&template())), false).await;
        let before = (last_change(&app).await, verify(&app, Known::default()).await.unwrap().acts);
        let again = run(&app, (SITES, Some(&template())), false).await;
        assert_eq!((again.sites, again.categories), (tally(0, 0, 3), tally(0, 0, 3)));
        assert_eq!((last_change(&app).await, verify(&app, Known::default()).await.unwrap().acts), before);
    }

    async fn each_site_that_changes_leaves_an_act_on_it_and_other_nodes_follow(db: TestDb) {
        let here = registered(db.open().await).await;
        let there = app(db.open().await).await;
        import(&here, SITES).await;
        let acts = async || verify(&here, Known::default()).await.unwrap();
        let before = acts().await;
        let table = format!(
            "host,home_url,article_url_template\n{DISTRICT},https://nghixuan.example/,https://nghixuan.example/tin/{{slug}}\n"
        );
        assert_eq!(import(&here, &table).await.sites, tally(0, 1, 0));
        let after = acts().await;
        assert!(after.is_clean(), "{after:#?}");
        assert_eq!(after.acts, before.acts + 1);
        there.catch_up().await.unwrap();
        let changed = site(&there, DISTRICT);
        assert_eq!(changed.article_url("tin-1"), "https://nghixuan.example/tin/tin-1");
        // What the table does not state.
        assert_eq!((changed.active_from, changed.active_to), (parse_day("2012-01-01").unwrap(), IN_FORCE.pred_opt()));
    }

    async fn each_wrong_row_is_told_with_line_column_and_rule_and_stops_no_other(db: TestDb) {
        let app = registered(db.open().await).await;
        import(&app, SITES).await;
        let table = format!(
            "host,unit,kind,parent,name,active_from,active_to,article_url_template\n\
             a.example,99,standalone,,A,2020-01-01,,\n\
             B.example,42,standalone,,B,2020-01-01,,\n\
             c.example,42,component,nghixuan.hatinh.gov.vn,C,2020-01-01,,\n\
             d.example,42,component,,D,2020-01-01,,\n\
             e.example,42,standalone,,E,2020-01-01,2019-12-31,\n\
             f.example,42,standalone,,F,2020-01-01,,https://{{host}}/\n\
             g.example,42,standalone,,G,2020-01-01,,\n\
             g.example,42,standalone,,G,2020-01-01,,\n\
             {DISTRICT},449,standalone,,Huyện,2012-01-01,2025-06-30,\n\
             procedures.invalid,42,standalone,,H,2020-01-01,,\n"
        );
        let report = import(&app, &table).await;
        let places: Vec<&str> = report.refused.iter().map(|told| told.split_once(": ").unwrap().0).collect();
        let lines = (2..).zip(["unit", "host", "parent", "parent", "active_to", "article_url_template"]);
        let expected: Vec<String> = lines.chain([(9, "host"), (10, "kind"), (11, "host")])
            .map(|(line, field)| format!("line {line}, {field}"))
            .collect();
        assert_eq!(places, expected, "{:#?}", report.refused);
        assert_eq!(report.sites, tally(1, 0, 0));
        assert_eq!(site(&app, "g.example").name, "G");
    }

    async fn articles_from_before_the_first_day_are_told_by_both_imports_until_the_day_is_earlier(db: TestDb) {
        let app = registered(db.open().await).await;
        let late = SITES.replace("2012-01-01", "2025-01-01");
        run(&app, (&late, Some(&template())), false).await;
        let dated = [(DISTRICT, "2024-12-31"), (DISTRICT, "2024-03-01"), (DISTRICT, "2025-01-01")];
        for _ in 0..2 {
            let imported = published(&app, &dated).await;
            assert_eq!((imported.created + imported.unchanged, imported.refused), (3, 0));
            let told: Vec<_> = imported.dated_outside.iter().map(|one| (one.site.as_str(), one.before, one.behind)).collect();
            assert_eq!(told, [(DISTRICT, 2, 0)]);
        }
        assert!(reported(&app, "2024-01-01", "2024-12-31").await.iter().all(|(_, total)| *total == 0));
        let told = import(&app, &late).await;
        assert_eq!(told.sites, tally(0, 0, 3));
        assert_eq!(told.dated_outside.iter().map(|one| (one.before, one.behind)).collect::<Vec<_>>(), [(2, 0)]);
        let closed = import(&app, &format!("host,active_to\n{DISTRICT},2024-12-31\n")).await;
        assert_eq!(closed.refused.len(), 1, "{closed:?}");
        let moved = import(&app, &format!("host,active_from,active_to\n{DISTRICT},2012-01-01,2024-12-31\n")).await;
        assert_eq!(moved.dated_outside.iter().map(|one| (one.before, one.behind)).collect::<Vec<_>>(), [(0, 1)]);
        assert_eq!(import(&app, SITES).await.dated_outside, []);
        assert_eq!(reported(&app, "2024-01-01", "2024-12-31").await[0].1, 2);
    }

    async fn a_dry_run_of_an_import_of_sites_leaves_nothing(db: TestDb) {
        let app = registered(db.open().await).await;
        let before = last_change(&app).await;
        let dry = run(&app, (SITES, Some(&template())), true).await;
        assert_eq!((last_change(&app).await, app.reference().sites.in_order().count()), (before, 0));
        let real = run(&app, (SITES, Some(&template())), false).await;
        assert_eq!(SitesReport { dry_run: false, ..dry }, real);
    }

    async fn provisioning_gives_a_first_day_to_what_it_makes_only(db: TestDb) {
        let app = registered(db.open().await).await;
        let template = template();
        let (early, late) = (parse_day("2015-05-05").unwrap(), parse_day("2016-06-06").unwrap());
        for (unit, active_from) in [("18352", early), ("42", late)] {
            let request = Provision { unit, template: &template, active_from: Some(active_from), run: Run::default() };
            provision(&app, &permit(), request, now()).await.unwrap();
        }
        let days = ["hatinh.gov.vn", "nghixuan.hatinh.gov.vn", "tiendien.hatinh.gov.vn"];
        assert_eq!(days.map(|host| site(&app, host).active_from), [early, early, late]);
    }

    async fn sites_are_imported_by_whoever_may_change_the_whole_instance(db: TestDb) {
        let app = registered(db.open().await).await;
        let grant = Grant { role: Role::ProvincialAdministrator, scope: SiteScope::of([SiteId::new(now())]) };
        let permit = Actor::with_grants(ActorId::new(now()), vec![grant]).permit().unwrap();
        let import = SitesImport { source: SITES.as_bytes(), template: None, run: Run::default() };
        assert!(matches!(import_sites(&app, &permit, import, now()).await, Err(Error::Denied(_))));
    }
}
