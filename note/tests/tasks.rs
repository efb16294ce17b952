//! A box that somebody saw in an earlier view is found where it stands now, or is
//! said to be gone, whatever was written since.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use note::view::{Replaced, Untraced, View};

#[path = "support/writing.rs"]
#[expect(dead_code, reason = "the notes of other tests have no tasks")]
mod writing;

/// Boxes asked for when nothing else is said (`TANDEM_TASKS`).
const ASKED: usize = 20_000;

/// Boxes of a block: where each stands in its section.
fn boxes(html: &str) -> impl Iterator<Item = usize> {
    html.split(" data-at=\"").skip(1).map(|rest| {
        let (at, _) = rest.split_once('"').unwrap();
        at.parse().unwrap()
    })
}

/// A text whose every character has a name that it keeps.
struct Model {
    chars: Vec<(char, u32)>,
    named: u32,
}

impl Model {
    fn new(text: &str) -> Self {
        let mut model = Model {
            chars: Vec::new(),
            named: 0,
        };
        model.replace(0..0, text);
        model
    }

    fn index(&self, byte: usize) -> usize {
        let mut at = 0;
        let before = self.chars.iter().take_while(|(c, _)| {
            let before = at < byte;
            at += c.len_utf8();
            before
        });
        before.count()
    }

    /// One byte in the place of one keeps its name.
    fn replace(&mut self, range: std::ops::Range<usize>, insert: &str) {
        let (from, to) = (self.index(range.start), self.index(range.end));
        if to - from == 1 && range.len() == 1 && insert.len() == 1 {
            self.chars[from].0 = insert.chars().next().unwrap();
            return;
        }
        let fresh: Vec<_> = insert
            .chars()
            .map(|c| {
                self.named += 1;
                (c, self.named)
            })
            .collect();
        self.chars.splice(from..to, fresh);
    }

    fn name_at(&self, byte: usize) -> u32 {
        self.chars[self.index(byte)].1
    }

    /// Where every character stands, by its name.
    fn places(&self) -> BTreeMap<u32, usize> {
        let mut at = 0;
        let place = |(c, name): &(char, u32)| {
            let here = at;
            at += c.len_utf8();
            (*name, here)
        };
        self.chars.iter().map(place).collect()
    }
}

/// What a page was shown: the boxes, and the character each is about.
struct Shown {
    revision: u64,
    boxes: Vec<(usize, usize, u32)>,
}

fn show(view: &View, model: &Model, revision: u64) -> Shown {
    let mut shown = Vec::new();
    for (block, at) in all_boxes(view) {
        let range = view.task(revision, block, at).unwrap().range;
        let around = &view.source()[range.start - 1..=range.end];
        assert!(
            around.starts_with('[') && around.ends_with(']'),
            "{around:?} in {:?}",
            view.source()
        );
        shown.push((block, at, model.name_at(range.start)));
    }
    Shown {
        revision,
        boxes: shown,
    }
}

fn all_boxes(view: &View) -> Vec<(usize, usize)> {
    let blocks = view.blocks();
    let blocks = blocks.iter().enumerate();
    blocks
        .flat_map(|(block, shown)| boxes(&shown.html).map(move |at| (block, at)))
        .collect()
}

fn list_of_tasks(random: &mut fastrand::Rng) -> String {
    let mut text = String::from("# 😀 Things 🦀\n\nWords 漢字.\n\n");
    for number in 0..random.usize(5..40) {
        let indent = "  ".repeat(random.usize(0..3));
        let quote = if random.u8(..10) == 0 { "> " } else { "" };
        let mark = random.choice([" ", "x", "X"]).unwrap();
        text.push_str(&format!("{quote}{indent}- [{mark}] 👩‍🚀 task {number}\n"));
        if random.u8(..6) == 0 {
            text.push_str("\nBetween é.\n\n");
        }
    }
    text
}

#[test]
fn a_box_is_found_where_it_stands_now() {
    let wanted = std::env::var("TANDEM_TASKS").ok();
    let wanted = wanted.and_then(|count| count.parse().ok()).unwrap_or(ASKED);
    let (mut asked, mut found, mut gone, mut seed) = (0, 0, 0, 0);
    while asked < wanted {
        seed += 1;
        assert!(seed < 1_000 || asked > 0, "there are no boxes");
        let mut random = fastrand::Rng::with_seed(seed);
        let text = list_of_tasks(&mut random);
        let (mut view, mut model) = (View::new(&text), Model::new(&text));
        let mut revision = random.u64(1..1_000_000);
        view.name(revision);
        let mut past = vec![show(&view, &model, revision)];
        for step in 0..60 {
            let story = format!("seed {seed}, step {step}, {:?}", view.source());
            let mut patched = false;
            if random.u8(..4) == 0 {
                patched = press(&mut random, &mut view, &mut model, revision);
            }
            for _ in 0..random.usize(1..4) {
                let (range, insert) = writing::some_edit(&mut random, &view.source());
                if view.source()[range.clone()] == insert {
                    continue;
                }
                model.replace(range.clone(), &insert);
                patched |= !view.replace(range, &insert).unwrap().is_empty();
            }
            if patched {
                revision += 1;
            }
            view.name(revision);
            let (places, now) = (model.places(), show(&view, &model, revision));
            let standing: Vec<u32> = now.boxes.iter().map(|(_, _, name)| *name).collect();
            for _ in 0..6 {
                let shown = random.choice(&past).unwrap();
                let Some((block, at, name)) = random.choice(&shown.boxes) else {
                    continue;
                };
                asked += 1;
                let answer = view.task(shown.revision, *block, *at);
                if standing.contains(name) {
                    let task = answer.unwrap_or_else(|why| panic!("{why}: {story}"));
                    assert_eq!(task.range.start, places[name], "{story}");
                    let mark = &view.source()[task.range];
                    assert_eq!(task.done, mark.eq_ignore_ascii_case("x"), "{story}");
                    found += 1;
                } else {
                    assert_eq!(answer, Err(Untraced::Gone), "{story}");
                    gone += 1;
                }
            }
            past.push(now);
        }
    }
    println!("{asked} boxes asked for: {found} found, {gone} gone");
    assert!(found > asked / 4 && gone > asked / 20, "{found}, {gone}");
}

