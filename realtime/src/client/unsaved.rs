//! Own edits that are not acknowledged, oldest first: which frame carries each, and
//! what the device may forget once that frame is stored.

use std::collections::VecDeque;

use super::Command;
use crate::session::Timestamp;

/// Edits that wait, and a way to say which.
#[derive(Debug)]
struct Waits {
    /// The document frame of the present socket that carries them, once sent.
    frame: Option<u64>,
    made_at: Timestamp,
    /// How many.
    edits: u32,
    whose: Whose,
}

/// Which page made an edit.
#[derive(Debug)]
enum Whose {
    /// This one, as its how-manieth.
    Mine(u64),
    /// An earlier one, which kept edits up to a number.
    Of(String, u64),
}

/// The queue.
#[derive(Debug, Default)]
pub(super) struct Unsaved {
    queue: VecDeque<Waits>,
    made: u64,
}

impl Unsaved {
    /// An edit was made here; gives its number.
    pub(super) fn made(&mut self, frame: Option<u64>, now: Timestamp) -> u64 {
        self.made = self.made.saturating_add(1);
        self.queue.push_back(Waits {
            frame,
            made_at: now,
            edits: 1,
            whose: Whose::Mine(self.made),
        });
        self.made
    }

    /// What an earlier page kept was merged here.
    pub(super) fn brought(&mut self, page: String, through: u64, edits: u32, now: Timestamp) {
        self.queue.push_back(Waits {
            frame: None,
            made_at: now,
            edits,
            whose: Whose::Of(page, through),
        });
    }

    /// The socket is gone, and with it what it carried.
    pub(super) fn unsent(&mut self) {
        for waits in &mut self.queue {
            waits.frame = None;
        }
    }

    /// A frame carries everything.
    pub(super) fn sent_in(&mut self, frame: u64) {
        for waits in &mut self.queue {
            waits.frame = Some(frame);
        }
    }

    /// Frames up to this one are stored: takes out what they carried, and says what of
    /// it the device may forget.
    pub(super) fn saved(&mut self, through: u64) -> Vec<Command> {
        let mut commands = Vec::new();
        let mut mine = None;
        let is_stored = |waits: &mut Waits| waits.frame.is_some_and(|frame| frame <= through);
        while let Some(stored) = self.queue.pop_front_if(is_stored) {
            match stored.whose {
                Whose::Mine(number) => mine = Some(number),
                Whose::Of(page, through) => commands.push(Command::ForgetOf { page, through }),
            }
        }
        commands.extend(mine.map(|through| Command::Forget { through }));
        commands
    }

    pub(super) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    pub(super) fn edits(&self) -> u32 {
        let edits = self.queue.iter().map(|waits| waits.edits);
        edits.fold(0, u32::saturating_add)
    }

    pub(super) fn since(&self) -> Option<Timestamp> {
        self.queue.front().map(|waits| waits.made_at)
    }

    /// How many are on the device, when that has those of this page up to a number.
    pub(super) fn kept(&self, number: u64) -> u32 {
        let kept = self.queue.iter().filter(|waits| match waits.whose {
            Whose::Mine(mine) => mine <= number,
            Whose::Of(..) => true,
        });
        kept.map(|waits| waits.edits).fold(0, u32::saturating_add)
    }

    /// Whether edits of this page wait that are newer than a number.
    pub(super) fn newer_than(&self, number: u64) -> bool {
        let newest = self.queue.iter().rev().find_map(|waits| match waits.whose {
            Whose::Mine(newest) => Some(newest),
            Whose::Of(..) => None,
        });
        newest.is_some_and(|newest| newest > number)
    }

    /// The earlier pages whose edits wait.
    pub(super) fn pages(&self) -> Vec<String> {
        let whose = self.queue.iter().filter_map(|waits| match &waits.whose {
            Whose::Of(page, _) => Some(page.clone()),
            Whose::Mine(_) => None,
        });
        whose.collect()
    }
}
