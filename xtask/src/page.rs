//! What runs in the browser: `app`, and the view that a page renders itself where there
//! is no server. Compiled, cut where parts are fetched later, bound to JavaScript and made
//! small.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::build::Variant;
use crate::fingerprint::{Fingerprint, Stamp, empty_folder, files_below};
use crate::layout::Layout;
use crate::process::{run_aloud, run_silently};
use crate::setup::Tools;

/// Named one by one: with all features on, this binaryen writes an encoding of
/// imports that no browser loads.
const WASM_OPT_FLAGS: &[&str] = &[
    "--strip-debug",
    "--strip-producers",
    // Written out flat and nested anew, it gets smaller than by `-Oz` alone.
    "--flatten",
    "--rereloop",
    "-Oz",
    "-Oz",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
];

/// For the parts: they use what the rest exports, under the names that the linker gave it.
const BIND_FLAGS: &[&str] = &[
    "--remove-name-section",
    "--remove-producers-section",
    "--keep-lld-exports",
    "--no-demangle",
    "--short-imports",
];

/// A library that becomes a wasm file and its script.
struct Library {
    package: &'static str,
    features: &'static [&'static str],
    /// What cargo calls the file.
    compiled: &'static str,
    /// What the page calls it.
    name: &'static str,
    /// Whether parts of it are fetched later, where `#[wasm_split]` says so.
    has_parts: bool,
}

const LIBRARIES: [Library; 2] = [
    Library {
        package: "app",
        features: &["--features", "hydrate"],
        compiled: "app.wasm",
        name: "app",
        has_parts: true,
    },
    Library {
        package: "own-view",
        features: &[],
        compiled: "own_view.wasm",
        name: "view",
        has_parts: false,
    },
];

/// Builds the page's wasm and its scripts, and returns the folder they are in.
pub(crate) fn build(layout: &Layout, tools: &Tools, variant: Variant) -> Result<PathBuf> {
    let mut made_from = Fingerprint::default();
    let mut compiled = Vec::new();
    for library in &LIBRARIES {
        let file = compile(layout, library, variant)?;
        made_from = made_from.file(&file)?;
        compiled.push(file);
    }
    let folder = variant.scratch(layout).join("wasm");
    let flags = match variant {
        Variant::Release => WASM_OPT_FLAGS,
        Variant::Dev => &[],
    };
    let made_from = made_from
        .file(&tools.wasm_bindgen)?
        .file(&tools.wasm_split)?
        .words(BIND_FLAGS)
        .words(flags)
        .finish();
    // Beside the folder and not in it: everything in it is served.
    let stamp = Stamp::at(variant.scratch(layout).join("wasm.stamp"));
    if !stamp.says(&made_from) {
        empty_folder(&folder)?;
        for (library, compiled) in LIBRARIES.iter().zip(&compiled) {
            let rest = variant.scratch(layout).join(library.name);
            let rest = rest.with_extension("wasm");
            if library.has_parts {
                cut(tools, compiled, &folder, &rest)?;
            }
            let whole = if library.has_parts { &rest } else { compiled };
            bind(tools, whole, &folder, library.name)?;
        }
        if variant == Variant::Release {
            for file in files_below(&folder)? {
                if file
                    .extension()
                    .is_some_and(|extension| extension == "wasm")
                {
                    make_small(tools, &file)?;
                }
            }
        }
        stamp.write(&made_from)?;
    }
    Ok(folder)
}

/// Compiles a library for the browser. The crate type is given here, so that the
/// Worker, which uses `app` too, does not link it a second time.
fn compile(layout: &Layout, library: &Library, variant: Variant) -> Result<PathBuf> {
    let (profile, folder) = match variant {
        Variant::Release => ("page", "page"),
        Variant::Dev => ("dev", "debug"),
    };
    let mut command = Command::new("cargo");
    command
        .args(["rustc", "--locked", "--package", library.package, "--lib"])
        .args(library.features)
        .args(["--crate-type", "cdylib"])
        .args(["--target", "wasm32-unknown-unknown", "--profile", profile])
        .current_dir(layout.root());
    if library.has_parts {
        // What refers to what, which tells what a part alone needs.
        command.args(["--", "-Clink-args=--emit-relocs"]);
    }
    run_aloud(&mut command)?;
    Ok(layout.wasm(folder, library.compiled))
}

/// Cuts the parts off that are fetched later; the rest goes on to be bound.
fn cut(tools: &Tools, compiled: &Path, folder: &Path, rest: &Path) -> Result<()> {
    let mut command = Command::new(&tools.wasm_split);
    command.args([compiled, folder, rest]);
    run_silently(&mut command).map(drop)
}

fn bind(tools: &Tools, compiled: &Path, folder: &Path, name: &str) -> Result<()> {
    let mut command = Command::new(&tools.wasm_bindgen);
    command
        .arg(compiled)
        .args(["--target", "web", "--no-typescript", "--out-name", name])
        .args(BIND_FLAGS)
        .arg("--out-dir")
        .arg(folder);
    run_silently(&mut command).map(drop)
}

fn make_small(tools: &Tools, wasm: &Path) -> Result<()> {
    let mut command = tools.wasm_opt();
    command.args(WASM_OPT_FLAGS).arg(wasm).arg("-o").arg(wasm);
    run_silently(&mut command).map(drop)
}
