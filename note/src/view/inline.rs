//! Messages: inline Markdown alone, through the same writer as a note. What would
//! be a block in a note (a heading, a list, a table, raw HTML) is shown as the
//! text it is, and every line stays a line.

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::extended::Piece;
use super::html::{Around, Writer, escape};
use crate::line_ends::normalise_line_ends;

/// What may stand before each line so that it begins no block: punctuation
/// without a meaning in Markdown, taken out again afterwards. One the message
/// does not hold itself is used.
const LINE_MARKS: std::ops::RangeInclusive<char> = '\u{2e3a}'..='\u{2e41}';

/// How bare addresses begin.
const SCHEMES: [&str; 2] = ["https://", "http://"];

/// The HTML of a message, longer than its source by a bounded factor: safe to
/// show, and without a block around it.
#[must_use]
pub fn inline_html(source: &str) -> String {
    let source = normalise_line_ends(source);
    let source = source.trim_matches('\n');
    let Some(mark) = LINE_MARKS.into_iter().find(|mark| !source.contains(*mark)) else {
        return plain(source);
    };
    let marked = marked(source, mark);
    let mut writer = Writer::new(usize::MAX, Around::default(), &|_| None);
    let parser = Parser::new_ext(&marked, Options::ENABLE_STRIKETHROUGH);
    let mut links = 0_usize;
    for event in TextMergeStream::new(parser) {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => links += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => links = links.saturating_sub(1),
            _ => {}
        }
        for event in inline(event, mark, links > 0) {
            if writer.piece(Piece::Event(event), 0, "").is_err() {
                return plain(source);
            }
        }
    }
    writer.finish().0
}

/// The source with a mark before each line. White space at the start of a line
/// goes: Markdown has no use for it, and a browser shows none.
fn marked(source: &str, mark: char) -> String {
    let mut marked = String::with_capacity(source.len().saturating_add(64));
    for line in source.split('\n') {
        if !marked.is_empty() {
            marked.push('\n');
        }
        marked.push(mark);
        marked.push_str(line.trim_start());
    }
    marked
}

/// What an event of the marked source is in a message.
fn inline(event: Event<'_>, mark: char, in_link: bool) -> Vec<Event<'_>> {
    match event {
        Event::Text(text) => {
            let text = without(&text, mark);
            if in_link {
                vec![Event::Text(text)]
            } else {
                with_addresses(&text)
            }
        }
        Event::Code(text) => vec![Event::Code(without(&text, mark))],
        Event::InlineHtml(text) | Event::Html(text) => vec![Event::Text(without(&text, mark))],
        Event::SoftBreak | Event::HardBreak => vec![Event::HardBreak],
        Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => Vec::new(),
        // An image would tell its host who reads along; its address can be followed.
        Event::Start(
            Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            }
            | Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            },
        ) => vec![Event::Start(Tag::Link {
            link_type,
            dest_url: without(&dest_url, mark),
            title: without(&title, mark),
            id,
        })],
        Event::End(TagEnd::Image) => vec![Event::End(TagEnd::Link)],
        other => vec![other],
    }
}

fn without<'a>(text: &str, mark: char) -> CowStr<'a> {
    CowStr::from(text.replace(mark, ""))
}

/// A text with the bare addresses in it made links.
fn with_addresses<'a>(text: &str) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    let mut rest = text;
    while let Some((before, address, after)) = next_address(rest) {
        events.push(Event::Text(CowStr::from(before.to_owned())));
        events.push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: CowStr::from(address.to_owned()),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }));
        events.push(Event::Text(CowStr::from(address.to_owned())));
        events.push(Event::End(TagEnd::Link));
        rest = after;
    }
    events.push(Event::Text(CowStr::from(rest.to_owned())));
    events
}

