//! A store with the S3 protocol for each test that wants one: the server of moto, which keeps everything in memory.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use url::form_urlencoded::byte_serialize;

/// Where `cargo xtask test` tells of the server's program.
const PROGRAM: &str = "LIENTHONG_TEST_S3";

/// Far beyond what it needs to start.
const DEADLINE: Duration = Duration::from_mins(1);

/// What the access key may do, as docs/media.md asks for it. The bucket stands in for `BUCKET`.
const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::BUCKET"},
    {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject","s3:AbortMultipartUpload"],
     "Resource":"arn:aws:s3:::BUCKET/*"}]}"#;

/// A running server with one bucket and one access key. It checks signatures and what the key may do.
pub struct TestStore {
    _server: Option<Running>,
    /// Its address, `http://127.0.0.1:…`.
    pub endpoint: String,
    /// The bucket, which is empty.
    pub bucket: &'static str,
    /// Made by the server.
    pub access_key_id: String,
    /// Made by the server.
    pub secret_access_key: String,
}

/// A server that speaks TLS and holds nothing; it takes every key.
pub struct TestTlsStore {
    _server: Running,
    /// Its address, `https://127.0.0.1:…`.
    pub endpoint: String,
}

/// A process that ends with its owner.
struct Running(Child);

impl TestStore {
    /// Starts one.
    pub fn start() -> Self {
        let (server, address) = Running::start(&[]);
        let bucket = "lienthong-media";
        let iam = |query: &str| ask(address, ("POST", "/", Some("iam")), query);
        iam("Action=CreateUser&UserName=lienthong&Version=2010-05-08");
        let key = iam("Action=CreateAccessKey&UserName=lienthong&Version=2010-05-08");
        let policy: String = byte_serialize(POLICY.replace("BUCKET", bucket).as_bytes()).collect();
        iam(&format!(
            "Action=PutUserPolicy&UserName=lienthong&PolicyName=media&PolicyDocument={policy}&Version=2010-05-08"
        ));
        ask(address, ("PUT", &format!("/{bucket}"), None), "");
        // From now on nothing goes without a signature.
        ask(address, ("POST", "/moto-api/reset-auth", None), "0");
        Self {
            _server: Some(server),
            endpoint: format!("http://{address}"),
            bucket,
            access_key_id: element(&key, "AccessKeyId"),
            secret_access_key: element(&key, "SecretAccessKey"),
        }
    }

    /// Ends it; what is known of it stays.
    #[must_use]
    pub fn stop(self) -> Self {
        Self { _server: None, ..self }
    }
}

impl TestTlsStore {
    /// Starts one with a certificate and its key, both in PEM.
    pub fn start(certificate: &Path, key: &Path) -> Self {
        let files = [certificate, key].map(|file| file.to_str().unwrap());
        let (server, address) = Running::start(&["--ssl-cert", files[0], "--ssl-key", files[1]]);
        Self { _server: server, endpoint: format!("https://{address}") }
    }
}

impl Running {
    /// Starts the program on a free port, and waits for the line that names it.
    fn start(options: &[&str]) -> (Self, SocketAddr) {
        let missing = "LIENTHONG_TEST_S3 names no program: run the tests with `cargo xtask test`";
        let program = std::env::var_os(PROGRAM).expect(missing);
        let mut command = Command::new(program);
        command.args(["--host", "127.0.0.1", "--port", "0"]).args(options);
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut running = Self(command.spawn().expect(missing));
        let said = BufReader::new(running.0.stderr.take().unwrap());
        let (send, addresses) = mpsc::channel();
        // It goes on reading, so that the server never waits for somebody to read.
        std::thread::spawn(move || {
            for line in said.lines().map_while(Result::ok) {
                let address = line.split_once("Running on ").and_then(|(_, url)| url.split("://").nth(1)?.parse().ok());
                let _ = address.map(|address| send.send(address));
            }
        });
        let address = addresses.recv_timeout(DEADLINE).expect("the S3 server ended before it was ready");
        (running, address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The body of an answer that must be a good one. Requests to other services than S3 are told apart by what they are
/// signed for; nobody checks the signature yet.
fn ask(address: SocketAddr, (method, path, service): (&str, &str, Option<&str>), body: &str) -> String {
    let mut stream = TcpStream::connect_timeout(&address, DEADLINE).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let signed = service.map(|service| {
        format!(
            "Content-Type: application/x-www-form-urlencoded\r\nAuthorization: AWS4-HMAC-SHA256 \
             Credential=x/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=x\r\n"
        )
    });
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{}Content-Length: {}\r\n\r\n{body}",
        signed.unwrap_or_default(),
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    answer
}

fn element(document: &str, name: &str) -> String {
    let (_, rest) = document.split_once(&format!("<{name}>")).unwrap();
    rest.split_once('<').unwrap().0.to_owned()
}
