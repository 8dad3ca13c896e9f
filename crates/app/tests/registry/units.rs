use std::fs::File;

use lienthong_app::commands::bulk::{Run, Tally};
use lienthong_app::commands::registry::{IN_FORCE, UnitsImport, UnitsReport, import_units};
use lienthong_app::{App, Error};
use lienthong_domain::access::{Actor, Grant, Role, SiteScope};
use lienthong_domain::ids::{ActorId, SiteId};
use lienthong_domain::registry::Unit;
use lienthong_domain::time::parse_day;
use lienthong_test_support::both_databases;

use crate::harness::{app, last_change, now, permit, shared_data};

const HEADER: &str = "code,kind,name,full_name,name_en,province_code,predecessors\n";

/// A corner of the real list: two provinces, a divided and a renamed unit, namesakes.
const CORNER: &str = "\
42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,Ha Tinh,,giữ nguyên
51,tỉnh,Quảng Ngãi,Tỉnh Quảng Ngãi,Quang Ngai,,\"tỉnh Kon Tum, tỉnh Quảng Ngãi\"
18373,xã,Tiên Điền,Xã Tiên Điền,Tien Dien,42,\"Thị trấn Tiên Điền, Xã Xuân Yên (phần còn lại), Rạch Ông\"
18352,xã,Nghi Xuân,Xã Nghi Xuân,Nghi Xuan,42,\"Xã Xuân Giang, Xã Xuân Yên (một phần)\"
21484,xã,Ba Tơ,Xã Ba Tơ,Ba To,51,\"Thị trấn Ba Tơ, Xã Ba Tô\"
21523,xã,Ba Tô,Xã Ba Tô,Ba To,51,Xã Ba Nam
21529,xã,Ba Xa,Xã Ba Xa,Ba Xa,51,giữ nguyên
21530,xã,Mới,Xã Mới,,51,
";

async fn import(app: &App, rows: &str, dry_run: bool) -> UnitsReport {
    let source = format!("{HEADER}{rows}");
    let run = Run { dry_run, ..Run::default() };
    let import = UnitsImport { source: source.as_bytes(), in_force: IN_FORCE, run };
    import_units(app, &permit(), import, now()).await.unwrap()
}

fn unit(app: &App, name: &str) -> Unit {
    let reference = app.reference();
    let found = reference.units.named(name, now().local_day());
    Unit::clone(found.unwrap_or_else(|| panic!("no unit {name}")))
}

fn successors(app: &App, slug: &str) -> Vec<(String, Option<String>)> {
    let reference = app.reference();
    let of = |id| reference.units.get(id).unwrap().full_name.clone();
    let edges = reference.units.successors(unit(app, slug).id).iter();
    let mut found: Vec<_> = edges.map(|edge| (of(edge.successor), edge.part.clone())).collect();
    found.sort();
    found
}

const fn tally(created: usize, changed: usize, unchanged: usize) -> Tally {
    Tally { created, changed, unchanged }
}

