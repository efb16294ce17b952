//! The parser of updates, in the encoding Yjs calls version 1.
//!
//! An update is sections, one for each client, of structs with consecutive
//! clocks, and then a set of delete ranges. The first reading checks every
//! byte's form and keeps a bookmark for each section; later readings walk the
//! same bytes again rather than keep the structs.

use super::UpdateError;
use super::UpdateError::Malformed;
use crate::document::{ClientId, ROOT};
use crate::edit::utf16_length;
use crate::encoding::{Reader, write_var_bytes, write_var_u64};

/// Client ids have 32 bits: `yrs` is built so, and would cut a longer one off.
const MAX_CLIENT: u64 = u32::MAX as u64;

/// The longest struct: sixteen times the longest text of a note.
pub(super) const MAX_LENGTH: u32 = 1 << 24;

/// The highest clock; beyond it sums of clocks and lengths would wrap in `yrs`.
pub(crate) const MAX_CLOCK: u32 = 1 << 31;

/// A section is at least a count, a client, a clock and a struct of two bytes.
const MIN_SECTION_BYTES: usize = 5;

/// A struct is at least an info byte and a length.
const MIN_STRUCT_BYTES: usize = 2;

/// A client in the delete set is at least its id and a count.
const MIN_DELETER_BYTES: usize = 2;

/// A delete range is a clock and a length.
const MIN_RANGE_BYTES: usize = 2;

const PARENT_IS_ROOT: u64 = 1;

const INFO_COLLECTED: u8 = 0;
const INFO_DELETED: u8 = 1;
const INFO_STRING: u8 = 4;
const INFO_SKIP: u8 = 10;
const INFO_KIND: u8 = 0b0001_1111;
const INFO_PARENT_SUB: u8 = 0b0010_0000;
const INFO_RIGHT_ORIGIN: u8 = 0b0100_0000;
const INFO_ORIGIN: u8 = 0b1000_0000;

/// Names one UTF-16 unit for ever: who wrote it, and as their how-manieth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id {
    pub(crate) client: ClientId,
    pub(crate) clock: u32,
}

/// One run of units that a client wrote in one go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Struct<'a> {
    pub(crate) length: u32,
    pub(crate) neighbours: Neighbours,
    pub(crate) content: Content<'a>,
}

/// What a struct stood between when it was written; without either, the text
/// was empty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Neighbours {
    pub(crate) origin: Option<Id>,
    pub(crate) right_origin: Option<Id>,
}

/// What a struct still holds.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Content<'a> {
    /// Nothing, and no place in the text either.
    Collected,
    /// Nothing, but a place in the text.
    Deleted,
    /// Text.
    Text(&'a str),
}

/// The structs of one client.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Section<'a> {
    pub(crate) client: ClientId,
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) count: usize,
    pub(crate) structs: Reader<'a>,
}

/// An update whose form is right.
#[derive(Debug)]
pub(crate) struct Parsed<'a> {
    /// One for each client, ordered by client.
    pub(crate) sections: Vec<Section<'a>>,
    deletions: Reader<'a>,
    delete_ranges: usize,
}

/// Reads a whole update and checks its form.
pub(crate) fn parse(bytes: &[u8]) -> Result<Parsed<'_>, UpdateError> {
    let mut reader = Reader::new(bytes);
    let count = read_count(&mut reader, MIN_SECTION_BYTES)?;
    let mut sections = Vec::new();
    for _ in 0..count {
        sections.push(read_section(&mut reader)?);
    }
    sections.sort_unstable_by_key(|section| section.client);
    if !sections.is_sorted_by(|a, b| a.client < b.client) {
        return Err(Malformed("it has two sections of one client"));
    }
    let deletions = reader;
    let delete_ranges = check_deletion_form(&mut reader)?;
    if !reader.is_empty() {
        return Err(Malformed("bytes follow its end"));
    }
    Ok(Parsed {
        sections,
        deletions,
        delete_ranges,
    })
}

/// What is told of an update that is read once.
pub(super) trait Visit<'a> {
    /// The structs of a client begin, at this clock.
    fn section(&mut self, client: ClientId, start: u32);
    /// A struct of it.
    fn item(
        &mut self,
        client: ClientId,
        clock: u32,
        item: Struct<'a>,
        encoded: Encoded<'a>,
    ) -> Result<(), UpdateError>;
    /// A delete range: its start, and the end after it.
    fn deletion(&mut self, client: ClientId, from: u32, to: u32);
}

/// How a struct is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Encoded<'a> {
    /// The update from the struct on.
    pub(super) update: &'a [u8],
    /// How much of it the struct is.
    pub(super) bytes: usize,
}

