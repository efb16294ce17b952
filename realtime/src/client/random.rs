//! Random numbers from a seed that the shell gives.

use note::ClientId;

/// A random client id of 32 bits, as Yjs peers before version 14 expect.
pub(super) fn fresh_client_id(random: &mut u64) -> ClientId {
    ClientId(next(random) >> 32)
}

/// The next number of a xorshift* generator (Vigna 2016): ids and jitter want
/// spread, not secrecy.
pub(super) fn next(state: &mut u64) -> u64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    state.wrapping_mul(0x2545_f491_4f6c_dd1d)
}
