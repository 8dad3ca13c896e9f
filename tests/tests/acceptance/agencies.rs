//! Agencies come in from a file and are found under both spellings of their identifiers.

use serde_json::json;

use lienthong_app::commands::bulk::{Run, Tally};
use lienthong_app::commands::registry::{AgenciesImport, AgenciesReport, import_agencies};
use lienthong_domain::access::Actor;
use lienthong_domain::ids::ActorId;
use lienthong_test_support::{TestApp, at, both_databases};

use crate::harness::Node;

const ROWS: &str = "\
000.02.01.H27,Trung tâm Công nghệ thông tin,service,42,H27.1,2017-01-01,
000.00.01.H27,Sở Khoa học và Công nghệ,department,ha-tinh,H27,,
H27,Ủy ban nhân dân tỉnh,committee,42,,,
H27.44,Phòng Văn hóa và Thông tin,department,nghi-xuan,H27,2010-01-01,2025-06-30
";

pub(crate) async fn import(test: &TestApp, rows: &str, dry_run: bool) -> AgenciesReport {
    let now = at("2026-01-15T01:00:00Z");
    let permit = Actor::operator(ActorId::new(now)).permit().unwrap();
    let source = format!("identifier,name,kind,unit,parent,valid_from,valid_to\n{rows}");
    let run = Run { dry_run, ..Run::default() };
    import_agencies(&test.app, &permit, AgenciesImport { source: source.as_bytes(), run }, now).await.unwrap()
}

const fn tally(created: usize, changed: usize, unchanged: usize) -> Tally {
    Tally { created, changed, unchanged }
}

both_databases! {
    async fn agencies_are_imported_once_and_found_in_both_spellings(db: TestDb) {
        let node = Node::start(db).await;
        let head = node.test.store().head().await.unwrap();
        assert_eq!(import(&node.test, ROWS, true).await.agencies, tally(4, 0, 0));
        assert_eq!(node.test.store().head().await.unwrap(), head);
        // An answer that says there is none is not kept beyond the import.
        let question = "{ agency(identifier: \"H27.01.2\") { identifier olderIdentifier kind unit { slug } parent { name } } }";
        assert_eq!(node.query(question, json!({})).await.data()["agency"], json!(null));
        assert_eq!(import(&node.test, ROWS, false).await.agencies, tally(4, 0, 0));
        let head = node.test.store().head().await.unwrap();
        assert_eq!(import(&node.test, ROWS, false).await.agencies, tally(0, 0, 4));
        assert_eq!(node.test.store().head().await.unwrap(), head);

        let expected = json!({
            "identifier": "H27.01.02", "olderIdentifier": "000.02.01.H27", "kind": "SERVICE",
            "unit": { "slug": "ha-tinh" }, "parent": { "name": "Sở Khoa học và Công nghệ" },
        });
        for spelling in ["H27.01.2", "H27.1.2", "000.02.01.H27", "h27.01.02"] {
            let question = question.replace("H27.01.2", spelling);
            assert_eq!(node.query(&question, json!({})).await.data()["agency"], expected, "{spelling}");
            let over_rest = node.get(&format!("/v1/agencies/{spelling}")).await.json();
            assert_eq!(over_rest["identifier"], expected["identifier"], "{spelling}");
        }
        let names = node.query("{ agencies(unit: \"nghi-xuan\") { nodes { name } } }", json!({})).await.data();
        assert_eq!(names["agencies"]["nodes"], json!([{ "name": "Phòng Văn hóa và Thông tin" }]));
        let counts = node.query("{ unit(code: \"42\") { counts { units sites agencies } } }", json!({})).await.data();
        // The district and its communes ended with their agency; their sites run on.
        assert_eq!(counts["unit"]["counts"], json!({ "units": 0, "sites": 4, "agencies": 3 }));
        node.test.assert_in_order().await;
    }

    async fn rows_that_break_a_rule_are_told_and_stop_no_other(db: TestDb) {
        let test = TestApp::start(db).await;
        let rows = "H27.5,Sở lạ,department,99,,,\nH27.6,Sở Y tế,department,42,H27.7,,\nH27.8,A,other,42,H27.9,,\n\
            H27.9,B,other,42,H27.8,,\nH27,UBND tỉnh,committee,42,,,\n000.00.00.H27,UBND,committee,42,,,\n\
            H27.3,C,other,42,H27.3,,\nX,D,other,42,,,\n";
        let report = import(&test, rows, false).await;
        assert_eq!((report.agencies, report.refused.len()), (tally(1, 0, 0), 7));
        let renamed = import(&test, "000.00.00.H27,Ủy ban nhân dân tỉnh Hà Tĩnh,committee,42,,,\n", false).await;
        assert_eq!(renamed.agencies, tally(0, 1, 0));
    }
}
