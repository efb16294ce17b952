//! [ssr] The links of a note: what each gives to whom, and a form for a new one.

use leptos::prelude::*;
use store::sharing::links::{LinkRecord, MAX_LABEL_CHARS};
use store::{Audience, GeneralAccess, Role};
use uuid::Uuid;

use super::{hidden, role_select};
use crate::clock::{ago, until};

pub(super) fn by_link(
    note: Uuid,
    general: GeneralAccess,
    links: Vec<(LinkRecord, String)>,
    now_ms: u64,
) -> impl IntoView {
    let open = (general.audience == Audience::Link).then_some(general.role);
    let idle = links
        .iter()
        .any(|(link, _)| !link.invitation && open.is_some_and(|open| link.role <= open));
    let none = links.is_empty();
    let rows = links
        .into_iter()
        .map(|(link, address)| link_row(note, link, address, now_ms))
        .collect_view();
    view! {
        <section class="share-part" aria-labelledby="share-links">
            <h3 id="share-links">"Links"</h3>
            <p class="aside">
                "Each link gives its own right, and ends when you revoke it: who has it open is out within a second."
            </p>
            {idle.then(|| gives_nothing_less(note, general))}
            {none.then(|| view! { <p class="empty">"No links yet."</p> })}
            <ul>{rows}</ul>
            <NewLinkForm note />
        </section>
    }
}

/// A link weaker than general access holds nobody back: its note's address does.
fn gives_nothing_less(note: Uuid, general: GeneralAccess) -> impl IntoView {
    view! {
        <form
            method="post"
            action="/api/fn/open_to"
            data-quiet="reload"
            class="share-note"
            role="note"
        >
            {hidden(note)}
            <input type="hidden" name="audience" value="invited" />
            <input type="hidden" name="role" value=general.role.as_str() />
            <p>
                {general.sentence()} " So a link here gives nobody less: through it they learn the address."
            </p>
            <button type="submit" class="button">"Restrict to invited people"</button>
            <p class="problem" role="alert"></p>
        </form>
    }
}

fn link_row(note: Uuid, link: LinkRecord, address: String, now_ms: u64) -> impl IntoView {
    let label = match (link.label.as_str(), link.invitation) {
        ("", true) => "Invitation".to_owned(),
        ("", false) => "Link".to_owned(),
        (label, true) => format!("Invitation for {label}"),
        (label, false) => label.to_owned(),
    };
    let over = link.is_over(now_ms);
    let mut facts = vec![
        match link.role {
            Role::View => "can view",
            Role::Comment => "can comment",
            Role::Suggest => "can suggest",
            Role::Edit | Role::Owner => "can edit",
        }
        .to_owned(),
    ];
    facts.push(match link.expires_at {
        Some(ends) if ends <= now_ms => "ended".to_owned(),
        Some(ends) => format!("ends {}", until(ends, now_ms)),
        None => "no end".to_owned(),
    });
    if link.password.is_some() {
        facts.push("password".to_owned());
    }
    facts.push(match link.max_uses {
        Some(most) => format!("used {} of {most}", link.uses),
        None => format!("used {}", times(link.uses)),
    });
    if let Some(used) = link.used_at {
        facts.push(format!("last {}", ago(used, now_ms)));
    }
    let came = (!link.people.is_empty()).then(|| {
        let names = link.people.join(", ");
        view! { <p class="share-came">"Came through it: " {names}</p> }
    });
    let id = link.id.to_string();
    let code = format!("/note/{note}/qr/{id}.svg");
    let revoke = format!("Revoke {label}");
    view! {
        <li class=if over { "share-link share-over" } else { "share-link" }>
            <div class="share-link-words">
                <strong>{label.clone()}</strong>
                <p class="share-facts">{facts.join(" · ")}</p>
                {came}
            </div>
            <div class="share-actions">
                <button
                    type="button"
                    class="button needs-scripts"
                    data-do="copy"
                    data-text=address.clone()
                    aria-live="polite"
                    aria-label=format!("Copy {label}")
                >
                    "Copy"
                </button>
                <form method="post" action="/api/fn/revoke_link" data-quiet="reload">
                    {hidden(note)}
                    <input type="hidden" name="link" value=id />
                    <button type="submit" class="button" aria-label=revoke>
                        "Revoke"
                    </button>
                    <p class="problem" role="alert"></p>
                </form>
            </div>
            <details class="share-code">
                <summary>"Address and QR code"</summary>
                <input
                    type="text"
                    class="input"
                    readonly=true
                    aria-label=format!("Address of {label}")
                    value=address
                />
                <img src=code alt=format!("QR code of {label}") width="180" height="180" loading="lazy" />
            </details>
        </li>
    }
}

fn times(uses: u64) -> String {
    match uses {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        uses => format!("{uses} times"),
    }
}

#[component]
fn NewLinkForm(note: Uuid) -> impl IntoView {
    let ends = [
        ("never", "Never ends"),
        ("hour", "Ends in 1 hour"),
        ("day", "Ends in 1 day"),
        ("week", "Ends in 7 days"),
        ("month", "Ends in 30 days"),
        ("date", "Ends on a date"),
    ];
    let ends = ends.map(|(value, words)| view! { <option value=value>{words}</option> });
    view! {
        <details class="share-new">
            <summary class="button">"New link"</summary>
            <form method="post" action="/api/fn/make_link" data-quiet="reload" class="share-fields">
                {hidden(note)}
                <label class="field">
                    <span>"Label"</span>
                    <input
                        type="text"
                        name="label"
                        placeholder="Whom it is for"
                        autocomplete="off"
                        maxlength=MAX_LABEL_CHARS.to_string()
                    />
                </label>
                <div class="field">
                    <span>"Right"</span>
                    {role_select(Role::View, "Right".to_owned(), false)}
                </div>
                <label class="field">
                    <span>"End"</span>
                    <select name="expires" class="select">
                        {ends}
                    </select>
                </label>
                <label class="field share-date">
                    <span>"Last day"</span>
                    <input type="date" name="until" />
                </label>
                <label class="field">
                    <span>"Password"</span>
                    <input type="password" name="password" autocomplete="new-password" placeholder="None" />
                </label>
                <label class="field">
                    <span>"How many people"</span>
                    <input type="number" name="uses" min="1" max="10000" placeholder="Any number" />
                </label>
                <p class="problem" role="alert"></p>
                <button type="submit" class="button button-filled">"Make link"</button>
            </form>
        </details>
    }
}
