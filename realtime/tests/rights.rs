//! P: rights that change while sockets are open.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use realtime::{Access, Asker, Event, Link, Outgoing, Right, Rights};
use support::hall::Hall;
use support::{admission, person};

const NOTE: &str = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
const USER: &str = "/user/00000000-0000-0000-0000-000000000000";
const KEYS: [&str; 2] = [NOTE, "/chat/tea"];

/// The host's answer: `rights` of each person, none for who is left out.
fn answer(hall: &mut Hall, key: &str, rights: &[(u128, Access, Option<u64>)]) {
    let now = hall.now;
    hall.on(key, |group| {
        let askers = group.askers(None);
        let of = |asker: &Asker| {
            let found = rights
                .iter()
                .find(|(who, ..)| person(*who).id == asker.person)?;
            let (access, until) = (found.1, found.2);
            Some((asker.clone(), Right { access, until }))
        };
        let rights: Rights = askers.iter().filter_map(of).collect();
        group.rights(&askers, Some(&rights), now)
    });
}

fn closed_with(hall: &Hall, guest: usize) -> Option<u16> {
    match &hall.guests[guest].status.as_ref()?.link {
        Link::Closed { code, .. } => Some(*code),
        _ => None,
    }
}

#[test]
fn p4_who_has_no_right_any_more_is_closed_and_hears_nothing_after() {
    for key in KEYS {
        let mut hall = Hall::of_three(key);
        hall.forget();
        hall.forget();
        answer(
            &mut hall,
            key,
            &[(0, Access::Edit, None), (2, Access::Edit, None)],
        );
        // Whatever happens next is not for them, nor is what that turn told.
        if key == NOTE {
            hall.edit(0, 0, "secret");
        } else {
            hall.say(0, "secret");
        }
        hall.settle();
        assert_eq!(closed_with(&hall, 1), Some(4403), "{key}");
        assert!(hall.guests[1].events.is_empty(), "{key}");
        for guest in [0, 2] {
            assert_eq!(closed_with(&hall, guest), None);
            assert!(!hall.guests[guest].events.is_empty(), "{key}");
        }
    }
}

#[test]
fn p4_what_was_written_before_is_stored_and_what_comes_after_is_not() {
    let mut hall = Hall::of_three(NOTE);
    hall.forget();
    hall.edit(1, 0, "before ");
    while hall.deliver_to_server(1) {}
    hall.edit(1, 7, "on the way ");
    answer(
        &mut hall,
        NOTE,
        &[(0, Access::Edit, None), (2, Access::Edit, None)],
    );
    hall.settle();
    hall.advance(1_000);
    hall.settle();
    hall.kill(NOTE);
    hall.settle();
    assert_eq!(hall.text(NOTE), "before ");
}

#[test]
fn p4_who_may_less_is_told_and_cannot_write_from_that_moment() {
    let mut hall = Hall::of_three(NOTE);
    hall.forget();
    let rights = [
        (0, Access::Own, None),
        (1, Access::View, None),
        (2, Access::Edit, None),
    ];
    // An edit that is on its way when the right goes does not count.
    hall.edit(1, 0, "late");
    answer(&mut hall, NOTE, &rights);
    hall.settle();
    assert_eq!(hall.text(NOTE), "");
    let access = |guest: usize| {
        let events = hall.guests[guest].events.iter();
        events.rev().find_map(|event| match event {
            Event::Access { access } => Some(*access),
            _ => None,
        })
    };
    assert_eq!(access(0), Some(Access::Own));
    assert_eq!(access(1), Some(Access::View));
    assert_eq!(access(2), None, "nothing changed for them");
    // The others see who may what.
    let told = hall.guests[2].events.iter().any(|event| match event {
        Event::Presence { people } => people
            .iter()
            .any(|it| it.person == person(1).id && it.access == Access::View),
        _ => false,
    });
    assert!(told);
    // After a sleep it is still so.
    hall.sleep(NOTE);
    hall.edit(1, 0, "more");
    hall.settle();
    assert_eq!(hall.text(NOTE), "");
}

#[test]
fn p4_a_comment_right_writes_in_the_chat_and_not_in_the_note() {
    let mut hall = Hall::new();
    let chat = NOTE.replace("/note/", "/chat/note-");
    let reader = hall.join(&chat, admission(0, Access::View));
    let commenter = hall.join(&chat, admission(1, Access::Comment));
    hall.settle();
    hall.say(reader, "no");
    hall.say(commenter, "yes");
    hall.settle();
    assert_eq!(hall.texts(reader), ["yes"]);
    let writer = hall.join(NOTE, admission(1, Access::Suggest));
    hall.settle();
    hall.edit(writer, 0, "x");
    hall.settle();
    assert_eq!(hall.text(NOTE), "");
}

