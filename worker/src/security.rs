//! The headers every response carries.

use http::HeaderMap;
use http::header::{CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};

/// What holds for every response, page or not.
const ALWAYS: [(&str, &str); 8] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("strict-transport-security", "max-age=31536000"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    ),
    ("x-permitted-cross-domain-policies", "none"),
];

/// For what is no page of ours: no script at all, our style sheet, our forms.
const POLICY_WITHOUT_SCRIPTS: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Whose players a page may show in a frame, once somebody asked for one: the hosts
/// that the view makes embeds of.
const PLAYERS: &str = "https://www.youtube-nocookie.com https://player.vimeo.com \
     https://geo.dailymotion.com https://open.spotify.com";

/// The policy of a page: only scripts of this very response run, and what they
/// load. Frames are our own that draw diagrams, and players. Pictures may come from
/// anywhere, for notes show them; the referrer policy keeps the note's address from
/// those who serve them.
#[must_use]
pub fn page_policy(nonce: &str, origin: &str) -> String {
    // Not every browser counts a socket to the page's own host as 'self'.
    let socket = origin.replacen("http", "ws", 1);
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; img-src 'self' https: http: data:; font-src 'self'; \
         connect-src 'self' {socket}; manifest-src 'self'; worker-src 'self'; \
         frame-src 'self' {PLAYERS}; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

/// Adds what is missing; a policy that is there already stays.
pub fn apply(headers: &mut HeaderMap) {
    for (name, value) in ALWAYS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(POLICY_WITHOUT_SCRIPTS));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_without_a_policy_may_run_nothing() {
        let mut headers = HeaderMap::new();
        apply(&mut headers);
        let policy = headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"));
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }

    #[test]
    fn a_page_keeps_its_own_policy() {
        let mut headers = HeaderMap::new();
        let policy = page_policy("abc", "https://tandem.example");
        headers.insert(CONTENT_SECURITY_POLICY, policy.parse().unwrap());
        apply(&mut headers);
        assert_eq!(headers[CONTENT_SECURITY_POLICY].to_str().unwrap(), policy);
    }

    #[test]
    fn a_page_runs_only_scripts_with_its_nonce() {
        let policy = page_policy("abc", "http://127.0.0.1:8787");
        assert!(policy.contains("script-src 'nonce-abc' 'strict-dynamic'"));
        assert!(policy.contains("connect-src 'self' ws://127.0.0.1:8787;"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
        assert!(page_policy("abc", "https://a.example").contains(" wss://a.example;"));
    }

    #[test]
    fn a_page_may_show_the_players_of_the_view_and_no_others() {
        let source = [
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "https://vimeo.com/76979871",
            "https://www.dailymotion.com/video/x7tgad0",
            "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
        ];
        let html = note::view::View::new(&source.join("\n\n")).html();
        let mut wanted: Vec<&str> = html
            .split("data-embed=\"")
            .skip(1)
            .filter_map(|rest| {
                let host = rest.strip_prefix("https://")?.split('/').next()?;
                rest.get(.."https://".len() + host.len())
            })
            .collect();
        let mut allowed: Vec<&str> = PLAYERS.split_whitespace().collect();
        wanted.sort_unstable();
        allowed.sort_unstable();
        assert_eq!(wanted, allowed);
        assert!(
            page_policy("abc", "https://a.example")
                .contains(&format!("frame-src 'self' {PLAYERS};"))
        );
    }
}
