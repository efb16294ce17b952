//! The life of the page's socket: opening, alive, lost, tried again ever more
//! slowly with jitter, or closed for good.

use super::{PING_EVERY_MS, PONG_WITHIN_MS, SAVED_WITHIN_MS};
use crate::refusal::worth_another_try;
use crate::session::Timestamp;

/// First wait before another try, doubled with each.
const FIRST_WAIT_MS: u64 = 250;
/// Longest wait before another try.
const LONGEST_WAIT_MS: u64 = 8_000;

/// A try that has not opened by then is given up: proxies leave one without an answer now
/// and then, and the next gets through.
const OPEN_WITHIN_MS: u64 = 4_000;
/// Each try in vain doubles that, up to here, for the network may be a slow one.
const LONGEST_OPENING_MS: u64 = 16_000;

/// A socket that is not in step by then was not answered, and another one asks again. Until
/// then nothing else says that the network is gone: a long document on a slow line lets no
/// pong by.
const IN_STEP_WITHIN_MS: u64 = 15_000;
/// Each in vain doubles that, up to here: the line may be that slow.
const LONGEST_STEP_MS: u64 = 120_000;

/// The slowest line that is waited for, 64 kbit/s: a pasted megabyte takes it two minutes, and
/// whatever is to be answered after it waits behind it.
const SLOWEST_BYTES_PER_MS: u64 = 8;

/// How the socket stands, for the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Opening, or open and not in step yet.
    Connecting,
    /// Open and in step.
    Live,
    /// Lost; tried again by itself.
    Offline,
    /// Closed by the server for good.
    Closed {
        /// The close code, 4400-4499.
        code: u16,
        /// The server's sentence.
        reason: String,
    },
}

/// What carries the frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    /// A WebSocket.
    #[default]
    WebSocket,
    /// Requests: one that brings server-sent events, and others that carry what is said
    /// (SPEC, L).
    Requests,
}

/// A network that lets no WebSocket through is known by so many that failed in a row;
/// fewer may be a server that starts.
const SOCKETS_BEFORE_REQUESTS: u32 = 2;
/// First wait before a WebSocket is tried beside the requests that carry, doubled with
/// each, and the longest.
const FIRST_PROBE_MS: u64 = 1_000;
const LONGEST_PROBE_MS: u64 = 15 * 60_000;

#[derive(Debug, Default)]
enum Phase {
    #[default]
    New,
    Opening {
        since: Timestamp,
    },
    Open {
        since: Timestamp,
        heard: Timestamp,
        /// Anything at all.
        any: bool,
        pinged: Option<Timestamp>,
    },
    Lost {
        retry_at: Timestamp,
    },
    Closed {
        code: u16,
        reason: String,
    },
}

/// A time, doubled so often, up to the longest.
fn doubled(first: u64, times: u32, longest: u64) -> u64 {
    first.saturating_mul(1 << times.min(10)).min(longest)
}

/// The socket as the client keeps it in mind.
#[derive(Debug, Default)]
pub(super) struct Line {
    phase: Phase,
    failures: u32,
    /// Bytes of the document said on this socket while something of it is not stored.
    under_way: u64,
    /// Sockets in a row that did not get in step.
    stalls: u32,
    /// The last one that brought anything, or is being tried.
    transport: Transport,
    /// Tries since anything was heard, which brought nothing.
    vain: u32,
    /// A WebSocket carried something on this network: where none does now, the server is
    /// out.
    knows_sockets: bool,
    /// While requests carry: when a WebSocket is tried beside them, and how often it was.
    probe_at: Timestamp,
    probes: u32,
    /// It was open once, so a further opening is "offline" to the reader.
    was_open: bool,
}

impl Line {
    /// By which way to connect next: the one that carried last, and where none does, the
    /// two in turn.
    pub(super) fn next_transport(&self) -> Transport {
        match (self.vain, self.transport) {
            (0, carried) => carried,
            _ if self.knows_sockets => Transport::WebSocket,
            (vain, _) if vain < SOCKETS_BEFORE_REQUESTS => Transport::WebSocket,
            (_, Transport::WebSocket) => Transport::Requests,
            (_, Transport::Requests) => Transport::WebSocket,
        }
    }

    pub(super) fn connecting(&mut self, transport: Transport, now: Timestamp) {
        self.transport = transport;
        self.phase = Phase::Opening { since: now };
    }

    pub(super) fn transport(&self) -> Transport {
        self.transport
    }

    pub(super) fn opened(&mut self, now: Timestamp) {
        self.phase = Phase::Open {
            since: now,
            heard: now,
            any: false,
            pinged: None,
        };
        self.under_way = 0;
        self.was_open = true;
    }

    /// So many bytes of the document were said.
    pub(super) fn said(&mut self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.under_way = self.under_way.saturating_add(bytes);
    }

    /// All that was said is stored.
    pub(super) fn all_saved(&mut self) {
        self.under_way = 0;
    }

    /// The page has its text without ever having been connected.
    pub(super) fn counts_as_lost(&mut self) {
        self.was_open = true;
    }

    pub(super) fn closed(&mut self, code: u16, reason: &str, jitter: u64, now: Timestamp) {
        if !matches!(self.phase, Phase::Open { any: true, .. }) {
            self.vain = self.vain.saturating_add(1);
        }
        if worth_another_try(code) {
            // A socket that stayed open for a while was a good one.
            if self.open_for(now) > LONGEST_WAIT_MS {
                self.failures = 0;
            }
            let wait = doubled(FIRST_WAIT_MS, self.failures, LONGEST_WAIT_MS);
            self.failures = self.failures.saturating_add(1);
            // Between half and all of it, so that many pages do not come at once.
            let wait = wait / 2 + jitter % (wait / 2 + 1);
            self.phase = Phase::Lost {
                retry_at: now.saturating_add(wait),
            };
        } else {
            self.phase = Phase::Closed {
                code,
                reason: reason.to_owned(),
            };
        }
    }

