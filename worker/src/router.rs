//! The whole URL space. A path is one of these, or there is nothing here; sockets
//! go by [`realtime::Key`] instead, whatever page has the same path.

use http::Method;
use realtime::{RoomName, parse_uuid};
use store::publishing::Slug;
use uuid::Uuid;

use crate::cookies::is_token;

/// What a path stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `/`: what this is, or one's notes.
    Home,
    /// `/go?title=`: the note that a wiki link means to who follows it.
    Go,
    /// `/new`: makes a note and goes there.
    New,
    /// `/note/<uuid>`: the note's page.
    Note(Uuid),
    /// `/note/<uuid>/edit`: the source as a form, for a page without scripts.
    NoteForm(Uuid),
    /// `/note/<uuid>.md`: the source.
    NoteSource(Uuid),
    /// `/note/<uuid>.html`: the rendered view alone.
    NoteView(Uuid),
    /// `/note/<uuid>/copy`: the note for a device, to open without a network.
    NoteCopy(Uuid),
    /// `/note/<uuid>/download.html`: the view as a file that stands alone.
    NoteFile(Uuid),
    /// `/note/<uuid>/share`: who may do what with it.
    NoteSharing(Uuid),
    /// `/note/<uuid>/claim`: makes who has its owner token its owner.
    NoteClaim(Uuid),
    /// `/note/<uuid>/slides`: the note as slides.
    NoteSlides(Uuid),
    /// `/note/<uuid>/slides.svg`: the QR code of where an audience sees them.
    SlidesCode(Uuid),
    /// `/p/<slug>`: a published page.
    Page(Slug),
    /// `/p/<slug>/slides`: a published page as slides.
    PageSlides(Slug),
    /// `/note/<uuid>/asked`: where who asked for access is sent.
    NoteAsked(Uuid),
    /// `/note/<uuid>/qr/<link>.svg`: the QR code of a share link.
    LinkCode(Uuid, Uuid),
    /// `/s/<token>`: a share link.
    ShareLink(String),
    /// `/chat`: the chat rooms somebody has been in.
    Rooms,
    /// `/chat/<room>`: a chat room's page.
    Room(RoomName),
    /// `/user/<uuid>`: what a person was told.
    Notifications(Uuid),
    /// `/sign-in`: the ways to come in.
    SignIn,
    /// `/sign-in/oidc`: on to the provider of accounts.
    ProviderStart,
    /// `/sign-in/oidc/callback`: back from there.
    ProviderReturn,
    /// `/sign-out`: the end of this browser's session.
    SignOut,
    /// `/settings`: one's account.
    Settings,
    /// `/settings/export.zip`: everything of one's own.
    Export,
    /// `/api/sign-in/options`: what a browser asks a passkey for.
    SignInOptions,
    /// `/api/sign-in`: a passkey is shown.
    PasskeyShown,
    /// `/api/passkeys/options`: what a browser asks for to make a passkey.
    PasskeyOptions,
    /// `/api/passkeys`: a passkey was made.
    PasskeyMade,
    /// `/api/announcements`: what is said to everybody.
    Announcements,
    /// `/api/notes`: makes a note for a program, and finds notes.
    Notes,
    /// `/api/fn/…`: the server functions of the pages.
    Action,
    /// `/offline`: what a service worker keeps and shows where there is no line.
    Offline,
    /// `/offline/note`: the same for a note that is on a device.
    OfflineNote,
    /// `/healthz`: whether all is well.
    Health,
}

impl Route {
    /// Finds what a path stands for. Each thing has one spelling.
    #[must_use]
    pub fn find(path: &str) -> Option<Self> {
        match path {
            "/" => Some(Self::Home),
            "/go" => Some(Self::Go),
            "/new" => Some(Self::New),
            "/chat" => Some(Self::Rooms),
            "/api/notes" => Some(Self::Notes),
            "/sign-in" => Some(Self::SignIn),
            "/sign-in/oidc" => Some(Self::ProviderStart),
            "/sign-in/oidc/callback" => Some(Self::ProviderReturn),
            "/sign-out" => Some(Self::SignOut),
            "/settings" => Some(Self::Settings),
            "/settings/export.zip" => Some(Self::Export),
            "/api/sign-in/options" => Some(Self::SignInOptions),
            "/api/sign-in" => Some(Self::PasskeyShown),
            "/api/passkeys/options" => Some(Self::PasskeyOptions),
            "/api/passkeys" => Some(Self::PasskeyMade),
            "/api/announcements" => Some(Self::Announcements),
            "/offline" => Some(Self::Offline),
            "/offline/note" => Some(Self::OfflineNote),
            "/healthz" => Some(Self::Health),
            _ if path.starts_with("/api/fn/") => Some(Self::Action),
            _ => Self::of_prefix(path),
        }
    }

