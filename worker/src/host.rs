//! What this instance does around its rooms: each call of theirs, and where it
//! is answered.

use realtime::durable_object::{Host, HostFuture};
use realtime::{Asker, FeedState, IndexEntry, Key, Notice, Rights};
use worker::Env;

use crate::settings::Settings;
use crate::{feeds, index, rights};

/// Set to anything, objects say in the log when they are made and what they do by
/// themselves.
const TRACE: &str = "TRACE_OBJECTS";

/// This instance.
pub(crate) struct Instance;

impl Host for Instance {
    fn index(env: &Env, key: &Key, entry: &IndexEntry) -> HostFuture<()> {
        let (env, key, entry) = (env.clone(), key.clone(), entry.clone());
        Box::pin(async move { index::write(&env, &key, &entry).await })
    }

    fn feed(env: &Env, key: &Key) -> HostFuture<FeedState> {
        let (env, key) = (env.clone(), key.clone());
        Box::pin(async move { feeds::state(&env, &key).await })
    }

    fn rights(env: &Env, key: &Key, askers: Vec<Asker>) -> Option<HostFuture<Rights>> {
        let (env, key) = (env.clone(), key.clone());
        Some(Box::pin(
            async move { rights::of(&env, &key, askers).await },
        ))
    }

    fn here(env: &Env, key: &Key, people: usize) -> HostFuture<()> {
        let (env, key) = (env.clone(), key.clone());
        Box::pin(async move { index::here(&env, &key, people).await })
    }

    fn notify(env: &Env, notices: Vec<Notice>) -> HostFuture<()> {
        let env = env.clone();
        Box::pin(async move { feeds::notify(&env, notices).await })
    }

    fn noticed(env: &Env, what: &'static str) {
        if env.var(TRACE).is_ok() {
            worker::console_warn!("object: {what}");
        }
    }

    fn settings(env: &Env) -> realtime::Settings {
        Settings::of(env).room()
    }
}
