//! N: who is named in a note or a chat is told once, however often that fails.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::collections::BTreeSet;

use realtime::{Access, Ask};
use support::hall::Hall;
use support::{admission, person};

const TEA: &str = "/chat/tea";
/// Whom one message tells at most.
const TOLD: usize = 20;
const NOTE: &str = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";

/// What the host took: to whom, of what kind, by whom, and the quote.
fn taken(hall: &mut Hall) -> Vec<(String, String, String, String)> {
    hall.settle();
    hall.advance(3_000);
    let names = |id| (0..4).map(person).find(|it| it.id == id).unwrap().name;
    let taken = std::mem::take(&mut hall.taken).into_iter();
    let mut taken: Vec<_> = taken
        .map(|it| (names(it.to), it.kind, it.by.name, it.quote))
        .collect();
    taken.sort();
    taken
}

fn told(to: &str, kind: &str, by: &str, quote: &str) -> (String, String, String, String) {
    (
        to.to_owned(),
        kind.to_owned(),
        by.to_owned(),
        quote.to_owned(),
    )
}

#[test]
fn n2_a_message_tells_whom_it_names_and_a_change_whom_it_newly_names() {
    let mut hall = Hall::of_three(TEA);
    hall.say(0, "@ben and @Cyd, @Ada and @Dot: tea?");
    let both = "@ben and @Cyd, @Ada and @Dot: tea?";
    assert_eq!(
        taken(&mut hall),
        [
            told("Ben", "mention", "Ada", both),
            told("Cyd", "mention", "Ada", both),
        ],
        "not who wrote it, and not who was never here"
    );
    hall.say(1, "@Ada yes");
    let answer = told("Ada", "reply", "Ben", "@Ada yes");
    assert_eq!(taken(&mut hall), [answer], "she has written here");
    hall.say(0, "@Cyd you too?");
    let named = told("Cyd", "mention", "Ada", "@Cyd you too?");
    assert_eq!(taken(&mut hall), [named], "they have not");

    let number = 3;
    for (text, expected) in [
        ("@Cyd you as well?", vec![]),
        (
            "@Cyd you as well? Or @Ben?",
            vec![told("Ben", "mention", "Ada", "@Cyd you as well? Or @Ben?")],
        ),
        ("nobody", vec![]),
    ] {
        let text = text.to_owned();
        hall.ask(0, &Ask::Change { number, text });
        assert_eq!(taken(&mut hall), expected);
    }
    hall.ask(0, &Ask::Delete { number });
    assert_eq!(taken(&mut hall), []);
}

#[test]
fn n1_a_message_sent_again_tells_nobody_again() {
    let mut hall = Hall::of_three(TEA);
    let say = Ask::Say {
        id: "a".to_owned(),
        text: "@Ben".to_owned(),
    };
    for _ in 0..10 {
        hall.ask(0, &say);
        hall.settle();
        hall.sleep(TEA);
    }
    assert_eq!(taken(&mut hall).len(), 1);
}

#[test]
fn n1_notices_wait_for_the_host_through_sleep_and_death() {
    let mut hall = Hall::of_three(TEA);
    hall.host_fails = true;
    for n in 0..5 {
        hall.say(0, &format!("@Ben {n}"));
    }
    hall.settle();
    let mut waits = Vec::new();
    for _ in 0..9 {
        let alarm = hall.objects[TEA].alarm.unwrap();
        waits.push(alarm - hall.now);
        hall.advance(alarm - hall.now);
    }
    assert_eq!(waits[waits.len() - 2..], [60_000, 60_000], "{waits:?}");
    assert!(waits.is_sorted());
    assert!(hall.taken.is_empty());
    assert_eq!(hall.objects[TEA].shelf.notices(), 5);
    hall.sleep(TEA);
    hall.advance(60_000);
    hall.kill(TEA);
    hall.settle();
    hall.host_fails = false;
    hall.advance(60_000);
    let causes: BTreeSet<String> = hall.taken.iter().map(|it| it.cause.clone()).collect();
    assert_eq!(causes.len(), 5);
    assert_eq!(hall.objects[TEA].shelf.notices(), 0, "forgotten once taken");
    assert_eq!(hall.objects[TEA].alarm, None);
}

#[test]
fn n1_storage_that_cannot_forget_a_notice_does_not_keep_the_object_busy() {
    for key in [TEA, NOTE] {
        let mut hall = Hall::of_three(key);
        match key {
            TEA => hall.say(0, "@Ben"),
            _ => hall.edit(0, 0, "@Ben"),
        }
        hall.host_fails = true;
        hall.settle();
        hall.advance(3_000);
        hall.host_fails = false;
        hall.objects.get_mut(key).unwrap().shelf.fail = true;
        hall.advance(10_000);
        assert!((2..=11).contains(&hall.taken.len()), "{}", hall.taken.len());
        hall.objects.get_mut(key).unwrap().shelf.fail = false;
        hall.advance(2_000);
        let taken = hall.taken.len();
        hall.advance(60_000);
        assert_eq!(hall.taken.len(), taken);
        assert_eq!(hall.objects[key].shelf.notices(), 0);
    }
}

