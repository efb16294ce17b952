//! What actions on sharing have in common: the note is the owner's to share, the
//! rooms are told before the answer goes out, and people hear of what is theirs.

use leptos::prelude::ServerFnError;
use realtime::Refusal;
use store::notifications::{By, NewNotification};
use store::sharing::links::{MAX_LABEL_CHARS, NewLink};
use store::sharing::{links, members, requests};
use store::{
    Action, Audience, GeneralAccess, NoteId, PersonId, Role, StoreError, Writer, hash_token,
};
use uuid::Uuid;

use super::go;
use crate::server::{Opened, Services, Visitor, context, open, recheck, refused};

/// Longest password of a link, bytes; as many as are hashed.
const MAX_PASSWORD_BYTES: usize = 512;
/// Most people a bounded link may let in.
const MOST_USES: u64 = 10_000;
/// How long an invitation waits.
const INVITATION_MS: u64 = 30 * DAY_MS;
/// How many people of one name are looked at.
const NAMESAKES: u64 = 50;
const HOUR_MS: u64 = 60 * 60 * 1_000;
const DAY_MS: u64 = 24 * HOUR_MS;

/// A note somebody may share.
pub(super) struct Shared {
    pub(super) services: Services,
    visitor: Visitor,
    opened: Opened,
    pub(super) note: NoteId,
}

impl Shared {
    /// Opens a note for an action of its owner.
    pub(super) async fn open(note: Uuid, action: Action) -> Result<Self, ServerFnError> {
        let (services, visitor) = context()?;
        let opened = open(&services, &visitor, note).await.map_err(refused)?;
        if !opened.role.may(action) {
            return Err(refused(Refusal::NotAllowed));
        }
        Ok(Self {
            services,
            visitor,
            opened,
            note: NoteId(note),
        })
    }

    /// Who has the note open is looked at again before the answer goes out: who
    /// may less is lowered, who may nothing is out.
    pub(super) async fn done(self) -> Result<(), ServerFnError> {
        let told = recheck(&self.services, self.note.0).await;
        told.map_err(refused)?;
        go(&format!("/note/{}/share", self.note));
        Ok(())
    }

    /// Tells somebody what was done. `turn` tells one time from another.
    async fn tell(&self, person: PersonId, kind: &str, turn: &str, quote: String) {
        let by = &self.visitor.person;
        let what = NewNotification {
            person,
            kind: kind.to_owned(),
            cause: format!("{}#{turn}", self.opened.key),
            by: By {
                person: PersonId(by.id),
                name: by.name.clone(),
                colour: by.colour,
            },
            place: self.opened.key.to_string(),
            title: titled(&self.opened.title),
            quote,
            at: self.services.now_ms,
        };
        self.services.share.tell(what).await;
    }

    pub(super) async fn open_to(self, audience: &str, role: &str) -> Result<(), ServerFnError> {
        let general = GeneralAccess {
            audience: Audience::from_word(audience).ok_or_else(malformed)?,
            role: Role::from_word(role).ok_or_else(malformed)?,
        };
        let database = &*self.services.database;
        let at = self.services.now_ms;
        stored(store::sharing::open_to(database, self.note, general, at).await)?;
        self.done().await
    }

    pub(super) async fn invite(self, name: &str, role: &str) -> Result<(), ServerFnError> {
        let role = Role::from_word(role).ok_or_else(malformed)?;
        let Some(name) = store::rooms::clean_title(name) else {
            return Err(say("Write the name of whom you invite."));
        };
        self.services.share.check_rate().await.map_err(refused)?;
        let database = &*self.services.database;
        let me = PersonId(self.visitor.person.id);
        let known = stored(members::acquaintances(database, me, &name, NAMESAKES).await)?;
        let mut namesakes = known
            .into_iter()
            .filter(|known| known.name.to_lowercase() == name.to_lowercase());
        let (first, second) = (namesakes.next(), namesakes.next());
        match (first, second) {
            (Some(_), Some(_)) => Err(say(
                "Several people of that name are in notes of yours. Send each a link instead.",
            )),
            (Some(known), None) => {
                let who = Writer {
                    person: known.person,
                    name: known.name,
                    colour: known.colour,
                    credential: None,
                    at: self.services.now_ms,
                };
                stored(members::set(database, self.note, &who, role).await)?;
                let turn = format!("shared-{}", self.services.now_ms);
                self.tell(who.person, "shared", &turn, can(role)).await;
                self.done().await
            }
            (None, _) => {
                let invitation = NewLink {
                    invitation: true,
                    max_uses: Some(1),
                    expires_at: Some(self.services.now_ms.saturating_add(INVITATION_MS)),
                    ..self.new_link(role, name)?
                };
                made(links::create(database, &invitation).await)?;
                self.done().await
            }
        }
    }

