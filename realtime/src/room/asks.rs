//! What a socket of a note asks in words: to set a synced signal.

use crate::ask::Ask;
use crate::effect::Effect;
use crate::members::Denied;
use crate::refusal::Refusal;
use crate::room::Room;
use crate::session::{SessionId, Timestamp};

impl Room {
    /// A text frame from a socket: here, a synced signal is all there is to ask for.
    pub fn receive_text(&mut self, id: SessionId, text: &str, now: Timestamp) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.members.recheck_sender(id, now, &mut effects);
        let Some(session) = self.members.sessions.get_mut(&id) else {
            self.refuse_reader(id, &mut effects);
            return effects;
        };
        let ask = if session.spend(now) {
            Ask::decode(text)
        } else {
            Err(Refusal::TooFast)
        };
        match ask {
            Ok(ask @ Ask::Set { .. }) => {
                let set = match session.spend_ask(now) {
                    Ok(()) => self.set_signal(id, &ask, now, &mut effects),
                    Err(wait) => Err(ask.denied(wait)),
                };
                if let Err(denied) = set {
                    self.members.deny(id, &denied, &mut effects);
                }
            }
            Ok(_) => self.turn_out(id, Refusal::Malformed, now, &mut effects),
            Err(refusal) => self.turn_out(id, refusal, now, &mut effects),
        }
        effects
    }

    fn set_signal(
        &mut self,
        id: SessionId,
        ask: &Ask,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Denied> {
        let Ask::Set {
            name,
            value,
            while_here,
        } = ask
        else {
            return Ok(());
        };
        let set = (name.as_str(), value, *while_here);
        self.signals
            .receive(id, set, &mut self.members, now, effects)?;
        self.tell_slide_if(name, effects);
        Ok(())
    }
}
