//! One request and its answer over a connection of their own: for what is asked before and beside the load.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Far beyond what an answer may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// An answer with its whole body.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
}

/// Sends `request`, the text of a whole request without `Connection`, and reads until the server closes.
pub(super) fn exchange(address: SocketAddr, request: &str) -> io::Result<Answer> {
    let (head, body) = request.split_once("\r\n\r\n").ok_or_else(|| io::Error::other("a request without a head"))?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(format!("{head}\r\nConnection: close\r\n\r\n{body}").as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").ok_or_else(|| io::Error::other("no answer"))?;
    let head = String::from_utf8_lossy(answer.get(..end).unwrap_or_default()).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Ok(Answer { status, body: answer.split_off(end + 4) })
}

/// The text of a GET request.
pub(super) fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n")
}

/// The text of a POST request with a JSON body.
pub(super) fn post(target: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// The JSON body of an answer that must have gone well.
pub(super) fn json(address: SocketAddr, request: &str) -> io::Result<serde_json::Value> {
    let Answer { status, body } = exchange(address, request)?;
    if status == 200 {
        return serde_json::from_slice(&body).map_err(io::Error::other);
    }
    Err(io::Error::other(format!("{request}\nanswered {status}: {}", String::from_utf8_lossy(&body))))
}
