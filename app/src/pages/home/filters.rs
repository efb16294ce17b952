//! [ssr] What stands above a list: the search field, the sections, the tags, and the
//! orders. Each is an address of home.

use leptos::prelude::*;
use store::finding::{MAX_QUERY_CHARS, Order, Overview, Section, SortBy};

use crate::icons::Icon;
use crate::server::finding::{Asked, direction};

/// What a section is called.
pub(super) fn label(section: Section) -> &'static str {
    match section {
        Section::Recent => "Recent",
        Section::Mine => "Mine",
        Section::Shared => "Shared with me",
        Section::Pinned => "Pinned",
        Section::Trash => "Trash",
    }
}

fn order_label(by: SortBy) -> &'static str {
    match by {
        SortBy::Updated => "Last change",
        SortBy::Created => "Made",
        SortBy::Title => "Title",
        SortBy::Visited => "Last visit",
    }
}

/// The search field. It looks in the section it stands in, and keeps its order.
pub(super) fn search(asked: &Asked) -> impl IntoView + use<> {
    let kept = [
        (asked.section != Section::default()).then(|| ("view", asked.section.as_str())),
        (asked.order != Order::default()).then(|| ("sort", asked.order.by.as_str())),
        (asked.order != Order::of(asked.order.by)).then(|| ("order", direction(asked.order))),
    ];
    let kept = kept.into_iter().flatten();
    let tag = asked.tag.clone();
    view! {
        <form class="search" method="get" action="/" role="search">
            <Icon name="search" />
            <input
                type="search"
                name="q"
                value=asked.typed.clone()
                placeholder="Search in titles and text"
                aria-label="Search"
                title="Search (/)"
                autocomplete="off"
                maxlength=MAX_QUERY_CHARS.to_string()
                data-key="/"
            />
            {kept
                .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                .collect_view()}
            {tag.map(|tag| view! { <input type="hidden" name="tag" value=tag /> })}
            <kbd class="needs-scripts" aria-hidden="true">"/"</kbd>
        </form>
    }
}

/// The sections that have something, and the one that is looked at.
pub(super) fn sections(asked: &Asked, overview: &Overview) -> Option<impl IntoView + use<>> {
    let shown = |section: &Section| {
        *section == Section::Recent
            || *section == asked.section
            || overview.sections.contains(section)
    };
    let links: Vec<_> = Section::ALL
        .into_iter()
        .filter(shown)
        .map(|section| {
            let address = Asked {
                section,
                order: asked.order,
                ..Asked::default()
            };
            let current = (section == asked.section).then_some("page");
            view! {
                <li>
                    <a href=address.to_address() aria-current=current>
                        {label(section)}
                    </a>
                </li>
            }
        })
        .collect();
    // One alone is no choice.
    (links.len() > 1).then(|| {
        view! {
            <nav class="sections" aria-label="Sections">
                <ul>{links}</ul>
            </nav>
        }
    })
}

/// The tags of all my notes; the chosen one is left by its own link.
pub(super) fn tags(asked: &Asked, overview: &Overview) -> impl IntoView + use<> {
    let mut tags = overview.tags.clone();
    if let Some(chosen) = &asked.tag
        && !tags.iter().any(|(tag, _)| tag == chosen)
    {
        tags.insert(0, (chosen.clone(), 0));
    }
    let link = |(tag, notes): (String, u64)| {
        let is_chosen = asked.tag.as_ref() == Some(&tag);
        let address = Asked {
            tag: (!is_chosen).then(|| tag.clone()),
            cursor: None,
            trashed: None,
            ..asked.clone()
        };
        let title = if is_chosen {
            "Show all again".to_owned()
        } else {
            format!("{notes} with this tag")
        };
        view! {
            <li>
                <a
                    class="tag"
                    href=address.to_address()
                    title=title
                    aria-current=is_chosen.then_some("true")
                >
                    {tag}
                </a>
            </li>
        }
    };
    (!tags.is_empty()).then(|| {
        view! {
            <nav class="tags" aria-label="Tags">
                <ul>{tags.into_iter().map(link).collect_view()}</ul>
            </nav>
        }
    })
}

const ORDERS: &str = "orders";

/// The button that says how the list is sorted, and the ways there are; the one in
/// use again turns it round.
pub(super) fn orders(asked: &Asked, overview: &Overview) -> impl IntoView + use<> {
    let now = asked.order;
    let link = |by: SortBy| {
        let is_chosen = by == now.by;
        let order = if is_chosen {
            Order {
                by,
                descending: !now.descending,
            }
        } else {
            Order::of(by)
        };
        let address = Asked {
            order,
            cursor: None,
            trashed: None,
            ..asked.clone()
        };
        view! {
            <a class="menu-item" href=address.to_address() aria-current=is_chosen.then_some("true")>
                {order_label(by)}
                {is_chosen.then(|| view! { <span class="menu-check">"Turn round"</span> })}
            </a>
        }
    };
    let icon = if now.descending {
        "arrow-down"
    } else {
        "arrow-up"
    };
    let ways = SortBy::ALL
        .into_iter()
        .filter(|by| *by != SortBy::Visited || overview.account);
    view! {
        <button type="button" class="sort-button" popovertarget=ORDERS title="Sort">
            {order_label(now.by)}
            <Icon name=icon />
        </button>
        <div id=ORDERS class="popover menu" popover="auto">
            {ways.map(link).collect_view()}
        </div>
    }
}
