//! Whether all structs of an update can be placed, one after the other.
//!
//! All of them are new: what the document has already was left out before.
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
use super::room::{self, Room};
use super::runs::Runs;
use super::structs::{Content, Id, Neighbours, Parsed, Struct, read_struct};
use crate::document::ClientId;
use crate::encoding::Reader;

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
    end: u32,
    /// The struct that waits.
    held: Option<Struct<'a>>,
}

impl<'p, 'a> Placing<'p, 'a> {
    fn new(parsed: &'p Parsed<'a>, known: &'p Known) -> Result<Self, UpdateError> {
        let mut cursors = Vec::with_capacity(parsed.sections.len());
        for section in &parsed.sections {
            if section.start > known.clock(section.client) {
                return Err(Gap);
            }
            cursors.push(Cursor {
                client: section.client,
                reader: section.structs,
                left: section.count,
                clock: section.start,
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
            let Some(item) = cursor.next()? else {
                break;
            };
            let (client, clock) = (cursor.client, cursor.clock);
            let end = clock + item.length;
            if let Some((section, needed)) = self.missing(at, clock, &item)? {
                if let Some(cursor) = self.cursors.get_mut(at) {
                    cursor.held = Some(item);
                }
                self.waiting.insert((section, needed, at));
                break;
            }
            tally.count(&item);
            self.place(client, clock, end, &item, tally)?;
            if let Some(cursor) = self.cursors.get_mut(at) {
                cursor.clock = end;
            }
        }
        self.wake(at);
        Ok(())
    }

    /// Remembers a struct.
    fn place(
        &mut self,
        client: ClientId,
        from: u32,
        to: u32,
        item: &Struct<'a>,
        tally: &mut Tally,
    ) -> Result<(), UpdateError> {
        if matches!(item.content, Content::Collected) {
            self.collected.entry(client).or_default().insert(from, to);
            return Ok(());
        }
        let neighbours = item.neighbours;
        // Who has written between two neighbours never sees them side by side again.
        let is_first = self.single || self.places.insert((client, neighbours));
        let room = room::between(neighbours, |id| self.run(id));
        if room == Room::None {
            return Err(Malformed("it puts text where no editor would"));
        }
        tally.squeezed += usize::from(!is_first || room == Room::Unsure);
        if !self.single {
            self.runs
                .entry(client)
                .or_default()
                .push(client, from, neighbours);
        }
        Ok(())
    }

    /// The run that a unit is in: its first clock, and what it stands between.
    fn run(&self, id: Id) -> Option<(u32, Neighbours)> {
        if id.clock < self.known.clock(id.client) {
            return self.known.run(id);
        }
        self.runs.get(&id.client).and_then(|runs| runs.run(id))
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
    fn count(&mut self, item: &Struct<'_>) {
        self.new_structs += 1;
        if let Content::Text(text) = item.content {
            self.inserted_bytes += text.len();
        }
    }
}
