//! [ssr] The headings of a view, for a list of contents. Reads the HTML that a
//! note's object made, in which a `<` that stands for itself is written `&lt;`.

/// A heading that can be gone to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// From 1 to 6.
    pub(crate) rank: u8,
    /// Its id, as it stands in the HTML.
    pub(crate) id: String,
    /// Its words, as HTML without elements.
    pub(crate) text: String,
}

/// Most headings of a list: a longer one is no help.
const MOST: usize = 200;

/// The headings of a view that have an id, in order.
pub(crate) fn headings(html: &str) -> Vec<Heading> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find("<h") {
        rest = rest
            .get(at.saturating_add("<h".len())..)
            .unwrap_or_default();
        let Some((heading, after)) = heading(rest) else {
            continue;
        };
        rest = after;
        if !heading.id.is_empty() && !heading.text.trim().is_empty() {
            found.push(heading);
        }
        if found.len() == MOST {
            break;
        }
    }
    found
}

/// The heading whose `<h` was read, and what stands after it.
fn heading(html: &str) -> Option<(Heading, &str)> {
    let rank = html
        .chars()
        .next()?
        .to_digit(10)
        .filter(|rank| (1..=6).contains(rank))?;
    let (opening, inner) = html.split_once('>')?;
    let attributes = opening.get(1..)?;
    if !attributes.is_empty() && !attributes.starts_with(' ') {
        return None;
    }
    let (inner, after) = inner.split_once(&format!("</h{rank}>"))?;
    let id = attributes
        .split_once(" id=\"")
        .and_then(|(_, value)| value.split_once('"'))
        .map_or("", |(id, _)| id);
    let heading = Heading {
        rank: u8::try_from(rank).ok()?,
        id: id.to_owned(),
        text: words(inner),
    };
    Some((heading, after))
}

/// HTML without its elements; what they hold stays.
fn words(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut within = false;
    for c in html.chars() {
        match c {
            '<' => within = true,
            '>' if within => within = false,
            c if !within => text.push(c),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &[(u8, &str, &str)]) {
        let found = headings(html);
        let found: Vec<_> = found
            .iter()
            .map(|heading| (heading.rank, &*heading.id, &*heading.text))
            .collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn headings_are_found_in_their_order_with_their_words() {
        check(
            "<h1 dir=\"auto\" id=\"user-content-a\">A <em>and</em> B</h1>\n<p>x</p>\n\
             <blockquote><h3 id=\"c\">C &lt;1&gt; <code>&amp;</code></h3></blockquote><h2 id=\"d\">D</h2>",
            &[
                (1, "user-content-a", "A and B"),
                (3, "c", "C &lt;1&gt; &amp;"),
                (2, "d", "D"),
            ],
        );
    }

    #[test]
    fn what_is_no_heading_or_cannot_be_gone_to_is_none() {
        for html in [
            "",
            "<hr>",
            "<h1>A</h1>",
            "<h1 id=\"\">A</h1>",
            "<h1 id=\"a\"></h1>",
            "<h7 id=\"a\">A</h7>",
            "<header id=\"a\">A</header>",
            "<h1 id=\"a\">A",
            "<h1x id=\"a\">A</h1>",
            "&lt;h1 id=\"a\">A",
        ] {
            check(html, &[]);
        }
        let many = "<h2 id=\"a\">A</h2>".repeat(MOST + 5);
        assert_eq!(headings(&many).len(), MOST);
    }
}
