//! W and R: sleep, death, reconnecting; and the seeded run that must always agree.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use note::Edit;
use realtime::{Access, Effect, Event};
use support::{Network, admission};

#[test]
fn w1_an_edit_after_a_sleep_loses_nothing_and_presence_is_right() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.insert(ada, 0, "before");
    network.settle();
    network.sleep();
    network.advance(15_000);
    network.insert(ben, 6, " after");
    network.settle();
    network.assert_converged();
    assert_eq!(network.text(), "before after");
    network.cut(ben);
    network.settle();
    let people = network.pages[ada]
        .events
        .iter()
        .rev()
        .find_map(|event| match event {
            Event::Presence { people } => Some(people.len()),
            _ => None,
        });
    assert_eq!(people, Some(2));
}

#[test]
fn w3_after_a_sleep_a_patch_is_enough() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.insert(ada, 0, "# A\n\nb");
    network.settle();
    network.sleep();
    network.advance(15_000);
    let whole = |network: &Network| {
        network.pages[ben]
            .events
            .iter()
            .filter(|event| matches!(event, Event::View { from: None, .. }))
            .count()
    };
    let before = whole(&network);
    network.insert(ada, 6, "c");
    network.settle();
    assert_eq!(whole(&network), before);
    network.assert_converged();
}

#[test]
fn w4_no_timer_runs_once_nothing_is_in_hand() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "x");
    network.settle();
    network.advance(1_000);
    assert_eq!(network.timer, None);
}

#[test]
fn w1_a_death_between_two_edits_loses_nothing_acknowledged() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    for n in 0..20 {
        network.insert(ada, 0, &format!("a{n} "));
        network.insert(ben, 0, &format!("b{n} "));
        network.deliver_to_server(ada);
        network.deliver_to_server(ben);
        network.kill();
        network.settle();
        network.assert_converged();
    }
    for n in 0..20 {
        assert!(
            network.text().contains(&format!("a{n} "))
                && network.text().contains(&format!("b{n} "))
        );
    }
}

#[test]
fn r4_edits_made_offline_arrive_once() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.insert(ada, 0, "shared ");
    network.settle();
    network.cut(ada);
    network.insert(ada, 7, "offline");
    network.insert(ben, 0, "meanwhile ");
    network.settle();
    network.assert_converged();
    assert_eq!(network.text(), "meanwhile shared offline");
}

#[test]
fn r1_close_codes_44xx_are_final() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.send_raw(ada, vec![9, 9, 9]);
    network.settle();
    assert!(network.pages[ada].wants_socket.is_none());
    assert!(matches!(
        network.pages[ada].status.as_ref().unwrap().link,
        realtime::Link::Closed { code: 4400, .. }
    ));
}

/// A small generator with a seed that is printed (xorshift*).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }
}

const SNIPPETS: [&str; 12] = [
    "a",
    "word ",
    "\n",
    "\n\n",
    "# ",
    "- x\n",
    "> q\n",
    "**b**",
    "🙂",
    "é",
    "`c`",
    "[l](https://example.org)",
];

/// Random typing, delivery, cuts, sleeps and deaths; then everything is delivered
/// and all must agree. Returns how many edits were made.
fn run(seed: u64, steps: usize) -> usize {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut network = Network::new();
    let mut made = Vec::new();
    for n in 0..2 + dice.roll(4) {
        network.join(admission(n as u128, Access::Edit));
    }
    network.settle();
    for step in 0..steps {
        let page = dice.roll(network.pages.len());
        match dice.roll(20) {
            0..8 => {
                let text: Vec<u16> = network.pages[page]
                    .editor
                    .as_deref()
                    .unwrap_or("")
                    .encode_utf16()
                    .collect();
                if network.pages[page].editor.is_none() {
                    continue;
                }
                let mut at = dice.roll(text.len() + 1);
                // Not between the halves of a surrogate pair: no editor does that.
                if text
                    .get(at)
                    .is_some_and(|unit| (0xdc00..0xe000).contains(unit))
                {
                    at -= 1;
                }
                if dice.roll(4) == 0 && at < text.len() {
                    let width = if (0xd800..0xdc00).contains(&text[at]) {
                        2
                    } else {
                        1
                    };
                    network
                        .type_at(page, &[Edit::new(at as u32, (at + width) as u32, "")])
                        .unwrap();
                } else {
                    let marker = format!("{}<{seed}.{step}>", SNIPPETS[dice.roll(SNIPPETS.len())]);
                    network
                        .type_at(page, &[Edit::new(at as u32, at as u32, marker.clone())])
                        .unwrap();
                    made.push(marker);
                }
            }
            8..12 => {
                network.deliver_to_server(page);
            }
            12..16 => {
                network.deliver_to_page(page);
            }
            16 => network.advance(dice.roll(1_000) as u64),
            17 => match dice.roll(8) {
                0 => network.sleep(),
                1 => network.kill(),
                2 => network.fire_alarm(),
                3 => network.cut_silently(page),
                _ => network.cut(page),
            },
            _ => network.open_socket(page),
        }
    }
    network.settle();
    network.advance(1_000);
    network.settle();
    network.assert_converged();
    made.len()
}

