//! Sticky positions: a place in the text that stays beside its character while
//! others type, in the JSON of Yjs relative positions, so that a cursor shown by
//! any Yjs editor is understood.

use serde_json::{Value, json};
use yrs::{Assoc, ClientID, ID, IndexedSequence, StickyIndex, Transact};

use super::{ClientId, Document, ROOT};
use crate::guard::Id;

impl Document {
    /// The position of a UTF-16 offset, before the character that is there now;
    /// past the end it is the end.
    pub fn position(&self, offset: u32) -> Value {
        let end = json!({ "type": null, "tname": ROOT, "item": null, "assoc": 0 });
        if offset >= self.len_utf16() {
            return end;
        }
        let unit = match self.order().sequence() {
            Some(sequence) => sequence.unit_at(offset),
            None => self.unit_by_walking(offset),
        };
        match unit {
            Some(unit) => json!({
                "type": null,
                "tname": ROOT,
                "item": { "client": unit.client.0, "clock": unit.clock },
                "assoc": 0,
            }),
            None => end,
        }
    }

    fn unit_by_walking(&self, offset: u32) -> Option<Id> {
        let txn = self.doc.try_transact().ok()?;
        let sticky = self.text.sticky_index(&txn, offset, Assoc::After)?;
        let id = sticky.id()?;
        Some(Id {
            client: ClientId(id.client.get()),
            clock: id.clock,
        })
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
        let unit = Id {
            client: ClientId(client),
            clock,
        };
        let found = match self.order().sequence() {
            Some(sequence) => sequence.offset_of(unit)?,
            None => self.offset_by_walking(unit)?,
        };
        Some(found.min(length))
    }

    fn offset_by_walking(&self, unit: Id) -> Option<u32> {
        if self.known.clock(unit.client) <= unit.clock {
            return None;
        }
        let id = ID::new(ClientID::new(unit.client.0), unit.clock);
        let txn = self.doc.try_transact().ok()?;
        let found = StickyIndex::from_id(id, Assoc::After).get_offset(&txn)?;
        Some(found.index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Edit;

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
