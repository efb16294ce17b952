//! R: a server that is gone for a minute, and 200 pages that come back.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod support;

use std::collections::BTreeMap;

use realtime::{Access, Kind};
use support::admission;
use support::hall::Hall;

const PAGES: usize = 200;
const NOTE: &str = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
const OUTAGE_MS: u64 = 60_000;
const STEP_MS: u64 = 100;

/// Attempts by the second since the server went, and when the last page was back.
fn outage(key: &str) -> (Hall, BTreeMap<u64, usize>, u64) {
    let mut hall = Hall::new();
    for who in 0..PAGES {
        hall.join(key, admission(who as u128, Access::Edit));
    }
    hall.settle();
    hall.advance(10_000);
    hall.settle();
    let went = hall.now;
    hall.down = true;
    hall.kill(key);
    let mut attempts = BTreeMap::new();
    let (mut said, mut waited) = (0, 0);
    let mut back = 0;
    while hall.now < went + OUTAGE_MS + 15_000 {
        let wants = hall.guests.iter().filter(|it| it.wants_socket.is_some());
        *attempts.entry((hall.now - went) / 1_000).or_default() += wants.count();
        while hall.round() {}
        // No page ever waits longer than the ceiling.
        let statuses = hall.guests.iter().filter_map(|it| it.status.as_ref());
        let longest = statuses.filter_map(|it| it.retry_at).max();
        waited = waited.max(longest.unwrap_or(0).saturating_sub(hall.now));
        // Meanwhile people go on writing.
        if hall.down && said < PAGES {
            match hall.guests[said].key.kind() {
                Kind::Chat => hall.say(said, &format!("message {said}")),
                _ => hall.edit(said, 0, &format!("edit {said}\n")),
            }
            said += 1;
        }
        hall.advance(STEP_MS);
        hall.down = hall.now < went + OUTAGE_MS;
        if hall.guests.iter().any(|it| !it.is_live()) {
            back = hall.now - went;
        }
    }
    assert_eq!(said, PAGES);
    assert!(waited <= 8_000, "{waited}");
    (hall, attempts, back.saturating_sub(OUTAGE_MS))
}

/// Prints the attempts of each second, and checks how they are spread.
fn check(key: &str) -> Hall {
    let (hall, attempts, back) = outage(key);
    println!("{key}: all {PAGES} back {back} ms after the server; attempts by second:");
    for (second, count) in &attempts {
        println!("{second:>4} s {count:>4} {}", "#".repeat(count.div_ceil(4)));
    }
    assert!(back <= 10_000, "{back}");
    // At the ceiling a page tries each 4 to 8 s: some 33 of 200 each second. A
    // crowd that stayed together would come as 200 in one.
    let late: Vec<usize> = (30..60).map(|second| attempts[&second]).collect();
    assert!(
        late.iter().all(|&count| (10..80).contains(&count)),
        "{late:?}"
    );
    // Once the server is there, each page comes once.
    let returned: usize = (60..75).map(|second| attempts[&second]).sum();
    assert_eq!(returned, PAGES);
    hall
}

#[test]
fn r1_200_pages_of_a_chat_come_back_spread_and_miss_nothing() {
    let mut hall = check("/chat/tea");
    hall.settle();
    for guest in 0..PAGES {
        while let Some(ask) = hall.guests[guest].log.older() {
            hall.ask(guest, &ask);
            hall.settle();
        }
    }
    let messages = hall.guests[0].log.messages();
    assert_eq!(messages.len(), PAGES);
    for guest in &hall.guests {
        assert_eq!(guest.log.messages(), messages);
        assert!(guest.log.waiting().is_empty());
    }
}

#[test]
fn r1_200_pages_of_a_note_come_back_spread_and_miss_nothing() {
    let mut hall = check(NOTE);
    hall.settle();
    let text = hall.guests[0].client.document().text();
    for n in 0..PAGES {
        assert_eq!(text.matches(&format!("edit {n}\n")).count(), 1);
    }
    for guest in &hall.guests {
        assert_eq!(guest.client.document().text(), text);
        assert_eq!(guest.status.as_ref().unwrap().waiting, 0);
    }
}
