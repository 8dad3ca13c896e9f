//! Files that arrive over bad connections, files that are larger than they say, and the virus scanner.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures::stream;
use http::{Method, Request};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use lienthong_app::commands::media as commands;
use lienthong_app::library::{ClamdAddress, Library};
use lienthong_domain::access::Role;
use lienthong_domain::ids::ActorId;
use lienthong_domain::time::Timestamp;
use lienthong_test_support::both_databases;

use crate::harness::{Node, Reply};
use crate::media_files::{SITE, get_as, path_of, pdf, send_file};

async fn begin(node: &Node, actor: ActorId, length: u64) -> Reply {
    let metadata = format!("site {},filename {}", STANDARD.encode(SITE), STANDARD.encode("Kế hoạch.pdf"));
    let request = Request::post("/v1/uploads")
        .header("authorization", format!("Bearer {actor}"))
        .header("tus-resumable", "1.0.0")
        .header("upload-length", length.to_string())
        .header("upload-metadata", metadata);
    node.send(request.body(Body::empty()).unwrap()).await
}

/// The path of an upload that has begun.
async fn begun(node: &Node, actor: ActorId, length: u64) -> String {
    let reply = begin(node, actor, length).await;
    assert_eq!((reply.status.as_u16(), reply.header("tus-resumable")), (201, "1.0.0"), "{reply:?}");
    assert!(reply.header("upload-expires").ends_with("GMT"));
    path_of(&json!(reply.header("location")))
}

async fn piece(node: &Node, actor: ActorId, (path, offset): (&str, usize), body: Body) -> Reply {
    let request = Request::patch(path)
        .header("authorization", format!("Bearer {actor}"))
        .header("tus-resumable", "1.0.0")
        .header("content-type", "application/offset+octet-stream")
        .header("upload-offset", offset.to_string());
    node.send(request.body(body).unwrap()).await
}

async fn ask(node: &Node, method: Method, (actor, path): (ActorId, &str)) -> Reply {
    let request = Request::builder().method(method).uri(path).header("tus-resumable", "1.0.0");
    node.send(request.header("authorization", format!("Bearer {actor}")).body(Body::empty()).unwrap()).await
}

/// A body that breaks off.
fn broken(bytes: &[u8]) -> Body {
    let sent = Bytes::copy_from_slice(bytes);
    Body::from_stream(stream::iter([Ok(sent), Err(std::io::Error::other("the connection is gone"))]))
}

/// So many mebibytes, of which only one is ever in memory.
fn endless(mebibytes: usize) -> Body {
    let piece = Bytes::from(pdf(1 << 20));
    Body::from_stream(stream::iter((0..mebibytes).map(move |_| Ok::<_, Infallible>(piece.clone()))))
}

/// What lies in a folder of the store, however deep.
fn stored(node: &Node, folder: &str) -> usize {
    fn count(folder: &std::path::Path) -> usize {
        let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
        entries.map(|entry| entry.unwrap().path()).map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
    }
    count(&node.folder.path().join("media").join(folder))
}

/// A daemon that finds something in every file with the word `EICAR`.
async fn daemon() -> ClamdAddress {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut command = [0; 10];
            stream.read_exact(&mut command).await.unwrap();
            let mut seen = Vec::new();
            while let Ok(length @ 1..) = stream.read_u32().await {
                let mut piece = vec![0; length as usize];
                stream.read_exact(&mut piece).await.unwrap();
                seen.extend(piece);
            }
            let found = seen.windows(5).any(|window| window == b"EICAR");
            let answer = if found { "stream: Eicar-Signature FOUND\0" } else { "stream: OK\0" };
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    ClamdAddress::Tcp(address)
}

