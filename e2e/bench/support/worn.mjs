// Notes of a long history, as those of `note/benches/support/worn.rs`: ten authors one
// after the other, each writing and deleting a few characters at a time, here and
// there in the text.

import * as Y from 'yjs';

import { Line } from './line.mjs';
import { NOTHING, saved, update } from './frames.mjs';

const TURNS = 10;
/** Edits in one frame: fewer than a stranger may bring at once. */
const EDITS_A_FRAME = 1_000;
/** Frames on their way to the storage: what is sent meanwhile shares its row. */
const FRAMES_ON_THE_WAY = 16;
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

const histories = new Map();

/**
 * How a note of about so many bytes came to be: the updates of each turn, how many edits
 * are in them, and the Yjs state and the text they lead to.
 */
export function history(bytes) {
  if (!histories.has(bytes)) histories.set(bytes, written(bytes));
  return histories.get(bytes);
}

function written(bytes) {
  let edits = 0;
  const random = dice(bytes);
  const below = (end) => Math.floor(random() * end);
  const doc = new Y.Doc();
  const text = doc.getText('content');
  const turns = [];
  for (let turn = 1; text.length < bytes; turn += 1) {
    doc.clientID = turn;
    const enough = Math.min(bytes, Math.ceil((turn * bytes) / TURNS));
    const updates = [];
    const listen = (made) => updates.push(made);
    doc.on('update', listen);
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
    }
    doc.off('update', listen);
    turns.push(updates);
  }
  return { turns, edits, state: Y.encodeStateAsUpdate(doc), text: text.toString() };
}

/** Fills an empty note with about so many bytes, over sockets; returns how many edits that took. */
export async function wear(server, id, bytes) {
  const { turns, edits } = history(bytes);
  for (const updates of turns) {
    let through = 0;
    const line = await Line.open(`${server.socketOrigin}/note/${id}?events=1`);
    line.onFrame = (payload, isBinary) => {
      if (!isBinary) through = saved(payload) ?? through;
    };
    line.send(NOTHING);
    let sent = 1;
    for (const made of updates) {
      line.send(update(made));
      sent += 1;
      await line.until(() => sent - through <= FRAMES_ON_THE_WAY, 'frames to be stored');
    }
    await line.until(() => through >= sent, 'all to be stored');
    line.end();
  }
  return edits;
}
