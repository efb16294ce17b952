//! S4, S5: the alarm's work, killed at any of its steps, done twice or late: the text
//! stays what it was, and what the host is told has one effect. `TANDEM_FOLDS` says how
//! many alarms are killed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use note::Edit;
use realtime::{Access, Notice, Room, Settings, Stored, Wanted};
use support::{Network, admission};

/// Alarms killed when nothing else is said.
const FOLDS: u64 = 300;
/// More rows than are kept before the log is folded.
const MANY_ROWS: usize = 1_001;
/// More steps than the alarm has here; killed after all of them, it is not killed.
const STEPS: usize = 16;

/// What the host has from the alarms: one entry a version, and one notice a cause.
#[derive(Debug, Default, PartialEq, Eq)]
struct Host {
    index: Option<(u64, String, String)>,
    notices: BTreeSet<(String, String)>,
}

impl Host {
    /// The host takes what is handed over and says so. It may have come before.
    fn take(&mut self, network: &mut Network, answers: bool) {
        for notices in std::mem::take(&mut network.notify) {
            let causes = notices.iter().map(|it| (it.kind.clone(), it.cause.clone()));
            self.notices.extend(causes);
            if answers {
                answer(network, &notices);
            }
        }
        for entry in std::mem::take(&mut network.index) {
            let older = self.index.as_ref().map_or(0, |(version, ..)| *version);
            if entry.version >= older {
                self.index = Some((entry.version, entry.title.clone(), entry.text.clone()));
            }
            if answers {
                network.wake();
                let room = network.room.as_mut().unwrap();
                let effects = room.indexed(&entry, true, network.now);
                network.perform(effects);
            }
        }
    }
}

fn answer(network: &mut Network, notices: &[Notice]) {
    network.wake();
    let room = network.room.as_mut().unwrap();
    let effects = room.notified(notices, true, network.now);
    network.perform(effects);
}

/// Three people have written, a log that is due to be folded, and edits in hand.
fn busy(random: &mut Rng) -> Network {
    let mut network = Network::new();
    let pages: Vec<usize> = (0..3).map(|n| network.writer(n)).collect();
    for _ in 0..random.usize(3..12) {
        let page = pages[random.usize(0..pages.len())];
        let text = network.pages[page].editor.clone().unwrap();
        let length = text.encode_utf16().count() as u32;
        if length > 4 && random.u8(0..3) == 0 {
            // Only the first half is deleted from, where no name stands.
            let at = random.u32(0..length / 2);
            network.type_at(page, &[Edit::new(at, at + 1, "")]).unwrap();
        } else {
            let words = ["tea ", "\n\n", "é", "漢 "][random.usize(0..4)];
            network.insert(page, random.u32(0..=length / 2), words);
        }
        network.settle();
    }
    let end = network.pages[0].client.document().len_utf16();
    network.insert(pages[0], end, "\n\n@Ben and @Cyd");
    network.settle();
    network.disk.stored.log_rows = MANY_ROWS;
    network.sleep();
    network.wake();
    // One is stored at once, one waits for its row, one is still with its page.
    for page in &pages {
        network.insert(*page, 0, "*");
    }
    for page in &pages[1..] {
        network.deliver_to_server(*page);
    }
    network
}

/// The alarms until nothing is due.
fn run_alarms(network: &mut Network, host: &mut Host) {
    for _ in 0..4 {
        network.advance(10_000);
        network.settle();
        network.fire_alarm();
        host.take(network, true);
    }
}

fn folded(network: &Network) -> bool {
    network.disk.stored.log_rows < MANY_ROWS
}

#[test]
fn s4_a_fold_that_is_killed_at_any_step_leaves_the_same_text() {
    let folds = std::env::var("TANDEM_FOLDS");
    let folds = folds.map_or(FOLDS, |folds| folds.parse().unwrap());
    let mut killed_after: BTreeMap<usize, usize> = BTreeMap::new();
    let (mut unfolded, mut whole) = (0, 0);
    for seed in 0..folds {
        let mut random = Rng::with_seed(seed);
        let mut network = busy(&mut random);
        let stored = network.stored_text();
        let (version, in_memory) = (network.disk.stored.version, network.text());
        let step = usize::try_from(seed).unwrap() % STEPS;
        network.fuse = Some(step);
        network.fire_alarm();
        let killed = network.fuse.take().is_none();
        if killed {
            *killed_after.entry(step).or_default() += 1;
        } else {
            whole += 1;
        }
        unfolded += usize::from(killed && !folded(&network));
        // Storage holds what it held, or what the room held besides: nothing between.
        let after = network.stored_text();
        let expected = if network.disk.stored.version == version {
            &stored
        } else {
            &in_memory
        };
        assert_eq!(&after, expected, "seed {seed}, killed after step {step}");
        let mut host = Host::default();
        run_alarms(&mut network, &mut host);
        assert!(folded(&network), "seed {seed}: it folds at the next alarm");
        let text = network.text();
        assert_eq!(text.matches('*').count(), 3, "seed {seed}: {text:?}");
        network.assert_converged();
        let index = host.index.unwrap();
        assert_eq!((index.0, index.2), (network.disk.stored.version, text));
    }
    let killed: usize = killed_after.values().sum();
    println!(
        "{folds} alarms with a fold: {killed} killed, {unfolded} of them before it was done, {whole} not; \
         by step {killed_after:?}"
    );
    assert!(unfolded > 0 && killed > unfolded && whole > 0);
}