/// Presses a box, as a room does.
fn press(random: &mut fastrand::Rng, view: &mut View, model: &mut Model, revision: u64) -> bool {
    let Some((block, at)) = random.choice(all_boxes(view)) else {
        return false;
    };
    let task = view.task(revision, block, at).unwrap();
    // Another character than a space or an `x` may stand there, of more bytes.
    let mark = if task.done { " " } else { "x" };
    model.replace(task.range.clone(), mark);
    !view.replace(task.range, mark).unwrap().is_empty()
}

#[test]
fn several_edits_rendered_as_one_keep_what_stands_between_them() {
    let text = "- [ ] one\n- [ ] two\n- [ ] three\n";
    let mut view = View::new(text);
    view.name(1);
    let shown: Vec<_> = all_boxes(&view);
    // A word before the first and one in the last item, and the second ticked.
    let insert = "Now: one\n- [x] two\n- [ ] th";
    let start = text.find("one").unwrap();
    let end = text.find("ree").unwrap();
    let two = text.find("] two").unwrap() - 1;
    let places = [
        (start, start, "Now: ".len()),
        (two, two + 1, 1),
        (end, end, 0),
    ];
    let replaced = |(start, end, came)| Replaced { start, end, came };
    view.expect_changes(places.map(replaced).to_vec());
    view.replace(start..end, insert).unwrap();
    view.name(2);
    for ((block, at), text) in shown.into_iter().zip(["Now: one", "two", "three"]) {
        let task = view.task(1, block, at).unwrap();
        assert!(view.source()[task.range.end..].starts_with(&format!("] {text}\n")));
        assert_eq!(task.done, text == "two");
    }
}

#[test]
fn what_is_said_of_changes_counts_for_that_change_alone() {
    let mut view = View::new("- [ ] one\n\n- [ ] two\n");
    view.name(1);
    // Nothing comes of it: the text is the same.
    view.expect_changes(vec![Replaced {
        start: 0,
        end: 0,
        came: 5,
    }]);
    view.replace(0..5, "- [ ]").unwrap();
    view.replace(0..0, "Above.\n\n").unwrap();
    view.name(2);
    let task = view.task(1, 0, 3).unwrap();
    assert_eq!(task.range.start, view.source().find("] one").unwrap() - 1);
}

#[test]
fn only_the_last_revisions_are_known() {
    let mut view = View::new("- [ ] one\n\nword\n");
    view.name(7);
    assert_eq!(view.task(6, 0, 3), Err(Untraced::TooOld));
    assert_eq!(view.task(8, 0, 3), Err(Untraced::TooOld));
    for step in 0..1_024 {
        let end = view.source().len() - 1;
        view.replace(end..end, "x").unwrap();
        view.name(8 + step);
    }
    assert!(view.task(7, 0, 3).is_ok());
    assert!(view.task(1_031, 0, 3).is_ok());
    view.replace(0..0, "Above.\n\n").unwrap();
    view.name(2_000);
    assert_eq!(view.task(7, 0, 3), Err(Untraced::TooOld));
    assert_eq!(view.task(1_999, 0, 3), Err(Untraced::TooOld));
    let start = view.task(8, 0, 3).unwrap().range.start;
    assert_eq!(start, "Above.\n\n- [".len());
}

#[test]
fn a_box_that_was_never_shown_is_none() {
    let mut view = View::new("- [ ] one\n\n`data-at=\"0\"` \" data-at=\"3\"\n");
    view.name(1);
    for (block, at) in [
        (0, 0),
        (0, 2),
        (0, 4),
        (0, usize::MAX),
        (1, 0),
        (1, 3),
        (2, 0),
    ] {
        assert_eq!(
            view.task(1, block, at),
            Err(Untraced::Gone),
            "{block}, {at}"
        );
    }
    assert_eq!(view.task(1, usize::MAX, usize::MAX), Err(Untraced::Gone));
}

#[test]
fn a_pause_forgets_what_was_shown() {
    let mut view = View::new("- [ ] one\n");
    view.name(1);
    let too_much = "*".repeat(400_000);
    let end = view.source().len();
    view.replace(end..end, &too_much).unwrap();
    assert!(view.paused());
    view.name(2);
    assert_eq!(view.task(1, 0, 3), Err(Untraced::TooOld));
    view.replace(end..end + too_much.len(), "").unwrap();
    view.name(3);
    assert!(!view.paused());
    for old in [1, 2] {
        assert_eq!(view.task(old, 0, 3), Err(Untraced::TooOld));
    }
    assert!(view.task(3, 0, 3).is_ok());
}
