//! D7 and D8: a page that starts from its device, and a note that was made there.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

mod support;

use note::Edit;
use realtime::{Access, KeptNote, Link, REMADE, WhyApart};
use support::{Network, person};
use uuid::Uuid;

/// Not zero: nil is nobody.
const ADA: u128 = 4;
const BEN: u128 = 1;

/// A note with a text, known to Ada's browser, in which it is open no longer.
fn known(text: &str) -> (Network, usize) {
    let (mut network, device, page) = Network::opened(ADA, BEN, text);
    network.keep_note(page);
    network.crash(page);
    (network, device)
}

/// What a page shows in its editor.
fn shown(network: &Network, page: usize) -> &str {
    network.pages[page].editor.as_deref().unwrap()
}

#[test]
fn d7_the_text_is_here_before_the_server_and_merged_once() {
    for step in 0..40 {
        let (mut network, device) = known("tea");
        let first = network.open_from(device, ADA, Access::Edit);
        assert_eq!(shown(&network, first), "tea");
        network.insert(first, 3, "pot");
        network.type_at(first, &[Edit::new(0, 1, "T")]).unwrap();
        let status = network.pages[first].status.clone().unwrap();
        assert_eq!((status.link, status.waiting), (Link::Offline, 2));
        network.crash(first);

        // What was written is shown again, from the device alone.
        let second = network.open_from(device, ADA, Access::Edit);
        assert_eq!(shown(&network, second), "Teapot");
        network.insert(second, 6, "s");
        network.crash(second);
        let ben = network.writer(BEN);
        network.insert(ben, 0, "two ");
        network.settle();

        let third = network.open_from(device, ADA, Access::Edit);
        assert_eq!(shown(&network, third), "Teapots");
        network.open_socket(third);
        for _ in 0..step {
            if !(network.deliver_to_server(third) | network.deliver_to_page(third)) {
                network.advance(100);
            }
        }
        network.crash(third);
        let last = network.open_from(device, ADA, Access::Edit);
        network.settle();
        assert_eq!(network.text(), "two Teapots", "dead after step {step}");
        assert_eq!(shown(&network, last), "two Teapots");
        network.assert_converged();
        assert_eq!(network.devices[device].edits(), 0);
    }
}

#[test]
fn d9_a_note_that_was_fetched_ahead_is_written_in_and_merged_once() {
    let mut network = Network::new();
    let ben = network.writer(BEN);
    network.insert(ben, 0, "tea");
    network.settle();
    // Not stored yet: a copy is stored before it is given out.
    network.insert(ben, 3, "pot");
    while network.deliver_to_server(ben) {}
    let device = network.device();
    network.fetch_ahead(device, ADA, Access::Edit);
    network.kill();
    network.wake();
    assert_eq!(network.text(), "teapot", "stored with the copy");

    let page = network.open_from(device, ADA, Access::Edit);
    assert_eq!(shown(&network, page), "teapot");
    network.insert(page, 6, "s");
    network.settle();
    assert_eq!(network.text(), "teapots");
    assert_eq!(shown(&network, ben), "teapots");
    network.assert_converged();
    assert_eq!(network.devices[device].edits(), 0);
}

#[test]
fn d7_what_the_device_has_of_another_document_is_let_go() {
    let (mut network, device) = known("tea");
    let offline = network.open_from(device, ADA, Access::Edit);
    network.insert(offline, 3, "pot");
    network.crash(offline);
    network.make_anew(BEN, "tea");
    let page = network.open_from(device, ADA, Access::Edit);
    assert_eq!(shown(&network, page), "teapot");
    network.settle();
    assert_eq!(network.text(), "tea");
    assert_eq!(shown(&network, page), "tea");
    assert_eq!(network.pages[page].apart[0].why, WhyApart::OtherDocument);
    network.insert(page, 0, "a ");
    network.settle();
    assert_eq!(network.text(), "a tea");
    network.assert_converged();
}

#[test]
fn d7_a_page_that_wrote_meanwhile_closes_itself_and_says_why() {
    for (who, access, anew, expected, why) in [
        (ADA, Access::Edit, true, REMADE, WhyApart::OtherDocument),
        (BEN, Access::Edit, false, 4401, WhyApart::OtherPerson),
        (ADA, Access::View, false, 4403, WhyApart::NotAllowed),
    ] {
        let (mut network, device) = known("tea");
        let earlier = network.open_from(device, ADA, Access::Edit);
        network.insert(earlier, 3, "pot");
        network.crash(earlier);
        if anew {
            network.make_anew(BEN, "tea");
        }
        let page = network.open_from(device, who, access);
        network.insert(page, 6, "s");
        network.settle();
        let link = network.pages[page].status.clone().unwrap().link;
        assert!(
            matches!(link, Link::Closed { code, .. } if code == expected),
            "{link:?}"
        );
        let apart = &network.pages[page].apart;
        assert_eq!((apart[0].why, apart[0].text.as_str()), (why, "pot"));
        assert_eq!(network.text(), "tea");
        assert_eq!(network.devices[device].edits(), 2, "nothing is thrown away");
    }
}

