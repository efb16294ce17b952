//! Bare addresses, as GitHub's extension finds them: `www.`, `http://`, `https://`
//! and mail. They are looked for in the source, where an address is whole; what the
//! parser took for emphasis within one is undone. One that ended within something of
//! the parser's ends before it.
//!
//! Everything here is linear in the text: a domain is bounded, and what ended one
//! address is not looked at for it again.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Gather, Item, Piece, Words};

/// Longer than any domain may be.
const MAX_DOMAIN_BYTES: usize = 300;

/// A run with its bare addresses made links.
pub(super) fn linked<'a>(run: Vec<(Event<'a>, Range<usize>)>, text: &str) -> Vec<Item<'a>> {
    let finder = Finder {
        text,
        limits: limits(&run),
        start: run.first().map_or(0, |(_, range)| range.start),
    };
    let mut gather = Gather::new(text);
    let mut in_link = 0_usize;
    // The last address: what the parser made of it goes.
    let mut last = 0..0;
    for (index, (event, range)) in run.iter().enumerate() {
        if range.start >= last.start && range.end <= last.end {
            continue;
        }
        match event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. }) => in_link += 1,
            Event::End(TagEnd::Link | TagEnd::Image) => in_link = in_link.saturating_sub(1),
            _ => {}
        }
        if is_plain(event, range, text) && in_link == 0 {
            let from = range.start.max(last.end);
            let found = finder.texts(&mut gather, &run, index, from..range.end);
            last = found.unwrap_or(last);
        } else {
            gather.event(event.clone(), range.clone());
        }
    }
    with_mail(gather.finish())
}

/// Whether an event is text that stands so in the source.
fn is_plain(event: &Event<'_>, range: &Range<usize>, text: &str) -> bool {
    matches!(event, Event::Text(words) if text.get(range.clone()) == Some(words.as_ref()))
}

