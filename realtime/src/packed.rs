//! A turn in one binary frame (`?events=2`): the update, and the patches of the view
//! with no more of their HTML than is new. Used by both ends; `SPEC.md` §V has the bytes.

use note::encoding::{DecodeError, Reader, write_var_bytes, write_var_u64};
use note::view::{Block, Patch, Stays};

/// The tag of a frame that holds a turn; y-protocols has none so high.
pub const TURN: u8 = 110;

/// So much of a revision is told: patches start from the one before, and a page in step
/// needs no more to see that it is.
const REVISION_BITS: u64 = 0x7f;

/// No view has so many blocks: each takes a byte of source at least.
const MAX_BLOCKS: usize = 1 << 24;

/// Whether a frame holds a turn.
#[must_use]
pub fn is_turn(frame: &[u8]) -> bool {
    frame.first() == Some(&TURN)
}

/// A turn as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn<'a> {
    /// A Yjs update, version 1; empty when there is none for this socket.
    pub update: &'a [u8],
    revision: u64,
    patches: Vec<Packed<'a>>,
}

/// A patch without what its reader has.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Packed<'a> {
    at: usize,
    remove: usize,
    stays: Stays,
    /// What comes between what stays.
    new: &'a str,
    /// How long each block is that comes, but for the last.
    lengths: Vec<usize>,
    insert: usize,
}

/// Writes a turn that leads to a revision. With `whole` nothing is left out of what comes:
/// for who does not have the blocks that go.
#[must_use]
pub fn encode(update: &[u8], revision: u64, patches: &[Patch], whole: bool) -> Vec<u8> {
    let mut out = vec![TURN];
    write_var_bytes(&mut out, update);
    write_var_u64(&mut out, revision & REVISION_BITS);
    for patch in patches {
        write_patch(&mut out, patch, whole);
    }
    out
}

fn write_patch(out: &mut Vec<u8>, patch: &Patch, whole: bool) {
    let write = |out: &mut Vec<u8>, number: usize| write_var_u64(out, number as u64);
    write(out, patch.at);
    write(out, patch.remove);
    write(out, patch.insert.len());
    let Some((last, others)) = patch.insert.split_last() else {
        return;
    };
    for block in others {
        write(out, block.html.len());
    }
    let Stays { start, end } = if whole { Stays::default() } else { patch.stays };
    write(out, start);
    write(out, end);
    match others {
        [] => write_var_bytes(out, between(&last.html, start, end).as_bytes()),
        _ => {
            let html: Vec<&str> = patch.insert.iter().map(|it| it.html.as_str()).collect();
            write_var_bytes(out, between(&html.concat(), start, end).as_bytes());
        }
    }
}

fn between(html: &str, start: usize, end: usize) -> &str {
    let end = html.len().saturating_sub(end);
    html.get(start..end).unwrap_or_default()
}

impl<'a> Turn<'a> {
    /// Reads a turn. Nothing is allocated for a number before its bytes are seen.
    ///
    /// # Errors
    /// When the bytes end early, or hold something else.
    pub fn decode(frame: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(frame);
        if reader.u8()? != TURN {
            return Err(DecodeError::Overflow);
        }
        let update = reader.var_bytes()?;
        let revision = reader.var_u64()?;
        let mut patches = Vec::new();
        while !reader.is_empty() {
            patches.push(Packed::read(&mut reader)?);
        }
        Ok(Self {
            update,
            revision,
            patches,
        })
    }

    /// The revision it leads to, for a page that stands at `from`; none for a page that
    /// stands elsewhere than the patches start from.
    #[must_use]
    pub fn revision_after(&self, from: u64) -> Option<u64> {
        let revision = from.checked_add(1)?;
        (revision & REVISION_BITS == self.revision).then_some(revision)
    }
}

