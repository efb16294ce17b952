//! The titles that a note links to with `[[Title]]`.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};

use super::section::{options, parseable};
use super::{MAX_MARKS, marks};

/// Most links that are known of a note; what comes after is not.
pub const MAX_WIKI_LINKS: usize = 500;
/// Longest title that is linked to, in characters, as notes have them.
const MAX_TITLE_CHARS: usize = 200;

/// The titles that a note links to, each once, in the order they stand there.
#[must_use]
pub fn wiki_links(source: &str) -> Vec<String> {
    let mut titles = Vec::new();
    // What is too much to render is too much for this.
    if !source.contains("[[") || marks(source) > MAX_MARKS {
        return titles;
    }
    let text = parseable(source);
    let options = options() | Options::ENABLE_WIKILINKS;
    for event in Parser::new_ext(&text, options) {
        if let Event::Start(Tag::Link {
            link_type: LinkType::WikiLink { .. },
            dest_url,
            ..
        }) = event
        {
            let title = dest_url.trim();
            let fits = title.chars().count() <= MAX_TITLE_CHARS;
            if fits && !title.is_empty() && !titles.iter().any(|known| known == title) {
                titles.push(title.to_owned());
            }
            if titles.len() >= MAX_WIKI_LINKS {
                break;
            }
        }
    }
    titles
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_where_they_are_links() {
        let source = "See [[Garden plan]], [[Tools|what we need]] and [[ Tools ]].\n\n\
                      `[[Code]]`, \\[[Not]]\n\n```\n[[Fenced]]\n```\n\n- [[Ärger 😀]]\n\n\
                      > [[Quoted]]\n\n| a |\n|---|\n| [[Cell]] |\n\n[[]] [[Garden plan]]";
        let expected = ["Garden plan", "Tools", "Ärger 😀", "Quoted", "Cell"];
        assert_eq!(wiki_links(source), expected);
        assert_eq!(wiki_links("no links"), [""; 0]);
    }

    #[test]
    fn what_a_stranger_may_ask_for_is_bounded() {
        let many: String = (0..2_000).map(|n| format!("[[t{n}]] ")).collect();
        assert_eq!(wiki_links(&many).len(), MAX_WIKI_LINKS);
        let long = format!("[[{}]] [[short]]", "é".repeat(MAX_TITLE_CHARS + 1));
        assert_eq!(wiki_links(&long), ["short"]);
        assert_eq!(wiki_links(&"[[".repeat(MAX_MARKS)), [""; 0]);
    }
}