    fn of_prefix(path: &str) -> Option<Self> {
        if let Some(token) = path.strip_prefix("/s/") {
            // What is no token of ours is looked up nowhere.
            return is_token(token).then(|| Self::ShareLink(token.to_owned()));
        }
        if let Some(page) = path.strip_prefix("/p/") {
            return match page.strip_suffix("/slides") {
                Some(slug) => Slug::find(slug).ok().map(Self::PageSlides),
                None => Slug::find(page).ok().map(Self::Page),
            };
        }
        if let Some(id) = path.strip_prefix("/user/") {
            return parse_uuid(id).map(Self::Notifications);
        }
        match path.strip_prefix("/chat/") {
            Some(name) => name.parse().ok().map(Self::Room),
            None => Self::of_note(path.strip_prefix("/note/")?),
        }
    }

    fn of_note(rest: &str) -> Option<Self> {
        if let Some((note, link)) = rest.split_once("/qr/") {
            let link = link.strip_suffix(".svg")?;
            return Some(Self::LinkCode(parse_uuid(note)?, parse_uuid(link)?));
        }
        if let Some(id) = rest.strip_suffix("/download.html") {
            return parse_uuid(id).map(Self::NoteFile);
        }
        if let Some(id) = rest.strip_suffix("/copy") {
            return parse_uuid(id).map(Self::NoteCopy);
        }
        if let Some(id) = rest.strip_suffix("/share") {
            return parse_uuid(id).map(Self::NoteSharing);
        }
        if let Some(id) = rest.strip_suffix("/claim") {
            return parse_uuid(id).map(Self::NoteClaim);
        }
        if let Some(id) = rest.strip_suffix("/slides") {
            return parse_uuid(id).map(Self::NoteSlides);
        }
        if let Some(id) = rest.strip_suffix("/slides.svg") {
            return parse_uuid(id).map(Self::SlidesCode);
        }
        if let Some(id) = rest.strip_suffix("/asked") {
            return parse_uuid(id).map(Self::NoteAsked);
        }
        if let Some(id) = rest.strip_suffix(".md") {
            return parse_uuid(id).map(Self::NoteSource);
        }
        if let Some(id) = rest.strip_suffix(".html") {
            return parse_uuid(id).map(Self::NoteView);
        }
        if let Some(id) = rest.strip_suffix("/edit") {
            return parse_uuid(id).map(Self::NoteForm);
        }
        parse_uuid(rest).map(Self::Note)
    }

