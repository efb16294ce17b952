//! Who a guest is, made from their token alone: the same id, name and colour at
//! every visit, and no row anywhere before they write something.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use realtime::{COLOURS, Person};

/// Keeps the id from being the beginning of the token's own hash, which is kept
/// as the credential.
const PERSON_PREFIX: &str = "tandem person:";

/// What a guest is called until they say otherwise.
const ANIMALS: [&str; 32] = [
    "Badger", "Beaver", "Bison", "Camel", "Crane", "Deer", "Dolphin", "Falcon", "Ferret", "Finch",
    "Fox", "Gecko", "Hare", "Heron", "Ibis", "Jay", "Koala", "Lemur", "Lynx", "Marten", "Mole",
    "Newt", "Otter", "Owl", "Panda", "Quail", "Raven", "Robin", "Seal", "Stork", "Swan", "Wren",
];

/// The id of the person a token stands for.
#[must_use]
pub fn person_id(token: &str) -> Uuid {
    let hash = Sha256::new()
        .chain_update(PERSON_PREFIX)
        .chain_update(token)
        .finalize();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(hash) {
        *to = from;
    }
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// The person of an id that has chosen nothing yet.
#[must_use]
pub fn unnamed(id: Uuid) -> Person {
    // The last eight bytes: the others carry the version and the variant.
    let (_, number) = id.as_u64_pair();
    let animal = pick(&ANIMALS, number).copied().unwrap_or_default();
    let colour = (number / 32) % COLOURS.len() as u64;
    Person::new(
        id,
        &format!("Guest {animal}"),
        u8::try_from(colour).unwrap_or(0),
    )
}

fn pick<T>(choices: &[T], number: u64) -> Option<&T> {
    let count = u64::try_from(choices.len()).ok()?;
    choices.get(usize::try_from(number.checked_rem(count)?).ok()?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_token_stands_for_one_person() {
        let ada = person_id("the token of ada");
        assert_eq!(ada, person_id("the token of ada"));
        assert_ne!(ada, person_id("the token of ben"));
        assert_eq!(ada.get_version_num(), 8);
        assert!(!store::hash_token("the token of ada").starts_with(&ada.simple().to_string()[..8]));
    }

    #[test]
    fn guests_have_names_and_colours_of_their_own() {
        let people: Vec<_> = (0..500)
            .map(|n| unnamed(person_id(&format!("token {n}"))))
            .collect();
        let names: BTreeSet<_> = people.iter().map(|person| person.name.as_str()).collect();
        let colours: BTreeSet<_> = people.iter().map(|person| person.colour).collect();
        assert_eq!((names.len(), colours.len()), (ANIMALS.len(), COLOURS.len()));
        assert_eq!(people[0], unnamed(people[0].id));
        assert!(people[0].name.starts_with("Guest "));
    }
}
