//! U and S: edits, what is stored, what is acknowledged.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use note::{ClientId, Document, Edit};
use realtime::frame::Frame;
use realtime::{Access, Action, Event, Refusal, Request, Wanted};
use support::{Network, admission};

fn saved(network: &Network, page: usize) -> Vec<u64> {
    let events = network.pages[page].events.iter();
    events
        .filter_map(|event| {
            if let Event::Saved { through, .. } = event {
                Some(*through)
            } else {
                None
            }
        })
        .collect()
}

#[test]
fn u2_an_edit_reaches_the_others_and_is_acknowledged_once_stored() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.insert(ada, 0, "# Hello\n\nWorld");
    network.settle();
    network.assert_converged();
    assert_eq!(
        network.pages[ben].editor.as_deref(),
        Some("# Hello\n\nWorld")
    );
    assert_eq!(
        saved(&network, ada).last(),
        Some(&2),
        "step 2 and one update"
    );
}

#[test]
fn u2_nothing_is_acknowledged_that_is_not_stored() {
    let mut network = Network::new();
    let ada = network.writer(0);
    let before = saved(&network, ada).len();
    network.disk.fail = true;
    network.insert(ada, 0, "lost?");
    network.deliver_to_server(ada);
    while network.deliver_to_page(ada) {}
    assert_eq!(saved(&network, ada).len(), before);
    assert!(
        network
            .closed
            .iter()
            .any(|(_, refusal)| *refusal == Refusal::Storage)
    );
    network.disk.fail = false;
    network.settle();
    network.assert_converged();
    assert_eq!(network.text(), "lost?", "the client brought it back");
}

#[test]
fn s3_a_write_that_fails_for_another_reason_acknowledges_nothing_either() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "stored ");
    network.settle();
    // Gathered for the next row, when somebody comes who cannot be written down.
    network.insert(ada, 0, "first ");
    network.deliver_to_server(ada);
    network.insert(ada, 6, "waits ");
    network.deliver_to_server(ada);
    while network.deliver_to_page(ada) {}
    let before = saved(&network, ada);
    network.disk.fail = true;
    let ben = network.join(admission(1, Access::Edit));
    network.open_socket(ben);
    assert!(!network.stored_text().contains("waits"));
    while network.deliver_to_page(ada) {}
    assert_eq!(saved(&network, ada), before);
    network.disk.fail = false;
    network.settle();
    network.assert_converged();
    assert_eq!(network.text(), "first waits stored ");
}

#[test]
fn s2_a_refused_edit_leaves_its_hole_also_after_a_sleep() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "text");
    network.settle();
    let reader = network.join(admission(1, Access::View));
    network.settle();
    network.insert(reader, 4, "!");
    network.deliver_to_server(reader);
    let socket = network.pages[reader].socket.unwrap();
    let progress = network.attachments[&socket].progress;
    assert!(progress.hole && progress.frames > progress.through);
}

#[test]
fn a_note_is_called_by_its_first_heading_wherever_that_stands() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    let above = "Words.\n\n".repeat(20);
    network.insert(ada, 0, &format!("{above}Plan\n\nMore."));
    network.settle();
    let called = |network: &Network| {
        let events = network.pages[ben].events.iter().rev();
        let mut titles = events.filter_map(|event| match event {
            Event::Title { title } => Some(title.clone()),
            _ => None,
        });
        titles.next()
    };
    assert_eq!(called(&network).as_deref(), Some("Words."));
    let at = above.len() as u32;
    for (from, to, insert, title) in [
        (at, at, "# ", "Plan"),
        (at + 6, at + 6, " B", "Plan B"),
        (at, at + 2, "", "Words."),
        (0, 6, "First", "First"),
        (at - 1, at - 1, "> # Quoted\n\n", "Quoted"),
    ] {
        network
            .type_at(ada, &[Edit::new(from, to, insert)])
            .unwrap();
        network.settle();
        assert_eq!(called(&network).as_deref(), Some(title));
    }
}

#[test]
fn u3_an_update_with_a_gap_is_answered_with_step_1_and_heals() {
    let mut network = Network::new();
    let ada = network.writer(0);
    let mut other = Document::new(ClientId(77));
    let first = other.edit(&[Edit::new(0, 0, "one ")]).unwrap();
    let second = other.edit(&[Edit::new(4, 4, "two")]).unwrap();
    network.send_raw(ada, Frame::Update(&second).encode());
    network.settle();
    assert_eq!(network.text(), "", "a gap is not applied");
    let both = note::document::merge_updates(&[&first, &second]).unwrap();
    network.send_raw(ada, Frame::Step2(&both).encode());
    network.settle();
    assert_eq!(network.text(), "one two");
}

