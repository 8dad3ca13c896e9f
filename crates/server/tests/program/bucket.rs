//! Files of the libraries in a store with the S3 protocol, and what is told of one that cannot be used.

use std::fs::{OpenOptions, Permissions};
use std::io::{Cursor, Read as _, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use image::{DynamicImage, ImageFormat, RgbImage};
use lienthong_test_support::TestStore;
use serde_json::{Value, json};

use crate::harness::{Finished, Folder, connect, get};
use crate::newsroom::{HOST, Newsroom};

/// Lets a folder's `room.toml` name the store, with this secret in a file.
fn configure(folder: &Path, store: &TestStore, secret: &str) {
    let file = folder.join("s3.secret");
    std::fs::write(&file, secret).unwrap();
    std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    let TestStore { endpoint, bucket, access_key_id, .. } = store;
    let section = format!(
        "[media_s3]\nendpoint = \"{endpoint}\"\nbucket = \"{bucket}\"\nprefix = \"tinh/media\"\n\
         access_key_id = \"{access_key_id}\"\nsecret_access_key_file = \"s3.secret\"\n"
    );
    let mut config = OpenOptions::new().append(true).create(true).open(folder.join("room.toml")).unwrap();
    config.write_all(section.as_bytes()).unwrap();
}

fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(RgbImage::new(800, 400)).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// The file that an upload makes, with everything that a publication asks for.
fn upload(address: SocketAddr, token: &str, (name, bytes): (&str, &[u8])) -> Value {
    let mut stream = connect(address);
    let path = format!("/v1/sites/{HOST}/media?fileName={name}&alt=Le%20hoi&credit=Thu%20Ha");
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {}\r\n\r\n",
        bytes.len()
    )
    .unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

/// Head and body of a file as the public gets it.
fn file(address: SocketAddr, url: &Value) -> (String, Vec<u8>) {
    let url: url::Url = url.as_str().unwrap().parse().unwrap();
    let mut stream = connect(address);
    write!(stream, "GET {} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n", url.path()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    (String::from_utf8(answer[..end].to_vec()).unwrap(), answer[end + 4..].to_vec())
}

#[test]
fn pictures_and_documents_lie_in_the_bucket_and_are_served_from_it() {
    let store = TestStore::start();
    let room = Newsroom::open(Folder::new());
    configure(room.folder.path(), &store, &store.secret_access_key);
    let log = room.folder.path().join("log");
    let config = [("LIENTHONG_CONFIG", "room.toml"), ("LIENTHONG_LOG__FILTER", "trace")];
    let server = room.folder.serve_logging_with(&log, &config);
    let address = server.address();
    let image = upload(address, room.editor_token(), ("anh.png", &picture()));
    // In two pieces on its way to the store.
    let pdf = [b"%PDF-1.7\n".to_vec(), vec![b' '; 9_000_000]].concat();
    let document = upload(address, room.editor_token(), ("ke-hoach.pdf", &pdf));
    let more = json!({ "cover": { "media": image["id"] }, "attachments": [{ "media": document["id"] }] });
    let editor = room.editor(&server);
    let draft = editor.create_with("Lễ hội", &more).unwrap();
    let rendition = &image["renditions"][0]["url"];
    assert!(file(address, rendition).0.starts_with("HTTP/1.1 404 "), "a draft makes nothing public");
    editor.publish(&draft).unwrap();
    for _ in 0..2 {
        let (head, bytes) = file(address, rendition);
        assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("content-type: image/webp"), "{head}");
        assert_eq!(image::guess_format(&bytes).unwrap(), ImageFormat::WebP);
    }
    let (head, bytes) = file(address, &document["url"]);
    assert!(head.starts_with("HTTP/1.1 200 ") && bytes == pdf, "{head}");
    assert!(!room.folder.data().join("media").exists(), "nothing lies on the disk");
    let cleaned = room.folder.output(&["media", "clean", "--dry-run", "--config", "room.toml"]);
    assert_eq!(cleaned, "0 uploads and 0 stored files (0 bytes) would be taken away\n");
    // The store is not what readiness means: without it everything but files goes on.
    let store = store.stop();
    assert_eq!(get(address, "/readyz").0, 200);
    let (head, _) = file(address, &image["renditions"][1]["url"]);
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    assert_eq!(server.stop().code(), Some(0));
    let log = std::fs::read_to_string(log).unwrap();
    assert!(log.contains("\"target\":\"object_store::aws"), "the client of the store says what it has to say");
    assert!(!log.contains(&store.secret_access_key));
}

#[test]
fn a_store_that_refuses_or_is_not_there_is_told_in_one_line_and_nothing_is_served() {
    let mut store = TestStore::start();
    let refusal = |store: &TestStore, secret: &str| {
        let folder = Folder::new();
        configure(folder.path(), store, secret);
        let refused = folder.run(&["serve", "--listen", "127.0.0.1:0", "--config", "room.toml"]);
        let shown = refused.refusal().to_owned();
        assert!(!refused.stderr.contains(secret) && refused.stdout.is_empty(), "{}{}", refused.stdout, refused.stderr);
        shown
    };
    let doing = format!("cannot use the bucket {} at {}", store.bucket, store.endpoint);
    let asked = "the store refuses the access key or its secret, or does not let it list the bucket";
    assert_eq!(refusal(&store, "hunter2"), format!("{doing}: {asked} (SignatureDoesNotMatch)"));
    store.bucket = "not-ours";
    let shown = refusal(&store, &store.secret_access_key);
    assert!(shown.contains("(AccessDenied)"), "{shown}");
    let store = store.stop();
    let shown = refusal(&store, &store.secret_access_key);
    assert!(shown.contains(": the store does not answer: ") && shown.contains("Connection refused"), "{shown}");
}

#[test]
fn the_configuration_is_checked_without_asking_the_store_and_shown_without_the_secret() {
    let folder = Folder::new();
    let write = |text: &str| std::fs::write(folder.path().join("a.toml"), text).unwrap();
    let check = || {
        let mut command = folder.command(&["check-config", "--config", "a.toml"]);
        Finished::of(command.env("LIENTHONG_MEDIA_S3_SECRET", "hunter2"))
    };
    let section = "[media_s3]\nendpoint = \"https://s3.invalid\"\nbucket = \"lienthong\"\naccess_key_id = \"LTKEY\"\n";
    write(section);
    let shown = check();
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    assert!(shown.stdout.contains("[media_s3]\nendpoint = \"https://s3.invalid\"\n"), "{}", shown.stdout);
    assert!(!format!("{}{}", shown.stdout, shown.stderr).contains("hunter2"));
    for (text, expected) in [
        (format!("{section}[media]\nfolder = \"/srv/media\"\n"), "set media.folder or media_s3.endpoint, not both"),
        (section.replace("https", "http"), "use https, or set media_s3.plain_http"),
        (section.replace("bucket = \"lienthong\"", ""), "[media_s3] needs bucket as well"),
        (section.replace("lienthong", "liên thông"), "is no name of a bucket"),
        (format!("{section}certificates = \"no.pem\"\n"), "no.pem: No such file"),
        (format!("{section}secret_access_key = \"hunter2\"\n"), "unknown field `secret_access_key`"),
    ] {
        write(&text);
        let refused = check();
        assert!(refused.refusal().contains(expected) && !refused.stderr.contains("hunter2"), "{}", refused.stderr);
    }
}