/// Reads an update that a document took in, in one go: what [`parse`] checks of the whole
/// was checked then.
pub(super) fn visit<'a>(bytes: &'a [u8], visitor: &mut dyn Visit<'a>) -> Result<(), UpdateError> {
    let mut reader = Reader::new(bytes);
    for _ in 0..read_count(&mut reader, MIN_SECTION_BYTES)? {
        let count = read_count(&mut reader, MIN_STRUCT_BYTES)?;
        let client = read_client(&mut reader)?;
        let mut clock = read_clock(&mut reader)?;
        visitor.section(client, clock);
        for _ in 0..count {
            let (item, encoded) = read_with_bytes(&mut reader)?;
            visitor.item(client, clock, item, encoded)?;
            clock = clock
                .checked_add(item.length)
                .filter(|clock| *clock <= MAX_CLOCK)
                .ok_or(Malformed("a clock is too high"))?;
        }
    }
    walk_deletions(
        &mut reader,
        |_| {},
        |client, from, to| {
            visitor.deletion(client, from, to);
            Ok(())
        },
    )
}

impl<'a> Parsed<'a> {
    /// The section of a client.
    pub(crate) fn section(&self, client: ClientId) -> Option<&Section<'a>> {
        self.position(client).and_then(|at| self.sections.get(at))
    }

    /// How many structs and delete ranges it has.
    pub(crate) fn parts(&self) -> usize {
        let structs = self.sections.iter().map(|section| section.count);
        structs.sum::<usize>() + self.delete_ranges
    }

    /// Where in the list a client's section is.
    pub(crate) fn position(&self, client: ClientId) -> Option<usize> {
        self.sections
            .binary_search_by_key(&client, |section| section.client)
            .ok()
    }

    /// Visits every delete range: its client, start and end.
    pub(crate) fn each_deletion(
        &self,
        visit: impl FnMut(ClientId, u32, u32) -> Result<(), UpdateError>,
    ) -> Result<(), UpdateError> {
        walk_deletions(&mut { self.deletions }, |_| {}, visit)
    }
}

impl<'a> Section<'a> {
    /// Visits every struct and the clock it starts at.
    pub(crate) fn each_struct(
        &self,
        mut visit: impl FnMut(u32, Struct<'a>) -> Result<(), UpdateError>,
    ) -> Result<(), UpdateError> {
        let mut reader = self.structs;
        let mut clock = self.start;
        for _ in 0..self.count {
            let item = read_struct(&mut reader)?;
            visit(clock, item)?;
            clock += item.length;
        }
        Ok(())
    }
}

/// Reads a count, and refuses one that the bytes left cannot hold.
pub(super) fn read_count(
    reader: &mut Reader<'_>,
    min_bytes_each: usize,
) -> Result<usize, UpdateError> {
    let count = reader.var_u64()?;
    let possible = reader.remaining() / min_bytes_each;
    match usize::try_from(count) {
        Ok(count) if count <= possible => Ok(count),
        _ => Err(Malformed("it counts more than it has bytes for")),
    }
}

pub(super) fn read_client(reader: &mut Reader<'_>) -> Result<ClientId, UpdateError> {
    match reader.var_u64()? {
        id if id <= MAX_CLIENT => Ok(ClientId(id)),
        _ => Err(Malformed("a client id has more than 32 bits")),
    }
}

pub(super) fn read_clock(reader: &mut Reader<'_>) -> Result<u32, UpdateError> {
    match reader.var_u32()? {
        clock if clock <= MAX_CLOCK => Ok(clock),
        _ => Err(Malformed("a clock is too high")),
    }
}

fn read_section<'a>(reader: &mut Reader<'a>) -> Result<Section<'a>, UpdateError> {
    let count = read_count(reader, MIN_STRUCT_BYTES)?;
    if count == 0 {
        return Err(Malformed("a section is empty"));
    }
    let client = read_client(reader)?;
    let start = read_clock(reader)?;
    let structs = *reader;
    let mut end = start;
    for _ in 0..count {
        // Both are far below 2^32, so the sum cannot wrap before it is checked.
        end += read_struct(reader)?.length;
        if end > MAX_CLOCK {
            return Err(Malformed("a clock is too high"));
        }
    }
    Ok(Section {
        client,
        start,
        end,
        count,
        structs,
    })
}

pub(crate) fn read_struct<'a>(reader: &mut Reader<'a>) -> Result<Struct<'a>, UpdateError> {
    let info = reader.u8()?;
    if info == INFO_COLLECTED {
        let length = check_length(reader.var_u32()?)?;
        return Ok(Struct {
            length,
            neighbours: Neighbours::default(),
            content: Content::Collected,
        });
    }
    if info == INFO_SKIP {
        check_length(reader.var_u32()?)?;
        return Err(UpdateError::Gap);
    }
    if info & INFO_PARENT_SUB != 0 {
        return Err(Malformed("a struct belongs to a map"));
    }
    let origin = read_id_if(reader, info & INFO_ORIGIN != 0)?;
    let right_origin = read_id_if(reader, info & INFO_RIGHT_ORIGIN != 0)?;
    if origin.is_none() && right_origin.is_none() {
        check_parent(reader)?;
    }
    let (length, content) = match info & INFO_KIND {
        INFO_DELETED => (reader.var_u32()?, Content::Deleted),
        INFO_STRING => {
            let text = reader.var_str()?;
            if text.len() > MAX_LENGTH as usize {
                return Err(Malformed("a struct is too long"));
            }
            (utf16_length(text), Content::Text(text))
        }
        _ => return Err(Malformed("a struct holds something other than text")),
    };
    let neighbours = Neighbours {
        origin,
        right_origin,
    };
    Ok(Struct {
        length: check_length(length)?,
        neighbours,
        content,
    })
}

