//! Finding notes over the real schema: rights, words, pages, excerpts, plans.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "support/shelf.rs"]
mod shelf;
#[path = "support/sqlite.rs"]
mod sqlite;

use shelf::{NOON, Shelf, id, person};
use sqlite::now;
use store::finding::{
    Finder, Order, Section, SortBy, Wanted, Words, find, home, html, pin, unpin, visit,
};
use store::notes::{
    create, delete_for_good, erase_later, erased, purge_trash, restore, to_erase, trash,
};
use store::{GeneralAccess, NewNote, StoreError, hash_token};

const ADA: u128 = 0xada;
const BEN: u128 = 0xbe;

/// Everything somebody finds for what they typed, page by page.
fn all(shelf: &Shelf, who: &Finder, wanted: &Wanted) -> Vec<u128> {
    let mut found = Vec::new();
    let mut wanted = wanted.clone();
    loop {
        let page = now(find(&shelf.database, who, &wanted)).unwrap();
        found.extend(page.notes.iter().map(|note| note.id.0.as_u128()));
        match page.next {
            // As it would come back in an address.
            Some(next) => wanted.after = Some(next.to_text().parse().unwrap()),
            None => return found,
        }
    }
}

fn me(number: u128) -> Finder {
    Finder {
        person: Some(person(number)),
        at: NOON,
        ..Finder::default()
    }
}

fn listed(section: Section) -> Wanted {
    Wanted {
        section,
        limit: 3,
        ..Wanted::default()
    }
}

fn saying(typed: &str) -> Wanted {
    Wanted {
        words: Some(Words::read(typed).unwrap()),
        limit: 3,
        ..Wanted::default()
    }
}

#[test]
fn words_are_found_in_titles_and_texts_whatever_their_case_and_accents() {
    let shelf = Shelf::new();
    shelf.note(1, Some(ADA), "Crème brûlée", "Sugar, cream, eggs.");
    shelf.note(2, Some(ADA), "Shopping", "Buy CREME fraiche and milk.");
    shelf.note(3, Some(ADA), "Milk round", "Nothing else in it.");
    for (typed, expected) in [
        // Those with the words in the title come first, else the newest.
        ("creme", &[1, 2][..]),
        ("mil", &[3, 2]),
        ("buy milk", &[2]),
        ("\"fraiche and\"", &[2]),
        ("\"and fraiche\"", &[]),
        ("milk bu", &[2]),
        ("bu milk", &[]),
        ("OR", &[]),
        ("title:shopping", &[]),
    ] {
        assert_eq!(all(&shelf, &me(ADA), &saying(typed)), expected, "{typed}");
    }
}

#[test]
fn what_a_note_said_before_is_not_found_any_more() {
    let shelf = Shelf::new();
    shelf.note(1, Some(ADA), "Plan", "first words");
    shelf.write(1, 2, "Plan", "second words", &[]);
    assert_eq!(all(&shelf, &me(ADA), &saying("first")), []);
    assert_eq!(all(&shelf, &me(ADA), &saying("second")), [1]);
    now(trash(&shelf.database, id(1), NOON)).unwrap();
    assert_eq!(all(&shelf, &me(ADA), &saying("second")), []);
    now(delete_for_good(&shelf.database, id(1), NOON)).unwrap();
    let words = "SELECT count(*) FROM note_words WHERE note_words MATCH 'second'";
    assert_eq!(shelf.database.count(words), 0);
    // Whatever number it had, another note may have it now.
    shelf.note(2, Some(ADA), "Other", "third");
    assert_eq!(all(&shelf, &me(ADA), &saying("third")), [2]);
    shelf
        .database
        .count("INSERT INTO note_words (note_words) VALUES ('integrity-check') RETURNING 1");
}

