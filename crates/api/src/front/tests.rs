use std::net::Ipv4Addr;

use axum::routing::get;
use lienthong_test_support::{TestApp, TestDb};

use super::*;

/// A front door before these routes, on a node with little patience.
async fn front(routes: Router) -> (Front, TestApp) {
    let test = TestApp::start(TestDb::sqlite().await).await;
    let config = ApiConfig {
        request_timeout: Duration::from_millis(20),
        ..ApiConfig::at("https://api.hatinh.example/".parse().unwrap())
    };
    (Front::new(Arc::clone(&test.app), config, Arc::new(|_, _| None), routes), test)
}

async fn asked(front: &Front, method: Method, path: &str) -> Response {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    front.handle(request, IpAddr::V4(Ipv4Addr::LOCALHOST)).await
}

#[tokio::test]
async fn what_was_not_made_in_time_is_kept_nowhere() {
    let (front, _test) = front(Router::new().route("/never", get(std::future::pending::<()>))).await;
    let late = asked(&front, Method::GET, "/never").await;
    assert_eq!((late.status().as_u16(), &late.headers()["cache-control"]), (503, &caching::NO_STORE));
    assert!(late.headers().contains_key("x-request-id"));
}

#[tokio::test]
async fn further_pages_pass_the_same_door() {
    let pages = Router::new().route("/page", get(|| async { "trang" }));
    let (front, _test) = front(Router::new()).await;
    let front = front.with_pages(pages);
    let page = asked(&front, Method::GET, "/page").await;
    assert_eq!(page.status().as_u16(), 200);
    for name in ["etag", "x-request-id", "ratelimit", "access-control-allow-origin", "cache-control"] {
        assert!(page.headers().contains_key(name), "{name}");
    }
    let refused = asked(&front, Method::PUT, "/page").await;
    assert_eq!(refused.status().as_u16(), 405);
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
}
