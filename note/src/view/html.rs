//! One block's events to safe HTML.
//!
//! Safe by construction: the elements and attributes named in this file, in those
//! below it and in `math` are the only ones there are, every text is escaped, and
//! every address is judged by `address`. Raw HTML in a note is shown as the text it
//! is, but for the few elements in `raw`. Nothing here recurses, and nesting is cut
//! off before a browser would mind it.

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use super::address::ID_PREFIX;
use super::contents::{Line, is_sign};
use super::definitions::{Numbering, Target};
use super::extended::Piece;
use super::math;
use link::Image;
use table::Table;

mod contents;
mod embed;
mod footnote;
mod link;
mod raw;
mod table;

pub(super) use raw::{MAX_DETAILS_BYTES, open_details};

/// Elements inside one another, at most; what is deeper is shown without its
/// own element. Browsers cut at 512, and a stylesheet gives up long before.
const MAX_DEPTH: usize = 100;

/// The longest name of a language that is handed on to the stylesheet.
const MAX_LANGUAGE_BYTES: usize = 32;

/// The HTML of a block would have been longer than allowed.
#[derive(Debug)]
pub(super) struct TooLong;

/// What the note as a whole says about one block.
#[derive(Clone, Copy, Default)]
pub(super) struct Around<'a> {
    /// Its footnotes' numbers.
    pub(super) numbering: Option<&'a Numbering>,
    /// The ids of its headings, in order.
    pub(super) ids: &'a [String],
    /// The headings of all blocks.
    pub(super) contents: &'a [Line],
}

/// An element that is open.
struct Open {
    /// What closes it; empty if it is not shown.
    close: &'static str,
    /// Which one it is, if it was written as HTML.
    raw: Option<raw::Element>,
}

/// What a label means in the whole note. Not a type of its own for each writer: the code of
/// one is large.
pub(super) type Meaning<'a> = &'a dyn Fn(&str) -> Option<Target>;

/// Writes the events of one block.
pub(super) struct Writer<'a> {
    out: String,
    limit: usize,
    open: Vec<Open>,
    /// Elements beside one another, so far, that stand in no other.
    roots: usize,
    shown: usize,
    links: usize,
    image: Option<Image>,
    tables: Vec<Table>,
    item_name_end: usize,
    /// The block of HTML that goes by.
    html: Option<String>,
    /// Whether the paragraph that goes by has been shown as something else.
    replaced: bool,
    around: Around<'a>,
    headings: usize,
    references: usize,
    definitions: usize,
    target: Meaning<'a>,
}

impl<'a> Writer<'a> {
    /// `target` answers what a label means in the whole note; the block's own
    /// definition may have lost to an earlier one.
    pub(super) fn new(limit: usize, around: Around<'a>, target: Meaning<'a>) -> Self {
        Writer {
            out: String::new(),
            limit,
            open: Vec::new(),
            roots: 0,
            shown: 0,
            links: 0,
            image: None,
            tables: Vec::new(),
            item_name_end: 0,
            html: None,
            replaced: false,
            around,
            headings: 0,
            references: 0,
            definitions: 0,
            target,
        }
    }

    /// The HTML written, and how many elements it is.
    pub(super) fn finish(mut self) -> (String, usize) {
        while !self.open.is_empty() {
            self.close_one();
        }
        (self.out, self.roots)
    }

    /// Writes one piece. `at` is where it stands in its section, `written` the
    /// source it was made of.
    pub(super) fn piece(
        &mut self,
        piece: Piece<'_>,
        at: usize,
        written: &str,
    ) -> Result<(), TooLong> {
        match piece {
            Piece::Event(Event::End(TagEnd::Paragraph)) if self.replaced => self.replaced = false,
            _ if self.replaced => {}
            Piece::Event(event) => self.event(event, at, written),
            Piece::MarkStart | Piece::MarkEnd if self.image.is_some() => {}
            Piece::MarkStart => self.open("<mark>", "</mark>"),
            Piece::MarkEnd => self.close(),
        }
        if self.out.len() > self.limit {
            return Err(TooLong);
        }
        Ok(())
    }

