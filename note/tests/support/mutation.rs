//! Mutations of valid bytes: flipped bits, other numbers, pieces moved about.

/// One to four changes to one of these byte strings.
pub(crate) fn mutated(random: &mut fastrand::Rng, corpus: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = corpus[random.usize(0..corpus.len())].clone();
    for _ in 0..random.usize(1..=4) {
        let other = &corpus[random.usize(0..corpus.len())];
        mutate(random, &mut bytes, other);
    }
    bytes
}

fn mutate(random: &mut fastrand::Rng, bytes: &mut Vec<u8>, other: &[u8]) {
    if bytes.is_empty() {
        bytes.push(random.u8(..));
    }
    let at = random.usize(0..bytes.len());
    match random.u8(0..10) {
        0 => bytes[at] ^= 1 << random.u8(0..8),
        1 => bytes[at] = random.u8(..),
        2 => bytes[at] = bytes[at].wrapping_add(1),
        3 => bytes[at] = bytes[at].wrapping_sub(1),
        4 => bytes[at] = [0, 1, 2, 4, 5, 9, 10, 0x7f, 0x84, 0xc4, 0xff][random.usize(0..11)],
        5 => {
            let number = random_number(random);
            bytes.splice(at..=at, number);
        }
        6 => bytes.truncate(at),
        7 => {
            let to = random.usize(at..=bytes.len());
            bytes.drain(at..to);
        }
        8 => {
            let from = random.usize(0..=other.len());
            let to = random.usize(from..=other.len());
            bytes.splice(at..at, other[from..to].iter().copied());
        }
        _ => {
            let from = random.usize(0..bytes.len());
            bytes[at] = bytes[from];
        }
    }
}

/// A number of any width in its shortest form, seldom a longer one.
fn random_number(random: &mut fastrand::Rng) -> Vec<u8> {
    let mut out = Vec::new();
    note::encoding::write_var_u64(&mut out, random.u64(..) >> random.u32(1..64));
    if random.u8(0..8) == 0
        && let Some(last) = out.last_mut()
    {
        *last |= 0x80;
        out.push(0);
    }
    out
}