#[test]
fn an_excerpt_shows_the_hit_and_nobody_elses_marks() {
    let shelf = Shelf::new();
    let text = "<script>alert(1)</script> \u{2}fake\u{3} & <mark>needle</mark> \"quoted\"";
    shelf.note(1, Some(ADA), "Plan", text);
    let page = now(find(&shelf.database, &me(ADA), &saying("needle"))).unwrap();
    let [note] = page.notes.as_slice() else {
        panic!("one note is found")
    };
    let hits: Vec<_> = note.snippet.iter().filter(|piece| piece.hit).collect();
    assert_eq!(hits.len(), 1);
    assert!(hits.iter().all(|hit| hit.text == "needle"));
    assert_eq!(
        html(&note.snippet),
        "&lt;script&gt;alert(1)&lt;/script&gt;  fake  &amp; \
         &lt;mark&gt;<mark>needle</mark>&lt;/mark&gt; &quot;quoted&quot;"
    );
    // Where only the title has it, there is nothing to cut out.
    let page = now(find(&shelf.database, &me(ADA), &saying("plan"))).unwrap();
    assert!(page.notes.iter().all(|note| note.snippet.is_empty()));
}

#[test]
fn pages_follow_each_other_in_every_order() {
    let shelf = Shelf::new();
    for number in 1..=10 {
        // Three of a kind have the same title and time.
        let title = format!("Title {}", number / 3);
        shelf.note(number, Some(ADA), &title, "word");
        shelf.write(
            number,
            1 + u64::try_from(number / 3).unwrap(),
            &title,
            "word",
            &[],
        );
    }
    for by in SortBy::ALL {
        let order = Order::of(by);
        let backwards = Order {
            descending: !order.descending,
            ..order
        };
        for order in [order, backwards] {
            let wanted = Wanted {
                order,
                ..saying("word")
            };
            let found = all(&shelf, &me(ADA), &wanted);
            let mut expected: Vec<u128> = (1..=10).collect();
            expected.sort_by_key(|number| {
                let key = match by {
                    SortBy::Updated | SortBy::Title => i128::try_from(number / 3).unwrap(),
                    SortBy::Created | SortBy::Visited => 0,
                };
                (if order.descending { -key } else { key }, *number)
            });
            assert_eq!(found, expected, "{order:?}");
        }
    }
    let first = now(find(&shelf.database, &me(ADA), &saying("word"))).unwrap();
    let other = Wanted {
        after: first.next,
        order: Order::of(SortBy::Title),
        ..saying("word")
    };
    let page = now(find(&shelf.database, &me(ADA), &other)).unwrap();
    assert_eq!(
        page.notes.len(),
        3,
        "a cursor of another order counts for nothing"
    );
    assert_eq!(page.notes.first().map(|note| note.id), Some(id(1)));
}

#[test]
fn a_list_says_whose_a_note_is_and_who_wrote_last() {
    let shelf = Shelf::new();
    shelf.note(1, Some(ADA), "Plan", "text");
    shelf.write(1, 2, "Plan", "text", &[(ADA, 5), (BEN, 9)]);
    let page = now(find(&shelf.database, &me(BEN), &listed(Section::Shared))).unwrap();
    let [note] = page.notes.as_slice() else {
        panic!("one note is shared")
    };
    assert_eq!(note.owner.as_deref(), Some("Person ada"));
    assert_eq!(note.writer.as_deref(), Some("Person be"));
    assert!(!note.owned && !note.pinned && note.trashed_at.is_none());
}

#[test]
fn tags_are_those_of_the_newest_entry() {
    let shelf = Shelf::new();
    shelf.note(1, Some(ADA), "One", "text");
    shelf.note(2, Some(ADA), "Two", "text");
    shelf.note(3, Some(BEN), "Three", "text");
    shelf.tag(1, 5, &["work", "old"]);
    shelf.tag(1, 6, &["work", "new"]);
    shelf.tag(1, 4, &["late"]);
    shelf.tag(2, 5, &["work"]);
    shelf.tag(3, 5, &["secret"]);
    let (page, overview) = now(home(&shelf.database, &me(ADA), &listed(Section::Mine))).unwrap();
    let tags = |number: u128| {
        let note = page
            .notes
            .iter()
            .find(|note| note.id == id(number))
            .unwrap();
        note.tags.clone()
    };
    assert_eq!(
        (tags(1), tags(2)),
        (
            vec!["new".to_owned(), "work".to_owned()],
            vec!["work".to_owned()]
        )
    );
    assert_eq!(
        overview.tags,
        [("work".to_owned(), 2), ("new".to_owned(), 1)]
    );
    assert_eq!(overview.sections, [Section::Mine]);
    let wanted = Wanted {
        tag: Some("new".to_owned()),
        ..listed(Section::Recent)
    };
    assert_eq!(all(&shelf, &me(ADA), &wanted), [1]);
}

