//! Random writing, biased to what gives Markdown its structure.

/// What is typed: pieces that start, end, join or reach across blocks.
pub(super) const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n\n",
    "\n\n",
    " ",
    "  ",
    "    ",
    "\t",
    "a",
    "b",
    "word ",
    "é",
    "👩‍🚀",
    "ß",
    "İ",
    "# ",
    "\n# h\n",
    "===\n",
    "---\n",
    "\n---\n",
    "***\n",
    "\n```\n",
    "```",
    "~~~\n",
    "`",
    "``",
    "> ",
    "\n> ",
    ">",
    "- ",
    "\n- ",
    "\n  - ",
    "* ",
    "+ ",
    "1. ",
    "\n1. ",
    "\n2) ",
    "- [ ] ",
    "- [x] ",
    "\n    code\n",
    "[x]: /u\n",
    "\n[x]: /u\n",
    "[x]: /v 'title'\n",
    "[X]: <b c>\n",
    "[y]:\n/z\n",
    "[x]:",
    "'title\n",
    "'",
    "\"",
    "(",
    ")",
    "[x]",
    "[y]",
    "[x][y]",
    "[x][]",
    "![x]",
    "[a](b)",
    "[ẞ]: /s\n",
    "[SS]",
    "[^1]: note\n",
    "\n[^1]: ",
    "[^1]",
    "[^1]",
    "[^2]",
    "\n\n[^2]: two\n    more\n",
    "[^1]: [^2]: ",
    "[^x]:",
    "![^1]",
    "| a | b |\n|---|:-:|\n| c | d |\n",
    "|",
    "\n|--|\n",
    "| ",
    "-|-\n",
    "<!--",
    "-->",
    "<div>",
    "</div>",
    "\n<div>\n",
    "<b>",
    "<pre>",
    "</pre>",
    "<?",
    "?>",
    "<",
    ">",
    "&amp;",
    "&",
    "\\",
    "\\\n",
    "*",
    "**",
    "_",
    "~~",
    "\r\n",
    "\r",
    "> [!NOTE]\n",
    "> [!TIP]\n> a\n",
    "https://e.org",
    "<https://e.org>",
    "]",
    "[",
    "!",
    ":",
    "^",
    "\n\n\n",
    "    [x]: /i\n",
    "-\n\n",
    "- a\n\n  b\n",
    "> - a\n",
    "\n   ",
    "$",
    "{",
    "}",
    "=",
    "\n==\n",
    "\n  [z]: /z \"t\n",
    "\n: means\n",
    "  : ",
    "==",
    "==marked==",
    ":tada:",
    ":",
    "[[Note]]",
    "[[a|",
    "]]",
    "$x^2$",
    "$$",
    "~",
    "x^2^",
    "www.e.org/a_b",
    "http://e.org/(*a*)",
    "ada@e.org",
    "\n\n<details>\n\n",
    "\n\n</details>\n\n",
    "<summary>s</summary>",
    "<kbd>",
    "</kbd>",
    "<br>",
    "\n\n[TOC]\n\n",
    "\n\nhttps://youtu.be/dQw4w9WgXcQ\n\n",
    "---\ntitle: A\n---\n",
    "lang: de\n",
];

/// Notes to begin with.
pub(super) const NOTES: &[&str] = &[
    "",
    "# Title\n\nA paragraph with [x] and [^1].\n\n- one\n- two\n\n[x]: /u\n\n[^1]: Note.\n\n> quote\n> more\n\n```rust\nfn a() {}\n```\n\n| a | b |\n|---|---|\n| c | d |\n\nLast.\n",
    "para\n# h\npara\n***\n- a\n- b\n[x]: /u\n'title\n# h2'\n[x]\n",
    "[^b]: b [^a]\n[^a]: a\n\n[^a] [^b] [^a]\n\n[^a]\n\n[x]: /1\n[x]: /2\n\n[x]\n\n> [x]: /3\n",
    "<div>\na\n</div>\n\n<!-- c\n\n-->\n\nText *em **strong*** `code`\n\n    indented\n\n1. a\n\n   b\n2. c\n",
    "---\ntitle: A\ntags: [b]\n---\n\n# A\n\n[TOC]\n\n## B\n\n<details>\n<summary>s</summary>\n\n- [ ] a\n\n</details>\n\nTerm\n: means\n\n## B\n\n==a== :tada: $x$ [[N]] www.e.org\n",
    "a\n\nb\n\nc\n\nd\n\ne\n\nf\n\ng\n\nh\n\ni\n\nj\n",
];

/// A place in a text between two characters.
fn place(random: &mut fastrand::Rng, text: &str) -> usize {
    let mut at = random.usize(..=text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// A range to replace, mostly empty or short, and what to put there.
pub(super) fn some_edit(
    random: &mut fastrand::Rng,
    text: &str,
) -> (std::ops::Range<usize>, String) {
    let start = place(random, text);
    let mut end = match random.u8(..10) {
        0..=5 => start,
        6..=8 => (start + random.usize(1..12)).min(text.len()),
        _ => (start + random.usize(1..200)).min(text.len()),
    };
    while !text.is_char_boundary(end) {
        end += 1;
    }
    let pieces = if start == end || random.bool() {
        random.usize(1..3)
    } else {
        0
    };
    let insert = (0..pieces)
        .map(|_| PIECES[random.usize(..PIECES.len())])
        .collect();
    (start..end, insert)
}
