//! Server actions and reading: what requests do to a room without a socket. An
//! action changes state and stores it; [`Room::refresh`] then renders to the
//! key's clients.

mod tasks;

use note::EditError;
use note::edit::Edit;

use crate::access::Admission;
use crate::action::{Action, Done, Request, clean_title};
use crate::effect::Effect;
use crate::reading::Reading;
use crate::refusal::Refusal;
use crate::room::{Room, Versions};
use crate::rooms::Wanted;
use crate::session::{SessionId, Timestamp};

/// How much of the source is told along with a view: a tall window of it.
const BEGINNING_BYTES: usize = 4 << 10;

/// The author of what comes without a socket: no session has it.
pub(super) const NO_SOCKET: SessionId = SessionId(0);

impl Room {
    /// Does what a request asks, as far as its right goes. What was written is
    /// stored by the effects, before the caller may answer.
    ///
    /// # Errors
    /// The refusal to answer with; then nothing was changed.
    pub fn act(
        &mut self,
        request: &Request,
        versions: &impl Versions,
        now: Timestamp,
    ) -> Result<(Done, Vec<Effect>), Refusal> {
        let mut effects = Vec::new();
        let by = &request.by;
        let mut ticked = None;
        if !matches!(request.action, Action::Introduce) && !by.access.can_write() {
            return Err(Refusal::NotAllowed);
        }
        match &request.action {
            // The very text that is there: who asks once more did not hear the answer.
            Action::Create { text } if self.doc.text() == *text => {}
            Action::Create { text } => {
                if self.version > 0 || self.doc.len_utf16() > 0 {
                    return Err(Refusal::NotAllowed);
                }
                self.write(
                    by,
                    vec![Edit {
                        from: 0,
                        to: 0,
                        insert: text.clone(),
                    }],
                    now,
                    &mut effects,
                )?;
            }
            Action::Edit { edits } => self.write(by, edits.clone(), now, &mut effects)?,
            Action::Merge { base, text } => {
                self.carry_over(by, base, text, now, &mut effects)?;
            }
            Action::Replace { version, text } => {
                let base = self.text_of(*version, versions)?;
                self.carry_over(by, &base, text, now, &mut effects)?;
            }
            Action::Append { text } => self.append(by, text, now, &mut effects)?,
            Action::SetTitle { title } => self.set_title(by, title, now, &mut effects)?,
            Action::Tick(tick) => ticked = Some(self.tick_box(by, *tick, now, &mut effects)),
            Action::Introduce => self.introduce(by, now, &mut effects),
        }
        let done = Done {
            version: self.version,
            title: self.title.clone(),
            ticked,
        };
        Ok((done, effects))
    }

    /// Merges what somebody made of `base` with what the text is by now.
    fn carry_over(
        &mut self,
        by: &Admission,
        base: &str,
        text: &str,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let edits = note::merge::merge(base, text, &self.doc.text());
        self.write(by, edits, now, effects)
    }

    /// Applies edits, passes them on, and stores them at once: the request's
    /// answer is the acknowledgement.
    pub(super) fn write(
        &mut self,
        by: &Admission,
        mut edits: Vec<Edit>,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        edits.retain(|edit| edit.from < edit.to || !edit.insert.is_empty());
        if edits.is_empty() {
            return Ok(());
        }
        for edit in &mut edits {
            edit.insert = note::line_ends::normalise_line_ends(&edit.insert).into_owned();
        }
        let changes = &mut self.outbox.changes;
        let edited = self.doc.edit_tracked(&edits, changes);
        let update = edited.map_err(|why| match why {
            EditError::Full => Refusal::Full,
            _ => Refusal::Malformed,
        })?;
        let update: std::rc::Rc<[u8]> = update.into();
        self.outbox
            .unsent
            .push((NO_SOCKET, std::rc::Rc::clone(&update)));
        self.outbox.unstored.push(update);
        self.record_writer(by, now);
        self.flush_row(now, effects);
        // The render waits for `refresh`, or for the timer if nobody calls it.
        self.flush(now, effects);
        Ok(())
    }

    fn append(
        &mut self,
        by: &Admission,
        text: &str,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let end = self.doc.len_utf16();
        self.write(by, vec![Edit::new(end, end, text)], now, effects)
    }

    fn set_title(
        &mut self,
        by: &Admission,
        title: &str,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Refusal> {
        let title = clean_title(title)?;
        self.title_set = (!title.is_empty()).then_some(title);
        effects.push(Effect::Title(self.title_set.clone()));
        self.record_title(by, now, effects);
        self.retitle(effects);
        self.ask_for_alarm(now, effects);
        Ok(())
    }

    /// Somebody's name or colour changed: all their sockets show it.
    fn introduce(&mut self, by: &Admission, now: Timestamp, effects: &mut Vec<Effect>) {
        let theirs = self.members.introduce(by);
        if !theirs.is_empty() {
            self.meet(&by.person, now, effects);
        }
        for id in theirs {
            self.restamp(id);
        }
        self.flush(now, effects);
    }

    /// The note as it stands. Renders what is due first, so that the revision is
    /// the one the next patches start from, and stores what is not yet, so that the
    /// version names this very text.
    pub fn read(&mut self, wanted: Wanted, now: Timestamp) -> (Reading, Vec<Effect>) {
        let mut effects = Vec::new();
        if wanted.text {
            self.flush_row(now, &mut effects);
        }
        self.flush_view(&mut effects);
        (self.reading(wanted), effects)
    }

    /// The note as it was shown last.
    pub(super) fn reading(&self, wanted: Wanted) -> Reading {
        let beginning = self.view.beginning(note::summary::LOOK_BYTES);
        let facts = note::front_matter::read(&beginning);
        Reading {
            version: self.version,
            revision: self.revision,
            title: self.title.clone(),
            excerpt: note::summary::excerpt(&beginning),
            lang: facts.lang,
            robots: facts.robots,
            beginning: if wanted.html {
                self.view.beginning(BEGINNING_BYTES)
            } else {
                String::new()
            },
            text: if wanted.text {
                self.view.source()
            } else {
                String::new()
            },
            html: if wanted.html {
                self.view.html()
            } else {
                String::new()
            },
            messages: Vec::new(),
        }
    }
}
