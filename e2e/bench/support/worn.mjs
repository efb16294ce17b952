// Notes of a long history, as those of `note/benches/support/worn.rs`: ten authors one
// after the other, each writing and deleting a few characters at a time, here and
// there in the text.

import * as Y from 'yjs';

import { Peer } from '../../wire/peer.mjs';

const TURNS = 10;
/** Edits in one frame: fewer than a stranger may bring at once. */
const EDITS_A_FRAME = 1_000;
/** Edits near one another, and how near, in characters: somebody goes over a paragraph. */
const EDITS_A_PLACE = 50;
const NEAR = 100;
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

/** Fills an empty note with about so many bytes, over sockets; returns how many edits that took. */
export async function wear(server, id, bytes) {
  let edits = 0;
  const random = dice(bytes);
  const below = (end) => Math.floor(random() * end);
  const doc = new Y.Doc();
  const text = doc.getText('content');
  for (let turn = 1; text.length < bytes; turn += 1) {
    doc.clientID = turn;
    const enough = Math.min(bytes, Math.ceil((turn * bytes) / TURNS));
    const peer = await Peer.join(server, id, { doc });
    while (text.length < enough) {
      doc.transact(() => {
        let place = 0;
        for (let n = 0; n < EDITS_A_FRAME && text.length < enough; n += 1) {
          if (n % EDITS_A_PLACE === 0) place = below(text.length + 1);
          const at = Math.max(0, Math.min(place - NEAR + below(2 * NEAR), text.length));
          const gone = Math.min(below(4) === 0 ? 1 + below(3) : 0, text.length - at);
          if (gone > 0) text.delete(at, gone);
          text.insert(at, PARTS[below(PARTS.length)]);
          edits += gone > 0 ? 2 : 1;
        }
      });
      await peer.saved();
    }
    await peer.leave();
  }
  return edits;
}
