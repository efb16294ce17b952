//! Embeds: a paragraph that is nothing but the address of a film or a sound at one
//! of a few hosts. What is written is a link and the address of the host's player;
//! nothing is loaded until somebody asks for it.

use super::{Writer, escape};

/// The longest address that is looked at.
const MAX_BYTES: usize = 300;

/// An address by its parts.
struct Address<'a> {
    host: &'a str,
    path: Vec<&'a str>,
    query: &'a str,
}

impl Writer<'_> {
    /// Writes an embed if that is what a paragraph is; says whether it was.
    pub(super) fn embed(&mut self, paragraph: &str) -> bool {
        let address = paragraph.trim();
        let Some(player) = player(address) else {
            return false;
        };
        self.alone("<div class=\"embed\" data-embed=\"");
        escape(&mut self.out, &player);
        self.out.push_str("\"><a href=\"");
        super::super::address::write(&mut self.out, address);
        self.out.push_str("\" rel=\"noopener nofollow ugc\">");
        escape(&mut self.out, address);
        self.out.push_str("</a></div>");
        true
    }
}

/// Where the player of what an address shows is: made here from an id of plain
/// characters, never taken from the note.
fn player(address: &str) -> Option<String> {
    let Address { host, path, query } = read(address)?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    match (host, path.as_slice()) {
        ("youtube.com" | "m.youtube.com", ["watch"]) => youtube(parameter(query, "v")?),
        ("youtube.com" | "m.youtube.com", ["shorts" | "live" | "embed", id]) => youtube(id),
        ("youtu.be", [id]) => youtube(id),
        ("vimeo.com", [id]) if is_number(id) => {
            Some(format!("https://player.vimeo.com/video/{id}?dnt=1"))
        }
        ("dailymotion.com", ["video", id]) | ("dai.ly", [id]) if is_plain(id) => Some(format!(
            "https://geo.dailymotion.com/player.html?video={id}"
        )),
        (
            "open.spotify.com",
            [
                kind @ ("track" | "album" | "playlist" | "episode" | "show"),
                id,
            ],
        ) if is_plain(id) => Some(format!("https://open.spotify.com/embed/{kind}/{id}")),
        _ => None,
    }
}

fn youtube(id: &str) -> Option<String> {
    is_plain(id).then(|| format!("https://www.youtube-nocookie.com/embed/{id}"))
}

/// Reads a bare `https` address without a port or a name in it.
fn read(address: &str) -> Option<Address<'_>> {
    let rest = address.strip_prefix("https://")?;
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"<>\"'`\\{}|^".contains(&byte);
    if address.len() > MAX_BYTES || !rest.bytes().all(plain) {
        return None;
    }
    let rest = rest.split('#').next().unwrap_or_default();
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, path) = place.split_once('/')?;
    let path = path.trim_end_matches('/').split('/').collect();
    Some(Address { host, path, query })
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    let mut parameters = query.split('&').filter_map(|pair| pair.split_once('='));
    parameters.find(|(key, _)| *key == name).map(|pair| pair.1)
}

fn is_plain(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    (1..=64).contains(&id.len()) && id.bytes().all(plain)
}

fn is_number(id: &str) -> bool {
    (1..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_known_host_has_a_player() {
        let youtube = Some("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ");
        for (address, expected) in [
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", youtube),
            ("https://youtube.com/watch?t=3&v=dQw4w9WgXcQ#a", youtube),
            ("https://youtu.be/dQw4w9WgXcQ?si=x", youtube),
            ("https://m.youtube.com/shorts/dQw4w9WgXcQ", youtube),
            (
                "https://vimeo.com/76979871",
                Some("https://player.vimeo.com/video/76979871?dnt=1"),
            ),
            (
                "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC",
                Some("https://open.spotify.com/embed/track/4uLU6hMCjMI75M1A2tKUQC"),
            ),
            ("http://youtu.be/dQw4w9WgXcQ", None),
            ("https://youtu.be.evil.example/dQw4w9WgXcQ", None),
            ("https://ada@youtu.be/dQw4w9WgXcQ", None),
            ("https://youtu.be:1/dQw4w9WgXcQ", None),
            ("https://youtu.be/a\"b", None),
            ("https://youtu.be/a%22b", None),
            ("https://www.youtube.com/watch?v=", None),
            ("https://vimeo.com/about", None),
            ("https://example.org/", None),
        ] {
            assert_eq!(player(address).as_deref(), expected, "{address:?}");
        }
    }
}
