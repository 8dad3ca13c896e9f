//! Files as editors have them on their disks, and as attackers make them; and how they are sent.

use std::io::Cursor;

use axum::body::Body;
use http::Request;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use serde_json::Value;

use lienthong_domain::ids::ActorId;

use crate::harness::{Node, Reply};

pub(crate) const SITE: &str = "xuanhai.hatinh.example";

/// A picture that no other number makes.
pub(crate) fn picture(number: u8, format: ImageFormat) -> Vec<u8> {
    let pixels = RgbImage::from_fn(1_000, 500, |x, _| Rgb([number, u8::try_from(x / 4).unwrap(), 90]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(pixels).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A document of so many bytes.
pub(crate) fn pdf(size: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n%\xc3\xa9 K\xe1\xba\xbf ho\xe1\xba\xa1ch\n".to_vec();
    bytes.extend((0..size).map(|at| b' ' + u8::try_from(at % 90).unwrap()));
    bytes
}

/// A PNG whose head promises 2,500 million pixels.
pub(crate) fn bomb() -> Vec<u8> {
    let mut chunk = b"IHDR".to_vec();
    chunk.extend(50_000_u32.to_be_bytes());
    chunk.extend(50_000_u32.to_be_bytes());
    chunk.extend([8, 2, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(&chunk);
    bytes.extend(crc32fast::hash(&chunk).to_be_bytes());
    bytes.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    bytes
}

/// Sends a file in one request.
pub(crate) async fn send_file(node: &Node, actor: ActorId, (site, name): (&str, &str), body: Body) -> Reply {
    let request = Request::post(format!("/v1/sites/{site}/media?fileName={name}"))
        .header("authorization", format!("Bearer {actor}"))
        .body(body);
    node.send(request.unwrap()).await
}

/// Puts a file into the library of [`SITE`].
pub(crate) async fn uploaded(node: &Node, actor: ActorId, name: &str, bytes: Vec<u8>) -> Value {
    let reply = send_file(node, actor, (SITE, name), Body::from(bytes)).await;
    assert_eq!(reply.status.as_u16(), 201, "{}", String::from_utf8_lossy(&reply.body));
    reply.json()
}

/// The part of an absolute address that a request names.
pub(crate) fn path_of(address: &Value) -> String {
    let address: url::Url = address.as_str().unwrap().parse().unwrap();
    address.path().to_owned()
}

/// Asks for an address with a token.
pub(crate) async fn get_as(node: &Node, actor: ActorId, path: &str) -> Reply {
    let request = Request::get(path).header("authorization", format!("Bearer {actor}"));
    node.send(request.body(Body::empty()).unwrap()).await
}
