//! Frames that harm a naive server, by name, are refused before they cost anything.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failing test should stop"
)]

#[path = "support/hex.rs"]
mod hex;

use hex::bytes;
use note::guard::check_state_vector;
use note::{ClientId, Document, Edit, UpdateError};

/// One struct, "ab" of client 9 at clock 0, and nothing deleted.
const AB: &str = "01 01 09 00 04 01 07 636f6e74656e74 02 6162 00";

#[track_caller]
fn malformed(update: &[u8]) -> &'static str {
    let mut document = Document::new(ClientId(1));
    for prepare in [false, true] {
        if prepare {
            let ab = bytes(AB);
            let checked = document.check(&ab).unwrap();
            document.apply(&checked).unwrap();
        }
        match document.check(update) {
            Err(UpdateError::Malformed(reason)) => {
                if prepare {
                    return reason;
                }
            }
            other => panic!("{other:?} instead of a refusal"),
        }
    }
    unreachable!()
}

/// Checks a frame against a document that holds `AB`.
fn after_ab(update: &str) -> Result<bool, UpdateError> {
    let mut document = Document::new(ClientId(1));
    let ab = bytes(AB);
    let checked = document.check(&ab).unwrap();
    document.apply(&checked).unwrap();
    let update = bytes(update);
    let checked = document.check(&update)?;
    let adds = checked.adds_anything();
    document.apply(&checked).unwrap();
    Ok(adds)
}

#[test]
fn the_frame_that_poisons_every_later_encoding() {
    let poison = bytes("0101ebeb91cc8f090a0280ad9b010004010174042320540a00");
    assert_eq!(poison.len(), 25);
    malformed(&poison);
}

#[test]
fn the_bomb_of_three_bytes_counts_a_million_clients() {
    malformed(&bytes("808040"));
}

#[test]
fn the_bomb_of_four_bytes_counts_67_million_clients() {
    malformed(&bytes("80808020"));
}

#[test]
fn the_bomb_of_six_bytes_counts_30_million_in_a_state_vector() {
    assert!(check_state_vector(&bytes("80ade20e0000")).is_err());
    malformed(&bytes("80ade20e0000"));
}

#[test]
fn the_bomb_of_seven_bytes_counts_4_million_structs() {
    malformed(&bytes("01 80808002 01 00"));
}

#[test]
fn the_bomb_of_seventeen_bytes_counts_30_million_structs() {
    malformed(&bytes("01 80ade20e 01 00 04 01 01 74 04 23205400 0000"));
}

#[test]
fn the_bomb_of_fifteen_bytes_counts_4_million_values() {
    malformed(&bytes("01 01 01 00 08 01 07 636f6e74656e74 80808002 7d01"));
    malformed(&bytes("01 01 01 00 02 01 07 636f6e74656e74 80808002 0161"));
}

#[test]
fn the_bomb_of_sixteen_bytes_counts_a_million_keys() {
    malformed(&bytes("01 01 01 00 08 01 01 74 01 76 808040 0161 7e"));
}

#[test]
fn values_nested_without_end() {
    let mut nested = bytes("01 01 01 00 08 01 07 636f6e74656e74 01");
    nested.extend([117, 1].repeat(30_000));
    nested.push(126);
    malformed(&nested);
}

#[test]
fn every_kind_of_content_but_text_and_what_is_left_of_it() {
    for kind in [2, 3, 5, 6, 7, 8, 9, 11, 12, 15, 16, 17, 20, 31] {
        malformed(
            &[
                &[1, 1, 9, 0, kind][..],
                b"\x01\x07content\x01\x01\x00\x00\x00",
            ]
            .concat(),
        );
    }
}

#[test]
fn other_places_than_the_text() {
    assert!(malformed(&bytes("01 01 09 00 04 01 04 74657874 01 61 00")).contains("root"));
    assert!(malformed(&bytes("01 01 09 00 04 00 09 00 01 61 00")).contains("another struct"));
    assert!(
        malformed(&bytes("01 01 09 00 24 01 07 636f6e74656e74 01 61 01 61 00")).contains("map")
    );
    malformed(&bytes("01 01 09 00 04 02 07 636f6e74656e74 01 61 00"));
}

#[test]
fn two_sections_of_one_client() {
    let twice = bytes(
        "02 01 09 00 04 01 07 636f6e74656e74 01 61 01 09 00 04 01 07 636f6e74656e74 01 62 00",
    );
    assert!(malformed(&twice).contains("two sections"));
}

#[test]
fn wide_numbers() {
    let wide_client = bytes("01 01 8080808010 00 04 01 07 636f6e74656e74 01 61 00");
    assert!(malformed(&wide_client).contains("32 bits"));
    malformed(&bytes(
        "01 01 ffffffffffffff7f 00 04 01 07 636f6e74656e74 01 61 00",
    ));
    malformed(&bytes(
        "01 01 09 8180808008 04 01 07 636f6e74656e74 01 61 00",
    ));
    malformed(&bytes("01 01 09 00 00 ffffffff07 00"));
    malformed(&bytes("00 01 8980808010 01 00 01"));
    malformed(&bytes("00 01 09 01 ffffffff0f ffffffff0f"));
    malformed(&bytes("01 01 09 00 04 01 8700 636f6e74656e74 01 61 00"));
}