#[test]
fn u3_a_client_that_goes_on_with_gaps_is_closed() {
    let mut network = Network::new();
    let ada = network.writer(0);
    let mut other = Document::new(ClientId(77));
    other.edit(&[Edit::new(0, 0, "one ")]).unwrap();
    let second = other.edit(&[Edit::new(4, 4, "two")]).unwrap();
    // A raw client that never answers step 1, so the queue is filled by hand.
    for _ in 0..9 {
        network.send_raw(ada, Frame::Update(&second).encode());
    }
    while network.deliver_to_server(ada) {}
    assert_eq!(
        network.closed.last().map(|(_, refusal)| *refusal),
        Some(Refusal::OutOfStep)
    );
}

#[test]
fn u5_an_id_that_lives_on_anothers_socket_is_refused() {
    let mut network = Network::new();
    let (ada, ben) = (network.writer(0), network.writer(1));
    network.insert(ada, 0, "mine");
    network.settle();
    let id = network.pages[ada].client.document().client();
    let mut forged = Document::load(
        id,
        [network.pages[ben].client.document().snapshot().as_slice()],
    )
    .unwrap();
    let update = forged.edit(&[Edit::new(0, 0, "forged ")]).unwrap();
    network.send_raw(ben, Frame::Update(&update).encode());
    network.deliver_to_server(ben);
    assert_eq!(
        network.closed.last().map(|(_, refusal)| *refusal),
        Some(Refusal::IdInUse)
    );
    network.settle();
    assert_eq!(network.text(), "mine");
    network.assert_converged();
}

#[test]
fn u5_the_ghost_of_ones_own_lost_connection_gives_its_id_up() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "a");
    network.settle();
    network.cut_silently(ada);
    network.insert(ada, 1, "b");
    network.settle();
    network.insert(ada, 2, "c");
    network.settle();
    network.assert_converged();
    assert_eq!(network.text(), "abc");
}

#[test]
fn u7_a_reader_may_send_what_adds_nothing() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "text");
    network.settle();
    let reader = network.join(admission(1, Access::View));
    network.settle();
    assert!(network.closed.is_empty());
    assert_eq!(saved(&network, reader), vec![1]);
    network.assert_converged();
}

#[test]
fn u8_a_burst_is_one_row_and_one_frame_a_socket() {
    let mut network = Network::new();
    let ada = network.writer(0);
    for n in 0..9 {
        network.writer(1 + n);
    }
    network.insert(ada, 0, "# Title\n\n");
    network.settle();
    network.advance(1_000);
    network.insert(ada, 9, "a");
    network.deliver_to_server(ada);
    let (appends, sends) = (network.disk.appends, network.sends);
    assert_eq!(appends, 2, "an edit that comes alone is stored at once");
    for at in 10..60 {
        network.insert(ada, at, "b");
    }
    while network.deliver_to_server(ada) {}
    assert_eq!(
        (network.disk.appends, network.sends),
        (appends, sends),
        "the burst is gathered"
    );
    network.settle();
    assert_eq!(network.disk.appends, appends + 1);
    // Five are told in events: the gathered update and the view. Five, and Ada is one of
    // them, in packed turns: one frame each. And one acknowledgement.
    assert_eq!(network.sends, sends + 5 + 5 + 5 + 1);
    network.assert_converged();
}

#[test]
fn v3_a_change_is_rendered_once_for_any_number_of_sockets() {
    let mut network = Network::new();
    let ada = network.writer(0);
    for n in 0..49 {
        network.writer(1 + n);
    }
    network.advance(1_000);
    let before = network.renders;
    network.insert(ada, 0, "one edit");
    network.settle();
    assert_eq!(network.renders, before + 1);
    network.assert_converged();
}

#[test]
fn s4_folding_changes_nothing_but_the_rows() {
    let mut network = Network::new();
    let ada = network.writer(0);
    for n in 0..1_200_u32 {
        network.insert(ada, n, "x");
        network.settle();
        network.advance(realtime::ROW_WINDOW_MS + 100);
    }
    network.settle();
    let text = network.text();
    assert!(network.disk.stored.rows.len() > 1_000);
    network.fire_alarm();
    assert_eq!(network.disk.stored.rows.len(), 1);
    assert_eq!(network.stored_text(), text);
    network.sleep();
    network.insert(ada, 0, "y");
    network.settle();
    network.assert_converged();
}

#[test]
fn s5_the_index_follows_a_pause_and_a_failure_is_tried_again() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "# Title\n\nText");
    network.settle();
    let due = network.alarm.expect("an alarm is asked for");
    assert!(due <= network.now + 2_000);
    network.advance(due.saturating_sub(network.now));
    network.fire_alarm();
    let entry = network.index.pop().unwrap();
    assert_eq!(
        (entry.title.as_str(), entry.text.as_str()),
        ("Title", "# Title\n\nText")
    );
    assert_eq!(entry.writers.len(), 1);
    let now = network.now;
    let effects = network.room.as_mut().unwrap().indexed(&entry, false, now);
    network.perform(effects);
    assert!(network.alarm.is_some_and(|at| at > now), "tried again");
    network.advance(10_000);
    network.fire_alarm();
    let entry = network.index.pop().unwrap();
    let now = network.now;
    let effects = network.room.as_mut().unwrap().indexed(&entry, true, now);
    network.perform(effects);
    assert_eq!((network.disk.stored.indexed, network.alarm), (1, None));
    network.fire_alarm();
    assert!(
        network.index.is_empty(),
        "an alarm that fires twice writes once"
    );
}

