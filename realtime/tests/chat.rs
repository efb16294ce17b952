//! M: what is written in a chat room, by whom, and what comes of it.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use realtime::{Access, Ask, Event, MAX_MESSAGE_BYTES, Part, Refusable};
use support::hall::Hall;
use support::{admission, person};

const TEA: &str = "/chat/tea";

/// A room with Ada, who owns it, Ben who may write, and Cyd who may look on.
fn room() -> Hall {
    let mut hall = Hall::new();
    for (who, access) in [(0, Access::Own), (1, Access::Edit), (2, Access::View)] {
        hall.join(TEA, admission(who, access));
    }
    hall.settle();
    hall.forget();
    hall
}

fn say(id: &str, text: &str) -> Ask {
    Ask::Say {
        id: id.to_owned(),
        text: text.to_owned(),
    }
}

fn change(number: u64, text: &str) -> Ask {
    Ask::Change {
        number,
        text: text.to_owned(),
    }
}

/// Asks, and gives what was refused: what, why, about which id, and the wait.
fn asked(hall: &mut Hall, guest: usize, ask: &Ask) -> Option<(Refusable, String, Option<u64>)> {
    let before = hall.denials(guest).len();
    hall.ask(guest, ask);
    while hall.round() {}
    let denials = hall.denials(guest);
    assert!(hall.guests[guest].is_live(), "a refusal closes nothing");
    let denied = denials.into_iter().nth(before)?;
    Some((denied.0, denied.1, denied.3))
}

fn refused(reason: &str) -> Option<(Refusable, String, Option<u64>)> {
    Some((Refusable::Message, reason.to_owned(), None))
}

fn numbers(hall: &Hall) -> Vec<u64> {
    let messages = &hall.objects[TEA].shelf.messages;
    messages.iter().map(|it| it.number).collect()
}

/// Parts of the past that were told to a guest: which, and first to last number.
fn parts(hall: &Hall, guest: usize) -> Vec<(Part, u64, u64, bool)> {
    let told = |event: &Event| match event {
        Event::Messages {
            part,
            messages,
            more,
        } => Some((
            *part,
            messages.first().map_or(0, |it| it.number),
            messages.last().map_or(0, |it| it.number),
            *more,
        )),
        _ => None,
    };
    hall.guests[guest].events.iter().filter_map(told).collect()
}

#[test]
fn m1_numbers_have_no_gap_and_everybody_has_the_same() {
    let mut hall = room();
    for n in 0..10 {
        hall.say(n % 2, &format!("message {n}"));
        // What is refused takes no number.
        hall.ask(2, &say("c", "no"));
        hall.ask(0, &say("d", "  \n "));
    }
    hall.settle();
    assert_eq!(numbers(&hall), (1..=10).collect::<Vec<_>>());
    for guest in 0..3 {
        assert_eq!(hall.texts(guest).len(), 10);
        let log = &hall.guests[guest].log;
        assert_eq!(log.messages(), hall.guests[0].log.messages());
    }
    assert_eq!(hall.denials(2).len(), 10);
}

#[test]
fn m2_a_message_sent_again_is_the_same_message() {
    let mut hall = room();
    assert_eq!(asked(&mut hall, 0, &say("a", "one")), None);
    hall.forget();
    for text in ["one", "another", &"x".repeat(MAX_MESSAGE_BYTES + 1)] {
        assert_eq!(asked(&mut hall, 0, &say("a", text)), None);
    }
    assert_eq!(numbers(&hall), [1]);
    assert_eq!(hall.guests[0].count("message"), 3, "each is answered");
    assert_eq!(hall.guests[1].count("message"), 0, "to its author only");
    // Under somebody else's name the same id is another message.
    assert_eq!(asked(&mut hall, 1, &say("a", "two")), None);
    hall.sleep(TEA);
    assert_eq!(asked(&mut hall, 1, &say("a", "two")), None);
    assert_eq!(hall.texts(2), ["one", "two"]);
}

