//! [ssr] One's own account: what others see of it, the ways into it, where it is
//! signed in, the tokens of programs, and its end. Every change is a plain form.

use leptos::prelude::*;
use realtime::{MAX_NAME_CHARS, Refusal};
use store::PersonId;
use store::accounts::{Account, IdentityCard, PasskeyCard, SessionCard};

use crate::clock::ago;
use crate::document_shell::{Head, Islands};
use crate::icons::Icon;
use crate::me::MeForm;
use crate::pages::sharing::to_copy;
use crate::server::{Services, Visitor};

/// Longest label of a passkey or an access token that can be typed, characters.
const MAX_LABEL_CHARS: usize = 60;

/// An account, with what is shown of it.
#[derive(Clone, Debug)]
pub struct Settings {
    account: Account,
    /// Hash of the token of the session that looks at it.
    here: String,
    provider: Option<String>,
    /// How many notes it owns, and how many of them one archive holds.
    owned: u64,
    export_notes: u64,
    /// An access token that was made just now: it is shown this once.
    pub(super) new_token: Option<String>,
    now_ms: u64,
}

impl Settings {
    pub(crate) async fn load(
        services: &Services,
        visitor: &Visitor,
        provider: Option<String>,
        export_notes: u64,
    ) -> Result<Self, Refusal> {
        let person = PersonId(visitor.person.id);
        let account = match store::accounts::account(&*services.database, person).await {
            Ok(account) => account.ok_or(Refusal::NotFound)?,
            Err(_unavailable) => return Err(Refusal::Storage),
        };
        let owned = match store::notes::count_owned(&*services.database, person).await {
            Ok(owned) => owned,
            Err(_unavailable) => return Err(Refusal::Storage),
        };
        Ok(Self {
            owned,
            export_notes,
            account,
            here: visitor.credential.clone().unwrap_or_default(),
            provider,
            new_token: None,
            now_ms: services.now_ms,
        })
    }
}

pub(crate) fn head() -> Head {
    Head {
        title: "Settings".to_owned(),
        islands: Some(Islands::Others),
        ..Head::default()
    }
}

/// The whole page.
#[component]
pub fn SettingsPage(
    /// What it shows.
    settings: Settings,
) -> impl IntoView {
    let Settings {
        account,
        here,
        provider,
        owned,
        export_notes,
        new_token,
        now_ms,
    } = settings;
    let name = account.standing.name;
    let owner = account
        .admin
        .then(|| view! { <p class="aside">"This account owns this instance."</p> });
    let ways_in = account.passkeys.len() + account.identities.len();
    view! {
        <main class="home account">
            <header class="home-head">
                <a class="icon-button" href="/" aria-label="Home" title="Home">
                    <Icon name="house" />
                </a>
                <h1 class="wordmark">"Settings"</h1>
                <span class="bar-space"></span>
                <form method="post" action="/sign-out" data-leaves="">
                    <button type="submit" class="button">"Sign out"</button>
                </form>
            </header>
            <section class="account-part" aria-labelledby="you">
                <h2 id="you">"You"</h2>
                <MeForm name=name.clone() colour=account.standing.colour />
                {owner}
            </section>
            {ways(account.passkeys, account.identities, provider, ways_in, now_ms)}
            {devices(account.sessions, here, now_ms)}
            {programs(account.tokens, new_token, now_ms)}
            {archives(owned, export_notes)}
            {end(name, account.admin)}
        </main>
    }
}

