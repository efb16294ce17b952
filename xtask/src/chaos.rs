//! `npm run chaos`: the release build under everything that goes wrong. What that
//! is, and what is said of it, stands in `e2e/chaos.mjs`.

use std::fs;

use anyhow::Result;

use crate::build::{self, Variant};
use crate::layout::Layout;
use crate::process::run_aloud;
use crate::progress::Progress;
use crate::setup::npm_program;
use crate::test;

/// Runs the part that the words name.
pub(crate) fn run(layout: &Layout, words: &[&str]) -> Result<()> {
    let results = layout.target().join("chaos");
    fs::create_dir_all(&results)?;
    let mut progress = Progress::new(build::STEPS + 2);
    build::steps(layout, Variant::Release, &mut progress)?;
    progress.step("Building the swarm", || test::build_swarm(layout))?;
    progress.step("Chaos", || {
        let mut node = npm_program(layout, "node")?;
        node.arg(layout.at("e2e/chaos.mjs"))
            .args(words)
            .env("TANDEM_BUILD", Variant::Release.name())
            .env("TANDEM_CHAOS_DIR", &results)
            .current_dir(layout.root());
        run_aloud(&mut node)
    })
}