both_databases! {
    async fn an_upload_goes_on_where_the_connection_broke_off(db: TestDb) {
        let node = Node::start(db).await;
        let editor = node.actor(Role::Editor, 1).await;
        let bytes = pdf(300_000);
        let path = begun(&node, editor, bytes.len() as u64).await;
        let cut = piece(&node, editor, (&path, 0), broken(&bytes[..100_000])).await;
        assert_eq!(cut.status.as_u16(), 400);
        let head = ask(&node, Method::HEAD, (editor, &path)).await;
        assert_eq!((head.header("upload-offset"), head.header("upload-length")), ("100000", bytes.len().to_string().as_str()));
        assert_eq!(head.header("cache-control"), "private, no-store");

        let elsewhere = piece(&node, editor, (&path, 50_000), Body::from(bytes[50_000..].to_vec())).await;
        assert_eq!(elsewhere.problem(), (409, "UPLOAD_OFFSET".to_owned()));
        let next = piece(&node, editor, (&path, 100_000), Body::from(bytes[100_000..200_000].to_vec())).await;
        assert_eq!((next.status.as_u16(), next.header("upload-offset")), (204, "200000"));
        let last = piece(&node, editor, (&path, 200_000), Body::from(bytes[200_000..].to_vec())).await;
        assert_eq!(last.status.as_u16(), 204, "{last:?}");
        let told = get_as(&node, editor, &path).await.json();
        assert_eq!((&told["media"], &told["offset"]), (&json!(last.header("upload-media")), &json!(bytes.len())));

        let media = get_as(&node, editor, &format!("/v1/media/{}", last.header("upload-media"))).await.json();
        assert_eq!(media["fileName"], "Kế hoạch.pdf");
        assert_eq!(get_as(&node, editor, &path_of(&media["url"])).await.body, bytes);
        assert_eq!(stored(&node, "parts"), 0, "pieces are gone");
    }

    async fn an_upload_is_its_owners_alone_and_can_be_ended(db: TestDb) {
        let node = Node::start(db).await;
        let (editor, other) = (node.actor(Role::Editor, 1).await, node.actor(Role::ChiefEditor, 1).await);
        let path = begun(&node, editor, 1_000).await;
        for method in [Method::GET, Method::HEAD, Method::DELETE] {
            assert_eq!(ask(&node, method, (other, &path)).await.status.as_u16(), 404);
        }
        assert_eq!(piece(&node, other, (&path, 0), Body::from("x")).await.status.as_u16(), 404);
        assert_eq!(piece(&node, editor, (&path, 0), Body::from(vec![b'x'; 400])).await.status.as_u16(), 204);
        assert_eq!(stored(&node, "parts"), 1);
        assert_eq!(ask(&node, Method::DELETE, (editor, &path)).await.status.as_u16(), 204);
        assert_eq!(ask(&node, Method::GET, (editor, &path)).await.status.as_u16(), 404);
        assert_eq!(stored(&node, "parts"), 0);
        let options = node.send(Request::options("/v1/uploads").body(Body::empty()).unwrap()).await;
        assert_eq!(options.header("tus-extension"), "creation,expiration,termination");
        assert_eq!(options.header("tus-max-size"), (50_u64 << 20).to_string());
    }

    async fn a_file_that_is_too_large_is_refused_before_it_is_sent_and_when_it_lies_while_it_is(db: TestDb) {
        let node = Node::start(db).await;
        let editor = node.actor(Role::Editor, 1).await;
        assert_eq!(begin(&node, editor, 2 << 30).await.problem(), (413, "TOO_LARGE".to_owned()));
        let announced = Request::post(format!("/v1/sites/{SITE}/media?fileName=a.pdf"))
            .header("authorization", format!("Bearer {editor}"))
            .header("content-length", (2_u64 << 30).to_string());
        let refused = node.send(announced.body(Body::empty()).unwrap()).await;
        assert_eq!(refused.problem(), (413, "TOO_LARGE".to_owned()));
        // Nothing says how long it is.
        let silent = send_file(&node, editor, (SITE, "a.pdf"), endless(60)).await;
        assert_eq!(silent.problem(), (413, "TOO_LARGE".to_owned()));
        let path = begun(&node, editor, 1_000).await;
        let more = piece(&node, editor, (&path, 0), endless(3)).await;
        assert_eq!(more.problem(), (413, "TOO_LARGE".to_owned()));
        assert_eq!(ask(&node, Method::HEAD, (editor, &path)).await.header("upload-offset"), "0");
        assert_eq!((stored(&node, "parts"), stored(&node, "kept")), (0, 0));
        assert_eq!(begin(&node, editor, 0).await.problem(), (422, "INVALID_INPUT".to_owned()));
    }

    async fn a_refused_upload_is_forgotten_and_says_why(db: TestDb) {
        let node = Node::start(db).await;
        let editor = node.actor(Role::Editor, 1).await;
        let html = b"<!DOCTYPE html><script>alert(1)</script>";
        let path = begun(&node, editor, html.len() as u64).await;
        let refused = piece(&node, editor, (&path, 0), Body::from(html.to_vec())).await;
        assert_eq!(refused.problem(), (415, "UNSUPPORTED_MEDIA_TYPE".to_owned()));
        assert_eq!(ask(&node, Method::HEAD, (editor, &path)).await.status.as_u16(), 404);
        assert_eq!((stored(&node, "parts"), stored(&node, "kept")), (0, 0));
    }

    async fn uploads_that_never_end_are_forgotten(db: TestDb) {
        let node = Node::start(db).await;
        let editor = node.actor(Role::Editor, 1).await;
        let path = begun(&node, editor, 1_000).await;
        piece(&node, editor, (&path, 0), Body::from("x")).await;
        let (library, now) = (node.library.as_ref(), Timestamp::from(chrono::Utc::now()));
        let cleaned = commands::clean((&node.test.app, library), false, now).await.unwrap();
        assert_eq!(cleaned.uploads, 0);
        let tomorrow = now.plus_seconds(25 * 3_600);
        let cleaned = commands::clean((&node.test.app, library), false, tomorrow).await.unwrap();
        assert_eq!((cleaned.uploads, stored(&node, "parts")), (1, 0));
        assert_eq!(ask(&node, Method::HEAD, (editor, &path)).await.status.as_u16(), 404);
    }

    async fn one_person_cannot_open_uploads_without_end(db: TestDb) {
        let node = Node::start(db).await;
        let editor = node.actor(Role::Editor, 1).await;
        for _ in 0..20 {
            begun(&node, editor, 10).await;
        }
        assert_eq!(begin(&node, editor, 10).await.problem(), (429, "RATE_LIMITED".to_owned()));
    }

    async fn nothing_is_taken_that_the_scanner_has_not_passed(db: TestDb) {
        let scanner = daemon().await;
        let node = Node::with_library(db, |library| scanned(library, scanner)).await;
        let editor = node.actor(Role::Editor, 1).await;
        let clean = send_file(&node, editor, (SITE, "a.pdf"), Body::from(pdf(200_000))).await;
        assert_eq!(clean.status.as_u16(), 201);
        let infected = [pdf(1_000), b"EICAR".to_vec()].concat();
        let refused = send_file(&node, editor, (SITE, "b.pdf"), Body::from(infected)).await;
        assert_eq!(refused.problem(), (422, "MEDIA_INFECTED".to_owned()));
    }

    async fn without_its_scanner_a_node_takes_nothing_and_an_upload_waits(db: TestDb) {
        // A port that somebody had a moment ago and nobody listens on.
        let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
        let node = Node::with_library(db, |library| scanned(library, ClamdAddress::Tcp(gone))).await;
        let editor = node.actor(Role::Editor, 1).await;
        let refused = send_file(&node, editor, (SITE, "a.pdf"), Body::from(pdf(10))).await;
        assert_eq!(refused.problem(), (503, "SCANNER_UNAVAILABLE".to_owned()));
        assert!(!refused.header("retry-after").is_empty());
        let bytes = pdf(10);
        let path = begun(&node, editor, bytes.len() as u64).await;
        let last = piece(&node, editor, (&path, 0), Body::from(bytes.clone())).await;
        assert_eq!(last.problem(), (503, "SCANNER_UNAVAILABLE".to_owned()));
        let head = ask(&node, Method::HEAD, (editor, &path)).await;
        assert_eq!(head.header("upload-offset"), bytes.len().to_string());
        let again = piece(&node, editor, (&path, bytes.len()), Body::empty()).await;
        assert_eq!(again.problem(), (503, "SCANNER_UNAVAILABLE".to_owned()));
        assert_eq!(get_as(&node, editor, &path).await.json()["media"], json!(null));
    }
}

fn scanned(library: Library, daemon: ClamdAddress) -> Library {
    library.scanned_by(daemon, Duration::from_secs(30))
}
