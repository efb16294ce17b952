//! The boxes of tasks: which one somebody means who saw an earlier view, and where
//! in the source it stands.

use std::ops::Range;

use super::{Untraced, View};

/// A task's box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskBox {
    /// The character between its brackets, in bytes of the source.
    pub range: Range<usize>,
    /// Whether it is ticked.
    pub done: bool,
}

impl View {
    /// The box that somebody means: of a block in the view of a revision, the one whose
    /// mark stood at this byte of the block's section, as `data-at` says.
    pub fn task(&self, revision: u64, block: usize, at: usize) -> Result<TaskBox, Untraced> {
        let (block, at) = self.trace(revision, block, at)?;
        let (start, mut sections) = self.sections.from(block);
        let section = sections.next().ok_or(Untraced::Gone)?;
        // Only a box has it: what somebody wrote is shown with its quotes escaped.
        if !section.block.html.contains(&format!(" data-at=\"{at}\"")) {
            return Err(Untraced::Gone);
        }
        let rest = section.text.get(at..).unwrap_or_default();
        let mark = rest.chars().next().ok_or(Untraced::Gone)?;
        let start = start + at;
        Ok(TaskBox {
            range: start..start + mark.len_utf8(),
            done: matches!(mark, 'x' | 'X'),
        })
    }
}
