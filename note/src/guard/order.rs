//! Whether all structs of an update can be placed, one after the other.
//!
//! A struct names its neighbours at the time of writing; both must be there
//! before it. Within one update the sections may build on each other in any
//! order, so this plays their placing through: a section goes on until it meets
//! a struct whose neighbour is still to come, waits for that neighbour's
//! section, and is woken when that has come far enough. Each struct is looked
//! at once and woken at most twice, so the cost follows the update's length.

use std::collections::{BTreeMap, BTreeSet};

use super::Tally;
use super::UpdateError::{self, Gap, Malformed};
use super::known::Known;
use super::ranges::Ranges;
use super::runs::{Runs, before};
use super::structs::{Content, Id, Neighbours, Parsed, Struct, read_struct};
use crate::document::ClientId;
use crate::encoding::Reader;

/// The most steps that placing an update may take: some tenths of a second.
const MAX_STEPS: usize = 1_000_000;

/// A struct is a piece of the text, and cuts others into at most two more.
const PIECES_A_STRUCT: usize = 3;

/// The most structs of an update from a stranger: days of editing without a
/// connection, and few enough that `yrs` holds them in some megabytes.
const MAX_STRUCTS: usize = 1 << 16;

/// The most clients in an update from a stranger. `yrs` looks through all that
/// wait whenever one has to wait.
const MAX_CLIENTS: usize = 1 << 14;

/// Checks that an update has no more in it than an honest one.
pub(super) fn check_count(parsed: &Parsed<'_>) -> Result<(), UpdateError> {
    let structs: usize = parsed.sections.iter().map(|section| section.count).sum();
    if structs > MAX_STRUCTS || parsed.sections.len() > MAX_CLIENTS {
        return Err(Malformed(
            "it has more parts than anybody writes between two syncs",
        ));
    }
    Ok(())
}

/// Checks that placing an update takes no longer than an honest one does. `yrs`
/// finds the place of a struct whose neighbours stand apart by walking over what
/// is between them, so a few thousand such structs would keep it busy for minutes.
pub(super) fn check_steps(known: &Known, tally: &Tally) -> Result<(), UpdateError> {
    let pieces = known
        .pieces()
        .saturating_add(tally.new_structs * PIECES_A_STRUCT);
    if tally.squeezed.saturating_mul(pieces) > MAX_STEPS && tally.squeezed > MIN_SQUEEZED {
        return Err(Malformed("placing it would take too long"));
    }
    Ok(())
}

/// Structs between others' that are taken in however long the text's history is.
const MIN_SQUEEZED: usize = 8;

/// Checks that every struct finds its neighbours, and counts what is new.
pub(super) fn check(
    parsed: &Parsed<'_>,
    known: &Known,
    tally: &mut Tally,
) -> Result<(), UpdateError> {
    let mut placing = Placing::new(parsed, known)?;
    for section in 0..placing.cursors.len() {
        placing.advance(section, tally)?;
        while let Some(woken) = placing.ready.pop() {
            placing.advance(woken, tally)?;
        }
    }
    if placing.waiting.is_empty() {
        Ok(())
    } else {
        // Everything named is in the update, so nothing that could still come helps.
        Err(Malformed("its structs wait for each other"))
    }
}

struct Placing<'p, 'a> {
    parsed: &'p Parsed<'a>,
    known: &'p Known,
    /// One for each section, in the same order.
    cursors: Vec<Cursor<'a>>,
    /// Whether there is but one struct, as there is for a keystroke.
    single: bool,
    /// Which section waits: for whose, until it has passed which clock.
    waiting: BTreeSet<(usize, u32, usize)>,
    ready: Vec<usize>,
    /// What this update brings as tombstones without a place.
    collected: BTreeMap<ClientId, Ranges>,
    /// What this update's structs stand between.
    runs: BTreeMap<ClientId, Runs>,
    /// Between what each client has written in this update.
    places: BTreeSet<(ClientId, Neighbours)>,
}

struct Cursor<'a> {
    client: ClientId,
    reader: Reader<'a>,
    left: usize,
    clock: u32,
    /// The clock that the document had already.
    before: u32,
    end: u32,
    /// The struct that waits.
    held: Option<Struct<'a>>,
}

impl<'p, 'a> Placing<'p, 'a> {
    fn new(parsed: &'p Parsed<'a>, known: &'p Known) -> Result<Self, UpdateError> {
        let mut cursors = Vec::with_capacity(parsed.sections.len());
        for section in &parsed.sections {
            let before = known.clock(section.client);
            if section.start > before {
                return Err(Gap);
            }
            cursors.push(Cursor {
                client: section.client,
                reader: section.structs,
                left: section.count,
                clock: section.start,
                before,
                end: section.end,
                held: None,
            });
        }
        Ok(Self {
            parsed,
            known,
            single: parsed
                .sections
                .iter()
                .map(|section| section.count)
                .sum::<usize>()
                == 1,
            cursors,
            waiting: BTreeSet::new(),
            ready: Vec::new(),
            collected: BTreeMap::new(),
            runs: BTreeMap::new(),
            places: BTreeSet::new(),
        })
    }

