//! A, H, P: who is here, who may what.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use realtime::frame::Frame;
use realtime::{Access, Event, Participant, Refusal, Who, presence};
use support::{Network, admission, person};

fn people(network: &Network, page: usize) -> Vec<Participant> {
    let seen = network.pages[page].events.iter().rev();
    seen.filter_map(|event| {
        if let Event::Presence { people } = event {
            Some(people.clone())
        } else {
            None
        }
    })
    .next()
    .unwrap_or_default()
}

fn names(network: &Network, page: usize) -> Vec<String> {
    people(network, page)
        .into_iter()
        .map(|one| one.name)
        .collect()
}

#[test]
fn h2_the_room_says_first_who_i_am_and_what_is_served() {
    let mut network = Network::new();
    let ada = network.writer(0);
    let Event::Hello {
        you,
        access,
        title,
        limits,
        ..
    } = &network.pages[ada].events[0]
    else {
        panic!("hello")
    };
    assert_eq!(
        (you, *access, title.as_str()),
        (&person(0), Access::Edit, "Untitled")
    );
    assert_eq!(limits.text_bytes, 1 << 20);
}

#[test]
fn h2_a_page_that_has_the_view_is_not_sent_it_again() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "# A\n\nb");
    network.settle();
    let whole = |network: &Network| {
        let events = network.pages[ada].events.iter();
        events
            .filter(|event| matches!(event, Event::View { from: None, .. }))
            .count()
    };
    let before = whole(&network);
    network.cut(ada);
    network.settle();
    assert_eq!(whole(&network), before);
    network.insert(ada, 6, "c");
    network.settle();
    network.assert_converged();
}

#[test]
fn h4_a_room_takes_as_many_sockets_as_its_limit() {
    let mut network = Network::new();
    for n in 0..200 {
        network.join(admission(n, Access::View));
    }
    network.settle();
    network.join(admission(200, Access::View));
    let last = network.pages.len() - 1;
    network.open_socket(last);
    assert_eq!(
        network.closed.last().map(|(_, refusal)| *refusal),
        Some(Refusal::Crowded)
    );
    assert_eq!(network.room.as_ref().unwrap().sessions(), 200);
}

/// A room of one person with many sockets of one right, until it is full.
fn filled(access: Access) -> Network {
    let mut network = Network::new();
    for _ in 0..realtime::MAX_SESSIONS {
        network.join(admission(0, access));
    }
    network.settle();
    network
}

/// Whose socket was closed for another's: how many people are left with how many sockets.
fn come(network: &mut Network, who: u128, access: Access) -> Option<usize> {
    let page = network.join(admission(who, access));
    network.closed.clear();
    network.open_socket(page);
    let [(closed, Refusal::Crowded)] = network.closed[..] else {
        panic!("one is closed: {:?}", network.closed)
    };
    assert_eq!(
        network.room.as_ref().unwrap().sessions(),
        realtime::MAX_SESSIONS
    );
    (network.pages[page].socket != Some(closed)).then_some(page)
}

#[test]
fn h4_who_has_many_sockets_makes_way_for_who_has_few() {
    let mut network = filled(Access::View);
    for _ in 0..realtime::MAX_SESSIONS / 2 {
        assert!(come(&mut network, 1, Access::View).is_some());
    }
    assert_eq!(
        come(&mut network, 1, Access::View),
        None,
        "each has as many"
    );
    assert_eq!(come(&mut network, 0, Access::View), None);
    assert!(come(&mut network, 2, Access::View).is_some());
}

#[test]
fn h4_who_may_less_makes_way_and_who_may_more_does_not() {
    let mut network = filled(Access::Edit);
    assert!(come(&mut network, 1, Access::Own).is_some());
    assert_eq!(come(&mut network, 2, Access::View), None);
    // Also where everybody has one socket.
    let mut network = Network::new();
    for n in 0..realtime::MAX_SESSIONS as u128 {
        network.join(admission(
            n,
            if n == 7 { Access::View } else { Access::Edit },
        ));
    }
    network.settle();
    let viewer = network.pages[7].socket.unwrap();
    assert!(come(&mut network, 1_000, Access::Edit).is_some());
    assert_eq!(network.closed, [(viewer, Refusal::Crowded)]);
    assert_eq!(come(&mut network, 1_001, Access::Edit), None);
    assert!(come(&mut network, 1_002, Access::Own).is_some());
}

