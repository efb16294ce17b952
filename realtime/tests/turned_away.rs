//! S2, S3, P4: what was turned away, or lost with a write that failed, is called saved
//! only when it is, and comes in when it may. Each was found by the simulator.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use realtime::{Access, Action, Request};
use support::{Network, admission};

/// Adds a line as a program does.
fn append(network: &mut Network, text: &str) {
    let request = Request {
        by: admission(9, Access::Edit),
        action: Action::Append {
            text: text.to_owned(),
        },
    };
    network.wake();
    let room = network.room.as_mut().unwrap();
    let (_, effects) = room.act(&request, &network.disk, network.now).unwrap();
    network.perform(effects);
}

fn waiting(network: &Network, page: usize) -> u32 {
    network.pages[page].status.as_ref().unwrap().waiting
}

#[test]
fn s2_a_frame_that_was_turned_away_is_not_saved_with_the_row_of_the_one_before() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "one");
    network.settle();
    let appends = network.disk.appends;
    network.insert(ada, 3, " two");
    network.deliver_to_server(ada);
    assert_eq!(network.disk.appends, appends, "it waits for its row");
    network.insert(ada, 7, " three");
    network.change_right(&admission(0, Access::Edit), Some(Access::View));
    network.deliver_to_server(ada);
    network.advance(realtime::ROW_WINDOW_MS + 100);
    while network.deliver_to_page(ada) {}
    assert_eq!(network.stored_text(), "one two");
    assert_eq!(waiting(&network, ada), 1, "the third is not stored");
}

#[test]
fn p4_what_was_refused_comes_in_as_soon_as_it_may() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.change_right(&admission(0, Access::Edit), Some(Access::View));
    network.insert(ada, 0, "too early");
    network.settle_for(5_000);
    assert_eq!((network.text().as_str(), waiting(&network, ada)), ("", 1));
    network.change_right(&admission(0, Access::Edit), Some(Access::Edit));
    network.settle_for(1_000);
    assert_eq!(network.pages[ben].editor.as_deref(), Some("too early"));
    network.assert_converged();
}

#[test]
fn s3_what_is_written_after_a_failed_write_has_no_clock_in_common_with_what_was_lost() {
    let mut network = Network::new();
    let (ada, _) = (network.writer(0), network.writer(1));
    network.insert(ada, 0, "tea\n");
    network.settle();
    network.advance(realtime::ROW_WINDOW_MS + 100);
    network.disk.fail = true;
    append(&mut network, "lost");
    network.disk.fail = false;
    assert_eq!(network.stored_text(), "tea\n");
    append(&mut network, "next");
    network.settle();
    // Ada was sent what was lost before its write failed, and brings it.
    let text = network.text();
    assert_eq!(text.matches("lost").count(), 1, "{text:?}");
    assert_eq!(text.matches("next").count(), 1, "{text:?}");
    network.assert_converged();
    network.sleep();
    network.wake();
    assert_eq!(network.text(), text);
}
