//! Keeping edits on the device until they are stored, and merging what earlier
//! pages kept (D). The shell writes and reads; what is kept, what is merged and what
//! stays apart is decided here.

use note::UpdateError;
use uuid::Uuid;

use super::kept::{Apart, Found, KeptEdit, WhyApart};
use super::kept_note::MADE_HERE;
use super::{Back, Client, Command, OnDevice, Output};
use crate::access::Access;
use crate::session::Timestamp;

/// The code with which a page closes itself: the note was made anew behind it (D4).
pub const REMADE: u16 = 4409;
/// The server's answer waits so long for a device that is slow to say what it has.
const DEVICE_WITHIN_MS: u64 = 2_000;

/// How this device stands to keeping.
#[derive(Debug, Default, PartialEq, Eq)]
enum Device {
    /// Nobody keeps anything for this client.
    #[default]
    Absent,
    /// It has not said yet what it has.
    Asked,
    /// It keeps.
    Works,
    /// It does not.
    Fails,
}

/// What the client knows of the device, and of what decides about merging.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    device: Device,
    /// What earlier pages kept and nobody has decided on yet.
    found: Vec<Found>,
    apart: Vec<Apart>,
    /// Own edits up to this one are on the device.
    kept_through: u64,
    /// Who the server takes this page for, what it may, and for which document.
    met: Option<(Uuid, Access, String)>,
    /// The server's state vectors, until they are answered: each is, for a room that was
    /// opened anew meanwhile waits for an answer of its own.
    pub(super) asked: Vec<Vec<u8>>,
    /// The server's step 2 came on this socket.
    pub(super) stepped: bool,
    opened_at: Timestamp,
    /// The line was lost after the text was here, or something was found.
    returning: bool,
    /// What others changed is counted: it is the first step 2 after an absence.
    counts: bool,
    /// The text here came from the device, and the server has not greeted since.
    pub(super) from_device: bool,
    /// It did, and no step 2 of the server was taken in since.
    pub(super) unsynced: bool,
    merging: u32,
    coming_in: u32,
    back: Option<Back>,
}

impl Keeping {
    pub(super) fn opened(&mut self, now: Timestamp) {
        self.opened_at = now;
        self.asked.clear();
        self.stepped = false;
        self.counts = self.returning;
        self.coming_in = 0;
    }

    pub(super) fn closed(&mut self, ready: bool) {
        self.asked.clear();
        self.stepped = false;
        self.returning |= ready;
    }

    pub(super) fn met(&mut self, person: Uuid, access: Access, generation: String) {
        self.met = Some((person, access, generation));
    }

    /// The server changed what this page may.
    pub(super) fn set_access(&mut self, access: Access) {
        if let Some((_, may, _)) = &mut self.met {
            *may = access;
        }
    }

    /// Whether what is written here will be stored, as far as this page knows.
    pub(super) fn may_write(&self) -> bool {
        (self.met.as_ref()).is_none_or(|(_, access, _)| access.can_write())
    }

    /// Who this page is, as far as it knows.
    pub(super) fn person(&self) -> Option<Uuid> {
        self.met.as_ref().map(|(person, ..)| *person)
    }

    /// The document this page has, as far as it knows.
    pub(super) fn generation(&self) -> Option<&str> {
        self.met
            .as_ref()
            .map(|(_, _, generation)| generation.as_str())
    }

    /// Why what the device said is not what the server says; none where it is. Of a note that
    /// was made here it may say anything.
    pub(super) fn differs(
        &self,
        person: Uuid,
        access: Access,
        generation: &str,
    ) -> Option<WhyApart> {
        let (known, could, of) = self.met.as_ref()?;
        let lowered = could.can_write() && !access.can_write() && !self.found.is_empty();
        if of == MADE_HERE {
            None
        } else if of != generation {
            Some(WhyApart::OtherDocument)
        } else if *known != person {
            Some(WhyApart::OtherPerson)
        } else {
            lowered.then_some(WhyApart::NotAllowed)
        }
    }

    /// Others' edits arrived.
    pub(super) fn came_in(&mut self, edits: usize) {
        if self.counts {
            let edits = u32::try_from(edits).unwrap_or(u32::MAX);
            self.coming_in = self.coming_in.saturating_add(edits);
        }
    }

    /// The first step 2 of this socket was taken in.
    pub(super) fn has_stepped(&mut self) {
        self.stepped = true;
        self.unsynced = false;
        self.counts = false;
    }

    /// Nothing waits any longer.
    pub(super) fn all_saved(&mut self, now: Timestamp) {
        if self.merging > 0 {
            self.back = Some(Back {
                at: now,
                merged: self.merging,
                came_in: self.coming_in,
            });
        }
        self.merging = 0;
        self.coming_in = 0;
    }

