//! Where an update's structs go: the rules of Yjs, followed as `yrs` follows them.
//!
//! A struct goes right of its origin. What is already between its origin and its
//! right origin was put there at the same time by others, and all replicas agree on
//! the order of those by their own neighbours and clients (YATA; Nicolaescu et al.,
//! 2016, as `yrs` has it in `Item::resolve_conflict`). Runs are as good as single
//! units for that: of a run only the first unit has a neighbour of another.

use std::collections::BTreeMap;

use super::tree::{Run, Spot};
use super::{Listener, Sequence, id, neighbours};
use crate::document::ClientId;
use crate::encoding::Reader;
use crate::guard::{Content, Id, Known, Neighbours, Parsed, Struct, read_struct};

/// How far a section of an update has come.
struct Cursor<'a> {
    client: ClientId,
    reader: Reader<'a>,
    left: usize,
    /// The clock of the next struct to be read.
    next: u32,
    /// The first clock that is not placed yet.
    placed: u32,
}

/// A struct whose turn has come: its section, its clock, and itself.
type Turn<'a> = (usize, u32, Struct<'a>);

impl Sequence {
    /// Follows an update that the document has taken in: all of it was new, and
    /// `known` knows it.
    pub(in crate::document) fn follow(
        &mut self,
        update: &Parsed<'_>,
        known: &Known,
        listener: &mut impl Listener,
    ) -> Option<()> {
        self.place_all(update, known, listener)?;
        let mut deleted = Some(());
        let visited = update.each_deletion(|client, from, to| {
            deleted = deleted.and_then(|()| self.delete(client, from, to, listener));
            Ok(())
        });
        visited.ok().and(deleted)
    }

    /// Places the structs in the order that `yrs` does: the highest client first,
    /// and what a struct builds on before it.
    fn place_all(
        &mut self,
        update: &Parsed<'_>,
        known: &Known,
        listener: &mut impl Listener,
    ) -> Option<()> {
        let mut cursors: Vec<Cursor<'_>> = Vec::with_capacity(update.sections.len());
        cursors.extend(update.sections.iter().map(|section| Cursor {
            client: section.client,
            reader: section.structs,
            left: section.count,
            next: section.start,
            placed: section.start,
        }));
        let mut waiting: Vec<Turn<'_>> = Vec::new();
        for section in (0..cursors.len()).rev() {
            while let Some(turn) = next(&mut cursors, section, &mut waiting)? {
                let (at, clock, item) = turn;
                if let Some(needed) = missing(update, &cursors, &item) {
                    let held = waiting.iter().any(|(waits, ..)| *waits == needed);
                    if held || needed == at || needed == section {
                        return None;
                    }
                    waiting.push(turn);
                    let first = cursors.get_mut(needed)?.read(needed)??;
                    waiting.push(first);
                    continue;
                }
                let cursor = cursors.get_mut(at)?;
                cursor.placed = clock + item.length;
                let client = u32::try_from(cursor.client.0).ok()?;
                self.place(client, clock, &item, known, listener)?;
            }
        }
        Some(())
    }

    fn place(
        &mut self,
        client: u32,
        clock: u32,
        item: &Struct<'_>,
        known: &Known,
        listener: &mut impl Listener,
    ) -> Option<()> {
        let text = match item.content {
            Content::Collected => return Some(()),
            Content::Deleted => None,
            Content::Text(text) => Some(text),
        };
        let Neighbours {
            origin,
            right_origin,
        } = item.neighbours;
        if let Some(origin) = origin {
            let after = Id {
                clock: origin.clock + 1,
                ..origin
            };
            let run = self.tree.get(self.find(origin)?)?;
            if after.clock < run.end() {
                self.cut_before(after, listener)?;
            }
        }
        if let Some(right) = right_origin {
            self.cut_before(right, listener)?;
        }
        let left = self.left_of(client, item.neighbours, known)?;
        let run = Run {
            client,
            clock,
            length: item.length,
            deleted: text.is_none(),
        };
        if let Some(text) = text {
            let at = match left {
                Some(left) => self.tree.offset(left)? + self.tree.get(left)?.visible(),
                None => 0,
            };
            listener.insert(at, text)?;
        }
        if let Some(left) = left
            && self.goes_on(left, run, known)?
        {
            return self.tree.change(left, |left| left.length += run.length);
        }
        self.insert(left, run)
    }

    /// Whether a run was typed right behind the one that it stands behind.
    fn goes_on(&self, left: Spot, run: Run, known: &Known) -> Option<bool> {
        let left = self.tree.get(left)?;
        let adjoins =
            left.client == run.client && left.end() == run.clock && left.deleted == run.deleted;
        // Of a run that goes on `known` knows no other beginning.
        let begins = || known.run(id(run.client, run.clock)).map(|(start, _)| start);
        Some(adjoins && begins()? < run.clock)
    }

