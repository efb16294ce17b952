//! The token cookie of a guest or a session: read, judged, written. It is `HttpOnly`, and only
//! this crate ever sees its value; name and theme are cookies of the app's own.

use http::HeaderMap;
use http::header::COOKIE;

use crate::limits::COOKIE_SECONDS;

/// The token. The prefix makes browsers insist on `Secure`, no `Domain`
/// and the path `/`, so that no neighbour of ours can plant one.
pub const TOKEN_COOKIE: &str = "__Host-tandem";

/// Random bytes in a token.
pub const TOKEN_BYTES: usize = 32;

/// Letters that [`TOKEN_BYTES`] take in base64url.
const TOKEN_LETTERS: usize = 43;

/// The value of a cookie. A name that comes twice is read the first time.
#[must_use]
pub fn read<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// The token, if the cookie holds one that we could have made.
#[must_use]
pub fn read_token(headers: &HeaderMap) -> Option<&str> {
    read(headers, TOKEN_COOKIE).filter(|token| is_token(token))
}

/// Whether a text has the form of our tokens.
#[must_use]
pub fn is_token(text: &str) -> bool {
    text.len() == TOKEN_LETTERS
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A token made of random bytes: base64url without padding.
#[must_use]
pub fn token_from(random: &[u8; TOKEN_BYTES]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut token = String::with_capacity(TOKEN_LETTERS);
    for group in random.chunks(3) {
        let bits = group
            .iter()
            .fold(0_u32, |bits, &byte| (bits << 8) | u32::from(byte));
        // A group of n bytes takes n + 1 letters; the last one is filled with zeros.
        let bits = bits << (8 * (3 - group.len()));
        for letter in 0..=group.len() {
            let index = (bits >> (18 - 6 * letter)) & 0x3f;
            let found = usize::try_from(index)
                .ok()
                .and_then(|index| LETTERS.get(index));
            token.extend(found.copied().map(char::from));
        }
    }
    token
}

/// The `Set-Cookie` value that gives this browser its token.
#[must_use]
pub fn set_token(token: &str) -> String {
    format!(
        "{TOKEN_COOKIE}={token}; Path=/; Max-Age={COOKIE_SECONDS}; HttpOnly; Secure; SameSite=Lax"
    )
}

/// The `Set-Cookie` value that takes its token from this browser.
#[must_use]
pub fn forget_token() -> String {
    format!("{TOKEN_COOKIE}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(cookies: &[&str]) -> HeaderMap {
        cookies
            .iter()
            .map(|cookie| (COOKIE, cookie.parse().unwrap()))
            .collect()
    }

    #[test]
    fn a_token_is_base64url_of_its_bytes() {
        assert_eq!(token_from(&[0; 32]), "A".repeat(43));
        assert_eq!(token_from(&[0xff; 32]), format!("{}8", "_".repeat(42)));
        let counted: Vec<u8> = (0..32).collect();
        let token = token_from(&counted.try_into().unwrap());
        assert_eq!(token, "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        assert!(is_token(&token));
    }

    #[test]
    fn a_token_comes_back_from_its_cookie() {
        let token = token_from(&[7; 32]);
        let set = set_token(&token);
        for flag in [
            "HttpOnly",
            "Secure",
            "SameSite=Lax",
            "Path=/",
            "Max-Age=34560000",
        ] {
            assert!(set.contains(flag), "{set}");
        }
        let pair = set.split(';').next().unwrap();
        let among = headers(&["theme=dark", &format!("a=b;  {pair} ; c=d")]);
        assert_eq!(read_token(&among), Some(token.as_str()));
    }

    #[test]
    fn what_is_no_token_of_ours_is_none() {
        let short = "A".repeat(42);
        let odd = format!("{short}=");
        let long = "A".repeat(44);
        for value in ["", &short, &odd, &long, "../../etc/passwd"] {
            assert_eq!(
                read_token(&headers(&[&format!("{TOKEN_COOKIE}={value}")])),
                None,
                "{value}"
            );
        }
        assert_eq!(read_token(&headers(&["tandem", "", ";;;", "=;="])), None);
        let other = format!("x{TOKEN_COOKIE}={}", "A".repeat(43));
        assert_eq!(read_token(&headers(&[&other])), None);
    }
}
