//! What the page is shown: blocks, and the patches that change their list.
//!
//! Knows nothing of Markdown. The server makes patches, the page applies them.

use serde::{Deserialize, Serialize};

use super::blocks::{common_prefix, common_suffix};

/// One top-level element of the rendered note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Names the block for as long as it is in the view; never used twice in one view.
    pub key: u32,
    /// Exactly one safe HTML element.
    pub html: String,
}

/// One change of a block list.
///
/// Patches are applied one after the other; `at` counts in the list as the
/// earlier patches left it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patch {
    /// Index of the first block concerned.
    pub at: usize,
    /// How many blocks go.
    pub remove: usize,
    /// The blocks that come in their place.
    pub insert: Vec<Block>,
    /// What they have in common with those that go.
    #[serde(skip)]
    pub stays: Stays,
}

/// How many bytes of HTML the blocks that come have in common with those that go, at
/// either end of each strung together. Whoever has those needs only what is between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stays {
    /// At the beginning; whole characters.
    pub start: usize,
    /// At the end, and no byte of the beginning; whole characters.
    pub end: usize,
}

impl Stays {
    fn between(old: &[&str], new: &[&str]) -> Self {
        match (old, new) {
            ([], _) | (_, []) => Self::default(),
            ([old], [new]) => {
                let start = common_prefix(old, new);
                let most = old.len().min(new.len()) - start;
                let end = common_suffix(old, new, most);
                Self { start, end }
            }
            _ => Self::between(&[&old.concat()], &[&new.concat()]),
        }
    }
}

impl Patch {
    /// Blocks in the place of others that stand from `at`.
    pub(super) fn between(at: usize, old: &[&str], insert: Vec<Block>) -> Self {
        let new: Vec<&str> = insert.iter().map(|block| block.html.as_str()).collect();
        Self {
            at,
            remove: old.len(),
            stays: Stays::between(old, &new),
            insert,
        }
    }
}

/// A patch did not fit the list it was applied to: the lists have parted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a patch of {remove} blocks at {at} does not fit a list of {have}")]
pub struct PatchError {
    /// Where the patch wanted to begin.
    pub at: usize,
    /// How many blocks it wanted to remove.
    pub remove: usize,
    /// How many blocks there were.
    pub have: usize,
}

/// Applies patches to a list of blocks, in order.
///
/// On an error the patches before the bad one have been applied: ask for the
/// whole view again.
pub fn apply_patches(blocks: &mut Vec<Block>, patches: &[Patch]) -> Result<(), PatchError> {
    for patch in patches {
        let end = patch.at.checked_add(patch.remove);
        let Some(end) = end.filter(|end| *end <= blocks.len()) else {
            return Err(PatchError {
                at: patch.at,
                remove: patch.remove,
                have: blocks.len(),
            });
        };
        blocks.splice(patch.at..end, patch.insert.iter().cloned());
    }
    Ok(())
}

/// Carries keys over from an old list to the HTML that follows it.
///
/// Returns the new blocks and the patches that lead to them. Equal elements
/// keep their keys and are in no patch; between them, elements are paired from
/// the front and changed in place. `offset` is where the list stands in the
/// view.
pub(super) fn follow(
    old: &[Block],
    html: Vec<String>,
    offset: usize,
    next_key: &mut u32,
) -> (Vec<Block>, Vec<Patch>) {
    let matches = match_equal(old, &html);
    let mut html = html.into_iter();
    let mut blocks = Vec::new();
    let mut patches = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    for (old_match, new_match) in matches {
        let gap = old.get(old_at..old_match).unwrap_or_default();
        let coming = html.by_ref().take(new_match - new_at);
        follow_gap(gap, coming, offset, next_key, &mut blocks, &mut patches);
        if let (Some(kept), Some(_)) = (old.get(old_match), html.next()) {
            blocks.push(kept.clone());
        }
        (old_at, new_at) = (old_match + 1, new_match + 1);
    }
    let gap = old.get(old_at..).unwrap_or_default();
    follow_gap(gap, html, offset, next_key, &mut blocks, &mut patches);
    (blocks, patches)
}

/// Pairs what stands between two equal elements, from the front.
fn follow_gap(
    old: &[Block],
    html: impl Iterator<Item = String>,
    offset: usize,
    next_key: &mut u32,
    blocks: &mut Vec<Block>,
    patches: &mut Vec<Patch>,
) {
    let at = offset + blocks.len();
    let mut insert = Vec::new();
    let mut leaving = old.iter();
    for html in html {
        let key = leaving.next().map_or_else(
            || {
                let key = *next_key;
                *next_key = next_key.wrapping_add(1);
                key
            },
            |block| block.key,
        );
        insert.push(Block { key, html });
    }
    if !old.is_empty() || !insert.is_empty() {
        blocks.extend(insert.iter().cloned());
        let old: Vec<&str> = old.iter().map(|block| block.html.as_str()).collect();
        patches.push(Patch::between(at, &old, insert));
    }
}

/// Pairs equal elements in ascending order: the common ends first, then the
/// first later match of each, which is linear and finds moves down the list.
fn match_equal(old: &[Block], html: &[String]) -> Vec<(usize, usize)> {
    let shorter = old.len().min(html.len());
    let prefix = old
        .iter()
        .zip(html)
        .take_while(|(block, html)| block.html == **html)
        .count();
    let suffix = old
        .iter()
        .rev()
        .zip(html.iter().rev())
        .take(shorter - prefix)
        .take_while(|(block, html)| block.html == **html)
        .count();
    let mut places: std::collections::BTreeMap<&str, Vec<usize>> = Default::default();
    for (index, block) in old.iter().enumerate().take(old.len() - suffix).skip(prefix) {
        places.entry(&block.html).or_default().push(index);
    }
    let mut pairs: Vec<_> = (0..prefix).map(|index| (index, index)).collect();
    let mut from = prefix;
    for (index, html) in html
        .iter()
        .enumerate()
        .take(html.len() - suffix)
        .skip(prefix)
    {
        let Some(known) = places.get(html.as_str()) else {
            continue;
        };
        let next = known.partition_point(|place| *place < from);
        if let Some(place) = known.get(next) {
            pairs.push((*place, index));
            from = place + 1;
        }
    }
    pairs.extend(
        (0..suffix)
            .rev()
            .map(|back| (old.len() - 1 - back, html.len() - 1 - back)),
    );
    pairs
}