/// Where the content of the element that each event stands in ends.
fn limits(run: &[(Event<'_>, Range<usize>)]) -> Vec<usize> {
    let end = |index: usize| run.get(index).map_or(0, |(_, range)| range.end);
    let mut open = vec![run.len().checked_sub(1).map_or(0, end)];
    let mut limits = Vec::with_capacity(run.len());
    for (index, (event, _)) in run.iter().enumerate().rev() {
        match event {
            Event::End(_) => open.push(index.checked_sub(1).map_or(0, end)),
            Event::Start(_) if open.len() > 1 => {
                open.pop();
            }
            _ => {}
        }
        limits.push(open.last().copied().unwrap_or_default());
    }
    limits.reverse();
    limits
}

/// Finds addresses in the source of a run.
struct Finder<'t> {
    text: &'t str,
    limits: Vec<usize>,
    start: usize,
}

impl Finder<'_> {
    /// Writes the text of an event from `at` on with its addresses made links;
    /// returns where the last one stands.
    fn texts<'a>(
        &self,
        gather: &mut Gather<'a, '_>,
        run: &[(Event<'a>, Range<usize>)],
        index: usize,
        part: Range<usize>,
    ) -> Option<Range<usize>> {
        let limit = self.limits.get(index).copied().unwrap_or(part.end);
        let mut at = part.start;
        let mut last = None;
        for (beginning, is_www) in self.beginnings(&part) {
            if beginning < at {
                continue;
            }
            let Some(end) = self.end(run, index, beginning..limit, is_www) else {
                continue;
            };
            let before = self.text.get(at..beginning).unwrap_or_default();
            if !before.is_empty() {
                gather.text(before, at..beginning);
            }
            let words = self.text.get(beginning..end).unwrap_or_default();
            let scheme = if is_www { "http://" } else { "" };
            gather.link(format!("{scheme}{words}"), words, beginning..end);
            last = Some(beginning..end);
            at = end;
            if end >= part.end {
                return last;
            }
        }
        let rest = self.text.get(at..part.end).unwrap_or_default();
        gather.text(rest, at..part.end);
        last
    }

    /// The places where an address may begin, ascending, and whether it does so with
    /// `www.`.
    fn beginnings(&self, part: &Range<usize>) -> Vec<(usize, bool)> {
        let source = self.text.get(part.clone()).unwrap_or_default();
        let www = source.match_indices("www.").map(|(at, _)| part.start + at);
        let www = www.filter(|at| self.may_be_www(*at)).map(|at| (at, true));
        let schemes = source.match_indices("://").map(|(at, _)| part.start + at);
        let schemes = schemes.filter_map(|at| Some((self.scheme(part.start, at)?, false)));
        let mut all: Vec<(usize, bool)> = www.chain(schemes).collect();
        all.sort_unstable();
        all
    }

    fn may_be_www(&self, at: usize) -> bool {
        let before = self
            .text
            .get(..at)
            .and_then(|text| text.chars().next_back());
        at == self.start || before.is_none_or(|c| c.is_ascii_whitespace() || "*_~(".contains(c))
    }

    /// Where the scheme before `://` begins, if it is one that is followed.
    fn scheme(&self, floor: usize, colon: usize) -> Option<usize> {
        let before = self.text.get(floor..colon)?;
        let letters = before.bytes().rev().take_while(u8::is_ascii_alphabetic);
        let start = colon - letters.count();
        let scheme = self.text.get(start..colon)?;
        let known = ["http", "https"].iter();
        let mut known = known.filter(|known| known.eq_ignore_ascii_case(scheme));
        known.next().map(|_| start)
    }

    /// Where the address ends that may begin here.
    fn end(
        &self,
        run: &[(Event<'_>, Range<usize>)],
        index: usize,
        part: Range<usize>,
        is_www: bool,
    ) -> Option<usize> {
        let address = self.text.get(part.clone())?;
        let host = if is_www { 0 } else { address.find("://")? + 3 };
        let domain = address.get(host..)?;
        domain.chars().next().filter(|c| is_of_domain(*c))?;
        let domain = domain_length(domain, is_www)?;
        let rest = address.get(host + domain..)?;
        let rest = rest
            .find(|c: char| c == '<' || c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        let mut end = part.start + without_end(address.get(..host + domain + rest)?);
        let whole = whole(run, index, end, self.text);
        if whole < end {
            end = part.start + without_end(self.text.get(part.start..whole)?);
        }
        (end > part.start + host).then_some(end)
    }
}

/// Where an address ends that must not end within something of the parser's.
fn whole(run: &[(Event<'_>, Range<usize>)], index: usize, end: usize, text: &str) -> usize {
    for (event, range) in run.iter().skip(index + 1) {
        if range.start >= end || matches!(event, Event::End(_)) && range.end > end {
            break;
        }
        if range.end > end && !is_plain(event, range, text) {
            return range.start;
        }
    }
    end
}

fn is_of_domain(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || c.is_ascii_control() && !c.is_ascii_whitespace()
    } else {
        // Pictures and symbols, too.
        c.is_alphanumeric() || matches!(c, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..)
    }
}

/// How long a domain is. One after `www.` must have a dot; none has a low line in
/// its last two parts.
fn domain_length(text: &str, needs_dot: bool) -> Option<usize> {
    let mut low_lines = (0, 0);
    let mut dots = 0;
    let mut length = 0;
    for (at, c) in text.char_indices() {
        length = at;
        if at > MAX_DOMAIN_BYTES {
            return None;
        }
        // The last character is not looked at, as the reference does.
        if at + c.len_utf8() == text.len() {
            break;
        }
        match c {
            _ if at == 0 => {}
            '_' => low_lines.1 += 1,
            '.' => {
                low_lines = (low_lines.1, 0);
                dots += 1;
            }
            '-' => {}
            _ if is_of_domain(c) => {}
            _ => break,
        }
    }
    (low_lines == (0, 0) && (dots > 0 || !needs_dot)).then_some(length.max(1).min(text.len()))
}

/// The length of an address without the punctuation of the sentence around it.
fn without_end(address: &str) -> usize {
    let count = |wanted: u8| address.bytes().filter(|byte| *byte == wanted).count();
    let (opening, mut closing) = (count(b'('), count(b')'));
    let bytes = address.as_bytes();
    let mut end = bytes.len();
    while let Some(last) = end.checked_sub(1).and_then(|at| bytes.get(at)) {
        match last {
            b'?' | b'!' | b'.' | b',' | b':' | b'*' | b'_' | b'~' | b'\'' | b'"' => end -= 1,
            b';' => {
                let before = bytes.get(..end - 1).unwrap_or_default();
                let letters = before
                    .iter()
                    .rev()
                    .take_while(|byte| byte.is_ascii_alphabetic());
                let letters = letters.count();
                let start = before.len() - letters;
                let is_entity = letters > 0
                    && start.checked_sub(1).and_then(|at| before.get(at)) == Some(&b'&');
                end = if is_entity { start - 1 } else { end - 1 };
            }
            b')' if closing > opening => {
                closing -= 1;
                end -= 1;
            }
            _ => break,
        }
    }
    end
}

/// The items with the mail addresses in their texts made links.
fn with_mail(items: Vec<Item<'_>>) -> Vec<Item<'_>> {
    let mut out = Gather::new("");
    let mut in_link = 0_usize;
    for item in items {
        match item {
            Item::Words(words, range) if in_link == 0 && words.text.contains('@') => {
                mails(&mut out, &words, range);
            }
            Item::Words(words, range) => out.words(words, range),
            Item::Other(piece, range) => {
                match &piece {
                    Piece::Event(Event::Start(Tag::Link { .. } | Tag::Image { .. })) => {
                        in_link += 1;
                    }
                    Piece::Event(Event::End(TagEnd::Link | TagEnd::Image)) => {
                        in_link = in_link.saturating_sub(1);
                    }
                    _ => {}
                }
                out.other(piece, range);
            }
        }
    }
    out.finish()
}

fn mails(out: &mut Gather<'_, '_>, words: &Words, range: Range<usize>) {
    let text = words.text.as_str();
    let (mut at, mut from) = (0, 0);
    while let Some(sign) = text.get(from..).and_then(|rest| rest.find('@')) {
        let sign = from + sign;
        from = sign + 1;
        let Some(mail) = mail(text, at, sign) else {
            continue;
        };
        out.words(words.part(at, mail.start), range.clone());
        let address = text.get(mail.clone()).unwrap_or_default();
        let scheme = if address.starts_with(MAILTO) {
            ""
        } else {
            MAILTO
        };
        out.link(format!("{scheme}{address}"), address, range.clone());
        (at, from) = (mail.end, mail.end);
    }
    out.words(words.part(at, text.len()), range);
}

const MAILTO: &str = "mailto:";

/// The mail address around an `@`.
fn mail(text: &str, floor: usize, sign: usize) -> Option<Range<usize>> {
    let before = text.get(floor..sign)?;
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || b".+-_".contains(byte);
    let length = before.bytes().rev().take_while(name).count();
    let outside = before.get(..before.len() - length)?;
    if length == 0 || outside.ends_with('/') {
        return None;
    }
    let mut start = sign - length;
    if outside.ends_with(MAILTO) {
        start -= MAILTO.len();
    }
    let after = text.as_bytes().get(sign + 1..)?;
    let mut dots = 0;
    let mut host = 0;
    for (at, byte) in after.iter().enumerate() {
        let next = after.get(at + 1);
        match byte {
            b'@' => return None,
            b'.' if next.is_some_and(u8::is_ascii_alphanumeric) => dots += 1,
            b'-' | b'_' => {}
            byte if byte.is_ascii_alphanumeric() => {}
            _ => break,
        }
        host = at + 1;
    }
    let last = host.checked_sub(1).and_then(|at| after.get(at))?;
    if dots == 0 || !last.is_ascii_alphabetic() {
        return None;
    }
    Some(start..sign + 1 + host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_before_the_sentence_around_it() {
        for (address, expected) in [
            ("http://a.b/c.", "http://a.b/c"),
            ("http://a.b/c_(d)", "http://a.b/c_(d)"),
            ("http://a.b/c))", "http://a.b/c"),
            ("http://a.b/?q=1&amp;", "http://a.b/?q=1"),
            ("http://a.b/?q=1;", "http://a.b/?q=1"),
            ("http://a.b/'\"!?", "http://a.b/"),
        ] {
            assert_eq!(&address[..without_end(address)], expected);
        }
    }

    #[test]
    fn a_mail_address_has_a_name_and_a_host_with_a_dot() {
        for (text, expected) in [
            ("ada@e.org", Some("ada@e.org")),
            ("to mailto:ada@e.org.", Some("mailto:ada@e.org")),
            ("a.b-c_d+e@e.org", Some("a.b-c_d+e@e.org")),
            ("ada@e", None),
            ("@e.org", None),
            ("/ada@e.org", None),
            ("ada@e.org-", None),
            ("ada@e.org@f.org", None),
        ] {
            let found = text.find('@').and_then(|at| mail(text, 0, at));
            assert_eq!(found.map(|range| &text[range]), expected, "{text:?}");
        }
    }
}