#[test]
fn a1_everyone_sees_who_came_and_who_went() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    assert_eq!(names(&network, ada), ["Ada", "Ben"]);
    assert_eq!(names(&network, ben), ["Ada", "Ben"]);
    network.settle_for(300);
    network.cut(ben);
    while network.deliver_to_page(ada) {}
    assert_eq!(names(&network, ada), ["Ada"]);
}

#[test]
fn a5_comings_and_goings_are_told_at_once_and_a_crowd_as_one() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.settle_for(300);
    let told = |network: &Network| {
        let events = network.pages[ada].events.iter();
        events
            .filter(|it| matches!(it, Event::Presence { .. }))
            .count()
    };
    let before = told(&network);
    for who in 1..20 {
        let page = network.join(admission(who, Access::View));
        network.open_socket(page);
        while network.deliver_to_page(page) {}
        let here = usize::try_from(who).unwrap() + 1;
        assert_eq!(names(&network, page).len(), here, "who comes is told");
        while network.deliver_to_page(ada) {}
    }
    assert_eq!(told(&network), before + 1, "the first at once");
    network.settle_for(300);
    assert_eq!(told(&network), before + 2, "the others as one");
    assert_eq!(names(&network, ada).len(), 20);
}

#[test]
fn a2_nobody_speaks_for_anothers_client_id() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.insert(ada, 0, "x");
    network.settle();
    let id = network.pages[ada].client.document().client().0;
    let forged = presence::Shown {
        clock: 99,
        state: Some(r#"{"cursor":1}"#.to_owned()),
    };
    let bytes = presence::encode([(id, &forged)].into_iter());
    let sends = network.sends;
    network.send_raw(ben, Frame::Awareness(&bytes).encode());
    network.deliver_to_server(ben);
    network.advance(50);
    assert_eq!(network.sends, sends, "nothing is passed on");
    let _gone = presence::Shown {
        clock: 100,
        state: None,
    };
    let bytes = presence::encode([(id, &_gone)].into_iter());
    network.send_raw(ben, Frame::Awareness(&bytes).encode());
    network.settle();
    assert!(
        people(&network, ben)
            .iter()
            .any(|one| one.clients.contains(&id)),
        "ada is still there"
    );
}

/// What a plain Yjs client does with what it hears: it says it again.
fn repeat(network: &mut Network, page: usize, client: u64, state: &str) {
    let shown = presence::Shown {
        clock: 1,
        state: Some(state.to_owned()),
    };
    let bytes = presence::encode([(client, &shown)].into_iter());
    network.send_raw(page, Frame::Awareness(&bytes).encode());
    network.deliver_to_server(page);
}

#[test]
fn a2_what_a_client_only_repeats_costs_it_nothing_and_takes_nobodys_id() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    let id = network.pages[ada].client.document().client().0;
    // As long as a state may be, and longer with the server's word in it.
    let long = "x".repeat(presence::MAX_STATE_BYTES - 20);
    let state = format!(r#"{{"cursor":"{long}"}}"#);
    let state = presence::stamp(&state, &person(0)).unwrap().unwrap();
    assert!(state.len() > presence::MAX_STATE_BYTES);
    repeat(&mut network, ben, id, &state);
    assert_eq!(network.closed, []);
    // Ada's network breaks, and what Ben repeats comes after she is gone.
    network.cut(ada);
    repeat(&mut network, ben, id, &state);
    network.settle();
    network.insert(ada, 0, "back");
    network.settle();
    assert_eq!(network.closed, []);
    assert_eq!(network.text(), "back");
}

#[test]
fn a2_another_window_of_the_same_person_keeps_its_id_from_what_is_repeated() {
    let mut network = Network::new();
    let (one, two) = (network.writer(0), network.writer(0));
    network.settle();
    let id = network.pages[one].client.document().client().0;
    let state = presence::stamp("{}", &person(0)).unwrap().unwrap();
    repeat(&mut network, two, id, &state);
    network.insert(one, 0, "still here");
    network.settle();
    assert_eq!(network.closed, []);
    assert_eq!(network.text(), "still here");
}

#[test]
fn a3_who_says_to_be_somebody_else_is_shown_as_who_they_are() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.settle();
    let id = network.pages[ben].client.document().client().0;
    let state = presence::stamp("{}", &person(3)).unwrap().unwrap();
    repeat(&mut network, ben, id, &state);
    network.settle();
    assert!(
        people(&network, ada)
            .iter()
            .any(|one| one.clients.contains(&id))
    );
}