/// The first bare address: from its scheme to white space, less the punctuation
/// that ends the sentence around it.
fn next_address(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let rest = text.get(from..)?;
        let found = SCHEMES
            .iter()
            .filter_map(|scheme| Some((rest.find(scheme)?, scheme.len())));
        let (at, scheme) = found.min()?;
        let start = from.saturating_add(at);
        let (before, address) = text.split_at_checked(start)?;
        let end = address
            .find(|c: char| {
                c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`')
            })
            .unwrap_or(address.len());
        let address = address.get(..end)?;
        let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
        let address = without_closing(address);
        let in_a_word = before
            .chars()
            .next_back()
            .is_some_and(char::is_alphanumeric);
        if !in_a_word && address.len() > scheme {
            let after = text.get(start.saturating_add(address.len())..)?;
            return Some((before, address, after));
        }
        from = start.saturating_add(scheme);
    }
}

/// An address less a closing parenthesis that was opened before it.
fn without_closing(address: &str) -> &str {
    let count = |wanted: char| address.chars().filter(|c| *c == wanted).count();
    match address.strip_suffix(')') {
        Some(shorter) if count(')') > count('(') => shorter,
        _ => address,
    }
}

/// The source as text, for what has no other reading.
fn plain(source: &str) -> String {
    let mut out = String::new();
    for (n, line) in source.split('\n').enumerate() {
        if n > 0 {
            out.push_str("<br>\n");
        }
        escape(&mut out, Cow::Borrowed(line).as_ref());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, html: &str) {
        assert_eq!(inline_html(source), html, "{source:?}");
    }

    #[test]
    fn inline_markdown_is_rendered() {
        check(
            "*a* _b_ **c** ~~d~~ `e`",
            "<em>a</em> <em>b</em> <strong>c</strong> <del>d</del> <code>e</code>",
        );
        check(r"\*a\* &amp; 1 < 2", "*a* &amp; 1 &lt; 2");
        check(
            "[a](https://example.org)",
            "<a href=\"https://example.org\" rel=\"noopener nofollow ugc\">a</a>",
        );
        check("@Ada @Ben's L12", "@Ada @Ben&#39;s L12");
    }

    #[test]
    fn every_line_stays_a_line() {
        check("a\nb\n\nc  \nd\\\ne", "a<br>\nb<br>\n<br>\nc<br>\nd<br>\ne");
        check("*a\nb*", "<em>a<br>\nb</em>");
        check("\na\r\nb\r", "a<br>\nb");
    }

    #[test]
    fn blocks_are_the_text_they_are() {
        for source in [
            "# a",
            "a\n===",
            "- a",
            "* a",
            "1. a",
            "---",
            "***",
            "```",
            "~~~",
            "| a |\n|---|",
            "[a]: /u",
            "[^1]: b",
            "[ ] a",
            "$a$",
            "===",
        ] {
            check(source, &plain(source));
        }
        check("> a", "&gt; a");
        check("    a", "a");
        check(
            "<b>x</b>\n<script>\n</script>",
            "&lt;b&gt;x&lt;/b&gt;<br>\n&lt;script&gt;<br>\n&lt;/script&gt;",
        );
    }

    #[test]
    fn bare_addresses_are_links() {
        let link = |to: &str| format!("<a href=\"{to}\" rel=\"noopener nofollow ugc\">{to}</a>");
        check(
            "see https://a.example/b_c_d.",
            &format!("see {}.", link("https://a.example/b_c_d")),
        );
        check(
            "(http://a.example/x_(y))",
            &format!("({})", link("http://a.example/x_(y)")),
        );
        check("<https://a.example>", &link("https://a.example"));
        check(
            "`https://a.example` https:// xhttp://a",
            "<code>https://a.example</code> https:// xhttp://a",
        );
        check(
            "[https://a.example](/u)",
            "<a href=\"/u\">https://a.example</a>",
        );
    }

    #[test]
    fn nothing_is_loaded_and_nothing_runs() {
        check(
            "![a](https://a.example/i.png)",
            "<a href=\"https://a.example/i.png\" rel=\"noopener nofollow ugc\">a</a>",
        );
        check("[a](javascript:alert(1))", "a");
        check("![a](data:text/html,x)", "a");
    }

    #[test]
    fn a_message_of_all_marks_is_plain() {
        let source: String = LINE_MARKS.chain(['*', 'a', '*', '\n', '<']).collect();
        check(&source, &plain(&source));
    }
}
