//! The network a caller comes from, as counters and logs name it: precise enough to act on, too coarse to follow a person.

use std::net::{IpAddr, Ipv6Addr};

/// The caller's /24 (IPv4) or /64 (IPv6).
pub fn of(peer: Option<IpAddr>) -> String {
    match peer.map(|p| p.to_canonical()) {
        Some(IpAddr::V4(v4)) => {
            let [a, b, c, _] = v4.octets();
            format!("net:{a}.{b}.{c}.0/24")
        }
        Some(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("net:{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        None => "net:unknown".to_owned(),
    }
}