impl<'a> Packed<'a> {
    fn read(reader: &mut Reader<'a>) -> Result<Self, DecodeError> {
        let mut number = || usize::try_from(reader.var_u64()?).or(Err(DecodeError::Overflow));
        let (at, remove, insert) = (number()?, number()?, number()?);
        let mut packed = Self {
            at,
            remove,
            stays: Stays::default(),
            new: "",
            lengths: Vec::new(),
            insert,
        };
        if insert > 0 {
            for _ in 1..insert {
                packed.lengths.push(number()?);
            }
            packed.stays = Stays {
                start: number()?,
                end: number()?,
            };
            packed.new = reader.var_str()?;
        }
        Ok(packed)
    }
}

/// The HTML of the blocks that a page shows, as far as it was told it on this socket:
/// what a page was served with is in no frame. Blocks behind the last known are unknown.
#[derive(Debug, Default)]
pub struct Blocks(Vec<Option<String>>);

impl Blocks {
    /// All of the view is told next.
    pub fn forget(&mut self) {
        self.0.clear();
    }

    /// A patch was told in full.
    pub fn hear(&mut self, patch: &Patch) {
        if self.0.len() < patch.at {
            self.0.resize(patch.at, None);
        }
        let end = patch.at.saturating_add(patch.remove).min(self.0.len());
        let insert = patch.insert.iter().map(|block| Some(block.html.clone()));
        self.0.splice(patch.at..end, insert);
    }

    /// The patches of a turn with all of their HTML; none where they build on what was not
    /// told here, or fit it nowhere.
    pub fn unpack(&mut self, turn: &Turn<'_>) -> Option<Vec<Patch>> {
        let mut patches = Vec::with_capacity(turn.patches.len());
        for packed in &turn.patches {
            let patch = self.unpack_one(packed)?;
            self.hear(&patch);
            patches.push(patch);
        }
        Some(patches)
    }

    fn unpack_one(&self, packed: &Packed<'_>) -> Option<Patch> {
        if packed.at > MAX_BLOCKS {
            return None;
        }
        let html = self.html_of(packed)?;
        let mut insert = Vec::with_capacity(packed.lengths.len().saturating_add(1));
        let mut rest = html.as_str();
        for length in &packed.lengths {
            let (block, after) = rest.split_at_checked(*length)?;
            insert.push(block.to_owned());
            rest = after;
        }
        if packed.insert > 0 {
            insert.push(rest.to_owned());
        }
        let named = |html| Block { key: 0, html };
        Some(Patch {
            at: packed.at,
            remove: packed.remove,
            insert: insert.into_iter().map(named).collect(),
            stays: packed.stays,
        })
    }