#[test]
fn a3_a_state_may_be_as_long_as_before_when_the_servers_word_came_back_with_it() {
    let long = "x".repeat(presence::MAX_STATE_BYTES - 20);
    let once = presence::stamp(&format!(r#"{{"a":"{long}"}}"#), &person(0)).unwrap();
    let twice = presence::stamp(once.as_deref().unwrap(), &person(0));
    assert_eq!(twice, Ok(once));
}

#[test]
fn f1_who_is_closed_for_what_they_sent_is_seen_to_go() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.settle_for(300);
    network.pages[ben].dead = true;
    network.send_raw(ben, vec![9, 9, 9]);
    network.deliver_to_server(ben);
    network.advance(300);
    while network.deliver_to_page(ada) {}
    assert_eq!(names(&network, ada), ["Ada"]);
}

#[test]
fn p2_an_edit_by_who_may_only_view_changes_nothing_and_is_answered() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "text");
    network.settle();
    let reader = network.join(admission(1, Access::View));
    network.settle();
    network.insert(reader, 0, "no ");
    network.deliver_to_server(reader);
    assert_eq!(network.text(), "text");
    while network.deliver_to_page(reader) {}
    let refused = network.pages[reader]
        .events
        .iter()
        .any(|event| matches!(event, Event::Refused { reason, .. } if reason == "not_allowed"));
    assert!(refused);
    for at in 0..4 {
        network.insert(reader, at, "no ");
        network.deliver_to_server(reader);
    }
    assert_eq!(
        network.closed.last().map(|(_, refusal)| *refusal),
        Some(Refusal::NotAllowed)
    );
    assert_eq!(network.text(), "text");
}

#[test]
fn p3_a_full_note_refuses_more_and_lets_deleting_go_on() {
    let mut network = Network::new();
    let ada = network.writer(0);
    let big = "x".repeat(note::MAX_TEXT_BYTES - 2);
    network.insert(ada, 0, &big);
    network.settle();
    let ben = network.writer(1);
    // Both add two bytes at once: the second to come would go over.
    network.insert(ada, 0, "ab");
    network.insert(ben, 0, "cd");
    network.deliver_to_server(ada);
    network.deliver_to_server(ben);
    while network.deliver_to_page(ben) {}
    assert!(
        network.pages[ben]
            .events
            .iter()
            .any(|e| matches!(e, Event::Refused { reason, .. } if reason == "full"))
    );
    assert_eq!(network.text().len(), note::MAX_TEXT_BYTES);
    network
        .type_at(ada, &[note::Edit::new(0, 1_000, "")])
        .unwrap();
    network.deliver_to_server(ada);
    network.advance(1_000);
    assert_eq!(network.text().len(), note::MAX_TEXT_BYTES - 1_000);
}

#[test]
fn p2_what_was_on_its_way_when_a_right_went_closes_nobody() {
    let mut network = Network::new();
    let ben = network.writer(1);
    for at in 0..6 {
        network.insert(ben, at, "x");
    }
    network.change_right(&admission(1, Access::Edit), Some(Access::View));
    let mut late = 0;
    while network.deliver_to_server(ben) {
        late += 1;
    }
    assert!(late > 3, "{late} were on their way");
    assert_eq!((network.text().as_str(), network.closed.len()), ("", 0));
    // Who goes on has been told.
    network.now += 10_001;
    for at in 0..4 {
        assert!(network.closed.is_empty());
        network.insert(ben, at, "x");
        network.deliver_to_server(ben);
    }
    assert_eq!(network.closed.len(), 1);
    assert_eq!(network.closed[0].1, Refusal::NotAllowed);
}

#[test]
fn v3_a_render_can_be_meant_for_some() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    let request = realtime::Request {
        by: admission(0, Access::Own),
        action: realtime::Action::SetTitle {
            title: "Set".to_owned(),
        },
    };
    let now = network.now;
    let room = network.room.as_mut().unwrap();
    let (done, effects) = room.act(&request, &network.disk, now).unwrap();
    network.perform(effects);
    assert_eq!(done.title, "Set");
    let long = realtime::Request {
        action: realtime::Action::SetTitle {
            title: "x".repeat(realtime::MAX_TITLE_CHARS + 1),
        },
        ..request
    };
    let room = network.room.as_mut().unwrap();
    let refused = room.act(&long, &network.disk, now).map(|(done, _)| done);
    assert_eq!(refused, Err(Refusal::TooLarge), "and nothing is cut");
    let effects = network
        .room
        .as_mut()
        .unwrap()
        .refresh(&Who::Include(vec![person(1).id]));
    network.perform(effects);
    network.settle();
    for page in [ada, ben] {
        assert!(
            network.pages[page]
                .events
                .iter()
                .any(|e| matches!(e, Event::Title { title } if title == "Set"))
        );
    }
}
