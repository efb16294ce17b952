//! What runs behind a key: one of three kinds, with what they have in common. The
//! table from keys to kinds is [`crate::Key::kind`].

use note::{ClientId, UpdateError};

use crate::access::{Admission, Asker, Who};
use crate::action::{Done, Request};
use crate::chat::{Chat, History, StoredChat};
use crate::effect::{Effect, IndexEntry};
use crate::feed::{Feed, FeedState, Told};
use crate::key::Key;
use crate::members::Members;
use crate::notice::Notice;
use crate::reading::Reading;
use crate::refusal::Refusal;
use crate::rights::Rights;
use crate::room::{Room, Settings, Stored, Versions};
use crate::rooms::Wanted;
use crate::session::{Kept, SessionId, Timestamp};

/// What may wait on one socket for its client to read it, bytes. What was sent a moment
/// ago waits as well, so it is more than anybody is sent who joins a note at its limits:
/// its document, and a view of ten times its text.
pub const MAX_UNREAD_BYTES: usize = 16 << 20;

/// A group of sockets and what it is about.
pub enum Group {
    /// A note.
    Note(Box<Room>),
    /// A chat room.
    Chat(Box<Chat>),
    /// A person's notifications, or what is said to everybody.
    Feed(Box<Feed>),
}

/// What a group starts from; which kind it is follows from it.
#[derive(Clone, Debug)]
pub enum StoredGroup {
    /// Of a note.
    Note(Stored),
    /// Of a chat room.
    Chat(StoredChat),
    /// Of a feed.
    Feed(Key, Option<Told>),
}

impl Group {
    /// Opens a group from what is stored, with the sockets that stayed open while
    /// the object slept. `client` is a fresh random id for edits made without a
    /// socket.
    ///
    /// # Errors
    /// When the stored rows of a note build no document: storage is damaged.
    pub fn open(
        client: ClientId,
        settings: Settings,
        stored: StoredGroup,
        sockets: Vec<Kept>,
        now: Timestamp,
    ) -> Result<Self, UpdateError> {
        Ok(match stored {
            StoredGroup::Note(stored) => {
                let room = Room::open(client, settings, &stored, sockets, now)?;
                Self::Note(Box::new(room))
            }
            StoredGroup::Chat(stored) => {
                Self::Chat(Box::new(Chat::open(settings, stored, sockets, now)))
            }
            StoredGroup::Feed(key, told) => {
                Self::Feed(Box::new(Feed::open(settings, &key, told, sockets, now)))
            }
        })
    }

    /// What a wake owes the sockets that slept, once those are gone whose frame brought
    /// the instance down (W5).
    pub fn wake(&mut self, now: Timestamp) -> Vec<Effect> {
        let mut effects = self.strike(now);
        effects.extend(match self {
            Self::Note(room) => room.wake(now),
            Self::Chat(chat) => chat.wake(),
            Self::Feed(_) => Vec::new(),
        });
        effects
    }

    /// Its sockets, readers of a published page apart.
    pub(crate) fn members(&self) -> &Members {
        match self {
            Self::Note(room) => room.members(),
            Self::Chat(chat) => chat.members(),
            Self::Feed(feed) => feed.members(),
        }
    }

    /// Goes back to what is stored, after a write that failed.
    ///
    /// # Errors
    /// As [`Group::open`].
    pub fn reload(
        &mut self,
        stored: StoredGroup,
        now: Timestamp,
    ) -> Result<Vec<Effect>, UpdateError> {
        match (self, stored) {
            (Self::Note(room), StoredGroup::Note(stored)) => room.reload(&stored, now),
            (Self::Chat(chat), StoredGroup::Chat(stored)) => Ok(chat.reload(stored, now)),
            _ => Ok(Vec::new()),
        }
    }