#[test]
fn d7_neither_another_person_nor_who_may_not_write_brings_kept_edits() {
    for (who, access, why) in [
        (BEN, Access::Edit, WhyApart::OtherPerson),
        (ADA, Access::View, WhyApart::NotAllowed),
    ] {
        let (mut network, device) = known("tea");
        let offline = network.open_from(device, ADA, Access::Edit);
        network.insert(offline, 3, "pot");
        network.crash(offline);
        let page = network.open_from(device, who, access);
        network.settle();
        assert_eq!(network.text(), "tea");
        assert_eq!(shown(&network, page), "tea");
        assert_eq!(network.pages[page].apart[0].why, why);
        assert!(network.closed.is_empty(), "{:?}", network.closed);
    }
}

#[test]
fn d7_what_the_server_would_not_have_is_not_started_from() {
    let (mut network, device) = known("tea");
    let offline = network.open_from(device, ADA, Access::Edit);
    network.insert(offline, 3, "pot");
    network.keep_note(offline);
    network.crash(offline);
    let page = network.open_from(device, ADA, Access::Edit);
    network.open_socket(page);
    while network.pages[page].status.clone().unwrap().link != Link::Live {
        network.deliver_to_server(page);
        network.deliver_to_page(page);
    }
    network.refuse_too_large(page);
    network.deliver_to_page(page);
    network.crash(page);
    let next = network.open_from(device, ADA, Access::Edit);
    assert_eq!(network.pages[next].editor, None);
}

#[test]
fn d7_what_is_kept_says_what_holds_by_now() {
    let (mut network, device) = known("tea");
    let page = network.open_on(device, ADA);
    assert_eq!(network.pages[page].client.kept_note(), None);
    network.settle();
    let kept = network.pages[page].client.kept_note().unwrap();
    assert_eq!(kept.person, person(ADA).id);
    let hello: serde_json::Value = serde_json::from_str(&kept.hello).unwrap();
    assert_eq!(
        (&hello["generation"], &hello["access"]),
        (&"first".into(), &"edit".into())
    );
    assert_eq!(kept.title, "tea");
}

#[test]
fn d9_a_note_that_was_only_looked_at_is_not_written_down_as_if_it_were_fresh() {
    let (mut network, device) = known("tea");
    let page = network.open_from(device, ADA, Access::Edit);
    assert_eq!(network.pages[page].client.kept_note(), None);
    network.open_socket(page);
    // The greeting alone brings nothing.
    network.deliver_to_page(page);
    assert_eq!(network.pages[page].client.kept_note(), None);
    network.settle();
    assert!(network.pages[page].client.kept_note().is_some());
    network.crash(page);
    let page = network.open_from(device, ADA, Access::Edit);
    network.insert(page, 3, "pot");
    assert!(network.pages[page].client.kept_note().is_some());
}

#[test]
fn d8_a_note_that_is_made_here_is_merged_into_the_document_it_gets() {
    for maker in [person(ADA).id, Uuid::nil()] {
        let mut network = Network::new();
        network.disk.stored.generation = "first".to_owned();
        network.sleep();
        let device = network.device();
        network.devices[device].note = Some(KeptNote::made_here(maker));
        let first = network.open_from(device, ADA, Access::Own);
        assert!(network.pages[first].client.is_made_here());
        assert_eq!(shown(&network, first), "");
        network.insert(first, 0, "mine");
        network.keep_note(first);
        network.crash(first);

        let second = network.open_from(device, ADA, Access::Own);
        assert_eq!(shown(&network, second), "mine");
        network.insert(second, 4, "!");
        network.settle();
        assert_eq!(network.text(), "mine!");
        assert!(!network.pages[second].client.is_made_here());
        assert_eq!(network.devices[device].edits(), 0);
        network.insert(second, 0, "all ");
        network.settle();
        network.crash(second);
        // The device still says that it was made here: nothing is there twice.
        let third = network.open_from(device, ADA, Access::Own);
        network.settle();
        assert_eq!(network.text(), "all mine!");
        assert_eq!(shown(&network, third), "all mine!");
        network.assert_converged();
    }
}
