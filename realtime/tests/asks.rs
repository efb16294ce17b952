//! T: text frames from clients. Whatever comes is answered or closes its own
//! socket, and changes nothing it may not change.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use realtime::{Access, MAX_ASK_BYTES};
use serde_json::json;
use support::admission;
use support::hall::Hall;

const NOTE: &str = "/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
const USER: &str = "/user/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
const KEYS: [&str; 4] = [NOTE, "/chat/tea", USER, "/global"];

/// Sends a text frame from Ben to a key where Ada is too; with which code that
/// closed his socket, if it did. Hers stays, and hears nothing but that he went.
fn code_after(key: &str, access: Access, frame: &str) -> Option<u16> {
    let mut hall = Hall::new();
    hall.notify(USER, &[("one", false)]);
    let ada = hall.join(key, admission(0, Access::Own));
    let ben = hall.join(key, admission(1, access));
    hall.settle();
    hall.advance(2_500);
    hall.settle();
    hall.forget();
    let writes = hall.objects[key].shelf.writes;
    hall.send_text(ben, frame);
    while hall.round() {}
    hall.advance(1_000);
    let guest = &hall.guests[ada];
    assert_eq!(
        guest.heard.len(),
        guest.count("presence"),
        "{:?}",
        guest.heard
    );
    assert!(guest.is_live(), "{key} {frame}");
    assert_eq!(hall.objects[key].shelf.writes, writes, "{key} {frame}");
    hall.closed.first().map(|(_, why)| why.close_code())
}

#[test]
fn t1_what_is_no_ask_closes_its_own_socket_only() {
    let id = "6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
    let deep = format!(
        r#"{{"type":"set","name":"a","value":{}1{}}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    for wrong in [
        "",
        "{",
        "null",
        "\u{0}",
        "pong",
        "PING",
        r#""typing""#,
        r#"{"type":"typing"} "#.repeat(2).as_str(),
        r#"{"type":"unheard_of"}"#,
        r#"{"type":"message","message":{}}"#,
        r#"{"type":"hello"}"#,
        r#"{"type":"say","id":"a"}"#,
        r#"{"type":"say","id":1,"text":"x"}"#,
        r#"{"type":"say","id":"a","text":"x","person":"somebody"}"#,
        r#"{"type":"say","id":"a","text":"\ud800"}"#,
        r#"{"type":"change","number":-1,"text":"x"}"#,
        r#"{"type":"change","number":1.5,"text":"x"}"#,
        r#"{"type":"delete","number":18446744073709551616}"#,
        r#"{"type":"set","name":"a"}"#,
        r#"{"type":"set","name":"a","value":1e999}"#,
        r#"{"type":"mute","person":"ada","seconds":1}"#,
        deep.as_str(),
    ] {
        for key in KEYS {
            assert_eq!(
                code_after(key, Access::Own, wrong),
                Some(4400),
                "{key} {wrong}"
            );
        }
    }
    let long = json!({ "type": "say", "id": id, "text": "x".repeat(MAX_ASK_BYTES) }).to_string();
    for key in [NOTE, "/chat/tea"] {
        assert_eq!(code_after(key, Access::Own, &long), Some(4413));
    }
}

#[test]
fn t2_an_ask_on_another_kind_of_key_closes_its_own_socket_only() {
    let id = "6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d";
    let asks = [
        json!({ "type": "say", "id": "a", "text": "x" }),
        json!({ "type": "change", "number": 1, "text": "x" }),
        json!({ "type": "delete", "number": 1 }),
        json!({ "type": "typing" }),
        json!({ "type": "history", "before": 9 }),
        json!({ "type": "seen", "number": 1 }),
        json!({ "type": "mute", "person": id, "seconds": 1 }),
        json!({ "type": "slow", "seconds": 1 }),
    ];
    for ask in &asks {
        for key in [NOTE, USER, "/global"] {
            assert_eq!(
                code_after(key, Access::Own, &ask.to_string()),
                Some(4400),
                "{key} {ask}"
            );
        }
        // Where they belong, who may only view changes nothing by them.
        assert_eq!(
            code_after("/chat/tea", Access::View, &ask.to_string()),
            None,
            "{ask}"
        );
    }
    let set = json!({ "type": "set", "name": "a", "value": 1 }).to_string();
    for key in [USER, "/global"] {
        assert_eq!(code_after(key, Access::Own, &set), Some(4400));
    }
    for key in [NOTE, "/chat/tea"] {
        assert_eq!(code_after(key, Access::View, &set), None);
    }
}

#[test]
fn t1_numbers_out_of_range_are_answered() {
    let most = u64::MAX;
    for ask in [
        json!({ "type": "change", "number": most, "text": "x" }),
        json!({ "type": "delete", "number": 0 }),
        json!({ "type": "history", "before": most }),
        json!({ "type": "history", "before": 0 }),
        json!({ "type": "seen", "number": most }),
        json!({ "type": "say", "id": "", "text": "x" }),
        json!({ "type": "say", "id": "i".repeat(65), "text": "x" }),
    ] {
        assert_eq!(
            code_after("/chat/tea", Access::Own, &ask.to_string()),
            None,
            "{ask}"
        );
    }
}
