//! What a visitor downloads and what Cloudflare loads, held to a budget.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::build::Variant;
use crate::fingerprint::files_below;
use crate::layout::Layout;
use crate::process::run_silently;
use crate::setup::npm_program;

/// Compressed bytes; the free plan allows 3 MB. The aim is 1 MB: formulas, emoji and
/// publishing came to more, and have to be made smaller.
const WORKER_BUDGET: usize = 1_642_000;
/// Compressed bytes.
const PAGE_WASM_BUDGET: usize = 321_000;
/// Compressed bytes of the part of it that a note's page fetches when it is used.
const PANELS_BUDGET: usize = 60_000;
/// Compressed bytes, fetched where there is no server; by a service worker ahead of it.
const OWN_VIEW_BUDGET: usize = 280_000;
/// Compressed bytes of the scripts of a note's page together.
const PAGE_SCRIPT_BUDGET: usize = 200_000;
/// Compressed bytes, fetched by a page with code of a named language.
const CODE_WORKER_BUDGET: usize = 90_000;
/// Compressed bytes of every kind of diagram together; a page with one fetches a
/// part of them.
const DIAGRAMS_BUDGET: usize = 1_800_000;
/// Bytes as they are, minified: what runs on a page that is read.
const READER_BUDGET: u64 = 15_300;
/// Compressed bytes.
const STYLE_BUDGET: usize = 20_000;

/// What `wasm_split` calls the part named `panels`.
const PANELS: &str = "split_panels.wasm";

/// Proves that an engine accepts the page's wasm, measures a release build, and
/// returns what is over its budget.
pub(crate) fn check(layout: &Layout, variant: Variant, hash: &str) -> Result<Vec<&'static str>> {
    let package = variant.site(layout).join("pkg").join(hash);
    for wasm in ["app_bg.wasm", PANELS, "view_bg.wasm"] {
        loads(layout, &package.join(wasm))?;
    }
    let reader = fs::metadata(package.join("reader.js"))?.len();
    let slides = fs::metadata(package.join("slides.js"))?.len();
    for (name, bytes) in [("reader's script", reader), ("script of slides", slides)] {
        ensure!(
            bytes < READER_BUDGET,
            "the {name} has {bytes} bytes, its budget is {READER_BUDGET}"
        );
    }
    if variant == Variant::Dev {
        return Ok(Vec::new());
    }
    println!("      reader's script: {reader} bytes, of slides: {slides}, budget {READER_BUDGET}");
    let worker = variant.worker(layout);
    let rows = [
        row(
            "Worker",
            vec![worker.join("index.js"), worker.join("index_bg.wasm")],
            WORKER_BUDGET,
        )?,
        row(
            "page wasm",
            vec![package.join("app_bg.wasm")],
            PAGE_WASM_BUDGET,
        )?,
        row("panels", vec![package.join(PANELS)], PANELS_BUDGET)?,
        row(
            "own view",
            vec![package.join("view_bg.wasm")],
            OWN_VIEW_BUDGET,
        )?,
        row(
            "page scripts",
            [
                "app.js",
                "parts.js",
                "line.js",
                "editor.js",
                "wiki.js",
                "reader.js",
                "decorations.js",
            ]
            .map(|name| package.join(name))
            .to_vec(),
            PAGE_SCRIPT_BUDGET,
        )?,
        row(
            "code worker",
            vec![package.join("highlighter.js")],
            CODE_WORKER_BUDGET,
        )?,
        row(
            "diagrams",
            files_below(&variant.scratch(layout).join("frames"))?,
            DIAGRAMS_BUDGET,
        )?,
        row("style sheet", ending_in(&package, "css")?, STYLE_BUDGET)?,
    ];
    println!(
        "      {:<13} {:>10} {:>10} {:>10}",
        "", "bytes", "gzip", "budget"
    );
    for row in &rows {
        println!(
            "      {:<13} {:>10} {:>10} {:>10}",
            row.name, row.raw, row.compressed, row.budget
        );
    }
    let too_large = rows.iter().filter(|row| row.compressed >= row.budget);
    Ok(too_large.map(|row| row.name).collect())
}

struct Row {
    name: &'static str,
    raw: usize,
    compressed: usize,
    budget: usize,
}

fn row(name: &'static str, files: Vec<PathBuf>, budget: usize) -> Result<Row> {
    ensure!(!files.is_empty(), "there is no file for the row `{name}`");
    let (mut raw, mut compressed) = (0, 0);
    for file in files {
        let bytes =
            fs::read(&file).with_context(|| format!("could not read {}", file.display()))?;
        raw += bytes.len();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&bytes)?;
        compressed += encoder.finish()?.len();
    }
    Ok(Row {
        name,
        raw,
        compressed,
        budget,
    })
}

fn ending_in(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut files = files_below(folder)?;
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    Ok(files)
}

/// An optimiser may write a file that no engine loads, and only a browser would tell.
fn loads(layout: &Layout, wasm: &Path) -> Result<()> {
    let script = "WebAssembly.compile(require('node:fs').readFileSync(process.argv[1]))\
                  .catch((error) => { console.error(error.message); process.exit(1) })";
    let mut node = npm_program(layout, "node")?;
    node.args(["-e", script]).arg(wasm);
    run_silently(&mut node)
        .map(drop)
        .with_context(|| format!("no browser would load {}", wasm.display()))
}
