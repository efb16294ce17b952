//! A note holds a mebibyte of text, and what is over it is refused without harm.

#![allow(clippy::unwrap_used, reason = "a failing test should stop")]

use note::{ClientId, Document, Edit, EditError, MAX_TEXT_BYTES, UpdateError};

fn full() -> Document {
    let mut document = Document::new(ClientId(1));
    document
        .edit(&[Edit::new(0, 0, "x".repeat(MAX_TEXT_BYTES))])
        .unwrap();
    document
}

fn copy(document: &Document, client: u64) -> Document {
    Document::load(ClientId(client), [document.snapshot().as_slice()]).unwrap()
}

#[test]
fn a_full_note_takes_no_more_but_lets_go() {
    let mut document = full();
    assert_eq!(document.edit(&[Edit::new(0, 0, "y")]), Err(EditError::Full));
    assert_eq!(document.text().len(), MAX_TEXT_BYTES);
    document.edit(&[Edit::new(0, 1, "")]).unwrap();
    document.edit(&[Edit::new(0, 0, "y")]).unwrap();
    assert_eq!(document.edit(&[Edit::new(0, 1, "é")]), Err(EditError::Full));
    document.edit(&[Edit::new(0, 2, "é")]).unwrap();
    assert_eq!(document.text().len(), MAX_TEXT_BYTES);
}

#[test]
fn an_update_that_overfills_is_refused() {
    let mut ada = full();
    ada.edit(&[Edit::new(0, 1, "")]).unwrap();
    let mut ben = copy(&ada, 2);
    let first = ben.edit(&[Edit::new(0, 0, "1")]).unwrap();
    let mut cut_off = copy(&ada, 3);
    let second = cut_off.edit(&[Edit::new(0, 0, "2")]).unwrap();
    let checked = ada.check(&first).unwrap();
    ada.apply(&checked).unwrap();
    assert_eq!(ada.check(&second).unwrap_err(), UpdateError::Full);
    assert_eq!(ada.text().len(), MAX_TEXT_BYTES);
    // A replica that only follows takes what was decided elsewhere.
    let following = ada.check_of_any_size(&second).unwrap();
    ada.apply(&following).unwrap();
    assert_eq!(ada.text().len(), MAX_TEXT_BYTES + 1);
    assert_eq!(ada.edit(&[Edit::new(0, 0, "3")]), Err(EditError::Full));
    ada.edit(&[Edit::new(0, 5, "3")]).unwrap();
}

#[test]
fn deleting_passes_in_a_full_note() {
    let mut ada = full();
    let mut ben = copy(&ada, 2);
    let update = ben.edit(&[Edit::new(10, 20, "")]).unwrap();
    let checked = ada.check(&update).unwrap();
    assert!(checked.only_deletes() && checked.deletes());
    ada.apply(&checked).unwrap();
    assert_eq!(ada.text().len(), MAX_TEXT_BYTES - 10);
}

#[test]
fn everything_can_be_replaced_in_a_full_note() {
    let mut ada = full();
    let mut ben = copy(&ada, 2);
    let end = MAX_TEXT_BYTES as u32;
    let update = ben
        .edit(&[Edit::new(0, end, "y".repeat(MAX_TEXT_BYTES))])
        .unwrap();
    let checked = ada.check(&update).unwrap();
    assert_eq!(checked.inserted_bytes(), MAX_TEXT_BYTES);
    ada.apply(&checked).unwrap();
    assert_eq!(ada.text(), ben.text());
    assert_eq!(ada.edit(&[Edit::new(0, 0, "z")]), Err(EditError::Full));
}

#[test]
fn what_is_deleted_again_leaves_room() {
    let mut ada = Document::new(ClientId(1));
    let mut ben = Document::new(ClientId(2));
    let half = "x".repeat(MAX_TEXT_BYTES / 2);
    for _ in 0..5 {
        for edit in [
            Edit::new(0, 0, half.clone()),
            Edit::new(0, MAX_TEXT_BYTES as u32 / 2, ""),
        ] {
            let update = ben.edit(&[edit]).unwrap();
            let checked = ada.check(&update).unwrap();
            ada.apply(&checked).unwrap();
        }
    }
    assert_eq!(ada.text(), "");
}

#[test]
fn characters_cut_in_two_are_counted() {
    // Two replacement characters are two bytes longer than the pair they come from.
    let mut ada = Document::new(ClientId(1));
    let pairs = MAX_TEXT_BYTES / 4;
    ada.edit(&[Edit::new(0, 0, "😀".repeat(pairs))]).unwrap();
    // Client 2 puts a letter between the halves of the first pair, and takes out
    // one letter that it put there before.
    let cut = b"\x01\x01\x02\x00\xc4\x01\x00\x01\x01\x01\x78\x00";
    assert_eq!(ada.check(cut).unwrap_err(), UpdateError::Full);
    let half_gone = b"\x00\x01\x01\x01\x00\x01";
    let checked = ada.check(half_gone).unwrap();
    ada.apply(&checked).unwrap();
    assert_eq!(ada.text().len(), MAX_TEXT_BYTES - 1);
    assert_eq!(ada.edit(&[Edit::new(1, 1, "é")]), Err(EditError::Full));
    ada.edit(&[Edit::new(1, 1, "e")]).unwrap();
}

#[test]
fn a_limit_may_be_lower_and_a_text_beyond_it_may_shrink() {
    let mut ada = Document::new(ClientId(1));
    ada.edit(&[Edit::new(0, 0, "0123456789")]).unwrap();
    ada.limit_text(8);
    assert_eq!(ada.edit(&[Edit::new(0, 0, "x")]), Err(EditError::Full));
    let mut ben = copy(&ada, 2);
    let update = ben.edit(&[Edit::new(0, 0, "x")]).unwrap();
    assert!(matches!(ada.check(&update), Err(UpdateError::Full)));
    ada.edit(&[Edit::new(0, 5, "")]).unwrap();
    ada.edit(&[Edit::new(0, 0, "xyz")]).unwrap();
    assert_eq!(ada.text(), "xyz56789");
}
