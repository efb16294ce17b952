//! A zip made while it is sent: names for the notes in it, and their bytes as they
//! come, so that no archive is ever held as a whole.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use zip::CompressionMethod;
use zip::result::ZipError;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

/// Longest name of a note's file, characters.
const MAX_NAME_CHARS: usize = 80;

/// What file systems do not take in a name.
const NOT_IN_NAMES: [char; 9] = ['/', '\\', ':', '*', '?', '"', '<', '>', '|'];

/// Names Windows keeps for devices, whatever follows a dot.
const DEVICES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// Names given out once each; case does not tell two apart.
#[derive(Debug, Default)]
pub struct Names {
    given: BTreeSet<String>,
}

impl Names {
    /// A path in a folder for a note of this title.
    pub fn give(&mut self, folder: &str, title: &str) -> String {
        let stem = stem(title);
        let mut path = format!("{folder}/{stem}.md");
        let mut count = 1;
        while !self.given.insert(path.to_lowercase()) {
            count += 1;
            path = format!("{folder}/{stem} ({count}).md");
        }
        path
    }
}

/// The name of a note's file by itself.
#[must_use]
pub fn file_name(title: &str, kind: &str) -> String {
    format!("{}.{kind}", stem(title))
}

/// A title as every file system takes it.
fn stem(title: &str) -> String {
    let allowed = |c: char| {
        if c.is_control() || NOT_IN_NAMES.contains(&c) {
            ' '
        } else {
            c
        }
    };
    let words: String = title.chars().map(allowed).collect();
    let words: Vec<&str> = words.split_whitespace().collect();
    let short: String = words.join(" ").chars().take(MAX_NAME_CHARS).collect();
    let stem = short.trim_matches(['.', ' ']);
    let before_dot = stem.split('.').next().unwrap_or_default().to_lowercase();
    if stem.is_empty() {
        "Untitled".to_owned()
    } else if DEVICES.contains(&before_dot.as_str()) {
        format!("{stem}_")
    } else {
        stem.to_owned()
    }
}

/// The bytes a zip writer has written and nobody has taken yet.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        written.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An archive in the making. Files are stored as they are: what sends them packs
/// them better.
pub struct Archive {
    zip: ZipWriter<StreamWriter<Written>>,
    written: Written,
}

impl Default for Archive {
    fn default() -> Self {
        let written = Written::default();
        Self {
            zip: ZipWriter::new_stream(written.clone()),
            written,
        }
    }
}

impl Archive {
    /// Adds a file; returns the next bytes of the archive.
    ///
    /// # Errors
    /// When the archive is larger than the format can say.
    pub fn add(&mut self, path: &str, text: &str) -> Result<Vec<u8>, ZipError> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        self.zip.start_file(path, options)?;
        self.zip.write_all(text.as_bytes())?;
        Ok(self.written.take())
    }

    /// Ends the archive; returns its last bytes.
    ///
    /// # Errors
    /// As [`Archive::add`].
    pub fn finish(self) -> Result<Vec<u8>, ZipError> {
        self.zip.finish()?;
        Ok(self.written.take())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn names_are_such_as_every_file_system_takes_and_none_is_given_twice() {
        let mut names = Names::default();
        let mut give = |title: &str| names.give("notes", title);
        assert_eq!(give("Plans"), "notes/Plans.md");
        assert_eq!(give("plans"), "notes/plans (2).md");
        assert_eq!(give("Plans"), "notes/Plans (3).md");
        assert_eq!(give("a/b\\c: \"d\"\n\u{0}"), "notes/a b c d.md");
        assert_eq!(give("../../etc/passwd"), "notes/etc passwd.md");
        assert_eq!(give("  ... "), "notes/Untitled.md");
        assert_eq!(give("CON.txt"), "notes/CON.txt_.md");
        assert_eq!(give("Größe 🙂"), "notes/Größe 🙂.md");
        assert_eq!(give(&"x".repeat(500)).len(), "notes/.md".len() + 80);
    }

    #[test]
    fn an_archive_sent_in_pieces_is_read_as_one() {
        let mut archive = Archive::default();
        let mut bytes = archive.add("notes/a.md", "# A\n").unwrap();
        bytes.extend(archive.add("notes/ü.md", "").unwrap());
        bytes.extend(archive.finish().unwrap());
        let mut read = zip::ZipArchive::new(io::Cursor::new(bytes)).unwrap();
        let names: Vec<String> = read
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        assert_eq!(names, ["notes/a.md", "notes/ü.md"]);
        let mut text = String::new();
        let mut file = read.by_name("notes/a.md").unwrap();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "# A\n");
    }
}
