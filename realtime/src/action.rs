//! Server actions: what a request may do to a note without a socket. Each goes
//! through the room like a frame does.

use note::edit::Edit;
use serde::{Deserialize, Serialize};

use crate::access::Admission;
use crate::refusal::Refusal;

/// Longest title in characters.
pub const MAX_TITLE_CHARS: usize = 200;

/// A title as a note keeps it: spaces folded, control characters left out.
///
/// # Errors
/// [`Refusal::TooLarge`] for more than [`MAX_TITLE_CHARS`]: cut, it would say something
/// else than was meant.
pub fn clean_title(title: &str) -> Result<String, Refusal> {
    let folded = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean: String = folded.chars().filter(|c| !c.is_control()).collect();
    if clean.chars().count() > MAX_TITLE_CHARS {
        return Err(Refusal::TooLarge);
    }
    Ok(clean)
}

/// Something to do to a note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Action {
    /// Give a new note its text. Refused when it already has another one.
    Create {
        /// Markdown source, line ends `\n`.
        text: String,
    },
    /// Change the text at these places of the current text.
    Edit {
        /// Ascending, not overlapping.
        edits: Vec<Edit>,
    },
    /// Carry over what somebody changed from `base` to `text`, keeping what
    /// others changed meanwhile: the form of a page without scripts.
    Merge {
        /// The text the change started from.
        base: String,
        /// The text it led to.
        text: String,
    },
    /// Carry over what somebody made of a version they read, keeping what others
    /// changed meanwhile: a program, or an editor on a file.
    Replace {
        /// The version they read, of the last 24 hours.
        version: u64,
        /// What they made of it, line ends `\n`.
        text: String,
    },
    /// Add to the end, as it is.
    Append {
        /// Markdown source, line ends `\n`.
        text: String,
    },
    /// Set the title; empty goes back to the first heading.
    SetTitle {
        /// As it was written; [`clean_title`] says how it is kept.
        title: String,
    },
    /// Tick a task's box in the view, or take its tick away.
    Tick(Tick),
    /// My name or colour changed: `Admission::person` is who I am now.
    Introduce,
}

/// An action and who does it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Who, with what right.
    pub by: Admission,
    /// What.
    pub action: Action,
}

/// A box that somebody pressed in the view that they were shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick {
    /// The revision they were shown.
    pub revision: u64,
    /// Which block of it.
    pub block: usize,
    /// Which box of the block: its `data-at`.
    pub at: usize,
    /// Whether it is to be ticked.
    pub done: bool,
}

/// What became of a box that was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ticked {
    /// It is as was wanted, since just now.
    Now,
    /// It was so already: somebody pressed twice, or two did at once.
    Already,
    /// Somebody took it out of the text meanwhile.
    Gone,
    /// The view it was pressed in is not known any more.
    TooOld,
}

/// What an action led to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Version of the note afterwards.
    pub version: u64,
    /// Title as shown afterwards.
    pub title: String,
    /// What became of a box, if it was about one.
    #[serde(default)]
    pub ticked: Option<Ticked>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_folded_before_it_is_counted() {
        assert_eq!(
            clean_title(" Tea \n\t at\u{7} four ").as_deref(),
            Ok("Tea at four")
        );
        assert_eq!(clean_title(" \u{7} ").as_deref(), Ok(""));
        let longest = "é".repeat(MAX_TITLE_CHARS);
        assert_eq!(clean_title(&format!("  {longest}\n")), Ok(longest));
    }

    #[test]
    fn a_longer_title_is_refused_and_not_cut() {
        let long = "é".repeat(MAX_TITLE_CHARS + 1);
        assert_eq!(clean_title(&long), Err(Refusal::TooLarge));
    }
}
