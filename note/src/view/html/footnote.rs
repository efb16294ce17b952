//! Footnotes: numbers that lead to them, and they themselves.

use super::super::address::ID_PREFIX;
use super::super::definitions::{Numbering, fold};
use super::{Writer, escape};

impl Writer<'_> {
    pub(super) fn footnote_reference(&mut self, label: &str) {
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

    pub(super) fn start_footnote(&mut self, label: &str) {
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

/// A label as part of an id: no two labels that differ share one.
fn slug(label: &str) -> String {
    let mut slug = String::new();
    for c in fold(label).chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '-' | '_') {
            slug.push(c);
        } else {
            slug.push_str(&format!(".{:x}.", u32::from(c)));
        }
    }
    slug
}
