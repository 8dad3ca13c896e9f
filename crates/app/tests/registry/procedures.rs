use std::io::Write as _;

use std::sync::Arc;

use flate2::Compression;
use flate2::write::GzEncoder;
use lienthong_app::cache::{Begun, ResponseCache};
use lienthong_app::commands::bulk::{Run, Tally};
use lienthong_app::commands::procedures::{ProceduresImport, ProceduresReport, import_procedures};
use lienthong_app::commands::registry::{IN_FORCE, UnitsImport, import_units};
use lienthong_app::queries::procedures::{OfferedBasis, ProcedureFilter, by_code, count, page, record};
use lienthong_app::queries::{PageRequest, Tags};
use lienthong_app::{App, Error};
use lienthong_domain::change::ChangeKind;
use lienthong_domain::ids::UnitId;
use lienthong_domain::procedure::{Level, Method};
use lienthong_domain::registry::{Succession, Unit};
use lienthong_domain::time::Timestamp;
use lienthong_domain::unit::UnitKind;
use lienthong_persistence::live_entries::{Bodies, LiveHeader};
use lienthong_persistence::{changes, units};
use lienthong_test_support::both_databases;
use serde_json::{Value, json};

use crate::harness::{app, last_change, now, permit, shared_data};
use crate::report::{commit, unit};

fn procedure(code: &str, name: &str, levels: &str) -> Value {
    json!({
        "ma_thu_tuc": code,
        "ten_thu_tuc": name,
        "cap_thuc_hien": levels,
        "linh_vuc": "Hộ tịch",
        "cach_thuc_thuc_hien":
            "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tuyến3 Ngày làm việcMiễn phíTrực tiếp5 Ngày8,000 VNĐtheo quy định",
    })
}

fn three() -> Vec<Value> {
    vec![
        procedure("1.000001", "Đăng ký khai sinh", "Cấp xã"),
        procedure("1.000002", "Đăng ký kết hôn", "Cấp tỉnh, Cấp xã"),
        procedure("1.000003", "Ghi chú ly hôn", "Cấp tỉnh"),
    ]
}

fn lines(records: &[Value]) -> Vec<u8> {
    let lines: Vec<String> = records.iter().map(ToString::to_string).collect();
    (lines.join("\n") + "\n").into_bytes()
}

async fn import(app: &App, source: &[u8], dry_run: bool) -> ProceduresReport {
    let run = Run { dry_run, ..Run::default() };
    import_procedures(app, &permit(), ProceduresImport { source, run }, now()).await.unwrap()
}

async fn list(app: &App, filter: ProcedureFilter) -> Vec<Arc<LiveHeader>> {
    let mut found = Vec::new();
    let mut request = PageRequest { first: Some(100), ..PageRequest::default() };
    loop {
        let page = page(app, &filter, &request, (Bodies::With, &Tags::default()), now()).await.unwrap();
        request.after = page.headers.last().map(|header| page.cursor(app, header));
        found.extend(page.headers);
        if !page.has_next {
            found.sort_by(|a, b| a.slug.cmp(&b.slug));
            return found;
        }
    }
}

async fn slugs(app: &App, filter: ProcedureFilter) -> Vec<String> {
    list(app, filter).await.into_iter().map(|header| header.slug.clone()).collect()
}

async fn found(app: &App, code: &str) -> Option<LiveHeader> {
    by_code(app, &code.parse().unwrap(), &Tags::default(), now()).await.unwrap()
}

/// A commune whose last day is that of [`now`], and the one that takes its place the day after.
async fn merged(app: &App) -> [UnitId; 2] {
    let (today, commune) = (now().local_day(), |slug| unit(slug, UnitKind::Commune, None));
    let former = Unit { valid_to: Some(today), ..commune("xa-cu") };
    let heir = Unit { valid_from: today.succ_opt(), ..commune("xa-moi") };
    let ids = [former.id, heir.id];
    let tx = app.store().begin().await.unwrap();
    units::put(&tx, &[former, heir]).await.unwrap();
    let whole = Succession { predecessor: ids[0], successor: ids[1], part: None };
    units::put_successions(&tx, &[whole]).await.unwrap();
    commit(tx).await;
    app.catch_up().await.unwrap();
    ids
}

/// How many procedures are offered at a unit, or why that is refused.
async fn offered(app: &App, unit: UnitId, (tags, at): (&Tags, Timestamp)) -> Result<usize, String> {
    let filter = ProcedureFilter { offered_at: Some(unit), ..ProcedureFilter::default() };
    match page(app, &filter, &PageRequest::default(), (Bodies::Without, tags), at).await {
        Ok(page) => Ok(page.headers.len()),
        Err(Error::BadRequest { parameter: "offeredAt", reason }) => Err(reason),
        Err(other) => panic!("{other}"),
    }
}