    /// The methods it answers, as the `Allow` header names them.
    #[must_use]
    pub fn allow(&self) -> &'static str {
        match self {
            Self::Home
            | Self::Go
            | Self::NoteForm(_)
            | Self::NoteView(_)
            | Self::NoteCopy(_)
            | Self::NoteFile(_)
            | Self::NoteSharing(_)
            | Self::NoteAsked(_)
            | Self::NoteSlides(_)
            | Self::SlidesCode(_)
            | Self::Page(_)
            | Self::PageSlides(_)
            | Self::LinkCode(..)
            | Self::Rooms
            | Self::Room(_)
            | Self::Notifications(_)
            | Self::SignIn
            | Self::Offline
            | Self::OfflineNote
            | Self::Health => "GET, HEAD",
            Self::New | Self::ShareLink(_) | Self::Settings | Self::Notes => "GET, HEAD, POST",
            Self::NoteSource(_) => "GET, HEAD, POST, PUT",
            // They do something, so what only looks at headers gets no answer.
            Self::ProviderStart | Self::ProviderReturn | Self::Export => "GET",
            Self::Note(_) => "GET, HEAD, DELETE",
            Self::Announcements => "POST, DELETE",
            Self::Action
            | Self::NoteClaim(_)
            | Self::SignOut
            | Self::SignInOptions
            | Self::PasskeyShown
            | Self::PasskeyOptions
            | Self::PasskeyMade => "POST",
        }
    }

    /// Whether it answers a method.
    #[must_use]
    pub fn allows(&self, method: &Method) -> bool {
        self.allow()
            .split(", ")
            .any(|allowed| allowed == method.as_str())
    }

    /// The note it is about, of those that look the same whether it is there or not.
    #[must_use]
    pub fn note(&self) -> Option<Uuid> {
        match self {
            Self::Note(id)
            | Self::NoteForm(id)
            | Self::NoteSource(id)
            | Self::NoteView(id)
            | Self::NoteCopy(id)
            | Self::NoteFile(id)
            | Self::NoteSharing(id)
            | Self::NoteClaim(id)
            | Self::NoteAsked(id)
            | Self::NoteSlides(id)
            | Self::SlidesCode(id)
            | Self::LinkCode(id, _)
            | Self::Room(RoomName::OfNote(id)) => Some(*id),
            _ => None,
        }
    }

    /// Whether it is a page that a person looks at, or their way to one.
    #[must_use]
    pub fn is_page(&self) -> bool {
        matches!(
            self,
            Self::Home
                | Self::Go
                | Self::New
                | Self::Note(_)
                | Self::NoteForm(_)
                | Self::NoteSharing(_)
                | Self::NoteSlides(_)
                | Self::Rooms
                | Self::Room(_)
                | Self::SignIn
                | Self::ProviderStart
                | Self::Settings
        )
    }
}