    /// The run that a struct goes behind; none when it becomes the first.
    fn left_of(&self, client: u32, stands: Neighbours, known: &Known) -> Option<Option<Spot>> {
        let mut left = match stands.origin {
            Some(origin) => Some(self.find(origin)?),
            None => None,
        };
        let right = match stands.right_origin {
            Some(right) => Some(self.find(right)?),
            None => None,
        };
        let mut other = match left {
            Some(left) => self.tree.after(left),
            None => self.tree.first(),
        };
        let mut seen = Passed::default();
        let mut in_doubt = Passed::default();
        while let Some(spot) = other.filter(|_| other != right) {
            let run = self.tree.get(spot)?;
            let first = id(run.client, run.clock);
            let theirs = neighbours(known, first)?;
            seen.add(run);
            in_doubt.add(run);
            if theirs.origin == stands.origin {
                if run.client < client {
                    left = Some(spot);
                    in_doubt = Passed::default();
                } else if theirs.right_origin == stands.right_origin {
                    break;
                }
            } else if theirs.origin.is_some_and(|origin| seen.has(origin)) {
                if !theirs.origin.is_some_and(|origin| in_doubt.has(origin)) {
                    left = Some(spot);
                    in_doubt = Passed::default();
                }
            } else {
                break;
            }
            other = self.tree.after(spot);
        }
        Some(left)
    }

    /// Deletes what is there of a range of clocks.
    fn delete(
        &mut self,
        client: ClientId,
        from: u32,
        to: u32,
        listener: &mut impl Listener,
    ) -> Option<()> {
        let narrow = u32::try_from(client.0).ok()?;
        let mut clock = from;
        while clock < to {
            let unit = Id { client, clock };
            let Some(mut spot) = self.find(unit) else {
                // Only a tombstone without a place is left of it.
                let runs = self.leaves.get(&narrow);
                let next = runs.and_then(|runs| runs.range(clock..).next());
                clock = next.map_or(to, |(&start, _)| start);
                continue;
            };
            let mut run = self.tree.get(spot)?;
            let end = run.end();
            if !run.deleted {
                self.cut_before(unit, listener)?;
                if to < end {
                    self.cut_before(Id { client, clock: to }, listener)?;
                }
                spot = self.find(unit)?;
                run = self.tree.get(spot)?;
                listener.delete(self.tree.offset(spot)?, run.length)?;
                self.tree.change(spot, |run| run.deleted = true)?;
            }
            clock = run.end();
        }
        Some(())
    }
}

impl<'a> Cursor<'a> {
    /// Reads the next struct; none when the section is over.
    fn read(&mut self, section: usize) -> Option<Option<Turn<'a>>> {
        if self.left == 0 {
            return Some(None);
        }
        self.left -= 1;
        let item = read_struct(&mut self.reader).ok()?;
        let clock = self.next;
        self.next += item.length;
        Some(Some((section, clock, item)))
    }
}

/// What is to be placed next: what waited last, or what is left of a section.
fn next<'a>(
    cursors: &mut [Cursor<'a>],
    section: usize,
    waiting: &mut Vec<Turn<'a>>,
) -> Option<Option<Turn<'a>>> {
    match waiting.pop() {
        Some(turn) => Some(Some(turn)),
        None => cursors.get_mut(section)?.read(section),
    }
}

/// The section that has to go on before a struct can be placed.
fn missing(update: &Parsed<'_>, cursors: &[Cursor<'_>], item: &Struct<'_>) -> Option<usize> {
    let Neighbours {
        origin,
        right_origin,
    } = item.neighbours;
    [origin, right_origin].into_iter().flatten().find_map(|id| {
        let section = update.position(id.client)?;
        let placed = cursors.get(section)?.placed;
        (id.clock >= placed).then_some(section)
    })
}

/// Runs that were passed by, under their clients and first clocks: the clock after
/// each.
#[derive(Default)]
struct Passed {
    ends: BTreeMap<(u32, u32), u32>,
}

impl Passed {
    fn add(&mut self, run: Run) {
        self.ends.insert((run.client, run.clock), run.end());
    }

    fn has(&self, unit: Id) -> bool {
        let Ok(client) = u32::try_from(unit.client.0) else {
            return false;
        };
        self.ends
            .range((client, 0)..=(client, unit.clock))
            .next_back()
            .is_some_and(|(_, &end)| unit.clock < end)
    }
}
