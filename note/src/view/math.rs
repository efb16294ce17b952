//! Formulas: LaTeX to `MathML`, or nothing when it is no formula that is understood.
//!
//! The translation is somebody else's and its output is not taken as it is: it is
//! read again, and written anew from the elements and attributes named here. So it
//! can hold no style, no handler and no address, and is balanced whatever went in.

use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::event::{Content, Event};
use pulldown_latex::{Parser, Storage, push_mathml};

use super::html::escape;

/// The longest formula, in bytes of LaTeX.
const MAX_BYTES: usize = 2_000;

/// Most steps that a formula may come to.
const MAX_EVENTS: usize = 4_000;

/// Groups inside one another, at most.
const MAX_DEPTH: usize = 40;

/// Commands that define others: with them a short formula can become a long one.
const DEFINING: &[&str] = &[
    "\\def",
    "\\gdef",
    "\\edef",
    "\\xdef",
    "\\let",
    "\\futurelet",
    "\\newcommand",
    "\\renewcommand",
    "\\providecommand",
    "\\char",
];

/// The elements that a formula consists of.
const ELEMENTS: &[&str] = &[
    "math",
    "mrow",
    "mi",
    "mn",
    "mo",
    "mtext",
    "mspace",
    "mfrac",
    "msqrt",
    "mroot",
    "msub",
    "msup",
    "msubsup",
    "munder",
    "mover",
    "munderover",
    "mtable",
    "mtr",
    "mtd",
];

/// The longest length, in any unit: enough for a formula, and never over the page.
const MAX_LENGTH: f32 = 20.0;

/// A formula as `MathML`; `None` if it is not understood.
pub(super) fn mathml(latex: &str, is_block: bool) -> Option<String> {
    if latex.len() > MAX_BYTES || latex.trim().is_empty() || !is_bounded(latex) {
        return None;
    }
    let storage = Storage::new();
    let mut events = Vec::new();
    for event in Parser::new(latex, &storage) {
        let event = event.ok()?;
        if events.len() == MAX_EVENTS || !is_writable(&event) {
            return None;
        }
        events.push(event);
    }
    let config = RenderConfig {
        display_mode: if is_block {
            DisplayMode::Block
        } else {
            DisplayMode::Inline
        },
        ..RenderConfig::default()
    };
    let mut written = String::new();
    let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    push_mathml(&mut written, events, config).ok()?;
    anew(&written)
}

/// Whether a formula defines nothing and is not too deep.
fn is_bounded(latex: &str) -> bool {
    let mut depth = 0_usize;
    for byte in latex.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return false;
        }
    }
    let deep = latex.matches("\\left").count() + latex.matches("\\begin").count();
    deep <= MAX_DEPTH && !DEFINING.iter().any(|command| latex.contains(command))
}

/// The names of functions are written as they are: they must be no tags.
fn is_writable(event: &Event<'_>) -> bool {
    match event {
        Event::Content(Content::Function(name) | Content::Number(name)) => {
            !name.contains(['<', '>', '&', '"', '\''])
        }
        _ => true,
    }
}

/// `MathML` written anew; `None` if there is anything in it that is not known.
fn anew(written: &str) -> Option<String> {
    let mut out = String::with_capacity(written.len());
    let mut open: Vec<&str> = Vec::new();
    let mut rest = written;
    while let Some(at) = rest.find('<') {
        let (text, tail) = rest.split_at_checked(at)?;
        words(&mut out, text);
        let tail = tail.strip_prefix('<')?;
        if !tail.starts_with(['m', '/']) {
            // The sign itself: it is written as it is.
            out.push_str("&lt;");
            rest = tail;
            continue;
        }
        let (tag, after) = tail.split_once('>')?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return None;
            }
            out.push_str("</");
            out.push_str(name);
            out.push('>');
            continue;
        }
        let (tag, is_empty) = match tag.strip_suffix('/') {
            Some(tag) => (tag, true),
            None => (tag, false),
        };
        let end = tag.find(' ').unwrap_or(tag.len());
        let (name, attributes) = tag.split_at_checked(end)?;
        let known = ELEMENTS.iter().find(|known| **known == name)?;
        if open.is_empty() != (*known == "math") {
            return None;
        }
        out.push('<');
        out.push_str(known);
        write_attributes(&mut out, attributes)?;
        out.push('>');
        if is_empty {
            out.push_str("</");
            out.push_str(known);
            out.push('>');
        } else {
            open.push(known);
        }
    }
    (open.is_empty() && rest.is_empty()).then_some(out)
}

