//! Making notes: the record first, then the text, so that a room is never made
//! for a note that does not exist.

use std::sync::Arc;

use app::server::{MakeNotes, Pending, Visitor};
use realtime::{
    Access, Action, Admission, Key, Refusal, Request, Rooms, close_realtime_clients,
    erase_realtime_key,
};
use store::notes::TRASH_MS;
use store::{Database, GeneralAccess, NewNote, NoteId, Writer, hash_token};
use uuid::{Builder, Uuid};
use worker::send::SendFuture;
use worker::{Date, Env};

use crate::d1::D1;
use crate::error::Problem;
use crate::incoming::namespace;
use crate::limits::rate_keys;
use crate::origin::is_loopback;
use crate::visitor::{fresh_token, random, writer};

/// Where a request to make a note comes from, as far as rates are concerned.
pub(crate) struct Maker {
    pub(crate) database: Arc<dyn Database>,
    pub(crate) rooms: Arc<dyn Rooms>,
    pub(crate) env: Env,
    /// Host the request was sent to: on loopback the rate is a developer's.
    pub(crate) host: String,
    /// Address of the caller.
    pub(crate) address: Option<String>,
    /// Hash of the token that the caller's browser showed, if it did.
    pub(crate) session: Option<String>,
    /// Now, milliseconds of the epoch.
    pub(crate) now_ms: u64,
    /// What tokens of links are made from.
    pub(crate) secret: String,
    /// What a new note gives to others where it does not say so itself.
    pub(crate) new_note_access: GeneralAccess,
}

/// What a rate is counted of: each has a binding of its own, and another for who
/// comes from this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rate {
    /// Notes made.
    Notes,
    /// Chat rooms made.
    Rooms,
    /// Invitations, links and requests for access made.
    Sharing,
    /// Passwords of links tried.
    LinkPasswords,
    /// Browsers that come through links for the first time.
    LinkVisits,
    /// Attempts to sign in or to make an account.
    SignIns,
    /// Archives of all notes made.
    Exports,
}

impl Rate {
    /// The binding in `wrangler.toml`.
    fn binding(self, loopback: bool) -> &'static str {
        match (self, loopback) {
            (Self::Notes, false) => "NEW_NOTES",
            (Self::Notes, true) => "NEW_NOTES_LOOPBACK",
            (Self::Rooms, false) => "NEW_ROOMS",
            (Self::Rooms, true) => "NEW_ROOMS_LOOPBACK",
            (Self::Sharing, false) => "SHARING",
            (Self::Sharing, true) => "SHARING_LOOPBACK",
            (Self::LinkPasswords, false) => "LINK_PASSWORDS",
            (Self::LinkPasswords, true) => "LINK_PASSWORDS_LOOPBACK",
            (Self::LinkVisits, false) => "LINK_VISITS",
            (Self::LinkVisits, true) => "LINK_VISITS_LOOPBACK",
            (Self::SignIns, false) => "SIGN_INS",
            (Self::SignIns, true) => "SIGN_INS_LOOPBACK",
            (Self::Exports, false) => "EXPORTS",
            (Self::Exports, true) => "EXPORTS_LOOPBACK",
        }
    }
}

/// Whether whoever makes a note gets a token that acts for its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OwnerToken {
    /// A page: its cookie is enough.
    None,
    /// A program: nothing else would let it come back.
    Given,
}

/// A note that was made.
pub(crate) struct Made {
    pub(crate) id: Uuid,
    pub(crate) owner_token: Option<String>,
}

impl Maker {
    /// Makes a note with this text. When the text cannot be stored the record is
    /// taken back: a note half made would look like one that lost its text.
    pub(crate) async fn make_note(
        &self,
        visitor: &Visitor,
        text: String,
        access: Option<GeneralAccess>,
        token: OwnerToken,
    ) -> Result<Made, Problem> {
        let access = access.unwrap_or(self.new_note_access);
        let id = Builder::from_random_bytes(random()?).into_uuid();
        let made = self.record(id, visitor, &text, access, token).await?;
        if !text.is_empty() {
            self.give_text(visitor, id, text).await?;
        }
        Ok(made)
    }

    /// The same under an id that the caller made. Its object is asked also where there is
    /// no text: it may hold that of a note which is gone.
    pub(crate) async fn make_note_as(
        &self,
        id: Uuid,
        visitor: &Visitor,
        text: String,
        token: OwnerToken,
    ) -> Result<Made, Problem> {
        let access = self.new_note_access;
        let made = self.record(id, visitor, &text, access, token).await?;
        self.give_text(visitor, id, text).await?;
        Ok(made)
    }

    async fn record(
        &self,
        id: Uuid,
        visitor: &Visitor,
        text: &str,
        access: GeneralAccess,
        token: OwnerToken,
    ) -> Result<Made, Problem> {
        // Nobody could open it, nor open it to others.
        let is_lost = matches!(token, OwnerToken::None) && !comes_back(visitor);
        if is_lost && access != GeneralAccess::default() {
            return Err(Problem::Nobodys);
        }
        let owner = self.owner(visitor);
        self.check_rate(Rate::Notes).await?;
        let owner_token = match token {
            OwnerToken::Given => Some(fresh_token()?),
            OwnerToken::None => None,
        };
        let note = NewNote {
            id: NoteId(id),
            owner_token_hash: owner_token.as_deref().map(hash_token),
            general: access,
            title: note::summary::title(text).unwrap_or_default(),
            excerpt: note::summary::excerpt(text),
            at: self.now_ms,
        };
        store::notes::create(&*self.database, &note, owner.as_ref()).await?;
        Ok(Made { id, owner_token })
    }

