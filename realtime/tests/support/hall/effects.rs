//! The effects of a group, done in the hall.

use std::collections::VecDeque;

use realtime::{Effect, Key, Outgoing, Refusal, SessionId};

use super::Hall;

impl Hall {
    pub fn perform(&mut self, key: &Key, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        while let Some(effect) = effects.pop_front() {
            let now = self.now;
            let host_fails = self.host_fails;
            let object = self.object(key);
            if !object.shelf.keep(&effect) {
                let group = object.group.as_mut().unwrap();
                effects = group.storage_failed(effects.drain(..), now).into();
                continue;
            }
            match effect {
                Effect::Send { to, frame } => self.send(key, &to, &frame),
                Effect::Doubt(id) => {
                    let kept = object.attachments.get_mut(&id).unwrap();
                    kept.progress.clean = None;
                }
                Effect::Attach(id) => {
                    if let Some(kept) = object.group.as_mut().unwrap().attachment(id) {
                        object.attachments.insert(id, kept);
                    }
                }
                Effect::Close { session, refusal } => self.close(key, session, refusal),
                Effect::Timer(at) => object.timer = Some(object.timer.map_or(at, |t| t.min(at))),
                Effect::Alarm(at) => object.alarm = Some(at),
                Effect::Index(entry) => {
                    let group = object.group.as_mut().unwrap();
                    effects.extend(group.indexed(&entry, true, now));
                }
                Effect::Notify(notices) => {
                    let group = object.group.as_mut().unwrap();
                    effects.extend(group.notified(&notices, !host_fails, now));
                    if !host_fails {
                        self.taken.extend(notices);
                    }
                }
                Effect::LoadFeed(number) => self.loads.push((key.clone(), number)),
                Effect::Recheck(which) => self.rechecks.push((key.clone(), which)),
                Effect::Reload => {
                    let stored = object.shelf.load();
                    let group = object.group.as_mut().unwrap();
                    effects.extend(group.reload(stored, now).unwrap());
                }
                _ => {}
            }
        }
    }

    fn send(&mut self, key: &Key, to: &[SessionId], frame: &Outgoing) {
        let kind = match frame {
            Outgoing::Text(text) => text.split('"').nth(3).unwrap(),
            Outgoing::Binary(_) => "binary",
        };
        let told = self.told.entry(kind.to_owned()).or_default();
        told.0 += 1;
        told.1 += to.len();
        for id in to {
            if let Some(&guest) = self.object(key).sockets.get(id)
                && self.guests[guest].socket == Some(*id)
            {
                self.guests[guest].to_page.push_back(frame.clone());
            }
        }
    }

    fn close(&mut self, key: &Key, session: SessionId, refusal: Refusal) {
        self.closed.push((key.clone(), refusal));
        let object = self.object(key);
        object.attachments.remove(&session);
        if let Some(guest) = object.sockets.remove(&session)
            && self.guests[guest].socket == Some(session)
        {
            self.guests[guest].closing = Some((refusal.close_code(), refusal.to_string()));
        }
    }
}