both_databases! {
    async fn a_district_of_the_list_has_ended_before_it_and_is_known_again(db: TestDb) {
        let app = app(db.open().await).await;
        let district = "449,huyện,Nghi Xuân,Huyện Nghi Xuân,Nghi Xuan,42,\n";
        import(&app, &format!("{CORNER}{district}"), false).await;
        let reference = app.reference();
        let found = reference.units.by_slug("huyen-nghi-xuan").unwrap();
        assert_eq!((found.valid_from, found.valid_to), (None, IN_FORCE.pred_opt()));
        assert_eq!(found.parent, Some(unit(&app, "42").id));
        assert_eq!(import(&app, district, false).await.units, tally(0, 0, 1));
        // Also by a list of another reorganisation.
        let (source, in_force) = (format!("{HEADER}{district}"), parse_day("2026-07-01").unwrap());
        let later = UnitsImport { source: source.as_bytes(), in_force, run: Run::default() };
        assert_eq!(import_units(&app, &permit(), later, now()).await.unwrap().units, tally(0, 0, 1));
    }

    async fn units_come_with_parents_days_and_the_units_they_were_made_of(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let report = import(&app, CORNER, false).await;
        assert_eq!((report.units, report.historic, report.successions), (tally(8, 0, 0), tally(8, 0, 0), tally(9, 0, 0)));
        let commune = unit(&app, "18373");
        assert_eq!((commune.slug.as_str(), commune.valid_from, commune.valid_to), ("xa-tien-dien", Some(IN_FORCE), None));
        assert_eq!(commune.parent, Some(unit(&app, "42").id));
        assert_eq!((unit(&app, "42").valid_from, unit(&app, "21530").valid_from), (None, None));
        let former = unit(&app, "xa-xuan-yen-42-2025");
        assert_eq!((former.code, former.parent, former.valid_to), (None, None, parse_day("2025-06-30").ok()));
        assert_eq!(
            successors(&app, "xa-xuan-yen-42-2025"),
            [
                ("Xã Nghi Xuân".to_owned(), Some("một phần".to_owned())),
                ("Xã Tiên Điền".to_owned(), Some("phần còn lại".to_owned())),
            ]
        );
        assert_eq!(successors(&app, "tinh-kon-tum-51-2025"), [("Tỉnh Quảng Ngãi".to_owned(), None)]);
    }

    async fn what_cannot_be_parsed_is_listed_and_kept_verbatim(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let report = import(&app, CORNER, false).await;
        let pieces: Vec<_> = report.not_parsed.iter().map(|p| (p.unit.to_string(), p.text.as_str())).collect();
        assert_eq!(pieces, [("18373".to_owned(), "Rạch Ông")]);
        assert_eq!(report.unknown_origin, ["21530".parse().unwrap()]);
        assert!(unit(&app, "18373").lineage.unwrap().ends_with("(phần còn lại), Rạch Ông"));
    }

    async fn namesakes_get_slugs_that_favour_none(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        import(&app, CORNER, false).await;
        let slugs = ["21484", "21523", "18352"].map(|code| unit(&app, code).slug.to_string());
        assert_eq!(slugs, ["xa-ba-to-21484", "xa-ba-to-21523", "xa-nghi-xuan"]);
    }

    async fn importing_units_twice_changes_nothing(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        import(&app, CORNER, false).await;
        let before = last_change(&app).await;
        let report = import(&app, CORNER, false).await;
        assert_eq!((report.units, report.historic, report.successions), (tally(0, 0, 8), tally(0, 0, 8), tally(0, 0, 9)));
        assert_eq!(last_change(&app).await, before);
    }

    async fn a_renamed_unit_keeps_its_identity_its_slug_and_its_days(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        import(&app, CORNER, false).await;
        let before = unit(&app, "18352");
        let renamed = CORNER.replace("Nghi Xuân,Xã Nghi Xuân", "Nghi Xuân Mới,Xã Nghi Xuân Mới");
        let report = import(&app, &renamed, false).await;
        assert_eq!(report.units, tally(0, 1, 7));
        let after = unit(&app, "18352");
        assert_eq!(after.full_name, "Xã Nghi Xuân Mới");
        assert_eq!(Unit { name: before.name.clone(), full_name: before.full_name.clone(), ..after }, before);
    }

    async fn a_failing_row_in_the_middle_leaves_the_rest(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let broken = CORNER.replace("18352,xã,Nghi Xuân", "18352,xóm,Nghi Xuân").replace(",51,giữ nguyên", ",77,giữ nguyên");
        let report = import(&app, &format!("{broken}42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,,,\n"), false).await;
        assert_eq!(report.units, tally(6, 0, 0));
        let reasons = ["line 5, kind:", "unit 42: the code stands on an earlier line", "unit 21529: there is no province 77"];
        assert_eq!(report.refused.len(), reasons.len(), "{:?}", report.refused);
        for (refused, reason) in report.refused.iter().zip(reasons) {
            assert!(refused.starts_with(reason), "{refused}");
        }
        assert_eq!(unit(&app, "21530").full_name, "Xã Mới");
    }

    async fn a_dry_run_reports_the_same_and_leaves_nothing(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let dry = import(&app, CORNER, true).await;
        assert_eq!((last_change(&app).await, app.reference().units.all().count()), (0, 0));
        let real = import(&app, CORNER, false).await;
        assert_eq!(UnitsReport { dry_run: false, ..dry }, real);
    }

    async fn who_may_manage_single_sites_cannot_import_units(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let grant = Grant { role: Role::ProvincialAdministrator, scope: SiteScope::of([SiteId::new(now())]) };
        let permit = Actor::with_grants(ActorId::new(now()), vec![grant]).permit().unwrap();
        let import = UnitsImport { source: HEADER.as_bytes(), in_force: IN_FORCE, run: Run::default() };
        assert!(matches!(import_units(&app, &permit, import, now()).await, Err(Error::Denied(_))));
    }

    async fn a_file_that_is_no_list_of_units_is_refused_by_its_header(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let import = UnitsImport { source: "a,b\n1,2\n".as_bytes(), in_force: IN_FORCE, run: Run::default() };
        let error = import_units(&app, &permit(), import, now()).await.unwrap_err();
        assert!(error.to_string().contains("expected the columns code,kind,name"), "{error}");
    }

    async fn the_national_list_is_imported_with_its_history(db: TestDb) {
        let store = db.open().await;
        let Some(path) = shared_data("units.csv") else { return };
        let app = app(store).await;
        let run = |file| UnitsImport { source: file, in_force: IN_FORCE, run: Run::default() };
        let report = import_units(&app, &permit(), run(File::open(&path).unwrap()), now()).await.unwrap();
        assert_eq!((report.units, report.refused.as_slice()), (tally(3_355, 0, 0), [].as_slice()));
        assert_eq!(report.unknown_origin.len(), 14);
        let reference = app.reference();
        assert_eq!(reference.units.children(unit(&app, "42").id).count(), 69);
        let nghi_xuan = unit(&app, "18352");
        let made_of = reference.units.predecessors(nghi_xuan.id).iter();
        let mut made_of: Vec<_> = made_of.map(|edge| reference.units.get(edge.predecessor).unwrap().name.clone()).collect();
        made_of.sort();
        assert_eq!(made_of, ["Xuân An", "Xuân Giang", "Xuân Hồng", "Xuân Lĩnh", "Xuân Viên"]);
        let left_the_district = successors(&app, "xa-xuan-lam-42-2025");
        assert_eq!(left_the_district, [("Phường Bắc Hồng Lĩnh".to_owned(), None)]);
        let before = last_change(&app).await;
        let again = import_units(&app, &permit(), run(File::open(&path).unwrap()), now()).await.unwrap();
        assert_eq!((again.units, again.historic.created, again.successions.created), (tally(0, 0, 3_355), 0, 0));
        assert_eq!(again.successions.changed, 0);
        assert_eq!(last_change(&app).await, before);
        // 9,836 communes and 52 provinces.
        assert_eq!((report.historic.created, report.successions.created), (9_888, 10_435));
        assert_eq!(report.not_parsed.len(), 11);
    }
}
