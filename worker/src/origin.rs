//! Where a request says it comes from, and what that is worth. Asked for upgrades
//! and unsafe methods alike; this is what stands between a foreign page and the
//! cookies of its visitor.

/// What the `Origin` header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Our own page: cookies count.
    Ours,
    /// No header, so no browser: allowed, but cookies are ignored.
    Absent,
    /// Another page, or one that hides where it is from: refused.
    Foreign,
}

/// Compares an `Origin` header with our own origin: scheme, host and port must
/// be equal to the letter. Browsers write an origin in one way only, so nothing
/// is parsed here that could be parsed in two ways.
#[must_use]
pub fn compare(header: Option<&str>, ours: &str) -> Origin {
    match header {
        None => Origin::Absent,
        Some(origin) if origin == ours => Origin::Ours,
        Some(_) => Origin::Foreign,
    }
}

/// Our own origin as browsers write it: what the configuration says, however it is
/// written there, else where the request was sent to.
#[must_use]
pub fn ours(configured: Option<&str>, request: &http::Uri) -> String {
    match configured.map(str::trim).filter(|text| !text.is_empty()) {
        None => of_address(request),
        // What is no address is nobody's origin, and so all that is sent from a page is
        // refused: better than to go by a host that was not meant.
        Some(words) => words.parse().map_or_else(
            |_no_address| words.to_owned(),
            |address| of_address(&address),
        ),
    }
}

/// Scheme, host and port of an address; a bare host is reached by https.
fn of_address(address: &http::Uri) -> String {
    let scheme = address.scheme_str().unwrap_or("https");
    let host = address.host().unwrap_or_default().to_ascii_lowercase();
    match (scheme, address.port_u16()) {
        (_, None) | ("http", Some(80)) | ("https", Some(443)) => format!("{scheme}://{host}"),
        (_, Some(port)) => format!("{scheme}://{host}:{port}"),
    }
}

/// Whether a host is this machine: what `npm start` serves.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_same_origin_is_ours() {
        let ours = "https://tandem.example";
        assert_eq!(compare(Some(ours), ours), Origin::Ours);
        assert_eq!(compare(None, ours), Origin::Absent);
        for foreign in [
            "null",
            "",
            "http://tandem.example",
            "https://tandem.example:8443",
            "https://tandem.example.evil.example",
            "https://evil.example",
            "https://sub.tandem.example",
            "https://tandem.example/",
            "HTTPS://tandem.example",
            "https://Tandem.example",
            "https://user@tandem.example",
            "ws://tandem.example",
            "https://tandem.example, https://tandem.example",
        ] {
            assert_eq!(compare(Some(foreign), ours), Origin::Foreign, "{foreign}");
        }
    }

    #[test]
    fn our_origin_is_the_configured_one_or_the_request_s() {
        let uri: http::Uri = "http://127.0.0.1:8787/note/x?y".parse().unwrap();
        assert_eq!(ours(None, &uri), "http://127.0.0.1:8787");
        assert_eq!(ours(Some(" "), &uri), "http://127.0.0.1:8787");
    }

    #[test]
    fn a_configured_origin_is_taken_however_it_is_written() {
        let uri: http::Uri = "http://127.0.0.1:8787/".parse().unwrap();
        for (configured, expected) in [
            ("https://Tandem.example/", "https://tandem.example"),
            (" https://tandem.example:443/ ", "https://tandem.example"),
            ("HTTPS://TANDEM.EXAMPLE:443", "https://tandem.example"),
            ("http://tandem.example:80", "http://tandem.example"),
            ("http://tandem.example:443", "http://tandem.example:443"),
            (
                "https://tandem.example:8443/",
                "https://tandem.example:8443",
            ),
            (
                "https://tandem.example/notes/?a=b",
                "https://tandem.example",
            ),
            ("https://tandem.example//", "https://tandem.example"),
            ("https://ada@tandem.example", "https://tandem.example"),
            ("https://[2001:DB8::1]:443/", "https://[2001:db8::1]"),
            ("Tandem.example", "https://tandem.example"),
        ] {
            assert_eq!(ours(Some(configured), &uri), expected, "{configured}");
        }
    }

    #[test]
    fn what_is_no_address_is_nobodys_origin() {
        let uri: http::Uri = "http://127.0.0.1:8787/".parse().unwrap();
        for configured in ["https:// tandem.example", "https://", "not an address"] {
            let ours = ours(Some(configured), &uri);
            assert_eq!(
                compare(Some("http://127.0.0.1:8787"), &ours),
                Origin::Foreign
            );
        }
    }

    #[test]
    fn a_default_port_is_left_out_as_browsers_do() {
        for (address, expected) in [
            ("https://Tandem.example:443/", "https://tandem.example"),
            ("http://tandem.example:80/", "http://tandem.example"),
            ("http://tandem.example:443/", "http://tandem.example:443"),
            ("http://[::1]:8787/", "http://[::1]:8787"),
        ] {
            assert_eq!(ours(None, &address.parse().unwrap()), expected);
        }
    }

    #[test]
    fn loopback_is_this_machine_and_nothing_that_looks_like_it() {
        assert!(
            ["localhost", "127.0.0.1", "[::1]"]
                .into_iter()
                .all(is_loopback)
        );
        assert!(
            !["localhost.evil.example", "127.0.0.1.nip.io", ""]
                .into_iter()
                .any(is_loopback)
        );
    }
}
