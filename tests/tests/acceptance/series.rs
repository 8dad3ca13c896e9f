//! Series of articles, as boards make them and as everybody reads them.

use axum::body::Body;
use http::Request;
use serde_json::{Value, json};

use lienthong_app::Error;
use lienthong_app::commands::articles;
use lienthong_domain::access::Role;
use lienthong_domain::article::ArticleInput;
use lienthong_domain::ids::{ActorId, SeriesId};
use lienthong_test_support::{at, both_databases};

use crate::harness::{Node, global_id};

const SITE: &str = "xuanhai.hatinh.example";
const OTHER: &str = "xuanmy.hatinh.example";

async fn record(node: &Node, actor: ActorId, site: &str, (slug, title): (&str, &str)) -> Value {
    let text = "mutation($site: String!, $slug: String!, $title: String!) {
        recordSeries(site: $site, slug: $slug, title: $title, summary: \"Loạt bài\") {
            series { id slug title summary site { host } } errors { code field } } }";
    let variables = json!({ "site": site, "slug": slug, "title": title });
    node.query_as(actor, text, variables).await.data()["recordSeries"].clone()
}

/// Makes a draft in a series; returns the slug of its series and what is to be mended.
async fn draft(node: &Node, actor: ActorId, series: &str) -> (Value, Value) {
    let text = "mutation($site: String!, $input: ArticleInput!) {
        createArticle(site: $site, input: $input) {
            entry { draft { series { slug } } } errors { field message } } }";
    let input = json!({ "category": format!("{SITE}/tin-tuc-su-kien"), "title": "Tin", "body": "", "series": series });
    let answer = node.query_as(actor, text, json!({ "site": SITE, "input": input })).await.data();
    let made = &answer["createArticle"];
    (made["entry"]["draft"]["series"]["slug"].clone(), made["errors"].clone())
}

/// Publishes on the first commune's site.
async fn published(node: &Node, title: &str, series: Option<SeriesId>) -> lienthong_domain::entry::Entry {
    let now = at("2024-06-01T00:00:00Z");
    let input = ArticleInput { series, tags: vec!["Lúa".to_owned()], ..node.test.input(1, title) };
    let draft = node.test.draft_of(1, input, now).await;
    node.test.publish(&draft, now).await
}

async fn titles(node: &Node, arguments: &str) -> Vec<String> {
    let question = format!("{{ articles({arguments}) {{ nodes {{ title }} }} }}");
    sorted(&node.query(&question, json!({})).await.data()["articles"]["nodes"])
}

fn sorted(articles: &Value) -> Vec<String> {
    let titles = articles.as_array().unwrap().iter().map(|it| it["title"].as_str().unwrap().to_owned());
    let mut titles: Vec<String> = titles.collect();
    titles.sort();
    titles
}

/// Two series of the first commune's site, and one of the second's under the same slug.
async fn series(node: &Node) -> [SeriesId; 3] {
    let [own, other] = [node.actor(Role::Secretary, 1).await, node.actor(Role::Secretary, 2).await];
    for (actor, site, of) in [
        (own, SITE, ("nong-thon-moi", "Nông thôn mới")),
        (own, SITE, ("chuyen-doi-so", "Chuyển đổi số")),
        (other, OTHER, ("nong-thon-moi", "Nông thôn mới xã bên")),
    ] {
        assert_eq!(record(node, actor, site, of).await["errors"], json!([]));
    }
    let (reference, sites) = (node.test.reference(), &node.test.world.sites);
    [(1, "nong-thon-moi"), (1, "chuyen-doi-so"), (2, "nong-thon-moi")]
        .map(|(site, slug)| reference.series.by_slug(sites[site].id, slug).unwrap().id)
}

