//! [ssr] The bell's markup, with everything the browser fills in later.

use leptos::prelude::*;
use store::notifications::{KINDS, Kind, Tab};

use super::{ALL, BELL, BELL_BUTTON, BELL_ROW};
use crate::dialog::{BELL_SETTINGS_DIALOG, Dialog};
use crate::icons::Icon;
use crate::server::Visitor;

/// The button with the bell and its panel; nothing for who has no feed, since
/// they could not come back as the same person.
#[component]
pub fn Bell(
    /// Whose bell.
    visitor: Visitor,
    /// Names of the kinds that are switched off.
    silent: Vec<&'static str>,
) -> impl IntoView {
    visitor.credential.is_some().then(|| {
        view! {
            <button
                type="button"
                id=BELL_BUTTON
                class="icon-button badged needs-scripts"
                popovertarget=BELL
                aria-label="Notifications"
                title="Notifications"
            >
                <Icon name="bell" />
                <span class="badge" aria-hidden="true" hidden=true></span>
            </button>
            <p class="visually-hidden bell-spoken" role="status"></p>
            {panel(visitor.person.id.to_string())}
            {settings(silent)}
        }
    })
}

fn panel(person: String) -> impl IntoView {
    view! {
        <section id=BELL class="popover bell" popover="auto" aria-label="Notifications" data-person=person>
            <header class="bell-head">
                <h2>"Notifications"</h2>
                <form method="post" action="/api/fn/mark_read" data-quiet="">
                    <input type="hidden" name="ids" value="" />
                    <button type="submit" class="link-button">"Mark all read"</button>
                </form>
                <button
                    type="button"
                    class="icon-button"
                    command="show-modal"
                    commandfor=BELL_SETTINGS_DIALOG
                    aria-label="Notification settings"
                    title="Settings"
                >
                    <Icon name="settings" />
                </button>
            </header>
            {tabs()}
            <div id="bell-panel" class="bell-body" role="tabpanel" aria-label="Notifications" tabindex="-1">
                <button type="button" class="button bell-more" hidden=true></button>
                <ul class="bell-list"></ul>
                <p class="bell-empty">"You're up to date."</p>
            </div>
            <template id=BELL_ROW>{row()}</template>
            {KINDS.iter().map(word).collect_view()}
        </section>
    }
}

fn tabs() -> impl IntoView {
    let tab = |name: &'static str| {
        let first = name == ALL;
        view! {
            <button
                type="button"
                role="tab"
                class="bell-tab"
                aria-controls="bell-panel"
                aria-selected=first.to_string()
                tabindex=if first { "0" } else { "-1" }
                data-tab=name
            >
                {name}
            </button>
        }
    };
    view! {
        <div class="bell-tabs" role="tablist" aria-label="Kinds of notifications">
            {tab(ALL)} {Tab::ALL.map(|each| tab(each.title()))}
        </div>
    }
}

fn row() -> impl IntoView {
    view! {
        <li class="bell-row">
            <a class="bell-link">
                <span class="face" aria-hidden="true"></span>
                <span class="bell-words">
                    <b class="bell-by"></b>
                    " "
                    <span class="bell-did"></span>
                    " "
                    <b class="bell-title"></b>
                </span>
                <span class="bell-quote"></span>
                <time></time>
                <span class="bell-dot">
                    <span class="visually-hidden">"Unread"</span>
                </span>
            </a>
            <form method="post" action="/api/fn/archive" data-quiet="">
                <input type="hidden" name="id" />
                <button type="submit" class="icon-button" aria-label="Archive" title="Archive">
                    <Icon name="archive" />
                </button>
            </form>
        </li>
    }
}

/// One line of the table of kinds, for the browser to read.
fn word(kind: &'static Kind) -> impl IntoView {
    view! { <span hidden=true data-kind=kind.name data-of=kind.tab.title()>{kind.sentence}</span> }
}

/// One switch for each kind. Each is a form that goes when it is switched.
fn settings(silent: Vec<&'static str>) -> impl IntoView {
    let switch = move |kind: &'static Kind| {
        let on = !silent.contains(&kind.name);
        view! {
            <form
                method="post"
                action="/api/fn/set_notification_setting"
                data-quiet="stay"
                class="setting"
            >
                <input type="hidden" name="kind" value=kind.name />
                <label>
                    <input type="checkbox" name="bell" value="true" checked=on data-sends="" />
                    <span>{kind.setting}</span>
                </label>
                <p class="problem" role="alert"></p>
            </form>
        }
    };
    view! {
        <Dialog id=BELL_SETTINGS_DIALOG title="Notify me when">
            <div class="settings">{KINDS.iter().map(switch).collect_view()}</div>
        </Dialog>
    }
}
