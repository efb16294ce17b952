//! Inline Markdown that the parser does not know: bare addresses, emoji by name,
//! and `==marked==` words.
//!
//! Works on the parser's events, one run of inline ones at a time. A character
//! that was escaped, or written as an entity, is only what it looks like.

use std::collections::VecDeque;
use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

mod autolink;
mod emoji;
mod mark;

pub(super) use emoji::with_emoji;

/// An event of the parser, or of what it does not know.
#[derive(Debug, Clone)]
pub(super) enum Piece<'a> {
    /// One of the parser's.
    Event(Event<'a>),
    /// Marked words begin.
    MarkStart,
    /// Marked words end.
    MarkEnd,
}

/// A piece, and the source it was made of.
pub(super) type Placed<'a> = (Piece<'a>, Range<usize>);

/// A text without its escapes.
#[derive(Debug, Clone, Default)]
struct Words {
    text: String,
    /// Bytes of it that were escaped, ascending.
    hard: Vec<usize>,
}

impl Words {
    /// A part of it.
    fn part(&self, from: usize, to: usize) -> Words {
        let first = self.hard.partition_point(|at| *at < from);
        let inside = self.hard.iter().skip(first).take_while(|at| **at < to);
        Words {
            text: self.text.get(from..to).unwrap_or_default().to_owned(),
            hard: inside.map(|at| at - from).collect(),
        }
    }
}

/// One thing of a run.
#[derive(Debug, Clone)]
enum Item<'a> {
    Words(Words, Range<usize>),
    Other(Piece<'a>, Range<usize>),
}

/// The pieces of a text's events.
pub(super) fn pieces<'a, I>(events: I, text: &'a str) -> Pieces<'a, I>
where
    I: Iterator<Item = (Event<'a>, Range<usize>)>,
{
    Pieces {
        events,
        text,
        ready: VecDeque::new(),
        in_code: false,
    }
}

/// See [`pieces`].
pub(super) struct Pieces<'a, I> {
    events: I,
    text: &'a str,
    ready: VecDeque<Placed<'a>>,
    in_code: bool,
}

impl<'a, I: Iterator<Item = (Event<'a>, Range<usize>)>> Iterator for Pieces<'a, I> {
    type Item = Placed<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(piece) = self.ready.pop_front() {
            return Some(piece);
        }
        let mut run = Vec::new();
        let after = loop {
            let Some((event, range)) = self.events.next() else {
                break None;
            };
            match &event {
                Event::Start(Tag::CodeBlock(_)) => self.in_code = true,
                Event::End(TagEnd::CodeBlock) => self.in_code = false,
                _ => {}
            }
            if self.in_code || !is_inline(&event) {
                break Some((event, range));
            }
            run.push((event, range));
        };
        self.ready.extend(extended(run, self.text));
        self.ready
            .extend(after.map(|(event, range)| (Piece::Event(event), range)));
        self.ready.pop_front()
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Superscript
                | Tag::Subscript
                | Tag::Link { .. }
                | Tag::Image { .. }
        ),
        Event::End(tag) => matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Superscript
                | TagEnd::Subscript
                | TagEnd::Link
                | TagEnd::Image
        ),
        Event::Html(_) | Event::Rule => false,
        _ => true,
    }
}

/// A run of inline events with what the parser does not know.
fn extended<'a>(run: Vec<(Event<'a>, Range<usize>)>, text: &'a str) -> Vec<Placed<'a>> {
    let (from, to) = match (run.first(), run.last()) {
        (Some(first), Some(last)) => (first.1.start, last.1.end),
        _ => return Vec::new(),
    };
    let source = text.get(from..to).unwrap_or_default();
    let marks = source.contains("==");
    let addresses = source.contains("://") || source.contains("www.") || source.contains('@');
    if !marks && !addresses && !source.contains(':') {
        let plain = |(event, range)| (Piece::Event(event), range);
        return run.into_iter().map(plain).collect();
    }
    let mut items = if addresses {
        autolink::linked(run, text)
    } else {
        items(run, text)
    };
    if marks {
        items = mark::marked(items);
    }
    let finish = |item| match item {
        Item::Words(words, range) => {
            let text = with_emoji(&words.text, &words.hard);
            (Piece::Event(Event::Text(CowStr::from(text))), range)
        }
        Item::Other(piece, range) => (piece, range),
    };
    items.into_iter().map(finish).collect()
}

/// A run without its bare addresses found.
fn items<'a>(run: Vec<(Event<'a>, Range<usize>)>, text: &str) -> Vec<Item<'a>> {
    let mut gather = Gather::new(text);
    for (event, range) in run {
        gather.event(event, range);
    }
    gather.finish()
}

/// Gathers texts that follow one another into one.
struct Gather<'a, 't> {
    source: &'t str,
    items: Vec<Item<'a>>,
    words: Option<(Words, Range<usize>)>,
    /// Where the last text ended in the source.
    end: Option<usize>,
}

impl<'a, 't> Gather<'a, 't> {
    fn new(source: &'t str) -> Self {
        Gather {
            source,
            items: Vec::new(),
            words: None,
            end: None,
        }
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Text(text) => self.text(&text, range),
            other => self.other(Piece::Event(other), range),
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        let is_plain = self.source.get(range.clone()) == Some(text);
        let is_escaped = is_plain && self.is_escaped(range.start);
        self.end = Some(range.end);
        let (words, known) = self
            .words
            .get_or_insert_with(|| (Words::default(), range.clone()));
        known.end = range.end;
        let at = words.text.len();
        if !is_plain {
            words.hard.extend(text.char_indices().map(|(n, _)| at + n));
        } else if is_escaped {
            words.hard.push(at);
        }
        words.text.push_str(text);
    }

    /// Adds a text whose escapes are known.
    fn words(&mut self, words: Words, range: Range<usize>) {
        if !words.text.is_empty() {
            self.close();
            self.items.push(Item::Words(words, range));
        }
    }

    /// Whether the text that begins here has lost a backslash before it.
    fn is_escaped(&self, start: usize) -> bool {
        let before = start.checked_sub(1);
        let before = before.and_then(|at| self.source.as_bytes().get(at));
        before == Some(&b'\\') && self.end != Some(start)
    }

    fn other(&mut self, piece: Piece<'a>, range: Range<usize>) {
        self.close();
        if matches!(
            piece,
            Piece::Event(Event::Code(_) | Event::InlineHtml(_) | Event::FootnoteReference(_))
        ) {
            self.end = Some(range.end);
        }
        self.items.push(Item::Other(piece, range));
    }

    /// Adds a link whose words are its address.
    fn link(&mut self, address: String, words: &str, range: Range<usize>) {
        let link = Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: CowStr::from(address),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        };
        self.other(Piece::Event(Event::Start(link)), range.clone());
        let words = Event::Text(CowStr::from(words.to_owned()));
        self.other(Piece::Event(words), range.clone());
        self.other(Piece::Event(Event::End(TagEnd::Link)), range.clone());
        self.end = Some(range.end);
    }

    fn close(&mut self) {
        if let Some((words, range)) = self.words.take() {
            self.items.push(Item::Words(words, range));
        }
    }

    fn finish(mut self) -> Vec<Item<'a>> {
        self.close();
        self.items
    }
}
