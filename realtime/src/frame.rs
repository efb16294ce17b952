//! The bytes of a binary frame: the Yjs wire protocol (y-protocols: 0 sync,
//! 1 awareness, 2 auth, 3 query awareness), one message a frame. Used by both ends.
//! Nothing is copied or allocated by decoding.

use note::encoding::{DecodeError, Reader, write_var_bytes, write_var_u64};

/// Largest frame a client may send, bytes (contract §6).
pub const MAX_FRAME_BYTES: usize = 2 << 20;

const SYNC: u64 = 0;
const AWARENESS: u64 = 1;
const AUTH: u64 = 2;
const QUERY_AWARENESS: u64 = 3;

const STEP_1: u64 = 0;
const STEP_2: u64 = 1;
const UPDATE: u64 = 2;

const PERMISSION_DENIED: u64 = 0;

/// One message of y-protocols, its payload still as it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame<'a> {
    /// A state vector: tell me what I lack.
    Step1(&'a [u8]),
    /// An update in answer to step 1.
    Step2(&'a [u8]),
    /// An update as it happens.
    Update(&'a [u8]),
    /// Awareness states of some clients.
    Awareness(&'a [u8]),
    /// The server refuses what was sent; the text says why.
    PermissionDenied(&'a str),
    /// Tell me all awareness states.
    QueryAwareness,
}

/// Bytes that are no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// A length or number does not fit the bytes.
    #[error("the frame ends early or holds an impossible number")]
    Decode(#[from] DecodeError),
    /// A message type that y-protocols does not have.
    #[error("the frame is of an unknown kind")]
    UnknownKind,
    /// Bytes after the message.
    #[error("the frame goes on after its message")]
    Trailing,
}

impl<'a> Frame<'a> {
    /// Reads one frame.
    ///
    /// # Errors
    /// When the bytes are not exactly one message.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, FrameError> {
        let mut reader = Reader::new(bytes);
        let frame = match reader.var_u64()? {
            SYNC => match reader.var_u64()? {
                STEP_1 => Self::Step1(reader.var_bytes()?),
                STEP_2 => Self::Step2(reader.var_bytes()?),
                UPDATE => Self::Update(reader.var_bytes()?),
                _ => return Err(FrameError::UnknownKind),
            },
            AWARENESS => Self::Awareness(reader.var_bytes()?),
            AUTH => match reader.var_u64()? {
                PERMISSION_DENIED => Self::PermissionDenied(reader.var_str()?),
                _ => return Err(FrameError::UnknownKind),
            },
            QUERY_AWARENESS => Self::QueryAwareness,
            _ => return Err(FrameError::UnknownKind),
        };
        if reader.is_empty() {
            Ok(frame)
        } else {
            Err(FrameError::Trailing)
        }
    }

    /// Writes the frame.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.payload_len().saturating_add(12));
        match self {
            Self::Step1(payload) => sync(&mut out, STEP_1, payload),
            Self::Step2(payload) => sync(&mut out, STEP_2, payload),
            Self::Update(payload) => sync(&mut out, UPDATE, payload),
            Self::Awareness(payload) => {
                write_var_u64(&mut out, AWARENESS);
                write_var_bytes(&mut out, payload);
            }
            Self::PermissionDenied(why) => {
                write_var_u64(&mut out, AUTH);
                write_var_u64(&mut out, PERMISSION_DENIED);
                write_var_bytes(&mut out, why.as_bytes());
            }
            Self::QueryAwareness => write_var_u64(&mut out, QUERY_AWARENESS),
        }
        out
    }

    fn payload_len(&self) -> usize {
        match self {
            Self::Step1(bytes)
            | Self::Step2(bytes)
            | Self::Update(bytes)
            | Self::Awareness(bytes) => bytes.len(),
            Self::PermissionDenied(why) => why.len(),
            Self::QueryAwareness => 0,
        }
    }
}

fn sync(out: &mut Vec<u8>, step: u64, payload: &[u8]) {
    write_var_u64(out, SYNC);
    write_var_u64(out, step);
    write_var_bytes(out, payload);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_round_trips() {
        for frame in [
            Frame::Step1(&[0]),
            Frame::Step2(&[0, 0]),
            Frame::Update(&[1, 2, 3]),
            Frame::Awareness(&[0]),
            Frame::PermissionDenied("view only"),
            Frame::QueryAwareness,
        ] {
            assert_eq!(Frame::decode(&frame.encode()), Ok(frame));
        }
    }

    #[test]
    fn what_is_not_exactly_one_message_is_refused() {
        for bytes in [
            &[][..],
            &[0],
            &[0, 3, 0],
            &[0, 0, 5, 1],
            &[1, 0xff],
            &[4],
            &[3, 3],
            &[0, 2, 1, 0, 9],
        ] {
            assert!(Frame::decode(bytes).is_err(), "{bytes:?}");
        }
    }
}