#[test]
fn m3_what_could_not_be_stored_was_told_to_nobody_and_comes_again() {
    let mut hall = room();
    hall.say(0, "stored");
    hall.settle();
    hall.forget();
    hall.objects.get_mut(TEA).unwrap().shelf.fail = true;
    hall.say(0, "@Ben, not yet");
    hall.say(1, "nor this");
    for _ in 0..4 {
        hall.round();
    }
    for guest in 0..3 {
        assert_eq!(hall.guests[guest].count("message"), 0);
        assert_eq!(hall.texts(guest), ["stored"]);
    }
    assert_eq!(hall.closed.len(), 3);
    assert!(hall.closed.iter().all(|(_, why)| why.close_code() == 4503));
    hall.objects.get_mut(TEA).unwrap().shelf.fail = false;
    hall.settle();
    hall.advance(1_000);
    let mut texts = hall.texts(2);
    texts.sort_unstable();
    assert_eq!(texts, ["@Ben, not yet", "nor this", "stored"]);
    assert_eq!(numbers(&hall), [1, 2, 3]);
    // The alarm that was to follow the write that failed is asked for again.
    assert_eq!(hall.taken.len(), 1);
    assert!(hall.guests.iter().all(|it| it.log.waiting().is_empty()));
}

#[test]
fn m3_who_comes_while_storage_is_out_is_sent_away_and_comes_back() {
    let mut hall = room();
    let shelf = &mut hall.objects.get_mut(TEA).unwrap().shelf;
    (shelf.fail, shelf.unreadable) = (true, true);
    let late = hall.join(TEA, admission(3, Access::Edit));
    hall.round();
    hall.round();
    // The newcomer too, whom the room did not take in.
    assert!(hall.guests.iter().all(|it| it.socket.is_none()));
    let shelf = &mut hall.objects.get_mut(TEA).unwrap().shelf;
    (shelf.fail, shelf.unreadable) = (false, false);
    hall.settle();
    hall.say(late, "here");
    hall.settle();
    assert_eq!(hall.texts(0), ["here"]);
}

#[test]
fn m4_own_messages_are_changed_and_taken_back_the_owner_takes_back_any() {
    let mut hall = room();
    hall.say(0, "of Ada");
    hall.say(1, "of Ben");
    hall.settle();
    let (ada, ben, cyd) = (0, 1, 2);
    assert_eq!(asked(&mut hall, ben, &change(2, "better")), None);
    assert_eq!(
        asked(&mut hall, ben, &change(1, "not mine")),
        refused("not_allowed")
    );
    assert_eq!(
        asked(&mut hall, ada, &change(2, "nor the owner's")),
        refused("not_allowed")
    );
    assert_eq!(
        asked(&mut hall, ben, &Ask::Delete { number: 1 }),
        refused("not_allowed")
    );
    assert_eq!(
        asked(&mut hall, cyd, &Ask::Delete { number: 1 }),
        refused("not_allowed")
    );
    assert_eq!(
        asked(&mut hall, ben, &change(9, "none")),
        refused("not_found")
    );
    assert_eq!(asked(&mut hall, ben, &change(2, " ")), refused("malformed"));
    assert_eq!(hall.texts(cyd), ["of Ada", "better"]);
    let changed = &hall.guests[cyd].log.messages()[1];
    assert!(changed.changed_at.is_some() && changed.revision == 3);
    assert_eq!(asked(&mut hall, ada, &Ask::Delete { number: 2 }), None);
    assert_eq!(asked(&mut hall, ada, &Ask::Delete { number: 2 }), None);
    let gone = &hall.guests[cyd].log.messages()[1];
    assert!(gone.deleted && gone.text.is_empty() && gone.html.is_empty());
    assert_eq!(gone.revision, 4, "taking back what is gone changes nothing");
    assert_eq!(
        asked(&mut hall, ben, &change(2, "back?")),
        refused("not_found")
    );
    hall.say(ben, "next");
    hall.settle();
    assert_eq!(numbers(&hall), [1, 2, 3], "its number stays taken");
    for guest in 1..3 {
        let log = &hall.guests[guest].log;
        assert_eq!(log.messages(), hall.guests[0].log.messages());
    }
}

#[test]
fn m6_who_may_only_view_writes_nothing() {
    let mut hall = room();
    hall.say(1, "of Ben");
    hall.settle();
    let order = |reason: &str| Some((Refusable::Order, reason.to_owned(), None));
    let mute = Ask::Mute {
        person: person(0).id,
        seconds: 60,
    };
    assert_eq!(asked(&mut hall, 2, &say("a", "x")), refused("not_allowed"));
    for guest in [1, 2] {
        assert_eq!(asked(&mut hall, guest, &mute), order("not_allowed"));
        let slow = Ask::Slow { seconds: 9 };
        assert_eq!(asked(&mut hall, guest, &slow), order("not_allowed"));
    }
    hall.forget();
    assert_eq!(asked(&mut hall, 2, &Ask::Typing), None);
    assert_eq!(hall.guests[0].heard.len(), 0, "nothing was changed");
    assert_eq!(hall.texts(0), ["of Ben"]);
}

