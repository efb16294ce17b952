// Turns in one binary frame (`?events=2`, V7 of realtime/SPEC.md), read without any code
// of the product.

import * as decoding from 'lib0/decoding';

const TURN = 110;
const REVISION_BITS = 0x7f;

export const isTurn = (payload) => payload[0] === TURN;

/** What a frame says: the update, the end of the revision, and the patches as they came. */
export function readTurn(payload) {
  const decoder = decoding.createDecoder(payload);
  const number = () => decoding.readVarUint(decoder);
  if (number() !== TURN) throw new Error('the frame is no turn');
  const turn = { update: decoding.readVarUint8Array(decoder), revision: number(), patches: [] };
  while (decoding.hasContent(decoder)) {
    const patch = { at: number(), remove: number(), comes: number() };
    if (patch.comes > 0) {
      patch.lengths = Array.from({ length: patch.comes - 1 }, number);
      Object.assign(patch, { start: number(), end: number(), text: decoding.readVarUint8Array(decoder) });
    }
    turn.patches.push(patch);
  }
  return turn;
}

/** The HTML of the blocks that a page shows; of those it was served with none is known. */
export class Blocks {
  html = [];
  revision;

  constructor(revision = null) {
    this.revision = revision;
  }

  /** Takes in a `view` event. */
  hear({ revision, from, patches }) {
    if (from === null) this.html = [];
    else if (from !== this.revision) throw new Error(`patches from ${from}, the page is at ${this.revision}`);
    for (const { at, remove, insert } of patches) this.#splice(at, remove, insert.map(({ html }) => html));
    this.revision = revision;
  }

  /** Takes in a turn. */
  take(turn) {
    const revision = this.revision + 1;
    if (turn.revision !== revision % (REVISION_BITS + 1)) {
      throw new Error(`a turn to …${turn.revision}, the page is at ${this.revision}`);
    }
    for (const patch of turn.patches) this.#splice(patch.at, patch.remove, this.#unpack(patch));
    this.revision = revision;
  }

  #unpack({ at, remove, comes, lengths, start, end, text }) {
    if (comes === 0) return [];
    const goes = start + end === 0 ? [] : this.html.slice(at, at + remove);
    if (start + end > 0 && (goes.length < remove || goes.includes(undefined))) {
      throw new Error('a patch builds on what was not told');
    }
    const old = Buffer.from(goes.join(''));
    let rest = Buffer.concat([old.subarray(0, start), text, old.subarray(old.length - end)]);
    return [...lengths, rest.length].map((length) => {
      const html = rest.subarray(0, length);
      rest = rest.subarray(length);
      return html.toString();
    });
  }

  #splice(at, remove, insert) {
    while (this.html.length < at) this.html.push(undefined);
    this.html.splice(at, remove, ...insert);
  }
}
