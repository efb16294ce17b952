//! Where things are: the sources, what is built from them, and where tools live.
//!
//! The only file that spells out paths of the repository.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The folders of one checkout.
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    /// Finds the checkout that this program was built from.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("the xtask folder has no parent")?;
        Ok(Self {
            root: root.to_path_buf(),
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path relative to the checkout.
    pub(crate) fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join(path)
    }

    /// Cargo's target folder.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.at("target"), |dir| self.at(dir))
    }

    /// A file cargo builds for the page or the Worker.
    pub(crate) fn wasm(&self, profile_folder: &str, name: &str) -> PathBuf {
        self.target()
            .join("wasm32-unknown-unknown")
            .join(profile_folder)
            .join(name)
    }

    /// A program that an npm package installed.
    pub(crate) fn npm_bin(&self, name: &str) -> PathBuf {
        self.at("node_modules/.bin").join(name)
    }

    /// The folder for tools that outlive a clone.
    pub(crate) fn user_cache(&self) -> PathBuf {
        let home = || std::env::home_dir().map(|home| home.join(".cache"));
        std::env::var_os("XDG_CACHE_HOME")
            .filter(|dir| !dir.is_empty())
            .map(PathBuf::from)
            .or_else(home)
            .unwrap_or_else(|| self.target())
            .join("tandem")
    }
}