#[test]
fn p6_a_right_that_ends_is_looked_at_by_the_alarm_also_after_a_sleep() {
    for key in KEYS {
        for sleeps in [false, true] {
            let mut hall = Hall::new();
            let until = hall.now + 60_000;
            let mut ending = admission(1, Access::Edit);
            ending.until = Some(until);
            hall.join(key, admission(0, Access::Edit));
            hall.join(key, ending);
            hall.settle();
            assert!(hall.objects[key].alarm.unwrap() <= until, "{key}");
            if sleeps {
                hall.sleep(key);
            }
            hall.advance(59_000);
            hall.settle();
            assert!(hall.rechecks.is_empty(), "{key}: not before its time");
            hall.advance(1_001);
            hall.settle();
            let asked: Vec<_> = std::mem::take(&mut hall.rechecks);
            assert_eq!(asked.len(), 1, "{key}");
            assert_eq!(asked[0].1.len(), 1, "only whose right ended");
            answer(&mut hall, key, &[(0, Access::Edit, None)]);
            hall.settle();
            assert_eq!(closed_with(&hall, 1), Some(4403), "{key}");
        }
    }
}

#[test]
fn p6_where_the_alarm_is_late_the_first_frame_has_the_right_looked_at() {
    for (key, signal) in [(NOTE, false), (NOTE, true), ("/chat/tea", false)] {
        let mut hall = Hall::new();
        let mut ending = admission(1, Access::Edit);
        ending.until = Some(hall.now + 5_000);
        let guest = hall.join(key, ending);
        hall.settle();
        // Held up: whatever it was to do is not done.
        hall.objects.get_mut(key).unwrap().alarm = None;
        let send = |hall: &mut Hall| {
            if signal {
                hall.set(guest, "x", hall.now.into());
            } else if key == NOTE {
                hall.edit(guest, 0, "x");
            } else {
                hall.say(guest, "x");
            }
            hall.settle();
        };
        hall.advance(4_000);
        send(&mut hall);
        assert!(hall.rechecks.is_empty(), "{key}: not before its time");
        hall.objects.get_mut(key).unwrap().alarm = None;
        hall.advance(1_001);
        hall.settle();
        assert!(hall.rechecks.is_empty(), "{key}: the alarm is late");
        send(&mut hall);
        assert_eq!(hall.rechecks.len(), 1, "{key}");
    }
}

#[test]
fn p7_without_an_answer_sockets_go_and_come_again() {
    for key in [NOTE, "/chat/tea", USER] {
        let mut hall = Hall::new();
        hall.join(key, admission(0, Access::View));
        hall.settle();
        let now = hall.now;
        hall.on(key, |group| {
            let askers = group.askers(None);
            group.rights(&askers, None, now)
        });
        assert_eq!(hall.closed.last().unwrap().1.close_code(), 4503, "{key}");
        hall.advance(10_000);
        hall.settle();
        assert_eq!(closed_with(&hall, 0), None);
    }
}

#[test]
fn p4_of_all_pairs_of_rights_the_newer_holds() {
    let all = [
        None,
        Some(Access::View),
        Some(Access::Comment),
        Some(Access::Suggest),
        Some(Access::Edit),
        Some(Access::Own),
    ];
    for before in all.into_iter().flatten() {
        for after in all {
            let mut hall = Hall::new();
            let guest = hall.join(NOTE, admission(1, before));
            hall.settle();
            let rights: Vec<_> = after.iter().map(|access| (1, *access, None)).collect();
            answer(&mut hall, NOTE, &rights);
            hall.edit(guest, 0, "x");
            hall.settle();
            let writes = after.is_some_and(Access::can_write);
            assert_eq!(hall.text(NOTE), if writes { "x" } else { "" });
            assert_eq!(closed_with(&hall, guest).is_some(), after.is_none());
        }
    }
}

#[test]
fn a_frame_for_a_closed_socket_is_not_even_made() {
    let mut hall = Hall::of_three(NOTE);
    hall.forget();
    let now = hall.now;
    let ids: Vec<_> = hall.sockets_of(NOTE, 1);
    let mut sent = Vec::new();
    hall.on(NOTE, |group| {
        let askers = group.askers(None);
        let effects = group.rights(&askers, Some(&Rights::new()), now);
        sent.extend(effects.iter().filter_map(|effect| match effect {
            realtime::Effect::Send { to, frame } => Some((to.clone(), frame.clone())),
            _ => None,
        }));
        effects
    });
    let to_them = sent
        .iter()
        .filter(|(to, _)| ids.iter().any(|id| to.contains(id)));
    let frames: Vec<&Outgoing> = to_them.map(|(_, frame)| frame).collect();
    assert!(frames.is_empty(), "{frames:?}");
}