    /// A socket comes in.
    pub fn join(
        &mut self,
        id: SessionId,
        admission: Admission,
        history: &impl History,
        now: Timestamp,
    ) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.join(id, admission, now),
            Self::Chat(chat) => chat.join(id, admission, history, now),
            Self::Feed(feed) => feed.join(id, admission, now),
        }
    }

    /// Whose rights the host is to be asked for: of these sockets, or of all.
    #[must_use]
    pub fn askers(&self, which: Option<&[SessionId]>) -> Vec<Asker> {
        match self {
            Self::Note(room) => room.askers(which),
            Self::Chat(chat) => chat.askers(which),
            Self::Feed(feed) => feed.askers(which),
        }
    }

    /// The host said what these may do now, or could not (none): sockets are
    /// lowered, raised, or closed.
    pub fn rights(
        &mut self,
        asked: &[Asker],
        rights: Option<&Rights>,
        now: Timestamp,
    ) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.rights(asked, rights, now),
            Self::Chat(chat) => chat.rights(asked, rights, now),
            Self::Feed(feed) => feed.rights(asked, rights),
        }
    }

    /// A socket has gone.
    pub fn leave(&mut self, id: SessionId, now: Timestamp) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.leave(id, now),
            Self::Chat(chat) => chat.leave(id, now),
            Self::Feed(feed) => feed.leave(id),
        }
    }

    /// So many bytes wait on a socket to be read. Who leaves more than the bound is
    /// closed; they come again, and are brought in step.
    pub fn unread(&mut self, id: SessionId, bytes: usize, now: Timestamp) -> Vec<Effect> {
        if bytes <= MAX_UNREAD_BYTES {
            return Vec::new();
        }
        let mut effects = self.leave(id, now);
        effects.push(Effect::Close {
            session: id,
            refusal: Refusal::TooSlow,
        });
        effects
    }

    /// A binary frame from a socket.
    pub fn receive(&mut self, id: SessionId, bytes: &[u8], now: Timestamp) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.receive(id, bytes, now),
            Self::Chat(chat) => chat.receive(id, now),
            Self::Feed(feed) => feed.receive(id),
        }
    }

    /// A text frame from a socket, `ping` apart.
    pub fn receive_text(
        &mut self,
        id: SessionId,
        text: &str,
        history: &impl History,
        now: Timestamp,
    ) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.receive_text(id, text, now),
            Self::Chat(chat) => chat.receive_text(id, text, history, now),
            Self::Feed(feed) => feed.receive(id),
        }
    }

    /// The timer that [`Effect::Timer`] asked for.
    pub fn tick(&mut self, now: Timestamp) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.tick(now),
            Self::Chat(chat) => chat.tick(now),
            Self::Feed(_) => Vec::new(),
        }
    }

    /// The alarm that [`Effect::Alarm`] asked for. May fire twice, or late.
    pub fn alarm(&mut self, now: Timestamp) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.alarm(now),
            Self::Chat(chat) => chat.alarm(now),
            Self::Feed(feed) => feed.alarm(now),
        }
    }

    /// Does what a request asks, as far as its right goes.
    ///
    /// # Errors
    /// The refusal to answer with; then nothing was changed.
    pub fn act(
        &mut self,
        request: &Request,
        versions: &impl Versions,
        now: Timestamp,
    ) -> Result<(Done, Vec<Effect>), Refusal> {
        match self {
            Self::Note(room) => room.act(request, versions, now),
            Self::Chat(chat) => chat.act(request, now),
            Self::Feed(feed) => feed.act(request),
        }
    }

    /// What the key is about, as it stands.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a feed, which is read in the database.
    pub fn read(
        &mut self,
        wanted: Wanted,
        history: &impl History,
        now: Timestamp,
    ) -> Result<(Reading, Vec<Effect>), Refusal> {
        match self {
            Self::Note(room) => Ok(room.read(wanted, now)),
            Self::Chat(chat) => Ok((chat.read(wanted, history)?, Vec::new())),
            Self::Feed(_) => Err(Refusal::NotFound),
        }
    }

    /// What the key is about, for somebody's device (D9).
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for what is no note.
    pub fn copy(
        &mut self,
        admission: &Admission,
        now: Timestamp,
    ) -> Result<(Vec<u8>, Vec<Effect>), Refusal> {
        match self {
            Self::Note(room) => Ok(room.copy(admission, now)),
            Self::Chat(_) | Self::Feed(_) => Err(Refusal::NotFound),
        }
    }

    /// Brings those meant up to date with what changed; renders once.
    pub fn refresh(&mut self, who: &Who) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.refresh(who),
            Self::Chat(chat) => chat.refresh(who),
            Self::Feed(feed) => feed.refresh(who),
        }
    }

    /// The index over all notes was written, or could not be.
    pub fn indexed(&mut self, entry: &IndexEntry, written: bool, now: Timestamp) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.indexed(entry, written, now),
            Self::Chat(_) | Self::Feed(_) => Vec::new(),
        }
    }

    /// The host took notices, or could not.
    pub fn notified(&mut self, notices: &[Notice], taken: bool, now: Timestamp) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.notified(notices, taken, now),
            Self::Chat(chat) => chat.notified(notices, taken, now),
            Self::Feed(_) => Vec::new(),
        }
    }

    /// The host answered what a feed has to say, or could not (none).
    pub fn loaded(&mut self, number: u64, state: Option<FeedState>, now: Timestamp) -> Vec<Effect> {
        match self {
            Self::Feed(feed) => feed.loaded(number, state, now),
            Self::Note(_) | Self::Chat(_) => Vec::new(),
        }
    }

    /// A write failed, and what was to follow it is not done. A socket that was to
    /// be closed is closed all the same: the group no longer knows it. What a feed
    /// tells is the host's, so it goes on.
    pub fn storage_failed(
        &mut self,
        undone: impl IntoIterator<Item = Effect>,
        now: Timestamp,
    ) -> Vec<Effect> {
        let instead = match self {
            Self::Note(room) => room.storage_failed(now),
            Self::Chat(chat) => chat.storage_failed(),
            Self::Feed(_) => return undone.into_iter().collect(),
        };
        let closing = |effect: &Effect| matches!(effect, Effect::Close { .. });
        let mut effects: Vec<Effect> = undone.into_iter().filter(closing).collect();
        effects.extend(instead);
        effects
    }

    /// What the key is about is gone: every socket is closed.
    pub fn close_everyone(&mut self, why: Refusal, now: Timestamp) -> Vec<Effect> {
        match self {
            Self::Note(room) => room.close_everyone(why, now),
            Self::Chat(chat) => chat.close_everyone(why),
            Self::Feed(feed) => feed.close_everyone(why),
        }
    }

    /// What to keep beside a session's socket.
    #[must_use]
    pub fn attachment(&mut self, id: SessionId) -> Option<Kept> {
        match self {
            Self::Note(room) => room.attachment(id),
            Self::Chat(chat) => chat.attachment(id),
            Self::Feed(feed) => feed.attachment(id),
        }
    }
}
