//! Leading: somebody lets the others follow where they scroll. Who leads and which
//! line is at the top is a synced signal of the note; it counts as long as the page
//! that leads is here.

use leptos::prelude::*;
use realtime::Key;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::icons::Icon;
use crate::people::palette;
use crate::session::Session;
use crate::synced_signal::use_synced_signal;

/// Somebody who leads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lead {
    /// The Yjs client id of their page.
    client: u64,
    person: Uuid,
    name: String,
    colour: u8,
    /// The line at the top of what they see, counted from zero.
    line: u32,
}

/// Who leads, as it looks from here.
#[derive(Clone, Debug, Default, PartialEq)]
enum Leader {
    #[default]
    Nobody,
    Me,
    Other(Lead),
}

/// What is said of it, with buttons to follow and to stop.
#[island]
pub fn LeadStrip(
    /// The note.
    note: Uuid,
) -> impl IntoView {
    let session = Session::of_page();
    #[cfg_attr(
        not(feature = "hydrate"),
        expect(unused_variables, reason = "nobody leads on the server")
    )]
    let (lead, set_lead) = use_synced_signal(&Key::Note(note).to_string(), "lead", None::<Lead>);
    let follows = RwSignal::new(false);
    let declined = RwSignal::new(None::<u64>);
    let leading = session.leading.clone();
    let people = session.people.clone();
    let leader = Memo::new(move |_| match lead.get() {
        None => Leader::Nobody,
        Some(_) if leading.get() => Leader::Me,
        Some(lead) => people.with(|people| {
            let here = people
                .iter()
                .any(|it| it.person == lead.person && it.clients.contains(&lead.client));
            if here {
                Leader::Other(lead)
            } else {
                Leader::Nobody
            }
        }),
    });
    #[cfg(feature = "hydrate")]
    browser::connect(&session, lead, set_lead, leader, follows);

    let hidden = move || match leader.get() {
        Leader::Nobody => true,
        Leader::Me => false,
        Leader::Other(lead) => !follows.get() && declined.get() == Some(lead.client),
    };
    let class = move || match leader.get() {
        Leader::Other(lead) => format!("news-item leader-item person-{}", palette(lead.colour)),
        _ => "news-item leader-item".to_owned(),
    };
    let words = move || match (leader.get(), follows.get()) {
        (Leader::Nobody, _) => String::new(),
        (Leader::Me, _) => "The others can follow you.".to_owned(),
        (Leader::Other(lead), false) => format!("{} leads.", lead.name),
        (Leader::Other(lead), true) => format!("Following {}", lead.name),
    };
    let stops = move || follows.get() || leader.get() == Leader::Me;
    let leading = session.leading;
    let act = move |_| match leader.get_untracked() {
        Leader::Me => leading.set(false),
        _ => follows.update(|follows| *follows = !*follows),
    };
    let decline = move |_| {
        if let Leader::Other(lead) = leader.get_untracked() {
            declined.set(Some(lead.client));
        }
    };
    view! {
        <div class="leader needs-scripts" role="status">
            <div class=class hidden=hidden>
                <p>{words}</p>
                <button type="button" class="button" on:click=act>
                    {move || if stops() { "Stop" } else { "Follow" }}
                </button>
                <button
                    type="button"
                    class="icon-button"
                    aria-label="Don't follow"
                    title="Don't follow"
                    hidden=stops
                    on:click=decline
                >
                    <Icon name="x" />
                </button>
            </div>
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use leptos::ev;
    use leptos::prelude::*;
    use web_sys::Event;

    use super::{Lead, Leader};
    use crate::editor::with_page;
    use crate::markup::{nearest, set};
    use crate::session::Session;

    /// The others are told at most so often where I am.
    const TELL_EVERY: Duration = Duration::from_millis(250);

    pub(super) fn connect(
        session: &Session,
        lead: Signal<Option<Lead>>,
        set_lead: Callback<Option<Lead>>,
        leader: Memo<Leader>,
        follows: RwSignal<bool>,
    ) {
        let asked = session.clone();
        Effect::new(move |_| {
            let leads = asked.leading.get();
            if leads {
                with_page(|page| page.tell_top_line());
                set_lead.run(where_i_am(&asked));
            } else if is_mine(&lead.get_untracked()) {
                set_lead.run(None);
            }
            if let Ok(Some(button)) = document().query_selector("[data-do='lead']") {
                set(
                    &button,
                    "aria-pressed",
                    if leads { "true" } else { "false" },
                );
            }
        });
        let leading = session.leading.clone();
        Effect::new(move |_| {
            // Somebody else leads now.
            if lead.with(Option::is_some) && !is_mine(&lead.get_untracked()) {
                leading.set(false);
            }
        });
        tell_where_i_am(session, set_lead);
        Effect::new(move |_| match leader.get() {
            Leader::Other(lead) if follows.get() => with_page(|page| page.show_line(lead.line)),
            Leader::Other(_) => {}
            Leader::Nobody | Leader::Me => follows.set(false),
        });
        stop_by_hand(follows);
    }

    fn tell_where_i_am(session: &Session, set_lead: Callback<Option<Lead>>) {
        let session = session.clone();
        let due = StoredValue::new(false);
        Effect::new(move |_| {
            session.top_line.track();
            if !session.leading.get_untracked() || due.get_value() {
                return;
            }
            due.set_value(true);
            let session = session.clone();
            let tell = move || {
                due.set_value(false);
                if session.leading.get_untracked() {
                    set_lead.run(where_i_am(&session));
                }
            };
            set_timeout(tell, TELL_EVERY);
        });
    }

    /// Whoever scrolls or types in the note goes their own way.
    fn stop_by_hand(follows: RwSignal<bool>) {
        let stop = move |event: &Event| {
            if follows.get_untracked() && nearest(event, ".panes").is_some() {
                follows.set(false);
            }
        };
        // Dropped without being removed: the page ends with them.
        drop(window_event_listener(ev::wheel, move |event| stop(&event)));
        drop(window_event_listener(ev::touchmove, move |event| {
            stop(&event);
        }));
        drop(window_event_listener(ev::pointerdown, move |event| {
            stop(&event);
        }));
        drop(window_event_listener(ev::keydown, move |event| {
            if event.key() == "Escape" {
                follows.set(false);
            }
            stop(&event);
        }));
    }

    fn where_i_am(session: &Session) -> Option<Lead> {
        let me = session.me.get_untracked()?;
        let mut people = session.people.get_untracked().into_iter();
        let me = people.find(|it| it.person == me)?;
        Some(Lead {
            client: my_client()?,
            person: me.person,
            name: me.name,
            colour: me.colour,
            line: session.top_line.get_untracked(),
        })
    }

    fn is_mine(lead: &Option<Lead>) -> bool {
        lead.as_ref()
            .is_some_and(|lead| Some(lead.client) == my_client())
    }

    fn my_client() -> Option<u64> {
        let mut client = None;
        with_page(|page| client = Some(page.client().client_id()));
        client
    }
}
