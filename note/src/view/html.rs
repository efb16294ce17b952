//! One block's events to safe HTML.
//!
//! Safe by construction: the elements and attributes named in this file are
//! the only ones there are, every text is escaped, and every address is judged
//! by `address`. Raw HTML in a note is shown as the text it is. Nothing here
//! recurses, and nesting is cut off before a browser would mind it.

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, Event, HeadingLevel, Tag, TagEnd};

use super::address::ID_PREFIX;
use super::definitions::{Numbering, Target};
use link::Image;
use table::Table;

mod embed;
mod link;
mod table;

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
}

/// Writes the events of one block.
pub(super) struct Writer<'a, F> {
    out: String,
    limit: usize,
    /// What closes each open element; empty for one that is not shown.
    open: Vec<&'static str>,
    shown: usize,
    links: usize,
    image: Option<Image>,
    tables: Vec<Table>,
    item_name_end: usize,
    raw: bool,
    /// Whether the paragraph that goes by has been shown as something else.
    replaced: bool,
    around: Around<'a>,
    headings: usize,
    references: usize,
    definitions: usize,
    target: F,
}

impl<'a, F: Fn(&str) -> Option<Target>> Writer<'a, F> {
    /// `target` answers what a label means in the whole note; the block's own
    /// definition may have lost to an earlier one.
    pub(super) fn new(limit: usize, around: Around<'a>, target: F) -> Self {
        Writer {
            out: String::new(),
            limit,
            open: Vec::new(),
            shown: 0,
            links: 0,
            image: None,
            tables: Vec::new(),
            item_name_end: 0,
            raw: false,
            replaced: false,
            around,
            headings: 0,
            references: 0,
            definitions: 0,
            target,
        }
    }

    /// The HTML written.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Writes one event. `at` is where it stands in its section, `written` the
    /// source it was made of.
    pub(super) fn event(
        &mut self,
        event: Event<'_>,
        at: usize,
        written: &str,
    ) -> Result<(), TooLong> {
        match event {
            Event::End(TagEnd::Paragraph) if self.replaced => self.replaced = false,
            _ if self.replaced => {}
            Event::Start(Tag::Paragraph) if self.open.is_empty() && self.embed(written) => {
                self.replaced = true;
            }
            Event::Start(tag) if self.image.is_some() => self.start_in_image(&tag),
            Event::Start(tag) => self.start(tag),
            Event::End(_) if self.image.is_some() => self.end_in_image(),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => self.code(&text),
            Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::FootnoteReference(label) => self.footnote_reference(&label),
            Event::SoftBreak => self.line_break("\n"),
            Event::HardBreak => self.line_break("<br>\n"),
            Event::Rule => self.out.push_str("<hr>"),
            // The character between the brackets is what a click changes. Where a tab is
            // half of an indentation, the parser takes it for the first bracket.
            Event::TaskListMarker(done) => {
                let bracket = written.find('[').unwrap_or(0);
                self.task_marker(done, at.saturating_add(bracket).saturating_add(1));
            }
        }
        if self.out.len() > self.limit {
            return Err(TooLong);
        }
        Ok(())
    }

    fn open(&mut self, html: &str, close: &'static str) {
        if self.shown < MAX_DEPTH {
            self.out.push_str(html);
            self.open.push(close);
            self.shown += 1;
        } else {
            self.open.push("");
        }
    }

    fn close(&mut self) {
        let close = self.open.pop().unwrap_or_default();
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
                self.raw = true;
                self.open("<pre class=\"raw\">", "</pre>");
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
            Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::Superscript
            | Tag::Subscript
            | Tag::MetadataBlock(_) => self.open("<div>", "</div>"),
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
                self.raw = false;
                self.close();
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

    fn footnote_reference(&mut self, label: &str) {
        let numbered =
            self.numbered(|numbering| numbering.references.get(self.references).copied());
        self.references += 1;
        let (number, occurrence) = numbered.unwrap_or_default();
        if let Some(image) = &mut self.image {
            image.alt.push_str(&number.to_string());
            return;
        }
        if self.links > 0 {
            self.out
                .push_str(&format!("<sup class=\"footnote-ref\">{number}</sup>"));
            return;
        }
        let slug = slug(label);
        self.out.push_str(&format!(
            "<sup class=\"footnote-ref\"><a href=\"#{ID_PREFIX}fn-{slug}\" id=\"{ID_PREFIX}fnref-{slug}-{occurrence}\">{number}</a></sup>"
        ));
    }

    fn numbered<T>(&self, find: impl FnOnce(&Numbering) -> Option<T>) -> Option<T> {
        self.around.numbering.and_then(find)
    }

    fn start_footnote(&mut self, label: &str) {
        let known = self.numbered(|numbering| numbering.definitions.get(self.definitions).copied());
        self.definitions += 1;
        let (number, first) = known.unwrap_or_default();
        let mut html = String::from("<div class=\"footnote\"");
        if first {
            html.push_str(&format!(" id=\"{ID_PREFIX}fn-{}\"", slug(label)));
        }
        html.push_str("><span class=\"footnote-number\">");
        match number {
            Some(number) => html.push_str(&number.to_string()),
            None => escape(&mut html, label),
        }
        html.push_str("</span>");
        self.open(&html, "</div>");
    }
}

/// Writes text so that it is text wherever it stands.
pub(super) fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = special.chars();
        match chars.next() {
            Some('&') => out.push_str("&amp;"),
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('"') => out.push_str("&quot;"),
            _ => out.push_str("&#39;"),
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
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

/// A label as part of an id: no two labels that differ share one.
fn slug(label: &str) -> String {
    let mut slug = String::new();
    for c in super::definitions::fold(label).chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
            slug.push(c);
        } else {
            slug.push_str(&format!(".{:x}.", u32::from(c)));
        }
    }
    slug
}
