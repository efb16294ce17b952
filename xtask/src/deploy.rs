//! `npm run deploy`: the release build, onto the account that wrangler knows.

use anyhow::{Result, bail};

use crate::build::{self, Variant};
use crate::layout::Layout;
use crate::process::run_aloud;
use crate::progress::Progress;
use crate::setup::npm_program;

/// Migrates D1 and deploys. A dry run needs neither an account nor a network.
pub(crate) fn run(layout: &Layout, words: &[&str]) -> Result<()> {
    let dry_run = match words {
        [] => false,
        ["--dry-run"] => true,
        other => bail!("deploy knows `--dry-run`, not `{}`", other.join(" ")),
    };
    let mut progress = Progress::new(build::STEPS + if dry_run { 1 } else { 2 });
    build::steps(layout, Variant::Release, &mut progress)?;
    if dry_run {
        return progress.step("Deploying (dry run)", || {
            run_aloud(npm_program(layout, "wrangler")?.args(["deploy", "--dry-run"]))
        });
    }
    // First the tables: the old Worker does not mind new ones, the new one needs them.
    progress.step("Migrating the database", || {
        run_aloud(npm_program(layout, "wrangler")?.args([
            "d1",
            "migrations",
            "apply",
            "DB",
            "--remote",
        ]))
    })?;
    progress.step("Deploying", || {
        run_aloud(npm_program(layout, "wrangler")?.arg("deploy"))
    })
}
