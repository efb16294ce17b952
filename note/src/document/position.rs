//! Sticky positions: a place in the text that stays beside its character while
//! others type, in the JSON of Yjs relative positions, so that a cursor shown by
//! any Yjs editor is understood.

use serde_json::{Value, json};
use yrs::{Assoc, ClientID, ID, IndexedSequence, ReadTxn, StickyIndex, Transact};

use super::{Document, ROOT};

impl Document {
    /// The position of a UTF-16 offset, before the character that is there now;
    /// past the end it is the end.
    pub fn position(&self, offset: u32) -> Value {
        let end = json!({ "type": null, "tname": ROOT, "item": null, "assoc": 0 });
        if offset >= self.len_utf16() {
            return end;
        }
        let Ok(txn) = self.doc.try_transact() else {
            return end;
        };
        let sticky = self.text.sticky_index(&txn, offset, Assoc::After);
        match sticky.as_ref().and_then(StickyIndex::id) {
            Some(id) => json!({
                "type": null,
                "tname": ROOT,
                "item": { "client": id.client.get(), "clock": id.clock },
                "assoc": 0,
            }),
            None => end,
        }
    }

    /// The UTF-16 offset of a position now, if the document knows the place. The
    /// JSON may be anybody's.
    pub fn offset(&self, position: &Value) -> Option<u32> {
        let length = self.len_utf16();
        let Some(item) = position.get("item").filter(|item| !item.is_null()) else {
            let named = position.get("tname").and_then(Value::as_str) == Some(ROOT);
            let before = position
                .get("assoc")
                .and_then(Value::as_i64)
                .is_some_and(|assoc| assoc < 0);
            return named.then_some(if before { 0 } else { length });
        };
        let client = item
            .get("client")?
            .as_u64()
            .filter(|&client| client < 1 << 53)?;
        let clock = u32::try_from(item.get("clock")?.as_u64()?).ok()?;
        let id = ID::new(ClientID::new(client), clock);
        let txn = self.doc.try_transact().ok()?;
        if txn.state_vector().get(&id.client) <= clock {
            return None;
        }
        let found = StickyIndex::from_id(id, Assoc::After).get_offset(&txn)?;
        Some(found.index.min(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ClientId, Edit};

    #[test]
    fn a_position_stays_beside_its_character() {
        let mut doc = Document::new(ClientId(1));
        doc.edit(&[Edit::new(0, 0, "a🙂b")]).unwrap();
        let before_b = doc.position(3);
        let end = doc.position(4);
        doc.edit(&[Edit::new(0, 0, "xx")]).unwrap();
        assert_eq!(doc.offset(&before_b), Some(5));
        assert_eq!(doc.offset(&end), Some(6));
        doc.edit(&[Edit::new(1, 6, "")]).unwrap();
        assert_eq!(doc.offset(&before_b), Some(1));
    }

    #[test]
    fn a_position_of_nowhere_is_none() {
        let doc = Document::new(ClientId(1));
        for nowhere in [
            json!(null),
            json!({ "tname": "other" }),
            json!({ "item": { "client": 7, "clock": 0 } }),
            json!({ "item": { "client": -1, "clock": 0 } }),
            json!({ "item": { "client": 9_007_199_254_740_993_u64, "clock": 1 } }),
            json!({ "item": "x" }),
        ] {
            assert_eq!(doc.offset(&nowhere), None, "{nowhere}");
        }
    }
}
