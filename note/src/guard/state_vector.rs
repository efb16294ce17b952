//! State vectors: what a peer says it has.

use super::UpdateError;
use super::structs::{read_client, read_clock, read_count};
use crate::document::ClientId;
use crate::encoding::Reader;

/// An entry is a client and a clock.
const MIN_ENTRY_BYTES: usize = 2;

/// Every client's clock, ordered by client.
pub type StateVector = Vec<(ClientId, u32)>;

/// Reads an untrusted state vector.
pub fn check_state_vector(bytes: &[u8]) -> Result<StateVector, UpdateError> {
    let mut reader = Reader::new(bytes);
    let count = read_count(&mut reader, MIN_ENTRY_BYTES)?;
    let mut clocks = Vec::new();
    for _ in 0..count {
        let client = read_client(&mut reader)?;
        clocks.push((client, read_clock(&mut reader)?));
    }
    if !reader.is_empty() {
        return Err(UpdateError::Malformed("bytes follow its end"));
    }
    clocks.sort_unstable();
    if clocks.is_sorted_by(|a, b| a.0 < b.0) {
        Ok(clocks)
    } else {
        Err(UpdateError::Malformed("it has one client twice"))
    }
}
