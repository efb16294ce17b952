//! Whole writing sessions: after every edit the view is what rendering the text afresh
//! gives, byte for byte, and what each of the two took. Recorded sessions where
//! `TANDEM_TRACES` names some, else one from a seed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark prints, and stops when something is wrong"
)]

use std::time::{Duration, Instant};

use note::view::{View, apply_patches};
use ropey::Rope;

#[path = "support/worn.rs"]
mod worn;

use worn::Session;

fn replay(name: usize, session: &Session) -> serde_json::Value {
    let mut text = Rope::new();
    let mut view = View::default();
    let mut page = Vec::new();
    let (mut incremental, mut whole) = (Vec::new(), Vec::new());
    for (at, gone, insert) in session {
        let range = text.char_to_byte(*at)..text.char_to_byte(at + gone);
        text.remove(*at..at + gone);
        text.insert(*at, insert);
        let began = Instant::now();
        let patches = view.replace(range, insert).unwrap();
        incremental.push(began.elapsed());
        apply_patches(&mut page, &patches).unwrap();
        let source = text.to_string();
        let began = Instant::now();
        let afresh = View::new(&source);
        whole.push(began.elapsed());
        assert_eq!(
            view.html(),
            afresh.html(),
            "after {} edits",
            incremental.len()
        );
        let shown: Vec<&str> = page.iter().map(|block| block.html.as_str()).collect();
        assert_eq!(shown.join("\n"), afresh.html(), "patches lead elsewhere");
    }
    let [one, all] = [&mut incremental, &mut whole].map(|times| quantiles(times));
    println!(
        "{name:>8} {:>8} {:>8} {:>7.1} {:>7.1} {:>9.1} {:>9.1} {:>7.0}",
        session.len(),
        text.len_bytes(),
        one[0],
        one[1],
        all[0],
        all[1],
        all[0] / one[0],
    );
    serde_json::json!({
        "edits": session.len(), "bytes": text.len_bytes(),
        "p50": one[0], "p99": one[1], "whole_p50": all[0], "whole_p99": all[1],
    })
}

fn quantiles(times: &mut [Duration]) -> [f64; 2] {
    times.sort_unstable();
    [50, 99].map(|share| times[(times.len() - 1) * share / 100].as_secs_f64() * 1e6)
}

fn main() {
    println!("Microseconds of an edit's view, and of a view made afresh; equal after every edit");
    println!(" session    edits    bytes     p50     p99 whole p50 whole p99   ratio");
    worn::replay_each("sessions", "microseconds", replay);
}
