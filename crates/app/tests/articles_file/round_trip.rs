//! What is exported can be imported elsewhere.

use serde_json::{Value, json};

use lienthong_app::commands::series;
use lienthong_app::queries::export::ArticlesExport;
use lienthong_app::{App, Error, Keys};
use lienthong_domain::series::SeriesText;
use lienthong_test_support::{TestApp, TestDb, at, both_databases};

use crate::{counts, export, file, import, line, now, with};

both_databases! {
    async fn an_export_imported_elsewhere_is_exported_there_byte_for_byte(db: TestDb) {
        let elsewhere = if db.is_postgres() { TestDb::postgres().await } else { TestDb::sqlite().await };
        let test = TestApp::start(db).await;
        test.published(2, "Viết tại đây", at("2025-03-01T02:00:00Z")).await;
        test.draft(2, "Chưa đăng", at("2025-03-02T02:00:00Z")).await;
        record_series(&test, &test).await;
        import(&test, file(&varied(&test))).await.unwrap();
        let exported = export(&test, None).await;
        assert_eq!(exported.lines().count(), 1_211);
        assert_eq!(exported.matches(r#""series":"nong-thon-moi""#).count(), 1);

        let store = elsewhere.open().await;
        test.world.save(&store).await;
        let other = App::start(store, Keys::of_tests()).await.unwrap();
        record_series(&other, &test).await;
        let report = import(&other, std::io::Cursor::new(exported.clone().into_bytes())).await.unwrap();
        assert_eq!((counts(&report), report.sanitised), ([1_211, 1_211, 0, 0, 0], 0));
        assert_eq!(export(&other, None).await, exported);
    }
}

pub(crate) async fn record_series(app: &App, test: &TestApp) {
    let series_text = SeriesText { title: "Nông thôn mới".to_owned(), summary: String::new() };
    series::record(app, &test.permit(), (test.world.sites[1].id, "nong-thon-moi"), series_text, now()).await.unwrap();
}

/// More than two pages of one site, some at the same time, and one line for each key that can be left out.
pub(crate) fn varied(test: &TestApp) -> Vec<Value> {
    let plain = |n: u32| {
        with(
            &line(test, &n.to_string(), &format!("Tin {n}")),
            json!({"publishedAt": format!("2024-01-{:02}T00:00:00Z", n % 28 + 1)}),
        )
    };
    let full = line(test, "full", "Đủ");
    let mut lines: Vec<Value> = (0..1_200).map(plain).collect();
    let changes = [
        json!({"kind": "photo"}),
        json!({"audience": "internal"}),
        json!({"series": "nong-thon-moi"}),
        json!({"audience": "internal", "publishedAt": "2023-01-01T00:00:00Z"}),
        json!({"language": "en", "tags": ["OCOP", "Chuyển đổi số"]}),
        json!({"author": "Ban biên tập", "topic": "tt.thong-bao"}),
        json!({"source": {"name": "Báo", "url": "https://bao.example/1", "publishedAt": "2024-06-01T00:00:00.5Z", "verbatim": true}}),
        json!({"cover": {"url": "https://anh.example/1.jpg", "alt": "Ảnh", "width": 1200, "height": 675}}),
        json!({"updatedAt": "2024-08-02T03:00:00Z", "originalUrl": "http://cu.example/?id=1", "body": "<p>a<b>c</p>&nbsp;\u{1f33e}"}),
        json!({"site": test.world.sites[0].host.to_string(), "title": "Tie\u{302}\u{301}p co\u{302}ng da\u{302}n"}),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        lines.push(with(&with(&full, json!({"sourceId": format!("full-{number}")})), change));
    }
    lines
}

#[tokio::test]
async fn an_export_of_one_site_has_its_articles_only_and_an_unknown_host_is_not_found() {
    let test = TestApp::start(TestDb::sqlite().await).await;
    let elsewhere = with(&line(&test, "1", "Nơi khác"), json!({"site": test.world.sites[0].host.to_string()}));
    import(&test, file(&[line(&test, "1", "Ở đây"), elsewhere])).await.unwrap();
    let exported = export(&test, Some(test.world.sites[1].host.as_str())).await;
    let titles: Vec<Value> =
        exported.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["title"].clone()).collect();
    assert_eq!(titles, ["Ở đây"]);
    assert!(matches!(ArticlesExport::new(&test, Some("la.example")), Err(Error::NotFound("site"))));
}
