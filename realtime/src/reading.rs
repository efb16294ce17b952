//! A note as it reads, and the bytes in which it is stored and handed on: what is said of
//! it as JSON in one line, and its texts behind that as they are. They may be long, and
//! escaping them costs more than all the rest.

use serde::{Deserialize, Serialize};

use crate::chat::Message;

/// A note as it stands, for a page or an export.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Version of the note.
    pub version: u64,
    /// Revision of the view.
    pub revision: u64,
    /// Title as shown.
    pub title: String,
    /// First words of the text, for cards.
    pub excerpt: String,
    /// The language that the note says it is in.
    #[serde(default)]
    pub lang: Option<String>,
    /// What the note says to robots.
    #[serde(default)]
    pub robots: Option<String>,
    /// The beginning of the source, to be shown until the editor is there; empty unless the
    /// view was asked for.
    #[serde(default)]
    pub beginning: String,
    /// Markdown source; empty unless it was asked for.
    #[serde(skip)]
    pub text: String,
    /// Rendered view, one element a block; empty unless it was asked for.
    #[serde(skip)]
    pub html: String,
    /// The newest messages of a chat room, rendered; none unless a view was asked
    /// for.
    #[serde(default)]
    pub messages: Vec<Message>,
}

impl Reading {
    /// In bytes.
    ///
    /// # Errors
    /// None that is known.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let lengths = [self.text.len(), self.html.len()];
        let mut bytes = serde_json::to_vec(&(self, lengths))?;
        bytes.reserve_exact(1 + self.text.len() + self.html.len());
        bytes.push(b'\n');
        bytes.extend_from_slice(self.text.as_bytes());
        bytes.extend_from_slice(self.html.as_bytes());
        Ok(bytes)
    }

    /// From its bytes; `None` if they are none.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let line = bytes.iter().position(|byte| *byte == b'\n')?;
        let (head, rest) = bytes.split_at_checked(line)?;
        let (mut reading, [text_bytes, html_bytes]): (Self, [usize; 2]) =
            serde_json::from_slice(head).ok()?;
        let (text, html) = rest.get(1..)?.split_at_checked(text_bytes)?;
        if html.len() != html_bytes {
            return None;
        }
        reading.text = std::str::from_utf8(text).ok()?.to_owned();
        reading.html = std::str::from_utf8(html).ok()?.to_owned();
        Some(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reading_is_what_its_bytes_say() {
        let reading = Reading {
            version: 7,
            title: "Two\nlines, \"quoted\"".to_owned(),
            text: "# Tea\n\n漢".to_owned(),
            html: "<h1>Tea</h1>\n<p>漢</p>".to_owned(),
            ..Reading::default()
        };
        let bytes = reading.to_bytes().unwrap();
        assert_eq!(Reading::from_bytes(&bytes), Some(reading));
        let nothing = Reading::default();
        assert_eq!(
            Reading::from_bytes(&nothing.to_bytes().unwrap()),
            Some(nothing)
        );
    }

    #[test]
    fn other_bytes_are_none() {
        let reading = Reading {
            text: "漢".to_owned(),
            html: "<p>漢</p>".to_owned(),
            ..Reading::default()
        };
        let bytes = reading.to_bytes().unwrap();
        for end in 0..bytes.len() {
            assert_eq!(Reading::from_bytes(&bytes[..end]), None, "cut at {end}");
        }
        assert_eq!(Reading::from_bytes(b"{}\n"), None);
    }
}
