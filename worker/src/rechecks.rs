//! Rooms that have to look again at who is in them, because a right or a session ended: it
//! did so in the database first, which knows what is still to be told (`store::rechecks`).

use std::str::FromStr;

use futures_util::{StreamExt, future, stream};
use realtime::{Key, recheck_realtime_clients};
use store::Database;
use store::rechecks::{AT_ONCE, due, told};
use worker::{Date, Env, ObjectNamespace};

use crate::d1::D1;
use crate::error::Problem;
use crate::incoming::namespace;

/// Rooms that are asked at the same time: as many connections as the platform lets a
/// request have.
const TOGETHER: usize = 6;

/// Tells rooms of what had ended by a time. It is done already; that a room is not reached
/// is no reason to say that it is not, and the clock tells it.
pub(crate) async fn tell(env: &Env, database: &dyn Database, keys: &[String], by: u64) {
    let namespace = match namespace(env) {
        Ok(namespace) => namespace,
        Err(problem) => {
            worker::console_error!("rooms where rights changed: {problem:?}");
            return;
        }
    };
    let asked = keys
        .iter()
        .take(AT_ONCE)
        .map(|key| recheck(&namespace, key));
    let answered = stream::iter(asked).buffer_unordered(TOGETHER);
    let reached: Vec<_> = answered.filter_map(future::ready).collect().await;
    if let Err(error) = told(database, &reached, by).await {
        worker::console_error!("rooms are told once more: {error}");
    }
}

/// The cron trigger's minute: rooms that could not be told yet.
pub(crate) async fn tell_due(env: &Env) -> Result<(), Problem> {
    let (database, now) = (D1::of(env)?, Date::now().as_millis());
    let keys = due(&database, now).await?;
    tell(env, &database, &keys, now).await;
    Ok(())
}

/// Tells one room. What is no key any more has none, and nothing is left to tell.
async fn recheck(namespace: &ObjectNamespace, text: &str) -> Option<String> {
    if let Ok(key) = Key::from_str(text)
        && let Err(refusal) = recheck_realtime_clients(namespace, &key).await
    {
        worker::console_error!("{key} was not told that rights changed: {refusal}");
        return None;
    }
    Some(text.to_owned())
}