/// Writes the attributes that are known; the others go.
fn write_attributes(out: &mut String, attributes: &str) -> Option<()> {
    let mut rest = attributes.trim();
    while !rest.is_empty() {
        let (name, tail) = rest.split_once("=\"")?;
        let (value, tail) = tail.split_once('"')?;
        rest = tail.trim_start();
        if is_allowed(name, value) {
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(out, value);
            out.push('"');
        }
    }
    Some(())
}

fn is_allowed(name: &str, value: &str) -> bool {
    match name {
        "display" => matches!(value, "block" | "inline"),
        "mathvariant" => value == "normal",
        "displaystyle" | "stretchy" | "symmetric" | "largeop" | "movablelimits" => {
            matches!(value, "true" | "false")
        }
        "scriptlevel" => matches!(value, "0" | "1" | "2"),
        "width" | "height" | "depth" | "minsize" | "maxsize" | "linethickness" => is_length(value),
        "class" => {
            let plain = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'-' | b' ');
            value.bytes().all(plain)
        }
        _ => false,
    }
}

fn is_length(value: &str) -> bool {
    let unit = value.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | '-'));
    let number = value
        .strip_suffix(unit)
        .and_then(|number| number.parse::<f32>().ok());
    number.is_some_and(|number| number.abs() <= MAX_LENGTH)
        && matches!(unit, "em" | "ex" | "pt" | "px" | "mm" | "cm" | "in" | "pc")
}

/// Writes text in which some entities may stand.
fn words(out: &mut String, text: &str) {
    let mut parts = text.split('&');
    escape(out, parts.next().unwrap_or_default());
    for part in parts {
        let known = [
            ("nbsp;", "\u{a0}"),
            ("amp;", "&"),
            ("lt;", "<"),
            ("gt;", ">"),
        ];
        let entity = known
            .iter()
            .find_map(|(name, c)| Some((part.strip_prefix(name)?, *c)));
        let (rest, c) = entity.unwrap_or((part, "&"));
        escape(out, c);
        escape(out, rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_becomes_mathml() {
        assert_eq!(
            mathml("x^2 < 1", false).as_deref(),
            Some(
                "<math display=\"inline\"><msup><mi>x</mi><mn>2</mn></msup><mo>&lt;</mo><mn>1</mn></math>"
            )
        );
        for latex in [
            r"E = mc^2",
            r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}",
            r"\int_{-\infty}^\infty e^{-x^2}\,dx = \sqrt\pi",
            r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
            r"\begin{cases} 1 & x > 0 \\ 0 & \text{else} \end{cases}",
            r"\left( \sum_{n=1}^N n \right)",
            r"\text{a & b <i>}",
        ] {
            let html = mathml(latex, true);
            assert!(html.is_some_and(|html| !html.contains("style=")), "{latex}");
        }
    }

    #[test]
    fn what_is_not_understood_is_no_formula() {
        for latex in [
            "",
            r"\nothing",
            r"\frac{1",
            r"\operatorname{<img src=x onerror=alert(1)>}",
            r"\def\a{\a\a}\a",
            &"{".repeat(100),
            &"x".repeat(MAX_BYTES + 1),
        ] {
            assert_eq!(mathml(latex, false), None, "{latex}");
        }
    }

    #[test]
    fn nothing_but_what_is_known_is_written() {
        for written in [
            "<math><script>",
            "<math><mi>x</mi>",
            "<math></mi></math>",
            "<mi>x</mi>",
            "<math></math>x",
            "<math><mi href=\"javascript:alert(1)\"></mi></math",
        ] {
            assert_eq!(anew(written), None, "{written}");
        }
        assert_eq!(
            anew("<math onclick=\"a\" style=\"b\" display=\"block\"><mspace width=\"900em\" /></math>")
                .as_deref(),
            Some("<math display=\"block\"><mspace></mspace></math>")
        );
    }
}