    pub(super) fn heard(&mut self, now: Timestamp) {
        if let Phase::Open {
            heard, any, pinged, ..
        } = &mut self.phase
        {
            *heard = now;
            *pinged = None;
            // Not before: there are networks in which a WebSocket opens, and nothing more.
            self.vain = 0;
            self.knows_sockets |= self.transport == Transport::WebSocket;
            if !std::mem::replace(any, true) && self.transport == Transport::Requests {
                self.probe_at = now.saturating_add(self.probe_wait());
            }
        }
    }

    /// Whether it is time to find out if a WebSocket would get through by now: what
    /// looked like such a network may have been a server that was out.
    pub(super) fn wants_probe(&mut self, now: Timestamp) -> bool {
        let due = self.is_open() && self.transport == Transport::Requests && self.probe_at <= now;
        if due {
            self.probes = self.probes.saturating_add(1);
            self.probe_at = now.saturating_add(self.probe_wait());
        }
        due
    }

    fn probe_wait(&self) -> u64 {
        doubled(FIRST_PROBE_MS, self.probes, LONGEST_PROBE_MS)
    }

    /// A WebSocket gets through: the next one is.
    pub(super) fn probed(&mut self) {
        self.transport = Transport::WebSocket;
        self.knows_sockets = true;
        self.probes = 0;
    }

    pub(super) fn is_new(&self) -> bool {
        matches!(self.phase, Phase::New)
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.phase, Phase::Open { .. })
    }

    /// The server let this page in no longer, for good.
    pub(super) fn is_gone(&self) -> bool {
        let Phase::Closed { code, .. } = self.phase else {
            return false;
        };
        matches!(code, 4401 | 4403 | 4404)
    }

    pub(super) fn open_for(&self, now: Timestamp) -> u64 {
        match self.phase {
            Phase::Open { since, .. } => now.saturating_sub(since),
            _ => 0,
        }
    }

    /// Whether to give the socket up; `is_in_step` says that both its ends have told what
    /// they have.
    pub(super) fn is_dead(&mut self, is_in_step: bool, now: Timestamp) -> bool {
        match self.phase {
            Phase::Opening { since } => now.saturating_sub(since) > self.open_within(),
            // Nothing comes at all: there are networks in which a WebSocket opens, and no more.
            Phase::Open {
                any: false, pinged, ..
            } => self.is_unanswered(pinged, now),
            Phase::Open { since, .. } if !is_in_step => {
                let is_stalled = now.saturating_sub(since) > self.in_step_within();
                self.stalls = self.stalls.saturating_add(u32::from(is_stalled));
                is_stalled
            }
            Phase::Open { pinged, .. } => {
                self.stalls = 0;
                self.is_unanswered(pinged, now)
            }
            _ => false,
        }
    }

    fn is_unanswered(&self, pinged: Option<Timestamp>, now: Timestamp) -> bool {
        let within = PONG_WITHIN_MS.saturating_add(self.time_under_way());
        pinged.is_some_and(|pinged| now.saturating_sub(pinged) > within)
    }

    /// Whether an edit that was made so long ago should be stored by now.
    pub(super) fn is_unsaved_too_long(&self, since: Timestamp, now: Timestamp) -> bool {
        let within = SAVED_WITHIN_MS.saturating_add(self.time_under_way());
        now.saturating_sub(since).min(self.open_for(now)) > within
    }

    fn time_under_way(&self) -> u64 {
        self.under_way / SLOWEST_BYTES_PER_MS
    }

    fn in_step_within(&self) -> u64 {
        doubled(IN_STEP_WITHIN_MS, self.stalls, LONGEST_STEP_MS)
    }

    fn open_within(&self) -> u64 {
        doubled(OPEN_WITHIN_MS, self.vain, LONGEST_OPENING_MS)
    }

    pub(super) fn wants_ping(&mut self, now: Timestamp) -> bool {
        match &self.phase {
            Phase::Open {
                heard,
                pinged: None,
                ..
            } if now.saturating_sub(*heard) >= PING_EVERY_MS => self.ping_now(now),
            _ => false,
        }
    }

    pub(super) fn ping_now(&mut self, now: Timestamp) -> bool {
        match &mut self.phase {
            Phase::Open {
                pinged: pinged @ None,
                ..
            } => {
                *pinged = Some(now);
                true
            }
            _ => false,
        }
    }

    pub(super) fn wants_connecting(&self, now: Timestamp) -> bool {
        matches!(self.phase, Phase::Lost { retry_at } if retry_at <= now)
    }

    pub(super) fn can_connect_now(&self) -> bool {
        matches!(self.phase, Phase::Lost { .. })
    }

    /// Forgets the failures so far, when there is reason to hope; the network may be
    /// another one by now.
    pub(super) fn forgive(&mut self) {
        self.failures = 0;
        self.vain = 0;
        self.knows_sockets = false;
    }

    pub(super) fn retry_at(&self) -> Option<Timestamp> {
        match self.phase {
            Phase::Lost { retry_at } => Some(retry_at),
            _ => None,
        }
    }

    pub(super) fn link(&self, in_step: bool) -> Link {
        match &self.phase {
            Phase::Open { .. } if in_step => Link::Live,
            Phase::Closed { code, reason } => Link::Closed {
                code: *code,
                reason: reason.clone(),
            },
            Phase::Lost { .. } => Link::Offline,
            Phase::Opening { .. } if self.was_open => Link::Offline,
            _ => Link::Connecting,
        }
    }
}
