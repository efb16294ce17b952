//! Markdown as people write it, made at random from what both readers know: the
//! blocks of CommonMark and of GitHub's extensions, in one another, around words
//! with emphasis, code, links and addresses.
//!
//! Left out is what only one of the two reads, or what each reads by its own rule
//! (`spec/deviations.txt` lists those that are ours): HTML, `^`, `$`, single `~`,
//! `[[`, `==`, `:name:`, footnotes, alerts, definition lists, front matter. Nor is there
//! a `[` without its end, behind which GitHub's program finds no bare address, nor
//! `[x]` in a task, which it ticks by that, nor a task in another block, where it
//! overlooks some, nor an address right before a backslash, which it takes along, nor
//! a rule in another block, behind which it takes a list that is loose for tight, nor
//! a table of a head alone there, which it takes for a blank line.

/// Words, and what stands among them.
const WORDS: &[&str] = &[
    "word", "and", "Ada", "über", "naïve", "漢字", "x_y_z", "2", "1.", "a-b", "don't", "(so)",
    "#5", "c*", "\\*", "\\_", "&amp;", "&copy;", "&#65;", "a\\\\b", "_", "*", "!", "x!", "y]", "<",
    "a < b", "\"q\"",
];

/// Blocks in one another, at most.
const DEPTH: usize = 3;

/// A generator of documents.
pub(super) struct Generator {
    pub(super) random: fastrand::Rng,
}

impl Generator {
    /// One document.
    pub(super) fn document(&mut self) -> String {
        let mut out = self.blocks(DEPTH);
        if self.random.u8(..3) == 0 {
            out.push_str("\n\n[ref]: /url \"A title\"\n[other one]: <https://e.org/a b>\n");
        }
        out
    }

    fn blocks(&mut self, depth: usize) -> String {
        let count = self.random.usize(1..5);
        let blocks: Vec<String> = (0..count).map(|_| self.block(depth)).collect();
        blocks.join("\n\n")
    }

    fn block(&mut self, depth: usize) -> String {
        let leaf = depth == 0;
        match self.random.u8(..if leaf { 8 } else { 12 }) {
            0..=2 => self.paragraph(),
            3 => format!("{} {}", "#".repeat(self.random.usize(1..=6)), self.line()),
            4 => format!("{}\n{}", self.line(), self.pick(&["===", "---"])),
            5 => {
                let fence = self.pick(&["```", "~~~", "````"]);
                let info = self.pick(&["", "rust", "sh"]);
                format!("{fence}{info}\nlet a = *b*;\n\n  <tag> & more\n{fence}")
            }
            6 if depth == DEPTH => self.pick(&["***", "* * *", "___"]).to_owned(),
            6 => "    code\n\n    more".to_owned(),
            7 => self.table(usize::from(depth < DEPTH)),
            8 => indented(&self.blocks(depth - 1), "> ", "> "),
            _ => self.list(depth),
        }
    }

    fn list(&mut self, depth: usize) -> String {
        let markers = ["- ", "* ", "1. ", "3) ", "- [ ] ", "- [x] "];
        let known = if depth == DEPTH {
            &markers
        } else {
            &markers[..4]
        };
        let marker = self.pick(known);
        let is_task = marker.contains('[');
        let marks = marker.trim_end_matches("[ ] ").trim_end_matches("[x] ");
        let between = self.pick(&["\n", "\n\n"]);
        let count = self.random.usize(1..4);
        let items: Vec<String> = (0..count)
            .map(|_| {
                let content = match self.random.u8(..3) {
                    0 if !is_task => self.blocks(depth - 1),
                    1 => format!("{}\n{}", self.line(), self.list_of_one()),
                    _ => self.line(),
                };
                indented(&content, marker, &" ".repeat(marks.len()))
            })
            .collect();
        items.join(between)
    }

    fn list_of_one(&mut self) -> String {
        format!("- {}", self.line())
    }

    fn table(&mut self, fewest: usize) -> String {
        let columns = self.random.usize(1..4);
        let mut rows = vec![self.row(columns)];
        let rule: Vec<&str> = (0..columns)
            .map(|_| self.pick(&["---", ":--", "--:", ":-:"]))
            .collect();
        rows.push(format!("| {} |", rule.join(" | ")));
        for _ in 0..self.random.usize(fewest..3) {
            rows.push(self.row(columns));
        }
        rows.join("\n")
    }

    fn row(&mut self, columns: usize) -> String {
        let cells: Vec<String> = (0..columns)
            .map(|_| self.inline().replace('|', ""))
            .collect();
        format!("| {} |", cells.join(" | "))
    }

    fn paragraph(&mut self) -> String {
        let count = self.random.usize(1..4);
        let lines: Vec<String> = (0..count).map(|_| self.line()).collect();
        lines.join(self.pick(&["\n", "  \n", " \\\n"]))
    }

    /// A line that begins with a letter, so that it is no other block.
    fn line(&mut self) -> String {
        let count = self.random.usize(1..6);
        let words: Vec<String> = (0..count).map(|_| self.inline()).collect();
        format!("So {}", words.join(" "))
    }

    fn inline(&mut self) -> String {
        let word = self.pick(WORDS).to_owned();
        match self.random.u8(..16) {
            0 => format!("*{word}*"),
            1 => format!("**{word} b**"),
            2 => format!("_{word}_"),
            3 => format!("***{word}***"),
            4 => format!("~~{word}~~"),
            5 => format!("`{}`", word.replace('`', "")),
            6 => format!("[{}](/u \"t\")", self.pick(&["a", "*b*", "`c`"])),
            7 => format!("![{}](/i.png)", self.pick(&["a", "*b*"])),
            8 => self
                .pick(&["[ref]", "[y][ref]", "[Other One][]", "[none]"])
                .to_owned(),
            9 => self
                .pick(&[
                    "https://e.org/a_b",
                    "http://e.org/?q=1&r=(2).",
                    "www.e.org/x,",
                    "ada@e.org",
                    "<https://e.org/a>",
                ])
                .to_owned(),
            _ => word,
        }
    }

    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.random.usize(..from.len())]
    }
}

/// A text with something before its first line and before each other.
fn indented(text: &str, first: &str, other: &str) -> String {
    let mut out = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        let before = if index == 0 { first } else { other };
        out.push_str(if line.is_empty() {
            before.trim_end()
        } else {
            before
        });
        out.push_str(line);
    }
    out
}
