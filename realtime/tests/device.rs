//! D: what is written survives the tab it was written in, and is there once.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use note::Edit;
use realtime::{Access, Back, Link, OnDevice, REMADE, WhyApart};
use support::Network;

// Not 0: that id is nobody's, and what nobody wrote is merged by anybody.
const ADA: u128 = 4;
const BEN: u128 = 5;

#[test]
fn d1_an_edit_is_kept_until_it_is_stored_and_no_longer() {
    let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
    network.insert(page, 3, "s");
    network.type_at(page, &[Edit::new(0, 1, "")]).unwrap();
    assert_eq!(network.devices[device].edits(), 2);
    let status = network.pages[page].status.clone().unwrap();
    assert_eq!((status.waiting, status.device), (2, OnDevice::All));
    network.settle();
    assert_eq!(network.devices[device].edits(), 0);
    network.assert_converged();
}

#[test]
fn d1_what_is_on_its_way_to_the_device_is_not_called_kept() {
    let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
    network.cut(page);
    network.devices[device].slow = true;
    network.insert(page, 0, "a");
    let on_device = |network: &Network| network.pages[page].status.as_ref().unwrap().device;
    assert_eq!(on_device(&network), OnDevice::NotYet);
    network.write_down(device);
    assert_eq!(on_device(&network), OnDevice::All);
    network.insert(page, 0, "b");
    assert_eq!(on_device(&network), OnDevice::NotYet);
}

#[test]
fn d2_a_tab_that_dies_at_any_step_loses_nothing_and_doubles_nothing() {
    for step in 0.. {
        let (mut network, device, page) = Network::opened(ADA, BEN, "one three");
        network.insert(page, 4, "two ");
        network.type_at(page, &[Edit::new(0, 1, "O")]).unwrap();
        let mut ended = false;
        for _ in 0..step {
            let moved = network.deliver_to_server(page) | network.deliver_to_page(page);
            if !moved {
                ended = network.timer.is_none();
                network.advance(100);
            }
        }
        network.crash(page);
        let again = network.open_on(device, ADA);
        network.settle();
        assert_eq!(network.text(), "One two three", "dead after step {step}");
        network.assert_converged();
        assert_eq!(network.devices[device].edits(), 0);
        network.crash(again);
        network.open_on(device, ADA);
        network.settle();
        assert_eq!(network.text(), "One two three", "opened a second time");
        if ended {
            return;
        }
    }
}

#[test]
fn d2_the_server_may_die_as_well() {
    for deaths in 0..12 {
        let (mut network, device, page) = Network::opened(ADA, BEN, "one three");
        network.insert(page, 4, "two ");
        for _ in 0..deaths {
            network.deliver_to_server(page);
            network.deliver_to_page(page);
        }
        network.kill();
        network.crash(page);
        let again = network.open_on(device, ADA);
        network.open_socket(again);
        for _ in 0..deaths {
            network.deliver_to_page(again);
            network.deliver_to_server(again);
        }
        network.kill();
        network.settle();
        assert_eq!(network.text(), "one two three", "{deaths} frames each");
        network.assert_converged();
        assert_eq!(network.devices[device].edits(), 0);
    }
}

#[test]
fn d2_what_was_kept_travels_in_step_2_beside_what_others_wrote() {
    let (mut network, device, page) = Network::opened(ADA, BEN, "middle");
    network.cut(page);
    network.insert(page, 0, "front ");
    network.type_at(page, &[Edit::new(6, 8, "MI")]).unwrap();
    network.crash(page);
    let ben = network.writer(BEN);
    network.insert(ben, 6, " end");
    network.settle();
    let again = network.open_on(device, ADA);
    network.open_socket(again);
    let status = network.pages[again].status.clone().unwrap();
    assert_eq!((status.waiting, status.device), (2, OnDevice::All));
    network.settle();
    assert_eq!(network.text(), "front MIddle end");
    network.assert_converged();
    // The editor shows it all from the first: nothing is told as somebody else's edit.
    let status = network.pages[again].status.clone().unwrap();
    assert_eq!(status.back.unwrap().merged, 2);
    let authors = &network.disk.authors;
    let kept_id = network.pages[page].client.document().client().0;
    assert_eq!(authors.len(), 3, "{authors:?}");
    assert!(authors.contains_key(&kept_id), "D5: under its own id");
}

