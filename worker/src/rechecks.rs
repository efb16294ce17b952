//! Rooms that have to look again at who is in them, because a right or a session ended: it
//! did so in the database first, which knows what is still to be told (`store::rechecks`).

use std::future::poll_fn;
use std::str::FromStr;
use std::task::Poll;

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
    let some: Vec<_> = keys.iter().take(AT_ONCE).collect();
    for keys in some.chunks(TOGETHER) {
        let reached = reach(&namespace, keys).await;
        if let Err(error) = told(database, &reached, by).await {
            worker::console_error!("rooms are told once more: {error}");
        }
    }
}

/// The cron trigger's minute: rooms that could not be told yet.
pub(crate) async fn tell_due(env: &Env) -> Result<(), Problem> {
    let (database, now) = (D1::of(env)?, Date::now().as_millis());
    let keys = due(&database, now).await?;
    tell(env, &database, &keys, now).await;
    Ok(())
}

/// Tells rooms at the same time, and says which were reached.
async fn reach(namespace: &ObjectNamespace, keys: &[&String]) -> Vec<String> {
    let mut reached = Vec::new();
    let asked = keys.iter().map(|key| Box::pin(recheck(namespace, key)));
    let mut open: Vec<_> = asked.collect();
    poll_fn(|context| {
        open.retain_mut(|asked| match asked.as_mut().poll(context) {
            Poll::Ready(key) => {
                reached.extend(key);
                false
            }
            Poll::Pending => true,
        });
        if open.is_empty() {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    reached
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
