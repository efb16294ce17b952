//! The only decision about rights: what somebody may do with a note.
//!
//! [`role_for`] finds somebody's role, the strongest of all they have; the table
//! of [`Action`]s says which role each thing takes. Everything that does
//! something to a note asks [`Role::may`]; tests make the whole matrix of both.

use serde::{Deserialize, Serialize};

use crate::database::StoreError;
use crate::ids::PersonId;
use crate::notes::NoteRecord;
use crate::token::same_hash;

/// What somebody may do with a note, weakest first. No role at all is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Read it and see who is there.
    View,
    /// Write in its chat as well.
    Comment,
    /// Propose changes as well.
    Suggest,
    /// Change the text and the title as well.
    Edit,
    /// Everything, sharing and deleting included.
    Owner,
}

impl Role {
    /// Every role, weakest first.
    pub const ALL: [Self; 5] = [
        Self::View,
        Self::Comment,
        Self::Suggest,
        Self::Edit,
        Self::Owner,
    ];

    /// Whether this role is enough for an action.
    #[must_use]
    pub fn may(self, action: Action) -> bool {
        self >= action.least_role()
    }

    /// The word in the database, in requests and in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Comment => "comment",
            Self::Suggest => "suggest",
            Self::Edit => "edit",
            Self::Owner => "owner",
        }
    }

    /// A role that can be given to others: all but the owner's.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|role| *role != Self::Owner && role.as_str() == word)
    }

    pub(crate) fn from_column(text: &str, column: &'static str) -> Result<Self, StoreError> {
        Self::from_word(text).ok_or(StoreError::BadRow(column))
    }
}

/// Makes [`Action`], its names and the table of the least role each takes: an
/// action without a row does not compile.
macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $name:literal, $least:ident;)+) => {
        /// Something that can be done to a note.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[$doc])* $action,)+
        }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$action),+];

            /// What tests and tables call it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$action => $name,)+
                }
            }

            /// The weakest role that may do it.
            #[must_use]
            pub fn least_role(self) -> Role {
                match self {
                    $(Self::$action => Role::$least,)+
                }
            }
        }
    };
}

actions! {
    /// Open its page, its source, its view; join its socket; be seen in it.
    Read = "read", View;
    /// Read its chat, also what was said before.
    ReadChat = "read_chat", View;
    /// Write in its chat, change and take back one's own messages.
    WriteChat = "write_chat", Comment;
    /// Change the text, by whatever way.
    Write = "write", Edit;
    /// Set the title.
    Rename = "rename", Edit;
    /// Set a synced signal, such as letting others follow.
    Lead = "lead", Edit;
    /// Keep order in its chat: take back anybody's messages, mute, slow mode.
    KeepOrder = "keep_order", Owner;
    /// See and change who may do what: general access, people, links, requests.
    Share = "share", Owner;
    /// Put it up for everybody to read under an address of its own, and take it down.
    Publish = "publish", Owner;
    /// Give it to somebody else.
    Transfer = "transfer", Owner;
    /// Put it into the trash, take it out again, delete it for good.
    Trash = "trash", Owner;
}

/// Who general access is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Nobody: only those with a right of their own come in.
    Invited,
    /// Whoever has an account here.
    SignedIn,
    /// Whoever knows the address.
    Link,
}

impl Audience {
    /// The word in the database and in forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invited => "invited",
            Self::SignedIn => "signed_in",
            Self::Link => "link",
        }
    }

    /// The audience of a word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Invited, Self::SignedIn, Self::Link]
            .into_iter()
            .find(|audience| audience.as_str() == word)
    }
}

/// What those may do who have no right of their own: for whom it is, and what it
/// gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GeneralAccess {
    /// For whom.
    pub audience: Audience,
    /// What it gives; of no account for [`Audience::Invited`], but kept. Never the
    /// owner's.
    pub role: Role,
}

impl Default for GeneralAccess {
    /// A new note is open to whoever has its address: its id is the capability.
    fn default() -> Self {
        Self {
            audience: Audience::Link,
            role: Role::Edit,
        }
    }
}

impl GeneralAccess {
    /// Nothing to anybody who is not invited.
    pub const CLOSED: Self = Self {
        audience: Audience::Invited,
        role: Role::View,
    };