#[test]
fn d2_a_device_that_answers_late_is_merged_late() {
    for delay in [500, 3_000] {
        let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
        network.cut(page);
        network.insert(page, 3, "pot");
        network.crash(page);
        let again = network.open_late(device, ADA, Access::Edit);
        network.open_socket(again);
        while network.deliver_to_server(again) | network.deliver_to_page(again) {}
        network.advance(delay);
        while network.deliver_to_server(again) | network.deliver_to_page(again) {}
        assert_eq!(network.text(), "tea");
        let link = &network.pages[again].status.as_ref().unwrap().link;
        assert_eq!(*link == Link::Live, delay > 2_000, "{delay}");
        network.find(again);
        network.settle();
        assert_eq!(network.text(), "teapot");
        network.assert_converged();
    }
}

#[test]
fn d3_another_document_is_not_merged_into() {
    let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
    network.cut(page);
    network.insert(page, 3, "pot");
    network.crash(page);
    network.make_anew(BEN, "tea");
    let again = network.open_on(device, ADA);
    network.settle();
    assert_eq!(network.text(), "tea");
    network.assert_converged();
    let apart = network.pages[again].apart.clone();
    assert_eq!(apart.len(), 1);
    assert_eq!(
        (apart[0].why, apart[0].edits, apart[0].text.as_str()),
        (WhyApart::OtherDocument, 1, "pot")
    );
    // It stays until somebody has no more use for it.
    assert_eq!(network.devices[device].edits(), 1);
    network.discard(again, &apart[0].page);
    assert_eq!(network.devices[device].edits(), 0);
    assert!(network.pages[again].apart.is_empty());
}

#[test]
fn d3_who_may_no_longer_write_gets_the_text_back() {
    let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
    network.cut(page);
    network.insert(page, 3, "pot");
    network.crash(page);
    let again = network.open_as(device, ADA, Access::View);
    network.settle();
    assert_eq!(network.text(), "tea");
    network.assert_converged();
    assert_eq!(network.pages[again].apart[0].why, WhyApart::NotAllowed);
    network.crash(again);
    // Who may write again has it merged.
    network.open_on(device, ADA);
    network.settle();
    assert_eq!(network.text(), "teapot");
}

#[test]
fn d3_nobody_writes_in_the_name_of_somebody_else() {
    let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
    network.cut(page);
    network.insert(page, 3, "pot");
    network.crash(page);
    let again = network.open_on(device, BEN);
    network.settle();
    assert_eq!(network.text(), "tea");
    assert_eq!(network.pages[again].apart[0].why, WhyApart::OtherPerson);
}

#[test]
fn d3_what_the_server_would_not_have_is_tried_once() {
    let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
    network.cut(page);
    network.insert(page, 3, "pot");
    network.insert(page, 0, "a ");
    network.crash(page);
    let again = network.open_on(device, ADA);
    network.open_socket(again);
    // Its awareness and its step 1.
    assert!(network.deliver_to_server(again) && network.deliver_to_server(again));
    while network.deliver_to_page(again) {}
    // As if the frame had been over the limit.
    network.pages[again].clear();
    network.refuse_too_large(again);
    while network.deliver_to_page(again) {}
    network.crash(again);
    let third = network.open_on(device, ADA);
    network.settle();
    assert_eq!(network.text(), "tea");
    assert_eq!(network.pages[third].apart[0].why, WhyApart::Refused);
    assert_eq!(network.devices[device].edits(), 2, "nothing is thrown away");
}

