//! A small, strict reader of HTML that knows what a rendered note may hold.

/// Where the players of embeds are.
const PLAYERS: &[&str] = &[
    "https://www.youtube-nocookie.com/embed/",
    "https://player.vimeo.com/video/",
    "https://geo.dailymotion.com/player.html?video=",
    "https://open.spotify.com/embed/",
];

/// Asserts that the HTML is nothing but allowed elements, balanced, with
/// allowed attributes and addresses, and escaped text between them.
pub(super) fn assert_allowed(html: &str, story: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        assert_text(&rest[..at], story);
        let end = at
            + rest[at..]
                .find('>')
                .unwrap_or_else(|| panic!("open tag\n{story}"));
        let tag = &rest[at + 1..end];
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "crossed elements\n{story}"),
            None => {
                let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
                assert_element(name, attributes, story);
                if !matches!(name, "br" | "hr" | "img" | "input") {
                    open.push(name);
                }
                assert!(open.len() <= 140, "too deep\n{story}");
                let links = open.iter().filter(|name| **name == "a").count();
                assert!(links <= 1, "a link in a link\n{story}");
            }
        }
        rest = &rest[end + 1..];
    }
    assert_text(rest, story);
    assert!(open.is_empty(), "left open: {open:?}\n{story}");
}

/// Text holds no quote, no bracket, and `&` only as one of our five entities.
fn assert_text(text: &str, story: &str) {
    assert!(
        !text.contains(['>', '"', '\'']),
        "unescaped {text:?}\n{story}"
    );
    for entity in text.split('&').skip(1) {
        let known = ["amp;", "lt;", "gt;", "quot;", "#39;"];
        assert!(
            known.iter().any(|known| entity.starts_with(known)),
            "{text:?}\n{story}"
        );
    }
}

fn assert_element(name: &str, attributes: &str, story: &str) {
    let allowed: &[&str] = match name {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => &["dir", "id"],
        "p" | "blockquote" | "th" | "td" | "li" => &["dir", "class"],
        "div" => &["class", "id", "data-embed"],
        "pre" | "code" | "span" | "sup" => &["class"],
        "ol" => &["start"],
        "ul" | "table" | "thead" | "tbody" | "tr" | "em" | "strong" | "del" | "br" | "hr" => &[],
        "a" => &["href", "title", "rel", "id"],
        "img" => &[
            "src",
            "alt",
            "title",
            "loading",
            "decoding",
            "referrerpolicy",
        ],
        "input" => &[
            "type",
            "class",
            "data-at",
            "disabled",
            "checked",
            "aria-label",
        ],
        _ => panic!("element {name:?}\n{story}"),
    };
    let mut rest = attributes;
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let attribute = &rest[..end];
        assert!(
            allowed.contains(&attribute),
            "{attribute:?} on {name:?}\n{story}"
        );
        rest = &rest[end..];
        if let Some(value) = rest.strip_prefix("=\"") {
            let end = value
                .find('"')
                .unwrap_or_else(|| panic!("open value\n{story}"));
            assert_value(attribute, &value[..end], story);
            rest = &value[end + 1..];
        } else {
            assert!(
                matches!(attribute, "disabled" | "checked"),
                "{attribute:?}\n{story}"
            );
        }
        rest = rest.strip_prefix(' ').unwrap_or(rest);
    }
}

fn assert_value(attribute: &str, value: &str, story: &str) {
    assert_text(value, story);
    let fits = match attribute {
        "href" => is_safe_address(value, &["http", "https", "mailto"]),
        "src" => is_safe_address(value, &["http", "https"]),
        "id" => value.starts_with("user-content-"),
        "data-embed" => PLAYERS.iter().any(|player| value.starts_with(player)),
        "data-at" => value.parse::<u64>().is_ok(),
        "start" => value.parse::<u64>().is_ok(),
        "class" => value
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b" -+#_.".contains(&byte)),
        "rel" => value == "noopener nofollow ugc",
        _ => true,
    };
    assert!(fits, "{attribute}={value:?}\n{story}");
}

/// Plain URL characters, and no scheme but these, read as a browser reads it:
/// entities and percent signs decoded again, to be strict.
fn is_safe_address(value: &str, schemes: &[&str]) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"<>\"'`\\{}|^ ".contains(&byte);
    let fragment = value.strip_prefix('#');
    let before_path = value.split(['/', '?', '#']).next().unwrap_or_default();
    let scheme = before_path
        .split_once(':')
        .map(|(scheme, _)| scheme.to_ascii_lowercase());
    value.bytes().all(plain)
        && fragment.is_none_or(|place| place.starts_with("user-content-"))
        && scheme.is_none_or(|scheme| schemes.contains(&scheme.as_str()))
}