    /// The blocks that come, strung together.
    fn html_of(&self, packed: &Packed<'_>) -> Option<String> {
        let Stays { start, end } = packed.stays;
        if (start, end) == (0, 0) {
            return Some(packed.new.to_owned());
        }
        let range = packed.at..packed.at.checked_add(packed.remove)?;
        let going = self.0.get(range)?.iter().map(Option::as_deref);
        let going = going.collect::<Option<Vec<&str>>>()?.concat();
        let end = going.len().checked_sub(end)?;
        Some([going.get(..start)?, packed.new, going.get(end..)?].concat())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use note::view::View;

    /// What a page has that was told a view whole, then packed.
    struct Page {
        known: Blocks,
        blocks: Vec<String>,
        revision: u64,
    }

    impl Page {
        fn new(view: &View) -> Self {
            let mut page = Self {
                known: Blocks::default(),
                blocks: Vec::new(),
                revision: 300,
            };
            page.show(&[Patch {
                insert: view.blocks(),
                ..Patch::default()
            }]);
            page
        }

        fn show(&mut self, patches: &[Patch]) {
            for patch in patches {
                self.known.hear(patch);
                let insert = patch.insert.iter().map(|block| block.html.clone());
                let range = patch.at..patch.at + patch.remove;
                self.blocks.splice(range, insert);
            }
        }

        fn receive(&mut self, frame: &[u8]) {
            let turn = Turn::decode(frame).unwrap();
            self.revision = turn.revision_after(self.revision).unwrap();
            let patches = self.known.unpack(&turn).unwrap();
            for patch in &patches {
                let insert = patch.insert.iter().map(|block| block.html.clone());
                let range = patch.at..patch.at + patch.remove;
                self.blocks.splice(range, insert);
            }
        }
    }

    fn html(view: &View) -> Vec<String> {
        view.blocks().into_iter().map(|block| block.html).collect()
    }

    #[test]
    fn v7_a_packed_turn_says_what_the_patches_say() {
        let mut view = View::new("# Tea\n\nhöt & *strong*\n\n- one\n- two\n");
        let mut page = Page::new(&view);
        let edits = [
            ("\n\nhöt", "\n\nhö😀t"),
            ("& *", "& a\n\nnew *"),
            ("\n\nnew", " new"),
            ("- one\n", ""),
            ("# Tea\n\n", ""),
            ("- two\n", "```\ncode\n"),
            ("hö😀t", ""),
        ];
        for (find, put) in edits {
            let at = view.source().find(find).unwrap();
            let patches = view.replace(at..at + find.len(), put).unwrap();
            page.receive(&encode(&[1, 2], page.revision + 1, &patches, false));
            assert_eq!(page.blocks, html(&view), "{find:?}");
        }
    }

    #[test]
    fn v7_a_key_in_a_paragraph_costs_a_few_bytes() {
        let mut view = View::new(&"some words of a paragraph that goes on ".repeat(20));
        let patches = view.replace(100..100, "x").unwrap();
        let frame = encode(&[], 1 << 40, &patches, false);
        assert!(frame.len() <= 12, "{} bytes", frame.len());
    }

    #[test]
    fn v7_what_was_not_told_is_not_built_on() {
        let mut view = View::new("# Tea\n\nhot\n");
        let patches = view.replace(10..10, "!").unwrap();
        let frame = encode(&[], 1, &patches, false);
        let mut served = Blocks::default();
        assert_eq!(served.unpack(&Turn::decode(&frame).unwrap()), None);
        let frame = encode(&[], 1, &patches, true);
        let whole = served.unpack(&Turn::decode(&frame).unwrap()).unwrap();
        assert_eq!(
            whole.first().unwrap().insert.first().unwrap().html,
            html(&view)[1]
        );
        // From here on it knows the block.
        let patches = view.replace(11..11, "!").unwrap();
        let frame = encode(&[], 2, &patches, false);
        let more = served.unpack(&Turn::decode(&frame).unwrap()).unwrap();
        assert_eq!(
            more.first().unwrap().insert.first().unwrap().html,
            html(&view)[1]
        );
    }

    #[test]
    fn v7_a_page_elsewhere_sees_it() {
        let frame = encode(&[], 1_000, &[], false);
        let turn = Turn::decode(&frame).unwrap();
        assert_eq!(turn.revision_after(999), Some(1_000));
        assert_eq!(turn.revision_after(1_000), None);
        assert_eq!(turn.revision_after(u64::MAX), None);
    }

    #[test]
    fn v7_bytes_that_are_no_turn_are_refused() {
        let patch = Patch {
            insert: vec![Block::default(); 3],
            ..Patch::default()
        };
        let frame = encode(&[7], 1, &[patch], true);
        for end in 0..frame.len() {
            let cut = frame.get(..end).unwrap();
            // A turn may end where its patches do.
            assert!(Turn::decode(cut).is_err() || end == 4, "{end}");
        }
        assert!(Turn::decode(&[0, 0, 0]).is_err());
        // A count that is not there allocates nothing.
        let mut bomb = vec![TURN, 0, 1, 0, 0];
        write_var_u64(&mut bomb, 1 << 50);
        assert!(Turn::decode(&bomb).is_err());
    }
}