fn ways(
    passkeys: Vec<PasskeyCard>,
    identities: Vec<IdentityCard>,
    provider: Option<String>,
    ways_in: usize,
    now_ms: u64,
) -> impl IntoView {
    let may_go = ways_in > 1;
    let passkeys = passkeys
        .into_iter()
        .map(|passkey| passkey_row(passkey, may_go, now_ms))
        .collect_view();
    let identities = identities
        .into_iter()
        .map(|card| identity_row(card, may_go, now_ms))
        .collect_view();
    let provider = provider.map(|host| {
        view! {
            <a class="button" href="/sign-in/oidc?next=/settings">
                {format!("Connect {host}")}
            </a>
        }
    });
    let alone = (!may_go).then(|| {
        view! { <p class="aside">"This is the only way into your account. Add another one, so that a lost device does not lock you out."</p> }
    });
    view! {
        <section class="account-part" aria-labelledby="ways" data-passkeys="">
            <h2 id="ways">"Ways in"</h2>
            <ul class="account-list">{passkeys} {identities}</ul>
            {alone}
            <p class="problem" role="alert"></p>
            <p class="ways-on">
                <button
                    type="button"
                    class="button needs-scripts"
                    data-do="register-passkey"
                    data-next="/settings"
                >
                    <Icon name="plus" />
                    "Add a passkey"
                </button>
                {provider}
            </p>
        </section>
    }
}

fn passkey_row(passkey: PasskeyCard, may_go: bool, now_ms: u64) -> impl IntoView {
    let PasskeyCard {
        id,
        label,
        created_at,
        used_at,
    } = passkey;
    let used = match used_at {
        Some(at) => format!("Passkey, last used {}", ago(at, now_ms)),
        None => format!("Passkey, made {}", ago(created_at, now_ms)),
    };
    let remove = may_go.then(|| {
        view! {
            <form method="post" action="/settings">
                <input type="hidden" name="passkey" value=id.clone() />
                <button
                    type="submit"
                    class="button"
                    name="do"
                    value="remove-passkey"
                    aria-label=format!("Remove the passkey {label}")
                >
                    "Remove"
                </button>
            </form>
        }
    });
    view! {
        <li>
            {label_form(Some(id), label, "Name of this passkey", "rename-passkey", "Rename")}
            <span class="account-when">{used}</span>
            {remove}
        </li>
    }
}

/// A form with a name in it: of a passkey, or of a token that is to be made.
fn label_form(
    passkey: Option<String>,
    label: String,
    what: &'static str,
    action: &'static str,
    button: &'static str,
) -> impl IntoView {
    view! {
        <form class="account-label" method="post" action="/settings">
            {passkey.map(|id| view! { <input type="hidden" name="passkey" value=id /> })}
            <input
                type="text"
                name="label"
                value=label
                aria-label=what
                placeholder=what
                required=true
                autocomplete="off"
                maxlength=MAX_LABEL_CHARS.to_string()
            />
            <button type="submit" class="button" name="do" value=action>
                {button}
            </button>
        </form>
    }
}

fn identity_row(card: IdentityCard, may_go: bool, now_ms: u64) -> impl IntoView {
    let issuer = card.identity.issuer;
    let host = issuer
        .split_once("://")
        .map_or(issuer.as_str(), |(_, host)| host)
        .trim_end_matches('/')
        .to_owned();
    let remove = may_go.then(|| {
        view! {
            <form method="post" action="/settings">
                <input type="hidden" name="issuer" value=issuer.clone() />
                <input type="hidden" name="subject" value=card.identity.subject />
                <button
                    type="submit"
                    class="button"
                    name="do"
                    value="remove-identity"
                    aria-label=format!("Remove {host}")
                >
                    "Remove"
                </button>
            </form>
        }
    });
    view! {
        <li>
            <span class="account-name">{host.clone()}</span>
            <span class="account-when">{format!("Connected {}", ago(card.created_at, now_ms))}</span>
            {remove}
        </li>
    }
}

fn devices(sessions: Vec<SessionCard>, here: String, now_ms: u64) -> impl IntoView {
    let others = (sessions.len() > 1).then(|| {
        view! {
            <form method="post" action="/settings">
                <button type="submit" class="button" name="do" value="end-others">
                    "End all others"
                </button>
            </form>
        }
    });
    let row = |session: SessionCard| {
        let is_here = session.token_hash == here;
        let seen = if is_here {
            "This browser".to_owned()
        } else {
            format!("Seen {}", ago(session.seen_at, now_ms))
        };
        session_row(session, seen, (!is_here).then_some("End"))
    };
    let rows = sessions.into_iter().map(row).collect_view();
    view! {
        <section class="account-part" aria-labelledby="devices">
            <h2 id="devices">"Signed in"</h2>
            <ul class="account-list">{rows}</ul>
            {others}
        </section>
    }
}

