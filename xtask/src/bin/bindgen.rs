//! The part of the `wasm-bindgen` command line that `worker-build` and our page
//! build use, over the library of the same version; and `--short-imports`, which it
//! has not.
//!
//! It exists because installing `wasm-bindgen-cli` compiles an HTTP server and a
//! TLS stack that a build has no use for. It knows nothing of Tandem.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::{Bindgen, Output};

/// The version this program answers to, which must be the one in `Cargo.lock`.
const VERSION: &str = "0.2.130";

fn main() -> Result<()> {
    let mut bindgen = Bindgen::new();
    // The library's default differs from the program's here.
    bindgen.omit_default_module_path(false);
    let mut out_dir = None;
    let mut out_name = None;
    let mut short_imports = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .with_context(|| format!("{argument} needs a value"))
        };
        match argument.as_str() {
            "--version" | "-V" => {
                eprintln!("wasm-bindgen {VERSION}");
                return Ok(());
            }
            "--out-dir" => out_dir = Some(PathBuf::from(value()?)),
            "--out-name" => {
                let name = value()?;
                bindgen.out_name(&name);
                out_name = Some(name);
            }
            "--target" => match value()?.as_str() {
                "module" => {
                    bindgen.module(true)?;
                }
                "web" => {
                    bindgen.web(true)?;
                }
                "bundler" => {
                    bindgen.bundler(true)?;
                }
                other => bail!("unknown target {other}"),
            },
            "--typescript" => {
                bindgen.typescript(true);
            }
            "--no-typescript" => {
                bindgen.typescript(false);
            }
            "--debug" => {
                bindgen.debug(true);
            }
            "--no-demangle" => {
                bindgen.demangle(false);
            }
            "--keep-lld-exports" => {
                bindgen.keep_lld_exports(true);
            }
            "--keep-debug" => {
                bindgen.keep_debug(true);
            }
            "--remove-name-section" => {
                bindgen.remove_name_section(true);
            }
            "--remove-producers-section" => {
                bindgen.remove_producers_section(true);
            }
            "--short-imports" => short_imports = true,
            "--omit-default-module-path" => {
                bindgen.omit_default_module_path(true);
            }
            "--split-linked-modules" => {
                bindgen.split_linked_modules(true);
            }
            "--experimental-reset-state-function" => {
                bindgen.reset_state_function(true);
            }
            "--force-enable-abort-handler" => {
                bindgen.force_enable_abort_handler(true);
            }
            other if other.starts_with('-') => bail!("unknown option {other}"),
            input => {
                bindgen.input_path(input);
            }
        }
    }
    let out_dir = out_dir.context("--out-dir is missing")?;
    let mut output = bindgen.generate_output()?;
    if !short_imports {
        return output.emit(out_dir);
    }
    let name = out_name.context("--short-imports needs --out-name")?;
    let short = shorten(&mut output, &format!("./{name}_bg.js"));
    output.emit(&out_dir)?;
    rename(&out_dir.join(name).with_extension("js"), &short)
}

/// Gives what the wasm imports of its script other names, and returns the name of each.
/// Those that it had end in a hash each, which no compression makes smaller.
fn shorten(output: &mut Output, script: &str) -> HashMap<String, String> {
    let mut names = HashMap::new();
    let imports = output.wasm_mut().imports.iter_mut();
    for import in imports.filter(|import| import.module == script) {
        let next = format!("w{}", names.len());
        let short = names.entry(import.name.clone()).or_insert(next);
        import.name.clone_from(short);
    }
    names
}

/// Writes the names into the script, where they are the keys of an object.
fn rename(script: &Path, names: &HashMap<String, String>) -> Result<()> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let written = fs::read_to_string(script)?;
    let mut renamed = String::with_capacity(written.len());
    let mut rest = written.as_str();
    while let Some(start) = rest.find(is_name) {
        let (before, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c| !is_name(c)).unwrap_or(from.len()));
        renamed.push_str(before);
        renamed.push_str(names.get(word).map_or(word, String::as_str));
        rest = after;
    }
    renamed.push_str(rest);
    fs::write(script, renamed).with_context(|| format!("could not write {}", script.display()))
}
