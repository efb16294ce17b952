//! Updates written by the npm package `yjs` 13.6 are taken in, and read the same.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a failing test should stop"
)]

#[path = "support/hex.rs"]
mod hex;

use hex::bytes;
use note::{ClientId, Document, UpdateError};

#[track_caller]
fn check(updates: &[&str], text: &str) {
    let mut document = Document::new(ClientId(1));
    let mut shown = String::new();
    for update in updates {
        let update = bytes(update);
        let checked = document.check(&update).unwrap();
        let edits = document.apply_located(&checked).unwrap();
        shown = note::edit::apply_to(&shown, &edits).unwrap();
        assert!(!document.check(&update).unwrap().adds_anything());
    }
    assert_eq!(document.text(), text);
    assert_eq!(shown, text);
    let updates: Vec<Vec<u8>> = updates.iter().map(|update| bytes(update)).collect();
    let updates: Vec<&[u8]> = updates.iter().map(Vec::as_slice).collect();
    let merged = note::document::merge_updates(&updates).unwrap();
    assert_eq!(
        Document::load(ClientId(2), [merged.as_slice()])
            .unwrap()
            .text(),
        text
    );
    let snapshot = document.snapshot();
    assert_eq!(
        Document::load(ClientId(2), [snapshot.as_slice()])
            .unwrap()
            .text(),
        text
    );
}

#[track_caller]
fn refused(update: &str) {
    let update = bytes(update);
    let error = Document::new(ClientId(1)).check(&update).unwrap_err();
    assert!(matches!(error, UpdateError::Malformed(_)), "{error}");
}

#[test]
fn keystrokes() {
    check(
        &[
            "0101e90700040107636f6e74656e74014800",
            "0101e9070184e90700016900",
            "0101e9070284e907010720f09f9880c3a900",
            "0001e907010001",
            "0101e90706c4e90700e90701016800",
            "0001e907010203",
        ],
        "hié",
    );
}

#[test]
fn a_sync_of_several_clients_with_deleted_structs() {
    check(
        &[concat!(
            "0301ffffffff0f00c4070607070342424203ac0200c10706070701c4ac0200070705f09f988043c407040705",
            "0464656570060700040107636f6e74656e740273688107010381070402840706056c696e650ac10706070703",
            "84070b040a656e6402ac02010001070202050c03",
        )],
        "shdeep😀CBBBline\n\nend",
    );
}

#[test]
fn a_sync_of_what_is_lacking() {
    check(
        &[
            concat!(
                "0301ffffffff0f00c4070607070342424203ac0200c10706070701c4ac0200070705f09f988043c40704",
                "07050464656570060700040107636f6e74656e740273688107010381070402840706056c696e650ac107",
                "0607070384070b040a656e6402ac02010001070202050c03",
            ),
            "010109004407000661626364656602ac02010001070202050c03",
        ],
        "abcdefshdeep😀CBBBline\n\nend",
    );
}

#[test]
fn updates_merged_by_yjs() {
    check(
        &[concat!(
            "01103700040107636f6e74656e74017484370001798437010170843702016584370301648437040120843705",
            "016f843706016e84370701658437080120843709016284370a017984370b012084370c016f84370d016e8437",
            "0e01650137010006",
        )],
        "one by one",
    );
}

#[test]
fn documents_that_keep_deleted_text() {
    check(
        &[
            "01024200040107636f6e74656e7405676f6e652084420408616e64206b6570740142010005",
            "02014300c4420742080121034200010107636f6e74656e740584420403616e6484420705206b6570740142010005",
        ],
        "and! kept",
    );
}

#[test]
fn a_character_cut_in_two() {
    check(
        &[
            "01014400040107636f6e74656e740661f09f98806200",
            "01014404c444014402012d00",
        ],
        "a\u{fffd}-\u{fffd}b",
    );
}

#[test]
fn tombstones_alone_and_without_a_place() {
    check(
        &["01024500010107636f6e74656e743284453105616761696e0145010032"],
        "again",
    );
    check(&["01024a00010107636f6e74656e74010001014a010002"], "");
}

#[test]
fn whatever_is_not_plain_text_is_refused() {
    let map = "010146002801046d6574610161017d0100";
    let format = concat!(
        "01034700060107636f6e74656e7404626f6c64047472756584470004626f6c6486470404626f6c64046e756c",
        "6c00"
    );
    let embed = "01014800050107636f6e74656e740d7b22696d616765223a2278227d00";
    let other_root = "010149000401056f74686572017800";
    [map, format, embed, other_root]
        .into_iter()
        .for_each(refused);
}

#[test]
fn a_merge_with_a_hole_is_a_gap() {
    let hole = bytes("01034b00040107636f6e74656e7401610a01844b01016300");
    assert_eq!(
        Document::new(ClientId(1)).check(&hole).unwrap_err(),
        UpdateError::Gap
    );
}
