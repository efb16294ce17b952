//! Where somebody goes on to once they are signed in: a place of ours, or home.

use crate::form;

/// Longest such path, bytes.
const MOST_BYTES: usize = 512;

/// The path in the value of a query; `/` for anything that could be elsewhere.
#[must_use]
pub fn read(value: Option<&str>) -> String {
    value
        .and_then(form::decode)
        .filter(|path| is_ours(path))
        .unwrap_or_else(|| "/".to_owned())
}

/// Browsers take a backslash for a slash, drop line ends, and read two slashes as
/// another host.
fn is_ours(path: &str) -> bool {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain
        && path.len() <= MOST_BYTES
        && path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_a_way_back() {
        for (value, path) in [
            ("%2Fnote%2Fx%3Fa%3Db%23c", "/note/x?a=b#c"),
            ("/settings", "/settings"),
            ("/", "/"),
        ] {
            assert_eq!(read(Some(value)), path);
        }
        let long = format!("/{}", "a".repeat(MOST_BYTES));
        for elsewhere in [
            "",
            "settings",
            "//evil.example",
            "%2F%2Fevil.example",
            "/%5Cevil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "%0A/x",
            "/%0Ax",
            "/a%20b",
            "%ff",
            &long,
        ] {
            assert_eq!(read(Some(elsewhere)), "/", "{elsewhere}");
        }
        assert_eq!(read(None), "/");
    }
}
