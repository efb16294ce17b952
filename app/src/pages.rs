//! [ssr] Every page, as data that is loaded first and rendered afterwards: what
//! can fail has failed before the first byte, and the status is known.

pub mod chat;
pub mod form;
pub mod home;
pub mod note;
pub mod rooms;
pub mod settings;
pub mod sign_in;
pub mod trouble;

use leptos::either::EitherOf9;
use leptos::prelude::*;
use realtime::{Refusal, RoomName};
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
    /// `/sign-in`: the ways to come in.
    SignIn(sign_in::Ways),
    /// `/settings`: one's account.
    Settings(Box<settings::Settings>),
    /// `GET /new` by something that is no navigation: a button that posts.
    New,
    /// Something went wrong, or is not there.
    Trouble(trouble::Trouble),
}

impl Page {
    /// Loads the home page. With the database out it still shows, and says so.
    pub async fn home(services: &Services, visitor: &Visitor) -> Self {
        Self::Home(home::Home::load(services, visitor).await)
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

    /// Loads the form that edits a note without scripts.
    ///
    /// # Errors
    /// As [`Page::note`], and [`Refusal::NotAllowed`] for who may only view.
    pub async fn form(services: &Services, visitor: &Visitor, id: Uuid) -> Result<Self, Refusal> {
        let page = form::Form::load(services, visitor, id).await?;
        Ok(Self::Form(Box::new(page)))
    }

    /// The page with the ways to come in.
    #[must_use]
    pub fn sign_in(ways: sign_in::Ways) -> Self {
        Self::SignIn(ways)
    }

    /// Loads the settings of an account. `provider` is the host of the provider of
    /// accounts, where there is one.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for who has no account; [`Refusal::Storage`] when the
    /// database is out.
    pub async fn settings(
        services: &Services,
        visitor: &Visitor,
        provider: Option<String>,
    ) -> Result<Self, Refusal> {
        let page = settings::Settings::load(services, visitor, provider).await?;
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
            Self::SignIn(_) => sign_in::head(),
            Self::Settings(_) => settings::head(),
            Self::Note(note) => note.head(),
            Self::Form(form) => form.head(),
            Self::New => Head {
                title: "New note".to_owned(),
                ..Head::default()
            },
            Self::Trouble(trouble) => trouble.head(),
        }
    }

    pub(crate) fn body(self, visitor: &Visitor) -> impl IntoView + use<> {
        let visitor = visitor.clone();
        match self {
            Self::Home(home) => EitherOf9::A(view! { <home::HomePage home visitor /> }),
            Self::Note(note) => EitherOf9::B(view! { <note::NotePage note=*note visitor /> }),
            Self::Form(form) => EitherOf9::C(view! { <form::FormPage form=*form /> }),
            Self::New => EitherOf9::D(view! { <home::NewNotePage /> }),
            Self::Trouble(trouble) => EitherOf9::E(view! { <trouble::TroublePage trouble /> }),
            Self::Rooms(rooms) => EitherOf9::F(view! { <rooms::RoomsPage rooms visitor /> }),
            Self::Chat(chat) => EitherOf9::G(view! { <chat::ChatRoomPage chat=*chat visitor /> }),
            Self::SignIn(ways) => EitherOf9::H(view! { <sign_in::SignInPage ways visitor /> }),
            Self::Settings(settings) => {
                EitherOf9::I(view! { <settings::SettingsPage settings=*settings /> })
            }
        }
    }
}