#[test]
fn pins_and_visits_are_ones_own() {
    let shelf = Shelf::new();
    for number in 1..=3 {
        shelf.note(number, Some(ADA), "Plan", "text");
    }
    shelf.account(ADA);
    for number in [3, 1, 2] {
        let at = NOON + u64::try_from(number).unwrap();
        now(pin(&shelf.database, person(ADA), id(number), at)).unwrap();
        now(visit(&shelf.database, person(ADA), id(number), at)).unwrap();
        now(visit(&shelf.database, person(BEN), id(number), at)).unwrap();
    }
    now(unpin(&shelf.database, person(ADA), id(2))).unwrap();
    assert_eq!(all(&shelf, &me(ADA), &listed(Section::Pinned)), [1, 3]);
    let visited = Wanted {
        order: Order::of(SortBy::Visited),
        ..listed(Section::Recent)
    };
    assert_eq!(all(&shelf, &me(ADA), &visited), [3, 2, 1]);
    // Ben is a guest who only looked.
    assert_eq!(shelf.database.count("SELECT count(*) FROM note_visits"), 3);
    assert_eq!(all(&shelf, &me(BEN), &listed(Section::Recent)), []);
    now(visit(&shelf.database, person(ADA), id(1), NOON + 50_000)).unwrap();
    assert_eq!(
        all(&shelf, &me(ADA), &visited),
        [3, 2, 1],
        "within a minute it is one visit"
    );
    now(visit(&shelf.database, person(ADA), id(1), NOON + 70_000)).unwrap();
    assert_eq!(all(&shelf, &me(ADA), &visited), [1, 3, 2]);
}

#[test]
fn the_trash_is_its_owners_and_ends_by_the_clock() {
    let shelf = Shelf::new();
    for number in 1..=3 {
        shelf.note(number, Some(ADA), "Plan", "text");
        shelf.write(number, 2, "Plan", "text", &[(BEN, 1)]);
        now(trash(
            &shelf.database,
            id(number),
            NOON + u64::try_from(number).unwrap(),
        ))
        .unwrap();
    }
    assert_eq!(all(&shelf, &me(ADA), &listed(Section::Trash)), [1, 2, 3]);
    assert_eq!(all(&shelf, &me(BEN), &listed(Section::Trash)), []);
    for section in [
        Section::Recent,
        Section::Mine,
        Section::Shared,
        Section::Pinned,
    ] {
        assert_eq!(all(&shelf, &me(ADA), &listed(section)), []);
        assert_eq!(all(&shelf, &me(BEN), &listed(section)), []);
    }
    now(restore(&shelf.database, id(1))).unwrap();
    assert!(!now(delete_for_good(&shelf.database, id(1), NOON)).unwrap());
    assert_eq!(
        all(&shelf, &me(ADA), &listed(Section::Recent)),
        [1],
        "only from the trash"
    );
    now(purge_trash(&shelf.database, NOON + 3, NOON + 4)).unwrap();
    assert_eq!(all(&shelf, &me(ADA), &listed(Section::Trash)), [3]);
    assert!(now(delete_for_good(&shelf.database, id(3), NOON + 5)).unwrap());
    assert!(!now(delete_for_good(&shelf.database, id(3), NOON + 5)).unwrap());
    let going = || now(to_erase(&shelf.database)).unwrap();
    assert_eq!(
        going(),
        [id(2), id(3)],
        "and not the one that was taken out"
    );
    now(erase_later(&shelf.database, id(2), NOON + 6)).unwrap();
    assert_eq!(going(), [id(3), id(2)]);
    let anew = NewNote {
        id: id(3),
        owner_token_hash: None,
        general: GeneralAccess::default(),
        title: String::new(),
        excerpt: String::new(),
        at: NOON,
    };
    let made = || now(create(&shelf.database, &anew, None));
    assert_eq!(made(), Err(StoreError::Conflict), "its text is still there");
    now(erased(&shelf.database, id(3))).unwrap();
    assert_eq!(going(), [id(2)]);
    assert_eq!(shelf.database.count("SELECT count(*) FROM notes"), 1);
    assert_eq!(made(), Ok(()));
    assert_eq!(shelf.database.count("SELECT count(*) FROM note_people"), 1);
}