const fn tally(created: usize, changed: usize, unchanged: usize) -> Tally {
    Tally { created, changed, unchanged }
}

both_databases! {
    async fn records_become_public_procedures_with_typed_channels(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let report = import(&app, &lines(&three()), false).await;
        assert_eq!((report.procedures, report.parsed.records, report.parsed.channels), (tally(3, 0, 0), 3, 6));
        let header = found(&app, "1.000002").await.unwrap();
        assert_eq!((header.slug.as_str(), header.title.as_str()), ("1-000002", "Đăng ký kết hôn"));
        let methods: Vec<_> = record(&header).unwrap().channels.rows.iter().map(|row| row.method).collect();
        assert_eq!(methods, [Method::Online, Method::InPerson]);
        assert!(found(&app, "1.000009").await.is_none());
    }

    async fn gzip_is_recognised_by_its_first_bytes(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(&lines(&three())).unwrap();
        assert_eq!(import(&app, &packed.finish().unwrap(), false).await.procedures, tally(3, 0, 0));
        assert_eq!(import(&app, &lines(&three()), false).await.procedures, tally(0, 0, 3));
    }

    async fn importing_procedures_twice_changes_nothing(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        import(&app, &lines(&three()), false).await;
        let before = last_change(&app).await;
        assert_eq!(import(&app, &lines(&three()), false).await.procedures, tally(0, 0, 3));
        assert_eq!(last_change(&app).await, before);
    }

    async fn a_changed_record_is_a_new_edition_and_a_vanished_one_stays(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        import(&app, &lines(&three()), false).await;
        let before = last_change(&app).await;
        let mut records = three();
        records.remove(0);
        records[0]["cap_thuc_hien"] = json!("Cấp tỉnh");
        let report = import(&app, &lines(&records), false).await;
        assert_eq!((report.procedures, report.vanished), (tally(0, 1, 1), vec!["1.000001".to_owned()]));
        assert_eq!(found(&app, "1.000002").await.unwrap().edition_number, 2);
        assert!(found(&app, "1.000001").await.is_some());
        let logged = changes::after(app.store(), before, 10).await.unwrap();
        assert_eq!(logged.iter().map(|row| row.change.kind).collect::<Vec<_>>(), [ChangeKind::Updated]);
        let commune = ProcedureFilter { level: Some(Level::Commune), ..ProcedureFilter::default() };
        assert_eq!(slugs(&app, commune).await, ["1-000001"]);
    }

    async fn a_repeated_code_and_a_broken_line_leave_the_rest(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let mut source = lines(&three());
        source.extend(b"{\"ma_thu_tuc\": \n{\"ten_thu_tuc\": \"x\"}\n");
        source.extend(lines(&[procedure("1.000001", "Tên khác", "Cấp xã"), procedure("1.000004", "Sau cùng", "Cấp thôn")]));
        let report = import(&app, &source, false).await;
        assert_eq!(report.procedures, tally(4, 0, 0));
        assert_eq!((report.parsed.broken_lines[0].0, report.parsed.refused[0].0), (4, 5));
        let duplicates: Vec<_> = report.duplicates.iter().map(|d| (d.line, d.code.as_str())).collect();
        assert_eq!(duplicates, [(6, "1.000001")]);
        assert_eq!(found(&app, "1.000001").await.unwrap().title, "Đăng ký khai sinh");
        let pieces: Vec<_> = report.not_understood.values().flatten().map(|p| (p.code.as_str(), p.text.as_str())).collect();
        assert_eq!(pieces, [("1.000004", "Cấp thôn")]);
    }

    async fn a_dry_run_of_an_import_leaves_nothing(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let dry = import(&app, &lines(&three()), true).await;
        assert_eq!((last_change(&app).await, app.reference().sites.catalogue()), (0, None));
        let real = import(&app, &lines(&three()), false).await;
        assert_eq!(ProceduresReport { dry_run: false, ..dry }, real);
    }

    async fn what_is_no_longer_in_force_is_found_by_code_only(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        let mut records = three();
        import(&app, &lines(&records), false).await;
        records[0]["trang_thai"] = json!("Bãi bỏ");
        import(&app, &lines(&records), false).await;
        assert_eq!(slugs(&app, ProcedureFilter::default()).await, ["1-000002", "1-000003"]);
        assert!(found(&app, "1.000001").await.is_some());
    }

    async fn offered_at_a_unit_means_the_procedures_of_its_level(db: TestDb) {
        let store = db.open().await;
        let app = app(store).await;
        import(&app, &lines(&three()), false).await;
        let units = "code,kind,name,full_name,name_en,province_code,predecessors\n42,tỉnh,Hà Tĩnh,Tỉnh Hà Tĩnh,,,\n\
            18373,xã,Tiên Điền,Xã Tiên Điền,,42,\n";
        let units = UnitsImport { source: units.as_bytes(), in_force: IN_FORCE, run: Run::default() };
        import_units(&app, &permit(), units, now()).await.unwrap();
        let at = |code: &str| {
            let unit = app.reference().units.named(code, now().local_day()).unwrap().id;
            ProcedureFilter { offered_at: Some(unit), ..ProcedureFilter::default() }
        };
        assert_eq!(at("42").offered_basis(), Some(OfferedBasis::NationalLevel));
        assert_eq!(slugs(&app, at("18373")).await, ["1-000001", "1-000002"]);
        assert_eq!(slugs(&app, at("42")).await, ["1-000002", "1-000003"]);
        let folded = ProcedureFilter { field: Some("ho tich".to_owned()), ..at("18373") };
        assert_eq!(slugs(&app, folded).await, ["1-000001", "1-000002"]);
        let other_level = ProcedureFilter { level: Some(Level::Province), ..at("18373") };
        let page = page(&app, &other_level, &PageRequest::default(), (Bodies::Without, &Tags::default()), now()).await;
        assert!(matches!(page, Err(Error::BadRequest { parameter: "level", .. })));
    }

    async fn a_unit_offers_until_its_last_day_ends_and_no_answer_is_kept_beyond_it(db: TestDb) {
        let app = app(db.open().await).await;
        import(&app, &lines(&three()), false).await;
        let [former, heir] = merged(&app).await;
        let evening = Timestamp::parse("2026-01-15T23:59:59.999999+07:00").unwrap();
        let midnight = Timestamp::from_micros(evening.as_micros() + 1);
        let (tags, cache) = (Tags::default(), ResponseCache::new(1 << 20));
        app.catch_up().await.unwrap();
        let begun = Begun::now(&app, evening);
        let answer = offered(&app, former, (&tags, evening)).await;
        assert_eq!(answer, Ok(2));
        cache.keep(&app, b"procedures".to_vec().into(), (answer, 1), (begun, &tags));
        assert_eq!(cache.held().1, 1);
        app.catch_up().await.unwrap();
        assert!(cache.get(&app, b"procedures", evening).is_some());
        assert!(cache.get(&app, b"procedures", midnight).is_none());
        let refused = offered(&app, former, (&tags, midnight)).await.unwrap_err();
        assert!(refused.contains("2026-01-15") && refused.contains("Xã xa-moi (xa-moi)"), "{refused}");
        assert!(offered(&app, heir, (&tags, evening)).await.unwrap_err().contains("does not exist yet"));
        assert_eq!(offered(&app, heir, (&tags, midnight)).await, Ok(2));
        let counted = ProcedureFilter { offered_at: Some(former), ..ProcedureFilter::default() };
        assert!(matches!(count(&app, &counted, &tags, midnight).await, Err(Error::BadRequest { .. })));
    }

    async fn civil_status_procedures_of_a_commune_come_from_the_national_file(db: TestDb) {
        let store = db.open().await;
        let (Some(procedures), Some(units)) = (shared_data("procedures-sample.jsonl.gz"), shared_data("units.csv")) else {
            return;
        };
        let app = app(store).await;
        let report = import(&app, &std::fs::read(procedures).unwrap(), false).await;
        assert_eq!((report.procedures, report.parsed.records, report.duplicates.len()), (tally(639, 0, 0), 639, 0));
        // The 640th record is the decision that publishes a list, and no procedure.
        assert_eq!(report.parsed.refused.len(), 1);
        let units = UnitsImport { source: std::fs::File::open(units).unwrap(), in_force: IN_FORCE, run: Run::default() };
        import_units(&app, &permit(), units, now()).await.unwrap();
        let tien_dien = app.reference().units.named("18373", now().local_day()).unwrap().id;
        let filter = ProcedureFilter { offered_at: Some(tien_dien), field: Some("Hộ tịch".to_owned()), level: None };
        let found = list(&app, filter).await;
        let codes: Vec<_> = found.iter().map(|header| record(header).unwrap().code.as_str().to_owned()).collect();
        let expected =
            ["1.000419", "1.001193", "1.004772", "1.004859", "1.005461", "2.000522", "2.000635", "3.000323"];
        assert_eq!(codes, expected);
        for header in &found {
            let procedure = record(header).unwrap();
            assert!(!procedure.channels.rows.is_empty(), "{}", procedure.code);
        }
        let birth = record(found.iter().find(|header| header.slug == "1-001193").unwrap()).unwrap();
        let first: Vec<_> = birth
            .channels
            .rows
            .iter()
            .map(|row| (row.method, row.time.as_ref().unwrap().value.as_ref().unwrap().to_string(), row.fees.len()))
            .collect();
        let one = || "1".to_owned();
        assert_eq!(first, [(Method::Online, one(), 1), (Method::Post, one(), 1), (Method::InPerson, one(), 1)]);
    }
}
