//! Server actions: what a page asks of the server outside of its socket. Each is
//! a Leptos server function that a plain form can post to as well, checks the
//! right itself, and goes through the room like a frame does.
//!
//! An action that a form posts ends with a redirect to where the person was.

pub mod home;
mod inbox;
pub mod publishing;
mod sharing;
pub mod tasks;

use leptos::prelude::*;
use uuid::Uuid;

/// Makes an empty note and goes there.
#[server(prefix = "/api/fn", endpoint = "make_note")]
pub async fn make_note() -> Result<(), ServerFnError> {
    let (services, visitor) = crate::server::context()?;
    let id = services
        .notes
        .make(&visitor, String::new())
        .await
        .map_err(crate::server::refused)?;
    go(&format!("/note/{id}"));
    Ok(())
}

/// Sets a note's title; empty goes back to its first heading. Answers with the
/// title as shown.
#[server(prefix = "/api/fn", endpoint = "set_title")]
pub async fn set_title(note: Uuid, title: String) -> Result<String, ServerFnError> {
    if realtime::clean_title(&title).is_err() {
        let most = realtime::MAX_TITLE_CHARS;
        return Err(crate::server::said(
            http::StatusCode::PAYLOAD_TOO_LARGE,
            &format!(
                "A title has at most {most} characters. It stays as it was; shorten this one."
            ),
        ));
    }
    let done = act(note, realtime::Action::SetTitle { title }).await?;
    go(&format!("/note/{note}"));
    Ok(done.title)
}

/// Carries over what a form without scripts changed from `base` to `text`,
/// keeping what others changed meanwhile.
#[server(prefix = "/api/fn", endpoint = "edit_note")]
pub async fn edit_note(note: Uuid, base: String, text: String) -> Result<(), ServerFnError> {
    // A form submits its lines with CR LF, whatever they were.
    let base = note::line_ends::normalise_line_ends(&base).into_owned();
    let text = note::line_ends::normalise_line_ends(&text).into_owned();
    act(note, realtime::Action::Merge { base, text }).await?;
    go(&format!("/note/{note}"));
    Ok(())
}

/// Sets my name and colour, for my account or in this browser, and with a note for
/// those in it.
#[server(prefix = "/api/fn", endpoint = "set_person")]
pub async fn set_person(
    name: String,
    colour: u8,
    #[server(default)] note: Option<Uuid>,
) -> Result<(), ServerFnError> {
    let (services, mut visitor) = crate::server::context()?;
    visitor.person = realtime::Person::new(visitor.person.id, &name, colour);
    let me = &visitor.person;
    if visitor.account {
        let person = store::PersonId(me.id);
        let (database, at) = (&*services.database, services.now_ms);
        let done = store::accounts::rename(database, person, &me.name, me.colour, at).await;
        if let Err(error) = done {
            leptos::logging::warn!("a name was not kept: {error}");
            return Err(crate::server::refused(realtime::Refusal::Storage));
        }
    } else {
        keep(&crate::cookies::person_cookie(&me.name, me.colour));
    }
    if let Some(id) = note {
        act_as(&services, &visitor, id, realtime::Action::Introduce).await?;
    }
    go(&note.map_or_else(|| "/".to_owned(), |id| format!("/note/{id}")));
    Ok(())
}

/// Sets the theme of this browser and goes back to the note, or home.
#[server(prefix = "/api/fn", endpoint = "set_theme")]
pub async fn set_theme(
    theme: crate::theme::Theme,
    #[server(default)] note: Option<Uuid>,
) -> Result<(), ServerFnError> {
    keep(&crate::cookies::theme_cookie(theme));
    go(&note.map_or_else(|| "/".to_owned(), |id| format!("/note/{id}")));
    Ok(())
}

/// Sets what those may do with a note of mine who have no right of their own.
#[server(prefix = "/api/fn", endpoint = "open_to")]
pub async fn open_to(note: Uuid, audience: String, role: String) -> Result<(), ServerFnError> {
    let note = sharing::Shared::open(note, store::Action::Share).await?;
    note.open_to(&audience, &role).await
}

