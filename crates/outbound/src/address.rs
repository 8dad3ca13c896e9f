//! Which addresses may be reached.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// Ranges that may be reached although they are not public: those of an intranet, or of tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed(Vec<IpNet>);

impl Allowed {
    /// Exactly these.
    pub fn new(ranges: Vec<IpNet>) -> Self {
        Self(ranges)
    }

    /// Whether somebody has listed the address by name of its range.
    pub fn lists(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|range| range.contains(&address))
    }

    /// Whether the address may be reached at all.
    pub fn reaches(&self, address: IpAddr) -> bool {
        is_public(address) || self.lists(address)
    }
}

/// Whether an address is one of the internet's: neither of this machine nor of a network around it, nor one behind which a
/// cloud keeps the credentials of its machines (169.254.169.254, 100.100.100.200, `fd00:ec2::254`). RFC 6890.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// What IANA keeps for special purposes, as (network, length of the prefix).
const SPECIAL_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|(network, length)| (address.to_bits() ^ network.to_bits()) >> (32 - length) == 0)
}

/// Only `2000::/3` is given out. Networks that carry an IPv4 address, 6to4 and the `64:ff9b::/96` of NAT64, count as that
/// address; Teredo and the rest of `2001::/23` count as none.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let carried = |shift: u32| Ipv4Addr::from_bits(u32::try_from((bits >> shift) & 0xffff_ffff).unwrap_or(0));
    match address.segments() {
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => is_public_v4(carried(0)),
        [0x2002, ..] => is_public_v4(carried(80)),
        [0x2001, 0x0db8 | 0..=0x01ff, ..] | [0x3fff, 0..=0x0fff, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn addresses_of_this_machine_and_of_networks_around_it_are_not_public() {
        for inner in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.100.100.200",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:db8::1",
        ] {
            assert!(!public(inner), "{inner}");
        }
        for outer in ["8.8.8.8", "172.32.0.1", "100.128.0.1", "203.162.4.191", "2405:4800::1", "64:ff9b::808:808"] {
            assert!(public(outer), "{outer}");
        }
    }

    #[test]
    fn a_listed_range_is_reached_and_its_neighbours_are_not() {
        let allowed = Allowed::new(vec!["10.7.0.0/16".parse().unwrap(), "::1/128".parse().unwrap()]);
        let reaches = |text: &str| allowed.reaches(text.parse().unwrap());
        assert!(reaches("10.7.1.2") && reaches("::ffff:10.7.1.2") && reaches("::1") && reaches("8.8.8.8"));
        assert!(!reaches("10.8.1.2") && !reaches("127.0.0.1"));
        assert!(!allowed.lists("8.8.8.8".parse().unwrap()));
    }
}
