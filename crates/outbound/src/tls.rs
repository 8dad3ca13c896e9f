//! Whose certificates are believed: those of the web's authorities, and of the operator's own.

use std::path::Path;
use std::sync::Arc;

use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::error::SetupError;

/// TLS that believes the authorities of the web, and those in the PEM file `file`. It offers no protocol by ALPN yet.
///
/// # Errors
/// When the file cannot be read or holds no certificate.
pub fn believing(file: Option<&Path>) -> Result<ClientConfig, SetupError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(file) = file {
        let text = std::fs::read(file).map_err(|error| SetupError::File(file.to_owned(), error))?;
        let unusable = || SetupError::Certificates(file.to_owned());
        let found = CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>().map_err(|_| unusable())?;
        if found.is_empty() {
            return Err(unusable());
        }
        for certificate in found {
            roots.add(certificate).map_err(|_| unusable())?;
        }
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().map_err(|error| SetupError::Tls(error.to_string()))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// The same for HTTP/1.1.
pub(crate) fn connector(file: Option<&Path>) -> Result<TlsConnector, SetupError> {
    let mut config = believing(file)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}
