//! The folder of static files: the page's wasm and scripts and the style sheet
//! under a name made from their content, and what lies in `app/public`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::build::Variant;
use crate::fingerprint::{Fingerprint, Stamp, empty_folder, files_below};
use crate::layout::Layout;
use crate::process::run_silently;
use crate::setup::Tools;

/// What wrangler's asset server adds to answers. The folder's name changes with
/// its content, so browsers may keep it for ever.
const HEADERS: &str = "\
/*
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer

/pkg/*
  Cache-Control: public, max-age=31536000, immutable
  Cross-Origin-Resource-Policy: same-origin
";

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
    bundle_script(layout, tools, &stage)?;
    bundle_styles(layout, tools, &stage)?;
    minify(tools, &stage.join("app.js"))?;
    let hash = Fingerprint::default().folder(&stage)?.finish();

    let public = layout.at("app/public");
    let site = variant.site(layout);
    let content = Fingerprint::default()
        .words(&[&hash, HEADERS])
        .folder(&public)?
        .finish();
    let stamp = Stamp::at(variant.scratch(layout).join("site.stamp"));
    // A server may be running on this folder: it is left alone while it is right.
    if !(stamp.says(&content) && site.join("pkg").join(&hash).is_dir()) {
        empty_folder(&site)?;
        copy_below(&public, &site)?;
        copy_below(&stage, &site.join("pkg").join(&hash))?;
        fs::write(site.join("_headers"), HEADERS)?;
        stamp.write(&content)?;
    }
    Ok(hash)
}

/// The editor's glue and CodeMirror, as one module.
fn bundle_script(layout: &Layout, tools: &Tools, stage: &Path) -> Result<()> {
    esbuild(
        layout,
        tools,
        Path::new("app/codemirror/glue.ts"),
        &stage.join("editor.js"),
        &["--format=esm", "--target=es2022"],
    )
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

/// The script that wasm-bindgen wrote. Not bundled: it finds the wasm file and
/// the editor's module beside itself.
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
