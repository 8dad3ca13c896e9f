use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::harness::{Folder, Server, connect, get};

const REQUEST: &[u8] = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";

fn serve(folder: &Folder, server: &str) -> Server {
    std::fs::write(folder.path().join("a.toml"), format!("[server]\n{server}\n")).unwrap();
    folder.serve(&["--config", "a.toml"])
}

/// Waits until the server closes the connection, and returns what it sent before.
fn until_closed(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}"),
    }
    String::from_utf8(answer).unwrap()
}

#[test]
fn a_head_that_comes_too_slowly_is_not_waited_for() {
    let folder = Folder::new();
    let server = serve(&folder, "header_timeout = \"500ms\"\nidle_timeout = \"1h\"");
    let silent = connect(server.address());
    let mut slow = connect(server.address());
    let begun = Instant::now();
    slow.write_all(b"GET /livez HTTP/1.1\r\nHo").unwrap();
    assert_eq!(until_closed(slow), "");
    assert!(begun.elapsed() >= Duration::from_millis(500));
    assert_eq!(until_closed(silent), "");
    server.stop();
}

#[test]
fn an_idle_connection_is_kept_for_its_own_time_and_then_closed() {
    let folder = Folder::new();
    let server = serve(&folder, "header_timeout = \"1h\"\nidle_timeout = \"1s\"");
    let mut stream = connect(server.address());
    stream.write_all(REQUEST).unwrap();
    let begun = Instant::now();
    let answer = until_closed(stream);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"), "{answer}");
    assert!(begun.elapsed() >= Duration::from_millis(990), "closed after {:?}", begun.elapsed());
    server.stop();
}

#[test]
fn connections_beyond_the_cap_wait_until_one_ends() {
    let folder = Folder::new();
    let server = serve(&folder, "max_connections = 1");
    let mut first = connect(server.address());
    first.write_all(REQUEST).unwrap();
    let mut answer = [0; 12];
    first.read_exact(&mut answer).unwrap();
    let mut second = connect(server.address());
    second.write_all(REQUEST).unwrap();
    second.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    let waiting = second.read(&mut answer).unwrap_err();
    assert!(matches!(waiting.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waiting}");
    drop(first);
    second.set_read_timeout(Some(crate::harness::DEADLINE)).unwrap();
    second.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    drop(second);
    server.stop();
}

#[test]
fn a_head_without_end_and_nonsense_are_answered_or_dropped_and_others_are_still_served() {
    let folder = Folder::new();
    let server = serve(&folder, "");
    for hostile in [
        format!("GET /livez HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(1 << 20)),
        format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(1 << 20)),
        format!("GET /livez HTTP/1.1\r\n{}\r\n", "X: a\r\n".repeat(1000)),
        "\0\0\0\0\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        "GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc".to_owned(),
    ] {
        let mut stream = connect(server.address());
        // The server may close before it has read everything.
        let _ = stream.write_all(hostile.as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let answer = until_closed(stream);
        let refused = answer.is_empty() || answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.0 4");
        assert!(refused, "{hostile:.60} {answer}");
        assert_eq!(get(server.address(), "/livez").0, 200);
    }
    server.stop();
}
