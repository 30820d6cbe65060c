//! Who is at the other end: the address that counts, the host that was asked for, and whether the way there is encrypted.
//!
//! A proxy speaks for others. What it says (`X-Forwarded-For`, `-Proto`, `-Host`) counts only when the connection comes
//! from a network the configuration trusts; from anybody else it is a claim and is passed over.

use super::AppState;
use actix_web::HttpRequest;
use actix_web::http::header::{HOST, HeaderMap};
use actix_web::web::Data;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// Addresses that share their first bits: `10.0.0.0/8`, `fd00::/8`, or one address alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    /// True for an address of this network. An IPv4 address inside IPv6 is the IPv4 address.
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differ = u32::from(own) ^ u32::from(other);
                differ.checked_shr(32 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differ = u128::from(own) ^ u128::from(other);
                differ.checked_shr(128 - u32::from(self.bits)).unwrap_or(0) == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text} is no network; write 10.0.0.0/8, fd00::/8 or one address");
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), str::parse).map_err(|_| wrong())?;
        if bits > most {
            return Err(wrong());
        }
        Ok(Self { address, bits })
    }
}

/// The address a request counts for: the peer's, or behind trusted proxies the nearest address that is none of them.
pub fn address(request: &HttpRequest) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    Some(client(peer, request.headers(), trusted(request)))
}

/// Walks `X-Forwarded-For` from the nearest entry outwards; what is behind the first stranger is the stranger's own claim.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[Network]) -> IpAddr {
    let known = |address: IpAddr| trusted.iter().any(|network| network.holds(address));
    if !known(peer) {
        return peer;
    }
    let lines: Vec<&str> = headers.get_all("x-forwarded-for").filter_map(|line| line.to_str().ok()).collect();
    let mut nearest = peer;
    for entry in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        // A word that is no address: whoever wrote it, the last proxy we know answers for it.
        let Ok(address) = entry.trim().parse::<IpAddr>() else { break };
        nearest = address.to_canonical();
        if !known(nearest) {
            break;
        }
    }
    nearest
}

fn trusted(request: &HttpRequest) -> &[Network] {
    request.app_data::<Data<AppState>>().map_or(&[], |state| state.config.trusted_proxy.as_slice())
}

fn through_proxy(request: &HttpRequest) -> bool {
    let peer = request.peer_addr().map(|peer| peer.ip());
    peer.is_some_and(|peer| trusted(request).iter().any(|network| network.holds(peer)))
}

/// True when the connection to the person's browser is encrypted, by this server or by a trusted proxy.
pub fn is_encrypted(request: &HttpRequest) -> bool {
    let said = request.headers().get("x-forwarded-proto").and_then(|value| value.to_str().ok());
    request.app_config().secure() || (through_proxy(request) && said == Some("https"))
}

/// The host the browser asked for.
pub fn host(request: &HttpRequest) -> &str {
    let word = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let told = if through_proxy(request) { word("x-forwarded-host") } else { None };
    // HTTP/2 carries the host in the address it asks for.
    let asked = request.uri().authority().map(|authority| authority.as_str());
    told.or(asked).or_else(|| word(HOST.as_str())).unwrap_or("")
}

/// What limits count an address as: itself, or the /64 that one household of IPv6 has.
pub fn counted_as(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    fn networks(list: &[&str]) -> Vec<Network> {
        list.iter().map(|n| n.parse().unwrap()).collect()
    }

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_str(line).unwrap());
        }
        client(peer.parse().unwrap(), &headers, &networks(trusted)).to_string()
    }

    #[test]
    fn a_network_holds_its_addresses_and_no_others() {
        let [lan, ula, one, all] =
            ["10.1.0.0/16", "fd00::/8", "192.0.2.7", "0.0.0.0/0"].map(|n| n.parse::<Network>().unwrap());
        let of = |text: &str| text.parse::<IpAddr>().unwrap();

        assert!(lan.holds(of("10.1.255.3")) && !lan.holds(of("10.2.0.0")));
        assert!(lan.holds(of("::ffff:10.1.0.9")), "an IPv4 address inside IPv6");
        assert!(ula.holds(of("fd12::1")) && !ula.holds(of("fe80::1")));
        assert!(one.holds(of("192.0.2.7")) && !one.holds(of("192.0.2.8")));
        assert!(all.holds(of("203.0.113.1")) && !all.holds(of("::1")));
        for wrong in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/-1", "lan", "10.0.0.0/8/8"] {
            assert!(wrong.parse::<Network>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn nobody_but_a_trusted_proxy_can_speak_for_another_address() {
        let proxies = ["10.0.0.0/8"];

        assert_eq!(seen("203.0.113.5", &["198.51.100.1"], &proxies), "203.0.113.5");
        assert_eq!(seen("203.0.113.5", &["198.51.100.1"], &[]), "203.0.113.5");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &[], &proxies), "10.0.0.1");
    }

    #[test]
    fn what_a_client_wrote_before_the_proxy_is_passed_over() {
        let proxies = ["10.0.0.0/8"];

        // The client sent the first entry itself, hoping to be somebody else.
        assert_eq!(seen("10.0.0.1", &["127.0.0.1, 198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["127.0.0.1", "198.51.100.1"], &proxies), "198.51.100.1");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, 10.0.0.2"], &proxies), "198.51.100.1", "two proxies");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, nonsense"], &proxies), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", &["::ffff:198.51.100.1"], &proxies), "198.51.100.1");
    }

    #[test]
    fn a_household_of_ipv6_counts_as_one() {
        let of = |text: &str| counted_as(text.parse().unwrap());

        assert_eq!(of("2001:db8:1:2:3::4"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("198.51.100.1"), of("198.51.100.2"));
    }
}
