//! Royalties: rates with the days on which they hold, who gets what, and the statement for those who pay.

use std::io::Cursor;

use axum::body::Body;
use calamine::{Data, Reader as _, Xlsx};
use http::Request;
use serde_json::{Value, json};

use lienthong_domain::access::Role;
use lienthong_domain::entry::Entry;
use lienthong_domain::ids::ActorId;
use lienthong_test_support::{at, both_databases};

use crate::harness::{Node, Reply, global_id};

const HOST: &str = "xuanhai.hatinh.example";
const RATES: &str = "mutation($site: String!, $input: RoyaltyRatesInput!) {
    recordRoyaltyRates(site: $site, input: $input) { rates { validFrom validTo } errors { code field } } }";
const RECORD: &str = "mutation($id: ID!, $version: Int, $lines: [RoyaltyInput!]!) {
    recordRoyalties(article: $id, royaltiesVersion: $version, lines: $lines) {
        royalties { version legalBasis unitValue lines { className coefficient payee amount } } errors { code field currentVersion } } }";

fn rates(from: &str, to: Option<&str>, unit: i64) -> Value {
    json!({ "site": HOST, "input": { "legalBasis": format!("Nghị định 18/2014/NĐ-CP; mức {unit}"), "unitValue": unit,
        "validFrom": from, "validTo": to, "classes": [
            { "key": "tin", "name": "Tin, trả lời bạn đọc", "highest": 10 },
            { "key": "phong-su", "name": "Phóng sự, ký, phỏng vấn", "highest": 30 },
        ] } })
}

fn line(class: &str, coefficient: f64, payee: &str) -> Value {
    json!({ "class": class, "coefficient": coefficient, "payee": payee })
}

/// The board's chief and secretary.
struct Board<'a> {
    node: &'a Node,
    chief: ActorId,
    secretary: ActorId,
}

impl<'a> Board<'a> {
    async fn of(node: &'a Node) -> Self {
        let (chief, secretary) = (node.actor(Role::ChiefEditor, 1).await, node.actor(Role::Secretary, 1).await);
        Self { node, chief, secretary }
    }

    async fn set(&self, rates: Value) -> Value {
        self.node.query_as(self.chief, RATES, rates).await.data()["recordRoyaltyRates"].clone()
    }

    async fn record(&self, entry: &Entry, version: Value, lines: Value) -> Value {
        let id = global_id("article", entry.id.as_uuid());
        let variables = json!({ "id": id, "version": version, "lines": lines });
        self.node.query_as(self.secretary, RECORD, variables).await.data()["recordRoyalties"].clone()
    }

    async fn statement(&self, query: &str) -> Reply {
        let request = Request::get(format!("/v1/sites/{HOST}/royalties?{query}"));
        let request = request.header("authorization", format!("Bearer {}", self.secretary));
        self.node.send(request.body(Body::empty()).unwrap()).await
    }
}

