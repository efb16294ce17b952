//! Notes and people for tests of finding, and a slow model of who finds what.

use std::collections::BTreeSet;

use rusqlite::params;
use store::notes::{create, index, trash};
use store::{GeneralAccess, IndexEntry, NewNote, NoteId, PersonId, Writer};
use uuid::Uuid;

use crate::sqlite::{MemoryDatabase, now};

/// A time past 2^31, where a column of 32 bits would fail.
pub(crate) const NOON: u64 = 1_790_000_000_000;
/// How many people a life has; they are numbered from `PERSON` on.
pub(crate) const PEOPLE: u128 = 4;
/// The first of them.
pub(crate) const PERSON: u128 = 100;
/// How many notes a life has.
const NOTES: u128 = 12;

pub(crate) fn id(number: u128) -> NoteId {
    NoteId(Uuid::from_u128(number))
}

pub(crate) fn person(number: u128) -> PersonId {
    PersonId(Uuid::from_u128(number))
}

/// Who general access is for, as the columns say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// As code from before the column says it: `access` alone.
    Unsaid(&'static str),
    Invited,
    SignedIn,
    Link,
}

/// A database with notes in it.
pub(crate) struct Shelf {
    pub(crate) database: MemoryDatabase,
}

impl Shelf {
    pub(crate) fn new() -> Self {
        let database = MemoryDatabase::new();
        Self { database }
    }

    /// Makes a note that says something.
    pub(crate) fn note(&self, number: u128, owner: Option<u128>, title: &str, text: &str) {
        let note = NewNote {
            id: id(number),
            owner_token_hash: None,
            general: GeneralAccess::default(),
            title: title.to_owned(),
            excerpt: String::new(),
            at: NOON,
        };
        let owner = owner.map(|owner| writer(owner, NOON));
        now(create(&self.database, &note, owner.as_ref())).unwrap();
        self.write(number, 1, title, text, &[]);
    }

    /// Writes an entry of a version, with who wrote in it and when.
    pub(crate) fn write(
        &self,
        number: u128,
        version: u64,
        title: &str,
        text: &str,
        writers: &[(u128, u64)],
    ) {
        let writers = writers.iter().map(|(who, at)| writer(*who, NOON + at));
        let entry = IndexEntry {
            title: title.to_owned(),
            text: text.to_owned(),
            writers: writers.collect(),
            ..entry(number, version)
        };
        now(index(&self.database, &entry)).unwrap();
    }

    /// Writes an entry of a version with tags.
    pub(crate) fn tag(&self, number: u128, version: u64, tags: &[&str]) {
        let tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        let entry = IndexEntry {
            tags,
            ..entry(number, version)
        };
        now(index(&self.database, &entry)).unwrap();
    }

    /// Writes an entry of a version with links.
    #[allow(dead_code, reason = "not every test has links")]
    pub(crate) fn link(&self, number: u128, version: u64, title: &str, links: &[&str]) {
        let links = links.iter().map(|link| (*link).to_owned()).collect();
        let entry = IndexEntry {
            title: title.to_owned(),
            links,
            ..entry(number, version)
        };
        now(index(&self.database, &entry)).unwrap();
    }

    pub(crate) fn account(&self, who: u128) {
        self.keep(who);
        self.database.change(
            "INSERT INTO accounts (person_id, created_at) VALUES (?1, 1)",
            params![person(who).to_string()],
        );
    }

    pub(crate) fn credential(&self, who: u128, hash: &str) {
        self.database.change(
            "INSERT INTO credentials (token_hash, person_id, created_at) VALUES (?2, ?1, 1)",
            params![person(who).to_string(), hash],
        );
    }

    pub(crate) fn end(&self, hash: &str) {
        let sql = "UPDATE credentials SET ended_at = 2 WHERE token_hash = ?1";
        self.database.change(sql, params![hash]);
    }

    pub(crate) fn owner_token(&self, number: u128, hash: &str) {
        self.database.change(
            "UPDATE notes SET owner_token_hash = ?2 WHERE id = ?1",
            params![id(number).to_string(), hash],
        );
    }

    pub(crate) fn audience(&self, number: u128, audience: Audience) {
        let (access, word) = match audience {
            Audience::Unsaid(access) => (access, None),
            Audience::Invited => ("none", Some("invited")),
            Audience::SignedIn => ("none", Some("signed_in")),
            Audience::Link => ("view", Some("link")),
        };
        self.database.change(
            "UPDATE notes SET access = ?2, audience = ?3 WHERE id = ?1",
            params![id(number).to_string(), access, word],
        );
    }

    /// Very many notes that take turns in whose they are.
    pub(crate) fn many(&self, notes: u128, even: u128, odd: u128) {
        self.keep(even);
        self.keep(odd);
        for number in 1..=notes {
            let owner = if number % 2 == 0 { even } else { odd };
            self.database.change(
                "INSERT INTO notes (id, owner_id, title, body, created_at, updated_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
                params![
                    id(number).to_string(),
                    person(owner).to_string(),
                    format!("Note {number}"),
                    format!("word{number} everywhere and more"),
                    NOON + u64::try_from(number).unwrap(),
                ],
            );
        }
        self.database.change("ANALYZE", params![]);
    }

