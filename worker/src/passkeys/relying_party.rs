//! For whom passkeys are made: the host of our own origin.

use std::net::{Ipv4Addr, Ipv6Addr};

/// This instance, as an authenticator knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelyingParty<'a> {
    /// Our origin, as browsers write it.
    pub origin: &'a str,
    /// Its host.
    pub id: &'a str,
}

impl<'a> RelyingParty<'a> {
    /// The relying party of an origin; `None` where browsers make no passkeys: at
    /// an address without a name.
    #[must_use]
    pub fn of(origin: &'a str) -> Option<Self> {
        let (_scheme, place) = origin.split_once("://")?;
        if place.starts_with('[') {
            return None;
        }
        let id = place.split_once(':').map_or(place, |(host, _port)| host);
        let is_address = id.parse::<Ipv4Addr>().is_ok() || id.parse::<Ipv6Addr>().is_ok();
        (!id.is_empty() && !is_address).then_some(Self { origin, id })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_of_our_origin_is_the_relying_party() {
        let id = |origin| RelyingParty::of(origin).map(|ours| ours.id);
        assert_eq!(id("https://tandem.example"), Some("tandem.example"));
        assert_eq!(id("http://localhost:8787"), Some("localhost"));
        for none in [
            "http://127.0.0.1:8787",
            "http://[::1]:8787",
            "https://192.0.2.7",
            "https://",
            "",
        ] {
            assert_eq!(id(none), None, "{none}");
        }
    }
}
