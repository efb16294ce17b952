//! Cuts off the parts of the page's wasm that are fetched later, where
//! `#[wasm_split]` says so: `split <compiled> <folder> <main>` writes the parts and
//! the script that fetches them into the folder, and the rest to `main`, for
//! `wasm-bindgen` to go on with. It knows nothing of Tandem.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, anyhow, bail};
use wasm_split_cli_support::{Options, transform};

fn main() -> Result<()> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [compiled, folder, main] = arguments.as_slice() else {
        bail!("usage: split <compiled wasm> <folder of parts> <rest of the wasm>");
    };
    let name = main
        .file_stem()
        .and_then(|stem| stem.to_str())
        .context("the rest of the wasm has no name")?;
    // What wasm-bindgen will call the script of the rest.
    let script = format!("./{name}.js");
    let wasm = fs::read(compiled).with_context(|| format!("{}", compiled.display()))?;
    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = main;
    options.main_module = &script;
    options.link_name = "./parts.js";
    // Its errors are of another kind than ours.
    transform(options).map_err(|error| anyhow!("{error:#}"))?;
    Ok(())
}