/// Lets somebody into a note of mine by name: at once who is in one of mine already,
/// anybody else by an invitation to send them.
#[server(prefix = "/api/fn", endpoint = "invite")]
pub async fn invite(note: Uuid, name: String, role: String) -> Result<(), ServerFnError> {
    let note = sharing::Shared::open(note, store::Action::Share).await?;
    note.invite(&name, &role).await
}

/// Changes what somebody may do with a note of mine.
#[server(prefix = "/api/fn", endpoint = "change_role")]
pub async fn change_role(note: Uuid, person: Uuid, role: String) -> Result<(), ServerFnError> {
    let note = sharing::Shared::open(note, store::Action::Share).await?;
    note.change_role(person, &role).await
}

/// Takes somebody out of a note of mine.
#[server(prefix = "/api/fn", endpoint = "remove_person")]
pub async fn remove_person(note: Uuid, person: Uuid) -> Result<(), ServerFnError> {
    let note = sharing::Shared::open(note, store::Action::Share).await?;
    note.remove(person).await
}

/// Makes a link to a note of mine. `expires` is `never`, `hour`, `day`, `week`,
/// `month`, `date` (then `until` is the last day), or a number of seconds.
#[server(prefix = "/api/fn", endpoint = "make_link")]
pub async fn make_link(
    note: Uuid,
    role: String,
    #[server(default)] label: String,
    #[server(default)] expires: String,
    #[server(default)] until: String,
    #[server(default)] password: String,
    #[server(default)] uses: String,
) -> Result<(), ServerFnError> {
    let note = sharing::Shared::open(note, store::Action::Share).await?;
    let wanted = sharing::Wanted {
        label,
        role,
        expires,
        until,
        password,
        uses,
    };
    note.make_link(wanted).await
}

/// Revokes a link: who came through it and has no other right is out.
#[server(prefix = "/api/fn", endpoint = "revoke_link")]
pub async fn revoke_link(note: Uuid, link: Uuid) -> Result<(), ServerFnError> {
    let note = sharing::Shared::open(note, store::Action::Share).await?;
    note.revoke(link).await
}

/// Answers somebody who asked for access: with a role, or `none`.
#[server(prefix = "/api/fn", endpoint = "decide_request")]
pub async fn decide_request(note: Uuid, person: Uuid, role: String) -> Result<(), ServerFnError> {
    let note = sharing::Shared::open(note, store::Action::Share).await?;
    note.decide(person, &role).await
}

/// Gives a note of mine to somebody who is in it.
#[server(prefix = "/api/fn", endpoint = "transfer_note")]
pub async fn transfer_note(note: Uuid, person: Uuid) -> Result<(), ServerFnError> {
    let note = sharing::Shared::open(note, store::Action::Transfer).await?;
    note.transfer(person).await
}

/// Asks for access to a note I have no right to. The answer never tells whether
/// there is one.
#[server(prefix = "/api/fn", endpoint = "ask_access")]
pub async fn ask_access(note: Uuid) -> Result<(), ServerFnError> {
    sharing::ask(note).await
}

/// Makes a chat room and goes there. Answers with its name.
#[server(prefix = "/api/fn", endpoint = "make_room")]
pub async fn make_room(title: String) -> Result<String, ServerFnError> {
    let (services, visitor) = crate::server::context()?;
    let most = store::rooms::MAX_TITLE_CHARS;
    if title.trim().chars().count() > most {
        let sentence =
            format!("A room's name has at most {most} characters. Shorten it, then make the room.");
        return Err(crate::server::said(
            http::StatusCode::PAYLOAD_TOO_LARGE,
            &sentence,
        ));
    }
    let Some(title) = store::rooms::clean_title(&title) else {
        return Err(sharing::say("Give the room a name, then make it."));
    };
    let name = services
        .chats
        .make(&visitor, title)
        .await
        .map_err(crate::server::refused)?;
    go(&format!("/chat/{name}"));
    Ok(name)
}

/// Marks notifications of mine as read: those of these numbers, with commas
/// between them, or all.
#[server(prefix = "/api/fn", endpoint = "mark_read")]
pub async fn mark_read(#[server(default)] ids: String) -> Result<(), ServerFnError> {
    let which = inbox::chosen(&ids)?;
    let me = inbox::Mine::open()?;
    let done = store::notifications::mark_read(me.database(), me.person, &which, me.now_ms()).await;
    me.changed(done).await
}

