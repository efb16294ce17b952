//! What every command needs before it can begin: packages, the wasm target and
//! the build tools, each at its pinned version.
//!
//! Everything comes from the crate registry, npm or rustup. `worker-build` would
//! download further tools by itself; it is handed the paths of ours instead.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use sha2::{Digest as _, Sha256};

use crate::layout::Layout;
use crate::process::{run_aloud, run_silently, succeeds};
use crate::progress::Progress;

/// Must fit the `worker` crate of the workspace.
const WORKER_BUILD_VERSION: &str = "0.8.7";

/// wrangler refuses to run on an older Node.
const OLDEST_NODE: (u32, u32) = (22, 12);

/// The number of steps that `packages` and `build_tools` announce.
pub(crate) const STEPS: usize = 2;

/// The programs that a build starts.
pub(crate) struct Tools {
    worker_build: PathBuf,
    pub(crate) wasm_bindgen: PathBuf,
    pub(crate) wasm_split: PathBuf,
    wasm_opt: PathBuf,
    /// With the packages' Node first, which runs `wasm-opt`.
    path: OsString,
    pub(crate) esbuild: PathBuf,
}

impl Tools {
    /// `worker-build`, kept from downloading anything.
    pub(crate) fn worker_build(&self) -> Command {
        let mut command = Command::new(&self.worker_build);
        command
            .env("WASM_BINDGEN_BIN", &self.wasm_bindgen)
            .env("WASM_OPT_BIN", &self.wasm_opt)
            .env("ESBUILD_BIN", &self.esbuild)
            .env("PATH", &self.path);
        command
    }

    /// binaryen's optimiser.
    pub(crate) fn wasm_opt(&self) -> Command {
        let mut command = Command::new(&self.wasm_opt);
        command.env("PATH", &self.path);
        command
    }
}

/// Installs the npm packages if they are not those of the lock file.
pub(crate) fn packages(layout: &Layout) -> Result<()> {
    let lock = fs::read(layout.at("package-lock.json")).context("package-lock.json is missing")?;
    let wanted = format!("{:x}", Sha256::digest(&lock));
    // Inside node_modules, so that it goes when they go.
    let stamp = layout.at("node_modules/.tandem-lock");
    if fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    run_aloud(
        Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
            .current_dir(layout.root()),
    )
    .context("Node.js 20 or newer with npm is needed")?;
    fs::write(&stamp, wanted).with_context(|| format!("could not write {}", stamp.display()))
}

/// Makes sure of the wasm target and the build tools.
pub(crate) fn build_tools(layout: &Layout) -> Result<Tools> {
    wasm_target(layout)?;
    wasm_tools(layout)?;
    Ok(Tools {
        worker_build: worker_build(layout)?,
        wasm_bindgen: existing(layout.target().join("tool/bindgen"))?,
        wasm_split: existing(layout.target().join("tool/split"))?,
        wasm_opt: existing(layout.npm_bin("wasm-opt"))?,
        esbuild: esbuild(layout)?,
        path: path_with_packages(layout)?,
    })
}

/// Both steps, announced.
pub(crate) fn everything(layout: &Layout, progress: &mut Progress) -> Result<Tools> {
    progress.step("Installing the packages", || packages(layout))?;
    progress.step("Making ready the build tools", || build_tools(layout))
}

/// A command that finds the packages' programs and a recent Node first on its
/// path. Needs `packages` to have run.
pub(crate) fn npm_program(layout: &Layout, name: &str) -> Result<Command> {
    let path = path_with_packages(layout)?;
    let node = run_silently(Command::new("node").arg("--version").env("PATH", &path))?;
    ensure!(
        is_recent(&node),
        "Node.js {}.{} or newer is needed; this system has no packaged one, and its own is {}",
        OLDEST_NODE.0,
        OLDEST_NODE.1,
        node.trim()
    );
    let mut command = if name == "node" {
        Command::new("node")
    } else {
        Command::new(layout.npm_bin(name))
    };
    command
        .env("PATH", path)
        .env("WRANGLER_SEND_METRICS", "false")
        .env("WRANGLER_SEND_ERROR_REPORTS", "false")
        .env("WRANGLER_HIDE_BANNER", "true")
        // Otherwise it asks its maker's host where this machine stands.
        .env("CLOUDFLARE_CF_FETCH_ENABLED", "false")
        // Otherwise everybody who reaches the port can read and change the database at
        // /cdn-cgi/explorer, past all rights, and each turn of an object is written
        // down, at several times its own cost.
        .env("X_LOCAL_EXPLORER", "false")
        .env("X_LOCAL_OBSERVABILITY", "false")
        .current_dir(layout.root());
    Ok(command)
}

