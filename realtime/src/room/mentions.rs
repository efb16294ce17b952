//! Who is named in a note: looked for when its index is written, so that half a
//! name is nobody's, and told once.

use uuid::Uuid;

use crate::effect::Effect;
use crate::key::Key;
use crate::notice::Notice;
use crate::notices::{MAX_TOLD, quote};
use crate::person::Person;
use crate::room::Room;
use crate::session::Timestamp;

/// Bytes of the text around a mention that are quoted at most.
const QUOTE_BYTES: usize = 400;

impl Room {
    /// Somebody is here: from now on the note's text can name them. What it says
    /// of them already they read for themselves.
    pub(super) fn meet(&mut self, person: &Person, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(id) = self.people.meet(person, now).map(|known| known.id) else {
            return;
        };
        let here = self.people.mentioned(&self.view.source());
        let known = self.people.iter_mut().find(|known| known.id == id);
        if let Some(known) = known {
            known.here = here.get(&id).map_or(0, |mentions| mentions.count);
            effects.push(Effect::Known(known.clone()));
        }
    }

    /// Tells those whom the text names more often than when it was last looked at (N3).
    /// The notices are stored first, then how often; who is to be told of the same
    /// mention once more is told under the same cause, which is once.
    pub(super) fn look_for_mentions(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let text = self.doc.text();
        let mentioned = self.people.mentioned(&text);
        let writers = std::mem::take(&mut self.indexing.lately);
        let mut notices = Vec::new();
        let mut counted = Vec::new();
        for known in self.people.iter_mut() {
            let mentions = mentioned.get(&known.id).copied().unwrap_or_default();
            let here = mentions.count;
            if here == known.here {
                continue;
            }
            let new = here.saturating_sub(known.here);
            known.here = here;
            // Of several who wrote at the same time it was the last, but nobody tells
            // themselves. Who wrote before a sleep may not be known any more.
            let other = writers.iter().rev().find(|writer| writer.id != known.id);
            let unknown = || Person::new(Uuid::nil(), "Somebody", 0);
            let by = other.cloned().or_else(|| writers.is_empty().then(unknown));
            if new > 0
                && notices.len() < MAX_TOLD
                && let Some(by) = by
            {
                known.told = known.told.saturating_add(new);
                notices.push(Notice {
                    to: known.id,
                    kind: "mention".to_owned(),
                    cause: format!("{}@{}#{}", Key::Note(self.note), known.id, known.told),
                    by,
                    place: Key::Note(self.note).to_string(),
                    title: self.title.clone(),
                    quote: quote(line_at(&text, mentions.last)),
                    at: now,
                });
            }
            counted.push(Effect::Known(known.clone()));
        }
        let notices = self.notices.add(notices, now);
        if !notices.is_empty() {
            effects.push(Effect::Notices(notices));
        }
        effects.extend(counted);
    }

    /// The host took notices, or could not.
    pub fn notified(&mut self, notices: &[Notice], taken: bool, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.notices.handed(notices, taken, now, &mut effects);
        self.want_alarm(&mut effects);
        effects
    }
}

/// The line around a place, the last that names somebody, which is most often the new
/// one; cut to what is quoted.
fn line_at(text: &str, place: usize) -> &str {
    let before = text.get(..place).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |end| end.saturating_add(1));
    let mut lines = text.get(start..).unwrap_or_default().lines();
    let line = lines.next().unwrap_or_default();
    line.get(..line.floor_char_boundary(QUOTE_BYTES))
        .unwrap_or(line)
}
