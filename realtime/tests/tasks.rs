//! A task's box that is pressed in the view: the very one, and once.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod support;

use fastrand::Rng;
use note::Edit;
use realtime::{Access, Action, Event, Refusal, Request, Tick, Ticked, Who};
use support::{Network, admission};

/// Boxes pressed when nothing else is said (`TANDEM_CLICKS`).
const CLICKS: usize = 60;
/// Least length of the note they are in.
const NOTE_BYTES: usize = 200_000;

/// Presses a box as a request does; the readers' patches are on their way after it.
fn press(network: &mut Network, access: Access, tick: Tick) -> Result<Ticked, Refusal> {
    network.wake();
    let request = Request {
        by: admission(9, access),
        action: Action::Tick(tick),
    };
    let now = network.now;
    let room = network.room.as_mut().unwrap();
    let (done, effects) = room.act(&request, &network.disk, now)?;
    network.perform(effects);
    let effects = network.room.as_mut().unwrap().refresh(&Who::All);
    network.perform(effects);
    Ok(done.ticked.unwrap())
}

/// The revision that a page shows.
fn shown(network: &Network, page: usize) -> u64 {
    let event = network.pages[page].events.iter().rev().find_map(|event| {
        if let Event::View { revision, .. } | Event::Hello { revision, .. } = event {
            Some(*revision)
        } else {
            None
        }
    });
    event.unwrap()
}

/// The boxes in a page's view: block, place in it, whether ticked, and the item's name.
fn boxes(network: &Network, page: usize) -> Vec<(usize, usize, bool, String)> {
    let mut found = Vec::new();
    for (block, shown) in network.pages[page].blocks.iter().enumerate() {
        for rest in shown.html.split("<input ").skip(1) {
            let (tag, after) = rest.split_once('>').unwrap();
            let (_, at) = tag.split_once("data-at=\"").unwrap();
            let (at, _) = at.split_once('"').unwrap();
            let (_, name) = after.split_once('«').unwrap();
            let (name, _) = name.split_once('»').unwrap();
            let ticked = tag.split_whitespace().any(|word| word == "checked");
            found.push((block, at.parse().unwrap(), ticked, name.to_owned()));
        }
    }
    found
}

/// A page's box, by the item's name.
fn box_of(network: &Network, page: usize, name: &str, done: bool) -> Tick {
    let found = boxes(network, page).into_iter().find(|it| it.3 == name);
    let (block, at, ..) = found.unwrap();
    Tick {
        revision: shown(network, page),
        block,
        at,
        done,
    }
}

fn mark_of(text: &str, name: &str) -> char {
    let at = text.find(&format!("] «{name}»")).unwrap();
    text[..at].chars().next_back().unwrap()
}

#[test]
fn v5_presses_while_three_type_tick_the_right_boxes() {
    let clicks = std::env::var("TANDEM_CLICKS").ok();
    let clicks = clicks
        .and_then(|count| count.parse().ok())
        .unwrap_or(CLICKS);
    let mut network = Network::new();
    let mut random = Rng::with_seed(500);
    let writers: Vec<usize> = (1..=3).map(|n| network.writer(n)).collect();
    let mut text = "# 👩‍🚀 All of it 🦀\n\nMany emoji 😀😀😀 above, é漢.\n\n".to_owned();
    let mut count = 0;
    while text.len() < NOTE_BYTES {
        text.push_str(&format!(
            "Part 🙂 {count}, with some words that fill it.\n\n"
        ));
        for _ in 0..=random.usize(0..5) {
            text.push_str(&format!("- [ ] «{count}» a task 🎉 to do\n"));
            count += 1;
        }
        text.push('\n');
    }
    network.insert(writers[0], 0, &text);
    network.settle();
    let reader = network.join(admission(4, Access::View));
    let watcher = network.join(admission(5, Access::View));
    network.settle();

    let (mut now, mut late) = (0, 0);
    for click in 0..clicks {
        // What the reader sees, and presses a moment later.
        let shown_boxes = boxes(&network, reader);
        let (block, at, _, name) = shown_boxes[random.usize(0..shown_boxes.len())].clone();
        let revision = shown(&network, reader);
        for writer in &writers {
            for _ in 0..random.usize(0..4) {
                let text = network.pages[*writer].editor.clone().unwrap();
                let at = place_to_write(&mut random, &text);
                let words = ["a", " 😀", "é", "\n\nNew 🦀\n\n", "x "][random.usize(0..5)];
                network.insert(*writer, at, words);
            }
            for _ in 0..random.usize(0..3) {
                network.deliver_to_server(*writer);
            }
        }
        let before = network.room.as_ref().unwrap().text();
        // A page need not have seen what became of its last press.
        let done = mark_of(&before, &name) == ' ';
        let tick = Tick {
            revision,
            block,
            at,
            done,
        };
        let became = press(&mut network, Access::Edit, tick).unwrap();
        assert_eq!(became, Ticked::Now, "click {click}");
        let after = network.room.as_ref().unwrap().text();
        assert_eq!(mark_of(&after, &name), if done { 'x' } else { ' ' });
        let differ = before.chars().zip(after.chars()).filter(|(a, b)| a != b);
        assert_eq!(differ.count(), 1, "click {click}: one box and nothing else");
        assert_eq!(before.len(), after.len());
        now += 1;
        while network.deliver_to_page(watcher) {}
        late += usize::from(shown(&network, watcher) > revision + 1);
        network.advance(random.usize(0..40) as u64);
        for _ in 0..random.usize(0..6) {
            network.deliver_to_page(reader);
        }
    }
    network.settle();
    println!("{now} of {clicks} presses ticked the right box; {late} were made in an older view");
    assert_eq!(now, clicks);
    assert!(late > clicks / 4, "others were typing: {late}");
}

