//! Many clients at once on a running instance. Each is the page's own half of the
//! conversation (`realtime::Client`, and in a chat room `realtime::ChatLog`) on a
//! real socket, on a thread of its own; only the page is missing.
//!
//! ```text
//! swarm <origin>[,<origin>...] <clients> <key>...
//! ```
//! Clients are spread over the origins and over the keys in turn. Words on the standard input steer
//! them: `say` lets each say one thing, `online` tells each that the network is
//! back, `look` asks how they stand, `end` ends them. Each word is answered with
//! one line of JSON, [`report::Report`]; the first two name no members.

mod member;
mod report;
mod wire;

use std::io::{BufRead as _, Write as _, stdin, stdout};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, ensure};
use realtime::Key;

use member::Member;
use report::{Report, Standing};

/// What a member's thread and the steering share.
#[derive(Default)]
pub(crate) struct Shared {
    standing: Mutex<Standing>,
    /// How often it was told to say something.
    says: Mutex<u32>,
    /// It was told that the network is back.
    online: Mutex<bool>,
    end: Mutex<bool>,
}

fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let mut word = || {
        words
            .next()
            .context("usage: swarm <origin>[,<origin>...] <clients> <key>...")
    };
    let origins = word()?;
    let count: usize = word()?.parse()?;
    let mut keys = vec![word()?.parse::<Key>()?];
    keys.extend(
        words
            .map(|key| key.parse())
            .collect::<Result<Vec<_>, _>>()?,
    );
    ensure!(count > 0, "there must be clients");

    let mut shared = Vec::new();
    let mut threads = Vec::new();
    let places = origins.split(',').cycle().zip(keys.iter().cycle());
    for (number, (origin, key)) in (0..count).zip(places) {
        let seat = Arc::new(Shared::default());
        shared.push(Arc::clone(&seat));
        let mut member = Member::new(number, origin, key, seat)?;
        threads.push(std::thread::spawn(move || member.run()));
    }
    for line in stdin().lock().lines() {
        match line?.as_str() {
            "say" => {
                shared.iter().for_each(|it| *lock(&it.says) += 1);
                answer(&[])?;
            }
            "online" => {
                shared.iter().for_each(|it| *lock(&it.online) = true);
                answer(&[])?;
            }
            "look" => answer(&shared)?,
            "end" => break,
            other => anyhow::bail!("say, online, look or end, not `{other}`"),
        }
    }
    shared.iter().for_each(|it| *lock(&it.end) = true);
    for thread in threads {
        drop(thread.join());
    }
    answer(&shared)
}

fn answer(shared: &[Arc<Shared>]) -> Result<()> {
    let report = Report {
        now: now(),
        members: shared.iter().map(|it| lock(&it.standing).clone()).collect(),
    };
    let mut out = stdout().lock();
    serde_json::to_writer(&mut out, &report)?;
    writeln!(out)?;
    Ok(out.flush()?)
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Milliseconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "a program of its own, never wasm"
)]
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
    })
}
