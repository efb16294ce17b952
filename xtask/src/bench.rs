//! `npm run bench`: native benchmarks, then those that drive the release build beside
//! what it is compared with. Each leaves a file in `target/bench`; at the end one table
//! is made of them all, and compared with the runs that were kept.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use crate::build::{self, Variant};
use crate::fingerprint::files_below;
use crate::layout::Layout;
use crate::process::run_aloud;
use crate::progress::Progress;
use crate::setup::npm_program;
use crate::{browser, test};

/// Crates with benchmarks of their own.
const CRATES: &[&str] = &["note", "realtime"];

/// What runs without being named, a quarter of an hour in all.
const SCRIPTS: &[&str] = &[
    "start",
    "typing",
    "crowd",
    "bill",
    "open",
    "keystroke",
    "reader",
    "editor",
];

/// What takes too long for that, and runs when it is named.
const ON_REQUEST: &[&str] = &["fanout", "latency", "lighthouse"];

/// Names the folder of recorded sessions that are written and that notes are worn by.
/// Without it writing is made from a seed.
const TRACES: &str = "TANDEM_TRACES";

/// Packages that only benches need, each folder with a lock file of its own.
const BASELINES: &str = "e2e/bench/baselines";
const LIGHTHOUSE: &str = "e2e/bench/lighthouse";

/// What was asked for.
#[derive(Default)]
struct Wanted<'a> {
    names: Vec<&'a str>,
    traces: Option<PathBuf>,
    keep: bool,
}

/// Runs every benchmark, or those named.
pub(crate) fn run(layout: &Layout, words: &[&str]) -> Result<()> {
    let wanted = Wanted::read(words)?;
    let results = layout.target().join("bench");
    fs::create_dir_all(&results)?;
    if wanted.is_all() {
        forget(&results)?;
    }
    let native = wanted.of(CRATES);
    let mut scripts = wanted.of(SCRIPTS);
    if !wanted.is_all() {
        scripts.extend(wanted.of(ON_REQUEST));
    }
    let mut progress = Progress::new(build::STEPS + 1 + native.len() + scripts.len());
    build::steps(layout, Variant::Release, &mut progress)?;
    progress.step("Installing what Tandem is compared with", || {
        for folder in [BASELINES, LIGHTHOUSE] {
            let is_needed = folder == BASELINES || scripts.contains(&"lighthouse");
            // Without them their columns are empty, and say so.
            if is_needed && let Err(error) = install(layout, folder) {
                println!("      {folder}: {error:#}");
            }
        }
        Ok(())
    })?;
    let mut failed = Vec::new();
    for name in native {
        let mut cargo = Command::new("cargo");
        cargo
            // Tests of the library would be compiled too, and run none.
            .args(["bench", "--locked", "--package", name, "--bench", "*"])
            .current_dir(layout.root());
        wanted.tell(&mut cargo).env("TANDEM_BENCH_DIR", &results);
        let title = format!("Benchmarks of {name}");
        if progress.step(&title, || run_aloud(&mut cargo)).is_err() {
            failed.push(name);
        }
    }
    for name in scripts {
        let chromium = browser::chromium()?;
        let mut node = npm_program(layout, "node")?;
        node.arg(layout.at(format!("e2e/bench/{name}.mjs")));
        wanted.tell(&mut node).env("TANDEM_BENCH_DIR", &results);
        let node = test::against(&mut node, Variant::Release, &chromium);
        // The others are worth having without it.
        if progress
            .step(&format!("Benchmark {name}"), || run_aloud(node))
            .is_err()
        {
            failed.push(name);
        }
    }
    let mut report = npm_program(layout, "node")?;
    report.arg(layout.at("e2e/bench/report/report.mjs"));
    if wanted.keep {
        report.arg("--keep");
    }
    run_aloud(wanted.tell(&mut report).env("TANDEM_BENCH_DIR", &results))?;
    ensure!(failed.is_empty(), "not measured: {}", failed.join(", "));
    Ok(())
}

impl<'a> Wanted<'a> {
    fn read(words: &[&'a str]) -> Result<Self> {
        let mut wanted = Self::default();
        let mut words = words.iter().copied();
        while let Some(word) = words.next() {
            match word {
                "--traces" => {
                    let folder = words.next().context("--traces takes a folder")?;
                    let folder = fs::canonicalize(folder)
                        .with_context(|| format!("there is no folder {folder}"))?;
                    wanted.traces = Some(folder);
                }
                "--keep" => wanted.keep = true,
                "--lighthouse" => wanted.names.push("lighthouse"),
                name if [CRATES, SCRIPTS, ON_REQUEST].concat().contains(&name) => {
                    wanted.names.push(name);
                }
                other => bail!(
                    "bench takes --traces DIR, --keep, and names of {}, not `{other}`",
                    [CRATES, SCRIPTS, ON_REQUEST].concat().join(", ")
                ),
            }
        }
        Ok(wanted)
    }

    fn is_all(&self) -> bool {
        self.names.is_empty()
    }

    fn of(&self, names: &[&'static str]) -> Vec<&'static str> {
        let is_meant = |name: &&str| self.is_all() || self.names.contains(name);
        names.iter().copied().filter(is_meant).collect()
    }

    fn tell<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        match &self.traces {
            Some(folder) => command.env(TRACES, folder),
            None => command,
        }
    }
}

/// Takes away what an earlier run found, so that the table is of one run.
fn forget(results: &Path) -> Result<()> {
    for file in files_below(results)? {
        if file.extension().is_some_and(|found| found == "json") {
            fs::remove_file(file)?;
        }
    }
    Ok(())
}

/// Installs the packages of a folder as its lock file has them, but for what is built on
/// installing or optional.
fn install(layout: &Layout, folder: &str) -> Result<()> {
    if layout
        .at(folder)
        .join("node_modules/.package-lock.json")
        .is_file()
    {
        return Ok(());
    }
    run_aloud(
        Command::new("npm")
            .args(["ci", "--omit=optional", "--ignore-scripts"])
            .args(["--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(layout.at(folder)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_named_runs_and_else_all_but_what_takes_long() -> Result<()> {
        assert_eq!(Wanted::read(&["--keep"])?.of(SCRIPTS), SCRIPTS);
        let named = Wanted::read(&["typing", "note"])?;
        assert_eq!(named.of(CRATES), ["note"]);
        assert_eq!(named.of(SCRIPTS), ["typing"]);
        let slow = Wanted::read(&["--lighthouse"])?;
        assert!(slow.of(CRATES).is_empty() && slow.of(ON_REQUEST) == ["lighthouse"]);
        assert!(Wanted::read(&["--traces"]).is_err() && Wanted::read(&["speed"]).is_err());
        Ok(())
    }
}