    pub(super) fn back(&self) -> Option<Back> {
        self.back
    }

    /// How many edits earlier pages kept that are not decided on.
    pub(super) fn found(&self) -> u32 {
        let edits = self.found.iter().map(Found::edits);
        edits.fold(0, u32::saturating_add)
    }

    pub(super) fn apart(&self) -> Option<Output> {
        (!self.apart.is_empty()).then(|| Output::Apart(self.apart.clone()))
    }

    /// Whether step 1 has to wait: for the device's word, or, where that is that
    /// something was kept, for the step 2 that the kept edits build on.
    fn answer_waits(&self, now: Timestamp) -> bool {
        match self.device {
            Device::Asked => now.saturating_sub(self.opened_at) < DEVICE_WITHIN_MS,
            _ => !self.found.is_empty() && !self.stepped,
        }
    }

    /// Why kept edits are not merged; none when they may be.
    fn keeps_apart(&self, kept: &Found) -> Option<WhyApart> {
        let first = kept.rows.first()?;
        let (person, access, generation) = self.met.as_ref()?;
        let of_another =
            |row: &KeptEdit| row.generation != *generation && row.generation != MADE_HERE;
        if kept.rows.iter().any(of_another) {
            Some(WhyApart::OtherDocument)
        } else if first.person != *person && !is_nobodys(first) {
            Some(WhyApart::OtherPerson)
        } else if !access.can_write() {
            Some(WhyApart::NotAllowed)
        } else {
            kept.doubtful.then_some(WhyApart::Refused)
        }
    }
}

/// Whether an edit is of a note that was made on a device that knew nobody yet.
fn is_nobodys(edit: &KeptEdit) -> bool {
    edit.generation == MADE_HERE && edit.person.is_nil()
}

impl Client {
    /// This page has a device to keep edits on, and will say what is there: to be
    /// called before the client starts.
    pub fn keeps(&mut self) {
        self.keeping.device = Device::Asked;
    }

    /// What earlier pages kept of this note. It is merged once, with the first sync
    /// that ends (D2).
    pub fn found(&mut self, found: Vec<Found>, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        self.keeping.device = Device::Works;
        let some = found.into_iter().filter(|kept| !kept.rows.is_empty());
        self.keeping.found.extend(some);
        self.put_apart_where_gone(&mut commands);
        if self.answered && !self.keeping.found.is_empty() {
            // The device was slow: what it has goes out with another step 2.
            self.start_again(now, &mut commands);
        } else {
            self.answer_when_due(now, &mut commands);
        }
        self.tell_status(&mut commands);
        commands
    }

    /// Own edits up to this number are on the device.
    pub fn kept(&mut self, through: u64) -> Vec<Command> {
        let mut commands = Vec::new();
        self.keeping.device = Device::Works;
        self.keeping.kept_through = self.keeping.kept_through.max(through);
        self.tell_status(&mut commands);
        commands
    }

    /// The device keeps nothing: storage is off, or full.
    pub fn not_kept(&mut self, now: Timestamp) -> Vec<Command> {
        let mut commands = Vec::new();
        self.keeping.device = Device::Fails;
        self.answer_when_due(now, &mut commands);
        self.tell_status(&mut commands);
        commands
    }

    /// Somebody has no more use for what a page kept.
    pub fn discard(&mut self, page: &str) -> Vec<Command> {
        let mut commands = Vec::new();
        self.keeping.apart.retain(|apart| {
            if apart.page == page {
                let (page, through) = (apart.page.clone(), apart.through);
                commands.push(Command::ForgetOf { page, through });
            }
            apart.page != page
        });
        let rest = self.keeping.apart.clone();
        commands.push(Command::Tell(Output::Apart(rest)));
        commands
    }

    /// Has the device keep an own edit.
    pub(super) fn keep(&self, number: u64, update: Vec<u8>, commands: &mut Vec<Command>) {
        let Some((person, _, generation)) = &self.keeping.met else {
            return;
        };
        if self.keeping.device != Device::Absent {
            commands.push(Command::Keep(KeptEdit {
                number,
                generation: generation.clone(),
                person: *person,
                update,
            }));
        }
    }

    /// Frames up to this one are stored: what they carried waits no longer, here and on
    /// the device.
    pub(super) fn forget_stored(&mut self, through: u64, commands: &mut Vec<Command>) {
        let forgets = self.unsaved.saved(through);
        if self.keeping.device != Device::Absent {
            commands.extend(forgets);
        }
    }