    async fn give_text(&self, visitor: &Visitor, id: Uuid, text: String) -> Result<(), Problem> {
        let by = maker_of(visitor);
        let request = Request {
            by,
            action: Action::Create { text },
        };
        let Err(refusal) = self.rooms.act(&Key::Note(id), request).await else {
            return Ok(());
        };
        if let Err(error) = store::notes::unmake(&*self.database, NoteId(id)).await {
            worker::console_error!("a note without its text stays behind: {error}");
        }
        Err(refusal.into())
    }

    /// Calls a note that was just made by a name. It is there with its text, so that it
    /// could not be named is no reason to say that it was not made.
    pub(crate) async fn entitle(&self, visitor: &Visitor, id: Uuid, title: String) {
        let request = Request {
            by: maker_of(visitor),
            action: Action::SetTitle { title },
        };
        if let Err(refusal) = self.rooms.act(&Key::Note(id), request).await {
            worker::console_error!("a note stays without its name: {refusal}");
        }
    }

    /// The visitor as owner, when there is something they can come back with.
    pub(crate) fn owner(&self, visitor: &Visitor) -> Option<Writer> {
        writer(visitor, self.now_ms)
    }

    /// Asks the rate limiter, for the address and for the session: neither many
    /// sessions at one address nor one session at many addresses gets further. An
    /// instance that configures no rate has none, and one that is out does not keep
    /// people from writing.
    pub(crate) async fn check_rate(&self, rate: Rate) -> Result<(), Problem> {
        let binding = rate.binding(is_loopback(&self.host));
        let Ok(limiter) = self.env.rate_limiter(binding) else {
            return Ok(());
        };
        let keys = rate_keys(self.address.as_deref(), self.session.as_deref());
        for key in keys {
            match limiter.limit(key).await {
                Ok(outcome) if !outcome.success => return Err(Problem::TooMany),
                Ok(_) => {}
                Err(error) => worker::console_error!("rate limiter {binding}: {error}"),
            }
        }
        Ok(())
    }
}

/// Who made a note, as its room is shown them.
fn maker_of(visitor: &Visitor) -> Admission {
    Admission {
        credential: visitor.credential.clone(),
        ..Admission::new(visitor.person.clone(), Access::Own)
    }
}

/// Whether somebody has shown that they keep what they come back with.
pub(crate) fn comes_back(visitor: &Visitor) -> bool {
    visitor.known || visitor.account
}

impl MakeNotes for Maker {
    fn make<'a>(
        &'a self,
        visitor: &'a Visitor,
        text: String,
    ) -> Pending<'a, Result<Uuid, Refusal>> {
        Box::pin(async move {
            let made = self.make_note(visitor, text, None, OwnerToken::None);
            match made.await {
                Ok(made) => Ok(made.id),
                Err(problem) => {
                    worker::console_error!("making a note: {problem:?}");
                    Err(as_refusal(&problem))
                }
            }
        })
    }

    fn gone(&self, note: Uuid) -> Pending<'_, Result<(), Refusal>> {
        Box::pin(SendFuture::new(async move {
            let closed = close(&self.env, &*self.database, note, self.now_ms).await;
            closed.map_err(|problem| as_refusal(&problem))
        }))
    }

    fn erase(&self, note: Uuid) -> Pending<'_, Result<(), Refusal>> {
        Box::pin(SendFuture::new(async move {
            let erased = erase(&self.env, &*self.database, note).await;
            erased.map_err(|problem| as_refusal(&problem))
        }))
    }
}

/// Closes the sockets of a note that went to the trash by a time, and of its chat: nobody
/// comes in any more; who is in goes, and is told.
pub(crate) async fn close(
    env: &Env,
    database: &dyn Database,
    note: Uuid,
    by: u64,
) -> Result<(), Problem> {
    let namespace = namespace(env)?;
    let keys = Key::of_note(note);
    for key in &keys {
        close_realtime_clients(&namespace, key, Refusal::NotFound).await?;
    }
    let told = store::rechecks::told(database, &keys.map(|key| key.to_string()), by).await;
    if let Err(error) = told {
        worker::console_error!("rooms of {note} are told once more: {error}");
    }
    Ok(())
}

/// Has a note that is gone for good forgotten where its text is, and its chat.
async fn erase(env: &Env, database: &dyn Database, note: Uuid) -> Result<(), Problem> {
    let namespace = namespace(env)?;
    for key in Key::of_note(note) {
        erase_realtime_key(&namespace, &key).await?;
    }
    store::notes::erased(database, NoteId(note)).await?;
    Ok(())
}

/// The cron trigger's minute: what was in the trash long enough goes for good, and what is
/// gone is erased. What cannot be erased now is tried again.
pub(crate) async fn purge_trash(env: &Env) -> Result<(), Problem> {
    let now = Date::now().as_millis();
    let database = D1::of(env)?;
    store::notes::purge_trash(&database, now.saturating_sub(TRASH_MS), now).await?;
    for note in store::notes::to_erase(&database).await? {
        if let Err(problem) = erase(env, &database, note.0).await {
            worker::console_error!("erasing {}: {problem:?}", note.0);
            store::notes::erase_later(&database, note, now).await?;
        }
    }
    Ok(())
}

/// What a server function can be told.
pub(crate) fn as_refusal(problem: &Problem) -> Refusal {
    match problem {
        Problem::TooMany => Refusal::TooFast,
        Problem::TooLarge(_) => Refusal::TooLarge,
        Problem::NotAllowed | Problem::Nobodys | Problem::ForeignOrigin => Refusal::NotAllowed,
        Problem::NotFound => Refusal::NotFound,
        _ => Refusal::Storage,
    }
}
