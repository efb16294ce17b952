//! `npm run bench`: the native benchmarks, then those that drive the release
//! build. Each prints its table and leaves a file in `target/bench`.

use std::fs;
use std::process::Command;

use anyhow::{Result, bail};

use crate::build::{self, Variant};
use crate::fingerprint::files_below;
use crate::layout::Layout;
use crate::process::run_aloud;
use crate::progress::Progress;
use crate::setup::npm_program;
use crate::{browser, test};

/// Crates with benchmarks of their own.
const CRATES: &[&str] = &["note", "realtime"];

/// Names the folder of recorded sessions that notes are worn by. Without it they are
/// worn by writing made from a seed.
const TRACES: &str = "TANDEM_TRACES";

/// Runs every benchmark, or the one of the name given.
pub(crate) fn run(layout: &Layout, words: &[&str]) -> Result<()> {
    let (only, traces) = match words {
        [] => (None, None),
        ["--traces", folder] => (None, Some(*folder)),
        [name] => (Some(*name), None),
        [name, "--traces", folder] => (Some(*name), Some(*folder)),
        other => bail!(
            "bench takes one name and `--traces DIR`, not `{}`",
            other.join(" ")
        ),
    };
    let traces = traces.map(fs::canonicalize).transpose()?;
    let with_traces = |command: &mut Command| {
        if let Some(folder) = &traces {
            command.env(TRACES, folder);
        }
    };
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    let results = layout.target().join("bench");
    fs::create_dir_all(&results)?;

    let native: Vec<_> = CRATES
        .iter()
        .filter(|name| wanted(name) && layout.at(name).join("benches").is_dir())
        .collect();
    let scripts: Vec<_> = files_below(&layout.at("e2e/bench"))?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|found| found == "mjs"))
        .filter(|path| {
            path.file_stem()
                .is_some_and(|stem| wanted(&stem.to_string_lossy()))
        })
        .collect();
    let build = if scripts.is_empty() { 0 } else { build::STEPS };
    let mut progress = Progress::new(build + native.len() + scripts.len());

    for name in native {
        progress.step(&format!("Benchmarks of {name}"), || {
            let mut cargo = Command::new("cargo");
            cargo
                .args(["bench", "--locked", "--package", name])
                .env("TANDEM_BENCH_DIR", &results)
                .current_dir(layout.root());
            with_traces(&mut cargo);
            run_aloud(&mut cargo)
        })?;
    }
    if scripts.is_empty() {
        return Ok(());
    }
    build::steps(layout, Variant::Release, &mut progress)?;
    let chromium = browser::chromium()?;
    for script in scripts {
        let name = script.file_stem().unwrap_or_default().to_string_lossy();
        progress.step(&format!("Benchmark {name}"), || {
            let mut node = npm_program(layout, "node")?;
            node.arg(&script).env("TANDEM_BENCH_DIR", &results);
            with_traces(&mut node);
            run_aloud(test::against(&mut node, Variant::Release, &chromium))
        })?;
    }
    Ok(())
}