/// Puts a notification of mine out of sight.
#[server(prefix = "/api/fn", endpoint = "archive")]
pub async fn archive(id: u64) -> Result<(), ServerFnError> {
    let which = store::notifications::Chosen::These(vec![id]);
    let me = inbox::Mine::open()?;
    let done = store::notifications::archive(me.database(), me.person, &which, me.now_ms()).await;
    me.changed(done).await
}

/// Sets whether I want a kind of notification in the bell. An unticked box sends
/// nothing, which is no.
#[server(prefix = "/api/fn", endpoint = "set_notification_setting")]
pub async fn set_notification_setting(
    kind: String,
    #[server(default)] bell: bool,
) -> Result<(), ServerFnError> {
    let kind = store::notifications::Kind::find(&kind)
        .ok_or_else(|| crate::server::refused(realtime::Refusal::NotFound))?;
    let me = inbox::Mine::open()?;
    let done = store::notifications::set_bell(me.database(), me.person, kind, bell).await;
    me.changed(done).await
}

/// Tells `server_fn` of every action. A Worker has no constructors that run
/// before `main`, so whoever serves them calls this once.
#[cfg(feature = "ssr")]
pub fn register_all() {
    use server_fn::axum::register_explicit;
    register_explicit::<MakeNote>();
    register_explicit::<SetTitle>();
    register_explicit::<EditNote>();
    register_explicit::<tasks::TickTask>();
    register_explicit::<SetPerson>();
    register_explicit::<SetTheme>();
    register_explicit::<MakeRoom>();
    register_explicit::<OpenTo>();
    register_explicit::<Invite>();
    register_explicit::<ChangeRole>();
    register_explicit::<RemovePerson>();
    register_explicit::<MakeLink>();
    register_explicit::<RevokeLink>();
    register_explicit::<DecideRequest>();
    register_explicit::<TransferNote>();
    register_explicit::<AskAccess>();
    register_explicit::<publishing::Publish>();
    register_explicit::<publishing::Unpublish>();
    register_explicit::<MarkRead>();
    register_explicit::<Archive>();
    register_explicit::<SetNotificationSetting>();
    register_explicit::<home::PinNote>();
    register_explicit::<home::TrashNote>();
    register_explicit::<home::RestoreNote>();
    register_explicit::<home::DeleteNoteForGood>();
}

#[cfg(feature = "ssr")]
async fn act(note: Uuid, action: realtime::Action) -> Result<realtime::Done, ServerFnError> {
    let (services, visitor) = crate::server::context()?;
    act_as(&services, &visitor, note, action).await
}

/// Does something to a note and brings its readers up to date.
#[cfg(feature = "ssr")]
async fn act_as(
    services: &crate::server::Services,
    visitor: &crate::server::Visitor,
    note: Uuid,
    action: realtime::Action,
) -> Result<realtime::Done, ServerFnError> {
    use crate::server::{open, refused};
    let opened = open(services, visitor, note).await.map_err(refused)?;
    let request = realtime::Request {
        by: opened.admission(visitor),
        action,
    };
    let done = services
        .rooms
        .act(&opened.key, request)
        .await
        .map_err(refused)?;
    // What was done is stored; that its readers see it a moment later is no reason to say it failed.
    if let Err(refusal) = services
        .rooms
        .refresh(&opened.key, realtime::Who::All)
        .await
    {
        leptos::logging::warn!("refresh after an action: {refusal}");
    }
    Ok(done)
}

/// Adds a cookie to the answer.
#[cfg(feature = "ssr")]
fn keep(cookie: &str) {
    let response = use_context::<leptos_axum::ResponseOptions>();
    if let (Some(response), Ok(value)) = (response, http::HeaderValue::from_str(cookie)) {
        response.append_header(http::header::SET_COOKIE, value);
    }
}

/// Sends a plain form on to where its person was. A page with scripts stays:
/// it asked with `Accept: application/json`.
#[cfg(feature = "ssr")]
fn go(path: &str) {
    let wants_html = use_context::<http::request::Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(http::header::ACCEPT);
        accept
            .and_then(|value| value.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"))
    });
    if wants_html {
        leptos_axum::redirect(path);
    }
}