    fn new_link(&self, role: Role, label: String) -> Result<NewLink, ServerFnError> {
        let id = self.services.share.fresh_id().map_err(refused)?;
        Ok(NewLink {
            id,
            note: self.note,
            token_hash: hash_token(&self.services.share.link_token(id)),
            role,
            label,
            invitation: false,
            password: None,
            max_uses: None,
            expires_at: None,
            at: self.services.now_ms,
        })
    }

    pub(super) async fn make_link(self, wanted: Wanted) -> Result<(), ServerFnError> {
        let role = Role::from_word(&wanted.role).ok_or_else(malformed)?;
        let expires_at = expiry(&wanted.expires, &wanted.until, self.services.now_ms)?;
        let max_uses = match wanted.uses.trim() {
            "" => None,
            uses => Some(
                uses.parse()
                    .ok()
                    .filter(|uses| (1..=MOST_USES).contains(uses))
                    .ok_or_else(|| say("How many may use it is a number from 1 to 10,000."))?,
            ),
        };
        if wanted.password.len() > MAX_PASSWORD_BYTES {
            return Err(say("That password is too long."));
        }
        self.services.share.check_rate().await.map_err(refused)?;
        let password = match wanted.password.as_str() {
            "" => None,
            password => {
                let hash = self.services.share.hash_password(password).await;
                Some(hash.map_err(refused)?)
            }
        };
        let label = store::rooms::clean_title(&wanted.label).unwrap_or_default();
        let label = label.chars().take(MAX_LABEL_CHARS).collect();
        let link = NewLink {
            password,
            max_uses,
            expires_at,
            ..self.new_link(role, label)?
        };
        made(links::create(&*self.services.database, &link).await)?;
        self.done().await
    }

    pub(super) async fn revoke(self, link: Uuid) -> Result<(), ServerFnError> {
        let database = &*self.services.database;
        stored(links::revoke(database, self.note, link, self.services.now_ms).await)?;
        self.done().await
    }

    pub(super) async fn change_role(self, person: Uuid, role: &str) -> Result<(), ServerFnError> {
        let role = Role::from_word(role).ok_or_else(malformed)?;
        let (database, person) = (&*self.services.database, PersonId(person));
        let at = self.services.now_ms;
        if stored(members::change(database, self.note, person, role, at).await)? {
            let turn = format!("role-{at}");
            self.tell(person, "role_changed", &turn, can(role)).await;
        }
        self.done().await
    }

    pub(super) async fn remove(self, person: Uuid) -> Result<(), ServerFnError> {
        let (database, person) = (&*self.services.database, PersonId(person));
        let at = self.services.now_ms;
        if stored(members::remove(database, self.note, person, at).await)? {
            let turn = format!("role-{at}");
            let quote = "You were taken out of it.".to_owned();
            self.tell(person, "role_changed", &turn, quote).await;
        }
        self.done().await
    }

    pub(super) async fn decide(self, person: Uuid, role: &str) -> Result<(), ServerFnError> {
        let role = match role {
            "none" => None,
            role => Some(Role::from_word(role).ok_or_else(malformed)?),
        };
        let (database, person) = (&*self.services.database, PersonId(person));
        let at = self.services.now_ms;
        let decided = stored(requests::decide(database, self.note, person, role, at).await)?;
        if let (Some(request), Some(role)) = (decided, role) {
            let turn = format!("granted-{}", request.at);
            self.tell(person, "access_granted", &turn, can(role)).await;
        }
        self.done().await
    }

    pub(super) async fn transfer(self, person: Uuid) -> Result<(), ServerFnError> {
        let (database, to) = (&*self.services.database, PersonId(person));
        let (me, at) = (PersonId(self.visitor.person.id), self.services.now_ms);
        match store::sharing::transfer(database, self.note, me, to, at).await {
            Ok(()) => {
                let quote = "It is yours now.".to_owned();
                let turn = format!("role-{at}");
                self.tell(to, "role_changed", &turn, quote).await;
                self.done().await
            }
            Err(StoreError::Conflict) => Err(say(
                "Only a person who is in the note can be given it. Invite them first.",
            )),
            Err(error) => Err(out(&error)),
        }
    }
}

/// A link as its form asks for it.
pub(super) struct Wanted {
    pub(super) label: String,
    pub(super) role: String,
    pub(super) expires: String,
    pub(super) until: String,
    pub(super) password: String,
    pub(super) uses: String,
}

