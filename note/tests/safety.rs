//! Whatever Markdown a stranger writes, nothing comes out but what is allowed:
//! no script, no handler, no odd address, no id of the page's own.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use note::view::{View, inline_html};

#[path = "support/allowed.rs"]
mod allowed;
#[path = "support/writing.rs"]
mod writing;

use allowed::assert_allowed;

/// Random notes tried besides the hostile ones.
const RANDOM_NOTES: u32 = 10_000;

/// Hostile pieces, one a line.
const PAYLOADS: &str = include_str!("cases/hostile.txt");

/// What a piece is put into, in place of each `%`: one a line, with `\n` for line ends.
const CARRIERS: &str = include_str!("cases/carriers.txt");

#[test]
fn hostile_markdown_yields_nothing_that_is_not_allowed() {
    let payloads: Vec<&str> = PAYLOADS.lines().filter(|line| !line.is_empty()).collect();
    assert!(payloads.len() >= 150, "only {}", payloads.len());
    for payload in payloads {
        for carrier in CARRIERS.lines() {
            let source = carrier.replace("\\n", "\n").replace('%', payload);
            let view = View::new(&source);
            for block in view.blocks() {
                assert_allowed(&block.html, &source);
            }
            assert_message_allowed(&source);
        }
    }
}

/// A message is held to the same, and to more: no block, nothing that is loaded.
fn assert_message_allowed(source: &str) {
    let html = inline_html(source);
    assert_allowed(&html, source);
    let elements = html.split('<').skip(1);
    for element in elements.map(|rest| rest.trim_start_matches('/')) {
        let name: String = element
            .chars()
            .take_while(char::is_ascii_lowercase)
            .collect();
        let inline = ["a", "em", "strong", "del", "code", "br"];
        assert!(inline.contains(&name.as_str()), "<{name}> in {source:?}");
    }
}

#[test]
fn random_markdown_yields_nothing_that_is_not_allowed() {
    let seed = 5;
    let mut random = fastrand::Rng::with_seed(seed);
    let payloads: Vec<&str> = PAYLOADS.lines().collect();
    for round in 0..RANDOM_NOTES {
        let mut source = writing::NOTES[round as usize % writing::NOTES.len()].to_owned();
        for _ in 0..random.usize(1..30) {
            let (range, mut insert) = writing::some_edit(&mut random, &source);
            if random.u8(..4) == 0 {
                insert.push_str(payloads[random.usize(..payloads.len())]);
            }
            source.replace_range(range, &insert);
        }
        assert_allowed(
            &View::new(&source).html(),
            &format!("seed {seed}, round {round}: {source:?}"),
        );
        assert_message_allowed(&source);
    }
}

#[test]
fn deep_nesting_is_cut_off() {
    for (open, close) in [
        ("> ", ""),
        ("- ", ""),
        ("1. ", ""),
        ("*a ", "*"),
        ("**", "a**"),
        ("[", "](/u)"),
        ("![", "](/u)"),
        ("_*", "*_"),
    ] {
        let source = format!("{}a{}", open.repeat(3_000), close.repeat(3_000));
        assert_allowed(&View::new(&source).html(), open);
        assert_message_allowed(&source);
    }
    let quotes = format!("{}| a |\n{}|---|\n", "> ".repeat(200), "> ".repeat(200));
    assert_allowed(&View::new(&quotes).html(), "a table in quotes");
}

#[test]
fn heavy_markdown_stays_bounded() {
    let heavy = [
        "[",
        "]",
        "*",
        "_a",
        "`",
        "``` ",
        "<",
        "<a ",
        "<!--",
        "&",
        "\\",
        "![",
        "[^a",
        "[^a]: ",
        "[a]: b\n",
        "| ",
        "|-",
        "- ",
        "> ",
        ">",
        "1. ",
        "\n",
        "\r",
        "a\r",
        "~~~\n",
        "[a](",
        "<?",
        "<![CDATA[",
        "<!A",
        "(",
        "**a",
        "[x][",
        "- \n",
        "\t",
        "> - ",
        "-\n\n",
        "[^\n",
        "|\n",
        "==a",
        "www.",
        "_www.a_b.",
        "http://a<",
        "a@",
        "http://a.b)",
        "&a;",
        ":a",
        "[[",
        "[[a|",
        "$",
        "$$",
        "$x$",
        "a\n: b\n",
        "<details>\n\n",
        "<summary>",
        "<kbd>",
        "~a",
        "^a",
        "# a\n",
        "[TOC]\n\n",
    ];
    for piece in heavy {
        let source = piece.repeat(200_000 / piece.len());
        let view = View::new(&source);
        assert!(
            view.html().len() <= source.len() * 10 + 64 * 1024 + 200,
            "{piece:?}"
        );
    }
}
