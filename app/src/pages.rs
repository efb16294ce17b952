//! [ssr] Every page, as data that is loaded first and rendered afterwards: what
//! can fail has failed before the first byte, and the status is known.

pub mod chat;
mod contents;
pub mod form;
pub mod home;
pub mod link;
pub mod note;
pub mod notifications;
pub mod offline;
pub mod published;
pub mod rooms;
pub mod settings;
pub mod sharing;
pub mod sign_in;
pub mod slides;
pub mod trouble;

use leptos::either::{EitherOf3, EitherOf6, EitherOf10};
use leptos::prelude::*;
use realtime::{Refusal, RoomName};
use store::publishing::Slug;
use uuid::Uuid;

use crate::document_shell::Head;
use crate::server::{Services, Visitor};

/// A page, with everything it shows.
#[derive(Clone, Debug)]
pub enum Page {
    /// `/`.
    Home(home::Home),
    /// `/note/<uuid>`.
    Note(Box<note::Note>),
    /// `/chat`: rooms somebody has been in.
    Rooms(rooms::Rooms),
    /// `/chat/<room>`.
    Chat(Box<chat::ChatRoom>),
    /// `/note/<uuid>/edit`: the source as a form, for a browser without scripts.
    Form(Box<form::Form>),
    /// `/user/<uuid>`: what somebody was told.
    Notifications(notifications::Notifications),
    /// `/sign-in`: the ways to come in.
    SignIn(sign_in::Ways),
    /// `/settings`: one's account.
    Settings(Box<settings::Settings>),
    /// `GET /new` by something that is no navigation: a button that posts.
    New,
    /// `/note/<uuid>/share`: who may do what with a note.
    Sharing(Box<sharing::Sharing>),
    /// The same without a document around it, for the dialog.
    SharingParts(Box<sharing::Sharing>),
    /// `/s/<token>` of a link that wants a button.
    Link(link::LinkDoor),
    /// `/p/<slug>`: a published page.
    Published(Box<published::Published>),
    /// `/note/<uuid>/slides` and `/p/<slug>/slides`.
    Slides(Box<slides::Slides>),
    /// `/offline`: for when there is no line.
    Offline,
    /// `/offline/note`: for a note that is on a device.
    OfflineNote,
    /// Something went wrong, or is not there.
    Trouble(trouble::Trouble),
}

impl Page {
    /// Loads the home page. With the database out it still shows, and says so.
    pub async fn home(services: &Services, visitor: &Visitor, query: &str) -> Self {
        Self::Home(home::Home::load(services, visitor, query).await)
    }

    /// Loads a note's page.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for who may not see it; [`Refusal::Storage`] and what
    /// the room says otherwise.
    pub async fn note(services: &Services, visitor: &Visitor, id: Uuid) -> Result<Self, Refusal> {
        let page = note::Note::load(services, visitor, id).await?;
        Ok(Self::Note(Box::new(page)))
    }

    /// Loads the list of rooms. With the database out it still shows, and says so.
    pub async fn rooms(services: &Services, visitor: &Visitor) -> Self {
        Self::Rooms(rooms::Rooms::load(services, visitor).await)
    }

    /// Loads a chat room's page.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where there is no room; [`Refusal::Storage`] when the
    /// database is out.
    pub async fn chat(
        services: &Services,
        visitor: &Visitor,
        name: &RoomName,
    ) -> Result<Self, Refusal> {
        let page = chat::ChatRoom::load(services, visitor, name).await?;
        Ok(Self::Chat(Box::new(page)))
    }

    /// Loads what the visitor was told; `before` a number of a notification, what is older.
    ///
    /// # Errors
    /// [`Refusal::Storage`] when the database is out.
    pub async fn notifications(
        services: &Services,
        visitor: &Visitor,
        before: Option<u64>,
    ) -> Result<Self, Refusal> {
        let page = notifications::Notifications::load(services, visitor, before).await?;
        Ok(Self::Notifications(page))
    }

    /// Loads the form that edits a note without scripts.
    ///
    /// # Errors
    /// As [`Page::note`], and [`Refusal::NotAllowed`] for who may only view.
    pub async fn form(services: &Services, visitor: &Visitor, id: Uuid) -> Result<Self, Refusal> {
        let page = form::Form::load(services, visitor, id).await?;
        Ok(Self::Form(Box::new(page)))
    }

    /// The same form again with what was typed into it, where that was not saved, and why.
    #[must_use]
    pub fn unsaved(id: Uuid, base: String, text: String, problem: String) -> Self {
        Self::Form(Box::new(form::Form::unsaved(id, base, text, problem)))
    }

    /// Loads how a note is shared; `part` leaves the document around it out.
    ///
    /// # Errors
    /// As [`Page::note`], and [`Refusal::NotAllowed`] for who may not share it.
    pub async fn sharing(
        services: &Services,
        visitor: &Visitor,
        id: Uuid,
        part: bool,
    ) -> Result<Self, Refusal> {
        let sharing = Box::new(sharing::Sharing::load(services, visitor, id).await?);
        Ok(if part {
            Self::SharingParts(sharing)
        } else {
            Self::Sharing(sharing)
        })
    }

