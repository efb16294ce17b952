//! The folder of static files: the page's wasm and scripts and the style sheet
//! under a name made from their content, and what lies in `app/public`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::build::Variant;
use crate::fingerprint::{Fingerprint, Stamp, empty_folder, files_below};
use crate::layout::Layout;
use crate::process::run_silently;
use crate::setup::Tools;

/// What wrangler's asset server adds to answers. The folder's name changes with
/// its content, so browsers may keep it for ever. Frames have no origin, so what
/// they load comes from another one; their own policy lets them draw and no more.
const HEADERS: &str = "\
/*
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer

/pkg/*
  Cache-Control: public, max-age=31536000, immutable
  Cross-Origin-Resource-Policy: same-origin

/sw.js
  Cache-Control: no-store
  Content-Security-Policy: default-src 'none'; connect-src 'self'

/frames/*
  Cache-Control: public, max-age=31536000, immutable
  Access-Control-Allow-Origin: *
  Cross-Origin-Resource-Policy: cross-origin
  Content-Security-Policy: sandbox allow-scripts; default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'
";

/// What no page needs without a line: slides are served, and so is where zips go.
const LEFT_OUT: &[&str] = &["slides.js", "zip.js"];

/// Fills the variant's folder of static files and returns the name that the
/// Worker has to know: the files are under `/pkg/<name>/`.
pub(crate) fn gather(
    layout: &Layout,
    tools: &Tools,
    variant: Variant,
    page: &Path,
) -> Result<String> {
    let stage = variant.scratch(layout).join("pkg");
    empty_folder(&stage)?;
    copy_below(page, &stage)?;
    bundle_modules(layout, tools, &stage)?;
    let frames = bundle_frames(layout, tools, variant)?;
    let frames_hash = Fingerprint::default().folder(&frames)?.finish();
    bundle_reader(layout, tools, &stage, &frames_hash)?;
    bundle_styles(layout, tools, &stage)?;
    for script in ["app.js", "parts.js", "view.js"] {
        minify(tools, &stage.join(script))?;
    }
    let hash = Fingerprint::default().folder(&stage)?.finish();

    let worker = variant.scratch(layout).join("sw.js");
    bundle_service_worker(layout, tools, &stage, &hash, &worker)?;

    let public = layout.at("app/public");
    let site = variant.site(layout);
    let content = Fingerprint::default()
        .words(&[&hash, HEADERS])
        .folder(&public)?
        .file(&worker)?
        .finish();
    let stamp = Stamp::at(variant.scratch(layout).join("site.stamp"));
    // A server may be running on this folder: it is left alone while it is right.
    if !(stamp.says(&content) && site.join("pkg").join(&hash).is_dir()) {
        empty_folder(&site)?;
        copy_below(&public, &site)?;
        copy_below(&stage, &site.join("pkg").join(&hash))?;
        copy_below(&frames, &site.join("frames").join(&frames_hash))?;
        fs::copy(&worker, site.join("sw.js")).context("could not copy sw.js")?;
        fs::write(site.join("_headers"), HEADERS)?;
        stamp.write(&content)?;
    }
    Ok(hash)
}

/// Scripts that are fetched by themselves: where they begin, what they are called, and
/// what they are.
const MODULES: &[(&str, &str, &str)] = &[
    // The editor's glue and CodeMirror.
    ("app/codemirror/glue.ts", "editor.js", "--format=esm"),
    // What completes wiki links; it builds on the CodeMirror of the one above.
    ("app/codemirror/wiki.ts", "wiki.js", "--format=esm"),
    // What stands in for a WebSocket; the page's script names it.
    ("app/line/line.ts", "line.js", "--format=esm"),
    // What reads a zip; home fetches it when one is dropped.
    ("app/import/zip.ts", "zip.js", "--format=iife"),
    // What fills the page for when there is no line.
    ("app/offline/list.ts", "offline.js", "--format=esm"),
];

/// One CodeMirror for both scripts of the editor: its parts know each other by identity.
const ON_THE_EDITOR: &[&str] = &[
    "--alias:@codemirror/language=./editor.js",
    "--alias:@codemirror/state=./editor.js",
    "--alias:@codemirror/view=./editor.js",
    "--external:./editor.js",
];

fn bundle_modules(layout: &Layout, tools: &Tools, stage: &Path) -> Result<()> {
    for (source, name, format) in MODULES {
        let (source, output) = (Path::new(source), stage.join(name));
        let mut options = vec![*format, "--target=es2022"];
        if *name == "wiki.js" {
            options.extend(ON_THE_EDITOR);
        }
        esbuild(layout, tools, source, &output, &options)?;
    }
    Ok(())
}

/// The service worker. It is served beside the hashed files and not among them, for its
/// address stays; it knows the names of those of its version.
fn bundle_service_worker(
    layout: &Layout,
    tools: &Tools,
    stage: &Path,
    hash: &str,
    output: &Path,
) -> Result<()> {
    let mut kept = Vec::new();
    for file in files_below(stage)? {
        let name = file.strip_prefix(stage)?.to_string_lossy().into_owned();
        if !LEFT_OUT.contains(&name.as_str()) {
            kept.push(format!("\"{name}\""));
        }
    }
    let version = format!("--define:VERSION=\"{hash}\"");
    let files = format!("--define:FILES=[{}]", kept.join(","));
    esbuild(
        layout,
        tools,
        Path::new("app/offline/sw.ts"),
        output,
        &["--format=iife", "--target=es2022", &version, &files],
    )
}

/// The script of a page that is read; the one that decorates views, which knows
/// where frames are; and the worker for code. Each by itself, for the first is on
/// every page and small, and the last on few.
fn bundle_reader(layout: &Layout, tools: &Tools, stage: &Path, frames: &str) -> Result<()> {
    let frame = format!("--define:DIAGRAM_FRAME=\"/frames/{frames}/diagram.html\"");
    for (name, format) in [
        ("reader", "--format=esm"),
        ("slides", "--format=esm"),
        ("decorations", "--format=esm"),
        ("highlighter", "--format=iife"),
    ] {
        esbuild(
            layout,
            tools,
            &Path::new("app/reader").join(name).with_extension("ts"),
            &stage.join(name).with_extension("js"),
            &[format, "--target=es2022", &frame],
        )?;
    }
    Ok(())
}

/// The pages that are shown in frames, with the libraries that draw in them, in
/// parts: a diagram loads what its kind needs.
fn bundle_frames(layout: &Layout, tools: &Tools, variant: Variant) -> Result<PathBuf> {
    let folder = variant.scratch(layout).join("frames");
    empty_folder(&folder)?;
    let sources = Path::new("app/reader/frames");
    let mut command = Command::new(&tools.esbuild);
    command
        .arg(sources.join("diagram.ts"))
        .args([
            "--bundle",
            "--minify",
            "--legal-comments=none",
            "--splitting",
        ])
        .args(["--format=esm", "--target=es2022", "--log-level=warning"])
        .args(["--chunk-names=[name]-[hash]"])
        .arg(format!("--outdir={}", folder.display()))
        .current_dir(layout.root());
    run_silently(&mut command)?;
    for name in ["diagram.html", "diagram.css"] {
        fs::copy(layout.at(sources.join(name)), folder.join(name))
            .with_context(|| format!("could not copy {name}"))?;
    }
    Ok(folder)
}

/// The style sheet with all it imports.
fn bundle_styles(layout: &Layout, tools: &Tools, stage: &Path) -> Result<()> {
    esbuild(
        layout,
        tools,
        Path::new("app/style/app.css"),
        &stage.join("app.css"),
        &[],
    )
}

fn esbuild(
    layout: &Layout,
    tools: &Tools,
    input: &Path,
    output: &Path,
    options: &[&str],
) -> Result<()> {
    let mut command = Command::new(&tools.esbuild);
    command
        .arg(input)
        .args(["--bundle", "--minify", "--legal-comments=none"])
        .args(["--log-level=warning"])
        .args(options)
        .arg(format!("--outfile={}", output.display()))
        .current_dir(layout.root());
    run_silently(&mut command).map(drop)
}

/// A script that wasm-bindgen wrote. Not bundled: it finds the wasm file and other
/// modules beside itself.
fn minify(tools: &Tools, script: &Path) -> Result<()> {
    let mut command = Command::new(&tools.esbuild);
    command
        .arg(script)
        .args(["--minify", "--format=esm", "--target=es2022"])
        .args(["--allow-overwrite", "--log-level=warning"])
        .arg(format!("--outfile={}", script.display()));
    run_silently(&mut command).map(drop)
}

fn copy_below(from: &Path, to: &Path) -> Result<()> {
    for source in files_below(from)? {
        let target = to.join(source.strip_prefix(from)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&source, &target)
            .with_context(|| format!("could not copy {}", source.display()))?;
    }
    Ok(())
}
