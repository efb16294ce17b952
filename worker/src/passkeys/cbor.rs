//! CBOR (RFC 8949) as authenticators write it: lengths are given, nothing is
//! nested deep. What else the format knows is refused.

/// Deepest nesting. An attestation object has 4 levels at most.
const MOST_DEPTH: u8 = 6;

/// Most values in one reading, containers included.
const MOST_VALUES: u16 = 256;

/// A value; text and bytes stay where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Number(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    List(Vec<Self>),
    Map(Vec<(Self, Self)>),
    /// True, false, null: nothing here asks which.
    Simple,
}

impl<'a> Value<'a> {
    /// What a map has under a text.
    pub(super) fn named(&self, name: &str) -> Option<&Self> {
        self.under(|key| matches!(key, Value::Text(found) if *found == name))
    }

    /// What a map has under a number.
    pub(super) fn numbered(&self, number: i64) -> Option<&Self> {
        self.under(|key| matches!(key, Value::Number(found) if *found == number))
    }

    pub(super) fn bytes(&self) -> Option<&'a [u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    fn under(&self, is_key: impl Fn(&Self) -> bool) -> Option<&Self> {
        let Self::Map(pairs) = self else { return None };
        pairs
            .iter()
            .find_map(|(key, value)| is_key(key).then_some(value))
    }
}

/// Reads one value; what comes after it is returned as well.
pub(super) fn read(bytes: &[u8]) -> Option<(Value<'_>, &[u8])> {
    let mut reader = Reader {
        rest: bytes,
        values_left: MOST_VALUES,
    };
    let value = reader.value(MOST_DEPTH)?;
    Some((value, reader.rest))
}

struct Reader<'a> {
    rest: &'a [u8],
    values_left: u16,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth_left: u8) -> Option<Value<'a>> {
        self.values_left = self.values_left.checked_sub(1)?;
        let depth_left = depth_left.checked_sub(1)?;
        let [first] = *self.take(1)? else { return None };
        let (major, info) = (first >> 5, first & 0x1f);
        if major == 7 {
            // 20 to 22 are false, true, null; no float is in what we read.
            return (20..=22).contains(&info).then_some(Value::Simple);
        }
        let number = self.number(info)?;
        match major {
            0 => i64::try_from(number).ok().map(Value::Number),
            1 => i64::try_from(number).ok().map(|n| Value::Number(-1 - n)),
            2 => self.take(number).map(Value::Bytes),
            3 => std::str::from_utf8(self.take(number)?)
                .ok()
                .map(Value::Text),
            4 => {
                let mut list = Vec::new();
                for _ in 0..number {
                    list.push(self.value(depth_left)?);
                }
                Some(Value::List(list))
            }
            5 => self.map(number, depth_left),
            _ => None,
        }
    }

    fn map(&mut self, number: u64, depth_left: u8) -> Option<Value<'a>> {
        let mut pairs: Vec<(Value<'_>, Value<'_>)> = Vec::new();
        for _ in 0..number {
            let key = self.value(depth_left)?;
            // Two values under one key could be read in two ways.
            if pairs.iter().any(|(known, _)| *known == key) {
                return None;
            }
            pairs.push((key, self.value(depth_left)?));
        }
        Some(Value::Map(pairs))
    }

    fn number(&mut self, info: u8) -> Option<u64> {
        let bytes = match info {
            0..=23 => return Some(u64::from(info)),
            24 => 1,
            25 => 2,
            26 => 4,
            27 => 8,
            // 31 is a length that is not given.
            _ => return None,
        };
        let bytes = self.take(bytes)?;
        Some(
            bytes
                .iter()
                .fold(0, |all, byte| (all << 8) | u64::from(*byte)),
        )
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(bytes: &[u8]) -> Option<Value<'_>> {
        read(bytes).and_then(|(value, rest)| rest.is_empty().then_some(value))
    }

    #[test]
    fn values_are_read_as_the_rfc_writes_them() {
        // RFC 8949, appendix A.
        for (bytes, number) in [
            (&[0x00][..], 0),
            (&[0x17], 23),
            (&[0x18, 0x64], 100),
            (&[0x19, 0x03, 0xe8], 1000),
            (&[0x1a, 0, 0x0f, 0x42, 0x40], 1_000_000),
            (&[0x26], -7),
            (&[0x39, 0x01, 0x00], -257),
        ] {
            assert_eq!(whole(bytes), Some(Value::Number(number)));
        }
        assert_eq!(whole(b"\x64IETF"), Some(Value::Text("IETF")));
        assert_eq!(whole(&[0x42, 1, 2]), Some(Value::Bytes(&[1, 2])));
        let map = whole(&[0xa2, 0x61, b'a', 0x01, 0x20, 0x82, 0xf5, 0xf6]).unwrap();
        assert_eq!(map.named("a"), Some(&Value::Number(1)));
        let list = Value::List(vec![Value::Simple, Value::Simple]);
        assert_eq!(map.numbered(-1), Some(&list));
        assert_eq!((map.named("b"), map.numbered(0)), (None, None));
    }

    #[test]
    fn what_comes_after_a_value_is_given_back() {
        assert_eq!(read(&[0x01, 9, 9]), Some((Value::Number(1), &[9, 9][..])));
    }

    #[test]
    fn hostile_bytes_are_refused() {
        let deep = [0x81; 7];
        let wide = [&[0x99, 0x01, 0x01][..], &[0; 257]].concat();
        for bytes in [
            &[][..],
            &[0x18],
            &[0x42, 1],
            // Lengths far over the bytes that are there.
            &[0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            // A number no i64 holds, a length not given, a tag, a float.
            &[0x1b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
            &[0x5f, 0xff],
            &[0xc0, 0x00],
            &[0xf9, 0, 0],
            // The same key twice, a key without its value, text that is none.
            &[0xa2, 0x01, 0x01, 0x01, 0x02],
            &[0xa1, 0x01],
            &[0x61, 0xff],
            &deep,
            &wide,
        ] {
            assert_eq!(whole(bytes), None, "{bytes:?}");
        }
    }
}
