//! `npm test`: cheap checks first, dear ones last.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail, ensure};

use crate::build::{self, Variant};
use crate::fingerprint::files_below;
use crate::layout::Layout;
use crate::process::run_aloud;
use crate::progress::Progress;
use crate::setup::npm_program;
use crate::tally::Tally;
use crate::{browser, cmark, setup, tidy, worker};

/// What runs on this machine's own processor.
const NATIVE: &[&str] = &[
    "note",
    "store",
    "realtime",
    "notes-worker",
    "own-view",
    "swarm",
    "xtask",
];

/// A crate with the features and the target it is used with.
struct Combination(&'static str, &'static [&'static str]);

/// What clippy sees besides the native crates: the code behind each feature, as
/// it is compiled for the page and for the Worker.
const FOR_WASM: &[Combination] = &[
    Combination("app", &["--features", "hydrate"]),
    Combination("app", &["--features", "ssr"]),
    Combination("own-view", &[]),
    Combination("realtime", &["--features", "browser"]),
    Combination("notes-worker", &[]),
    Combination("room-example", &[]),
];

const UNIT_STEPS: usize = 6;
const WIRE_STEPS: usize = 2;

/// Runs every kind of test, or those named.
pub(crate) fn run(layout: &Layout, words: &[&str]) -> Result<()> {
    let (mut unit, mut wire, mut e2e) = (false, false, false);
    for word in words {
        match *word {
            "unit" => unit = true,
            "wire" => wire = true,
            "e2e" => e2e = true,
            other => bail!("there are the tests `unit`, `wire` and `e2e`, not `{other}`"),
        }
    }
    if words.is_empty() {
        (unit, wire, e2e) = (true, true, true);
    }
    let served = wire || e2e;
    let mut progress = Progress::new(
        if unit { UNIT_STEPS } else { 0 }
            + if served { build::STEPS } else { setup::STEPS }
            + if wire { WIRE_STEPS } else { 0 }
            + usize::from(e2e),
    );
    let mut tally = Tally::default();
    if served {
        build::steps(layout, Variant::Dev, &mut progress)?;
    } else {
        setup::everything(layout, &mut progress)?;
    }
    if unit {
        unit_tests(layout, &mut progress, &mut tally)?;
    }
    if wire {
        progress.step("Building the example", || {
            worker::example(layout, &setup::build_tools(layout)?)
        })?;
        progress.step("Tests on the wire", || wire_tests(layout, &mut tally))?;
    }
    if e2e {
        progress.step("Tests in the browser", || browser_tests(layout, &mut tally))?;
    }
    println!("{tally}");
    ensure!(tally.is_clean(), "some tests failed");
    Ok(())
}

/// Tells a Node program which build to serve and which browser to drive.
pub(crate) fn against<'a>(
    node: &'a mut Command,
    variant: Variant,
    chromium: &Path,
) -> &'a mut Command {
    node.env("TANDEM_BUILD", variant.name())
        .env(browser::VARIABLE, chromium)
}

fn unit_tests(layout: &Layout, progress: &mut Progress, tally: &mut Tally) -> Result<()> {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(arguments).current_dir(layout.root());
        command
    };
    progress.step("Format", || {
        run_aloud(&mut cargo(&["fmt", "--all", "--check"]))
    })?;
    progress.step("House rules", || tidy::check(layout))?;
    progress.step("TypeScript", || {
        run_aloud(npm_program(layout, "tsc")?.args(["--project", "."]))
    })?;
    progress.step("Clippy", || {
        let mut native = cargo(&["clippy", "--locked", "--all-targets", "--quiet"]);
        for name in NATIVE {
            native.args(["--package", name]);
        }
        run_aloud(native.args(["--", "--deny", "warnings"]))
    })?;
    progress.step("Clippy, for wasm", || {
        for Combination(name, features) in FOR_WASM {
            let mut command = cargo(&["clippy", "--locked", "--quiet", "--package", name]);
            command
                .args(["--target", "wasm32-unknown-unknown"])
                .args(*features)
                .args(["--", "--deny", "warnings"])
                .env("WASM_BINDGEN_USE_JS_SYS", "1");
            run_aloud(&mut command)?;
        }
        Ok(())
    })?;
    progress.step("Native tests", || {
        let mut command = cargo(&["test", "--locked", "--no-fail-fast"]);
        command.env(cmark::VARIABLE, cmark::program()?);
        for name in NATIVE {
            command.args(["--package", name]);
        }
        tally.run(&mut command)?;
        // By itself, and twice: together with the others its features would be theirs too,
        // and each of the two has tests of its own.
        ["ssr", "hydrate"].iter().try_for_each(|features| {
            let mut command = cargo(&["test", "--locked", "--package", "app", "--lib"]);
            tally.run(command.args(["--features", features]))
        })
    })
}

/// Builds the many clients that programs in `e2e` start.
pub(crate) fn build_swarm(layout: &Layout) -> Result<()> {
    let mut swarm = Command::new("cargo");
    swarm.args(["build", "--locked", "--quiet", "--package", "swarm"]);
    run_aloud(swarm.current_dir(layout.root()))
}

/// Tests on the wire that mostly wait for objects to fall asleep: they wait together, and
/// beside the others.
const PATIENT: [&str; 3] = ["announcements", "idle", "wake"];
/// Those that say how long something may take: each has the machine for itself.
const TIMED: [&str; 10] = [
    "cold",
    "crash",
    "fairness",
    "hostile",
    "notifications",
    "outage",
    "publish",
    "rates",
    "revoke",
    "tokens",
];
/// A test that hangs is ended, milliseconds; the longest takes some minutes.
const TEST_TIMEOUT: &str = "--test-timeout=900000";
/// Others at once: each serves an instance of its own, and waits for it half of the time.
const OTHERS_AT_ONCE: usize = 2;

fn wire_tests(layout: &Layout, tally: &mut Tally) -> Result<()> {
    build_swarm(layout)?;
    let mut files = files_below(&layout.at("e2e/wire"))?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    let mut those_named = |names: &[&str]| -> Vec<PathBuf> {
        let is_named = |file: &mut PathBuf| {
            let mut names = names.iter().map(|name| format!("{name}.test.mjs"));
            names.any(|name| file.ends_with(name))
        };
        files.extract_if(.., is_named).collect()
    };
    let (patient, timed) = (those_named(&PATIENT), those_named(&TIMED));
    let runner = |files: Vec<PathBuf>, at_once: usize| -> Result<Command> {
        let mut node = npm_program(layout, "node")?;
        node.args(["--test", "--test-reporter=spec", TEST_TIMEOUT]);
        node.arg(format!("--test-concurrency={at_once}"));
        node.args(files).env("TANDEM_BUILD", Variant::Dev.name());
        Ok(node)
    };
    let mut waiting = runner(patient, PATIENT.len())?;
    tally.run_beside(&mut waiting, &mut runner(files, OTHERS_AT_ONCE)?)?;
    tally.run(&mut runner(timed, 1)?)
}

fn browser_tests(layout: &Layout, tally: &mut Tally) -> Result<()> {
    let chromium = browser::without_windows()?;
    let mut playwright = npm_program(layout, "playwright")?;
    playwright.args(["test", "--config", "e2e/playwright.config.ts"]);
    tally.run(against(&mut playwright, Variant::Dev, &chromium))
}
