//! The report over REST: refused as everywhere, the same figures as over GraphQL, in three forms.

use axum::http::Method;
use lienthong_domain::access::{Actor, Role};
use serde_json::{Value, json};

use super::portal::{Answer, Call, Portal, somebody};

const REPORT: &str = "/v1/reports/articles?unit=nghi-xuan&from=2024-06-01&to=2024-06-03";

async fn ask(portal: &Portal, uri: &str, actor: &Actor) -> Answer {
    portal.call(Method::GET, uri, Call::by(actor)).await
}

fn monitor(portal: &Portal) -> Actor {
    somebody(Role::OperationsMonitor, portal.seeded.site("xuanhai.example.vn").id)
}

#[tokio::test]
async fn a_report_is_refused_without_a_token_without_the_right_and_outside_its_reach() {
    let portal = Portal::empty().await;
    assert_eq!(portal.get(REPORT).await.code(), (401, "UNAUTHENTICATED"));
    let unknown = REPORT.replace("nghi-xuan", "khong-co");
    assert_eq!(portal.get(&unknown).await.code(), (401, "UNAUTHENTICATED"), "nobody learns which units there are");
    let site = portal.seeded.site("xuanhai.example.vn").id;
    let roles = Role::ALL.iter().filter(|role| !role.allows(lienthong_domain::access::Operation::ReadReport));
    let mut refused = 0;
    for role in roles {
        assert_eq!(ask(&portal, REPORT, &somebody(*role, site)).await.code(), (403, "FORBIDDEN"), "{role}");
        refused += 1;
    }
    assert!(refused > 0);
    let elsewhere = REPORT.replace("nghi-xuan", "xa-xuan-pho");
    assert_eq!(ask(&portal, &elsewhere, &monitor(&portal)).await.code(), (404, "NOT_FOUND"));
}

#[tokio::test]
async fn a_report_has_the_figures_of_graphql_in_every_form() {
    let portal = Portal::full().await;
    let sites: Vec<_> = portal.seeded.sites.iter().map(|site| site.id).collect();
    let inspector = somebody(Role::OperationsMonitor, sites[0]);
    for actor in [inspector, monitor(&portal)] {
        let query = "{ articleReport(unit: \"nghi-xuan\", from: \"2024-06-01\", to: \"2024-06-03\") \
            { title rows { rank site label total totalText } sum } }";
        let graphql = portal.graphql_as(Some(actor.clone()), query, json!({})).await;
        let report = &graphql["data"]["articleReport"];
        assert!(report["sum"].as_u64().unwrap() > 0, "{graphql}");
        assert_eq!(&ask(&portal, REPORT, &actor).await.body, report);
        assert_eq!(&ask(&portal, &format!("{REPORT}&format=json"), &actor).await.body, report);

        let csv = ask(&portal, &format!("{REPORT}&format=csv"), &actor).await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        let saved_as = "attachment; filename=\"bao-cao-nghi-xuan-2024-06-01-2024-06-03.csv\"";
        assert_eq!(csv.header("content-disposition"), saved_as);
        let lines = |row: &Value| format!("{},{},{}\r\n", row["rank"], row["label"].as_str().unwrap(), row["total"]);
        let rows: String = report["rows"].as_array().unwrap().iter().map(lines).collect();
        assert_eq!(String::from_utf8(csv.bytes).unwrap(), format!("\u{feff}TT,Trang,Tổng số\r\n{rows}"));

        let text = ask(&portal, &format!("{REPORT}&format=text"), &actor).await;
        assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
        let text = String::from_utf8(text.bytes).unwrap();
        let head = "THỐNG KÊ SỐ LƯỢNG BÀI VIẾT TRÊN CỔNG/TRANG TTĐT\n(Từ 01/06/2024 - 03/06/2024)\n\nTT  Trang";
        assert!(text.starts_with(head), "{text}");
        assert_eq!(text.lines().count(), 4 + report["rows"].as_array().unwrap().len());
    }
}

#[tokio::test]
async fn a_report_needs_a_unit_and_two_days_in_order() {
    let portal = Portal::empty().await;
    let actor = monitor(&portal);
    let table = [
        ("unit=nghi-xuan&to=2024-06-03", "from", "is missing"),
        ("from=2024-06-01&to=2024-06-03", "unit", "is missing"),
        ("unit=khong&from=2024-06-01&to=2024-06-03", "unit", "khong"),
        ("unit=nghi-xuan&from=1/6/2024&to=2024-06-03", "from", "2024-07-07"),
        ("unit=nghi-xuan&from=2024-06-01&to=2024-06-31", "to", "2024-07-07"),
        ("unit=nghi-xuan&from=2024-06-03&to=2024-06-01", "to", "before it starts"),
        ("unit=nghi-xuan&from=2024-06-01&to=2024-06-03&format=xlsx", "format", "`csv`"),
    ];
    for (query, name, rule) in table {
        let answer = ask(&portal, &format!("/v1/reports/articles?{query}"), &actor).await;
        assert_eq!(answer.code(), (400, "BAD_REQUEST"), "{query}: {}", answer.body);
        let error = &answer.body["errors"][0];
        assert_eq!(error["name"], name, "{query}");
        assert!(error["rule"].as_str().unwrap().contains(rule), "{query}: {error}");
    }
}