    /// Answers step 1 as soon as everything that belongs into the answer is here.
    pub(super) fn answer_when_due(&mut self, now: Timestamp, commands: &mut Vec<Command>) {
        if self.keeping.answer_waits(now) {
            return;
        }
        let asked = std::mem::take(&mut self.keeping.asked);
        if asked.is_empty() {
            return;
        }
        if self.keeping.stepped {
            self.merge_found(now, commands);
        }
        if self.keeping.returning && !self.answered {
            self.keeping.merging = self.unsaved.edits();
            self.keeping.returning = false;
        }
        for state_vector in asked {
            self.answer_step_1(&state_vector, now, commands);
        }
    }

    /// Merges what earlier pages kept, and puts apart what may not be merged.
    fn merge_found(&mut self, now: Timestamp, commands: &mut Vec<Command>) {
        for mut kept in std::mem::take(&mut self.keeping.found) {
            if let Some(why) = self.keeping.keeps_apart(&kept) {
                self.keeping.apart.push(kept.apart(why));
                continue;
            }
            let mut edits = 0;
            let mut merged = None;
            let failed = kept.rows.iter().position(|row| {
                let taken = self.take_kept(&row.update, commands).is_ok();
                if taken {
                    edits += 1;
                    merged = Some(row.number);
                }
                !taken
            });
            if let Some(through) = merged {
                self.unsaved.brought(kept.page.clone(), through, edits, now);
                self.keeping.returning = true;
            }
            if let Some(failed) = failed {
                kept.rows.drain(..failed);
                self.keeping.apart.push(kept.apart(WhyApart::Gap));
            }
        }
        commands.extend(self.keeping.apart().map(Command::Tell));
    }

    pub(super) fn take_kept(
        &mut self,
        update: &[u8],
        commands: &mut Vec<Command>,
    ) -> Result<(), UpdateError> {
        let checked = self.doc.check_of_any_size(update)?;
        if checked.adds_anything() {
            let edits = self.doc.apply_located(&checked)?;
            if self.ready && !edits.is_empty() {
                commands.push(Command::Tell(Output::Edits(edits)));
            }
        }
        Ok(())
    }

    /// The server closed for good on what it was sent. If that may have been what an
    /// earlier page kept, the next page does not send it again (D3).
    pub(super) fn doubt(&self, code: u16, commands: &mut Vec<Command>) {
        let pages = self.unsaved.pages();
        let malformed = code == crate::Refusal::Malformed.close_code();
        let too_large = code == crate::Refusal::TooLarge.close_code();
        if (malformed || too_large) && !pages.is_empty() {
            commands.push(Command::Doubt { pages });
        }
    }

    /// Whether the server has another document than the one this page holds.
    pub(super) fn is_other_document(&self, generation: &str) -> bool {
        let known = self.keeping.met.as_ref();
        let is_other = |known: &str| known != generation && known != MADE_HERE;
        self.ready && known.is_some_and(|(_, _, known)| is_other(known))
    }

    /// Syncs nothing, for good: merged into another document, the text would be there twice,
    /// and others' edits are not this person's to send.
    pub(super) fn end_with(&mut self, why: WhyApart, now: Timestamp, commands: &mut Vec<Command>) {
        let (code, reason) = match why {
            WhyApart::OtherPerson => (4401, "You are no longer signed in as who wrote here."),
            WhyApart::NotAllowed => (4403, "You can now only view this note."),
            _ => (REMADE, "This note was made anew while you were away."),
        };
        self.put_apart(why, commands);
        commands.push(Command::Drop);
        commands.extend(self.closed(code, reason, now));
    }

    /// Where the door is shut for good, nothing else hands out what earlier pages kept (D3).
    pub(super) fn put_apart_where_gone(&mut self, commands: &mut Vec<Command>) {
        if self.line.is_gone() {
            self.put_apart(WhyApart::Gone, commands);
        }
    }

    /// Nothing that earlier pages kept will be merged here.
    fn put_apart(&mut self, why: WhyApart, commands: &mut Vec<Command>) {
        let found = std::mem::take(&mut self.keeping.found).into_iter();
        self.keeping.apart.extend(found.map(|kept| kept.apart(why)));
        commands.extend(self.keeping.apart().map(Command::Tell));
    }

    /// How many of the edits that wait are on the device.
    pub(super) fn kept_edits(&self) -> u32 {
        let own = self.unsaved.kept(self.keeping.kept_through);
        own.saturating_add(self.keeping.found())
    }

    pub(super) fn on_device(&self) -> OnDevice {
        match self.keeping.device {
            Device::Absent | Device::Fails => OnDevice::Unavailable,
            _ if self.unsaved.newer_than(self.keeping.kept_through) => OnDevice::NotYet,
            Device::Asked | Device::Works => OnDevice::All,
        }
    }
}