    /// Lives a life: notes, people and rights by chance of a seed. What was done is
    /// said by the model.
    pub(crate) fn live(&self, seed: u64) -> Model {
        let mut dice = Dice(seed);
        let mut model = Model::default();
        for number in 0..PEOPLE {
            let who = PERSON + number;
            if dice.says(2) {
                self.account(who);
                model.accounts.insert(who);
            } else {
                self.keep(who);
            }
        }
        for number in 1..=NOTES {
            let owner = dice.says(2).then(|| dice.person());
            self.note(number, owner, "A plan", "for everybody");
            let audience = match dice.below(6) {
                0 => Audience::Invited,
                1 => Audience::SignedIn,
                2 => Audience::Link,
                3 => Audience::Unsaid("none"),
                4 => Audience::Unsaid("view"),
                _ => Audience::Unsaid("edit"),
            };
            self.audience(number, audience);
            let mut note = ModelNote::new(number, owner, audience);
            for number in 0..PEOPLE {
                self.chance(&mut dice, &mut note, PERSON + number, &model);
            }
            if dice.says(5) {
                now(trash(&self.database, id(number), NOON)).unwrap();
                note.trashed = true;
            }
            model.notes.push(note);
        }
        model
    }

    /// What somebody may have come to with a note.
    fn chance(&self, dice: &mut Dice, note: &mut ModelNote, who: u128, model: &Model) {
        let (key, number) = (person(who).to_string(), id(note.number).to_string());
        if dice.says(5) {
            note.members.insert(who);
            let sql = "INSERT INTO note_members (note_id, person_id, role, added_at)
                       VALUES (?1, ?2, 'view', 1)";
            self.database.change(sql, params![number, key]);
        }
        if dice.says(3) {
            let (revoked, expires) = (dice.says(3), dice.says(3).then(|| dice.says(2)));
            if !revoked && expires != Some(true) {
                note.linked.insert(who);
            }
            let link = format!("link-{number}-{key}");
            let expires_at = expires.map(|over| if over { NOON } else { NOON + 1 });
            self.database.change(
                "INSERT INTO share_links
                   (id, note_id, token_hash, role, label, invitation, expires_at, created_at, revoked_at)
                 VALUES (?1, ?2, ?1, 'view', '', 0, ?3, 1, ?4)",
                params![link, number, expires_at, revoked.then_some(1)],
            );
            self.database.change(
                "INSERT INTO link_people (person_id, link_id, name, colour, at)
                 VALUES (?1, ?2, '', 0, 1)",
                params![key, link],
            );
        }
        if dice.says(4) {
            note.been.insert(who);
            self.write(note.number, 2, "A plan", "for everybody", &[(who, 1)]);
        }
        if dice.says(5) {
            note.been.insert(who);
            now(store::finding::pin(
                &self.database,
                person(who),
                id(note.number),
                NOON,
            ))
            .unwrap();
        }
        if dice.says(5) {
            if model.accounts.contains(&who) {
                note.been.insert(who);
            }
            now(store::finding::visit(
                &self.database,
                person(who),
                id(note.number),
                NOON,
            ))
            .unwrap();
        }
    }

    fn keep(&self, who: u128) {
        self.database.change(
            "INSERT INTO people (id, name, colour, created_at, seen_at) VALUES (?1, 'x', 0, 1, 1)
             ON CONFLICT DO NOTHING",
            params![person(who).to_string()],
        );
    }
}

/// What is true of a life, in a form that is slow and plain.
#[derive(Debug, Default)]
pub(crate) struct Model {
    accounts: BTreeSet<u128>,
    notes: Vec<ModelNote>,
}

#[derive(Debug)]
struct ModelNote {
    number: u128,
    owner: Option<u128>,
    audience: Audience,
    members: BTreeSet<u128>,
    linked: BTreeSet<u128>,
    been: BTreeSet<u128>,
    trashed: bool,
}

impl Model {
    /// The notes that somebody finds, in the order of their numbers.
    pub(crate) fn found_by(&self, who: u128, in_trash: bool) -> Vec<u128> {
        let notes = self.notes.iter();
        let found = notes.filter(|note| match in_trash {
            true => note.trashed && note.owner == Some(who),
            false => !note.trashed && self.finds(who, note),
        });
        found.map(|note| note.number).collect()
    }

    fn finds(&self, who: u128, note: &ModelNote) -> bool {
        let lets_in = match note.audience {
            Audience::Unsaid(access) => access != "none",
            Audience::Invited => false,
            Audience::SignedIn => self.accounts.contains(&who),
            Audience::Link => true,
        };
        note.owner == Some(who)
            || note.members.contains(&who)
            || note.linked.contains(&who)
            || (note.been.contains(&who) && lets_in)
    }
}

impl ModelNote {
    fn new(number: u128, owner: Option<u128>, audience: Audience) -> Self {
        Self {
            number,
            owner,
            audience,
            members: BTreeSet::new(),
            linked: BTreeSet::new(),
            been: BTreeSet::new(),
            trashed: false,
        }
    }
}

/// Chance by a seed (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, many: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % many
    }

    /// Once in so many times.
    fn says(&mut self, once_in: u64) -> bool {
        self.below(once_in) == 0
    }

    fn person(&mut self) -> u128 {
        PERSON + u128::from(self.below(4))
    }
}

fn writer(number: u128, at: u64) -> Writer {
    Writer {
        person: person(number),
        name: format!("Person {number:x}"),
        colour: 1,
        credential: None,
        at,
    }
}

fn entry(number: u128, version: u64) -> IndexEntry {
    IndexEntry {
        id: id(number),
        version,
        title: "Plan".to_owned(),
        excerpt: String::new(),
        text: "text".to_owned(),
        at: NOON + version,
        tags: Vec::new(),
        links: Vec::new(),
        writers: Vec::new(),
    }
}
