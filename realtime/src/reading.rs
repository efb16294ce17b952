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

/// A reading whose texts stay the bytes that they came as, for who only hands them on.
#[derive(Debug, PartialEq, Eq)]
pub struct Sealed {
    /// All but the texts, which are empty here.
    pub head: Reading,
    lengths: [usize; 2],
    bytes: Vec<u8>,
    /// Where in the bytes the texts begin.
    texts_at: usize,
}

impl Sealed {
    /// From the bytes of a reading; `None` if they are none. That the texts are UTF-8 is
    /// left to who opens it.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        let line = bytes.iter().position(|byte| *byte == b'\n')?;
        let (head, lengths): (Reading, [usize; 2]) =
            serde_json::from_slice(bytes.get(..line)?).ok()?;
        let texts_at = line.checked_add(1)?;
        let sealed = Self {
            head,
            lengths,
            bytes,
            texts_at,
        };
        let [text_bytes, html_bytes] = lengths;
        let is_whole = text_bytes.checked_add(html_bytes) == Some(sealed.texts().len());
        is_whole.then_some(sealed)
    }

    /// In bytes, with what the head says now.
    ///
    /// # Errors
    /// None that is known.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        joined(&self.head, self.lengths, &[self.texts()])
    }

    fn texts(&self) -> &[u8] {
        self.bytes.get(self.texts_at..).unwrap_or_default()
    }

    fn open(self) -> Option<Reading> {
        let [text_bytes, _] = self.lengths;
        let (text, html) = self.texts().split_at_checked(text_bytes)?;
        let [text, html] = [text, html].map(|it| std::str::from_utf8(it).ok().map(str::to_owned));
        Some(Reading {
            text: text?,
            html: html?,
            ..self.head
        })
    }
}

fn joined(head: &Reading, lengths: [usize; 2], texts: &[&[u8]]) -> serde_json::Result<Vec<u8>> {
    let mut bytes = serde_json::to_vec(&(head, lengths))?;
    bytes.reserve_exact(texts.iter().fold(1, |sum, text| sum + text.len()));
    bytes.push(b'\n');
    for text in texts {
        bytes.extend_from_slice(text);
    }
    Ok(bytes)
}

impl Reading {
    /// In bytes.
    ///
    /// # Errors
    /// None that is known.
    pub fn to_bytes(&self) -> serde_json::Result<Vec<u8>> {
        let texts = [self.text.as_bytes(), self.html.as_bytes()];
        joined(self, texts.map(<[u8]>::len), &texts)
    }

    /// From its bytes; `None` if they are none.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        Sealed::from_bytes(bytes)?.open()
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
        assert_eq!(Reading::from_bytes(bytes), Some(reading));
        let nothing = Reading::default();
        assert_eq!(
            Reading::from_bytes(nothing.to_bytes().unwrap()),
            Some(nothing)
        );
    }

    #[test]
    fn a_sealed_reading_takes_another_head() {
        let mut reading = Reading {
            revision: 1,
            text: "# Tea\n".to_owned(),
            html: "<h1>Tea</h1>\n".to_owned(),
            ..Reading::default()
        };
        let mut sealed = Sealed::from_bytes(reading.to_bytes().unwrap()).unwrap();
        assert_eq!((&*sealed.head.text, &*sealed.head.html), ("", ""));
        reading.revision = 20_000;
        sealed.head.revision = 20_000;
        assert_eq!(sealed.to_bytes().unwrap(), reading.to_bytes().unwrap());
    }

    #[test]
    fn texts_are_utf_8_when_they_are_opened() {
        let reading = Reading {
            html: "<p>é</p>".to_owned(),
            ..Reading::default()
        };
        let mut bytes = reading.to_bytes().unwrap();
        let at = bytes.len() - "</p>".len() - 1;
        bytes[at] = b'x';
        assert!(Sealed::from_bytes(bytes.clone()).is_some());
        assert_eq!(Reading::from_bytes(bytes), None);
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
            assert_eq!(
                Reading::from_bytes(bytes[..end].to_vec()),
                None,
                "cut at {end}"
            );
        }
        assert_eq!(Reading::from_bytes(b"{}\n".to_vec()), None);
    }
}
