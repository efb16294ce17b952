//! Real documents to write in: the specification, what READMEs there are on this
//! machine, and bundled texts where there are none.

use std::path::PathBuf;

/// Texts that are always there.
const BUNDLED: &[&str] = &[
    include_str!("../cases/features.md"),
    include_str!("../cases/blocks.md"),
    include_str!("../cases/inlines.md"),
    include_str!("../cases/across.md"),
    include_str!("../cases/hostile.txt"),
    include_str!("../spec/commonmark.txt"),
    include_str!("../../../ARCHITECTURE.md"),
];

/// Characters of every kind, in Markdown that leans on them.
const UNICODE: &str = "# Ünï ẞß İı ﬁ 漢字\n\n**é**à _ò_ 👩‍🚀👨‍👩‍👧‍👦 e\u{301}\u{327} \u{202e}rtl\u{202c} \u{200b}\u{feff}\n\nעברית *עם* הדגשה\n\n- [ ] 🦀 task\n- [x] \u{1f1e9}\u{1f1ea}\n\n[ẞ]: /ß\n\n[SS] [ẞ][] [^é] \u{a0}\u{2003}\n\n[^É]: наука\n\n| 表 | 格 |\n|---|:-:|\n| 一 | 二 |\n";

/// The documents, at most `most` READMEs among them, each no longer than `bytes`.
pub(super) fn documents(most: usize, bytes: usize) -> Vec<String> {
    let mut found: Vec<String> = BUNDLED.iter().map(|text| (*text).to_owned()).collect();
    found.push(UNICODE.repeat(20));
    found.extend(readmes(most));
    for text in &mut found {
        let mut end = text.len().min(bytes);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    found
}

/// READMEs of the crates whose sources are on this machine, the longest first.
fn readmes(most: usize) -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo")));
    let folders = |path: PathBuf| {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        entries.map(|entry| entry.path())
    };
    let registries = home
        .into_iter()
        .flat_map(|home| folders(home.join("registry/src")));
    let crates = registries.flat_map(folders);
    let texts = crates.filter_map(|path| std::fs::read_to_string(path.join("README.md")).ok());
    let mut texts: Vec<String> = texts.collect();
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts.dedup();
    texts.truncate(most);
    texts
}