/// A UTF-16 offset at the end of some line, which is in no box.
fn place_to_write(random: &mut Rng, text: &str) -> u32 {
    let from = (0..=random.usize(0..text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap();
    let line_end = text[from..].find('\n').map_or(text.len(), |at| from + at);
    text[..line_end].encode_utf16().count() as u32
}

#[test]
fn v5_pressed_twice_is_ticked_once() {
    let mut network = Network::new();
    let writer = network.writer(1);
    network.insert(writer, 0, "- [ ] «tea»\n- [X] «milk»\n");
    network.settle();
    let tick = box_of(&network, writer, "tea", true);
    assert_eq!(press(&mut network, Access::Edit, tick), Ok(Ticked::Now));
    assert_eq!(press(&mut network, Access::Edit, tick), Ok(Ticked::Already));
    assert_eq!(network.text(), "- [x] «tea»\n- [X] «milk»\n");
    let milk = box_of(&network, writer, "milk", true);
    assert_eq!(press(&mut network, Access::Edit, milk), Ok(Ticked::Already));
    let off = Tick {
        done: false,
        ..milk
    };
    assert_eq!(press(&mut network, Access::Edit, off), Ok(Ticked::Now));
    network.settle();
    assert_eq!(network.text(), "- [x] «tea»\n- [ ] «milk»\n");
    network.assert_converged();
}

#[test]
fn v5_a_box_that_is_gone_ticks_none_other() {
    let mut network = Network::new();
    let writer = network.writer(1);
    network.insert(writer, 0, "- [ ] «tea»\n- [ ] «milk»\n");
    network.settle();
    let tea = box_of(&network, writer, "tea", true);
    let gone = Edit::new(0, "- [ ] «tea»\n".encode_utf16().count() as u32, "");
    network.type_at(writer, &[gone]).unwrap();
    network.settle();
    assert_eq!(press(&mut network, Access::Edit, tea), Ok(Ticked::Gone));
    // No longer a task, though the brackets stand where they stood.
    let milk = box_of(&network, writer, "milk", true);
    network.type_at(writer, &[Edit::new(0, 1, "")]).unwrap();
    network.settle();
    assert_eq!(press(&mut network, Access::Edit, milk), Ok(Ticked::Gone));
    assert_eq!(network.text(), " [ ] «milk»\n");
}

#[test]
fn v5_what_is_not_rendered_yet_is_counted_in() {
    let mut network = Network::new();
    let writer = network.writer(1);
    network.insert(writer, 0, "- [ ] «tea»\n");
    network.settle();
    let tea = box_of(&network, writer, "tea", true);
    // Two at once: the second waits for its window.
    network.insert(writer, 0, "😀 ");
    network.deliver_to_server(writer);
    network.insert(writer, 3, "\n\n");
    network.deliver_to_server(writer);
    assert_eq!(press(&mut network, Access::Edit, tea), Ok(Ticked::Now));
    network.settle();
    assert_eq!(network.text(), "😀 \n\n- [x] «tea»\n");
    network.assert_converged();
}

#[test]
fn v5_after_a_sleep_the_present_view_is_known_and_no_other() {
    let mut network = Network::new();
    let writer = network.writer(1);
    network.insert(writer, 0, "- [ ] «tea»\n");
    network.settle();
    let before = box_of(&network, writer, "tea", true);
    network.insert(writer, 0, "Above.\n\n");
    network.settle();
    network.advance(5_000);
    network.settle();
    let tea = box_of(&network, writer, "tea", true);
    network.sleep();
    assert_eq!(
        press(&mut network, Access::Edit, before),
        Ok(Ticked::TooOld)
    );
    assert_eq!(network.text(), "Above.\n\n- [ ] «tea»\n");
    assert_eq!(press(&mut network, Access::Edit, tea), Ok(Ticked::Now));
    assert_eq!(network.text(), "Above.\n\n- [x] «tea»\n");
}

#[test]
fn v5_who_may_only_view_ticks_nothing() {
    let mut network = Network::new();
    let writer = network.writer(1);
    network.insert(writer, 0, "- [ ] «tea»\n");
    network.settle();
    let tea = box_of(&network, writer, "tea", true);
    for access in [Access::View, Access::Comment, Access::Suggest] {
        let refused = press(&mut network, access, tea);
        assert_eq!(refused, Err(Refusal::NotAllowed));
    }
    assert_eq!(network.text(), "- [ ] «tea»\n");
}