#[test]
fn m6_a_burst_then_one_a_second_and_the_wait_is_told() {
    let mut hall = room();
    for n in 0..10 {
        assert_eq!(asked(&mut hall, 1, &say(&format!("b{n}"), "x")), None);
    }
    let (_, reason, wait) = asked(&mut hall, 1, &say("more", "x")).unwrap();
    assert_eq!((reason.as_str(), wait), ("too_fast", Some(1_000)));
    let id = hall.denials(1).pop().unwrap().2;
    assert_eq!(id.as_deref(), Some("more"));
    assert_eq!(asked(&mut hall, 0, &say("a", "others may")), None);
    hall.advance(999);
    assert!(asked(&mut hall, 1, &say("more", "x")).is_some());
    hall.advance(1);
    assert_eq!(asked(&mut hall, 1, &say("more", "x")), None);
    // What the page says by itself goes out by itself.
    for n in 0..20 {
        hall.say(1, &format!("said {n}"));
    }
    hall.settle();
    let said: Vec<String> = (0..20).map(|n| format!("said {n}")).collect();
    assert_eq!(hall.texts(0)[12..], said);
}

#[test]
fn m6_slow_mode_and_muting_hold_also_after_a_sleep() {
    let mut hall = room();
    assert_eq!(asked(&mut hall, 0, &Ask::Slow { seconds: 30 }), None);
    assert_eq!(asked(&mut hall, 1, &say("b1", "x")), None);
    hall.advance(10_000);
    hall.sleep(TEA);
    let (_, reason, wait) = asked(&mut hall, 1, &say("b2", "x")).unwrap();
    assert_eq!((reason.as_str(), wait), ("slow_mode", Some(20_000)));
    for n in 0..2 {
        let own = say(&format!("a{n}"), "the owner need not wait");
        assert_eq!(asked(&mut hall, 0, &own), None);
    }
    hall.advance(20_000);
    assert_eq!(asked(&mut hall, 1, &say("b2", "x")), None);

    assert_eq!(asked(&mut hall, 0, &Ask::Slow { seconds: 0 }), None);
    let mute = |seconds| Ask::Mute {
        person: person(1).id,
        seconds,
    };
    assert_eq!(asked(&mut hall, 0, &mute(60)), None);
    hall.advance(15_000);
    hall.sleep(TEA);
    let muted = Some((Refusable::Message, "muted".to_owned(), Some(45_000)));
    assert_eq!(asked(&mut hall, 1, &say("b3", "x")), muted);
    assert_eq!(asked(&mut hall, 1, &change(1, "y")), muted);
    hall.forget();
    assert_eq!(asked(&mut hall, 1, &Ask::Typing), None);
    assert_eq!(hall.guests[0].heard.len(), 0, "nor is their writing told");
    assert_eq!(asked(&mut hall, 0, &mute(0)), None);
    assert_eq!(asked(&mut hall, 1, &say("b3", "x")), None);
    assert_eq!(asked(&mut hall, 0, &mute(60)), None);
    hall.advance(60_000);
    assert_eq!(asked(&mut hall, 1, &say("b4", "x")), None);
}

#[test]
fn m7_seen_is_told_to_ones_own_other_sockets_and_only_rises() {
    let mut hall = room();
    let phone = hall.join(TEA, admission(1, Access::Edit));
    for n in 0..5 {
        hall.say(0, &format!("{n}"));
    }
    hall.settle();
    hall.forget();
    for number in [3, 2, 3, 99] {
        assert_eq!(asked(&mut hall, 1, &Ask::Seen { number }), None);
    }
    let seen = |hall: &Hall, guest: usize| -> Vec<u64> {
        let told = hall.guests[guest].events.iter();
        let numbers = told.filter_map(|event| match event {
            Event::Seen { number } => Some(*number),
            _ => None,
        });
        numbers.collect()
    };
    assert_eq!(seen(&hall, phone), [3, 5], "no further than there is");
    for other in 0..3 {
        assert_eq!(seen(&hall, other), [0_u64; 0]);
    }
    hall.cut(phone);
    hall.kill(TEA);
    hall.settle();
    assert_eq!(seen(&hall, phone), [3, 5, 5], "stored");
    assert_eq!(hall.guests[phone].log.unread(), 0);
}

