//! Whose certificates the client believes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::path::PathBuf;
use std::sync::Arc;

use lienthong_outbound::{Allowed, Client, Error, SetupError};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use url::Url;

/// A server with a certificate of its own making; its address, and the certificate as PEM.
async fn server(name: &str) -> (Url, String) {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let pem = made.cert.pem();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let mut asked = [0; 4096];
            let _ = stream.read(&mut asked).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
            let _ = stream.shutdown().await;
        }
    });
    (Url::parse(&format!("https://localhost:{port}/")).unwrap(), pem)
}

fn client(file: Option<&PathBuf>) -> Result<Client, SetupError> {
    let ranges = ["127.0.0.0/8", "::1/128"].map(|range| range.parse().unwrap());
    Client::new(Allowed::new(ranges.to_vec()), file.map(PathBuf::as_path))
}

#[tokio::test]
async fn a_certificate_is_believed_when_its_authority_is_listed_and_the_name_is_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    let (url, pem) = server("localhost").await;
    std::fs::write(&file, pem).unwrap();
    assert_eq!(client(Some(&file)).unwrap().get(&url).await.unwrap().body(), b"ok");
    assert!(matches!(client(None).unwrap().get(&url).await, Err(Error::Connect { .. })));
    let (url, pem) = server("other.example").await;
    std::fs::write(&file, pem).unwrap();
    assert!(matches!(client(Some(&file)).unwrap().get(&url).await, Err(Error::Connect { .. })));
}

#[test]
fn a_file_without_certificates_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.pem");
    assert!(matches!(client(Some(&file)), Err(SetupError::File(..))));
    for text in ["", "xin chào", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
        std::fs::write(&file, text).unwrap();
        assert!(matches!(client(Some(&file)), Err(SetupError::Certificates(_))), "{text}");
    }
}
