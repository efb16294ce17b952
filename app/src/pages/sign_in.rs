//! [ssr] The ways to come in, and what an account gives. Who has none can go on
//! without: nothing here is needed to write.

use leptos::either::EitherOf3;
use leptos::prelude::*;
use realtime::MAX_NAME_CHARS;

use crate::document_shell::{Head, Islands};
use crate::server::Visitor;

/// What there is to sign in with here.
#[derive(Clone, Debug)]
pub struct Ways {
    /// Where to go on to, a path of ours.
    pub next: String,
    /// Whether browsers make passkeys for this address.
    pub passkeys: Passkeys,
    /// A provider of accounts.
    pub provider: Option<Provider>,
}

/// Where passkeys work.
#[derive(Clone, Debug)]
pub enum Passkeys {
    /// At the address of this page.
    Here,
    /// At another address of this instance.
    At(String),
    /// Nowhere: it is reached by a number only.
    Nowhere,
}

/// A provider of accounts, as a link shows it.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its host.
    pub host: String,
    /// Where the link leads, on this instance.
    pub address: String,
}

pub(crate) fn head() -> Head {
    Head {
        title: "Sign in".to_owned(),
        islands: Some(Islands::Others),
        ..Head::default()
    }
}

/// The whole page.
#[component]
pub fn SignInPage(
    /// What it offers.
    ways: Ways,
    /// Who looks at it.
    visitor: Visitor,
) -> impl IntoView {
    let name = if visitor.has_name {
        visitor.person.name
    } else {
        String::new()
    };
    view! {
        <main class="letter account" data-passkeys="">
            <a class="wordmark" href="/">"Tandem"</a>
            <h1>"Sign in"</h1>
            <p class="lead">
                "An account brings your notes and rooms to every device of yours. Without one you can write just as well, in this browser alone."
            </p>
            <p class="problem" role="alert"></p>
            {sign_in(ways.passkeys.clone(), ways.next.clone())}
            {ways.provider.map(by_provider)}
            {new_account(&ways.passkeys, ways.next, name)}
            <p class="aside">
                <a href="/">"Go on without an account"</a>
            </p>
        </main>
    }
}

fn sign_in(passkeys: Passkeys, next: String) -> impl IntoView {
    match passkeys {
        Passkeys::Here => EitherOf3::A(button(next)),
        Passkeys::At(address) => {
            let link = format!("{address}/sign-in");
            EitherOf3::B(view! {
                <p class="account-hint">
                    "Open this address as " <a href=link>{address}</a>
                    " to use a passkey: browsers make none for a number."
                </p>
            })
        }
        Passkeys::Nowhere => EitherOf3::C(view! {
            <p class="account-hint">
                "Passkeys work where this instance is reached by a name and https."
            </p>
        }),
    }
}

fn button(next: String) -> impl IntoView {
    view! {
        <p class="no-scripts account-hint">
            "Passkeys need scripts, which this browser does not run."
        </p>
        <button
            type="button"
            class="button button-filled button-large needs-scripts"
            data-do="sign-in-passkey"
            data-next=next
        >
            "Sign in with a passkey"
        </button>
    }
}

fn by_provider(provider: Provider) -> impl IntoView {
    view! {
        <a class="button button-large" href=provider.address>
            {format!("Continue with {}", provider.host)}
        </a>
    }
}

fn new_account(passkeys: &Passkeys, next: String, name: String) -> impl IntoView + use<> {
    matches!(passkeys, Passkeys::Here).then(|| {
        view! {
        <section class="account-new needs-scripts" aria-labelledby="new-account">
            <h2 id="new-account">"New here?"</h2>
            <p>"What you wrote in this browser stays yours. A passkey is kept by your device; there is no password."</p>
            <label class="field">
                <span>"Name others see"</span>
                <input
                    type="text"
                    name="name"
                    value=name
                    autocomplete="nickname"
                    maxlength=MAX_NAME_CHARS.to_string()
                />
            </label>
            <button type="button" class="button" data-do="register-passkey" data-next=next>
                "Create an account with a passkey"
            </button>
        </section>
        }
    })
}
