//! A note at rest: nobody has it open, and all of it is in storage. Who comes first is
//! greeted from there, and gets the document as it is stored if they have nothing yet:
//! loading it takes many times as long, and is done while they take it in. The room that is
//! opened then finds them as if they had slept, and goes on with the greeting (S8).

use note::UpdateError;

use crate::access::Admission;
use crate::event::{Event, Limits};
use crate::frame::Frame;
use crate::presence::MAX_STATE_BYTES;
use crate::room::{Settings, Stored};
use crate::session::{Kept, Session, SessionId, Timestamp};

/// Where somebody is takes no more bytes, and what takes more is the room's to judge.
const MAX_WAITING_BYTES: usize = 2 * MAX_STATE_BYTES;

/// Step 1 of who has nothing: an empty state vector.
const EVERYTHING: &[u8] = &[0];

/// What of a note is said to who comes in (H2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtRest {
    /// The newest row.
    pub version: u64,
    /// The revision under which its stored view is served.
    pub revision: u64,
    /// The title as shown.
    pub title: String,
    /// Names the document.
    pub generation: String,
}

/// Whether somebody could be greeted at rest, whatever the note: not who reads a published
/// page, nor who was served no view and is to be shown one, nor whose right ends by itself,
/// for it is the room that sees to that.
#[must_use]
pub fn may_come_at_rest(admission: &Admission) -> bool {
    let lacks_view = admission.events && admission.revision.is_none();
    !lacks_view && admission.page.is_none() && admission.until.is_none()
}

/// What a frame means of somebody who was greeted at rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resting {
    /// They ask for everything: what is stored is the answer.
    Everything,
    /// Where they are, in a few bytes. Nobody is here who could be shown it: it waits for
    /// the room.
    Awareness,
    /// The room has to be opened for it.
    Other,
}

impl Resting {
    /// Looks at a binary frame.
    #[must_use]
    pub fn of(frame: &[u8]) -> Self {
        match Frame::decode(frame) {
            Ok(Frame::Step1(EVERYTHING)) => Self::Everything,
            Ok(Frame::Awareness(_)) if frame.len() <= MAX_WAITING_BYTES => Self::Awareness,
            _ => Self::Other,
        }
    }
}

impl AtRest {
    /// Greets somebody: what to keep beside their socket, and the event they are told if
    /// they hear any. Nothing where the room has to be opened: for who lacks the view,
    /// and for who reads a published page.
    #[must_use]
    pub fn greet(
        &self,
        id: SessionId,
        mut admission: Admission,
        settings: &Settings,
        now: Timestamp,
    ) -> Option<(Kept, Option<Event>)> {
        let lacks_view = admission.events && admission.revision != Some(self.revision);
        if lacks_view || !may_come_at_rest(&admission) {
            return None;
        }
        admission.packed &= admission.events;
        let hello = admission.events.then(|| self.hello(&admission, settings));
        let mut kept = Session::new(id, admission, now).kept;
        kept.progress.unmet = true;
        kept.progress.clean = Some((self.version, self.revision));
        Some((kept, hello))
    }

    pub(crate) fn hello(&self, admission: &Admission, settings: &Settings) -> Event {
        Event::Hello {
            you: admission.person.clone(),
            access: admission.access,
            version: self.version,
            revision: self.revision,
            title: self.title.clone(),
            generation: Some(self.generation.clone()),
            server: settings.server.clone(),
            limits: Limits {
                text_bytes: settings.max_text_bytes as u64,
                frame_bytes: settings.max_frame_bytes as u64,
            },
        }
    }
}

/// Step 2 for who has nothing, of what is stored.
///
/// # Errors
/// When the rows are no updates: storage is damaged.
pub fn step_2_of_stored(stored: &Stored) -> Result<Vec<u8>, UpdateError> {
    let rows: Vec<&[u8]> = stored.rows.iter().map(Vec::as_slice).collect();
    let (snapshot, log) = match rows.split_first() {
        Some((snapshot, log)) if log.len() >= stored.log_rows => (Some(*snapshot), log),
        _ => (None, rows.as_slice()),
    };
    let whole = note::document::merge_stored(snapshot, log)?;
    Ok(Frame::Step2(&whole).encode())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Access;
    use crate::access::PublishedPage;
    use crate::person::Person;

    fn admission(revision: Option<u64>) -> Admission {
        Admission {
            events: true,
            revision,
            ..Admission::new(Person::new(uuid::Uuid::nil(), "Ada", 1), Access::Edit)
        }
    }

    #[test]
    fn s8_only_who_lacks_nothing_but_the_document_is_greeted() {
        let note = AtRest {
            version: 7,
            revision: 9,
            title: "Tea".to_owned(),
            generation: "g".to_owned(),
        };
        let greet = |admission| note.greet(SessionId(1), admission, &Settings::default(), 1_000);
        let (kept, hello) = greet(admission(Some(9))).unwrap();
        assert!(kept.progress.unmet);
        assert_eq!(kept.progress.clean, Some((7, 9)));
        assert!(matches!(
            hello,
            Some(Event::Hello {
                version: 7,
                revision: 9,
                ..
            })
        ));
        let plain = Admission {
            events: false,
            ..admission(None)
        };
        assert!(matches!(greet(plain), Some((_, None))));
        let by_a_link_that_ends = Admission {
            until: Some(2_000),
            ..admission(Some(9))
        };
        for other in [admission(None), admission(Some(8)), by_a_link_that_ends] {
            assert_eq!(greet(other), None);
        }
        let reader = Admission::of_reader(PublishedPage {
            slug: "tea".to_owned(),
            slides: false,
        });
        assert_eq!(greet(reader), None);
    }

    #[test]
    fn s8_only_a_question_for_everything_is_answered_at_rest() {
        let of = |frame: &Frame<'_>| Resting::of(&frame.encode());
        assert_eq!(of(&Frame::Step1(&[0])), Resting::Everything);
        assert_eq!(of(&Frame::Awareness(&[0])), Resting::Awareness);
        let much = vec![0; MAX_WAITING_BYTES];
        assert_eq!(of(&Frame::Awareness(&much)), Resting::Other);
        for frame in [
            Frame::Step1(&[1, 9, 1]),
            Frame::Step1(&[]),
            Frame::Step2(&[0, 0]),
            Frame::Update(&[0, 0]),
            Frame::QueryAwareness,
        ] {
            assert_eq!(of(&frame), Resting::Other, "{frame:?}");
        }
        assert_eq!(Resting::of(&[0, 0, 1]), Resting::Other);
    }
}
