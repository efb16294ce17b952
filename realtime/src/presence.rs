//! Awareness: the short-lived state each client shows the others (its cursor).
//! A client id belongs to the socket that first used it; the server writes `user`
//! into every state, so nobody can appear under another's name.

use std::collections::BTreeMap;

use note::encoding::{Reader, write_var_bytes, write_var_u64};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::person::Person;
use crate::refusal::Refusal;

/// Largest awareness state, bytes of JSON (contract §3).
pub const MAX_STATE_BYTES: usize = 2 << 10;
/// What the server's `user` may add to it.
const MAX_USER_BYTES: usize = 1 << 10;
/// Client ids one socket may speak for: its own, and one or two left from before
/// a reload of the page's document.
pub const MAX_CLIENTS_A_SOCKET: usize = 4;

/// A client's state as last shown. `state` is none once the client has gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The client's own counter; a state replaces those with a smaller one.
    pub clock: u32,
    /// JSON text with the server's `user` in it.
    pub state: Option<String>,
}

/// One entry of an awareness message as a client sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Yjs client id.
    pub client: u64,
    /// The client's counter.
    pub clock: u32,
    /// JSON text; `null` means gone.
    pub state: &'a str,
}

/// Reads an awareness message.
///
/// # Errors
/// [`Refusal::Malformed`] when the bytes are none, counts above what the bytes can
/// hold included; [`Refusal::TooLarge`] when a state is over the limit.
pub fn decode(bytes: &[u8]) -> Result<Vec<Entry<'_>>, Refusal> {
    let malformed = |_| Refusal::Malformed;
    let mut reader = Reader::new(bytes);
    let count = reader.var_u64().map_err(malformed)?;
    // An entry takes three bytes at the least, so a count above that is a lie and
    // must not be allocated for.
    let most = u64::try_from(reader.remaining() / 3).unwrap_or(u64::MAX);
    if count > most {
        return Err(Refusal::Malformed);
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        let client = reader.var_u64().map_err(malformed)?;
        let clock = reader.var_u64().map_err(malformed)?;
        let clock = u32::try_from(clock).map_err(|_too_large| Refusal::Malformed)?;
        let state = reader.var_str().map_err(malformed)?;
        entries.push(Entry {
            client,
            clock,
            state,
        });
    }
    if reader.is_empty() {
        Ok(entries)
    } else {
        Err(Refusal::Malformed)
    }
}

/// Writes an awareness message.
#[must_use]
pub fn encode<'a>(shown: impl ExactSizeIterator<Item = (u64, &'a Shown)>) -> Vec<u8> {
    let mut out = Vec::new();
    write_var_u64(&mut out, shown.len() as u64);
    for (client, shown) in shown {
        write_var_u64(&mut out, client);
        write_var_u64(&mut out, u64::from(shown.clock));
        write_var_bytes(
            &mut out,
            shown.state.as_deref().unwrap_or("null").as_bytes(),
        );
    }
    out
}

/// Whose state it is by the word that the server once wrote into it; none where it never
/// did, or nobody can read it.
#[must_use]
pub fn person_of(state: &str) -> Option<Uuid> {
    #[derive(Deserialize)]
    struct Stamped {
        user: User,
    }
    #[derive(Deserialize)]
    struct User {
        id: Uuid,
    }
    let stamped: Stamped = serde_json::from_str(state).ok()?;
    Some(stamped.user.id)
}

/// A client's state with the server's word on who it is: an object, `user` set,
/// at most [`MAX_STATE_BYTES`] without it. `null` stays null.
///
/// # Errors
/// [`Refusal::Malformed`] when it is no JSON object; [`Refusal::TooLarge`].
pub fn stamp(state: &str, person: &Person) -> Result<Option<String>, Refusal> {
    if state.len() > MAX_STATE_BYTES + MAX_USER_BYTES {
        return Err(Refusal::TooLarge);
    }
    let parsed: Option<Map<String, Value>> =
        serde_json::from_str(state).map_err(|_not_json| Refusal::Malformed)?;
    let Some(mut fields) = parsed else {
        return Ok(None);
    };
    fields.remove("user");
    let is_long = state.len() > MAX_STATE_BYTES;
    if is_long && Value::Object(fields.clone()).to_string().len() > MAX_STATE_BYTES {
        return Err(Refusal::TooLarge);
    }
    let colour = person.css_colour();
    fields.insert(
        "user".to_owned(),
        json!({ "id": person.id, "name": person.name, "color": colour, "colorLight": format!("{colour}33") }),
    );
    Ok(Some(Value::Object(fields).to_string()))
}

/// The states of the clients of one socket.
pub type Clients = BTreeMap<u64, Shown>;

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Person {
        Person::new(uuid::Uuid::from_u128(1), "Ada", 2)
    }

    #[test]
    fn a_state_carries_the_servers_word_on_who_it_is() {
        let state = stamp(r#"{"cursor":{"anchor":1},"user":{"name":"Ben"}}"#, &ada())
            .unwrap()
            .unwrap();
        let state: Value = serde_json::from_str(&state).unwrap();
        assert_eq!(state["user"]["name"], "Ada");
        assert_eq!(state["cursor"]["anchor"], 1);
        assert_eq!(stamp("null", &ada()), Ok(None));
        assert_eq!(stamp("[1]", &ada()), Err(Refusal::Malformed));
        assert_eq!(
            stamp(
                &format!(r#"{{"a":"{}"}}"#, "x".repeat(MAX_STATE_BYTES)),
                &ada()
            ),
            Err(Refusal::TooLarge)
        );
    }

    #[test]
    fn a_count_above_the_bytes_is_refused_before_allocating() {
        assert_eq!(
            decode(&[0x80, 0xad, 0xe2, 0x0e, 1, 1, 0]),
            Err(Refusal::Malformed)
        );
        assert_eq!(decode(&[]), Err(Refusal::Malformed));
    }

    #[test]
    fn messages_round_trip() {
        let shown = Clients::from([
            (
                7,
                Shown {
                    clock: 3,
                    state: Some("{}".to_owned()),
                },
            ),
            (
                9,
                Shown {
                    clock: 1,
                    state: None,
                },
            ),
        ]);
        let bytes = encode(shown.iter().map(|(id, shown)| (*id, shown)));
        assert_eq!(
            decode(&bytes),
            Ok(vec![
                Entry {
                    client: 7,
                    clock: 3,
                    state: "{}"
                },
                Entry {
                    client: 9,
                    clock: 1,
                    state: "null"
                }
            ])
        );
    }
}
