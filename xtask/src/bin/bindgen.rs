//! The part of the `wasm-bindgen` command line that `worker-build` and our page
//! build use, over the library of the same version.
//!
//! It exists because installing `wasm-bindgen-cli` compiles an HTTP server and a
//! TLS stack that a build has no use for. It knows nothing of Tandem.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

/// The version this program answers to, which must be the one in `Cargo.lock`.
const VERSION: &str = "0.2.130";

fn main() -> Result<()> {
    let mut bindgen = Bindgen::new();
    // The library's default differs from the program's here.
    bindgen.omit_default_module_path(false);
    let mut out_dir = None;
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
                bindgen.out_name(&value()?);
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
            "--keep-debug" => {
                bindgen.keep_debug(true);
            }
            "--remove-name-section" => {
                bindgen.remove_name_section(true);
            }
            "--remove-producers-section" => {
                bindgen.remove_producers_section(true);
            }
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
    bindgen.generate(out_dir.context("--out-dir is missing")?)
}