#[test]
fn n1_many_notices_are_handed_over_in_parts() {
    let mut hall = Hall::new();
    for n in 0..120_u128 {
        let mut admission = admission(n, Access::Edit);
        admission.person.name = format!("p{n}");
        hall.join(TEA, admission);
    }
    hall.settle();
    let all: Vec<String> = (1..120).map(|n| format!("@p{n}")).collect();
    hall.host_fails = true;
    for some in all.chunks(TOLD) {
        hall.say(0, &some.join(" "));
    }
    hall.settle();
    hall.host_fails = false;
    hall.advance(60_000);
    let to: BTreeSet<_> = hall.taken.iter().map(|it| it.to).collect();
    assert_eq!((hall.taken.len(), to.len()), (119, 119));
}

#[test]
fn n2_a_message_or_a_look_at_a_note_tells_a_bounded_number() {
    for key in [TEA, NOTE] {
        let mut hall = Hall::new();
        for n in 0..60 {
            let mut admission = admission(n, Access::Edit);
            admission.person.name = format!("p{n}");
            hall.join(key, admission);
        }
        hall.settle();
        let all: Vec<String> = (1..60).map(|n| format!("@p{n}")).collect();
        match key {
            TEA => hall.say(0, &all.join(" ")),
            _ => hall.edit(0, 0, &all.join(" ")),
        }
        hall.settle();
        hall.advance(3_000);
        assert_eq!(hall.taken.len(), TOLD, "{key}");
    }
}

#[test]
fn n1_so_many_notices_wait_for_the_host_and_no_more() {
    let mut hall = Hall::new();
    for n in 0..=TOLD as u128 {
        let mut admission = admission(n, Access::Edit);
        admission.person.name = format!("p{n}");
        hall.join(TEA, admission);
    }
    hall.settle();
    hall.host_fails = true;
    let all: Vec<String> = (1..=TOLD).map(|n| format!("@p{n}")).collect();
    for _ in 0..60 {
        hall.say(0, &all.join(" "));
    }
    hall.settle();
    assert_eq!(hall.texts(0).len(), 60, "what is said is said");
    assert_eq!(hall.objects[TEA].shelf.notices(), 1_000);
    hall.host_fails = false;
    hall.advance(120_000);
    assert_eq!(
        (hall.taken.len(), hall.objects[TEA].shelf.notices()),
        (1_000, 0)
    );
}

#[test]
fn n3_the_last_line_that_names_somebody_is_quoted() {
    let mut hall = Hall::of_three(NOTE);
    hall.edit(
        0,
        0,
        "@Ben first\n@Ben and @Benno, then @Cyd\n@ben last\nnobody\n",
    );
    let last = told("Ben", "mention", "Ada", "@ben last");
    let other = told("Cyd", "mention", "Ada", "@Ben and @Benno, then @Cyd");
    assert_eq!(taken(&mut hall), [last, other]);
}

#[test]
fn n3_a_note_tells_whom_it_names_once() {
    let mut hall = Hall::of_three(NOTE);
    hall.edit(0, 0, "ask @b");
    hall.advance(1_000);
    hall.edit(0, 6, "en about it");
    let named = told("Ben", "mention", "Ada", "ask @ben about it");
    assert_eq!(taken(&mut hall), [named]);
    // Typing elsewhere, sleeping and coming again say nothing new.
    hall.edit(2, 0, "\n");
    assert_eq!(taken(&mut hall), []);
    hall.kill(NOTE);
    hall.settle();
    hall.edit(2, 0, "\n");
    assert_eq!(taken(&mut hall), []);
    hall.edit(1, 0, "@Ben\n");
    assert_eq!(taken(&mut hall), [], "nobody tells themselves");
    hall.edit(2, 0, "and @Ben\n");
    assert_eq!(
        taken(&mut hall).iter().map(|it| &*it.2).collect::<Vec<_>>(),
        ["Cyd"]
    );
}

#[test]
fn n3_who_is_named_while_they_write_is_told_as_well() {
    let mut hall = Hall::of_three(NOTE);
    hall.edit(0, 0, "@Ben look\n");
    hall.round();
    hall.edit(1, 0, "I am writing\n");
    let named = told("Ben", "mention", "Ada", "@Ben look");
    assert_eq!(taken(&mut hall), [named]);
}

#[test]
fn n3_a_note_that_could_not_be_stored_tells_and_indexes_later() {
    let mut hall = Hall::of_three(NOTE);
    hall.objects.get_mut(NOTE).unwrap().shelf.fail = true;
    hall.edit(0, 0, "@Ben");
    for _ in 0..4 {
        hall.round();
    }
    hall.objects.get_mut(NOTE).unwrap().shelf.fail = false;
    assert_eq!(taken(&mut hall).len(), 1);
    assert_eq!(hall.objects[NOTE].alarm, None, "the index was written");
}

#[test]
fn n1_what_a_note_or_its_chat_tells_leads_to_the_note() {
    let note = NOTE.strip_prefix("/note/");
    let chat = NOTE.replace("/note/", "/chat/note-");
    for (key, expected) in [(NOTE, note), (chat.as_str(), note), (TEA, None)] {
        let mut hall = Hall::of_three(key);
        match key {
            NOTE => hall.edit(0, 0, "@Ben"),
            _ => hall.say(0, "@Ben"),
        }
        hall.settle();
        hall.advance(3_000);
        let led = hall.taken[0].note().map(|id| id.to_string());
        assert_eq!(led.as_deref(), expected, "{key}");
    }
}
