//! Runs in the order of the text, in a tree that counts: where a run stands is
//! found in steps that grow with the logarithm of their number.
//!
//! Runs are added and split and never go away, so the tree only grows. All of it
//! lies in two lists and names its parts by their places there.

/// Parts of one node; half of them stay when it is split.
const WIDTH: usize = 32;

/// No node.
const NOWHERE: u32 = u32::MAX;

/// Units that one client wrote one after the other, and that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    /// Client ids have 32 bits.
    pub(super) client: u32,
    pub(super) clock: u32,
    pub(super) length: u32,
    pub(super) deleted: bool,
}

impl Run {
    /// Units of the text.
    pub(super) fn visible(&self) -> u32 {
        if self.deleted { 0 } else { self.length }
    }

    /// The first clock after it.
    pub(super) fn end(&self) -> u32 {
        self.clock + self.length
    }
}

/// Where a run lies in the tree, until the next run is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) leaf: u32,
    at: usize,
}

#[derive(Debug)]
struct Leaf {
    parent: u32,
    before: u32,
    after: u32,
    runs: Vec<Run>,
}

#[derive(Debug)]
struct Branch {
    parent: u32,
    above_leaves: bool,
    children: Vec<Child>,
}

#[derive(Debug, Clone, Copy)]
struct Child {
    at: u32,
    visible: u32,
}

#[derive(Debug)]
pub(super) struct Tree {
    leaves: Vec<Leaf>,
    branches: Vec<Branch>,
    root: u32,
    last: u32,
    visible: u32,
}

impl Tree {
    pub(super) fn new() -> Self {
        let leaf = Leaf {
            parent: 0,
            before: NOWHERE,
            after: NOWHERE,
            runs: Vec::new(),
        };
        let root = Branch {
            parent: NOWHERE,
            above_leaves: true,
            children: vec![Child { at: 0, visible: 0 }],
        };
        Self {
            leaves: vec![leaf],
            branches: vec![root],
            root: 0,
            last: 0,
            visible: 0,
        }
    }

    /// Units of the text.
    pub(super) fn visible(&self) -> u32 {
        self.visible
    }

    pub(super) fn get(&self, spot: Spot) -> Option<Run> {
        self.leaf(spot.leaf)?.runs.get(spot.at).copied()
    }

    pub(super) fn first(&self) -> Option<Spot> {
        let spot = Spot { leaf: 0, at: 0 };
        self.get(spot).map(|_| spot)
    }

    pub(super) fn last(&self) -> Option<Spot> {
        let at = self.leaf(self.last)?.runs.len().checked_sub(1)?;
        let leaf = self.last;
        Some(Spot { leaf, at })
    }

    pub(super) fn after(&self, spot: Spot) -> Option<Spot> {
        let leaf = self.leaf(spot.leaf)?;
        let next = Spot {
            at: spot.at + 1,
            ..spot
        };
        if next.at < leaf.runs.len() {
            return Some(next);
        }
        let next = Spot {
            leaf: leaf.after,
            at: 0,
        };
        self.get(next).map(|_| next)
    }

    pub(super) fn before(&self, spot: Spot) -> Option<Spot> {
        if let Some(at) = spot.at.checked_sub(1) {
            return Some(Spot { at, ..spot });
        }
        let leaf = self.leaf(spot.leaf)?.before;
        let at = self.leaf(leaf)?.runs.len().checked_sub(1)?;
        Some(Spot { leaf, at })
    }

    /// The run of a unit, among those of a leaf.
    pub(super) fn in_leaf(&self, leaf: u32, client: u32, clock: u32) -> Option<Spot> {
        let holds = |run: &Run| run.client == client && (run.clock..run.end()).contains(&clock);
        let at = self.leaf(leaf)?.runs.iter().position(holds)?;
        Some(Spot { leaf, at })
    }

    /// Units of the text before a run.
    pub(super) fn offset(&self, spot: Spot) -> Option<u32> {
        let leaf = self.leaf(spot.leaf)?;
        let before = leaf.runs.get(..spot.at)?;
        let mut offset: u32 = before.iter().map(Run::visible).sum();
        let (mut child, mut parent) = (spot.leaf, leaf.parent);
        while let Some(branch) = self.branches.get(parent as usize) {
            let at = branch.position(child)?;
            let before = branch.children.get(..at)?;
            offset += before.iter().map(|child| child.visible).sum::<u32>();
            (child, parent) = (parent, branch.parent);
        }
        Some(offset)
    }

    /// The run that a unit of the text is in, and how many of its units come before.
    pub(super) fn at(&self, offset: u32) -> Option<(Spot, u32)> {
        if offset >= self.visible {
            return None;
        }
        let mut left = offset;
        let mut found = self.root;
        loop {
            let branch = self.branches.get(found as usize)?;
            let child = branch.children.iter().find(|child| {
                let here = left < child.visible;
                left -= if here { 0 } else { child.visible };
                here
            })?;
            found = child.at;
            if branch.above_leaves {
                break;
            }
        }
        let at = self.leaf(found)?.runs.iter().position(|run| {
            let here = left < run.visible();
            left -= if here { 0 } else { run.visible() };
            here
        })?;
        Some((Spot { leaf: found, at }, left))
    }

