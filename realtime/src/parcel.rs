//! Frames that travel together in the body of one request, where there is no socket to
//! send them on (SPEC, L): each as its kind, its length and its bytes.

/// The kind of a text frame.
const TEXT: u8 = 0;
/// The kind of a binary frame.
const BINARY: u8 = 1;
/// Bytes before each frame: the kind, and the length in big endian.
const HEAD_BYTES: usize = 5;

/// A frame of a parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parcelled<'a> {
    /// A text frame.
    Text(&'a str),
    /// A binary frame.
    Binary(&'a [u8]),
}

/// The body is no parcel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a parcel of frames")]
pub struct NotAParcel;

/// Reads a parcel, frame by frame; nothing is copied, and no length believed. After an
/// error there is nothing more. A `ping` is passed over: what answers it comes unasked on a
/// line, and a parcel has room for more of them than anybody could be sent answers.
pub fn unpack(mut body: &[u8]) -> impl Iterator<Item = Result<Parcelled<'_>, NotAParcel>> {
    let frames = std::iter::from_fn(move || {
        if body.is_empty() {
            return None;
        }
        let frame = first(&mut body);
        if frame.is_none() {
            body = &[];
        }
        Some(frame.ok_or(NotAParcel))
    });
    frames.filter(|frame| *frame != Ok(Parcelled::Text("ping")))
}

fn first<'a>(body: &mut &'a [u8]) -> Option<Parcelled<'a>> {
    let (head, rest) = body.split_first_chunk::<HEAD_BYTES>()?;
    let [kind, length @ ..] = *head;
    let length = usize::try_from(u32::from_be_bytes(length)).ok()?;
    let (frame, rest) = rest.split_at_checked(length)?;
    *body = rest;
    match kind {
        TEXT => std::str::from_utf8(frame).ok().map(Parcelled::Text),
        BINARY => Some(Parcelled::Binary(frame)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(frames: &[(u8, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        for (kind, bytes) in frames {
            body.push(*kind);
            body.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
            body.extend(*bytes);
        }
        body
    }

    #[test]
    fn frames_come_out_as_they_were_put_in() {
        let body = packed(&[(1, b"\x00\x01\x00"), (0, "né".as_bytes()), (1, b"")]);
        let frames: Result<Vec<_>, _> = unpack(&body).collect();
        assert_eq!(
            frames.unwrap(),
            [
                Parcelled::Binary(b"\x00\x01\x00"),
                Parcelled::Text("né"),
                Parcelled::Binary(b"")
            ]
        );
        assert_eq!(unpack(b"").count(), 0);
    }

    #[test]
    fn l4_a_ping_in_a_parcel_is_passed_over() {
        let body = packed(&[(0, b"ping"), (1, b"ping"), (0, b"ping"), (0, b"pings")]);
        let frames: Vec<_> = unpack(&body).collect();
        let others = [Parcelled::Binary(b"ping"), Parcelled::Text("pings")];
        assert_eq!(frames, others.map(Ok));
    }

    #[test]
    fn what_is_no_parcel_ends_there() {
        let good = packed(&[(1, b"ab")]);
        for bad in [
            &b"\x01\x00\x00"[..],
            b"\x01\x00\x00\x00\x02a",
            b"\x01\xff\xff\xff\xffa",
            b"\x02\x00\x00\x00\x01a",
            b"\x00\x00\x00\x00\x01\xff",
        ] {
            let body = [&good, bad].concat();
            let frames: Vec<_> = unpack(&body).collect();
            assert_eq!(frames, [Ok(Parcelled::Binary(b"ab")), Err(NotAParcel)]);
        }
    }
}