    /// Places structs of one section until it ends or has to wait.
    fn advance(&mut self, at: usize, tally: &mut Tally) -> Result<(), UpdateError> {
        while let Some(cursor) = self.cursors.get_mut(at) {
            let Some(item) = cursor.next()? else { break };
            let (client, clock, known_to) = (cursor.client, cursor.clock, cursor.before);
            let end = clock + item.length;
            // What is here already is not placed again.
            if end > known_to {
                if let Some((section, needed)) = self.missing(at, clock, &item)? {
                    if let Some(cursor) = self.cursors.get_mut(at) {
                        cursor.held = Some(item);
                    }
                    self.waiting.insert((section, needed, at));
                    break;
                }
                tally.count(&item, clock >= known_to);
                self.place(
                    client,
                    clock.max(known_to),
                    end,
                    clock < known_to,
                    &item,
                    tally,
                );
            }
            if let Some(cursor) = self.cursors.get_mut(at) {
                cursor.clock = end;
            }
        }
        self.wake(at);
        Ok(())
    }

    /// Remembers what is new of a struct.
    fn place(
        &mut self,
        client: ClientId,
        from: u32,
        to: u32,
        is_cut: bool,
        item: &Struct<'a>,
        tally: &mut Tally,
    ) {
        if matches!(item.content, Content::Collected) {
            self.collected.entry(client).or_default().insert(from, to);
            return;
        }
        let mut neighbours = item.neighbours;
        if is_cut {
            neighbours.origin = before(client, from);
        }
        // Who has written between two neighbours never sees them side by side again.
        let is_first = self.single || self.places.insert((client, neighbours));
        tally.squeezed += usize::from(!is_first || !self.have_room(neighbours));
        if !self.single {
            self.runs
                .entry(client)
                .or_default()
                .push(client, from, neighbours);
        }
    }

    /// Whether somebody can have seen two neighbours side by side: when one of
    /// them was written it stood beside the other. Between structs that several
    /// people put in one place at once this cannot be told, and it is they who
    /// have to be looked at more closely.
    fn have_room(&self, between: Neighbours) -> bool {
        let Neighbours {
            origin,
            right_origin,
        } = between;
        let origin_saw = origin.and_then(|id| self.neighbours(id));
        let right_saw = right_origin.and_then(|id| self.neighbours(id));
        (origin.is_none() && right_origin.is_none())
            || origin_saw.is_some_and(|saw| saw.right_origin == right_origin)
            || right_saw.is_some_and(|saw| saw.origin == origin)
    }

    fn neighbours(&self, id: Id) -> Option<Neighbours> {
        if id.clock < self.known.clock(id.client) {
            return self.known.neighbours(id);
        }
        self.runs
            .get(&id.client)
            .and_then(|runs| runs.neighbours(id))
    }

    /// Which neighbour of a struct is still to come: its section, and its clock.
    fn missing(
        &self,
        at: usize,
        clock: u32,
        item: &Struct<'a>,
    ) -> Result<Option<(usize, u32)>, UpdateError> {
        for id in [item.neighbours.origin, item.neighbours.right_origin]
            .into_iter()
            .flatten()
        {
            if id.clock >= self.known.clock(id.client) {
                let section = self.parsed.position(id.client).ok_or(Gap)?;
                let cursor = self.cursors.get(section).ok_or(Gap)?;
                if id.clock >= cursor.end {
                    return Err(Gap);
                }
                if section == at && id.clock >= clock {
                    return Err(Malformed("a struct builds on itself"));
                }
                if id.clock >= cursor.clock {
                    return Ok(Some((section, id.clock)));
                }
            }
            self.check_neighbour(id)?;
        }
        Ok(None)
    }

    /// A neighbour must have a place in the text. Yjs and `yrs` differ in what
    /// they make of one that has none, so the replicas would part ways.
    fn check_neighbour(&self, id: Id) -> Result<(), UpdateError> {
        let arriving = self
            .collected
            .get(&id.client)
            .is_some_and(|ranges| ranges.covers(id.clock, id.clock.saturating_add(1)));
        if arriving || self.known.is_collected(id.client, id.clock) {
            return Err(Malformed("a struct builds on one without a place"));
        }
        Ok(())
    }

    /// Readies the sections that waited for what has now been placed.
    fn wake(&mut self, at: usize) {
        let Some(placed) = self.cursors.get(at).map(|cursor| cursor.clock) else {
            return;
        };
        while let Some(&(section, needed, waiter)) = self.waiting.range((at, 0, 0)..).next() {
            if section != at || needed >= placed {
                break;
            }
            self.waiting.remove(&(section, needed, waiter));
            self.ready.push(waiter);
        }
    }
}

impl<'a> Cursor<'a> {
    fn next(&mut self) -> Result<Option<Struct<'a>>, UpdateError> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        read_struct(&mut self.reader).map(Some)
    }
}

impl Tally {
    fn count(&mut self, item: &Struct<'_>, wholly_new: bool) {
        self.new_structs += 1;
        if let Content::Text(text) = item.content {
            self.inserted_bytes += text.len();
            if wholly_new {
                self.wholly_new_bytes += text.len();
            }
            self.has_pairs |= text.len() > item.length as usize && text.bytes().any(|b| b >= 0xf0);
        }
    }
}