    fn event(&mut self, event: Event<'_>, at: usize, written: &str) {
        match event {
            Event::Start(tag) if self.image.is_some() => self.start_in_image(&tag),
            Event::Start(Tag::Paragraph) if self.replace(written) => self.replaced = true,
            Event::Start(tag) => self.start(tag),
            Event::End(_) if self.image.is_some() => self.end_in_image(),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.code(&text),
            Event::Html(text) => match &mut self.html {
                Some(html) => html.push_str(&text),
                None => self.text(&text),
            },
            Event::InlineHtml(text) => self.inline_html(&text),
            Event::InlineMath(text) => self.formula(&text, false),
            Event::DisplayMath(text) => self.formula(&text, true),
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br>\n"),
            Event::Rule => self.alone("<hr>"),
            // The character between the brackets is what a click changes. Where a tab is
            // half of an indentation, the parser takes it for the first bracket.
            Event::TaskListMarker(done) => {
                let bracket = written.find('[').unwrap_or(0);
                self.task_marker(done, at.saturating_add(bracket).saturating_add(1));
            }
        }
    }

    /// Shows something else in the place of a whole paragraph, if that is what it
    /// is; says whether it was. Only where no words stand around it.
    fn replace(&mut self, paragraph: &str) -> bool {
        if !self.open.iter().all(Open::is_details) {
            return false;
        }
        if is_sign(paragraph) {
            self.contents();
            return true;
        }
        self.embed(paragraph)
    }

    /// Writes an element that nothing is in.
    fn alone(&mut self, html: &str) {
        self.roots += usize::from(self.open.is_empty());
        self.out.push_str(html);
    }

    fn open(&mut self, html: &str, close: &'static str) {
        self.roots += usize::from(self.open.is_empty());
        let is_shown = self.shown < MAX_DEPTH;
        if is_shown {
            self.out.push_str(html);
            self.shown += 1;
        }
        self.open.push(Open {
            close: if is_shown { close } else { "" },
            raw: None,
        });
    }

    /// Ends an element that is not shown itself, as what it stands in shows it.
    fn open_unshown(&mut self) {
        self.open.push(Open {
            close: "",
            raw: None,
        });
    }

    /// Ends an element, and what was begun in it as HTML.
    fn close(&mut self) {
        self.close_raw();
        self.close_one();
    }

    /// Ends what was begun as HTML in the innermost element that was not.
    fn close_raw(&mut self) {
        while self.open.last().is_some_and(|open| open.raw.is_some()) {
            self.close_one();
        }
    }