/// Asks the owner of a note for access. The answer is the same whether there is
/// such a note or not.
pub(super) async fn ask(note: Uuid) -> Result<(), ServerFnError> {
    let (services, visitor) = context()?;
    let Some(credential) = visitor.credential.clone() else {
        return Err(refused(Refusal::NotAllowed));
    };
    services.share.check_rate().await.map_err(refused)?;
    let me = Writer {
        person: PersonId(visitor.person.id),
        name: visitor.person.name.clone(),
        colour: visitor.person.colour,
        credential: Some(credential),
        at: services.now_ms,
    };
    let asked = stored(requests::ask(&*services.database, NoteId(note), &me).await)?;
    if let Some(owner) = asked {
        let found = store::notes::find(&*services.database, NoteId(note)).await;
        let title = stored(found)?.map(|note| note.title).unwrap_or_default();
        let what = NewNotification {
            person: owner,
            kind: "access_asked".to_owned(),
            cause: format!("/note/{note}#asked-{}-{}", me.person, me.at),
            by: By {
                person: me.person,
                name: me.name,
                colour: me.colour,
            },
            place: format!("/note/{note}/share"),
            title: titled(&title),
            quote: String::new(),
            at: me.at,
        };
        services.share.tell(what).await;
    }
    go(&format!("/note/{note}/asked"));
    Ok(())
}

/// When a link ends that is to live so long, or until the end of a day (UTC).
fn expiry(word: &str, until: &str, now: u64) -> Result<Option<u64>, ServerFnError> {
    let after = |ms: u64| Ok(Some(now.saturating_add(ms)));
    match word {
        "" | "never" => Ok(None),
        "hour" => after(HOUR_MS),
        "day" => after(DAY_MS),
        "week" => after(7 * DAY_MS),
        "month" => after(30 * DAY_MS),
        "date" => match end_of_day(until).filter(|end| *end > now) {
            Some(end) => Ok(Some(end)),
            None => Err(say(
                "Choose the last day the link is to work, from today on.",
            )),
        },
        // A number of seconds, for programs.
        seconds => match seconds.parse::<u64>() {
            Ok(seconds) if seconds > 0 => after(seconds.saturating_mul(1_000)),
            _ => Err(malformed()),
        },
    }
}

/// The end of a day `2026-11-24` in milliseconds of the epoch, by the civil
/// calendar (days from civil, H. Hinnant).
fn end_of_day(day: &str) -> Option<u64> {
    let mut parts = day.split('-').map(str::parse::<i64>);
    let (year, month, day) = (
        parts.next()?.ok()?,
        parts.next()?.ok()?,
        parts.next()?.ok()?,
    );
    let in_range =
        (2000..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !in_range || parts.next().is_some() {
        return None;
    }
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let era_days = 365 * year + year / 4 - year / 100 + year / 400;
    let days = era_days + (153 * month + 2) / 5 + day - 1 - 719_468;
    u64::try_from(days + 1).ok()?.checked_mul(DAY_MS)
}

fn can(role: Role) -> String {
    let what = match role {
        Role::View => "view",
        Role::Comment => "comment",
        Role::Suggest => "suggest changes",
        Role::Edit | Role::Owner => "edit",
    };
    format!("You can {what}.")
}

fn titled(title: &str) -> String {
    if title.is_empty() {
        "Untitled".to_owned()
    } else {
        title.to_owned()
    }
}

fn malformed() -> ServerFnError {
    refused(Refusal::Malformed)
}

pub(super) fn say(sentence: &str) -> ServerFnError {
    crate::server::said(http::StatusCode::BAD_REQUEST, sentence)
}

fn made(outcome: Result<(), StoreError>) -> Result<(), ServerFnError> {
    match outcome {
        Err(StoreError::Conflict) => Err(say(
            "A note has 100 links at most. Revoke one that is no longer needed.",
        )),
        outcome => stored(outcome),
    }
}

pub(super) fn stored<T>(outcome: Result<T, StoreError>) -> Result<T, ServerFnError> {
    outcome.map_err(|error| out(&error))
}

fn out(error: &StoreError) -> ServerFnError {
    leptos::logging::warn!("sharing: {error}");
    refused(Refusal::Storage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_when_the_next_begins() {
        assert_eq!(end_of_day("2026-11-24"), Some(1_795_564_800_000));
        assert_eq!(end_of_day("2000-02-29"), Some(951_868_800_000));
        for odd in [
            "",
            "2026",
            "2026-13-01",
            "2026-00-10",
            "1-1-1",
            "2026-1-1-1",
        ] {
            assert_eq!(end_of_day(odd), None, "{odd}");
        }
    }
}
