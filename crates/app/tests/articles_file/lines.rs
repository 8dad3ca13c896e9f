//! Which rule each wrong line is told to break.

use serde_json::json;

use lienthong_app::commands::import_articles::{ArticlesImport, import_articles};
use lienthong_app::commands::registry::{GivenRegistry, put_registry};
use lienthong_app::commands::series;
use lienthong_domain::access::Role;
use lienthong_domain::registry::Site;
use lienthong_domain::series::SeriesText;
use lienthong_domain::time::parse_day;
use lienthong_test_support::{TestApp, TestDb};

use crate::{BATCH, counts, file, import, line, now, with};

#[tokio::test]
async fn each_wrong_line_is_reported_with_key_and_rule_and_stops_no_other() {
    let test = TestApp::start(TestDb::sqlite().await).await;
    let series_text = SeriesText { title: "Loạt bài xã bên".to_owned(), summary: String::new() };
    let elsewhere = (test.world.sites[2].id, "loat-bai-khac");
    series::record(&test, &test.permit(), elsewhere, series_text, now()).await.unwrap();
    let sound = line(&test, "1", "Một");
    let table = [
        (json!({"site": "la.example"}), "site: must exist"),
        (json!({"category": "khong-co"}), "category: must exist on this site"),
        (json!({"category": test.world.category(0, "kinh-te").id.to_string()}), "category: must exist on this site"),
        (json!({"topic": "tt.khong"}), "topic: must exist"),
        (json!({"series": "loat-bai-khac"}), "series: must exist on this site"),
        (json!({"title": " "}), "title: must not be blank"),
        (json!({"slug": "Đường"}), "slug: must be words of a-z and 0-9 joined by single hyphens"),
        (json!({"sourceId": " "}), "sourceId: must not be blank"),
        (json!({"sourceId": "x".repeat(301)}), "sourceId: must not exceed 300"),
        (json!({"publishedAt": "2026-01-15T01:00:00.000001Z"}), "publishedAt: must not lie in the future"),
        (json!({"updatedAt": "2027-01-01T00:00:00Z"}), "updatedAt: must not lie in the future"),
        (json!({"originalUrl": "/tin?id=1"}), "originalUrl: must be an absolute http or https address"),
        (json!({"cover": {"url": "https://a.example/", "alt": ""}}), "cover.alt: must not be blank"),
        (json!({"views": 12}), "views: is not a key of an article"),
    ];
    let mut lines: Vec<_> = table.iter().map(|(change, _)| with(&sound, change.clone())).collect();
    lines.push(sound);
    let report = import(&test, file(&lines)).await.unwrap();
    let rules: Vec<String> = report.errors.iter().map(ToString::to_string).collect();
    let expected: Vec<String> = (1..).zip(&table).map(|(number, (_, rule))| format!("line {number}: {rule}")).collect();
    assert_eq!(rules, expected);
    assert_eq!(counts(&report), [15, 1, 0, 0, 14]);
}

#[tokio::test]
async fn all_rules_that_a_line_breaks_are_told_at_once() {
    let test = TestApp::start(TestDb::sqlite().await).await;
    let wrong =
        with(&line(&test, "1", ""), json!({"site": "la.example", "topic": "tt.khong", "language": "tiếng Việt"}));
    let report = import(&test, file(&[wrong])).await.unwrap();
    let mut fields: Vec<&str> = report.errors.iter().map(|error| error.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!((fields, report.refused), (vec!["language", "site", "title", "topic"], 1));
}

#[tokio::test]
async fn a_site_outside_the_permit_does_not_exist() {
    let test = TestApp::start(TestDb::sqlite().await).await;
    let permit = test.actor(Role::ChiefEditor, 2).permit().unwrap();
    let own = with(&line(&test, "1", "Một"), json!({"site": test.world.sites[2].id.to_string()}));
    let source = file(&[line(&test, "1", "Một"), own]);
    let import = ArticlesImport { source, dry_run: false, batch: BATCH, progress: &|_| {} };
    let report = import_articles(&test, &permit, import, std::sync::Arc::new(now)).await.unwrap();
    assert_eq!(counts(&report), [2, 1, 0, 0, 1]);
    assert_eq!(report.errors[0].to_string(), "line 1: site: must exist");
}

#[tokio::test]
async fn active_content_is_taken_out_and_counted() {
    let test = TestApp::start(TestDb::sqlite().await).await;
    let attacked = with(&line(&test, "1", "Một"), json!({"body": "<p onclick=\"this.focus()\">Chào</p>"}));
    let report = import(&test, file(&[attacked, line(&test, "2", "Hai")])).await.unwrap();
    assert_eq!((report.created, report.sanitised), (2, 1));
    assert!(!crate::export(&test, None).await.contains("onclick"));
}

#[tokio::test]
async fn a_closed_site_takes_what_was_published_before_its_end_and_nothing_later() {
    let test = TestApp::start(TestDb::sqlite().await).await;
    let closed = |site: &Site| Site { active_to: parse_day("2025-06-30").ok(), ..site.clone() };
    let sites = test.world.sites.iter().map(closed).collect();
    let given = GivenRegistry { sites, ..GivenRegistry::default() };
    put_registry(&test, &test.permit(), &given, now()).await.unwrap();
    // The last and the first minute around the end of the day in Vietnam.
    let before = with(&line(&test, "1", "Một"), json!({"publishedAt": "2025-06-30T16:59:00Z"}));
    let after = with(&line(&test, "2", "Hai"), json!({"publishedAt": "2025-06-30T17:00:00Z"}));
    let report = import(&test, file(&[before, after])).await.unwrap();
    assert_eq!(counts(&report), [2, 1, 0, 0, 1]);
    let wrong = "line 2: publishedAt: must not lie behind the last day of the site";
    assert_eq!(report.errors[0].to_string(), wrong);
}