both_databases! {
    async fn a_work_is_priced_by_the_rates_of_its_day_and_stays_so(db: TestDb) {
        let node = Node::start(db).await;
        let board = Board::of(&node).await;
        let early = node.test.published(1, "Lịch tiếp công dân", at("2026-06-30T16:59:59Z")).await;
        let late = node.test.published(1, "Ra quân dọn vệ sinh", at("2026-06-30T17:00:00Z")).await;
        let draft = node.test.draft(1, "Chưa đăng", at("2026-07-01T00:00:00Z")).await;
        let none = board.record(&early, Value::Null, json!([line("tin", 1.0, "A")])).await;
        assert_eq!((&none["errors"][0]["code"], &none["errors"][0]["field"]), (&json!("INVALID_INPUT"), &json!("article")));
        assert_eq!(board.set(rates("2026-01-01", None, 234_000)).await["errors"], json!([]));
        let done = board.record(&early, Value::Null, json!([line("tin", 1.5, "Nguyễn Văn A"), line("tin", 0.5, "Trần Thị B")])).await;
        let lines = &done["royalties"]["lines"];
        assert_eq!((&lines[0]["amount"], &lines[1]["amount"]), (&json!(351_000.0), &json!(117_000.0)), "{done:#}");
        // The base salary is raised: the new table ends the old one, and prices what was published from its day on.
        let raised = board.set(rates("2026-07-01", None, 253_000)).await;
        assert_eq!(raised["rates"], json!({ "validFrom": "2026-07-01", "validTo": null }));
        let done = board.record(&late, Value::Null, json!([line("phong-su", 10.0, "Nguyễn Văn A")])).await;
        assert_eq!((&done["royalties"]["unitValue"], &done["royalties"]["lines"][0]["amount"]), (&json!(253_000), &json!(2_530_000.0)));
        let tables = "query($site: String!) { royaltyRates(site: $site) { validFrom validTo unitValue } }";
        let tables = node.query_as(board.secretary, tables, json!({ "site": HOST })).await.data()["royaltyRates"].clone();
        assert_eq!(tables[1], json!({ "validFrom": "2026-01-01", "validTo": "2026-06-30", "unitValue": 234_000 }));
        for (from, to) in [("2026-07-01", None), ("2026-03-01", Some("2026-03-31")), ("2025-01-01", None)] {
            let refused = board.set(rates(from, to, 1)).await;
            assert_eq!(refused["errors"], json!([{ "code": "INVALID_INPUT", "field": "validFrom" }]), "{from}");
        }
        let unpublished = board.record(&draft, Value::Null, json!([line("tin", 1.0, "A")])).await;
        assert_eq!(unpublished["errors"][0]["code"], "WRONG_STATE");
        for (bad, field) in [
            (line("tin", 10.01, "A"), "lines.coefficient"),
            (line("tho", 1.0, "A"), "lines.class"),
            (line("tin", 1.0, " "), "lines.payee"),
        ] {
            let refused = board.record(&early, json!(1), json!([bad])).await;
            assert_eq!((&refused["errors"][0]["field"], &refused["royalties"]), (&json!(field), &Value::Null));
        }
        node.test.assert_in_order().await;
    }

    async fn two_who_record_the_same_work_do_not_overwrite_each_other(db: TestDb) {
        let node = Node::start(db).await;
        let board = Board::of(&node).await;
        board.set(rates("2026-01-01", None, 234_000)).await;
        let work = node.test.published(1, "Lịch tiếp công dân", at("2026-03-01T00:00:00Z")).await;
        let first = board.record(&work, Value::Null, json!([line("tin", 1.0, "A")])).await;
        assert_eq!(first["royalties"]["version"], 1);
        let blind = board.record(&work, Value::Null, json!([line("tin", 2.0, "B")])).await;
        assert_eq!(blind["errors"], json!([{ "code": "VERSION_CONFLICT", "field": null, "currentVersion": 1 }]));
        let seen = board.record(&work, json!(1), json!([])).await;
        assert_eq!((&seen["royalties"]["version"], &seen["royalties"]["lines"]), (&json!(2), &json!([])));
        // A work for which nobody gets anything is in no statement.
        let statement = board.statement("from=2026-01-01&to=2026-12-31").await.json();
        assert_eq!((&statement["works"], &statement["rows"]), (&json!(0), &json!([])));
        let trail = "query($site: String!) { auditTrail(site: $site) { operation note } }";
        let trail = node.query_as(board.chief, trail, json!({ "site": HOST })).await.data()["auditTrail"].clone();
        assert_eq!((&trail[0]["operation"], &trail[1]["note"]), (&json!("record-royalties"), &json!("lines: 1, sum: 234000 đồng")));
    }

    async fn the_statement_is_the_same_in_every_form_and_no_text_in_it_is_a_formula(db: TestDb) {
        let node = Node::start(db).await;
        let board = Board::of(&node).await;
        board.set(rates("2026-01-01", None, 234_000)).await;
        let formula = "=HYPERLINK(\"http://ac.example\",\"Bấm\")";
        for (title, day, payee) in [
            ("Lịch tiếp công dân", "2026-03-31T16:59:59Z", "Nguyễn Văn A"),
            ("Ngoài kỳ", "2026-03-31T17:00:00Z", "Nguyễn Văn A"),
            (formula, "2026-01-01T00:00:00Z", formula),
        ] {
            let work = node.test.published(1, title, at(day)).await;
            let recorded = board.record(&work, Value::Null, json!([line("tin", 1.25, payee)])).await;
            assert_eq!(recorded["errors"], json!([]), "{recorded:#}");
        }
        let query = "from=2026-01-01&to=2026-03-31";
        let plain = board.statement(query).await.json();
        assert_eq!((&plain["works"], &plain["sum"], &plain["rows"][0]["title"]), (&json!(2), &json!(585_000), &json!(formula)));
        let graphql = "query($site: String!) { royaltyStatement(site: $site, from: \"2026-01-01\", to: \"2026-03-31\") {
            sum works title rows { rank title payee coefficient amount } } }";
        let graphql = node.query_as(board.secretary, graphql, json!({ "site": HOST })).await.data()["royaltyStatement"].clone();
        assert_eq!((&graphql["sum"], &graphql["title"]), (&json!(585_000.0), &plain["title"]));
        let csv = board.statement(&format!("{query}&format=csv")).await;
        assert_eq!(csv.header("content-disposition"), format!("attachment; filename=\"nhuan-but-{HOST}-2026-01-01-2026-03-31.csv\""));
        let csv = String::from_utf8(csv.body).unwrap();
        assert!(csv.starts_with('\u{feff}') && csv.contains(",\"'=HYPERLINK("), "{csv}");
        assert!(csv.contains("2,2026-03-31,Lịch tiếp công dân,\"Tin, trả lời bạn đọc\",Nguyễn Văn A,1.25,234000,292500,"), "{csv}");
        let file = board.statement(&format!("{query}&format=xlsx")).await;
        assert!(file.header("content-type").starts_with("application/vnd.openxmlformats"), "{}", file.header("content-type"));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(file.body)).unwrap();
        let sheet = book.worksheet_range("Nhuận bút").unwrap();
        let row = |at: u32| (0..9).map(|column| sheet.get_value((at, column)).cloned().unwrap_or(Data::Empty)).collect::<Vec<_>>();
        assert_eq!(row(4)[7], Data::String("Thành tiền (đồng)".to_owned()));
        assert_eq!((&row(5)[2], &row(5)[4]), (&Data::String(formula.to_owned()), &Data::String(formula.to_owned())));
        assert_eq!((&row(6)[5], &row(6)[7], &row(7)[7]), (&Data::Float(1.25), &Data::Float(292_500.0), &Data::Float(585_000.0)));
        assert!(book.worksheet_formula("Nhuận bút").unwrap().is_empty());
        for (query, code) in [("from=2026-01-01&to=2025-01-01", 400), ("from=2026-01-01", 400), ("from=x&to=2026-01-01", 400)] {
            assert_eq!(board.statement(query).await.status.as_u16(), code, "{query}");
        }
    }
}
