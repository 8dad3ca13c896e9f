//! What is the same for everybody and comes from the binary or from the keys, through the front door: a tag for each coding,
//! the lifetime that the file itself has, and 304 with the same of both.

use axum::body::Body;
use http::Request;

use lienthong_test_support::{TestDb, both_databases};

use crate::harness::{Node, PeopleNode, Reply, config};

const CODINGS: [&str; 3] = ["identity", "gzip", "br"];

async fn get(node: &Node, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
    node.send(request.body(Body::empty()).unwrap()).await
}

/// The addresses from which a page loads its script and its style.
async fn assets(node: &Node, page: &str) -> Vec<String> {
    let html = String::from_utf8(node.get(page).await.body).unwrap();
    let links: Vec<String> = html.split('"').filter(|part| part.contains("/assets/")).map(str::to_owned).collect();
    assert_eq!(links.len(), 2, "{html}");
    links
}

async fn node_with_contact(db: TestDb) -> Node {
    let config = lienthong_api::ApiConfig {
        security_contact: Some("mailto:an-toan@hatinh.gov.vn".parse().unwrap()),
        ..config()
    };
    Node::with(db, |library| library, config).await
}

/// Asks in each coding, first anew and then from memory, and again with the tag: nothing but the status and the body differs.
async fn held(node: &Node, path: &str, control: &str) {
    let mut tags = Vec::new();
    for coding in CODINGS {
        let full = get(node, path, &[("accept-encoding", coding)]).await;
        assert_eq!((full.status.as_u16(), full.header("cache-control")), (200, control), "{path}");
        let tag = full.header("etag").to_owned();
        assert!(tag.starts_with('"'), "{path}: {tag} is not strong");
        let again = get(node, path, &[("accept-encoding", coding), ("if-none-match", &tag)]).await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path} in {coding}");
        for name in ["etag", "cache-control", "vary"] {
            let [told, expected] = [&again, &full].map(|it| it.headers.get_all(name).iter().collect::<Vec<_>>());
            assert_eq!(told, expected, "{path} in {coding}: {name}");
        }
        assert!(full.headers.get_all("vary").iter().any(|vary| vary == "Accept-Encoding"), "{path}");
        tags.push((full.header("content-encoding").to_owned(), tag));
    }
    tags.sort();
    tags.dedup();
    let of_codings: Vec<&str> = tags.iter().map(|(coding, _)| coding.as_str()).collect();
    let mut different: Vec<&str> = tags.iter().map(|(_, tag)| tag.as_str()).collect();
    different.dedup();
    assert_eq!(different.len(), of_codings.len(), "{path}: one tag for several codings: {tags:?}");
}

/// The first time a file is asked for with a tag that another node or an earlier start has given.
async fn known_from_elsewhere(node: &Node, other: &Node, path: &str) {
    let tag = node.get(path).await.header("etag").to_owned();
    let known = get(other, path, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status.as_u16(), known.header("etag")), (304, tag.as_str()), "{path}");
    assert_ne!(known.header("cache-control"), "no-store", "{path}");
}

both_databases! {
    async fn files_have_a_tag_for_each_coding_and_the_lifetime_that_is_their_own(db: TestDb) {
        let node = node_with_contact(db).await;
        for page in ["/graphiql", "/docs"] {
            held(&node, page, "no-cache").await;
            for asset in assets(&node, page).await {
                held(&node, &asset, "public, max-age=31536000, immutable").await;
            }
        }
        for path in ["/favicon.ico", "/favicon.svg", "/docs/assets/LICENSES.txt", "/.well-known/security.txt"] {
            held(&node, path, "public, max-age=86400").await;
        }
        // It names the sitemaps of the sites, which change.
        let usual = "public, max-age=30, s-maxage=60, stale-while-revalidate=30, stale-if-error=600";
        held(&node, "/robots.txt", usual).await;
    }

    async fn a_tag_holds_on_every_node_and_after_a_restart(db: TestDb) {
        let node = Node::start(db.another().await).await;
        let other = Node::start(db).await;
        let asset = assets(&node, "/graphiql").await.remove(0);
        for path in ["/graphiql", &asset, "/favicon.ico", "/robots.txt"] {
            known_from_elsewhere(&node, &other, path).await;
        }
    }

    async fn keys_are_a_public_read_like_any_other(db: TestDb) {
        let PeopleNode { node, .. } = PeopleNode::start(db).await;
        let path = "/.well-known/jwks.json";
        held(&node, path, "public, max-age=60").await;
        let keys = get(&node, path, &[("origin", "https://evil.example")]).await;
        assert_eq!(keys.header("content-type"), "application/jwk-set+json");
        assert_eq!(keys.header("access-control-allow-origin"), "*");
        assert!(keys.header("x-request-id").len() >= 8);
        assert!(!keys.json()["keys"].as_array().unwrap().is_empty(), "{keys:?}");
    }

    async fn a_new_key_is_published_at_once(db: TestDb) {
        let PeopleNode { node, .. } = PeopleNode::start(db).await;
        let count = async || node.get("/.well-known/jwks.json").await.json()["keys"].as_array().unwrap().len();
        let before = count().await;
        // A site gets its key with its first publication.
        node.test.published(1, "Một", lienthong_test_support::at("2024-06-01T00:00:00Z")).await;
        assert!(count().await > before);
    }
}
