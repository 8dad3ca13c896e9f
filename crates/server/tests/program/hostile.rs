//! What hostile clients send on the wire. Each gets a clear refusal or a right answer within its time: never a fault of the
//! server, never silence; and whoever comes next is served.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::Shutdown;
use std::path::Path;
use std::sync::OnceLock;

use crate::harness::{DEADLINE, Folder, Server, connect, get};

/// Waits are short here, so that those who keep us waiting are given up while the test looks on.
const SETTINGS: [(&str, &str); 4] = [
    ("LIENTHONG_SERVER__HEADER_TIMEOUT", "500ms"),
    ("LIENTHONG_SERVER__IDLE_TIMEOUT", "500ms"),
    ("LIENTHONG_SERVER__REQUEST_TIMEOUT", "2s"),
    ("LIENTHONG_LIMITS__REQUESTS_PER_SECOND", "0"),
];
/// What memory may grow by, whatever is sent: in KiB.
const GROWTH: u64 = 96 << 10;

struct Attacked {
    server: Server,
    folder: Folder,
    anonymous: u64,
}

impl Attacked {
    fn start() -> Self {
        let folder = Folder::new();
        let server = folder.serve_logging_with(&folder.path().join("log"), &SETTINGS);
        assert_eq!(get(server.address(), "/readyz").0, 200);
        let anonymous = anonymous_memory(server.pid());
        Self { server, folder, anonymous }
    }

    /// Sends bytes and reads until the server closes the connection, which it has to do by itself.
    fn exchange(&self, bytes: &[u8]) -> String {
        let mut stream = connect(self.server.address());
        // The server may close before it has read everything.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        if let Err(error) = stream.read_to_end(&mut answer) {
            assert_eq!(error.kind(), ErrorKind::ConnectionReset, "no answer and no end within {DEADLINE:?}: {error}");
        }
        let _ = stream.shutdown(Shutdown::Both);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// The statuses of the answers to these bytes; none when the connection was closed without one.
    fn statuses(&self, bytes: &[u8]) -> Vec<u16> {
        let answer = self.exchange(bytes);
        let statuses = answer.split("HTTP/1.").skip(1).filter_map(|rest| rest.get(2..5)?.parse().ok()).collect();
        assert_eq!(get(self.server.address(), "/livez").0, 200, "nobody is served any more");
        statuses
    }

    /// Every one of these is refused: with a status of 4xx, the first and only one, or without a word.
    fn refuses(&self, cases: &[(&str, Vec<u8>)]) {
        for (what, bytes) in cases {
            let statuses = self.statuses(bytes);
            assert!(matches!(statuses[..], [] | [400..=499]), "{what}: {statuses:?}");
        }
    }

    /// Stops, and looks whether anything went wrong inside.
    fn end(self) {
        let Self { server, folder, anonymous } = self;
        let grown = anonymous_memory(server.pid()).saturating_sub(anonymous);
        assert!(grown < GROWTH, "memory has grown by {grown} KiB");
        assert_eq!(server.stop().code(), Some(0));
        let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
        for word in ["panicked", "\"ERROR\"", "\"status\":50"] {
            assert!(!log.contains(word), "{word}: {}", log.lines().find(|line| line.contains(word)).unwrap());
        }
    }
}

fn anonymous_memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn ask(line: &str, headers: &str) -> Vec<u8> {
    format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{headers}\r\n").into_bytes()
}

