//! What the configuration says (`[vars]` in `wrangler.toml`), read once a request: a secret
//! that is changed must hold, and what is kept beyond a request may outlive the change.

use realtime::MAX_MESSAGE_BYTES;
use store::GeneralAccess;
use worker::Env;

use crate::limits::{
    EXPORT_NOTES, MOST_FRAME_BYTES, MOST_FRAMES, MOST_MESSAGES, MOST_PAGE_READERS, MOST_SESSIONS,
    configured, new_note_access,
};
use crate::oidc::Client;
use crate::secret::{BadSecret, judge};

/// The configuration of this instance.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// `PUBLIC_ORIGIN`: where the instance is reached, if it says so.
    pub(crate) public_origin: Option<String>,
    /// `MAX_NOTE_BYTES`: longest text of a note.
    pub(crate) note_bytes: usize,
    /// `ADMIN_TOKEN`: what the instance's admin shows; without it there is none.
    pub(crate) admin_token: Option<String>,
    /// `INSTANCE_SECRET`: what tokens of links are made from; none when it is not set
    /// or can be guessed, and then nothing is served.
    pub(crate) secret: Result<String, BadSecret>,
    /// `OIDC_ISSUER`, `OIDC_CLIENT_ID`, `OIDC_CLIENT_SECRET`: a provider of accounts,
    /// where all three are set.
    pub(crate) provider: Option<Client>,
    /// `NEW_NOTE_ACCESS`: what a new note gives to anyone with its link.
    pub(crate) new_note_access: GeneralAccess,
    /// `EXPORT_NOTES`: most notes in one archive.
    pub(crate) export_notes: u64,
    max_sessions: usize,
    max_page_readers: usize,
    pub(crate) max_frame_bytes: usize,
    max_message_bytes: usize,
    frame_burst: u64,
    frames_a_second: u64,
    message_burst: u64,
    messages_a_second: u64,
}

impl Settings {
    /// The configuration in an environment.
    pub(crate) fn of(env: &Env) -> Self {
        let word = |name| env.var(name).ok().map(|value| value.to_string());
        let said = |name| word(name).filter(|word| !word.is_empty());
        let provider = || {
            Some(Client {
                issuer: said("OIDC_ISSUER")?,
                id: said("OIDC_CLIENT_ID")?,
                secret: said("OIDC_CLIENT_SECRET")?,
            })
        };
        let room = realtime::Settings::default();
        let rate = |name, built_in, most| configured(word(name).as_deref(), built_in, most);
        let bound = |name, built_in, most| configured(word(name).as_deref(), built_in, most);
        Self {
            public_origin: word("PUBLIC_ORIGIN"),
            note_bytes: bound("MAX_NOTE_BYTES", note::MAX_TEXT_BYTES, note::MAX_TEXT_BYTES),
            admin_token: said("ADMIN_TOKEN"),
            provider: provider(),
            secret: judge(word("INSTANCE_SECRET").as_deref()).map(str::to_owned),
            new_note_access: said("NEW_NOTE_ACCESS")
                .map_or_else(GeneralAccess::default, |word| new_note_access(&word)),
            export_notes: configured(word("EXPORT_NOTES").as_deref(), EXPORT_NOTES, EXPORT_NOTES),
            max_sessions: bound("MAX_SOCKETS", room.max_sessions, MOST_SESSIONS),
            max_page_readers: bound("MAX_PAGE_SOCKETS", room.max_page_readers, MOST_PAGE_READERS),
            max_frame_bytes: bound("MAX_FRAME_BYTES", room.max_frame_bytes, MOST_FRAME_BYTES),
            max_message_bytes: bound(
                "MAX_MESSAGE_BYTES",
                room.max_message_bytes,
                MAX_MESSAGE_BYTES,
            ),
            frame_burst: rate("FRAME_BURST", room.frame_burst, MOST_FRAMES),
            frames_a_second: rate("FRAMES_A_SECOND", room.frames_a_second, MOST_FRAMES),
            message_burst: rate("MESSAGE_BURST", room.message_burst, MOST_MESSAGES),
            messages_a_second: rate("MESSAGES_A_SECOND", room.messages_a_second, MOST_MESSAGES),
        }
    }

    /// What of it concerns a room.
    pub(crate) fn room(&self) -> realtime::Settings {
        realtime::Settings {
            max_sessions: self.max_sessions,
            max_page_readers: self.max_page_readers,
            max_frame_bytes: self.max_frame_bytes,
            max_text_bytes: self.note_bytes,
            max_message_bytes: self.max_message_bytes,
            frame_burst: self.frame_burst,
            frames_a_second: self.frames_a_second,
            message_burst: self.message_burst,
            messages_a_second: self.messages_a_second,
            server: app::document_shell::version(),
        }
    }
}
