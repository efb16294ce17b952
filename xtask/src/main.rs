//! The commands behind the npm scripts: `cargo xtask <command>`.
//!
//! Each command first sets up what it needs (`setup.rs`), so a fresh clone needs
//! nothing but Rust and Node. What the product is, this crate does not know: it
//! only knows which programs turn the sources into something that runs.

#![expect(
    clippy::print_stdout,
    reason = "a command line program talks to its user on standard output"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "it tells how long steps take, and is never compiled to wasm"
)]

mod assets;
mod bench;
mod browser;
mod build;
mod chaos;
mod cmark;
mod deploy;
mod fingerprint;
mod layout;
mod packages;
mod page;
mod process;
mod progress;
mod serve;
mod setup;
mod sizes;
mod tally;
mod test;
mod tidy;
mod worker;

use std::process::ExitCode;

use anyhow::{Result, bail};

use build::Variant;
use layout::Layout;

const USAGE: &str = "\
cargo xtask <command>

  start              build if needed, and serve on http://127.0.0.1:8787 (PORT, STATE_DIR)
  test [kind]        every test, or one kind: unit, wire, e2e
  bench [name...]    the benchmarks; one table here, JSON in target/bench
                     (`--traces DIR`: with recorded writing sessions;
                     `--keep`: the run goes into docs/bench; `--lighthouse`)
  chaos [part]       what is never lost, tried with real processes: storm, kills,
                     partitions, cold, database, deploy, fairness, full, soak;
                     tables here, JSON in target/chaos (`--minutes N`, `--seed S`,
                     `--clients N`, `--pages N`, `--rounds N`)
  build [--dev]      the release build, or the one that tests run against
  example            build the example of the `realtime` crate
  deploy [--dry-run] migrate D1 and deploy";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[&str]) -> Result<()> {
    let layout = Layout::find()?;
    match words {
        ["start"] => serve::start(&layout),
        ["build"] => build::build(&layout, Variant::Release),
        ["build", "--dev"] => build::build(&layout, Variant::Dev),
        ["example"] => build::example(&layout),
        ["test", rest @ ..] => test::run(&layout, rest),
        ["bench", rest @ ..] => bench::run(&layout, rest),
        ["chaos", rest @ ..] => chaos::run(&layout, rest),
        ["deploy", rest @ ..] => deploy::run(&layout, rest),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("no command `{}`\n\n{USAGE}", other.join(" ")),
    }
}