    /// Loads a published page.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] where nothing is published; [`Refusal::Storage`] and what
    /// the room says otherwise.
    pub async fn published(
        services: &Services,
        slug: &Slug,
        shown: published::Shown,
    ) -> Result<Self, Refusal> {
        let found = published::Found::load(services, slug).await?;
        Ok(match shown {
            published::Shown::Page => Self::Published(Box::new(published::Published { found })),
            published::Shown::Slides => Self::Slides(Box::new(slides::Slides::of_page(found))),
        })
    }

    /// Loads a note as slides.
    ///
    /// # Errors
    /// As [`Page::note`].
    pub async fn slides(services: &Services, visitor: &Visitor, id: Uuid) -> Result<Self, Refusal> {
        let slides = slides::Slides::load(services, visitor, id).await?;
        Ok(Self::Slides(Box::new(slides)))
    }

    /// What search engines are told, beside the page.
    #[must_use]
    pub fn robots(&self) -> Option<String> {
        self.head().robots()
    }

    /// The page for a note that is not there, or not for this person: the same.
    #[must_use]
    pub fn missing_note(id: Uuid, asked: bool) -> Self {
        Self::Trouble(trouble::Trouble::missing_note(id, asked))
    }

    /// The page with the ways to come in.
    #[must_use]
    pub fn sign_in(ways: sign_in::Ways) -> Self {
        Self::SignIn(ways)
    }

    /// Loads the settings of an account. `provider` is the host of the provider of
    /// accounts, where there is one; `export_notes` go into one archive; `token` is an
    /// access token that was made just now.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for who has no account; [`Refusal::Storage`] when the
    /// database is out.
    pub async fn settings(
        services: &Services,
        visitor: &Visitor,
        provider: Option<String>,
        export_notes: u64,
        token: Option<String>,
    ) -> Result<Self, Refusal> {
        let mut page = settings::Settings::load(services, visitor, provider, export_notes).await?;
        page.new_token = token;
        Ok(Self::Settings(Box::new(page)))
    }

    /// The page for a path where there is nothing, or nothing for this person.
    #[must_use]
    pub fn missing() -> Self {
        Self::Trouble(trouble::Trouble::missing())
    }

    /// A page that says what happened and whether the text is safe.
    #[must_use]
    pub fn trouble(title: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self::Trouble(trouble::Trouble::new(title.into(), sentence.into()))
    }

    pub(crate) fn head(&self) -> Head {
        match self {
            Self::Home(home) => home.head(),
            Self::Rooms(_) => rooms::head(),
            Self::Chat(chat) => chat.head(),
            Self::Notifications(_) => notifications::head(),
            Self::SignIn(_) => sign_in::head(),
            Self::Settings(_) => settings::head(),
            Self::Note(note) => note.head(),
            Self::Form(form) => form.head(),
            Self::Sharing(sharing) | Self::SharingParts(sharing) => sharing.head(),
            Self::Published(page) => page.head(),
            Self::Slides(slides) => slides.head(),
            Self::Link(_) => link::LinkDoor::head(),
            Self::New => Head {
                title: "New note".to_owned(),
                ..Head::default()
            },
            Self::Offline => offline::head(None),
            Self::OfflineNote => offline::head(offline::NOTE),
            Self::Trouble(trouble) => trouble.head(),
        }
    }

    pub(crate) fn body(self, visitor: &Visitor) -> impl IntoView + use<> {
        let visitor = visitor.clone();
        match self {
            Self::Home(home) => EitherOf10::A(view! { <home::HomePage home visitor /> }),
            Self::Note(note) => EitherOf10::B(view! { <note::NotePage note=*note visitor /> }),
            Self::Form(form) => EitherOf10::C(view! { <form::FormPage form=*form /> }),
            Self::New => EitherOf10::D(view! { <home::NewNotePage /> }),
            Self::Trouble(trouble) => EitherOf10::E(view! { <trouble::TroublePage trouble /> }),
            Self::Rooms(rooms) => EitherOf10::F(view! { <rooms::RoomsPage rooms visitor /> }),
            Self::Chat(chat) => EitherOf10::G(view! { <chat::ChatRoomPage chat=*chat visitor /> }),
            Self::SignIn(ways) => EitherOf10::H(view! { <sign_in::SignInPage ways visitor /> }),
            Self::Settings(settings) => {
                EitherOf10::I(view! { <settings::SettingsPage settings=*settings /> })
            }
            // More pages than one choice has places for.
            Self::Sharing(sharing) => EitherOf10::J(EitherOf6::A(
                view! { <sharing::SharingPage sharing=*sharing /> },
            )),
            Self::SharingParts(sharing) => EitherOf10::J(EitherOf6::B(
                view! { <sharing::SharingParts sharing=*sharing /> },
            )),
            Self::Link(door) => EitherOf10::J(EitherOf6::C(view! { <link::LinkDoorPage door /> })),
            Self::Published(page) => EitherOf10::J(EitherOf6::D(
                view! { <published::PublishedPage page=*page /> },
            )),
            Self::Slides(slides) => EitherOf10::J(EitherOf6::E(
                view! { <slides::SlidesPage slides=*slides /> },
            )),
            Self::Offline => EitherOf10::J(EitherOf6::F(EitherOf3::A(
                view! { <offline::OfflinePage /> },
            ))),
            Self::OfflineNote => EitherOf10::J(EitherOf6::F(EitherOf3::B(
                view! { <offline::OfflineNotePage /> },
            ))),
            Self::Notifications(page) => EitherOf10::J(EitherOf6::F(EitherOf3::C(
                view! { <notifications::NotificationsPage page visitor /> },
            ))),
        }
    }
}
