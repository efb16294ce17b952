//! The half of `app` that runs in the browser: compiled, bound to JavaScript and
//! made small.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::build::Variant;
use crate::fingerprint::{Fingerprint, Stamp, empty_folder};
use crate::layout::Layout;
use crate::process::{run_aloud, run_silently};
use crate::setup::Tools;

/// Named one by one: with all features on, this binaryen writes an encoding of
/// imports that no browser loads.
const WASM_OPT_FLAGS: &[&str] = &[
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
];

/// Builds the page's wasm and its script, and returns the folder they are in.
pub(crate) fn build(layout: &Layout, tools: &Tools, variant: Variant) -> Result<PathBuf> {
    let compiled = compile(layout, variant)?;
    let folder = variant.scratch(layout).join("wasm");
    let flags = match variant {
        Variant::Release => WASM_OPT_FLAGS,
        Variant::Dev => &[],
    };
    let made_from = Fingerprint::default()
        .file(&compiled)?
        .file(&tools.wasm_bindgen)?
        .words(flags)
        .finish();
    // Beside the folder and not in it: everything in it is served.
    let stamp = Stamp::at(variant.scratch(layout).join("wasm.stamp"));
    if !stamp.says(&made_from) {
        bind(tools, &compiled, &folder)?;
        if variant == Variant::Release {
            make_small(tools, &folder)?;
        }
        stamp.write(&made_from)?;
    }
    Ok(folder)
}

/// Compiles `app` as a library for the browser. The crate type is given here, so
/// that the Worker, which uses `app` too, does not link it a second time.
fn compile(layout: &Layout, variant: Variant) -> Result<PathBuf> {
    let (profile, folder) = match variant {
        Variant::Release => ("page", "page"),
        Variant::Dev => ("dev", "debug"),
    };
    run_aloud(
        Command::new("cargo")
            .args(["rustc", "--locked", "--package", "app", "--lib"])
            .args(["--features", "hydrate", "--crate-type", "cdylib"])
            .args(["--target", "wasm32-unknown-unknown", "--profile", profile])
            .current_dir(layout.root()),
    )?;
    Ok(layout.wasm(folder, "app.wasm"))
}

fn bind(tools: &Tools, compiled: &Path, folder: &Path) -> Result<()> {
    empty_folder(folder)?;
    let mut command = Command::new(&tools.wasm_bindgen);
    command
        .arg(compiled)
        .args(["--target", "web", "--no-typescript", "--out-name", "app"])
        .args(["--remove-name-section", "--remove-producers-section"])
        .arg("--out-dir")
        .arg(folder);
    run_silently(&mut command).map(drop)
}

fn make_small(tools: &Tools, folder: &Path) -> Result<()> {
    let wasm = folder.join("app_bg.wasm");
    let mut command = tools.wasm_opt();
    command.args(WASM_OPT_FLAGS).arg(&wasm).arg("-o").arg(&wasm);
    run_silently(&mut command).map(drop)
}
