//! GitHub's own Markdown program, which the view is compared with.

use std::path::PathBuf;

use anyhow::Result;

use crate::packages;

/// Overrides the search; the test reads it.
pub(crate) const VARIABLE: &str = "TANDEM_CMARK_GFM";

const NAME: &str = "cmark-gfm";

/// Finds the program, or installs the package of the operating system.
pub(crate) fn program() -> Result<PathBuf> {
    if let Some(program) = std::env::var_os(VARIABLE) {
        return Ok(PathBuf::from(program));
    }
    if !is_there() {
        packages::install(
            NAME,
            &format!(
                "the view is compared with `{NAME}`: install it, or name the program in {VARIABLE}"
            ),
        )?;
    }
    Ok(PathBuf::from(NAME))
}

fn is_there() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(NAME).is_file())
}
