//! M: many people, a bad network, an object that dies: one order for all.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod support;

use std::collections::BTreeSet;

use fastrand::Rng;
use realtime::{Access, Message};
use support::admission;
use support::hall::Hall;

const TEA: &str = "/chat/tea";
const CLIENTS: usize = 20;
const MESSAGES: usize = 2_000;

/// Runs the network for a step; sometimes a socket breaks or the object sleeps.
fn step(hall: &mut Hall, random: &mut Rng, cuts: &mut usize) {
    let guest = random.usize(0..CLIENTS);
    match random.usize(0..100) {
        0..4 => {
            hall.cut(guest);
            *cuts += 1;
        }
        4 => hall.sleep(TEA),
        5..30 => {
            hall.deliver_to_server(guest);
        }
        30..60 => {
            hall.deliver_to_page(guest);
        }
        60..90 => hall.open_socket(guest),
        _ => hall.advance(random.usize(0..300) as u64),
    }
}

/// The messages as the object's storage has them, as a page shows them.
fn stored(hall: &Hall) -> Vec<(u64, String)> {
    let messages = hall.objects[TEA].shelf.messages.iter();
    messages.map(|it| (it.number, it.text.clone())).collect()
}

fn shown(messages: &[Message]) -> Vec<(u64, String)> {
    let messages = messages.iter();
    messages.map(|it| (it.number, it.text.clone())).collect()
}

#[test]
fn m1_20_clients_and_2000_messages_through_cuts_and_deaths_are_one_order() {
    let (mut hall, mut random, mut cuts) = (Hall::new(), Rng::with_seed(0x0dd5_eed5), 0);
    // The rate has a test of its own; at it 2,000 messages would take 100 s.
    hall.settings.message_burst = 1_000;
    for who in 0..CLIENTS {
        hall.join(TEA, admission(who as u128, Access::Edit));
    }
    hall.settle();
    for n in 0..MESSAGES {
        hall.say(random.usize(0..CLIENTS), &format!("message {n}"));
        for _ in 0..random.usize(0..160) {
            step(&mut hall, &mut random, &mut cuts);
        }
        if n == MESSAGES / 3 || n == MESSAGES * 2 / 3 {
            hall.kill(TEA);
        }
    }
    let late = hall.guests.iter().map(|it| it.log.waiting().len());
    let late: usize = late.sum();
    hall.settle();

    let stored = stored(&hall);
    let texts: BTreeSet<&String> = stored.iter().map(|(_, text)| text).collect();
    assert_eq!((stored.len(), texts.len()), (MESSAGES, MESSAGES));
    assert!(stored.iter().map(|it| it.0).eq(1..=MESSAGES as u64));
    for guest in 0..CLIENTS {
        // Who missed too much while away has the newest, and pages up to the rest.
        while let Some(ask) = hall.guests[guest].log.older() {
            hall.ask(guest, &ask);
            hall.settle();
        }
        let log = &hall.guests[guest].log;
        assert_eq!(shown(log.messages()), stored, "guest {guest}");
        assert!(log.waiting().is_empty());
    }
    println!(
        "{cuts} cuts, 2 deaths, {late} messages were late; all {CLIENTS} have the same {MESSAGES}"
    );
}

#[test]
fn m3_storage_that_fails_now_and_then_loses_and_doubles_nothing() {
    let (mut hall, mut random, mut cuts) = (Hall::new(), Rng::with_seed(0x57_0fa1), 0);
    hall.settings.message_burst = 1_000;
    for who in 0..CLIENTS {
        hall.join(TEA, admission(who as u128, Access::Edit));
    }
    hall.settle();
    for n in 0..300 {
        hall.say(random.usize(0..CLIENTS), &format!("@Ben {n}"));
        for _ in 0..random.usize(0..40) {
            let shelf = &mut hall.objects.get_mut(TEA).unwrap().shelf;
            shelf.fail = random.usize(0..10) == 0;
            step(&mut hall, &mut random, &mut cuts);
        }
    }
    hall.objects.get_mut(TEA).unwrap().shelf.fail = false;
    hall.settle();
    hall.advance(1_000);
    let stored = stored(&hall);
    let texts: BTreeSet<&String> = stored.iter().map(|(_, text)| text).collect();
    assert_eq!((stored.len(), texts.len()), (300, 300));
    // Of each message the five who are called Ben are told, its author apart.
    let told: BTreeSet<_> = hall.taken.iter().map(|it| (it.to, &it.cause)).collect();
    let expected: usize = hall.objects[TEA]
        .shelf
        .messages
        .iter()
        .map(|it| 5 - usize::from(it.person.name == "Ben"))
        .sum();
    assert_eq!(told.len(), expected);
    let closed = hall.closed.len();
    println!("300 messages, {cuts} cuts, {closed} sockets closed by storage, {expected} notices");
}
