//! [ssr] The note page. Complete as it is served: title, view, and a form to edit
//! with. Where there are scripts, its islands come alive around it; the view
//! stands outside of all of them.

use leptos::either::Either;
use leptos::prelude::*;
use realtime::{Key, Person, Refusal, RoomName, Wanted};
use store::notes::TRASH_MS;
use store::{Action, Audience, GeneralAccess, Role};
use uuid::Uuid;

use crate::bell::Bell;
use crate::chat::{ChatButton, ChatPanel, Standing};
use crate::chip::SaveChip;
use crate::clock::{exact, exact_day};
use crate::document_shell::{Head, Islands};
use crate::editor::Editor;
use crate::icons::Icon;
use crate::kept_text::KeptText;
use crate::lead::LeadStrip;
use crate::linked::LinkedFrom;
use crate::me::MeDialog;
use crate::menu::More;
use crate::mode::ModeSwitch;
use crate::people::People;
use crate::reader::{ContentsButton, ReaderChip, ReaderLeader, ReaderPeople};
use crate::server::{Services, Visitor, open};
use crate::session::Writes;
use crate::share::Share;
use crate::source_start::SourceStart;
use crate::splitter::Splitter;
use crate::status_line::StatusLine;
use crate::title::TitleField;

/// A note, as one visitor may see it.
#[derive(Clone, Debug)]
pub struct Note {
    id: Uuid,
    title: String,
    excerpt: String,
    lang: Option<String>,
    revision: u64,
    /// Of the source, for who may write.
    beginning: String,
    html: String,
    can_write: bool,
    role: Role,
    general: GeneralAccess,
    claimable: bool,
    link: String,
    silent: Vec<&'static str>,
    trashed_at: Option<u64>,
    linked: Vec<store::finding::LinkingNote>,
}

impl Note {
    pub(crate) async fn load(
        services: &Services,
        visitor: &Visitor,
        id: Uuid,
    ) -> Result<Self, Refusal> {
        let opened = open(services, visitor, id).await?;
        let reading = services.rooms.read(&opened.key, Wanted::HTML).await?;
        crate::server::finding::visited(services, visitor, id).await;
        let can_write = opened.role.may(Action::Write);
        Ok(Self {
            id,
            title: reading.title,
            excerpt: reading.excerpt,
            lang: reading.lang,
            revision: reading.revision,
            beginning: if can_write {
                reading.beginning
            } else {
                String::new()
            },
            html: reading.html,
            can_write,
            role: opened.role,
            general: opened.general,
            claimable: opened.claimable,
            link: format!("{}{}", services.origin, opened.key),
            silent: crate::server::silent_kinds(services, visitor).await,
            trashed_at: opened.trashed_at,
            linked: crate::linked::linking(services, visitor, id).await,
        })
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            title: self.title.clone(),
            description: self.excerpt.clone(),
            card: (self.general.audience == Audience::Link).then(|| self.link.clone()),
            islands: Some(Islands::Note(if self.can_write {
                Writes::Yes
            } else {
                Writes::No
            })),
            reader: true,
            ..Head::default()
        }
    }
}

/// The whole page.
#[component]
pub fn NotePage(
    /// The note.
    note: Note,
    /// Who looks at it.
    visitor: Visitor,
) -> impl IntoView {
    let Note {
        id,
        lang,
        revision,
        beginning,
        html,
        can_write,
        trashed_at,
        linked,
        ..
    } = note.clone();
    view! {
        <a class="skip-link" href="#view-pane">"Skip to the note"</a>
        <div class="note-page">
            {bar(note, visitor)}
            {trashed_at.map(|at| in_the_trash(id, at))}
            <main class="panes">
                <section class="source-pane" aria-label="Source">
                    <SourceStart text=beginning />
                    <Editor note=id revision can_write on_device=false />
                </section>
                <Splitter />
                <section class="view-pane" id="view-pane" aria-label="View" tabindex="0">
                    <article id="view" class="prose" lang=lang data-key=Key::Note(id).to_string() data-revision=revision.to_string() data-may-tick=can_write.then_some("") inner_html=html></article>
                    <LinkedFrom notes=linked />
                </section>
            </main>
            <ChatPanel room=Key::Chat(RoomName::OfNote(id)).to_string() standing=Standing::Drawer writes=can_write />
            <LeadStrip note=id />
            <KeptText />
            <ReaderLeader />
            <footer class="status-line needs-scripts">
                <ContentsButton />
                <StatusLine />
                <p class="page-said" role="status"></p>
                <ModeSwitch />
            </footer>
        </div>
    }
}

/// What its owner is told of a note in the trash, which nobody else can open.
fn in_the_trash(id: Uuid, trashed_at: u64) -> impl IntoView {
    let ends = trashed_at.saturating_add(TRASH_MS);
    view! {
        <form class="notice trash-notice" method="post" action="/api/fn/restore_note">
            <span>
                "This note is in the trash and goes for good on "
                <time title=exact(ends)>{exact_day(ends)}</time> "."
            </span>
            <input type="hidden" name="note" value=id.to_string() />
            <button type="submit" class="button">"Restore"</button>
        </form>
    }
}

/// The one row above: where I am, whether it is safe, who is here, what I can do.
fn bar(note: Note, visitor: Visitor) -> impl IntoView {
    let Note {
        id,
        title,
        can_write,
        role,
        general,
        claimable,
        link,
        silent,
        ..
    } = note;
    let (theme, account) = (visitor.theme, visitor.account);
    let Person { name, colour, .. } = visitor.person.clone();
    let form = can_write.then(|| {
        view! { <a class="button no-scripts" href=format!("/note/{id}/edit")>"Edit as a form"</a> }
    });
    view! {
        <header class="bar">
            <a class="icon-button" href="/" aria-label="Home" title="Home">
                <Icon name="house" />
            </a>
            <Heading id title can_write />
            <SaveChip />
            <ReaderChip writes=can_write />
            <span class="bar-space"></span>
            {form}
            <People />
            <ReaderPeople renames=true />
            <MeDialog note=id name colour />
            <ChatButton />
            <Bell visitor silent />
            <Share note=id link general claimable may_share=role.may(Action::Share) />
            <More note=id theme can_write account />
        </header>
    }
}

/// The title: a field for who may change it, text for the others.
#[component]
fn Heading(id: Uuid, title: String, can_write: bool) -> impl IntoView {
    if can_write {
        Either::Left(view! { <TitleField note=id title /> })
    } else {
        Either::Right(view! { <h1 class="title-text">{title}</h1> })
    }
}
