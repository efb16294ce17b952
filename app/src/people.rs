//! Who is here: faces in the header, names behind them, and what I am called.

use leptos::prelude::*;
use realtime::{Access, COLOURS, Participant};

use crate::dialog::ME_DIALOG;
use crate::session::Session;

/// How many faces show before the rest becomes a number.
const FACES: usize = 6;
/// On a narrow screen; the style hides the others and shows the number of all.
const FACES_NARROW: usize = 1;

/// The faces of those who have the note open; a click tells their names.
#[island]
pub fn People() -> impl IntoView {
    let session = Session::of_page();
    let (here, listed, spoken) = (session.clone(), session.clone(), session.clone());
    let faces = move || {
        let people = mine_first(&here);
        let count = people.len();
        let more = people.len().saturating_sub(FACES);
        let shown: Vec<_> = people
            .into_iter()
            .take(FACES)
            .map(|person| face(&person))
            .collect();
        let rest =
            (more > 0).then(|| view! { <span class="face face-more">{format!("+{more}")}</span> });
        let all =
            (count > FACES_NARROW).then(|| view! { <span class="face face-count">{count}</span> });
        (shown, rest, all)
    };
    let rows = move || {
        mine_first(&listed)
            .into_iter()
            .map(|person| row(&listed, &person))
            .collect_view()
    };
    let count = move || spoken.people.with(Vec::len);
    let spoken_count = count.clone();
    view! {
        <div class="people needs-scripts">
            <button
                type="button"
                class="faces"
                popovertarget="people-list"
                aria-label=move || format!("{} here", in_words(count()))
            >
                {faces}
            </button>
            <div id="people-list" class="popover people-list" popover="auto">
                <ul>{rows}</ul>
                <button
                    type="button"
                    class="button"
                    command="show-modal"
                    commandfor=ME_DIALOG
                >
                    "Change my name"
                </button>
            </div>
            <p class="visually-hidden" role="status">
                {move || (spoken_count() > 1).then(|| format!("{} here", in_words(spoken_count())))}
            </p>
        </div>
    }
}

fn mine_first(session: &Session) -> Vec<Participant> {
    let mut people = session.people.get();
    let me = session.me.get();
    // A sort would do as well, and put two kilobytes of sorting into the page.
    let mine = people.iter().position(|person| Some(person.person) == me);
    if let Some(before_and_mine) = mine.and_then(|mine| people.get_mut(..=mine)) {
        before_and_mine.rotate_right(1);
    }
    people
}

fn face(person: &Participant) -> impl IntoView + use<> {
    let class = format!("face person-{}", palette(person.colour));
    view! { <span class=class title=person.name.clone() aria-hidden="true">{initials(&person.name)}</span> }
}

fn row(session: &Session, person: &Participant) -> impl IntoView + use<> {
    let mine = session.me.get() == Some(person.person);
    let right = match person.access {
        Access::View => "can view",
        Access::Comment => "can comment",
        Access::Suggest => "can suggest",
        Access::Edit => "can edit",
        Access::Own => "owner",
    };
    let who = if mine {
        format!("{} (you)", person.name)
    } else {
        person.name.clone()
    };
    view! { <li>{face(person)} <span class="person-name">{who}</span> <span class="person-right">{right}</span></li> }
}

/// The class number of a colour; one that is not of the palette counts as the first.
pub(crate) fn palette(colour: u8) -> usize {
    Some(usize::from(colour))
        .filter(|&index| index < COLOURS.len())
        .unwrap_or(0)
}

/// One or two letters that stand for a name; the style makes them capitals. All
/// guests are called one, so only the rest of their name tells them apart.
pub(crate) fn initials(name: &str) -> String {
    let mut words = name
        .strip_prefix("Guest ")
        .unwrap_or(name)
        .split_whitespace()
        .filter_map(|word| word.chars().next());
    words.by_ref().take(2).collect()
}

fn in_words(count: usize) -> String {
    match count {
        0 => "Nobody yet".to_owned(),
        1 => "Only you are".to_owned(),
        more => format!("{more} people are"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_stand_for_a_name() {
        let pairs = [
            ("ada", "a"),
            ("Ada Lovelace King", "AL"),
            ("Guest Ibis", "I"),
            ("Guest", "G"),
            ("élise ümit", "éü"),
            ("", ""),
            ("你 好", "你好"),
        ];
        for (name, letters) in pairs {
            assert_eq!(initials(name), letters, "{name}");
        }
    }
}
