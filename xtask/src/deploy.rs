//! `npm run deploy`: the release build, onto the account that wrangler knows.

use std::io::Write as _;
use std::process::Stdio;

use anyhow::{Result, bail};

use crate::build::{self, Variant};
use crate::layout::Layout;
use crate::process::run_aloud;
use crate::progress::Progress;
use crate::serve::random_secret;
use crate::setup::npm_program;

/// What tokens of links are made from.
const SECRET: &str = "INSTANCE_SECRET";

/// Migrates D1 and deploys. A dry run needs neither an account nor a network.
pub(crate) fn run(layout: &Layout, words: &[&str]) -> Result<()> {
    let dry_run = match words {
        [] => false,
        ["--dry-run"] => true,
        other => bail!("deploy knows `--dry-run`, not `{}`", other.join(" ")),
    };
    let mut progress = Progress::new(build::STEPS + if dry_run { 1 } else { 3 });
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
    })?;
    progress.step("Looking for the secret", || keep_secret(layout))
}

/// Gives the instance a secret when it has none; it serves nothing without.
fn keep_secret(layout: &Layout) -> Result<()> {
    let listed = npm_program(layout, "wrangler")?
        .args(["secret", "list"])
        .output()?;
    if !listed.status.success() {
        bail!("wrangler could not list the secrets of the instance");
    }
    if String::from_utf8_lossy(&listed.stdout).contains(&format!("\"{SECRET}\"")) {
        return Ok(());
    }
    let mut put = npm_program(layout, "wrangler")?
        .args(["secret", "put", SECRET])
        .stdin(Stdio::piped())
        .spawn()?;
    if let Some(mut input) = put.stdin.take() {
        input.write_all(random_secret()?.as_bytes())?;
    }
    if !put.wait()?.success() {
        bail!("the secret could not be set: npx wrangler secret put {SECRET}");
    }
    Ok(())
}
