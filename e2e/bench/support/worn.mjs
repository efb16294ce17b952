// Notes of a long history, as those of `note/benches/support/worn.rs`: ten authors in
// turn, each writing and deleting a few characters at a time, all over the text.

import * as Y from 'yjs';

import { Peer } from '../../wire/peer.mjs';

const AUTHORS = 10;
/** Edits in one frame: fewer than a stranger may bring at once. */
const EDITS_A_FRAME = 1_000;
const PARTS = ['a', 'so ', 'it ', 'é', 'word ', 'on and ', '.\n\n', 'one\n'];

/** Numbers from a seed, below 1 (mulberry32). */
export function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fills an empty note with about so many bytes, over a socket. */
export async function wear(server, id, bytes) {
  const random = dice(bytes);
  const below = (end) => Math.floor(random() * end);
  const doc = new Y.Doc();
  const peer = await Peer.join(server, id, { doc, events: true });
  let written = 0;
  for (let turn = 1; written < bytes; turn += 1) {
    doc.clientID = 1 + (turn % AUTHORS);
    doc.transact(() => {
      for (let n = 0; n < EDITS_A_FRAME && written < bytes; n += 1) {
        const at = below(peer.text.length + 1);
        const gone = Math.min(below(4) === 0 ? 1 + below(3) : 0, peer.text.length - at);
        if (gone > 0) peer.delete(at, gone);
        const part = PARTS[below(PARTS.length)];
        peer.insert(at, part);
        written += part.length - gone;
      }
    });
    await peer.saved();
  }
  await peer.leave();
}
