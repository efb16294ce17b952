//! What somebody typed into a search field, made into an expression of FTS5.
//! Every word is quoted, so that no byte of theirs is part of its language.

/// Longest input that is looked at, in characters; the rest is left out.
pub const MAX_QUERY_CHARS: usize = 200;
/// Most words and phrases looked for; the rest is left out.
pub const MAX_TERMS: usize = 10;

/// What is looked for: every term has to be there, in any order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    terms: String,
}

impl Words {
    /// Reads what was typed: words, and phrases in quotes. The last word may be
    /// unfinished, so it stands for all that begin with it. `None` for nothing
    /// that a word is made of.
    #[must_use]
    pub fn read(typed: &str) -> Option<Self> {
        let typed: String = typed.chars().take(MAX_QUERY_CHARS).collect();
        let terms: Vec<String> = terms(&typed).take(MAX_TERMS).collect();
        (!terms.is_empty()).then(|| Self {
            terms: terms.join(" "),
        })
    }

    /// The expression that finds them in title or text.
    #[must_use]
    pub fn anywhere(&self) -> &str {
        &self.terms
    }

    /// The expression that finds them all in the title.
    #[must_use]
    pub fn in_title(&self) -> String {
        format!("{{title}} : ({})", self.terms)
    }
}

/// Each term as FTS5 reads it. Pieces between quotes are phrases, every second one;
/// a quote that is never closed begins a phrase all the same.
fn terms(typed: &str) -> impl Iterator<Item = String> {
    let last = typed.split('"').count().saturating_sub(1);
    let pieces = typed.split('"').enumerate();
    pieces.flat_map(move |(index, piece)| {
        if index % 2 == 1 {
            return quoted(piece, false).into_iter().collect::<Vec<_>>();
        }
        let words: Vec<&str> = piece.split_whitespace().filter(|word| says(word)).collect();
        let unfinished = words.len().saturating_sub(1);
        let words = words.into_iter().enumerate();
        words
            .filter_map(|(at, word)| {
                quoted(word, index == last && at == unfinished && begins(word))
            })
            .collect()
    })
}

/// A term in quotes. A character that ends a text would end the expression too.
fn quoted(words: &str, unfinished: bool) -> Option<String> {
    let clean: String = words
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let ending = if unfinished { " *" } else { "" };
    says(&clean).then(|| format!("\"{}\"{ending}", clean.trim()))
}

/// Whether there is a letter or digit in it; the index holds nothing else, and a
/// term of nothing would find nothing.
fn says(words: &str) -> bool {
    words.chars().any(char::is_alphanumeric)
}

/// Whether a word is worth completing. One Latin letter begins half of all words;
/// in other scripts one character may be a word, or stand in one.
fn begins(word: &str) -> bool {
    word.len() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, expected: Option<&str>) {
        let words = Words::read(typed);
        assert_eq!(words.as_ref().map(Words::anywhere), expected, "{typed:?}");
    }

    #[test]
    fn words_and_phrases_become_quoted_terms() {
        check("plan", Some("\"plan\" *"));
        check(" two words ", Some("\"two\" \"words\" *"));
        check("\"two words\"", Some("\"two words\""));
        check("a \"b c\" d e", Some("\"a\" \"b c\" \"d\" \"e\""));
        check("a \"b c\" de", Some("\"a\" \"b c\" \"de\" *"));
        check("\"never closed", Some("\"never closed\""));
        check("日", Some("\"日\" *"));
    }

    #[test]
    fn nothing_of_the_language_of_fts5_comes_through() {
        check("a OR bc*", Some("\"a\" \"OR\" \"bc*\" *"));
        check("title:x NEAR(y)", Some("\"title:x\" \"NEAR(y)\" *"));
        check("x\u{0}yz", Some("\"x yz\" *"));
        check("a''b) OR (c", Some("\"a''b)\" \"OR\" \"(c\" *"));
        check("\"\"\"\"", None);
        check("- ! * ( ^", None);
        check("", None);
    }

    #[test]
    fn what_is_looked_for_is_bounded() {
        let many = "word ".repeat(1_000);
        let words = Words::read(&many).unwrap();
        assert_eq!(words.anywhere().split(' ').count(), MAX_TERMS);
        let long = Words::read(&"é".repeat(10_000)).unwrap();
        assert!(long.anywhere().chars().count() <= MAX_QUERY_CHARS + 4);
    }
}
