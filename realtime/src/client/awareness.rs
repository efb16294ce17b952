//! What this page shows the others, and what they show it.

use std::collections::BTreeMap;

use note::document::ClientId;
use serde_json::Value;

use crate::presence::{self, Shown};

/// Own and others' awareness states.
#[derive(Debug)]
pub(super) struct Awareness {
    own: String,
    clock: u32,
    others: BTreeMap<u64, (u32, Value)>,
}

impl Default for Awareness {
    /// An empty state is shown from the start: it binds the client id to the
    /// socket, so that the ghost of a lost one gives it up.
    fn default() -> Self {
        Self {
            own: "{}".to_owned(),
            clock: 1,
            others: BTreeMap::new(),
        }
    }
}

impl Awareness {
    pub(super) fn show(&mut self, state: &Value) {
        self.own = state.to_string();
        self.clock = self.clock.saturating_add(1);
    }

    /// The client id changed: the state is shown anew under it.
    pub(super) fn renewed(&mut self) {
        self.clock = self.clock.saturating_add(1);
    }

    /// The own state as a message.
    pub(super) fn message(&self, client: ClientId) -> Vec<u8> {
        let shown = Shown {
            clock: self.clock,
            state: Some(self.own.clone()),
        };
        presence::encode([(client.0, &shown)].into_iter())
    }

    /// Takes others' states; true when one changed.
    pub(super) fn receive(&mut self, bytes: &[u8], own: ClientId) -> bool {
        let Ok(entries) = presence::decode(bytes) else {
            return false;
        };
        let mut changed = false;
        for entry in entries {
            if entry.client == own.0 {
                // The server may have counted on, after a change of name.
                self.clock = self.clock.max(entry.clock);
                continue;
            }
            let known = self.others.get(&entry.client).map(|(clock, _)| *clock);
            match serde_json::from_str(entry.state).unwrap_or(Value::Null) {
                Value::Null => changed |= self.others.remove(&entry.client).is_some(),
                state if known.is_none_or(|clock| clock < entry.clock) => {
                    self.others.insert(entry.client, (entry.clock, state));
                    changed = true;
                }
                _ => {}
            }
        }
        changed
    }

    pub(super) fn others(&self) -> Vec<(u64, Value)> {
        self.others
            .iter()
            .map(|(client, (_, state))| (*client, state.clone()))
            .collect()
    }

    /// The socket is gone, and with it the knowledge of who is there; true when
    /// somebody was.
    pub(super) fn forget_others(&mut self) -> bool {
        let any = !self.others.is_empty();
        self.others.clear();
        any
    }
}