    /// The access of one word, as a program gives it: `none`, or what anyone with
    /// the link may do.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        if word == "none" {
            return Some(Self::CLOSED);
        }
        Role::from_word(word).map(|role| Self {
            audience: Audience::Link,
            role,
        })
    }

    /// The word for who knows one only: never more than is given, so code from
    /// before there were two lets nobody in who may not.
    #[must_use]
    pub fn one_word(self) -> &'static str {
        match (self.audience, self.role) {
            (Audience::Link, Role::Edit | Role::Owner) => "edit",
            (Audience::Link, _) => "view",
            _ => "none",
        }
    }

    /// What it gives to whom, in a sentence.
    #[must_use]
    pub fn sentence(self) -> String {
        let what = match self.role {
            Role::View => "view",
            Role::Comment => "comment",
            Role::Suggest => "suggest changes",
            Role::Edit | Role::Owner => "edit",
        };
        match self.audience {
            Audience::Invited => "Only people you invite can open this note.".to_owned(),
            Audience::SignedIn => format!("Anyone signed in here can {what}."),
            Audience::Link => format!("Anyone with the link can {what}."),
        }
    }

    pub(crate) fn from_columns(
        audience: Option<&str>,
        role: Option<&str>,
        access: &str,
    ) -> Result<Self, StoreError> {
        match (audience, role) {
            (Some(audience), Some(role)) => Ok(Self {
                audience: Audience::from_word(audience).ok_or(StoreError::BadRow("audience"))?,
                role: Role::from_column(role, "general_role")?,
            }),
            // Written by code that knew one word only.
            _ => Self::from_word(access).ok_or(StoreError::BadRow("access")),
        }
    }

    fn gives(self, signed_in: bool) -> Option<Role> {
        let lets_in = match self.audience {
            Audience::Invited => false,
            Audience::SignedIn => signed_in,
            Audience::Link => true,
        };
        lets_in.then_some(self.role)
    }
}

/// Who asks, as far as they have shown it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asker<'a> {
    /// The person of the session, if the request may use one.
    pub person: Option<PersonId>,
    /// Hash of their token: whether it still stands, and for an account, the
    /// database says.
    pub credential: Option<&'a str>,
    /// Hash of the bearer token, if one came along (see [`crate::hash_token`]).
    pub bearer_hash: Option<&'a str>,
}

/// What the database knows of somebody's right on one note, beside the note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Their token was ended: they are nobody any more.
    pub ended: bool,
    /// Their token is a session of an account.
    pub signed_in: bool,
    /// Their role as a member.
    pub member: Option<Role>,
    /// The links they came through or brought along that were not revoked: the
    /// role of each, and when it ends.
    pub links: Vec<(Role, Option<u64>)>,
}

/// What somebody may do, and how long that is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    /// What.
    pub role: Role,
    /// When to look again: a link they came by ends then. Milliseconds of the epoch.
    pub until: Option<u64>,
}

/// What somebody may do with a note: the strongest of all they have. `None` is
/// answered like a note that does not exist. In the trash it is the owner's alone.
#[must_use]
pub fn role_for(who: &Asker<'_>, note: &NoteRecord, grants: &Grants, now: u64) -> Option<Right> {
    let always = |role| Right { role, until: None };
    let person = who.person.filter(|_| !grants.ended);
    if owns(person, who.bearer_hash, note) {
        return Some(always(Role::Owner));
    }
    if note.trashed_at.is_some() {
        return None;
    }
    let member = grants.member.filter(|_| person.is_some());
    let general = note.general.gives(grants.signed_in && person.is_some());
    let lasting = member.max(general);
    let open = grants
        .links
        .iter()
        .filter(|(_, ends)| ends.is_none_or(|ends| ends > now));
    let open: Vec<_> = open.collect();
    let by_link = open.iter().map(|(role, _)| *role).max();
    // While it is stronger than what lasts, each of its ends is worth a look.
    let until = open.iter().filter_map(|(_, ends)| *ends).min();
    match (lasting, by_link) {
        (lasting, Some(role)) if lasting.is_none_or(|lasting| role > lasting) => {
            Some(Right { role, until })
        }
        (lasting, _) => lasting.map(always),
    }
}

fn owns(person: Option<PersonId>, bearer: Option<&str>, note: &NoteRecord) -> bool {
    let as_person = person.is_some() && person == note.owner;
    let by_token = match (bearer, &note.owner_token_hash) {
        (Some(shown), Some(kept)) => same_hash(shown, kept),
        _ => false,
    };
    as_person || by_token
}
