//! Random editing sessions of several replicas, from a seed.

use note::{ClientId, Document, Edit};

/// What is typed: characters of one to four bytes, pairs, and marks that combine.
const PARTS: [&str; 14] = [
    "a",
    "b",
    "word ",
    "é",
    "e\u{301}",
    "😀",
    "👩‍👩‍👧",
    "\n",
    "- item\n",
    "# h\n",
    "漢字",
    "\u{202e}",
    "x",
    "\u{0}",
];

/// The longest piece that one edit takes out, in characters.
const MAX_GONE: usize = 12;

/// A list of one to three edits of a text, at whole characters.
pub(crate) fn random_edits(random: &mut fastrand::Rng, text: &str) -> Vec<Edit> {
    let mut places = vec![0u32];
    places.extend(text.chars().scan(0, |unit, character| {
        *unit += character.len_utf16() as u32;
        Some(*unit)
    }));
    let mut edits = Vec::new();
    let mut first = 0;
    for _ in 0..random.usize(1..=3) {
        if first >= places.len() {
            break;
        }
        let from = random.usize(first..places.len());
        let gone = if random.bool() {
            0
        } else {
            random.usize(0..=MAX_GONE)
        };
        let to = (from + gone).min(places.len() - 1);
        let insert: String = (0..random.usize(0..4))
            .map(|_| PARTS[random.usize(0..PARTS.len())])
            .collect();
        edits.push(Edit::new(places[from], places[to], insert));
        first = to + 1;
    }
    edits
}

/// Empty replicas with these clients.
pub(crate) fn replicas(clients: &[u64]) -> Vec<Document> {
    clients
        .iter()
        .map(|&client| Document::new(ClientId(client)))
        .collect()
}

/// Lets replicas edit, passing on what the others lack now and then, and returns
/// every update that was made or passed on, in an order that can be applied.
pub(crate) fn play(
    random: &mut fastrand::Rng,
    replicas: &mut [Document],
    turns: usize,
) -> Vec<Vec<u8>> {
    let mut updates = Vec::new();
    for _ in 0..turns {
        let writer = random.usize(0..replicas.len());
        let edits = random_edits(random, &replicas[writer].text());
        updates.push(replicas[writer].edit(&edits).unwrap());
        if random.u8(0..3) == 0 {
            let reader = random.usize(0..replicas.len());
            let lacking = replicas[writer]
                .diff(&replicas[reader].state_vector())
                .unwrap();
            let checked = replicas[reader].check(&lacking).unwrap();
            replicas[reader].apply(&checked).unwrap();
            updates.push(lacking);
        }
    }
    updates
}