#[test]
fn d3_what_is_of_a_note_that_is_gone_is_handed_out_however_late_the_device_is() {
    for late in [false, true] {
        let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
        network.cut(page);
        network.insert(page, 3, "pot");
        network.crash(page);
        let again = network.open_late(device, ADA, Access::Edit);
        if !late {
            network.find(again);
        }
        network.turn_away(again);
        if late {
            network.find(again);
        }
        let apart = network.pages[again].apart.clone();
        assert_eq!(apart.len(), 1, "late: {late}");
        assert_eq!(
            (apart[0].why, apart[0].text.as_str()),
            (WhyApart::Gone, "pot")
        );
        assert_eq!(network.pages[again].status.as_ref().unwrap().waiting, 0);
        assert_eq!(network.devices[device].edits(), 1);
        network.discard(again, &apart[0].page);
        assert_eq!(network.devices[device].edits(), 0);
    }
}

#[test]
fn d4_an_open_page_does_not_sync_with_another_document() {
    let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
    network.cut(page);
    network.insert(page, 3, "pot");
    network.make_anew(BEN, "tea");
    network.settle();
    let link = network.pages[page].status.clone().unwrap().link;
    assert!(
        matches!(link, Link::Closed { code: REMADE, .. }),
        "{link:?}"
    );
    assert_eq!(network.text(), "tea", "and not teapottea");
    network.crash(page);
    let again = network.open_on(device, ADA);
    network.settle();
    assert_eq!(network.pages[again].apart[0].text, "pot");
}

#[test]
fn d5_two_tabs_keep_their_own_and_delete_nothing_of_each_other() {
    let (mut network, device, first) = Network::opened(ADA, BEN, "tea");
    let second = network.open_on(device, ADA);
    network.settle();
    network.cut(first);
    network.cut(second);
    network.insert(first, 0, "first ");
    network.insert(second, 3, " second");
    network.crash(first);
    // The second one comes back; what the first kept is not its business.
    network.settle();
    assert_eq!(network.text(), "tea second");
    assert_eq!(network.devices[device].edits(), 1);
    network.open_on(device, ADA);
    network.settle();
    assert_eq!(network.text(), "first tea second");
    assert_eq!(network.devices[device].edits(), 0);
}

#[test]
fn d5_a_tab_that_merges_for_a_living_one_leaves_what_that_wrote_since() {
    let (mut network, device, first) = Network::opened(ADA, BEN, "tea");
    network.cut(first);
    network.insert(first, 3, "p");
    let second = network.open_on(device, ADA);
    network.open_socket(second);
    while network.deliver_to_page(second) | network.deliver_to_server(second) {}
    network.insert(first, 4, "ot");
    network.advance(realtime::ROW_WINDOW_MS + 100);
    while network.deliver_to_page(second) | network.deliver_to_server(second) {}
    assert_eq!(network.text(), "teap");
    assert_eq!(
        network.devices[device].edits(),
        1,
        "what came since is kept"
    );
    network.crash(first);
    network.open_on(device, ADA);
    network.settle();
    assert_eq!(network.text(), "teapot");
    network.assert_converged();
}

#[test]
fn d6_a_device_that_keeps_nothing_says_so_and_loses_nothing_while_the_tab_lives() {
    let (mut network, device, page) = Network::opened(ADA, BEN, "tea");
    network.devices[device].full = true;
    network.cut(page);
    network.insert(page, 3, "pot");
    let status = network.pages[page].status.clone().unwrap();
    assert_eq!((status.waiting, status.device), (1, OnDevice::Unavailable));
    network.settle();
    assert_eq!(network.text(), "teapot");
    network.assert_converged();
}

#[test]
fn r7_a_return_says_what_it_merged_and_what_came_in() {
    let (mut network, _, page) = Network::opened(ADA, BEN, "tea");
    let ben = network.writer(BEN);
    network.cut(page);
    network.insert(page, 3, "p");
    network.insert(page, 4, "ot");
    network.insert(ben, 0, "a ");
    network.advance(realtime::ROW_WINDOW_MS + 100);
    network.settle();
    let back = network.pages[page].status.clone().unwrap().back.unwrap();
    let Back {
        merged, came_in, ..
    } = back;
    assert_eq!((merged, came_in), (2, 1));
    assert_eq!(network.text(), "a teapot");
    // Who missed nothing of their own is told nothing.
    network.cut(ben);
    network.settle();
    assert_eq!(network.pages[ben].status.as_ref().unwrap().back, None);
}