/// Found by the seeded run: a deletion leaves the state vector unchanged, so one
/// that died with the object's memory left no gap, and a later frame's
/// acknowledgement covered it.
#[test]
fn w2_a_deletion_lost_with_the_memory_is_not_called_saved() {
    run(432, 300);
}

/// Found by the seeded run: a deletion that was stored but still waited to be
/// sent when memory was lost never reached the other page.
#[test]
fn w1_what_is_stored_has_been_sent() {
    run(1_626, 300);
}

#[test]
fn u2_everything_typed_ends_up_the_same_everywhere() {
    let seeds = std::env::var("TANDEM_SEEDS")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(150_u64);
    let mut edits = 0;
    for seed in 1..=seeds {
        let outcome = std::panic::catch_unwind(|| run(seed, 300));
        match outcome {
            Ok(made) => edits += made,
            Err(_) => panic!("seed {seed} failed: run({seed}, 300)"),
        }
    }
    assert!(
        edits > 50 * seeds as usize,
        "the run did something: {edits} edits"
    );
}

#[test]
fn w2_an_answer_to_a_memory_that_is_gone_is_not_called_saved() {
    let mut network = Network::new();
    let device = network.device();
    let first = network.open_on(device, 0);
    network.settle();
    network.insert(first, 0, "tea");
    network.deliver_to_server(first);
    // Another tab is asked while the room has that in memory, and nowhere else.
    network.advance(0);
    let appends = network.disk.appends;
    network.insert(first, 3, "pot");
    network.deliver_to_server(first);
    assert_eq!(
        network.disk.appends, appends,
        "the second row waits for its window"
    );
    let second = network.open_on(device, 0);
    network.open_socket(second);
    network.deliver_to_server(second);
    network.deliver_to_server(second);
    while network.deliver_to_page(second) {}
    network.sleep();
    network.deliver_to_server(second);
    network.crash(first);
    let saved = |network: &Network| network.pages[second].status.as_ref().unwrap().waiting == 0;
    while network.deliver_to_page(second) {
        assert!(!saved(&network) || network.stored_text() == "teapot");
    }
    network.settle();
    assert_eq!(network.text(), "teapot");
    assert!(saved(&network));
    network.assert_converged();
}

/// Ada's edit was passed on and not stored; her tab is gone before the object is.
#[test]
fn w2_what_a_departed_author_wrote_is_brought_by_who_holds_it() {
    for deletes in [false, true] {
        let mut network = Network::new();
        let (ada, ben) = (network.writer(0), network.writer(1));
        network.insert(ada, 0, "one two");
        network.settle();
        network.advance(realtime::ROW_WINDOW_MS + 100);
        let appends = network.disk.appends;
        network.insert(ada, 7, "!");
        network.deliver_to_server(ada);
        let last = if deletes {
            Edit::new(0, 4, "")
        } else {
            Edit::new(8, 8, " three")
        };
        network.type_at(ada, &[last]).unwrap();
        network.deliver_to_server(ada);
        network.advance(20);
        while network.deliver_to_page(ben) {}
        assert_eq!(network.disk.appends, appends + 1, "the last one waits");
        network.sleep();
        network.crash(ada);
        network.settle();
        let expected = if deletes { "two!" } else { "one two! three" };
        assert_eq!(network.text(), expected);
        network.assert_converged();
    }
}

#[test]
fn w3_no_attachment_calls_a_revision_clean_while_something_is_not_stored() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    let named = |network: &Network| {
        let version = network.disk.stored.version;
        let clean = network
            .attachments
            .values()
            .filter_map(|kept| kept.progress.clean);
        clean.filter(|(of, _)| *of == version).count()
    };
    for n in 0..6 {
        let who = [ada, ben][n % 2];
        network.insert(who, 0, "a");
        network.deliver_to_server(who);
        network.insert(who, 0, "b");
        network.deliver_to_server(who);
        network.advance(20);
        assert_eq!(named(&network), 0, "the second edit waits for its row");
        network.settle();
        assert_eq!(named(&network), 1, "all is stored");
    }
}

/// Ada's edit is shown, and memory is lost before its row is written.
#[test]
fn w3_memory_lost_in_the_midst_of_a_turn_is_no_sleep() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.insert(ada, 0, "one two");
    network.settle();
    network.advance(realtime::ROW_WINDOW_MS + 100);
    network.type_at(ada, &[Edit::new(0, 4, "")]).unwrap();
    let bytes = network.pages[ada].to_server.pop_front().unwrap();
    let id = network.pages[ada].socket.unwrap();
    let now = network.now;
    let mut effects = network.room.as_mut().unwrap().receive(id, &bytes, now);
    let row = |effect: &Effect| matches!(effect, Effect::Append { .. });
    effects.truncate(effects.iter().position(row).unwrap());
    network.perform(effects);
    let mut attachments = network.attachments.values();
    assert!(
        attachments.all(|it| it.progress.clean.is_none()),
        "no attachment takes the loss for a sleep"
    );
    network.sleep();
    // What Ben sees is what is gone; Ada brings it again.
    while network.deliver_to_page(ben) {}
    network.settle();
    assert_eq!(network.text(), "two");
    network.assert_converged();
}
