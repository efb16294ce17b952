//! [ssr] Who may do what with a note: requests that wait, people, general access,
//! links; and of a note without an owner, how to become it. A page of its own without
//! scripts; in a note the same stands in a dialog, fetched when it is opened and again
//! after each change.

mod links;
mod publish;

use leptos::either::Either;
use leptos::prelude::*;
use realtime::{MAX_NAME_CHARS, Refusal, Wanted};
use store::publishing::Publication;
use store::sharing::links::LinkRecord;
use store::sharing::members::Member;
use store::sharing::requests::AccessRequest;
use store::sharing::{members, requests};
use store::{Action, Audience, GeneralAccess, NoteId, PersonId, Role};
use uuid::Uuid;

use crate::clock::ago;
use crate::document_shell::Head;
use crate::people::initials;
use crate::server::{Services, Visitor, open};

/// The roles that are offered: what the others give cannot be done yet.
const OFFERED: [(Role, &str); 2] = [(Role::View, "Can view"), (Role::Edit, "Can edit")];

/// How a note is shared.
#[derive(Clone, Debug)]
pub struct Sharing {
    note: Uuid,
    title: String,
    me: PersonId,
    address: String,
    general: GeneralAccess,
    people: Vec<Member>,
    waiting: Vec<AccessRequest>,
    links: Vec<(LinkRecord, String)>,
    published: Option<Publication>,
    /// Whether it has no owner yet, and somebody may become it.
    claimable: bool,
    /// Whether who asks may share it; else nothing is read of how it is.
    may_share: bool,
    now_ms: u64,
}

impl Sharing {
    pub(crate) async fn load(
        services: &Services,
        visitor: &Visitor,
        id: Uuid,
    ) -> Result<Self, Refusal> {
        let opened = open(services, visitor, id).await?;
        let may_share = opened.role.may(Action::Share);
        if !may_share && !opened.claimable {
            return Err(Refusal::NotAllowed);
        }
        let (database, note) = (&*services.database, NoteId(id));
        let read = async {
            Ok::<_, store::StoreError>((
                members::of(database, note).await?,
                requests::of(database, note).await?,
                store::sharing::links::of(database, note).await?,
                store::publishing::of(database, note).await?,
            ))
        };
        let (people, waiting, links, published) = match may_share {
            true => read.await.map_err(|error| {
                leptos::logging::warn!("sharing of a note: {error}");
                Refusal::Storage
            })?,
            false => Default::default(),
        };
        // The index is behind: a note's address is suggested by what it is called now.
        let title = match services.rooms.read(&opened.key, Wanted::default()).await {
            Ok(reading) => reading.title,
            Err(_out) => opened.title,
        };
        let origin = &services.origin;
        let address = |link: LinkRecord| {
            let token = services.share.link_token(link.id);
            (link, format!("{origin}/s/{token}"))
        };
        Ok(Self {
            note: id,
            title,
            me: PersonId(visitor.person.id),
            address: format!("{origin}/note/{id}"),
            general: opened.general,
            people,
            waiting,
            links: links.into_iter().map(address).collect(),
            published,
            claimable: opened.claimable,
            may_share,
            now_ms: services.now_ms,
        })
    }

    pub(crate) fn head(&self) -> Head {
        Head {
            title: format!("Share {}", shown(&self.title)),
            ..Head::default()
        }
    }
}

fn shown(title: &str) -> &str {
    if title.is_empty() { "Untitled" } else { title }
}

/// The whole page.
#[component]
pub fn SharingPage(
    /// What it shows.
    sharing: Sharing,
) -> impl IntoView {
    let (title, back) = (
        shown(&sharing.title).to_owned(),
        format!("/note/{}", sharing.note),
    );
    view! {
        <main class="form-page sharing-page">
            <header class="form-head">
                <a class="wordmark" href="/">"Tandem"</a>
                <h1>"Share “" {title} "”"</h1>
            </header>
            <SharingParts sharing />
            <p class="ways-on">
                <a class="button" href=back>"Back to the note"</a>
            </p>
        </main>
    }
}