    fn close_one(&mut self) {
        let close = self.open.pop().map_or("", |open| open.close);
        if !close.is_empty() {
            self.out.push_str(close);
            self.shown = self.shown.saturating_sub(1);
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph => self.open("<p dir=\"auto\">", "</p>"),
            Tag::Heading { level, .. } => self.start_heading(level),
            Tag::BlockQuote(kind) => self.start_quote(kind),
            Tag::CodeBlock(kind) => self.start_code(&kind),
            Tag::HtmlBlock => {
                self.html = Some(String::new());
            }
            Tag::List(first) => self.start_list(first),
            Tag::Item => {
                self.open("<li dir=\"auto\">", "</li>");
                self.item_name_end = self.out.len().saturating_sub(" dir=\"auto\">".len());
            }
            Tag::FootnoteDefinition(label) => self.start_footnote(&label),
            Tag::Table(alignments) => self.start_table(alignments),
            Tag::TableHead => self.start_row(true),
            Tag::TableRow => self.start_row(false),
            Tag::TableCell => self.start_cell(),
            Tag::Emphasis => self.open("<em>", "</em>"),
            Tag::Strong => self.open("<strong>", "</strong>"),
            Tag::Strikethrough => self.open("<del>", "</del>"),
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            } => self.start_link(link_type, &dest_url, &title, &id),
            Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            } => self.start_image(link_type, &dest_url, &title, &id),
            Tag::DefinitionList => self.open("<dl>", "</dl>"),
            Tag::DefinitionListTitle => self.open("<dt dir=\"auto\">", "</dt>"),
            Tag::DefinitionListDefinition => self.open("<dd dir=\"auto\">", "</dd>"),
            Tag::Superscript => self.open("<sup>", "</sup>"),
            Tag::Subscript => self.open("<sub>", "</sub>"),
            Tag::MetadataBlock(_) => self.open("<div>", "</div>"),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::TableHead => self.end_row(true),
            TagEnd::TableRow => self.end_row(false),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::Table => self.end_table(),
            TagEnd::Link => {
                self.links = self.links.saturating_sub(1);
                self.close();
            }
            TagEnd::HtmlBlock => {
                let html = self.html.take().unwrap_or_default();
                self.html_block(&html);
            }
            _ => self.close(),
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.image {
            Some(image) => image.alt.push_str(text),
            None => escape(&mut self.out, text),
        }
    }

    fn code(&mut self, text: &str) {
        if self.image.is_some() {
            return self.text(text);
        }
        self.out.push_str("<code>");
        escape(&mut self.out, text);
        self.out.push_str("</code>");
    }

    /// Writes a formula: as `MathML`, or as it was written when it is not understood.
    fn formula(&mut self, latex: &str, is_block: bool) {
        if self.image.is_some() {
            return self.text(latex);
        }
        if let Some(html) = math::mathml(latex, is_block) {
            return self.out.push_str(&html);
        }
        let sign = if is_block { "$$" } else { "$" };
        self.out.push_str("<code class=\"formula\">");
        self.out.push_str(sign);
        escape(&mut self.out, latex);
        self.out.push_str(sign);
        self.out.push_str("</code>");
    }

    fn line_break(&mut self, html: &str) {
        match &mut self.image {
            Some(image) => image.alt.push(' '),
            None => self.out.push_str(html),
        }
    }

    fn start_heading(&mut self, level: HeadingLevel) {
        let (name, close) = match level {
            HeadingLevel::H1 => ("h1", "</h1>"),
            HeadingLevel::H2 => ("h2", "</h2>"),
            HeadingLevel::H3 => ("h3", "</h3>"),
            HeadingLevel::H4 => ("h4", "</h4>"),
            HeadingLevel::H5 => ("h5", "</h5>"),
            HeadingLevel::H6 => ("h6", "</h6>"),
        };
        let id = self.around.ids.get(self.headings);
        self.headings += 1;
        let html = match id {
            None => format!("<{name} dir=\"auto\">"),
            Some(id) => format!("<{name} id=\"{ID_PREFIX}{id}\" dir=\"auto\">"),
        };
        self.open(&html, close);
    }

    fn start_quote(&mut self, kind: Option<BlockQuoteKind>) {
        let (name, title) = match kind {
            None => return self.open("<blockquote dir=\"auto\">", "</blockquote>"),
            Some(BlockQuoteKind::Note) => ("note", "Note"),
            Some(BlockQuoteKind::Tip) => ("tip", "Tip"),
            Some(BlockQuoteKind::Important) => ("important", "Important"),
            Some(BlockQuoteKind::Warning) => ("warning", "Warning"),
            Some(BlockQuoteKind::Caution) => ("caution", "Caution"),
        };
        let html =
            format!("<div class=\"alert alert-{name}\"><p class=\"alert-title\">{title}</p>");
        self.open(&html, "</div>");
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>) {
        let info = match kind {
            CodeBlockKind::Indented => "",
            CodeBlockKind::Fenced(info) => info,
        };
        match language(info) {
            None => self.open("<pre><code>", "</code></pre>"),
            Some(language) => {
                let html = format!("<pre><code class=\"language-{language}\">");
                self.open(&html, "</code></pre>");
            }
        }
    }

    fn start_list(&mut self, first: Option<u64>) {
        match first {
            None => self.open("<ul>", "</ul>"),
            Some(1) => self.open("<ol>", "</ol>"),
            Some(first) => self.open(&format!("<ol start=\"{first}\">"), "</ol>"),
        }
    }

    fn task_marker(&mut self, done: bool, at: usize) {
        if self.image.is_some() {
            return;
        }
        if self.shown < MAX_DEPTH && self.out.is_char_boundary(self.item_name_end) {
            self.out.insert_str(self.item_name_end, " class=\"task\"");
        }
        let (checked, label) = if done {
            (" checked", "Done")
        } else {
            ("", "To do")
        };
        self.out.push_str(&format!(
            "<input type=\"checkbox\" class=\"task-box\" data-at=\"{at}\" disabled{checked} aria-label=\"{label}\"> "
        ));
    }
}

/// Writes text so that it is text wherever it stands.
pub(super) fn escape(out: &mut String, text: &str) {
    out.reserve(text.len());
    let mut written = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            b'\'' => "&#39;",
            _ => continue,
        };
        out.push_str(text.get(written..at).unwrap_or_default());
        out.push_str(escaped);
        written = at + 1;
    }
    out.push_str(text.get(written..).unwrap_or_default());
}

/// The language named by a fence, if it is one that can be a class name.
fn language(info: &str) -> Option<String> {
    let name = info
        .split([' ', '\t', ',', '{'])
        .next()?
        .to_ascii_lowercase();
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+#_.-".contains(&byte);
    ((1..=MAX_LANGUAGE_BYTES).contains(&name.len()) && name.bytes().all(plain)).then_some(name)
}
