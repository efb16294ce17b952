//! The browser that tests drive: the system's own Chromium.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::packages;

/// Overrides the search.
pub(crate) const VARIABLE: &str = "TANDEM_CHROMIUM";

const NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "Google Chrome",
    "Chromium",
];

const FOLDERS_OF_APPLICATIONS: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS",
    "/Applications/Chromium.app/Contents/MacOS",
];

/// Finds Chromium, or installs the package of the operating system.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os(VARIABLE) {
        return Ok(PathBuf::from(program));
    }
    if let Some(program) = find() {
        return Ok(program);
    }
    packages::install(
        "chromium",
        &format!(
            "the browser tests need Chromium or Chrome: install it, or name the program in {VARIABLE}"
        ),
    )?;
    find().context("Chromium was installed, but is not on the path")
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path)
        .chain(FOLDERS_OF_APPLICATIONS.iter().map(PathBuf::from))
        .collect();
    NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}