/// The parts alone, for the dialog.
#[component]
pub fn SharingParts(
    /// What they show.
    sharing: Sharing,
) -> impl IntoView {
    let Sharing {
        note,
        title,
        me,
        address,
        general,
        people,
        waiting,
        links: made,
        published,
        claimable,
        may_share,
        now_ms,
    } = sharing;
    let origin = address
        .split("/note/")
        .next()
        .unwrap_or_default()
        .to_owned();
    let parts = may_share.then(|| {
        view! {
            {asked(note, waiting, now_ms)}
            {named(note, me, people)}
            {open_to(note, general, address)}
            {links::by_link(note, general, made, now_ms)}
            {publish::published(note, &title, published, &origin)}
        }
    });
    view! {
        <div class="sharing">
            {claimable.then(|| claim(note))}
            {parts}
        </div>
    }
}

/// The way to become the owner of a note that a program made as nobody.
fn claim(note: Uuid) -> impl IntoView {
    view! {
        <section class="share-part" aria-labelledby="share-claim">
            <h3 id="share-claim">"Owner"</h3>
            <form method="post" action=format!("/note/{note}/claim") class="share-invite">
                <input
                    type="text"
                    name="owner_token"
                    class="input"
                    placeholder="Owner token"
                    aria-label="Owner token"
                    required=true
                    autocomplete="off"
                    spellcheck="false"
                />
                <button type="submit" class="button">"Claim the note"</button>
            </form>
            <p class="aside">
                "Nobody owns this note yet. Who made it was given an owner token: with it the note becomes yours, and the token ends."
            </p>
        </section>
    }
}

/// A form of this page: sent in place, and the parts are fetched anew.
fn hidden(note: Uuid) -> impl IntoView {
    view! {
        <input type="hidden" name="note" value=note.to_string() />
    }
}

fn role_select(chosen: Role, label: String, sends: bool) -> impl IntoView {
    // A role that is not offered any more or yet is shown where somebody has it.
    let more = match chosen {
        Role::Comment => Some((Role::Comment, "Can comment")),
        Role::Suggest => Some((Role::Suggest, "Can suggest")),
        _ => None,
    };
    let options = OFFERED
        .into_iter()
        .chain(more)
        .map(|(role, words)| {
            view! { <option value=role.as_str() selected=role == chosen>{words}</option> }
        })
        .collect_view();
    view! {
        <select name="role" class="select" aria-label=label data-sends=sends.then_some("")>
            {options}
        </select>
    }
}

fn asked(note: Uuid, waiting: Vec<AccessRequest>, now_ms: u64) -> impl IntoView {
    let row = move |request: AccessRequest| {
        let (id, name) = (request.person.to_string(), request.name);
        let button = |role: &'static str, words: &'static str, filled: bool| {
            view! {
                <button
                    type="submit"
                    name="role"
                    value=role
                    class=if filled { "button button-filled" } else { "button" }
                    aria-label=format!("{words}: {name}")
                >
                    {words}
                </button>
            }
        };
        let (edit, view, deny) = (
            button("edit", "Let edit", true),
            button("view", "Let view", false),
            button("none", "Deny", false),
        );
        view! {
            <li class="share-row">
                <span class=format!("face person-{}", request.colour) aria-hidden="true">
                    {initials(&name)}
                </span>
                <span class="person-name">
                    {name} <small>"asked " {ago(request.at, now_ms)}</small>
                </span>
                <form
                    method="post"
                    action="/api/fn/decide_request"
                    data-quiet="reload"
                    class="share-actions"
                >
                    {hidden(note)}
                    <input type="hidden" name="person" value=id />
                    {edit}
                    {view}
                    {deny}
                    <p class="problem" role="alert"></p>
                </form>
            </li>
        }
    };
    (!waiting.is_empty()).then(|| {
        view! {
            <section class="share-part share-asked" aria-labelledby="share-asked">
                <h3 id="share-asked">"Asking for access"</h3>
                <ul>{waiting.into_iter().map(row).collect_view()}</ul>
            </section>
        }
    })
}

