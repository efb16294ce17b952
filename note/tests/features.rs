//! The note that uses every feature: each shows as what it is, and all of it is
//! allowed. Its HTML is left in the target folder, to be looked at.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use note::view::View;

#[path = "support/allowed.rs"]
mod allowed;

const NOTE: &str = include_str!("cases/features.md");

/// What each feature becomes.
const SHOWN: &[&str] = &[
    "<h1 id=\"user-content-everything-a-note-can-say\"",
    "<nav class=\"toc\" aria-label=\"Contents\"><ul><li class=\"toc-1\"",
    "<em>Emphasis</em>",
    "<strong>strong</strong>",
    "<em><strong>both</strong></em>",
    "<del>deleted</del>",
    "<code>code</code>",
    "<mark>marked <strong>words</strong></mark>",
    "<sub>low</sub> and <sup>high</sup>.",
    "A line that ends here,<br>",
    "Escaped *stars*, entities © &amp; &lt;",
    "Press <kbd>Ctrl</kbd>+<kbd>S</kbd>. E = mc<sup>2</sup>",
    "Raw &lt;b onclick=&quot;alert(1)&quot;&gt;HTML&lt;/b&gt;",
    "Emoji: 🎉 👍 👨‍👩‍👧‍👦 👩‍🚀, and in code <code>:tada:</code>",
    "<a href=\"https://example.org\" title=\"with a title\" rel=\"noopener nofollow ugc\">A link</a>",
    "<a href=\"https://example.org/home\" rel=\"noopener nofollow ugc\">by reference</a>",
    ">https://example.org/auto</a>",
    "<a href=\"https://example.org/bare_(one)?q=1\"",
    "<a href=\"http://www.example.org\"",
    "<a href=\"mailto:ada@example.org\">",
    "<a href=\"#user-content-tables\">a place</a>",
    "<a class=\"wiki\" href=\"/go?title=Plans%20for%20spring\">in other words</a>",
    "<img src=\"/favicon.svg\" alt=\"A landscape\" title=\"A picture\" loading=\"lazy\"",
    "<ol><li dir=\"auto\">first</li>",
    "<ol start=\"7\">",
    "<li class=\"task\" dir=\"auto\"><input type=\"checkbox\" class=\"task-box\" data-at=",
    "<dl><dt dir=\"auto\">Term</dt><dd dir=\"auto\"><p dir=\"auto\">What it means, with <code>code</code></p></dd>",
    "<blockquote dir=\"auto\"><p dir=\"auto\">A quotation</p><blockquote dir=\"auto\">",
    "<div class=\"alert alert-note\">",
    "<div class=\"alert alert-tip\">",
    "<div class=\"alert alert-important\">",
    "<div class=\"alert alert-warning\">",
    "<div class=\"alert alert-caution\">",
    "<pre><code class=\"language-rust\">",
    "<pre><code class=\"language-mermaid\">",
    "<pre><code>indented code",
    "<th class=\"align-left\" dir=\"auto\">Left</th>",
    "<td dir=\"auto\">🎉</td>",
    "<math display=\"inline\">",
    "<math display=\"block\">",
    "<mtable",
    "<code class=\"formula\">$\\nothing{x}$</code>",
    "<details><summary dir=\"auto\">More about <kbd>this</kbd></summary>",
    "<details open>",
    "<div class=\"embed\" data-embed=\"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ\">",
    "<sup class=\"footnote-ref\"><a href=\"#user-content-fn-why\"",
    "<div class=\"footnote\" id=\"user-content-fn-why\"><span class=\"footnote-number\">2</span>",
    "עם <strong>הדגשה</strong>",
    "<hr>",
    "<h3 id=\"user-content-words-1\"",
];

#[test]
fn every_feature_shows_as_what_it_is() {
    let html = View::new(NOTE).html();
    allowed::assert_allowed(&html, "the features");
    for shown in SHOWN {
        assert!(html.contains(shown), "no {shown:?} in\n{html}");
    }
    assert!(!html.contains("title: Everything"), "front matter is shown");
    assert!(!View::new(NOTE).paused());
    let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("features.html");
    std::fs::write(path, html).unwrap();
}

#[test]
fn the_note_says_what_it_is() {
    let facts = note::front_matter::read(NOTE);
    assert_eq!(facts.title.as_deref(), Some("Everything a note can say"));
    assert_eq!(facts.tags, ["markdown", "reference"]);
    assert_eq!(facts.lang.as_deref(), Some("en"));
    assert_eq!(note::summary::excerpt(NOTE), facts.description.unwrap());
}
