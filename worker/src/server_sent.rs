//! Frames of a socket as server-sent events (WHATWG HTML §9.2): `text`, `binary` in
//! base64url, and `close` with code and reason.

use crate::crypto::base64url;

/// A text frame. JSON and `pong` have no line ends; what had would be cut there.
#[must_use]
pub fn text(frame: &str) -> Vec<u8> {
    event("text", frame.lines().next().unwrap_or_default())
}

/// A binary frame.
#[must_use]
pub fn binary(frame: &[u8]) -> Vec<u8> {
    event("binary", &base64url::encode(frame))
}

/// The close frame, after which nothing comes.
#[must_use]
pub fn close(code: u16, reason: &str) -> Vec<u8> {
    event(
        "close",
        &format!("{code} {}", reason.replace(['\n', '\r'], " ")),
    )
}

/// A comment of so many bytes, which says nothing.
#[must_use]
pub fn comment(bytes: usize) -> Vec<u8> {
    let mut comment = vec![b':'; bytes];
    comment.extend(b"\n\n");
    comment
}

fn event(name: &str, data: &str) -> Vec<u8> {
    ["event: ", name, "\ndata: ", data, "\n\n"]
        .concat()
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_events() {
        assert_eq!(
            text("{\"type\":\"saved\"}"),
            b"event: text\ndata: {\"type\":\"saved\"}\n\n"
        );
        assert_eq!(binary(&[0, 1, 255]), b"event: binary\ndata: AAH_\n\n");
        assert_eq!(
            close(4403, "You\nmay not"),
            b"event: close\ndata: 4403 You may not\n\n"
        );
        assert_eq!(comment(3), b":::\n\n");
    }
}
