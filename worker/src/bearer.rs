//! Tokens of callers that are no browser: in a header of a request, or as a
//! subprotocol of a socket, for a socket's headers are not the caller's to choose.
//! Never in an address, where they would end up in logs.

use http::HeaderMap;
use http::header::{AUTHORIZATION, SEC_WEBSOCKET_PROTOCOL};

/// How the subprotocol begins that carries a token.
pub const PROTOCOL_PREFIX: &str = "tandem.bearer.";

/// How an access token begins, a program's way to be the person of an account. By its
/// form it is told from all other tokens: no cookie holds one, and nothing else that
/// is shown as a bearer makes somebody an account.
pub const ACCESS_TOKEN_PREFIX: &str = "tandem_";

/// The token of an `Authorization: Bearer` header.
#[must_use]
pub fn from_header(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

/// The subprotocol that carries a token; it has to be echoed, or browsers give
/// the socket up.
#[must_use]
pub fn protocol(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(','))
        .map(str::trim)
        .find(|protocol| {
            protocol.len() > PROTOCOL_PREFIX.len() && protocol.starts_with(PROTOCOL_PREFIX)
        })
}

/// The token that came along either way.
#[must_use]
pub fn read(headers: &HeaderMap) -> Option<&str> {
    from_header(headers)
        .or_else(|| protocol(headers).and_then(|protocol| protocol.strip_prefix(PROTOCOL_PREFIX)))
}

/// The access token that came along either way, known or not.
#[must_use]
pub fn access_token(headers: &HeaderMap) -> Option<&str> {
    read(headers).filter(|token| token.starts_with(ACCESS_TOKEN_PREFIX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: http::HeaderName, value: &str) -> HeaderMap {
        [(name, value.parse().unwrap())].into_iter().collect()
    }

    #[test]
    fn a_token_comes_in_a_header() {
        assert_eq!(read(&headers(AUTHORIZATION, "Bearer abc")), Some("abc"));
        assert_eq!(read(&headers(AUTHORIZATION, "bearer  abc ")), Some("abc"));
        for none in ["Basic abc", "Bearer", "Bearer ", "abc", "Bearerabc"] {
            assert_eq!(read(&headers(AUTHORIZATION, none)), None, "{none}");
        }
    }

    #[test]
    fn an_access_token_has_a_form_of_its_own() {
        let token = format!("{ACCESS_TOKEN_PREFIX}{}", "A".repeat(43));
        let shown = format!("Bearer {token}");
        assert_eq!(access_token(&headers(AUTHORIZATION, &shown)), Some(&*token));
        let socket = format!("tandem.bearer.{token}");
        let socket = headers(SEC_WEBSOCKET_PROTOCOL, &socket);
        assert_eq!(access_token(&socket), Some(&*token));
        let other = format!("Bearer {}", "A".repeat(43));
        assert_eq!(access_token(&headers(AUTHORIZATION, &other)), None);
        // What a cookie holds is another kind.
        assert!(!crate::cookies::is_token(&token));
    }

    #[test]
    fn a_token_comes_as_a_subprotocol() {
        let socket = headers(SEC_WEBSOCKET_PROTOCOL, "chat, tandem.bearer.abc");
        assert_eq!(read(&socket), Some("abc"));
        assert_eq!(protocol(&socket), Some("tandem.bearer.abc"));
        for none in ["tandem.bearer.", "chat", ""] {
            assert_eq!(read(&headers(SEC_WEBSOCKET_PROTOCOL, none)), None, "{none}");
        }
    }
}
