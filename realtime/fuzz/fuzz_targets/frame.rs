//! Frames of one who may write, in a room with somebody else: no panic, and the room goes
//! on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use note::ClientId;
use realtime::{Access, Admission, Person, Room, SessionId, Settings, Stored};
use uuid::Uuid;

fuzz_target!(|frames: Vec<(bool, Vec<u8>)>| {
    let opened = Room::open(
        ClientId(7),
        Settings::default(),
        &Stored::default(),
        Vec::new(),
        0,
    );
    let mut room = opened.expect("nothing is stored yet");
    for session in [1, 2] {
        let person = Person::new(Uuid::from_u128(session), "Ada", 1);
        let admission = Admission {
            events: true,
            ..Admission::new(person, Access::Edit)
        };
        room.join(SessionId(session as u64), admission, 0);
    }
    let mut now = 1;
    for (is_text, frame) in &frames {
        match std::str::from_utf8(frame) {
            Ok(text) if *is_text => room.receive_text(SessionId(1), text, now),
            _ => room.receive(SessionId(1), frame, now),
        };
        now += 20;
        room.tick(now);
    }
    room.alarm(now + 60_000);
});
