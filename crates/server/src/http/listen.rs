//! Sockets to listen on.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

use crate::failure::Failure;

/// Connections that wait to be accepted.
const BACKLOG: i32 = 1024;

/// A socket that listens.
pub(crate) struct Bound {
    pub(crate) listener: TcpListener,
    /// Where, with the real port.
    pub(crate) address: SocketAddr,
}

/// Listens on all of `addresses`. `[::]` takes IPv4 too, unless `0.0.0.0` is listed for the same port.
pub(crate) fn bind(addresses: &[SocketAddr]) -> Result<Vec<Bound>, Failure> {
    addresses.iter().map(|address| bind_one(*address, is_apart(*address, addresses))).collect()
}

impl Bound {
    /// The base of its addresses, as a program on this machine would use it.
    pub(crate) fn url(&self) -> String {
        let ip = reachable(self.address.ip());
        format!("http://{}", SocketAddr::new(ip, self.address.port()))
    }
}

/// The address at which a listener on `ip` is reached from this machine.
pub(crate) const fn reachable(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        other => other,
    }
}

fn is_apart(address: SocketAddr, all: &[SocketAddr]) -> bool {
    let anywhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, address.port()));
    !address.ip().is_unspecified() || all.contains(&anywhere)
}

fn bind_one(address: SocketAddr, only_v6: bool) -> Result<Bound, Failure> {
    let open = || -> std::io::Result<Bound> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        if address.is_ipv6() {
            socket.set_only_v6(only_v6)?;
        }
        // A restart must not wait for the connections of the server before it.
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(BACKLOG)?;
        let listener = TcpListener::from_std(socket.into())?;
        let address = listener.local_addr()?;
        Ok(Bound { listener, address })
    };
    open().map_err(|error| Failure::while_doing(format!("cannot listen on {address}"), explain(&error)))
}

fn explain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::AddrInUse => "the port is in use by another program; choose one with --listen".to_owned(),
        std::io::ErrorKind::AddrNotAvailable => "this machine does not have that address".to_owned(),
        std::io::ErrorKind::PermissionDenied => {
            "ports below 1024 need a privilege; choose another with --listen".to_owned()
        }
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn both_families_can_be_listed_for_one_port() {
        let v4 = bind(&["0.0.0.0:0".parse().unwrap()]).unwrap().remove(0);
        let port = v4.address.port();
        drop(v4);
        let both = [SocketAddr::from(([0, 0, 0, 0], port)), SocketAddr::from(([0u16; 8], port))];
        let bound = bind(&both).unwrap();
        assert_eq!(bound.iter().map(|bound| bound.address).collect::<Vec<_>>(), both);
        assert_eq!(bound[0].url(), format!("http://127.0.0.1:{port}"));
        assert_eq!(bound[1].url(), format!("http://[::1]:{port}"));
    }

    #[tokio::test]
    async fn an_address_that_is_taken_or_not_ours_is_told_in_one_line() {
        let taken = bind(&["127.0.0.1:0".parse().unwrap()]).unwrap().remove(0);
        let cases =
            [(taken.address, "the port is in use"), ("192.0.2.1:80".parse().unwrap(), "does not have that address")];
        for (address, expected) in cases {
            let refused = bind(&[address]).err().unwrap().to_string();
            assert!(
                refused.starts_with(&format!("cannot listen on {address}")) && refused.contains(expected),
                "{refused}"
            );
        }
    }
}
