//! The house rules that no compiler checks: purity, sizes, names, and documents
//! that name what exists.

mod quotes;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::layout::Layout;
use crate::process::run_silently;

/// No source file is longer, in lines.
const LONGEST_FILE: usize = 500;

/// What the rule on sizes is about.
const SOURCES: &[&str] = &["rs", "ts", "mjs", "css", "sql"];

/// Names that say nothing about what a file holds.
const EMPTY_NAMES: &[&str] = &[
    "util", "utils", "helpers", "common", "misc", "types", "manager", "core",
];

/// What a pure crate must not reach.
const IMPURE: &[&str] = &["worker", "leptos", "web-sys", "wasm-bindgen"];

/// Documents whose paths must exist, and whose quotes must be true.
const DOCUMENTS: &[&str] = &[
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    "docs/evidence.md",
    "docs/performance.md",
    "realtime/README.md",
];

/// Runs every check and reports all that is wrong at once.
pub(crate) fn check(layout: &Layout) -> Result<()> {
    let files = files(layout)?;
    let mut wrong = Vec::new();
    purity(layout, &mut wrong)?;
    for file in &files {
        shape(layout, file, &mut wrong)?;
    }
    for document in DOCUMENTS {
        references(layout, document, &files, &mut wrong)?;
    }
    for lock in files
        .iter()
        .filter(|file| file.ends_with("package-lock.json"))
    {
        if fs::read_to_string(layout.at(lock))?.contains("\"resolved\"") {
            wrong.push(format!("{} names a registry's host", lock.display()));
        }
    }
    ensure!(wrong.is_empty(), "house rules:\n  {}", wrong.join("\n  "));
    Ok(())
}

/// The files of the repository, as paths relative to it, committed or not yet.
fn files(layout: &Layout) -> Result<Vec<PathBuf>> {
    let list = run_silently(
        Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(layout.root()),
    )?;
    let exists = |path: &PathBuf| layout.at(path).is_file();
    Ok(list.lines().map(PathBuf::from).filter(exists).collect())
}

/// A line in a manifest claims that a crate is pure; this is the proof.
fn purity(layout: &Layout, wrong: &mut Vec<String>) -> Result<()> {
    let tree = |arguments: &[&str]| {
        run_silently(
            Command::new("cargo")
                .args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
                .args(arguments)
                .current_dir(layout.root()),
        )
    };
    for name in ["note", "store", "realtime"] {
        // For this machine: in wasm some crates of others bind to JavaScript
        // themselves, which says nothing of ours.
        let found = tree(&["--package", name])?;
        for reached in named(&found, IMPURE) {
            wrong.push(format!("{name} is pure, but reaches {reached}"));
        }
    }
    for feature in ["ssr", "hydrate"] {
        let found = tree(&["--package", "app", "--features", feature, "--target", "all"])?;
        for reached in named(&found, &["worker", "notes-worker"]) {
            wrong.push(format!("app with {feature} reaches {reached}"));
        }
    }
    Ok(())
}

/// Which of the names a listing of crates holds.
fn named<'a>(tree: &str, names: &[&'a str]) -> Vec<&'a str> {
    let crates: Vec<_> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    names
        .iter()
        .copied()
        .filter(|name| crates.contains(name))
        .collect()
}

fn shape(layout: &Layout, file: &Path, wrong: &mut Vec<String>) -> Result<()> {
    let shown = file.display();
    let extension = file.extension().unwrap_or_default();
    if !SOURCES.iter().any(|source| extension == *source) {
        return Ok(());
    }
    let content =
        fs::read_to_string(layout.at(file)).with_context(|| format!("could not read {shown}"))?;
    let lines = content.lines().count();
    if lines > LONGEST_FILE {
        wrong.push(format!(
            "{shown} has {lines} lines, more than {LONGEST_FILE}"
        ));
    }
    let stem = file.file_stem().unwrap_or_default();
    if EMPTY_NAMES.iter().any(|name| stem == *name) {
        wrong.push(format!("{shown}: name it for what it holds"));
    }
    if extension == "rs" && !content.starts_with("//!") {
        wrong.push(format!("{shown} does not say what it is (`//!`)"));
    }
    Ok(())
}

/// Whether what a document writes in backticks, and looks like a file, is one.
fn references(
    layout: &Layout,
    document: &str,
    files: &[PathBuf],
    wrong: &mut Vec<String>,
) -> Result<()> {
    let path = layout.at(document);
    if !path.is_file() {
        return Ok(());
    }
    let text = fs::read_to_string(&path)?;
    for name in in_backticks(&text) {
        if !is_missing(layout, name, files) {
            continue;
        }
        wrong.push(format!("{document} names `{name}`, which does not exist"));
    }
    let read = |file: &str| fs::read_to_string(layout.at(file)).ok();
    wrong.extend(quotes::check(document, &text, files, read));
    Ok(())
}

/// The short code spans of a document.
fn in_backticks(text: &str) -> impl Iterator<Item = &str> {
    code_spans(text).filter(|span| !span.contains(char::is_whitespace))
}

/// The code spans of a document; fenced blocks are left out.
fn code_spans(text: &str) -> impl Iterator<Item = &str> {
    text.split("```")
        .step_by(2)
        .flat_map(|prose| prose.split('`').skip(1).step_by(2))
}

fn is_missing(layout: &Layout, name: &str, files: &[PathBuf]) -> bool {
    let path = Path::new(name.trim_end_matches('/'));
    if name.contains(['*', '<', '{', '(', ':', '$']) || path.is_absolute() {
        return false;
    }
    let inside = |folder: &Path| layout.at(folder).exists();
    let mut parts = path.components();
    let first = parts
        .next()
        .map(|part| PathBuf::from(part.as_os_str()))
        .unwrap_or_default();
    if parts.next().is_some() {
        // A path of ours starts with a folder of ours; others are URLs and the like.
        return inside(&first) && first != Path::new("target") && !inside(path);
    }
    let is_source = path
        .extension()
        .is_some_and(|found| SOURCES.iter().any(|source| found == *source));
    is_source
        && !files
            .iter()
            .any(|file| file.file_name() == path.file_name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_is_found_by_its_whole_name() {
        let tree = "note v0.1.0\nworker-macros v0.8.7\nserde v1.0.0\n";
        assert!(named(tree, IMPURE).is_empty());
        assert_eq!(named("worker v0.8.7 (*)\n", IMPURE), ["worker"]);
    }

    #[test]
    fn fenced_blocks_are_not_references() {
        let text = "See `note/src/lib.rs`.\n```\n`made/up.rs`\n```\nand `a b` or `x.rs`";
        let spans: Vec<_> = in_backticks(text).collect();
        assert_eq!(spans, ["note/src/lib.rs", "x.rs"]);
    }
}