/// The access tokens, a form for one more, and the one that was made just now.
fn programs(tokens: Vec<SessionCard>, made: Option<String>, now_ms: u64) -> impl IntoView {
    let made = made.map(|token| {
        view! {
            <p role="status">"Copy the new token now: it is not shown again."</p>
            <div class="share-copy">{to_copy("The new token", token, "Copy token")}</div>
        }
    });
    let row = |token: SessionCard| {
        let used = match token.seen_at {
            0 => "not used yet".to_owned(),
            at => format!("last used {}", ago(at, now_ms)),
        };
        let used = format!("Made {}, {used}", ago(token.created_at, now_ms));
        session_row(token, used, Some("Revoke"))
    };
    view! {
        <section class="account-part" aria-labelledby="tokens">
            <h2 id="tokens">"Access tokens"</h2>
            <p class="aside">
                "A program that sends one as Authorization: Bearer reads, writes and deletes notes as you. It cannot change your account."
            </p>
            {made}
            <ul class="account-list">{tokens.into_iter().map(row).collect_view()}</ul>
            {label_form(None, String::new(), "What it is for", "make-token", "Make a token")}
        </section>
    }
}

/// A session of a browser or a program, and the button that ends it.
fn session_row(session: SessionCard, when: String, ends: Option<&'static str>) -> impl IntoView {
    let SessionCard {
        token_hash, label, ..
    } = session;
    let end = ends.map(|word| {
        view! {
            <form method="post" action="/settings">
                <input type="hidden" name="session" value=token_hash />
                <button
                    type="submit"
                    class="button"
                    name="do"
                    value="end-session"
                    aria-label=format!("{word} {label}")
                >
                    {word}
                </button>
            </form>
        }
    });
    view! {
        <li>
            <span class="account-name">{label.clone()}</span>
            <span class="account-when">{when}</span>
            {end}
        </li>
    }
}

/// Everything to take along, in as many files as it takes.
fn archives(owned: u64, most: u64) -> impl IntoView {
    let parts = owned.div_ceil(most.max(1)).max(1);
    let link = move |part: u64| {
        let label = if parts == 1 {
            "Export everything".to_owned()
        } else {
            let first = (part - 1) * most + 1;
            format!("Notes {first} to {}", (part * most).min(owned))
        };
        view! {
            <a class="button" href=format!("/settings/export.zip?part={part}") download="">
                <Icon name="download" />
                {label}
            </a>
        }
    };
    let notes = if owned == 1 { "note" } else { "notes" };
    view! {
        <section class="account-part" aria-labelledby="export">
            <h2 id="export">"Export"</h2>
            <p class="aside">
                {format!(
                    "A zip with the {owned} {notes} you own as Markdown, those in the trash too, and what is known of your account."
                )}
            </p>
            <p class="ways-on">{(1..=parts).map(link).collect_view()}</p>
        </section>
    }
}

fn end(name: String, owns_instance: bool) -> impl IntoView {
    let succession = owns_instance.then(|| {
        view! { <p>"This account owns the instance. Its oldest other account will own it then."</p> }
    });
    view! {
        <details class="account-part account-end">
            <summary>"Delete account"</summary>
            <form class="stack" method="post" action="/settings" data-leaves="">
                <p>
                    "Notes you own go to the trash, and your rooms have no owner any more. What you wrote in notes of others stays there, without your name. This cannot be taken back."
                </p>
                {succession}
                <label class="field">
                    <span>{format!("Type your name to delete the account: {name}")}</span>
                    <input
                        type="text"
                        name="name"
                        required=true
                        autocomplete="off"
                        maxlength=MAX_NAME_CHARS.to_string()
                    />
                </label>
                <button type="submit" class="button button-danger" name="do" value="delete">
                    "Delete account"
                </button>
            </form>
        </details>
    }
}
