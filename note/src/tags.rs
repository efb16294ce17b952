//! The tags of a note: the `tags:` of the block between two `---` lines that it
//! may begin with. Not a reader of YAML: it knows lists on one line, lists of
//! lines with a hyphen, and words with commas between them, and no more.

use crate::front_matter;

/// Most tags a note has; what comes after is none.
pub const MAX_TAGS: usize = 20;
/// Longest tag, in characters; a longer one is cut.
pub const MAX_TAG_CHARS: usize = 40;

/// The tags of a note, in lower case, each once, in the order they stand there.
#[must_use]
pub fn tags(source: &str) -> Vec<String> {
    front_matter::block(source)
        .map(listed_in)
        .unwrap_or_default()
}

/// The tags that a block of front matter lists.
pub(crate) fn listed_in(front: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut lines = front.lines();
    while let Some(line) = lines.next() {
        let Some(rest) = line.strip_prefix("tags:") else {
            continue;
        };
        let listed = listed(rest.trim());
        if listed.is_empty() {
            let items = lines
                .by_ref()
                .take_while(|line| line.trim_start().starts_with("- "));
            let items = items.map(|line| line.trim_start().trim_start_matches('-'));
            items.for_each(|item| add(&mut tags, item));
        } else {
            listed.split(',').for_each(|item| add(&mut tags, item));
        }
        break;
    }
    tags
}

/// A list on one line, without its brackets.
fn listed(words: &str) -> &str {
    let inner = words
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(words)
}

fn add(tags: &mut Vec<String>, item: &str) {
    let quotes = |c| matches!(c, '"' | '\'');
    let bare = item.trim().trim_matches(quotes).trim();
    let bare = bare.trim_start_matches('#');
    let visible = bare.chars().filter(|c| !c.is_control());
    let short: String = visible.take(MAX_TAG_CHARS).collect();
    let tag = short.trim().to_lowercase();
    if !tag.is_empty() && tags.len() < MAX_TAGS && !tags.contains(&tag) {
        tags.push(tag);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[&str]) {
        assert_eq!(tags(source), expected, "{source:?}");
    }

    #[test]
    fn tags_are_read_from_the_three_forms_of_a_list() {
        check(
            "---\ntags: [Work, 'deep work', \"a\"]\n---\ntext",
            &["work", "deep work", "a"],
        );
        check(
            "---\ntitle: x\ntags:\n  - one\n- two\nlang: de\n---\n",
            &["one", "two"],
        );
        check("---\ntags: one, #two, one\n...\n", &["one", "two"]);
        check("---\ntags: [été, Ünder]\n---\n", &["été", "ünder"]);
    }

    #[test]
    fn anything_else_has_no_tags() {
        for source in [
            "",
            "tags: [a]",
            "---\ntags: [a]\n",
            "text\n---\ntags: [a]\n---\n",
            "---\n  tags: [a]\n---\n",
            "---\ntags:\n---\n",
            "---\ntags: []\n---\n",
            "---\ntags: [,  , \"\"]\n---\n",
            "--- \ntags: [a]\n---\n",
        ] {
            check(source, &[]);
        }
    }

    #[test]
    fn what_a_stranger_may_ask_for_is_bounded() {
        let many: Vec<String> = (0..10_000).map(|n| format!("t{n}")).collect();
        let list = format!("---\ntags: [{}]\n---\n", many.join(","));
        check(&list, &[]);
        let list = format!("---\ntags: [{}]\n---\n", many[..500].join(","));
        assert_eq!(tags(&list).len(), MAX_TAGS);
        let long = format!("---\ntags: [{}]\n---\n", "é".repeat(500));
        assert_eq!(tags(&long)[0].chars().count(), MAX_TAG_CHARS);
        check(&format!("---\n{}", "é".repeat(8 * 1024)), &[]);
        check("---\ntags: [a\u{0}b\u{1b}]\n---\n", &["ab"]);
    }
}
