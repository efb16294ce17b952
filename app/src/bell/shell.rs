//! [ssr] The bell's markup, with everything the browser fills in later.

use leptos::prelude::*;
use store::notifications::{KINDS, Kind, NewNotification, NotificationRecord, Tab};

use super::{ALL, BELL, BELL_BUTTON, BELL_ROW, UNKNOWN_KIND, is_here};
use crate::clock::{ago, exact};
use crate::dialog::{BELL_SETTINGS_DIALOG, Dialog};
use crate::icons::Icon;
use crate::people::{initials, palette};
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
        let person = visitor.person.id.to_string();
        view! {
            <a
                class="icon-button no-scripts"
                href=format!("/user/{person}")
                aria-label="Notifications"
                title="Notifications"
            >
                <Icon name="bell" />
            </a>
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
            {panel(person)}
            {settings(silent)}
        }
    })
}

fn panel(person: String) -> impl IntoView {
    let all = format!("/user/{person}");
    view! {
        <section id=BELL class="popover bell" popover="auto" aria-label="Notifications" data-person=person>
            <header class="bell-head">
                <h2>"Notifications"</h2>
                {tools(true)}
            </header>
            {tabs()}
            <div id="bell-panel" class="bell-body" role="tabpanel" aria-label="Notifications" tabindex="-1">
                <button type="button" class="button bell-more" hidden=true></button>
                <ul class="bell-list"></ul>
                <p class="bell-empty" hidden=true>"You're up to date."</p>
            </div>
            <a class="bell-all" href=all>"All notifications"</a>
            {patterns()}
        </section>
    }
}

/// What is done to all of them; where nothing is `live`, the page comes again.
pub(crate) fn tools(live: bool) -> impl IntoView {
    view! {
        <form method="post" action="/api/fn/mark_read" data-quiet=live.then_some("")>
            <input type="hidden" name="ids" value="" />
            <button type="submit" class="link-button">"Mark all read"</button>
            <p class="problem" role="alert"></p>
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
    }
}

/// What the browser makes rows from.
pub(crate) fn patterns() -> impl IntoView {
    view! {
        <template id=BELL_ROW>{row(Shown::default(), true)}</template>
        {KINDS.iter().map(word).collect_view()}
    }
}

pub(crate) fn tabs() -> impl IntoView {
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
        <div class="bell-tabs needs-scripts" role="tablist" aria-label="Kinds of notifications">
            {tab(ALL)} {Tab::ALL.map(|each| tab(each.title()))}
        </div>
    }
}

/// What a row says; the template says nothing yet.
#[derive(Default)]
pub(crate) struct Shown {
    number: String,
    place: Option<String>,
    by: String,
    colour: u8,
    did: &'static str,
    title: String,
    quote: Option<String>,
    ago: String,
    exact: String,
    read: bool,
}

impl Shown {
    /// What is said of a notification.
    pub(crate) fn of(record: NotificationRecord, now_ms: u64) -> Self {
        let NewNotification {
            kind,
            by,
            place,
            title,
            quote,
            at,
            ..
        } = record.what;
        Self {
            number: record.id.to_string(),
            place: Some(place).filter(|place| is_here(place)),
            by: by.name,
            colour: by.colour,
            did: Kind::find(&kind).map_or(UNKNOWN_KIND, |kind| kind.sentence),
            title,
            quote: Some(quote).filter(|quote| !quote.is_empty()),
            ago: ago(at, now_ms),
            exact: exact(at),
            read: record.read,
        }
    }
}

/// A row; one that is `live` is filled anew by the browser.
pub(crate) fn row(shown: Shown, live: bool) -> impl IntoView {
    let Shown {
        number,
        place,
        by,
        colour,
        did,
        title,
        quote,
        ago,
        exact,
        read,
    } = shown;
    let id = live.then(|| format!("{BELL}-{number}"));
    view! {
        <li class="bell-row" id=id data-id=number>
            <a class="bell-link" href=place>
                <span class=format!("face person-{}", palette(colour)) aria-hidden="true">
                    {initials(&by)}
                </span>
                <span class="bell-words">
                    <b class="bell-by">{by}</b>
                    " "
                    <span class="bell-did">{did}</span>
                    " "
                    <b class="bell-title">{title}</b>
                </span>
                <span class="bell-quote">{quote}</span>
                <time title=exact>{ago}</time>
                <span class="bell-dot" hidden=read>
                    <span class="visually-hidden">"Unread"</span>
                </span>
            </a>
            <form method="post" action="/api/fn/archive" data-quiet=live.then_some("")>
                <input type="hidden" name="id" value=number.clone() />
                <button type="submit" class="icon-button" aria-label="Archive" title="Archive">
                    <Icon name="archive" />
                </button>
                <p class="problem" role="alert"></p>
            </form>
        </li>
    }
}

/// One line of the table of kinds, for the browser to read.
fn word(kind: &'static Kind) -> impl IntoView {
    view! { <span hidden=true data-kind=kind.name data-of=kind.tab.title()>{kind.sentence}</span> }
}

/// One switch for each kind. Each is a form that goes when it is switched.
pub(crate) fn settings(silent: Vec<&'static str>) -> impl IntoView {
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