fn named(note: Uuid, me: PersonId, people: Vec<Member>) -> impl IntoView {
    let i_own = people
        .iter()
        .any(|member| member.person == me && member.role == Role::Owner);
    let row = move |member: Member| {
        let mine = member.person == me;
        let name = if mine {
            format!("{} (you)", member.name)
        } else {
            member.name.clone()
        };
        let right = if member.role == Role::Owner {
            Either::Left(view! { <span class="person-right">"Owner"</span> })
        } else {
            Either::Right(member_actions(note, member.clone(), i_own))
        };
        view! {
            <li class="share-row">
                <span class=format!("face person-{}", member.colour) aria-hidden="true">
                    {initials(&member.name)}
                </span>
                <span class="person-name">{name}</span>
                {right}
            </li>
        }
    };
    view! {
        <section class="share-part" aria-labelledby="share-people">
            <h3 id="share-people">"People"</h3>
            <form method="post" action="/api/fn/invite" data-quiet="reload" class="share-invite">
                {hidden(note)}
                <input
                    type="text"
                    name="name"
                    class="input"
                    placeholder="Name"
                    aria-label="Name of whom you invite"
                    required=true
                    autocomplete="off"
                    maxlength=MAX_NAME_CHARS.to_string()
                />
                {role_select(Role::Edit, "What they can do".to_owned(), false)}
                <button type="submit" class="button">"Invite"</button>
                <p class="problem" role="alert"></p>
            </form>
            <p class="aside">
                "Whoever you let into a note before is in at once. For anybody else this makes an invitation to send them."
            </p>
            <ul>{people.into_iter().map(row).collect_view()}</ul>
        </section>
    }
}

fn member_actions(note: Uuid, member: Member, i_own: bool) -> impl IntoView {
    let (id, name) = (member.person.to_string(), member.name);
    let give = i_own.then(|| {
        view! {
            <form method="post" action="/api/fn/transfer_note" data-quiet="reload">
                {hidden(note)}
                <input type="hidden" name="person" value=id.clone() />
                <p>"The note becomes theirs. You can still edit it."</p>
                <button type="submit" class="button button-danger">
                    {format!("Give the note to {name}")}
                </button>
                <p class="problem" role="alert"></p>
            </form>
        }
    });
    view! {
        <form method="post" action="/api/fn/change_role" data-quiet="reload" class="share-actions">
            {hidden(note)}
            <input type="hidden" name="person" value=id.clone() />
            {role_select(member.role, format!("What {name} can do"), true)}
            <button type="submit" class="button no-scripts">"Change"</button>
            <p class="problem" role="alert"></p>
        </form>
        <details class="share-more">
            <summary aria-label=format!("More for {name}")>"More"</summary>
            <div class="share-more-body">
                <form method="post" action="/api/fn/remove_person" data-quiet="reload">
                    {hidden(note)}
                    <input type="hidden" name="person" value=id.clone() />
                    <button type="submit" class="button">{format!("Remove {name}")}</button>
                    <p class="problem" role="alert"></p>
                </form>
                {give}
            </div>
        </details>
    }
}

fn open_to(note: Uuid, general: GeneralAccess, address: String) -> impl IntoView {
    let audience = |audience: Audience, words: &'static str| {
        view! {
            <option value=audience.as_str() selected=audience == general.audience>{words}</option>
        }
    };
    let invited = general.audience == Audience::Invited;
    let role = role_select(general.role, "What they can do".to_owned(), true);
    let role = view! { <span class="share-role" hidden=invited>{role}</span> };
    let open_edit = general.audience == Audience::Link && general.role == Role::Edit;
    view! {
        <section class="share-part" aria-labelledby="share-general">
            <h3 id="share-general">"General access"</h3>
            <form method="post" action="/api/fn/open_to" data-quiet="reload" class="share-general">
                {hidden(note)}
                <select name="audience" class="select" aria-label="Who can open it" data-sends="">
                    {audience(Audience::Invited, "Only invited")}
                    {audience(Audience::SignedIn, "Anyone signed in")}
                    {audience(Audience::Link, "Anyone with the link")}
                </select>
                {role}
                <button type="submit" class="button no-scripts">"Change"</button>
                <p class="problem" role="alert"></p>
            </form>
            <p class="share-sentence">{general.sentence()}</p>
            {open_edit
                .then(|| {
                    view! {
                        <p class="aside">"Whoever is sent the address can write, signed in or not."</p>
                    }
                })}
            <div class="share-copy">{address_to_copy("Address of the note", address)}</div>
        </section>
    }
}

/// An address, and the button that copies it.
fn address_to_copy(label: &'static str, address: String) -> impl IntoView {
    to_copy(label, address, "Copy address")
}

/// A text, and the button that copies it.
pub(super) fn to_copy(
    label: &'static str,
    text: String,
    button: &'static str,
) -> impl IntoView + use<> {
    view! {
        <input
            type="text"
            class="input"
            readonly=true
            aria-label=label
            value=text.clone()
        />
        <button
            type="button"
            class="button needs-scripts"
            data-do="copy"
            data-text=text
            aria-live="polite"
        >
            {button}
        </button>
    }
}