/// Reads a struct, and says how it is written.
pub(super) fn read_with_bytes<'a>(
    reader: &mut Reader<'a>,
) -> Result<(Struct<'a>, Encoded<'a>), UpdateError> {
    let update = reader.rest();
    let item = read_struct(reader)?;
    let bytes = update.len() - reader.remaining();
    Ok((item, Encoded { update, bytes }))
}

/// Writes a struct as Yjs does.
pub(super) fn write_struct(out: &mut Vec<u8>, item: &Struct<'_>) {
    let kind = match item.content {
        Content::Collected => {
            out.push(INFO_COLLECTED);
            return write_var_u64(out, u64::from(item.length));
        }
        Content::Deleted => INFO_DELETED,
        Content::Text(_) => INFO_STRING,
    };
    let Neighbours {
        origin,
        right_origin,
    } = item.neighbours;
    let origin_bit = if origin.is_some() { INFO_ORIGIN } else { 0 };
    let right_origin_bit = if right_origin.is_some() {
        INFO_RIGHT_ORIGIN
    } else {
        0
    };
    out.push(kind | origin_bit | right_origin_bit);
    for id in [origin, right_origin].into_iter().flatten() {
        write_var_u64(out, id.client.0);
        write_var_u64(out, u64::from(id.clock));
    }
    if origin.is_none() && right_origin.is_none() {
        write_var_u64(out, PARENT_IS_ROOT);
        write_var_bytes(out, ROOT.as_bytes());
    }
    match item.content {
        Content::Text(text) => write_var_bytes(out, text.as_bytes()),
        _ => write_var_u64(out, u64::from(item.length)),
    }
}

fn check_length(length: u32) -> Result<u32, UpdateError> {
    match length {
        0 => Err(Malformed("a struct or range is empty")),
        1..=MAX_LENGTH => Ok(length),
        _ => Err(Malformed("a struct is too long")),
    }
}

fn read_id_if(reader: &mut Reader<'_>, present: bool) -> Result<Option<Id>, UpdateError> {
    if !present {
        return Ok(None);
    }
    let client = read_client(reader)?;
    let clock = read_clock(reader)?;
    Ok(Some(Id { client, clock }))
}

/// A struct without neighbours names what it is in: the one root there is.
fn check_parent(reader: &mut Reader<'_>) -> Result<(), UpdateError> {
    match reader.var_u64()? {
        PARENT_IS_ROOT if reader.var_str()? == ROOT => Ok(()),
        PARENT_IS_ROOT => Err(Malformed("a struct belongs to another root than the text")),
        _ => Err(Malformed("a struct belongs to another struct")),
    }
}

/// Checks the delete set's form: no client twice, and ascending ranges that do
/// not overlap. Returns how many there are.
fn check_deletion_form(reader: &mut Reader<'_>) -> Result<usize, UpdateError> {
    let mut clients = Vec::new();
    let mut ranges = 0;
    let mut last: Option<(ClientId, u32)> = None;
    walk_deletions(
        reader,
        |client| clients.push(client),
        |client, from, to| {
            if last.is_some_and(|(before, end)| before == client && from < end) {
                return Err(Malformed("delete ranges overlap or are out of order"));
            }
            last = Some((client, to));
            ranges += 1;
            Ok(())
        },
    )?;
    clients.sort_unstable();
    if clients.is_sorted_by(|a, b| a < b) {
        Ok(ranges)
    } else {
        Err(Malformed("its delete set has one client twice"))
    }
}

fn walk_deletions(
    reader: &mut Reader<'_>,
    mut visit_client: impl FnMut(ClientId),
    mut visit_range: impl FnMut(ClientId, u32, u32) -> Result<(), UpdateError>,
) -> Result<(), UpdateError> {
    for _ in 0..read_count(reader, MIN_DELETER_BYTES)? {
        let client = read_client(reader)?;
        visit_client(client);
        for _ in 0..read_count(reader, MIN_RANGE_BYTES)? {
            let from = read_clock(reader)?;
            let length = reader.var_u32()?;
            if length == 0 {
                return Err(Malformed("a struct or range is empty"));
            }
            match from.checked_add(length) {
                Some(to) if to <= MAX_CLOCK => visit_range(client, from, to)?,
                _ => return Err(Malformed("a delete range is too long")),
            }
        }
    }
    Ok(())
}
