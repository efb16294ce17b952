//! Packages of the operating system that tests need, installed where they lack and
//! where that can be done.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{run_aloud, succeeds};

/// Installs a package, or fails with a sentence that says what to do.
pub(crate) fn install(package: &str, otherwise: &str) -> Result<()> {
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
        bail!("{otherwise}");
    }
    run_aloud(&mut apt(&["update", "--quiet"]))?;
    run_aloud(&mut apt(&[
        "install",
        "--yes",
        "--quiet",
        "--no-install-recommends",
        package,
    ]))
}
