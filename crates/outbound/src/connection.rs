//! One connection: resolve, check, connect, and for `https` prove who is there.

use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use url::{Host, Url};

use crate::address::Allowed;
use crate::error::Error;

/// A connection in either manner.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Where a request goes.
pub(crate) struct Target {
    /// As it is named, for messages and for the certificate.
    pub(crate) host: String,
    port: u16,
    is_secure: bool,
    literal: Option<IpAddr>,
}

impl Target {
    /// Reads where an address points to.
    pub(crate) fn of(url: &Url) -> Result<Self, Error> {
        let is_secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(Error::Address),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::Address);
        }
        let (host, literal) = match url.host().ok_or(Error::Address)? {
            Host::Domain(name) => (name.to_owned(), None),
            Host::Ipv4(v4) => (v4.to_string(), Some(IpAddr::V4(v4))),
            Host::Ipv6(v6) => (v6.to_string(), Some(IpAddr::V6(v6))),
        };
        let port = url.port_or_known_default().ok_or(Error::Address)?;
        Ok(Self { host, port, is_secure, literal })
    }

    /// Connects to the first address that takes the connection. One forbidden address refuses the name as a whole: whoever
    /// mixes them is up to something.
    pub(crate) async fn connect(&self, allowed: &Allowed, tls: &TlsConnector) -> Result<Box<dyn Stream>, Error> {
        let addresses = self.addresses().await?;
        for address in &addresses {
            self.check(address.ip(), allowed)?;
        }
        let failed = |source| Error::Connect { host: self.host.clone(), source };
        let stream = TcpStream::connect(addresses.as_slice()).await.map_err(failed)?;
        if !self.is_secure {
            return Ok(Box::new(stream));
        }
        let name = ServerName::try_from(self.host.clone()).map_err(|_| Error::Address)?;
        Ok(Box::new(tls.connect(name, stream).await.map_err(failed)?))
    }

    async fn addresses(&self) -> Result<Vec<SocketAddr>, Error> {
        if let Some(literal) = self.literal {
            return Ok(vec![SocketAddr::new(literal, self.port)]);
        }
        let unresolved = || Error::Unresolved(self.host.clone());
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await.map_err(|_| unresolved())?;
        let found: Vec<SocketAddr> = found.collect();
        if found.is_empty() { Err(unresolved()) } else { Ok(found) }
    }

    fn check(&self, address: IpAddr, allowed: &Allowed) -> Result<(), Error> {
        if !allowed.reaches(address) {
            return Err(Error::Forbidden { host: self.host.clone(), address });
        }
        // Whoever sits in between could read and change everything; within a listed range that is the operator's choice.
        if !self.is_secure && !allowed.lists(address) {
            return Err(Error::Plain(self.host.clone()));
        }
        Ok(())
    }
}
