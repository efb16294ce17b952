//! What a document quotes of the code: blocks that name the file they are from,
//! and names of tests, written `file › name`.

use std::path::PathBuf;

use super::code_spans;

/// What is wrong with the quotes of a document; `read` gives the content of a file.
pub(super) fn check(
    document: &str,
    text: &str,
    files: &[PathBuf],
    read: impl Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, quoted) in blocks(text) {
        let content = read(file).unwrap_or_default();
        if !plain(&content).contains(&plain(&quoted)) {
            let first = quoted.trim().lines().next().unwrap_or_default();
            wrong.push(format!("{document}: not in {file}: `{first}` and on"));
        }
    }
    for (file, name) in tests(text) {
        let mut named = files.iter().filter(|path| path.ends_with(file));
        let holds = |path: &PathBuf| {
            let content = read(&path.to_string_lossy());
            content.is_some_and(|content| content.replace("\\'", "'").contains(name))
        };
        if !named.any(holds) {
            wrong.push(format!(
                "{document} names the test `{file} › {name}`, which does not exist"
            ));
        }
    }
    wrong
}

/// Fenced blocks whose fence says, after the language, which file they are from.
fn blocks(text: &str) -> Vec<(&str, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some(fence) = line.trim_start().strip_prefix("```") else {
            continue;
        };
        let content: Vec<_> = lines
            .by_ref()
            .take_while(|line| line.trim() != "```")
            .collect();
        if let Some(file) = fence.split_whitespace().nth(1) {
            blocks.push((file, content.join("\n")));
        }
    }
    blocks
}

/// A quote may be indented otherwise than where it is from.
fn plain(code: &str) -> String {
    let lines = code.lines().map(str::trim);
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn tests(text: &str) -> impl Iterator<Item = (&str, &str)> {
    code_spans(text).filter_map(|span| span.split_once(" › "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_there() {
        let files = [
            PathBuf::from("e2e/wire/a.test.mjs"),
            PathBuf::from("src/b.rs"),
        ];
        let read = |path: &str| match path {
            "e2e/wire/a.test.mjs" => Some("test('is Ada\\'s alone', …".to_owned()),
            "src/b.rs" => Some("fn a() {\n    b();\n    c();\n}\n".to_owned()),
            _ => None,
        };
        let wrong = |text: &str| check("it", text, &files, read);
        assert!(wrong("`a.test.mjs › is Ada's alone`").is_empty());
        assert_eq!(wrong("`a.test.mjs › is Ben's`, `c.rs › d`").len(), 2);
        assert!(wrong("```rust src/b.rs\nb();\nc();\n```\n```rust\nx();\n```").is_empty());
        assert_eq!(wrong("```rust src/b.rs\nb();\nd();\n```").len(), 1);
    }
}
