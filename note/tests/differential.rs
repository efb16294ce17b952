//! Our view against `cmark-gfm`, GitHub's own program, over documents made at random.
//!
//! `TANDEM_CMARK_GFM` names the program where it is not on the path,
//! `TANDEM_DIFFERENTIAL` says how many documents are tried, `TANDEM_SEED` which.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::io::Write as _;
use std::process::{Command, Stdio};

use note::view::View;

#[path = "support/canonical.rs"]
mod canonical;
#[path = "support/generated.rs"]
mod generated;
#[path = "support/parsed.rs"]
mod parsed;

use canonical::canonical;

/// Documents tried when nothing else is asked for.
const DOCUMENTS: usize = 600;

fn asked(name: &str) -> Option<usize> {
    std::env::var(name).ok()?.parse().ok()
}

/// What GitHub's program makes of a document.
fn theirs(markdown: &str) -> String {
    let program = std::env::var("TANDEM_CMARK_GFM").unwrap_or_else(|_| "cmark-gfm".to_owned());
    let mut child = Command::new(&program)
        .args(["--unsafe", "-e", "table", "-e", "strikethrough"])
        .args(["-e", "autolink", "-e", "tasklist"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| {
            panic!("install `cmark-gfm`, or name it in TANDEM_CMARK_GFM: {error}")
        });
    child
        .stdin
        .take()
        .unwrap()
        .write_all(markdown.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{program} failed");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn our_view_means_what_githubs_program_makes_of_it() {
    let seed = asked("TANDEM_SEED").unwrap_or(9) as u64;
    let documents = asked("TANDEM_DIFFERENTIAL").unwrap_or(DOCUMENTS);
    let random = fastrand::Rng::with_seed(seed);
    let mut generator = generated::Generator { random };
    let mut different = Vec::new();
    for round in 0..documents {
        let markdown = generator.document();
        let ours = canonical(&View::new(&markdown).html());
        let theirs = canonical(&theirs(&markdown));
        if ours != theirs {
            different.push(format!(
                "round {round}:\n{markdown}\n-- is   {ours}\n-- not  {theirs}"
            ));
        }
    }
    let shown = different.iter().take(12).cloned().collect::<Vec<_>>();
    assert!(
        different.is_empty(),
        "seed {seed}: {} of {documents} differ:\n{}",
        different.len(),
        shown.join("\n\n")
    );
}