#[test]
fn what_is_empty() {
    malformed(&bytes("01 00 09 00 00"));
    malformed(&bytes("01 01 09 00 04 01 07 636f6e74656e74 00 00"));
    malformed(&bytes("01 01 09 00 01 01 07 636f6e74656e74 00 00"));
    malformed(&bytes("01 01 09 00 00 00 00"));
    malformed(&bytes("01 01 09 00 0a 00 00"));
    malformed(&bytes("00 01 09 01 00 00"));
}

#[test]
fn what_is_no_text_or_no_end() {
    malformed(&bytes("01 01 09 00 04 01 07 636f6e74656e74 02 c328 00"));
    malformed(&bytes("00 00 00"));
    malformed(&bytes("00"));
    malformed(&[]);
}

#[test]
fn flags_that_nobody_writes() {
    malformed(&bytes("01 01 09 00 80 01 00"));
    malformed(&bytes("01 01 09 00 8a 09 00 01 00"));
    malformed(&bytes("01 01 09 00 14 01 07 636f6e74656e74 01 61 00"));
}

#[test]
fn delete_ranges_out_of_order() {
    malformed(&bytes("00 01 09 02 01 01 00 01"));
    malformed(&bytes("00 01 09 02 00 02 01 01"));
    assert!(malformed(&bytes("00 02 09 01 00 01 09 01 01 01")).contains("twice"));
}

#[test]
fn structs_that_wait_for_each_other() {
    let cycle = "02 01 08 00 84 07 00 01 61 01 07 00 84 08 00 01 62 00";
    assert!(malformed(&bytes(cycle)).contains("wait for each other"));
    assert!(malformed(&bytes("01 01 08 00 84 08 00 01 61 00")).contains("itself"));
    assert!(malformed(&bytes("01 01 08 00 44 08 05 06 616263646566 00")).contains("itself"));
}

#[test]
fn sections_that_build_on_each_other_are_taken_in() {
    // 8 waits for 7, whose second struct waits for the first of 8.
    let crossed = "02 02 08 00 84 07 00 01 61 84 07 01 01 63 02 07 00 04 01 07 636f6e74656e74 01 78 84 08 00 01 79 00";
    let mut document = Document::new(ClientId(1));
    let update = bytes(crossed);
    let checked = document.check(&update).unwrap();
    assert_eq!(
        checked.clients_with_new_structs(),
        [ClientId(7), ClientId(8)]
    );
    document.apply(&checked).unwrap();
    assert_eq!(document.text(), "xayc");
}

#[test]
fn gaps_are_told_from_malice() {
    for gap in [
        // Of 9 there are the clocks 0 and 1.
        "01 01 09 03 84 09 01 01 63 00",
        "01 01 08 00 84 09 02 01 63 00",
        "01 01 08 00 44 07 00 01 63 00",
        "00 01 09 01 01 02",
        "00 01 07 01 00 01",
        "01 01 08 00 84 09 00 01 63 01 08 01 00 02",
        "01 02 09 02 0a 01 84 09 01 01 63 00",
    ] {
        assert_eq!(after_ab(gap), Err(UpdateError::Gap), "{gap}");
    }
}

#[test]
fn what_is_here_already_is_cut_off_whatever_it_claims() {
    let mut document = Document::new(ClientId(1));
    let ab = bytes(AB);
    let checked = document.check(&ab).unwrap();
    document.apply(&checked).unwrap();
    for (claim, news) in [
        // Two of its three units are here; what it names is not, and Yjs would wait.
        (
            "01 01 09 00 84 07 05 03 41 42 43 00",
            "01 01 09 02 84 09 01 01 43 00",
        ),
        // All of it is here; what it names never will be, and Yjs would throw.
        ("01 01 09 00 84 09 07 01 41 00", "00 00"),
    ] {
        let claim = bytes(claim);
        assert_eq!(document.check(&claim).unwrap().bytes(), bytes(news));
    }
}

#[test]
fn nothing_is_put_beside_a_tombstone_without_a_place() {
    let beside_new = "02 01 08 00 00 01 01 07 00 84 08 00 01 61 00";
    assert!(malformed(&bytes(beside_new)).contains("without a place"));
    let mut document = Document::new(ClientId(1));
    let tombstone = bytes("01 01 08 00 00 02 00");
    let checked = document.check(&tombstone).unwrap();
    document.apply(&checked).unwrap();
    let beside = bytes("01 01 07 00 44 08 01 01 61 00");
    assert!(matches!(
        document.check(&beside),
        Err(UpdateError::Malformed(_))
    ));
    let snapshot = document.snapshot();
    let loaded = Document::load(ClientId(1), [snapshot.as_slice()]).unwrap();
    assert!(matches!(
        loaded.check(&beside),
        Err(UpdateError::Malformed(_))
    ));
}