/// Somebody sets the title.
fn rename(network: &mut Network, title: &str) {
    let request = Request {
        by: admission(0, Access::Edit),
        action: Action::SetTitle {
            title: title.to_owned(),
        },
    };
    let room = network.room.as_mut().unwrap();
    let (_, effects) = room.act(&request, &network.disk, network.now).unwrap();
    network.perform(effects);
}

/// What the next alarm has the index say, and whether that is written.
fn index(network: &mut Network, written: bool) -> Vec<String> {
    network.advance(60_000);
    network.fire_alarm();
    let mut titles = Vec::new();
    for entry in std::mem::take(&mut network.index) {
        let room = network.room.as_mut().unwrap();
        let effects = room.indexed(&entry, written, network.now);
        network.perform(effects);
        titles.push(entry.title);
    }
    titles
}

#[test]
fn s5_a_title_that_was_set_reaches_the_index_also_after_memory_was_lost() {
    for text in ["", "text"] {
        let mut network = Network::new();
        let ada = network.writer(0);
        if !text.is_empty() {
            network.insert(ada, 0, text);
        }
        network.settle();
        index(&mut network, true);
        assert!(index(&mut network, true).is_empty());
        rename(&mut network, "Tea");
        network.kill();
        assert_eq!(index(&mut network, false), ["Tea"]);
        network.sleep();
        assert_eq!(index(&mut network, true), ["Tea"]);
        network.sleep();
        assert!(index(&mut network, true).is_empty(), "it is known");
    }
}

#[test]
fn s5_a_note_was_changed_when_its_title_was_set() {
    let mut network = Network::new();
    network.writer(0);
    network.settle();
    rename(&mut network, "Tea");
    let renamed_at = network.now;
    network.kill();
    network.advance(60_000);
    network.fire_alarm();
    let entry = network.index.pop().unwrap();
    assert_eq!((entry.title.as_str(), entry.at), ("Tea", renamed_at));
}

#[test]
fn s5_a_title_that_is_set_while_the_index_is_written_reaches_it_as_well() {
    let mut network = Network::new();
    network.writer(0);
    rename(&mut network, "Tea");
    network.advance(60_000);
    network.fire_alarm();
    let entry = network.index.pop().unwrap();
    rename(&mut network, "Cake");
    let room = network.room.as_mut().unwrap();
    let effects = room.indexed(&entry, true, network.now);
    network.perform(effects);
    network.kill();
    assert_eq!(index(&mut network, true), ["Cake"]);
}

#[test]
fn s3_a_title_that_could_not_be_stored_is_not_shown() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "text");
    network.settle();
    network.disk.fail = true;
    rename(&mut network, "Tea");
    network.disk.fail = false;
    network.settle();
    let reading = network
        .room
        .as_mut()
        .unwrap()
        .read(Wanted::HTML, network.now)
        .0;
    assert_eq!(reading.title, "text");
}

#[test]
fn s6_what_was_made_of_an_earlier_version_is_carried_over() {
    let mut network = Network::new();
    let ada = network.writer(0);
    network.insert(ada, 0, "one\ntwo\nthree\n");
    network.settle();
    network.advance(realtime::ROW_WINDOW_MS + 100);
    let read = network.disk.stored.version;
    network.insert(ada, 4, "and ");
    network.settle();
    network.advance(realtime::ROW_WINDOW_MS + 100);
    network.settle();
    let replace = |version, text: &str| realtime::Request {
        by: support::admission(0, realtime::Access::Own),
        action: realtime::Action::Replace {
            version,
            text: text.to_owned(),
        },
    };
    let mut ask = |request: &realtime::Request| {
        let (room, now) = (network.room.as_mut().unwrap(), network.now);
        let (_, effects) = room.act(request, &network.disk, now)?;
        network.perform(effects);
        Ok::<_, Refusal>(network.text())
    };
    let merged = ask(&replace(read, "one\ntwo\nthree, changed\n"));
    assert_eq!(merged.as_deref(), Ok("one\nand two\nthree, changed\n"));
    assert_eq!(ask(&replace(99, "lost")), Err(Refusal::UnknownVersion));
    assert_eq!(
        ask(&replace(0, "first "))
            .unwrap()
            .matches("first ")
            .count(),
        1
    );
}
