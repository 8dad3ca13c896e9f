//! What the client reaches and what it does not, against servers on this machine.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::time::Duration;

use http::Request;
use lienthong_outbound::{Allowed, Client, Error, Limits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

/// A server that gives every connection the same bytes; its address.
async fn server(answer: String) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    Url::parse(&format!("http://127.0.0.1:{port}/")).unwrap()
}

fn client(ranges: &[&str]) -> Client {
    Client::new(Allowed::new(ranges.iter().map(|range| range.parse().unwrap()).collect()), None).unwrap()
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn an_address_of_this_machine_is_reached_only_when_its_range_is_listed() {
    let url = server(ok("xin chào")).await;
    let answer = client(&["127.0.0.0/8"]).get(&url).await.unwrap();
    assert_eq!(answer.body(), "xin chào".as_bytes());
    assert!(matches!(client(&[]).get(&url).await, Err(Error::Forbidden { .. })));
    assert!(matches!(client(&["10.0.0.0/8"]).get(&url).await, Err(Error::Forbidden { .. })));
    let post = Request::post(url.as_str()).body(b"x".to_vec()).unwrap();
    assert!(matches!(client(&[]).send(post).await, Err(Error::Forbidden { .. })));
}

#[tokio::test]
async fn a_name_is_judged_by_where_it_leads_and_so_are_other_spellings_of_an_address() {
    let port = server(ok("")).await.port().unwrap();
    for host in ["localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "0"] {
        let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
        assert!(matches!(client(&[]).get(&url).await, Err(Error::Forbidden { .. })), "{host}");
    }
    for url in ["ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "file:///etc/passwd", "data:,x"] {
        let refused = client(&["127.0.0.0/8"]).get(&Url::parse(url).unwrap()).await;
        assert!(matches!(refused, Err(Error::Address)), "{url}");
    }
}

#[tokio::test]
async fn plain_http_is_spoken_within_listed_ranges_only() {
    let refused = client(&[]).get(&Url::parse("http://203.162.4.191/").unwrap()).await;
    assert!(matches!(refused, Err(Error::Plain(_))), "{refused:?}");
}

#[tokio::test]
async fn a_redirect_is_followed_a_few_times_and_never_to_where_nobody_may_go() {
    let end = server(ok("đích")).await;
    let to = |url: &str| format!("HTTP/1.1 302 Found\r\nlocation: {url}\r\ncontent-length: 0\r\n\r\n");
    let one = server(to(end.as_str())).await;
    assert_eq!(client(&["127.0.0.0/8"]).get(&one).await.unwrap().body(), "đích".as_bytes());
    // Only the first step lies in the listed range.
    let listed = client(&["127.0.0.1/32"]);
    for inner in ["http://127.0.0.2:1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]:1/"] {
        let away = server(to(inner)).await;
        assert!(matches!(listed.get(&away).await, Err(Error::Forbidden { .. })), "{inner}");
    }
    let circle = server(to("/")).await;
    assert!(matches!(client(&["127.0.0.0/8"]).get(&circle).await, Err(Error::Redirects(_))));
    let asked = Request::get(one.as_str()).body(Vec::new()).unwrap();
    assert_eq!(client(&["127.0.0.0/8"]).send(asked).await.unwrap().status(), 302);
}

#[tokio::test]
async fn an_answer_without_end_is_given_up() {
    let limits = Limits { bytes: 1000, time: Duration::from_millis(300), redirects: 0 };
    let limited = client(&["127.0.0.0/8"]).limited(limits);
    let large = server(ok(&"x".repeat(1001))).await;
    assert!(matches!(limited.get(&large).await, Err(Error::TooLarge { limit: 1000, .. })));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("http://{}/", listener.local_addr().unwrap());
    assert!(matches!(limited.get(&Url::parse(&silent).unwrap()).await, Err(Error::TimedOut(_))));
    let nonsense = server("xin chào\r\n\r\n".to_owned()).await;
    assert!(matches!(limited.get(&nonsense).await, Err(Error::Http { .. })));
}