both_databases! {
    async fn a_series_keeps_its_identity_when_its_page_says_something_else(db: TestDb) {
        let node = Node::start(db).await;
        let chief = node.actor(Role::ChiefEditor, 1).await;
        let made = record(&node, chief, SITE, ("nong-thon-moi", "Nông thôn")).await;
        let changed = record(&node, chief, SITE, ("nong-thon-moi", " Nông thôn \n mới ")).await;
        assert_eq!(changed["series"]["id"], made["series"]["id"]);
        assert_eq!((&changed["series"]["title"], &changed["series"]["site"]["host"]), (&json!("Nông thôn mới"), &json!(SITE)));
        let wrong = record(&node, chief, SITE, ("Nông thôn", " ")).await;
        assert_eq!(wrong["errors"], json!([
            { "code": "INVALID_INPUT", "field": "slug" }, { "code": "INVALID_INPUT", "field": "title" },
        ]));
        record(&node, chief, SITE, ("chuyen-doi-so", "Chuyển đổi số")).await;

        let second = node.test.second_node().await;
        assert_eq!(second.reference().series.of_site(node.test.world.sites[1].id).count(), 2);
        let question = format!(
            "{{ site(host: \"{SITE}\") {{ series(first: 1) {{ nodes {{ slug title summary }} pageInfo {{ hasNextPage endCursor }} }} }} series(site: \"{SITE}\", slug: \"nong-thon-moi\") {{ title }}
            none: series(site: \"{OTHER}\", slug: \"nong-thon-moi\") {{ title }}
            node(id: {}) {{ id ... on Series {{ slug }} }} }}",
            made["series"]["id"],
        );
        let answer = node.query(&question, json!({})).await.data();
        let latest = &answer["site"]["series"];
        assert_eq!(latest["nodes"], json!([{ "slug": "chuyen-doi-so", "title": "Chuyển đổi số", "summary": "Loạt bài" }]));
        assert_eq!(latest["pageInfo"]["hasNextPage"], true);
        let older = format!(
            "{{ site(host: \"{SITE}\") {{ series(first: 1, after: {}) {{ nodes {{ slug }} pageInfo {{ hasNextPage }} totalCount {{ value }} }} }} }}",
            latest["pageInfo"]["endCursor"],
        );
        assert_eq!(node.query(&older, json!({})).await.data()["site"]["series"], json!({
            "nodes": [{ "slug": "nong-thon-moi" }], "pageInfo": { "hasNextPage": false }, "totalCount": { "value": 2 },
        }));
        assert_eq!((&answer["series"]["title"], &answer["none"]), (&json!("Nông thôn mới"), &Value::Null));
        assert_eq!(answer["node"], json!({ "id": made["series"]["id"], "slug": "nong-thon-moi" }));
        node.test.assert_in_order().await;
    }

    async fn the_list_of_a_series_holds_its_articles_and_no_others(db: TestDb) {
        let node = Node::start(db).await;
        let [rural, digital, other] = series(&node).await;
        let first = published(&node, "Bài một", Some(rural)).await;
        published(&node, "Bài hai", Some(rural)).await;
        published(&node, "Bài ba", Some(digital)).await;
        published(&node, "Bài bốn", None).await;
        let place = format!("series: \"{SITE}/nong-thon-moi\"");
        assert_eq!(titles(&node, &place).await, ["Bài hai", "Bài một"]);
        assert_eq!(titles(&node, &format!("series: \"{}\"", global_id("series", digital.as_uuid()))).await, ["Bài ba"]);
        assert_eq!(titles(&node, &format!("series: \"{}\"", global_id("series", other.as_uuid()))).await.len(), 0);
        for (subject, found) in [("tag: \"lua\"", 2), ("topic: \"tt.tin\"", 2), ("kind: PHOTO", 0), ("tag: \"ngo\"", 0)] {
            assert_eq!(titles(&node, &format!("{place}, {subject}")).await.len(), found, "{subject}");
        }
        let list = node.get(&format!("/v1/articles?series={SITE}%2Fnong-thon-moi")).await.json();
        assert_eq!(sorted(&list["data"]), ["Bài hai", "Bài một"]);
        assert_eq!(list["data"][0]["series"]["title"], "Nông thôn mới");
        let refused = node.get(&format!("/v1/articles?series={SITE}%2Fnong-thon-moi&site={SITE}")).await;
        assert_eq!(refused.status.as_u16(), 400);
        assert_eq!(node.get("/v1/articles?series=khong-co").await.status.as_u16(), 400);

        // An edition without the series leaves its list.
        let (edit, now) = (node.test.own_or(), at("2024-06-02T00:00:00Z"));
        let seen = (first.id, first.version);
        let edited = articles::edit(&node.test, &edit, seen, node.test.input(1, "Bài một"), now).await.unwrap().entry;
        assert_eq!(titles(&node, &place).await.len(), 2);
        node.test.publish(&edited, now).await;
        assert_eq!(titles(&node, &place).await, ["Bài hai"]);
    }

    async fn a_series_of_another_site_is_refused(db: TestDb) {
        let node = Node::start(db).await;
        let [rural, _, other] = series(&node).await;
        let editor = node.actor(Role::Editor, 1).await;
        let unknown = json!([{ "field": "series", "message": "must exist on this site" }]);
        for name in [global_id("series", other.as_uuid()), format!("{OTHER}/nong-thon-moi"), "khong-co".to_owned()] {
            assert_eq!(draft(&node, editor, &name).await, (Value::Null, unknown.clone()), "{name}");
        }
        for name in ["nong-thon-moi", &global_id("series", rural.as_uuid()), &format!("{SITE}/nong-thon-moi")] {
            assert_eq!(draft(&node, editor, name).await, (json!("nong-thon-moi"), json!([])), "{name}");
        }
        let entry = published(&node, "Bài", Some(rural)).await;
        let input = ArticleInput { series: Some(other), ..node.test.input(1, "Bài") };
        let seen = (entry.id, entry.version);
        let refused = articles::edit(&node.test, &node.test.own_or(), seen, input, at("2024-06-02T00:00:00Z")).await;
        assert!(matches!(refused, Err(Error::Invalid(fields)) if fields[0].field == "series"));
    }

    async fn rest_files_an_article_in_a_series_as_graphql_does(db: TestDb) {
        let node = Node::start(db).await;
        series(&node).await;
        let editor = node.actor(Role::Editor, 1).await;
        for (series, status) in [("nong-thon-moi", 201), ("khong-co", 422)] {
            let input = json!({
                "category": format!("{SITE}/tin-tuc-su-kien"), "title": "Tin", "body": "", "series": series,
            });
            let request = Request::post(format!("/v1/sites/{SITE}/articles"))
                .header("content-type", "application/json")
                .header("authorization", format!("Bearer {editor}"));
            let reply = node.send(request.body(Body::from(input.to_string())).unwrap()).await;
            assert_eq!(reply.status.as_u16(), status, "{reply:?}");
            if status == 201 {
                assert_eq!(reply.json()["entry"]["draft"]["series"]["title"], "Nông thôn mới");
            }
        }
    }
}
