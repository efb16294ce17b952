//! Which addresses a note may link to or load, and how they are written.

/// What an address that may be followed is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Another host: gets `rel`.
    External,
    /// Mail, or a place on this host.
    Local,
    /// A place in this note: gets the id prefix.
    Fragment,
}

/// Every id in a rendered note begins so, lest a note take the page's ids.
pub(super) const ID_PREFIX: &str = "user-content-";

/// Says what a link address is, or `None` if it must not be followed.
///
/// Judged the way a browser reads it: control characters and white space do
/// not count, nor does case. Entities were decoded by the parser.
pub(super) fn link_kind(address: &str) -> Option<Kind> {
    match scheme(address).as_deref() {
        Some("http" | "https") => Some(Kind::External),
        Some("mailto") => Some(Kind::Local),
        Some(_) => None,
        None => Some(relative_kind(address)),
    }
}

/// Whether an image may be loaded from this address.
pub(super) fn may_load(address: &str) -> bool {
    match scheme(address).as_deref() {
        Some(scheme) => matches!(scheme, "http" | "https"),
        None => relative_kind(address) != Kind::Fragment && !address.trim().is_empty(),
    }
}

/// Writes an address as an attribute's value: everything that is not plain
/// URL text is percent-encoded.
pub(super) fn write(out: &mut String, address: &str) {
    for byte in address.bytes() {
        match byte {
            b'&' => out.push_str("&amp;"),
            b'\'' => out.push_str("&#39;"),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => out.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'~' | b':' | b'/' | b'?' | b'#' | b'[' | b']' | b'@' | b'!'
            | b'$' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b'%' => {
                out.push(char::from(byte));
            }
            _ => write_encoded(out, byte),
        }
    }
}

/// Writes text as the value of a query, in which it means nothing.
pub(super) fn write_value(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => write_encoded(out, byte),
        }
    }
}

fn write_encoded(out: &mut String, byte: u8) {
    out.push('%');
    for digit in [byte >> 4, byte & 15] {
        let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
        out.push(digit.to_ascii_uppercase());
    }
}

/// Characters that no browser and no reader sees in an address.
fn is_ignored(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}')
}

/// The scheme in lower case: what stands before a colon that no slash,
/// question mark or number sign precedes.
fn scheme(address: &str) -> Option<String> {
    let mut scheme = String::new();
    for c in address.chars().filter(|c| !is_ignored(*c)) {
        match c {
            ':' => return Some(scheme),
            '/' | '?' | '#' => return None,
            _ => scheme.extend(c.to_lowercase()),
        }
    }
    None
}

fn relative_kind(address: &str) -> Kind {
    let mut seen = address.chars().filter(|c| !is_ignored(*c));
    match (seen.next(), seen.next()) {
        (Some('#'), _) => Kind::Fragment,
        (Some('/' | '\\'), Some('/' | '\\')) => Kind::External,
        _ => Kind::Local,
    }
}
