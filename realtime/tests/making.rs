//! A note is given its first text once. Whoever did not hear the answer asks again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod support;

use realtime::{Access, Action, Refusal, Request};
use support::admission;
use support::hall::Hall;

const NOTE: &str = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";

fn create(text: &str) -> Request {
    Request {
        by: admission(2, Access::Own),
        action: Action::Create {
            text: text.to_owned(),
        },
    }
}

#[test]
fn asking_once_more_for_the_same_text_is_done_and_for_another_is_refused() {
    let mut hall = Hall::new();
    hall.join(NOTE, admission(1, Access::Own));
    hall.settle();
    for text in ["", "Tea.\n", "Tea.\n"] {
        assert_eq!(hall.act(NOTE, &create(text)), Ok(()), "{text:?}");
    }
    for text in ["", "Coffee.\n"] {
        let refused = hall.act(NOTE, &create(text));
        assert_eq!(refused, Err(Refusal::NotAllowed), "{text:?}");
    }
    hall.settle();
    hall.sleep(NOTE);
    assert_eq!(hall.act(NOTE, &create("Tea.\n")), Ok(()), "after a sleep");
}