/// A request for GraphQL whose head has these lines, then a body.
fn post(headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{headers}\r\n").into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// What a proxy in front would take for a request of the next client.
const SMUGGLED: &str = "GET /livez HTTP/1.1\r\nHost: x\r\n\r\n";

#[test]
fn what_two_programs_could_cut_differently_is_refused_or_ends_the_connection() {
    let attacked = Attacked::start();
    let chunked = |name: &str| post(&format!("{name}\r\n"), format!("0\r\n\r\n{SMUGGLED}").as_bytes());
    for (what, bytes) in [
        ("both lengths, the chunks win", chunked("Content-Length: 5\r\nTransfer-Encoding: chunked")),
        ("both lengths, the other way round", chunked("Transfer-Encoding: chunked\r\nContent-Length: 5")),
        ("chunks twice", chunked("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")),
        ("chunks in chunks", chunked("Transfer-Encoding: chunked, chunked")),
    ] {
        let statuses = attacked.statuses(&bytes);
        assert!(matches!(statuses[..], [] | [400..=499]), "{what}: the rest was answered too: {statuses:?}");
    }
    let two = |lines: &str| post(&format!("{lines}\r\n"), format!("{{}}{SMUGGLED}").as_bytes());
    attacked.refuses(&[
        ("two lengths", two("Content-Length: 2\r\nContent-Length: 40")),
        ("two lengths in one", two("Content-Length: 2, 40")),
        ("a length with a sign", two("Content-Length: +2")),
        ("a negative length", two("Content-Length: -2")),
        ("a length in hexadecimal", two("Content-Length: 0x2")),
        ("a length beyond every number", two("Content-Length: 99999999999999999999")),
        ("an unknown coding", chunked("Transfer-Encoding: xchunked")),
        ("identity after chunks", chunked("Transfer-Encoding: chunked, identity")),
        ("a blank before the colon", chunked("Transfer-Encoding : chunked")),
        ("a line that goes on", chunked("X: a\r\n Transfer-Encoding: chunked")),
        ("a line that goes on with a tab", chunked("X: a\r\n\tb")),
        ("a vertical tab", chunked("Transfer-Encoding: \u{b}chunked")),
        ("a NUL in a value", chunked("X: a\0b")),
        ("a bare CR in a value", chunked("X: a\rTransfer-Encoding: chunked")),
        ("a header without a colon", chunked("Nonsense")),
        ("a header without a name", chunked(": a")),
        ("no host", b"GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n".to_vec()),
        ("two hosts", ask("GET /livez", "Host: y\r\n")),
        ("the same host twice", ask("GET /livez", "Host: x\r\n")),
    ]);
    attacked.end();
}

#[test]
fn chunks_that_are_not_what_they_say_are_a_bad_request() {
    let attacked = Attacked::start();
    let chunks = |body: &str| post("Transfer-Encoding: chunked\r\n", body.as_bytes());
    attacked.refuses(&[
        ("a negative size", chunks("-1\r\na\r\n0\r\n\r\n")),
        ("a size with 0x", chunks("0x2\r\n{}\r\n0\r\n\r\n")),
        ("a size beyond every number", chunks("FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")),
        ("a huge size that never comes", chunks("FFFFFFFFFFFFFFF\r\n{}")),
        ("no size", chunks("\r\n{}\r\n0\r\n\r\n")),
        ("more than the size", chunks("1\r\n{}\r\n0\r\n\r\n")),
        ("less than the size", chunks("5\r\n{}\r\n0\r\n\r\n")),
        ("an endless extension", chunks(&format!("2;{}\r\n{{}}\r\n0\r\n\r\n", "a".repeat(1 << 20)))),
        ("endless trailers", chunks(&format!("2\r\n{{}}\r\n0\r\n{}\r\n", "X: a\r\n".repeat(100_000)))),
        ("a body without end", chunks(&format!("100000\r\n{}", "a".repeat(1 << 20)))),
        ("a million chunks", chunks(&"1\r\na\r\n".repeat(1_000_000))),
    ]);
    let broken = attacked.exchange(&chunks("zz\r\n{}\r\n0\r\n\r\n"));
    assert!(broken.starts_with("HTTP/1.1 400") && broken.contains("BAD_REQUEST"), "{broken}");
    attacked.end();
}

#[test]
fn who_sends_slowly_is_given_up_in_time_and_told_so() {
    let attacked = Attacked::start();
    assert_eq!(attacked.statuses(b"GET /livez HTTP/1.1\r\nHost: x\r\nX: "), [] as [u16; 0], "a head without end");
    let slow = attacked.exchange(&post("Content-Length: 100\r\n", b"{"));
    assert!(slow.starts_with("HTTP/1.1 408") && slow.contains("REQUEST_TIMEOUT"), "{slow}");
    let file = "POST /v1/sites/x/media HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer x\r\nContent-Length: 100\r\n\r\na";
    assert_eq!(attacked.statuses(file.as_bytes()), [401], "nobody's file is waited for");
    // Hundreds of them at once keep nobody else from being served.
    let mut waiting: Vec<_> = (0..400).map(|_| connect(attacked.server.address())).collect();
    for stream in &mut waiting {
        stream.write_all(b"GET /livez HTTP/1.1\r\nHo").unwrap();
    }
    assert_eq!(get(attacked.server.address(), "/livez").0, 200);
    for mut stream in waiting {
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        assert!(rest.is_empty() && ended.is_ok_and(|read| read == 0), "it is closed without an answer");
    }
    attacked.end();
}

/// Addresses of files, of other hosts, of nothing, and in encodings that are none. None of them leads anywhere else.
#[rustfmt::skip] // One a line would be a page of addresses.
const TARGETS: [&str; 42] = [
    "/\0", "/%00", "/%ff%fe", "/v1/articles/%00", "/v1/sites/%C3%28/articles/x", "/feeds/sites/%ff.atom", "/%", "/%zz",
    "/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc%2fpasswd", "/..\\..\\etc\\passwd", "/..%5c..%5cetc",
    "//evil.example/..", "/./././", "/v1//articles", "/v1/articles/..%2f..%2fgraphql", "/media/..%2f..%2fseal.key/640.webp",
    "/media/x/original/..%2f..%2f..%2fseal.key", "/graphiql/assets/..%2f..%2f..%2fCargo.toml", "/docs/assets/%2e%2e%2f",
    "/demo/covers/..%2fx", "/problems/..%2f..%2f", "/.git/config", "/.env", "/wp-login.php", "/sitemaps/..%2f/index.xml",
    "/v1/articles;x=1", "/livez/", "/v1/articles?first=%00", "*", "x", "evil.example:443", "http://evil.example/livez",
    "https://evil.example:99999/", "http://a@b@c/", "http://[::1", "javascript:alert(1)", "/\u{202e}", "/é", "/\u{ad}", "/\t",
];

/// Addresses with more of everything than anybody needs, each within the longest head.
fn long_targets() -> [String; 7] {
    let long = |pieces: usize, piece: &str| piece.repeat(pieces);
    [
        format!("/v1/articles?{}", long(10_000, "a=1&")),
        format!("/graphql?{}", long(7_000, "query=a&")),
        format!("/v1/articles?first={}", long(60_000, "9")),
        format!("/{}", long(20_000, "a/")),
        format!("/v1/articles/{}", long(20_000, "%41")),
        format!("/v1/articles?{}", long(3_000, "%01=%01&")),
        format!("/graphql?variables={}", long(20_000, "%5B")),
    ]
}

#[test]
fn targets_of_every_shape_lead_nowhere_else() {
    let attacked = Attacked::start();
    for target in TARGETS.into_iter().map(str::to_owned).chain(long_targets()) {
        let answer = attacked.exchange(&ask(&format!("GET {target}"), ""));
        let status: u16 = answer.get(9..12).and_then(|status| status.parse().ok()).unwrap_or(400);
        assert!(matches!(status, 200 | 400..=499), "{target:.80}: {answer:.300}");
        assert!(!answer.contains("root:") && !answer.contains("evil.example/livez"), "{target:.80}: {answer:.300}");
        assert_eq!(get(attacked.server.address(), "/livez").0, 200);
    }
    attacked.end();
}

#[test]
fn whatever_the_head_says_of_hosts_our_links_are_to_ourselves() {
    let attacked = Attacked::start();
    let foreign_host = b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".to_vec();
    for bytes in [
        foreign_host,
        ask("GET /", "X-Forwarded-Host: evil.example\r\nForwarded: host=evil.example\r\n"),
        ask("GET http://evil.example/", "X-Forwarded-Proto: gopher\r\n"),
    ] {
        let answer = attacked.exchange(&bytes);
        assert!(
            answer.starts_with("HTTP/1.1 200") && !answer.contains("evil") && !answer.contains("gopher"),
            "{answer}"
        );
    }
    let split = "GET /v1/articles/a%0d%0aSet-Cookie:%20a=b?x=%0d%0aX-Evil:%201";
    let answer = attacked.exchange(&ask(split, "X-Request-Id: a%0d%0aX-Evil: 2\r\n")).to_lowercase();
    assert!(!answer.contains("\nx-evil") && !answer.contains("\nset-cookie"), "{answer}");
    attacked.end();
}

#[test]
fn methods_versions_and_upgrades_that_nobody_offers_are_refused() {
    let attacked = Attacked::start();
    let endless = "A".repeat(10_000);
    for method in ["TRACE", "CONNECT", "TRACK", "PROPFIND", "DEBUG", "get", "G\u{0}T", "PRI", &endless] {
        for path in ["/livez", "/graphql", "/v1/articles", "/", "/graphiql"] {
            let answer = attacked.exchange(&ask(&format!("{method} {path}"), "X-Secret: chi-minh-ta\r\n"));
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{method:.20} {path}: {answer:.200}");
            assert!(!answer.contains("chi-minh-ta"), "{method:.20} is echoed");
        }
    }
    attacked.refuses(&[
        ("a tunnel", b"CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n".to_vec()),
        ("HTTP/2 without being asked", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0".to_vec()),
        ("HTTP/0.9", b"GET /livez\r\n\r\n".to_vec()),
        ("HTTP/3.0", b"GET /livez HTTP/3.0\r\nHost: x\r\n\r\n".to_vec()),
        ("a version in small letters", b"GET /livez http/1.1\r\nHost: x\r\n\r\n".to_vec()),
        ("TLS", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n".to_vec()),
        ("a head of its own sort", b"\r\n\r\n\r\n\xff\xff\xff\xff\r\n\r\n".to_vec()),
    ]);
    let socket = "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (path, upgrade) in
        [("/livez", socket), ("/graphql", socket), ("/livez", "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n")]
    {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\n{upgrade}\r\n");
        let statuses = attacked.statuses(request.as_bytes());
        assert!(matches!(statuses[..], [200 | 400..=499]), "{path}: {statuses:?}");
    }
    attacked.end();
}

#[test]
fn bodies_that_unfold_and_heads_that_flood_are_bounded() {
    let attacked = Attacked::start();
    let bomb = gzip_bomb();
    for (path, token) in
        [("/graphql", ""), ("/v1/auth/sign-in", ""), ("/v1/sites/x/articles", "Authorization: Bearer x\r\n")]
    {
        for coding in ["gzip", "br", "deflate, gzip", "zstd"] {
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n{token}\
                 Content-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n",
                bomb.len()
            );
            let statuses = attacked.statuses(&[head.as_bytes(), bomb].concat());
            assert!(matches!(statuses[..], [401 | 413 | 415]), "{path} {coding}: {statuses:?}");
        }
    }
    let large = [&post("Content-Length: 99999999\r\n", b"")[..], &vec![b' '; 8 << 20]].concat();
    let (ranges, tags, accepted) = ("0-0,".repeat(10_000), "\"a\",".repeat(10_000), "gzip;q=0.1,".repeat(5_000));
    for (what, bytes) in [
        ("a body beyond the limit", large),
        ("ten thousand headers", ask("GET /livez", &"X: a\r\n".repeat(10_000))),
        ("a line of a megabyte", ask("GET /livez", &format!("X: {}\r\n", "a".repeat(1 << 20)))),
        ("ten thousand ranges", ask("GET /favicon.svg", &format!("Range: bytes={ranges}1-\r\n"))),
        ("ten thousand tags", ask("GET /v1/articles", &format!("If-None-Match: {tags}\"b\"\r\n"))),
        ("thousands of codings", ask("GET /v1/articles", &format!("Accept-Encoding: {accepted}br\r\n"))),
        ("an expectation", ask("GET /livez", "Expect: the-impossible\r\n")),
        ("a hundred proxies", ask("GET /livez", &format!("X-Forwarded-For: {}\r\n", "1.1.1.1, ".repeat(5_000)))),
    ] {
        let statuses = attacked.statuses(&bytes);
        assert!(matches!(statuses[..], [] | [200 | 206 | 304 | 400..=499]), "{what}: {statuses:?}");
    }
    attacked.end();
}

#[test]
fn thousands_of_requests_in_one_write_are_answered_in_their_order() {
    let attacked = Attacked::start();
    let paths = ["/livez", "/nowhere", "/v1/articles?first=0", "/graphql?query=%7B__typename%7D"];
    let request = |n: usize| format!("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", paths[n % paths.len()]);
    let requests = (0..2_000).map(request).collect::<Vec<_>>().concat();
    let statuses = attacked.statuses(requests.as_bytes());
    assert_eq!(statuses.len(), 2_000);
    assert!(statuses.chunks(4).all(|four| four == [200, 404, 400, 200]), "{:?}", &statuses[..8]);
    attacked.end();
}

/// Some 64 MiB of blanks in a few KiB.
fn gzip_bomb() -> &'static [u8] {
    static BOMB: OnceLock<Vec<u8>> = OnceLock::new();
    BOMB.get_or_init(|| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        let blanks = vec![b' '; 1 << 20];
        (0..64).for_each(|_| encoder.write_all(&blanks).unwrap());
        encoder.finish().unwrap()
    })
}
