//! The browser that tests drive: the system's own Chromium.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::process::{run_aloud, succeeds};

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
    install()?;
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

fn install() -> Result<()> {
    let as_root: &[&str] = if succeeds(Command::new("test").args(["-w", "/usr/bin"])) {
        &["env", "DEBIAN_FRONTEND=noninteractive"]
    } else {
        // Never waits for a password.
        &[
            "sudo",
            "--non-interactive",
            "env",
            "DEBIAN_FRONTEND=noninteractive",
        ]
    };
    let apt = |arguments: &[&str]| {
        let mut words = as_root.iter().chain(&["apt-get"]).chain(arguments);
        let mut command = Command::new(words.next().copied().unwrap_or_default());
        command.args(words);
        command
    };
    if !succeeds(&mut apt(&["--version"])) {
        bail!(
            "the browser tests need Chromium or Chrome: install it, \
             or name the program in {VARIABLE}"
        );
    }
    run_aloud(&mut apt(&["update", "--quiet"]))?;
    run_aloud(&mut apt(&[
        "install",
        "--yes",
        "--quiet",
        "--no-install-recommends",
        "chromium",
    ]))
}