/// How an alarm comes: the last turn's word to the host may be lost with the process.
#[derive(Clone, Copy, Debug)]
enum Coming {
    Once,
    Twice,
    TwiceWithSleep,
    AnHourLate,
    Killed { after: usize },
    AnswerLost,
}

/// What the host has in the end, and whether the note was folded.
fn host_after(seed: u64, coming: Coming) -> (Host, String) {
    let mut network = busy(&mut Rng::with_seed(seed));
    network.settle();
    network.advance(3_000);
    let mut host = Host::default();
    match coming {
        Coming::Once => network.fire_alarm(),
        Coming::Twice => {
            network.fire_alarm();
            network.fire_alarm();
        }
        Coming::TwiceWithSleep => {
            network.fire_alarm();
            network.sleep();
            network.fire_alarm();
        }
        Coming::AnHourLate => {
            network.advance(3_600_000);
            network.fire_alarm();
        }
        Coming::Killed { after } => {
            network.fuse = Some(after);
            network.fire_alarm();
            network.fuse = None;
            // Storage rolls the turn's alarm back; the runtime fires it again.
            network.fire_alarm();
        }
        Coming::AnswerLost => {
            network.fire_alarm();
            host.take(&mut network, false);
            network.kill();
        }
    }
    host.take(&mut network, true);
    run_alarms(&mut network, &mut host);
    network.assert_converged();
    assert!(folded(&network));
    assert!(network.disk.stored.notices.is_empty(), "all are taken");
    assert_eq!(network.disk.stored.indexed, network.disk.stored.version);
    let text = network.text();
    (host, text)
}

#[test]
fn s5_an_alarm_that_fires_twice_late_or_is_killed_has_one_effect() {
    let mut ways = vec![
        Coming::Twice,
        Coming::TwiceWithSleep,
        Coming::AnHourLate,
        Coming::AnswerLost,
    ];
    ways.extend((0..STEPS).map(|after| Coming::Killed { after }));
    for seed in 0..8 {
        let (once, text) = host_after(seed, Coming::Once);
        assert_eq!(once.notices.len(), 2, "Ben and Cyd are told");
        assert_eq!(once.index.as_ref().unwrap().2, text);
        for coming in &ways {
            let (other, other_text) = host_after(seed, *coming);
            assert_eq!(other_text, text, "seed {seed}, {coming:?}");
            assert_eq!(other.notices, once.notices, "seed {seed}, {coming:?}");
            let (is, was) = (other.index.unwrap(), once.index.as_ref().unwrap());
            assert_eq!((&is.1, &is.2), (&was.1, &was.2), "seed {seed}, {coming:?}");
        }
    }
}

#[test]
fn s5_an_alarm_that_nobody_asked_for_writes_nothing() {
    let mut network = busy(&mut Rng::with_seed(1));
    network.join(admission(3, Access::View));
    run_alarms(&mut network, &mut Host::default());
    let (rows, appends) = (network.disk.stored.rows.clone(), network.disk.appends);
    network.fire_alarm();
    assert_eq!(
        (&network.disk.stored.rows, network.disk.appends),
        (&rows, appends)
    );
    assert!(network.index.is_empty() && network.notify.is_empty());
}

#[test]
fn s7_a_long_view_is_stored_with_the_index_once_a_version() {
    let mut network = Network::new();
    let ada = network.writer(0);
    let mut host = Host::default();
    network.insert(ada, 0, &"# Tea\n\nand *cake*\n\n".repeat(2_000));
    run_alarms(&mut network, &mut host);
    assert_eq!(network.disk.views.len(), 1);
    let view = network.disk.views[0].clone();
    assert_eq!((view.title.as_str(), view.text.as_str()), ("Tea", ""));
    assert!(view.html.len() > 32_000);

    run_alarms(&mut network, &mut host);
    assert_eq!(network.disk.views.len(), 1);
    network.insert(ada, 0, "x");
    run_alarms(&mut network, &mut host);
    assert_eq!(network.disk.views.len(), 2);
    assert_eq!(network.disk.views[1].version, network.disk.stored.version);
}

#[test]
fn s7_the_next_room_goes_on_from_the_revision_that_was_served() {
    let stored = Stored {
        version: 3,
        revision: Some(77),
        ..Stored::default()
    };
    let open = |stored: &Stored| {
        let client = note::ClientId(1);
        let opened = Room::open(client, Settings::default(), stored, Vec::new(), 1_000);
        opened.unwrap().read(Wanted::HTML, 1_000).0.revision
    };
    assert_eq!(open(&stored), 77);
    assert_eq!(
        open(&Stored {
            revision: None,
            ..stored
        }),
        1_003
    );
}
