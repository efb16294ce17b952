//! The browser that tests drive: the system's own Chromium.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::packages;

/// Overrides the search.
pub(crate) const VARIABLE: &str = "TANDEM_CHROMIUM";

/// The same Chromium without windows: what tests cannot see takes a quarter of their time.
const WITHOUT_WINDOWS: &str = "chromium-headless-shell";

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
    if let Some(program) = named().or_else(|| find(NAMES)) {
        return Ok(program);
    }
    packages::install(
        "chromium",
        &format!(
            "the browser tests need Chromium or Chrome: install it, or name the program in {VARIABLE}"
        ),
    )?;
    find(NAMES).context("Chromium was installed, but is not on the path")
}

/// Finds the Chromium that has no windows, else the one that has; where there is neither,
/// installs the first that there is a package of.
pub(crate) fn without_windows() -> Result<PathBuf> {
    let there = named().or_else(|| find(&[WITHOUT_WINDOWS]));
    if let Some(program) = there.or_else(|| find(NAMES)) {
        return Ok(program);
    }
    match packages::install(WITHOUT_WINDOWS, "there is none here") {
        Ok(()) => {
            find(&[WITHOUT_WINDOWS]).context("Chromium was installed, but is not on the path")
        }
        Err(_) => chromium(),
    }
}

fn named() -> Option<PathBuf> {
    std::env::var_os(VARIABLE).map(PathBuf::from)
}

fn find(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = std::env::split_paths(&path)
        .chain(FOLDERS_OF_APPLICATIONS.iter().map(PathBuf::from))
        .collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file())
}
