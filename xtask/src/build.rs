//! From the sources to something that serves: the page, its assets, the Worker.
//!
//! The two variants keep all their outputs apart, so that a test run never makes
//! the next `npm start` build anything again.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::layout::Layout;
use crate::progress::Progress;
use crate::{assets, page, setup, sizes, worker};

/// What a build is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variant {
    /// What a person runs and what is deployed.
    Release,
    /// Quick to build, for tests.
    Dev,
}

impl Variant {
    /// The word for it in the environment of tests and benches.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Dev => "dev",
        }
    }

    /// The folder that static files are served from.
    pub(crate) fn site(self, layout: &Layout) -> PathBuf {
        match self {
            // Named in wrangler.toml.
            Self::Release => layout.at("target/site"),
            Self::Dev => layout.at("target/dev/site"),
        }
    }

    /// The folder that `worker-build` writes to.
    pub(crate) fn worker(self, layout: &Layout) -> PathBuf {
        match self {
            // Named in wrangler.toml.
            Self::Release => layout.at("worker/build"),
            Self::Dev => layout.at("target/dev/worker"),
        }
    }

    /// The folder of intermediate outputs.
    pub(crate) fn scratch(self, layout: &Layout) -> PathBuf {
        match self {
            Self::Release => layout.at("target/page/release"),
            Self::Dev => layout.at("target/page/dev"),
        }
    }
}

/// The number of steps that `steps` announces.
pub(crate) const STEPS: usize = setup::STEPS + 4;

/// Sets up and builds, with its own progress, and holds what was built to its
/// budget.
pub(crate) fn build(layout: &Layout, variant: Variant) -> Result<()> {
    let mut progress = Progress::new(STEPS);
    let too_large = steps(layout, variant, &mut progress)?;
    ensure!(
        too_large.is_empty(),
        "over budget: {}",
        too_large.join(", ")
    );
    Ok(())
}

/// Sets up and builds the example of the `realtime` crate, with its own progress.
pub(crate) fn example(layout: &Layout) -> Result<()> {
    let mut progress = Progress::new(setup::STEPS + 1);
    let tools = setup::everything(layout, &mut progress)?;
    progress.step("Building the example", || worker::example(layout, &tools))
}

/// Sets up and builds as a part of a longer command. What is over its budget is
/// named: it serves all the same.
pub(crate) fn steps(
    layout: &Layout,
    variant: Variant,
    progress: &mut Progress,
) -> Result<Vec<&'static str>> {
    let tools = setup::everything(layout, progress)?;
    let page = progress.step("Building the page", || page::build(layout, &tools, variant))?;
    let hash = progress.step("Bundling scripts and styles", || {
        assets::gather(layout, &tools, variant, &page)
    })?;
    progress.step("Building the Worker", || {
        worker::build(layout, &tools, variant, &hash)
    })?;
    progress.step("Checking what was built", || {
        sizes::check(layout, variant, &hash)
    })
}