/// Whether a path is about an account itself, or about who is signed in: for that it
/// takes a browser, and a program's access token is no good.
#[must_use]
pub fn takes_a_browser(path: &str) -> bool {
    matches!(path, "/settings" | "/sign-out" | "/api/fn/set_person")
        || ["/sign-in", "/api/sign-in", "/api/passkeys"]
            .iter()
            .any(|part| path.starts_with(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";

    #[test]
    fn every_path_of_a_note_is_found() {
        let id = parse_uuid(ID).unwrap();
        for (end, route) in [
            ("", Route::Note(id)),
            (".md", Route::NoteSource(id)),
            (".html", Route::NoteView(id)),
            ("/edit", Route::NoteForm(id)),
            ("/share", Route::NoteSharing(id)),
            ("/claim", Route::NoteClaim(id)),
            ("/asked", Route::NoteAsked(id)),
            ("/slides", Route::NoteSlides(id)),
            ("/slides.svg", Route::SlidesCode(id)),
            (&format!("/qr/{ID}.svg"), Route::LinkCode(id, id)),
        ] {
            assert_eq!(Route::find(&format!("/note/{ID}{end}")), Some(route));
        }
    }

    #[test]
    fn every_chat_room_has_a_page() {
        assert_eq!(Route::find("/chat"), Some(Route::Rooms));
        for name in ["tea", "tea-2", &format!("note-{ID}")] {
            let route = Route::find(&format!("/chat/{name}"));
            assert_eq!(route, Some(Route::Room(name.parse().unwrap())));
        }
    }

    #[test]
    fn a_person_s_key_has_a_page_for_who_is_known_already() {
        let id = parse_uuid(ID).unwrap();
        let route = Route::find(&format!("/user/{ID}")).unwrap();
        assert_eq!(route, Route::Notifications(id));
        assert_eq!(route.allow(), "GET, HEAD");
        // Who has no token yet is nobody's person, and their visit makes none.
        assert!(!route.is_page() && route.note().is_none());
        for path in [
            "/user",
            "/user/",
            &format!("/user/{ID}/"),
            &format!("/user/{}", ID.to_uppercase()),
        ] {
            assert_eq!(Route::find(path), None, "{path}");
        }
    }

    #[test]
    fn a_published_page_has_slides() {
        let slug = Slug::find("tea-time").unwrap();
        assert_eq!(Route::find("/p/tea-time"), Some(Route::Page(slug.clone())));
        let slides = Route::find("/p/tea-time/slides").unwrap();
        assert_eq!(slides, Route::PageSlides(slug));
        // Nobody who looks at one is known afterwards.
        assert!(!slides.is_page() && slides.note().is_none());
        for path in [
            "/p",
            "/p/",
            "/p/Tea",
            "/p/a/b",
            "/p//slides",
            "/p/a/slides/",
        ] {
            assert_eq!(Route::find(path), None, "{path}");
        }
    }

    #[test]
    fn a_share_link_is_one_token() {
        let token = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
        let route = Route::find(&format!("/s/{token}"));
        assert_eq!(route, Some(Route::ShareLink(token.to_owned())));
    }

    #[test]
    fn the_ways_in_and_out_are_found() {
        for (path, route, methods) in [
            ("/sign-in", Route::SignIn, "GET, HEAD"),
            ("/sign-in/oidc", Route::ProviderStart, "GET"),
            ("/sign-in/oidc/callback", Route::ProviderReturn, "GET"),
            ("/sign-out", Route::SignOut, "POST"),
            ("/settings", Route::Settings, "GET, HEAD, POST"),
            ("/api/sign-in/options", Route::SignInOptions, "POST"),
            ("/api/sign-in", Route::PasskeyShown, "POST"),
            ("/api/passkeys/options", Route::PasskeyOptions, "POST"),
            ("/api/passkeys", Route::PasskeyMade, "POST"),
        ] {
            assert_eq!(Route::find(path), Some(route.clone()), "{path}");
            assert_eq!(route.allow(), methods, "{path}");
            assert_eq!(Route::find(&format!("{path}/")), None, "{path}");
            assert!(takes_a_browser(path), "{path}");
        }
        // What is one's own may be fetched by a program, all of it too.
        for path in ["/", "/api/notes", "/settings/export.zip", "/api/fn/open_to"] {
            assert!(!takes_a_browser(path), "{path}");
        }
        assert!(Route::SignIn.is_page() && Route::ProviderStart.is_page());
        // Who comes back without a token has nothing to come back to.
        assert!(!Route::ProviderReturn.is_page());
    }

    #[test]
    fn what_a_device_keeps_is_nobodys_page() {
        for (path, route) in [
            ("/offline", Route::Offline),
            ("/offline/note", Route::OfflineNote),
        ] {
            assert_eq!(Route::find(path), Some(route.clone()));
            assert!(!route.is_page() && route.note().is_none());
        }
        assert_eq!(Route::find("/offline/"), None);
    }

    #[test]
    fn there_is_nothing_anywhere_else() {
        for path in [
            "",
            "//",
            "/note",
            "/note/",
            "/note/x",
            "/note/x.md",
            "/New",
            "/new/",
            "/api",
            "/api/",
            "/api/fn",
            "/healthz/",
            "/user/x",
            "/global",
            "/chat/",
            "/chat/X",
            "/chat/x/",
            "/chat/note-x",
            "/note/%2e%2e/new",
            "/s/",
            "/s/short",
            "/s/AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8/",
        ] {
            assert_eq!(Route::find(path), None, "{path}");
        }
        for end in ["/", ".txt", ".MD", ".md/", "/edit/", ".md.md"] {
            assert_eq!(Route::find(&format!("/note/{ID}{end}")), None, "{end}");
        }
        assert_eq!(Route::find(&format!("/note/{}", ID.to_uppercase())), None);
    }

    #[test]
    fn a_route_names_its_methods() {
        let note = Route::Note(parse_uuid(ID).unwrap());
        assert!(
            note.allows(&Method::GET) && note.allows(&Method::HEAD) && note.allows(&Method::DELETE)
        );
        assert!(!note.allows(&Method::POST) && !note.allows(&Method::PUT));
        assert!(Route::Notes.allows(&Method::POST) && !Route::Notes.allows(&Method::PUT));
        assert!(Route::Action.allows(&Method::POST) && !Route::Action.allows(&Method::GET));
        assert!(!Route::Home.allows(&Method::from_bytes(b"ET").unwrap()));
    }
}