#[test]
fn m8_writing_is_told_to_the_others_and_not_too_often() {
    let mut hall = room();
    let phone = hall.join(TEA, admission(1, Access::Edit));
    hall.settle();
    hall.forget();
    let typed = |hall: &mut Hall| {
        hall.ask(1, &Ask::Typing);
        hall.ask(phone, &Ask::Typing);
        while hall.round() {}
        let counts = [0, 1, 2, phone].map(|guest| hall.guests[guest].count("typing"));
        hall.forget();
        counts
    };
    assert_eq!(typed(&mut hall), [1, 0, 1, 0]);
    hall.advance(1_999);
    assert_eq!(typed(&mut hall), [0, 0, 0, 0]);
    hall.advance(1);
    assert_eq!(typed(&mut hall), [1, 0, 1, 0]);
    assert_eq!(asked(&mut hall, 1, &say("b", "written")), None);
    hall.forget();
    assert_eq!(typed(&mut hall), [1, 0, 1, 0], "the next message is news");
}

#[test]
fn m9_who_is_here_is_told_at_once_and_a_crowd_as_one() {
    let mut hall = room();
    hall.advance(1_000);
    let late: Vec<usize> = (3..13)
        .map(|who| hall.join(TEA, admission(who, Access::Edit)))
        .collect();
    while hall.round() {}
    assert_eq!(hall.guests[0].count("presence"), 1, "the first at once");
    hall.settle();
    assert_eq!(hall.guests[0].count("presence"), 2, "the others as one");
    let here = |guest: usize| {
        let told = hall.guests[guest].events.iter().rev();
        let mut people = told.filter_map(|event| match event {
            Event::Presence { people } => Some(people.len()),
            _ => None,
        });
        people.next()
    };
    for guest in [0, late[0], late[9]] {
        assert_eq!(here(guest), Some(13));
    }
}

#[test]
fn m5_history_is_paged_and_who_comes_back_gets_what_changed() {
    let mut hall = room();
    hall.settings.message_burst = 1_000;
    hall.sleep(TEA);
    for n in 0..120 {
        hall.say(n % 2, &format!("{n}"));
    }
    hall.settle();
    let late = hall.join(TEA, admission(3, Access::View));
    hall.settle();
    assert_eq!(parts(&hall, late), [(Part::Newest, 71, 120, true)]);
    for expected in [(Part::Older, 21, 70, true), (Part::Older, 1, 20, false)] {
        let ask = hall.guests[late].log.older().unwrap();
        assert_eq!(asked(&mut hall, late, &ask), None);
        assert_eq!(parts(&hall, late).pop(), Some(expected));
    }
    assert_eq!(hall.texts(late), hall.texts(0));
    assert_eq!(asked(&mut hall, late, &Ask::History { before: 1 }), None);
    assert_eq!(parts(&hall, late).pop(), Some((Part::Older, 0, 0, false)));

    // Away for a few messages and a change of an old one, then for many.
    for (messages, expected) in [
        (5, (Part::Changed, 7, 125, true)),
        (199, (Part::Changed, 7, 324, true)),
        (200, (Part::Newest, 475, 524, true)),
    ] {
        hall.down = true;
        hall.cut(late);
        for n in 0..messages {
            hall.say(n % 2, &format!("more {n}"));
        }
        hall.ask(0, &change(7, &format!("changed {messages}")));
        for _ in 0..messages + 5 {
            for guest in 0..2 {
                while hall.deliver_to_server(guest) {}
                while hall.deliver_to_page(guest) {}
            }
        }
        hall.down = false;
        hall.forget();
        hall.settle();
        assert_eq!(parts(&hall, late), [expected], "after {messages}");
        let (all, here) = (hall.texts(0), hall.texts(late));
        assert_eq!(here, all[all.len() - here.len()..]);
    }
}

#[test]
fn m5_a_part_of_the_past_is_no_larger_than_it_should_be() {
    let mut hall = room();
    hall.settings.message_burst = 1_000;
    hall.sleep(TEA);
    let long = "x".repeat(MAX_MESSAGE_BYTES);
    for n in 0..50 {
        hall.say(n % 2, &long);
    }
    hall.settle();
    let late = hall.join(TEA, admission(3, Access::View));
    hall.settle();
    // 32 messages of 4 KiB are 128 KiB.
    assert_eq!(parts(&hall, late), [(Part::Newest, 19, 50, true)]);
    assert_eq!(
        asked(&mut hall, 0, &say("l", &format!("{long}x"))),
        refused("too_large")
    );
}