    /// Changes a run in its place.
    pub(super) fn change(&mut self, spot: Spot, change: impl FnOnce(&mut Run)) -> Option<()> {
        let run = self
            .leaves
            .get_mut(spot.leaf as usize)?
            .runs
            .get_mut(spot.at)?;
        let before = run.visible();
        change(run);
        let after = run.visible();
        self.count(spot.leaf, before, after)
    }

    /// Adds a run after another, or as the first, and says where runs went:
    /// `moved` is told the leaf of the new one, and of those that had to move.
    pub(super) fn insert(
        &mut self,
        after: Option<Spot>,
        run: Run,
        mut moved: impl FnMut(Run, u32),
    ) -> Option<()> {
        let (mut leaf, mut at) = after.map_or((0, 0), |spot| (spot.leaf, spot.at + 1));
        if self.leaf(leaf)?.runs.len() >= WIDTH {
            let half = self.split_leaf(leaf, at == WIDTH && self.leaf(leaf)?.after == NOWHERE)?;
            for run in &self.leaf(half)?.runs {
                moved(*run, half);
            }
            let kept = self.leaf(leaf)?.runs.len();
            if at > kept || kept == WIDTH {
                (leaf, at) = (half, at - kept);
            }
        }
        self.leaves.get_mut(leaf as usize)?.runs.insert(at, run);
        moved(run, leaf);
        self.count(leaf, 0, run.visible())
    }

    fn leaf(&self, at: u32) -> Option<&Leaf> {
        self.leaves.get(at as usize)
    }

    /// Brings the counts above a leaf up to date.
    fn count(&mut self, leaf: u32, before: u32, after: u32) -> Option<()> {
        if before == after {
            return Some(());
        }
        self.visible = self.visible - before + after;
        let (mut child, mut parent) = (leaf, self.leaf(leaf)?.parent);
        while let Some(branch) = self.branches.get_mut(parent as usize) {
            let at = branch.position(child)?;
            let counted = branch.children.get_mut(at)?;
            counted.visible = counted.visible - before + after;
            (child, parent) = (parent, branch.parent);
        }
        Some(())
    }

    /// Moves half of a leaf's runs, or none of the last one's, where more are to be
    /// expected behind them, into a new leaf after it.
    fn split_leaf(&mut self, at: u32, at_the_end: bool) -> Option<u32> {
        let new = u32::try_from(self.leaves.len()).ok()?;
        let keep = if at_the_end { WIDTH } else { WIDTH / 2 };
        let leaf = self.leaves.get_mut(at as usize)?;
        let runs = leaf.runs.split_off(keep.min(leaf.runs.len()));
        let visible = runs.iter().map(Run::visible).sum();
        let (parent, after) = (leaf.parent, leaf.after);
        leaf.after = new;
        match self.leaves.get_mut(after as usize) {
            Some(next) => next.before = new,
            None => self.last = new,
        }
        self.leaves.push(Leaf {
            parent,
            before: at,
            after,
            runs,
        });
        self.add_child(parent, at, Child { at: new, visible })?;
        Some(new)
    }

    /// Puts a node after the one that it was split off from.
    fn add_child(&mut self, parent: u32, beside: u32, child: Child) -> Option<()> {
        let branch = self.branches.get_mut(parent as usize)?;
        let at = branch.position(beside)?;
        let counted = branch.children.get_mut(at)?;
        counted.visible -= child.visible;
        branch.children.insert(at + 1, child);
        if branch.children.len() <= WIDTH {
            return Some(());
        }
        let children = branch.children.split_off(WIDTH / 2);
        let (above, above_leaves) = (branch.parent, branch.above_leaves);
        let new = u32::try_from(self.branches.len()).ok()?;
        for child in &children {
            let moved = child.at as usize;
            if above_leaves {
                self.leaves.get_mut(moved)?.parent = new;
            } else {
                self.branches.get_mut(moved)?.parent = new;
            }
        }
        let visible = children.iter().map(|child| child.visible).sum();
        self.branches.push(Branch {
            parent: above,
            above_leaves,
            children,
        });
        let half = Child { at: new, visible };
        if above != NOWHERE {
            return self.add_child(above, parent, half);
        }
        let root = u32::try_from(self.branches.len()).ok()?;
        self.branches.get_mut(parent as usize)?.parent = root;
        self.branches.get_mut(new as usize)?.parent = root;
        let whole = Child {
            at: parent,
            visible: self.visible - visible,
        };
        self.branches.push(Branch {
            parent: NOWHERE,
            above_leaves: false,
            children: vec![whole, half],
        });
        self.root = root;
        Some(())
    }
}

impl Branch {
    fn position(&self, child: u32) -> Option<usize> {
        self.children.iter().position(|known| known.at == child)
    }
}