#[test]
fn a_note_that_a_program_made_is_found_by_its_token_alone() {
    let shelf = Shelf::new();
    shelf.note(1, None, "Plan", "text");
    shelf.note(2, None, "Other", "text");
    shelf.owner_token(1, &hash_token("token"));
    let program = Finder {
        bearer_hash: Some(hash_token("token")),
        at: NOON,
        ..Finder::default()
    };
    assert_eq!(all(&shelf, &program, &saying("text")), [1]);
    let nobody = Finder {
        at: NOON,
        ..Finder::default()
    };
    assert_eq!(all(&shelf, &nobody, &saying("text")), []);
    let (page, overview) = now(home(&shelf.database, &nobody, &listed(Section::Trash))).unwrap();
    assert!(page.notes.is_empty() && overview == Default::default());
}

#[test]
fn an_ended_session_finds_nothing() {
    let shelf = Shelf::new();
    shelf.note(1, Some(ADA), "Plan", "text");
    let ended = Finder {
        credential: Some(hash_token("ada")),
        ..me(ADA)
    };
    shelf.credential(ADA, &hash_token("ada"));
    assert_eq!(all(&shelf, &ended, &saying("text")), [1]);
    shelf.end(&hash_token("ada"));
    assert_eq!(all(&shelf, &ended, &saying("text")), []);
    let (_, overview) = now(home(&shelf.database, &ended, &listed(Section::Recent))).unwrap();
    assert_eq!(overview, Default::default());
}

#[test]
fn ten_thousand_notes_are_found_without_reading_them_all() {
    const NOTES: u128 = 10_000;
    let shelf = Shelf::new();
    shelf.many(NOTES, ADA, BEN);
    let rare = all(&shelf, &me(ADA), &saying("word4242"));
    assert_eq!(rare, [4242]);
    let wanted = Wanted {
        limit: 100,
        ..saying("everywhere")
    };
    let found = all(&shelf, &me(ADA), &wanted);
    assert_eq!(found.len(), 5_000, "those that are hers");
    assert!(found.iter().all(|number| number % 2 == 0));

    let finder = me(ADA);
    let tagged = Wanted {
        tag: Some("work".to_owned()),
        ..listed(Section::Mine)
    };
    for wanted in [saying("everywhere"), listed(Section::Recent), tagged] {
        for by in SortBy::ALL {
            for descending in [true, false] {
                let order = Order { by, descending };
                let wanted = Wanted {
                    order,
                    ..wanted.clone()
                };
                now(home(&shelf.database, &finder, &wanted)).unwrap();
            }
        }
    }
    now(purge_trash(&shelf.database, NOON, NOON)).unwrap();
    now(to_erase(&shelf.database)).unwrap();
    let plans = shelf.database.plans();
    assert!(plans.iter().any(|step| step.contains("notes_found")));
    let tables = [
        "notes",
        "n",
        "o",
        "t",
        "w",
        "l",
        "c",
        "a",
        "people",
        "share_links",
    ];
    for step in plans {
        let mut words = step.split(' ');
        let scans = words.next() == Some("SCAN");
        let table = words.next().unwrap_or_default();
        assert!(
            !scans || !tables.contains(&table),
            "a whole table is read: {step}"
        );
    }
}

/// One seed for each life; a life that fails is named by it.
#[test]
fn nobody_finds_what_they_may_not_open_and_everybody_what_they_may() {
    let mut found_something = 0_usize;
    for seed in 1..=40 {
        let shelf = Shelf::new();
        let model = shelf.live(seed);
        for number in 0..shelf::PEOPLE {
            let finder = me(shelf::PERSON + number);
            for (section, in_trash) in [(Section::Recent, false), (Section::Trash, true)] {
                let expected = model.found_by(shelf::PERSON + number, in_trash);
                let mut listed = all(&shelf, &finder, &listed(section));
                let mut said = all(
                    &shelf,
                    &finder,
                    &Wanted {
                        section,
                        ..saying("plan")
                    },
                );
                listed.sort_unstable();
                said.sort_unstable();
                assert_eq!(
                    listed, expected,
                    "seed {seed}, person {number}, {section:?}"
                );
                assert_eq!(said, expected, "seed {seed}, person {number}, {section:?}");
                found_something += expected.len();
            }
        }
    }
    assert!(found_something > 500, "{found_something}");
}