#[test]
fn text_is_not_continued_from_a_tombstone_without_a_place() {
    let mut document = Document::new(ClientId(1));
    let tombstone = bytes("01 01 08 00 00 02 00");
    let checked = document.check(&tombstone).unwrap();
    document.apply(&checked).unwrap();
    // The same client claims to have written three letters from the start.
    let claim = bytes("01 01 08 00 04 01 07 636f6e74656e74 03 616263 00");
    assert!(matches!(
        document.check(&claim),
        Err(UpdateError::Malformed(_))
    ));
}

#[test]
fn text_is_put_only_between_what_has_been_side_by_side() {
    for (update, told) in [
        (
            "01 01 08 00 c4 09 00 09 00 01 63 00",
            "beside one and the same",
        ),
        ("01 01 08 00 c4 09 01 09 00 01 63 00", "the wrong way round"),
        (
            "01 01 08 00 44 09 01 01 63 00",
            "first, and before the second",
        ),
    ] {
        let refused = matches!(after_ab(update), Err(UpdateError::Malformed(_)));
        assert!(refused, "{told}");
    }
    // Between the two, and then between the first and what came between.
    assert_eq!(
        after_ab("01 02 08 00 c4 09 00 09 01 01 63 c4 09 00 08 00 01 64 00"),
        Ok(true)
    );
}

#[test]
fn what_adds_nothing_is_told() {
    assert_eq!(after_ab(AB), Ok(false));
    assert_eq!(after_ab("00 00"), Ok(false));
    assert_eq!(after_ab("00 01 09 01 00 01"), Ok(true));
    assert_eq!(after_ab("01 01 09 02 84 09 01 01 63 00"), Ok(true));
}

#[test]
fn state_vectors_are_checked() {
    let clocks = check_state_vector(&bytes("02 09 02 07 01")).unwrap();
    assert_eq!(clocks, [(ClientId(7), 1), (ClientId(9), 2)]);
    for bad in [
        "",
        "01",
        "01 09",
        "01 09 02 00",
        "02 09 02 09 03",
        "01 8080808010 01",
        "01 09 8180808008",
    ] {
        assert!(check_state_vector(&bytes(bad)).is_err(), "{bad}");
    }
    let mut document = Document::new(ClientId(1));
    document.edit(&[Edit::new(0, 0, "😀")]).unwrap();
    for clock in 0..4 {
        document.diff(&[1, 1, clock]).unwrap();
    }
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a hang is found by the clock alone"
)]
fn sections_that_wait_in_a_chain_are_checked_in_time() {
    // Each client waits for the next higher, so that nothing can be placed until
    // the last; two waits for each woken section.
    let count = 16_000u32;
    let mut update = Vec::new();
    let number = |out: &mut Vec<u8>, value| note::encoding::write_var_u64(out, u64::from(value));
    number(&mut update, count);
    for client in 0..count {
        update.push(1);
        number(&mut update, client);
        update.push(0);
        if client + 1 == count {
            update.extend(b"\x04\x01\x07content\x01x");
        } else {
            update.push(0x84);
            number(&mut update, client + 1);
            update.extend(b"\x00\x01x");
        }
    }
    update.push(0);
    let start = std::time::Instant::now();
    let document = Document::new(ClientId(1));
    assert!(document.check(&update).unwrap().adds_anything());
    assert!(
        start.elapsed() < std::time::Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

#[test]
fn structs_that_are_dear_to_place_are_refused() {
    let count = 4_000u32;
    let mut document = Document::new(ClientId(1));
    document
        .edit(&[Edit::new(0, 0, "x".repeat(count as usize))])
        .unwrap();
    let number = |out: &mut Vec<u8>, value| note::encoding::write_var_u64(out, u64::from(value));
    // All at the start of the text, but each before another character of it.
    let mut apart = vec![1];
    number(&mut apart, count);
    apart.extend([9, 0]);
    // All between the same two characters, which after the first is not possible.
    let mut twice = apart.clone();
    for clock in 0..count {
        apart.extend([0x44, 1]);
        number(&mut apart, clock);
        apart.extend(b"\x01y");
        twice.extend([0xc4, 1, 0, 1, 1]);
        twice.extend(b"\x01y");
    }
    apart.push(0);
    twice.push(0);
    for update in [apart, twice] {
        assert!(matches!(
            document.check(&update),
            Err(UpdateError::Malformed(_))
        ));
    }
    assert!(matches!(
        document.check(&[&[0x80, 0x80, 2][..], &[0; 200_000]].concat()),
        Err(UpdateError::Malformed(_))
    ));
}