fn path_with_packages(layout: &Layout) -> Result<OsString> {
    let bin = layout.at("node_modules/.bin");
    let own = std::env::var_os("PATH").unwrap_or_default();
    Ok(std::env::join_paths(
        std::iter::once(bin).chain(std::env::split_paths(&own)),
    )?)
}

fn is_recent(version: &str) -> bool {
    let mut numbers = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse::<u32>().ok());
    let (Some(major), Some(minor)) = (numbers.next(), numbers.next()) else {
        return false;
    };
    (major, minor) >= OLDEST_NODE
}

fn wasm_target(layout: &Layout) -> Result<()> {
    let target = "wasm32-unknown-unknown";
    let folder = run_silently(
        Command::new("rustc")
            .args(["--print", "target-libdir", "--target", target])
            .current_dir(layout.root()),
    )?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    run_aloud(
        Command::new("rustup")
            .args(["target", "add", target])
            .current_dir(layout.root()),
    )
}

/// Finds `worker-build` at exactly our version, or installs it beside the
/// user's other caches, where the next clone finds it.
fn worker_build(layout: &Layout) -> Result<PathBuf> {
    let tools = layout.user_cache().join("tools");
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let ours = tools.join("bin/worker-build");
    let candidates = std::env::var_os("PATH")
        .iter()
        .flat_map(std::env::split_paths)
        .map(|folder| folder.join("worker-build"))
        .chain(cargo_home.map(|home| home.join("bin/worker-build")))
        .chain([ours.clone()])
        .collect::<Vec<_>>();
    let fits = |program: &PathBuf| {
        program.is_file()
            && run_silently(Command::new(program).arg("--version"))
                .is_ok_and(|version| version.trim() == WORKER_BUILD_VERSION)
    };
    if let Some(found) = candidates.into_iter().find(fits) {
        return Ok(found);
    }
    println!("      worker-build {WORKER_BUILD_VERSION} is compiled once for this machine");
    run_aloud(
        Command::new("cargo")
            .args(["install", "worker-build", "--version", WORKER_BUILD_VERSION])
            .args(["--locked", "--root"])
            .arg(&tools)
            // It runs for a moment: what optimising takes would never come back.
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
            // Outside the workspace: its profiles and lints are not meant for it.
            .current_dir(std::env::temp_dir()),
    )?;
    existing(ours)
}

/// Compiles our own programs over the libraries of `wasm-bindgen` and `wasm_split`.
fn wasm_tools(layout: &Layout) -> Result<()> {
    run_aloud(
        Command::new("cargo")
            .args(["build", "--quiet", "--locked", "--package", "xtask"])
            .args(["--bin", "bindgen", "--bin", "split"])
            .args(["--features", "wasm-tools", "--profile", "tool"])
            .current_dir(layout.root()),
    )
}

/// The esbuild program itself, which `worker-build` can start without Node.
fn esbuild(layout: &Layout) -> Result<PathBuf> {
    let folder = layout.at("node_modules/@esbuild");
    let entries = fs::read_dir(&folder)
        .with_context(|| format!("{} is missing: run `npm ci`", folder.display()))?;
    entries
        .filter_map(Result::ok)
        .map(|entry| entry.path().join("bin/esbuild"))
        .find(|program| program.is_file() && succeeds(Command::new(program).arg("--version")))
        .context("no esbuild program for this machine was installed")
}

fn existing(program: PathBuf) -> Result<PathBuf> {
    ensure!(program.is_file(), "{} is missing", program.display());
    Ok(program)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_recent_from_twenty_two_twelve_on() {
        assert!(is_recent("v24.1.0\n"));
        assert!(is_recent("v22.12.0"));
        assert!(!is_recent("v22.11.9"));
        assert!(!is_recent("v20.20.2"));
        assert!(!is_recent("what?"));
    }
}
