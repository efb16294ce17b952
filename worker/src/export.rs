//! `/settings/export.zip`: everything of one's own, read note by note while it is
//! sent.

use std::io;

use app::server::Services;
use axum::body::Body;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{Response, StatusCode};
use realtime::{Key, Wanted};
use serde_json::{Value, json};
use store::PersonId;
use store::accounts::{Account, SessionCard};
use store::notes::Owned;

use crate::account::sign_in_first;
use crate::archive::{Archive, Names};
use crate::error::Problem;
use crate::http_notes::set;
use crate::incoming::Incoming;
use crate::notes::Rate;

/// `GET /settings/export.zip?part=N`, `N` from one.
pub(crate) async fn everything(incoming: &Incoming) -> Result<Response<Body>, Problem> {
    if !incoming.visitor.account {
        return sign_in_first(incoming);
    }
    let part: u64 = match incoming.query("part").unwrap_or("1").parse() {
        Ok(part @ 1..) => part,
        _ => return Err(Problem::NotFound),
    };
    let maker = incoming.maker()?;
    maker.check_rate(Rate::Exports).await?;
    let person = PersonId(incoming.visitor.person.id);
    let limit = incoming.settings.export_notes;
    let skip = limit.saturating_mul(part - 1);
    let database = &*maker.database;
    let account = store::accounts::account(database, person).await?;
    let account = account.ok_or(Problem::NotFound)?;
    let notes = store::notes::owned(database, person, skip, limit).await?;
    if notes.is_empty() && part > 1 {
        return Err(Problem::NotFound);
    }
    let files = named(notes);
    let first = about(&account, &files, maker.now_ms);
    let work = Work {
        services: incoming.services()?,
        archive: Archive::default(),
        first: Some(first),
        files: files.into_iter(),
    };
    let pieces = stream::unfold(Some(work), |work| async {
        match work?.next().await {
            Ok((bytes, work)) => Some((Ok(bytes), work)),
            Err(error) => {
                // The download breaks off: half an archive must not look like a whole one.
                worker::console_error!("an export: {error}");
                Some((Err(error), None))
            }
        }
    });
    let mut response = Response::new(Body::from_stream(pieces));
    *response.status_mut() = StatusCode::OK;
    set(&mut response, CONTENT_TYPE, "application/zip");
    set(&mut response, CACHE_CONTROL, "no-store");
    let name = match part {
        1 => "attachment; filename=\"tandem.zip\"".to_owned(),
        _ => format!("attachment; filename=\"tandem-{part}.zip\""),
    };
    set(&mut response, CONTENT_DISPOSITION, &name);
    Ok(response)
}

/// What is still to be sent.
struct Work {
    services: Services,
    archive: Archive,
    first: Option<String>,
    files: std::vec::IntoIter<(String, Owned)>,
}

impl Work {
    /// The next bytes, and the work after them, if there is any.
    async fn next(mut self) -> io::Result<(Vec<u8>, Option<Self>)> {
        if let Some(about) = self.first.take() {
            let bytes = self.archive.add("account.json", &about)?;
            return Ok((bytes, Some(self)));
        }
        let Some((path, note)) = self.files.next() else {
            return Ok((self.archive.finish()?, None));
        };
        let key = Key::Note(note.id.0);
        let reading = self.services.rooms.read(&key, Wanted::TEXT).await;
        let reading = reading.map_err(io::Error::other)?;
        let bytes = self.archive.add(&path, &reading.text)?;
        Ok((bytes, Some(self)))
    }
}

/// Every note with the path of its file.
fn named(notes: Vec<Owned>) -> Vec<(String, Owned)> {
    let mut names = Names::default();
    let path = |note: Owned| {
        let folder = match note.trashed_at {
            None => "notes",
            Some(_) => "trash",
        };
        (names.give(folder, &note.title), note)
    };
    notes.into_iter().map(path).collect()
}

/// What is known of the account, and which file is which note; times are
/// milliseconds of the epoch.
fn about(account: &Account, files: &[(String, Owned)], now_ms: u64) -> String {
    let notes: Vec<Value> = files
        .iter()
        .map(|(path, note)| {
            json!({
                "file": path,
                "id": note.id.0,
                "title": note.title,
                "created_at": note.created_at,
                "updated_at": note.updated_at,
                "trashed_at": note.trashed_at,
            })
        })
        .collect();
    let passkeys: Vec<Value> = account
        .passkeys
        .iter()
        .map(|key| json!({ "label": key.label, "created_at": key.created_at, "used_at": key.used_at }))
        .collect();
    let identities: Vec<Value> = account
        .identities
        .iter()
        .map(|card| json!({ "issuer": card.identity.issuer, "created_at": card.created_at }))
        .collect();
    let listed = |sessions: &[SessionCard]| -> Value {
        let sessions = sessions.iter();
        sessions
            .map(|session| json!({ "label": session.label, "seen_at": session.seen_at }))
            .collect()
    };
    let about = json!({
        "exported_at": now_ms,
        "name": account.standing.name,
        "colour": account.standing.colour,
        "passkeys": passkeys,
        "identities": identities,
        "devices": listed(&account.sessions),
        "access_tokens": listed(&account.tokens),
        "notes": notes,
    });
    format!("{about:#}\n")
}
