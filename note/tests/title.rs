//! A note's title, followed by patches: what it says is what a summary of the whole note
//! says, and what is written elsewhere has nothing read for it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use note::summary;
use note::view::{Title, View};

/// A note, and its title by one who asks only when there may be something new.
struct Followed {
    view: View,
    title: Title,
}

impl Followed {
    fn new(source: &str) -> Self {
        let view = View::new(source);
        let title = view.title();
        Self { view, title }
    }

    /// Puts words in the place of others; whether the title had to be asked for.
    fn replace(&mut self, from: usize, to: usize, insert: &str) -> bool {
        let patches = self.view.replace(from..to, insert).unwrap();
        let stays = self.title.follow_from((from, true), &self.view, &patches);
        if !stays {
            self.title = self.view.title();
        }
        !stays
    }

    /// Writes behind some words that are there.
    fn write(&mut self, behind: &str, insert: &str) -> bool {
        let at = self.view.source().find(behind).unwrap() + behind.len();
        self.replace(at, at, insert)
    }

    fn is(&self, title: &str) {
        assert_eq!(self.title.text.as_deref(), Some(title));
        let expected = summary::title(&self.view.source());
        assert_eq!(expected.as_deref(), Some(title), "a summary says otherwise");
    }
}

#[test]
fn only_what_says_the_title_has_it_read_again() {
    let list: String = (0..500).map(|item| format!("- item {item}\n")).collect();
    for (source, behind, title) in [
        ("Above.\n\n# Plan\n\nBelow.", "Above", "Plan"),
        ("Above.\n\n# Plan\n\nBelow.", "Below", "Plan"),
        ("# Plan[^1]\n\nBelow.\n\n[^1]: why", "Below", "Plan"),
        ("# [Plan][p]\n\nBelow.\n\n[p]: /plan", "Below", "Plan"),
        ("First.\n\nBelow.", "Below", "First."),
        ("---\ntags: [a]\n---\nFirst.\n\nBelow.", "Below", "First."),
        ("---\ntitle: Mine\n---\nFirst.", "First", "Mine"),
        (list.as_str(), "item 300", "item 0"),
    ] {
        let mut note = Followed::new(source);
        assert!(!note.write(behind, "x"), "{behind:?} of {source:?}");
        note.is(title);
    }
    for (source, behind, title) in [
        ("Above.\n\n# Plan\n\nBelow.", "Plan", "Planx"),
        ("First.\n\nBelow.", "First", "Firstx."),
        ("---\ntitle: Mine\n---\nFirst.", "Mine", "Minex"),
        (list.as_str(), "item 0", "item 0x"),
    ] {
        let mut note = Followed::new(source);
        assert!(note.write(behind, "x"), "{behind:?} of {source:?}");
        note.is(title);
    }
}

#[test]
fn a_block_that_says_nothing_once_its_labels_lead_somewhere_names_no_note() {
    let mut note = Followed::new("![][logo]\n\nMy project\n\n[logo]: /l.png\n");
    note.is("My project");
    note.write("My project", "s");
    note.is("My projects");
    note.write("\n\n[", "x");
    note.is("![][logo]");
}

#[test]
fn what_moves_over_the_edge_of_the_beginning_is_followed() {
    let words = |bytes: usize| "Words of it.\n\n".repeat(bytes / 14);
    let mut note = Followed::new(&format!("Intro\n\n{}# Plan\n\nEnd.\n", words(60_000)));
    note.is("Plan");
    note.write("Intro\n\n", &words(10_000));
    note.is("Intro");
    note.replace(7, 7 + 14 * 700, "");
    note.is("Plan");
    // Within a block, or as blank lines, which no patch tells of.
    for moved in ["More words. ".repeat(6_000), "\n".repeat(70_000)] {
        let mut note = Followed::new("Intro\n\n# Plan\n\nEnd.\n");
        note.write("Intro", &moved);
        let title = note.title.text.clone().unwrap();
        assert!(title.starts_with("Intro"), "{title}");
        note.is(&title);
    }
    // And what a label leads to.
    let mut note = Followed::new(&format!("# [Plan][p]\n\n{}[p]: /plan\n", words(65_000)));
    note.is("Plan");
    note.write("# [Plan][p]\n\n", &words(10_000));
    note.is("[Plan][p]");
    // Front matter is part of the beginning.
    let facts = "---\ntags: [a]\n---\n";
    let above = words(65_536 - facts.len() - 3 - 14);
    let fill = "x".repeat(65_536 - 3 - facts.len() - above.len() - 2);
    let note = Followed::new(&format!("{facts}{above}{fill}\n\n# Plan\n\nEnd.\n"));
    assert_eq!(note.title.text, summary::title(&note.view.source()));
    // Behind the edge it is nobody's affair.
    let long = format!("{}Far away.\n", words(80_000));
    let mut note = Followed::new(&format!("```\n{}```\n\n{long}", "code\n".repeat(20_000)));
    assert!(!note.write("Far away", "x"));
}

#[test]
fn a_long_note_is_called_as_a_summary_calls_it() {
    let mut random = fastrand::Rng::with_seed(7);
    let mut note = Followed::new("");
    let pieces = [
        "Words of it.\n\n",
        "Words of it.\n\n",
        "- a\n- b\n\n",
        "```\ncode\n```\n\n",
        "[x][y]\n\n",
        "[y]: /u\n\n",
    ];
    for _ in 0..400 {
        let len = note.view.len_bytes();
        let goes = len > 100_000 || random.u8(..) < 100;
        let from = random.usize(..=len / 14) * 14;
        if goes {
            note.replace(from, len.min(from + random.usize(..20_000)), "");
        } else {
            // Mostly without a heading: there are few in what is looked at.
            let piece = *random.choice(&pieces).unwrap();
            let heading = if random.u8(..) < 10 { "# Plan\n\n" } else { "" };
            note.replace(
                from,
                from,
                &format!("{heading}{}", piece.repeat(random.usize(1..1_000))),
            );
        }
        let expected = summary::title(&note.view.source());
        assert_eq!(note.title.text, expected);
    }
}

#[test]
fn a_view_that_is_paused_has_a_title() {
    let mut note = Followed::new(&format!("First\n\n{}", "*".repeat(320_000)));
    assert!(note.view.paused());
    note.write("First", " words");
    note.is("First words");
    assert!(!note.replace(200_000, 200_000, "x"));
}

#[test]
fn the_title_is_the_same_however_much_comes_after_it() {
    let long = "More *words* of it.\n\n".repeat(500);
    let late = format!("{long}# Late\n\n");
    for beginning in [
        "# A *plain* `one`\n\n",
        "First.\n\n# [A link][x]\n\n[x]: /u\n\n",
        "```\n# Code\n\n# More code\n",
        "<div>\n# Raw\n\n# After\n\n",
        "---\ntags: [a]\n---\n# After facts\n\n",
        "---\n# No fact\n\n",
        "A\n=\n\n",
        "# ",
        "",
    ] {
        for end in [&long, &late, "\n\n[x]: /u"] {
            let source = format!("{beginning}{long}{end}");
            let title = View::new(&source).title().text;
            assert_eq!(title, summary::title(&source), "{beginning:?}");
        }
    }
}
