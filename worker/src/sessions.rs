//! Sessions that end, of browsers and of programs: in the database first, then in the
//! rooms where they have sockets.

use std::str::FromStr;

use realtime::{Key, recheck_realtime_clients};
use store::accounts::Which;
use store::{Database, PersonId};
use worker::Env;

use crate::error::Problem;
use crate::incoming::namespace;

/// Ends sessions of somebody. The keys of the rooms where these have sockets, or
/// had, are for [`tell_rooms`].
pub(crate) async fn end(
    database: &dyn Database,
    person: PersonId,
    which: Which<'_>,
    at: u64,
) -> Result<Vec<Key>, Problem> {
    let keys = store::accounts::end(database, person, which, at).await?;
    Ok(keys_of(&keys))
}

/// Keys as they were kept. What is none any more has no room.
pub(crate) fn keys_of(kept: &[String]) -> Vec<Key> {
    kept.iter()
        .filter_map(|key| Key::from_str(key).ok())
        .collect()
}

/// Has rooms look at who is in them. What they are told of is done already; that a
/// room is not reached is no reason to say that it is not.
pub(crate) async fn tell_rooms(env: &Env, keys: Vec<Key>) {
    let namespace = match namespace(env) {
        Ok(namespace) => namespace,
        Err(problem) => {
            worker::console_error!("rooms where rights changed: {problem:?}");
            return;
        }
    };
    for key in keys {
        if let Err(refusal) = recheck_realtime_clients(&namespace, &key).await {
            worker::console_error!("{key} was not told that rights changed: {refusal}");
        }
    }
}
