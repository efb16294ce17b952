//! A Worker, Tandem's or the example's: compiled, and made into a module that
//! workerd loads.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::build::Variant;
use crate::fingerprint::{Fingerprint, Stamp};
use crate::layout::Layout;
use crate::process::{run_aloud, run_silently};
use crate::setup::Tools;

/// What `worker-build` would run, without the names of functions: those are a
/// tenth of what each isolate loads. The features are what rustc and the shim's
/// exception handling use, named one by one as for the page.
const WASM_OPT_FLAGS: &[&str] = &[
    "-O",
    "--strip-debug",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-reference-types",
    "--enable-exception-handling",
];

/// A crate that is a Worker.
struct Crate<'a> {
    /// Its folder.
    folder: &'a str,
    /// What cargo calls what it builds.
    wasm: &'a str,
    /// What its code reads at compile time.
    known: &'a [(&'a str, &'a str)],
}

/// Builds the Worker, which refers to the assets under `hash`.
pub(crate) fn build(layout: &Layout, tools: &Tools, variant: Variant, hash: &str) -> Result<()> {
    let tandem = Crate {
        folder: "worker",
        wasm: "notes_worker.wasm",
        known: &[("LEPTOS_OUTPUT_NAME", "app"), ("TANDEM_ASSET_HASH", hash)],
    };
    bundle(layout, tools, variant, &tandem, &variant.worker(layout))
}

/// Builds the example of the `realtime` crate, as it is built for tests.
pub(crate) fn example(layout: &Layout, tools: &Tools) -> Result<()> {
    let room = Crate {
        folder: "realtime/examples/room",
        wasm: "room_example.wasm",
        known: &[],
    };
    let out_dir = layout.at("target/example");
    bundle(layout, tools, Variant::Dev, &room, &out_dir)
}

/// `worker-build` binds and optimises anew on every run, which takes longer than
/// a warm start may. So cargo is asked first whether anything changed at all.
fn bundle(
    layout: &Layout,
    tools: &Tools,
    variant: Variant,
    of: &Crate<'_>,
    out_dir: &Path,
) -> Result<()> {
    let (profile, folder) = match variant {
        Variant::Release => ("--release", "release"),
        Variant::Dev => ("--dev", "debug"),
    };
    let mut compile = Command::new("cargo");
    compile
        .args(["build", "--locked", "--lib"])
        .args(["--target", "wasm32-unknown-unknown"])
        // `worker-build` sets it too; the proc macros read it.
        .env("WASM_BINDGEN_USE_JS_SYS", "1");
    if variant == Variant::Release {
        compile.arg("--release");
    }
    run_aloud(of.prepare(&mut compile, layout))?;

    let made_from = Fingerprint::default()
        .file(&layout.wasm(folder, of.wasm))?
        .file(&tools.wasm_bindgen)?
        .words(WASM_OPT_FLAGS)
        .finish();
    let stamp = Stamp::at(out_dir.join("tandem.stamp"));
    if stamp.says(&made_from) && out_dir.join("index.js").is_file() {
        return Ok(());
    }
    let mut bundle = tools.worker_build();
    bundle.args([profile, "--no-opt", "--out-dir"]).arg(out_dir);
    run_silently(of.prepare(&mut bundle, layout))?;
    if variant == Variant::Release {
        let wasm = out_dir.join("index_bg.wasm");
        let mut optimise = tools.wasm_opt();
        optimise
            .args(WASM_OPT_FLAGS)
            .arg(&wasm)
            .arg("-o")
            .arg(&wasm);
        run_silently(&mut optimise)?;
    }
    stamp.write(&made_from)
}

impl Crate<'_> {
    /// Sets where a program runs and what the code reads at compile time, the same
    /// for both programs, so that the second finds the first one's work.
    fn prepare<'c>(&self, command: &'c mut Command, layout: &Layout) -> &'c mut Command {
        let known = self.known.iter().copied();
        command.envs(known).current_dir(layout.at(self.folder))
    }
}
