//! HTML as what it means: as a browser reads it, less what we add by rule. Two that
//! are equal here show the same.
//!
//! The rules: `dir`, `rel` and how an image loads are ours on every element; headings
//! have ids, and addresses of places lead to them; a table stands in a box that
//! scrolls, is aligned by class and may have a body without rows; a task box has a class,
//! a label and its place, and stands in the first paragraph of a loose item;
//! an address is the same however it is percent-encoded; a code block's last line
//! end is not shown.

use html5ever::{Attribute, LocalName};
use markup5ever_rcdom::{Handle, NodeData};

use super::parsed::{parsed, root};

/// The elements that have lines of their own.
const BLOCKS: &[&str] = &[
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "li",
    "blockquote",
    "pre",
    "hr",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "div",
    "dl",
    "dt",
    "dd",
    "details",
    "summary",
    "section",
];

/// The attributes that mean something, or are made of ones that do.
const MEANT: &[&str] = &[
    "href", "src", "alt", "title", "start", "type", "checked", "align",
];

/// What a fragment means.
pub(super) fn canonical(html: &str) -> String {
    let dom = parsed(html);
    let mut out = Out::default();
    for child in root(&dom).children.borrow().iter() {
        out.node(child, false);
    }
    out.text.trim().to_owned()
}

#[derive(Default)]
struct Out {
    text: String,
    at_edge: bool,
}

impl Out {
    fn node(&mut self, node: &Handle, in_pre: bool) {
        match &node.data {
            NodeData::Text { contents } => self.words(&contents.borrow(), in_pre),
            NodeData::Element { name, attrs, .. } => {
                let attributes = attrs.borrow();
                self.element(node, &name.local, &attributes, in_pre);
            }
            _ => {}
        }
    }

    fn words(&mut self, words: &str, in_pre: bool) {
        if in_pre {
            self.text.push_str(words);
            self.at_edge = false;
            return;
        }
        for c in words.chars() {
            if !c.is_ascii_whitespace() {
                self.text.push(c);
                self.at_edge = false;
            } else if !self.at_edge && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        }
    }

    fn element(&mut self, node: &Handle, name: &LocalName, attrs: &[Attribute], in_pre: bool) {
        let class = value(attrs, "class");
        let children = node.children.borrow();
        if &**name == "div" && class == Some("table") {
            children.iter().for_each(|child| self.node(child, in_pre));
            return;
        }
        if &**name == "tbody" && children.is_empty() {
            return;
        }
        if &**name == "li" && self.task(&children) {
            return;
        }
        let is_block = BLOCKS.contains(&&**name);
        self.edge(is_block);
        self.text.push_str(&format!("<{name}"));
        self.attributes(name, attrs);
        self.text.push('>');
        self.edge(is_block);
        let in_pre = in_pre || &**name == "pre";
        children.iter().for_each(|child| self.node(child, in_pre));
        if &**name == "code" && in_pre && self.text.ends_with('\n') {
            self.text.pop();
        }
        self.edge(is_block && !in_pre);
        self.text.push_str(&format!("</{name}>"));
        self.edge(is_block || &**name == "br");
    }

    /// Writes an item of which the box stands before its first paragraph, as if it
    /// stood in it; says whether it is one.
    fn task(&mut self, children: &[Handle]) -> bool {
        let named = |node: &Handle, wanted: &str| matches!(&node.data, NodeData::Element { name, .. } if &*name.local == wanted);
        let is_blank = |node: &Handle| matches!(&node.data, NodeData::Text { contents } if contents.borrow().trim().is_empty());
        let mut elements = children.iter().filter(|child| !is_blank(child));
        let (Some(mark), Some(paragraph)) = (elements.next(), elements.next()) else {
            return false;
        };
        if !named(mark, "input") || !named(paragraph, "p") {
            return false;
        }
        self.edge(true);
        self.text.push_str("<li><p>");
        self.edge(true);
        self.node(mark, false);
        let words = paragraph.children.borrow();
        words.iter().for_each(|child| self.node(child, false));
        self.edge(true);
        self.text.push_str("</p>");
        self.edge(true);
        elements.for_each(|child| self.node(child, false));
        self.edge(true);
        self.text.push_str("</li>");
        self.edge(true);
        true
    }

    fn attributes(&mut self, name: &LocalName, attrs: &[Attribute]) {
        let class = value(attrs, "class").unwrap_or_default();
        if let Some(side) = class.strip_prefix("align-") {
            self.text.push_str(&format!(" align={side:?}"));
        }
        if &**name == "code" && class.starts_with("language-") {
            self.text.push_str(&format!(" class={class:?}"));
        }
        for meant in MEANT {
            let Some(value) = value(attrs, meant) else {
                continue;
            };
            let value = match *meant {
                "href" | "src" => decoded(&value.replace("#user-content-", "#")),
                _ => value.to_owned(),
            };
            if *meant != "title" || !value.is_empty() {
                self.text.push_str(&format!(" {meant}={value:?}"));
            }
        }
    }

    /// White space beside a block is not shown.
    fn edge(&mut self, is_block: bool) {
        if is_block {
            while self.text.ends_with(' ') {
                self.text.pop();
            }
            self.at_edge = true;
        }
    }
}

fn value<'a>(attrs: &'a [Attribute], name: &str) -> Option<&'a str> {
    let found = attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name);
    found.map(|attribute| &*attribute.value)
}

/// An address without its percent signs.
fn decoded(address: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = address.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
