//! An update of a stranger: refused, or taken in by a document that stays whole.
#![no_main]

use libfuzzer_sys::fuzz_target;
use note::{ClientId, Document, Edit};

fuzz_target!(|update: &[u8]| {
    let mut document = Document::new(ClientId(1));
    for edit in [Edit::new(0, 0, "honest 🙂"), Edit::new(2, 4, "")] {
        document.edit(&[edit]).expect("there is room");
    }
    let Ok(checked) = document.check(update) else {
        return;
    };
    document.apply(&checked).expect("it was checked");
    let snapshot = document.snapshot();
    let mut copy = Document::load(ClientId(2), [&*snapshot]).expect("it is loaded again");
    assert_eq!(copy.text(), document.text());
    for at in [0, copy.len_utf16()] {
        let edit = copy
            .edit(&[Edit::new(at, at, "key")])
            .expect("there is room");
        let checked = document
            .check(&edit)
            .expect("the next honest edit is taken");
        document.apply(&checked).expect("it was checked");
        assert_eq!(copy.text(), document.text());
    }
});
