//! Notes of a long history, for benchmarks: ten authors in turn, each writing and
//! deleting a few characters at a time. From recorded sessions where `TANDEM_TRACES`
//! names a folder of them (`*.json.gz` as in github.com/josephg/editing-traces), else
//! from a seed, all over the text, which wears it more.

#![allow(dead_code, reason = "each benchmark uses its part")]

use std::path::{Path, PathBuf};
use std::process::Command;

use note::{ClientId, Document, Edit};
use ropey::Rope;
use serde_json::Value;

const AUTHORS: usize = 10;
/// Turns that the authors of a note take, from a seed.
const TURNS: usize = 40;
/// Edits of one update: as many as a stranger may bring at once, and fewer.
const EDITS_A_BURST: usize = 4_000;

/// Edits of the seeded session.
const SEEDED_EDITS: usize = 3_000;

const MARKED_PARTS: [&str; 10] = [
    "a",
    "so ",
    "word ",
    "é",
    "\n\n",
    ".\n\n# On ",
    "\n- one ",
    "[a][b]",
    "\n\n[b]: /c\n\n",
    "`code`",
];

const PARTS: [&str; 8] = ["a", "so ", "it ", "é", "word ", "on and ", ".\n\n", "one\n"];

/// A note, as the updates that were made of it, in their order.
pub(crate) struct Worn {
    pub(crate) updates: Vec<Vec<u8>>,
    snapshot: Vec<u8>,
}

/// Somebody's edits of a text that is empty at first: where in characters, how many go,
/// and what comes.
pub(crate) type Session = Vec<(usize, usize, String)>;

impl Worn {
    /// A note of about so many bytes.
    pub(crate) fn of(bytes: usize, sessions: &[Session]) -> Self {
        let mut worn = Self {
            updates: Vec::new(),
            snapshot: Document::new(ClientId(0)).snapshot(),
        };
        let mut random = fastrand::Rng::with_seed(bytes as u64);
        for turn in 0.. {
            let author = 1 + turn % AUTHORS;
            let mut document = worn.load(author as u64);
            if document.len_bytes() >= bytes {
                break;
            }
            match sessions.get(turn % sessions.len().max(1)) {
                Some(session) => worn.replay(&mut document, session, bytes),
                None => worn.scribble(&mut document, &mut random, bytes),
            }
            worn.snapshot = document.snapshot();
        }
        worn
    }

    /// A replica of it.
    pub(crate) fn load(&self, client: u64) -> Document {
        Document::load(ClientId(client), [self.snapshot.as_slice()]).unwrap()
    }

    /// One author's turn, all over the text.
    fn scribble(&mut self, document: &mut Document, random: &mut fastrand::Rng, bytes: usize) {
        let enough = (document.len_bytes() + bytes / TURNS + 1).min(bytes);
        let mut burst = Vec::new();
        while document.len_bytes() < enough {
            let at = random.u32(0..=document.len_utf16());
            let gone = [0, 0, 0, random.u32(1..4)][random.usize(0..4)];
            let to = (at + gone).min(document.len_utf16());
            let insert = PARTS[random.usize(0..PARTS.len())];
            burst.push(document.edit(&[Edit::new(at, to, insert)]).unwrap());
            self.push(&mut burst, EDITS_A_BURST);
        }
        self.push(&mut burst, 1);
    }

    /// One author's turn: a session, below what is there already.
    fn replay(&mut self, document: &mut Document, session: &Session, bytes: usize) {
        let base = document.len_utf16();
        let mut text = Rope::new();
        let mut burst = Vec::new();
        for (at, gone, insert) in session {
            if document.len_bytes() >= bytes {
                break;
            }
            let [from, to] = [*at, at + gone].map(|at| base + text.char_to_utf16_cu(at) as u32);
            text.remove(*at..at + gone);
            text.insert(*at, insert);
            burst.push(document.edit(&[Edit::new(from, to, insert)]).unwrap());
            self.push(&mut burst, EDITS_A_BURST);
        }
        self.push(&mut burst, 1);
    }

    /// Keeps a burst of so many edits, or more, as one update.
    fn push(&mut self, burst: &mut Vec<Vec<u8>>, enough: usize) {
        if burst.len() >= enough {
            let updates: Vec<&[u8]> = burst.iter().map(Vec::as_slice).collect();
            let merged = note::document::merge_updates(&updates).unwrap();
            self.updates.push(merged);
            burst.clear();
        }
    }
}

/// The recorded sessions of one writer each, if there are any.
pub(crate) fn sessions() -> Vec<Session> {
    let Some(folder) = std::env::var_os("TANDEM_TRACES") else {
        return Vec::new();
    };
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    files.sort_unstable();
    let packed = files
        .iter()
        .filter(|file| file.extension().is_some_and(|it| it == "gz"));
    packed.filter_map(|file| session(file)).collect()
}

fn session(file: &Path) -> Option<Session> {
    let unpacked = Command::new("gzip").arg("-dc").arg(file).output().unwrap();
    let trace: Value = serde_json::from_slice(&unpacked.stdout).unwrap();
    // Those of several writers at once have no text to begin with.
    let start = trace.get("startContent")?.as_str().unwrap();
    let patches = trace["txns"].as_array().unwrap().iter();
    let patches = patches.flat_map(|txn| txn["patches"].as_array().unwrap());
    let edits = patches.map(|patch| {
        let number = |at: usize| patch[at].as_u64().unwrap() as usize;
        (number(0), number(1), patch[2].as_str().unwrap().to_owned())
    });
    Some(
        std::iter::once((0, 0, start.to_owned()))
            .chain(edits)
            .collect(),
    )
}

/// A session from a seed, with every kind of mark in it.
fn seeded() -> Session {
    let mut random = fastrand::Rng::with_seed(1);
    let (mut at, mut length) = (0, 0);
    let edits = (0..SEEDED_EDITS).map(|_| {
        if random.u8(0..20) == 0 {
            at = random.usize(0..=length);
        }
        let gone = if random.u8(0..6) == 0 {
            random.usize(0..4)
        } else {
            0
        };
        let gone = gone.min(length - at);
        let insert = MARKED_PARTS[random.usize(0..MARKED_PARTS.len())].to_owned();
        let edit = (at, gone, insert);
        at += edit.2.chars().count();
        length = length - gone + edit.2.chars().count();
        edit
    });
    edits.collect()
}

/// Replays each session, and leaves the table of what was found under a name.
pub(crate) fn replay_each(name: &str, unit: &str, replay: impl Fn(usize, &Session) -> Value) {
    let recorded = sessions();
    let seeded = recorded.is_empty().then(seeded);
    let numbered = recorded.iter().chain(&seeded).enumerate();
    let rows: Vec<Value> = numbered
        .map(|(index, session)| replay(index + 1, session))
        .collect();
    let Some(folder) = std::env::var_os("TANDEM_BENCH_DIR").map(PathBuf::from) else {
        return;
    };
    let table = serde_json::json!({ "unit": unit, "rows": rows });
    std::fs::write(folder.join(format!("{name}.json")), table.to_string()).unwrap();
}
