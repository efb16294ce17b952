//! [ssr] The two cookies that server functions write: what somebody calls
//! themselves, and the theme. The Worker reads them with the same words. The
//! guest's token is another cookie, and the Worker's alone.

use realtime::clean_name;

use crate::theme::Theme;

/// Name and colour as chosen.
pub const PERSON_COOKIE: &str = "__Host-tandem-me";

/// The theme as chosen.
pub const THEME_COOKIE: &str = "__Host-tandem-theme";

/// How long a browser keeps them: 400 days, the most that browsers grant.
const KEPT_SECONDS: u32 = 400 * 24 * 60 * 60;

/// The `Set-Cookie` value for a name and a colour.
#[must_use]
pub fn person_cookie(name: &str, colour: u8) -> String {
    let name = encode(&clean_name(name));
    cookie(PERSON_COOKIE, &format!("{colour}.{name}"))
}

/// Reads name and colour back from the value of [`PERSON_COOKIE`].
#[must_use]
pub fn read_person(value: &str) -> Option<(String, u8)> {
    let (colour, name) = value.split_once('.')?;
    let colour = colour.parse().ok()?;
    Some((clean_name(&decode(name)?), colour))
}

/// The `Set-Cookie` value for a theme.
#[must_use]
pub fn theme_cookie(theme: Theme) -> String {
    cookie(THEME_COOKIE, theme.as_str())
}

fn cookie(name: &str, value: &str) -> String {
    format!("{name}={value}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={KEPT_SECONDS}")
}

/// Percent-encodes everything but letters and digits, so that no name can end a
/// cookie early.
fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_survives_its_cookie() {
        for name in ["Ada", "Ben; Path=/", "Ada Lovelace", "Åsa 🎈", "50%"] {
            let set = person_cookie(name, 3);
            let value = set.split(';').next().and_then(|pair| pair.split_once('='));
            let read = value.and_then(|(_, value)| read_person(value));
            assert_eq!(read, Some((clean_name(name), 3)), "{set}");
        }
    }

    #[test]
    fn a_broken_cookie_is_none() {
        for value in ["", "3", "x.Ada", "3.%", "3.%zz", "3.%FF", "999.Ada"] {
            assert_eq!(read_person(value), None, "{value}");
        }
    }
}
