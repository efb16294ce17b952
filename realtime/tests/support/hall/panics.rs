//! A frame that brings the instance down.

use super::{Hall, Up};

impl Hall {
    /// Takes in a guest's next frame, in which the instance panics: memory is gone, and
    /// so is what the turn wanted done. The attachments stay, with the mark.
    pub fn panic_at(&mut self, guest: usize) {
        let key = self.guests[guest].key.clone();
        let id = self.guests[guest].socket.unwrap();
        let up = self.guests[guest].to_server.pop_front().unwrap();
        self.wake(&key);
        let now = self.now;
        let object = self.object(&key);
        let group = object.group.as_mut().unwrap();
        match up {
            Up::Binary(bytes) => {
                assert!(realtime::is_risky(&bytes), "nobody marks it");
                drop(group.receive(id, &bytes, now));
            }
            Up::Text(text) => drop(group.receive_text(id, &text, &object.shelf, now)),
        }
        let attached = object.attachments.get_mut(&id).unwrap();
        attached.progress.struck = true;
        self.sleep(&key.to_string());
    }
}
