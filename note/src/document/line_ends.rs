//! Carriage returns that an update brought: no editor of ours writes one, other
//! clients may.

use super::Document;
use crate::edit::Edit;
use crate::line_ends::normalise_line_ends;

/// Places that are mended one by one; more are mended as one piece, from the first to
/// the last, for each edit is a change of its own to everybody.
const MAX_PLACES: usize = 64;

impl Document {
    /// The edits that make every `\r\n` and every `\r` a `\n`; none, and no walk over
    /// the text's characters, where there is no such line end.
    pub fn line_end_edits(&self) -> Vec<Edit> {
        let edit = |(at, followed): (usize, bool)| {
            let unit = self.unit_at(at)?;
            let insert = if followed { "" } else { "\n" };
            Some(Edit::new(unit, unit + 1, insert))
        };
        let found = self.rope.carriage_returns();
        let edits: Option<Vec<Edit>> = found.take(MAX_PLACES + 1).map(edit).collect();
        let edits = edits.unwrap_or_default();
        if edits.len() <= MAX_PLACES {
            return edits;
        }
        self.mended_as_one().into_iter().collect()
    }

    fn mended_as_one(&self) -> Option<Edit> {
        let (first, _) = self.rope.carriage_returns().next()?;
        let (last, followed) = self.rope.carriage_returns().last()?;
        let end = last + if followed { 2 } else { 1 };
        let piece = self.slice(first, end)?;
        let (from, to) = (self.unit_at(first)?, self.unit_at(end)?);
        Some(Edit::new(from, to, normalise_line_ends(&piece)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ClientId;

    /// A document of this text, and the text with its edits made.
    fn mended(text: &str) -> (usize, String) {
        let mut document = Document::new(ClientId(7));
        document.edit(&[Edit::new(0, 0, text)]).unwrap();
        let edits = document.line_end_edits();
        if !edits.is_empty() {
            document.edit(&edits).unwrap();
        }
        (edits.len(), document.text())
    }

    #[test]
    fn the_edits_lead_to_the_normalised_text() {
        for text in [
            "",
            "a\nb",
            "\r",
            "\r\n",
            "\n\r",
            "\r\r\n\r",
            "😀\r\né\r漢\r\n",
        ] {
            let (count, now) = mended(text);
            assert_eq!(now, normalise_line_ends(text), "{text:?}");
            assert_eq!(count, text.matches('\r').count(), "{text:?}");
        }
    }

    #[test]
    fn many_are_mended_as_one_piece() {
        for piece in ["😀\r\n", "\r", "b\rc"] {
            let text = format!("a\n{}\nend", piece.repeat(5_000));
            let (count, now) = mended(&text);
            assert_eq!(now, normalise_line_ends(&text), "{piece:?}");
            assert_eq!(count, 1, "{piece:?}");
        }
    }
}
