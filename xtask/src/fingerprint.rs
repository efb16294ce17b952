//! What a file or folder holds, in a few characters: it names what browsers may
//! keep for ever, and tells a step that its work has been done already.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// Enough characters that two builds never share a name.
const NAME_LENGTH: usize = 16;

/// Gathers contents in order.
#[derive(Default)]
pub(crate) struct Fingerprint(Sha256);

impl Fingerprint {
    /// Takes in words, such as the version or the flags of a tool.
    pub(crate) fn words(mut self, words: &[&str]) -> Self {
        for word in words {
            self.0.update(word.len().to_le_bytes());
            self.0.update(word);
        }
        self
    }

    /// Takes in a file's content.
    pub(crate) fn file(mut self, path: &Path) -> Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("could not read {}", path.display()))?;
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
        Ok(self)
    }

    /// Takes in the names and contents of all files below a folder.
    pub(crate) fn folder(self, folder: &Path) -> Result<Self> {
        files_below(folder)?.iter().try_fold(self, |print, path| {
            let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
            print.words(&[&name]).file(path)
        })
    }

    /// The characters.
    pub(crate) fn finish(self) -> String {
        let mut text = format!("{:x}", self.0.finalize());
        text.truncate(NAME_LENGTH);
        text
    }
}

/// Remembers in a file beside an output what the output was made from.
pub(crate) struct Stamp(PathBuf);

impl Stamp {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self(path)
    }

    pub(crate) fn says(&self, fingerprint: &str) -> bool {
        fs::read_to_string(&self.0).is_ok_and(|found| found == fingerprint)
    }

    pub(crate) fn write(&self, fingerprint: &str) -> Result<()> {
        fs::write(&self.0, fingerprint)
            .with_context(|| format!("could not write {}", self.0.display()))
    }
}

/// All files below a folder, sorted; none when the folder does not exist.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Makes a folder that holds nothing.
pub(crate) fn empty_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)
            .with_context(|| format!("could not empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("could not make {}", folder.display()))
}
