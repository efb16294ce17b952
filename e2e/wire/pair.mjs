// Two who do nothing wrong: one types, the other reads, and it is measured how long a
// key takes from the one to the other.

import { setTimeout as pause } from 'node:timers/promises';

import { Peer } from './peer.mjs';

const PATIENCE_MS = 30_000;
const PARTS_AT_ONCE = 20;
const PART = `${'word '.repeat(10_000)}\n\n`;

export class Pair {
  #written = 0;

  static async join(server, note) {
    const pair = new Pair();
    pair.writer = await Peer.join(server, note);
    pair.reader = await Peer.join(server, note);
    return pair;
  }

  /** Types so many letters, one each so many milliseconds: how long each took. */
  async type(count, everyMs = 0) {
    const waits = [];
    for (let key = 0; key < count; key += 1) {
      const begun = performance.now();
      this.writer.insert(this.writer.text.length, this.#letter());
      await this.reader.until(() => this.reader.text.length === this.writer.text.length, 'the letter', PATIENCE_MS);
      waits.push(performance.now() - begun);
      await pause(everyMs);
    }
    await this.writer.saved();
    return waits;
  }

  /** Puts a long part in front and takes it out again, until so many bytes were sent to each reader. */
  async push(bytes) {
    for (let part = 1; part * PART.length < bytes + PART.length; part += 1) {
      this.writer.insert(0, PART);
      this.writer.delete(0, PART.length);
      if (part % PARTS_AT_ONCE === 0) await this.writer.saved();
    }
    await this.writer.saved();
    await this.reader.until(() => this.reader.text.length === this.writer.text.length, 'the last part', PATIENCE_MS);
  }

  leave() {
    this.writer.vanish();
    this.reader.vanish();
  }

  /** In paragraphs, so that what is rendered for a letter stays small. */
  #letter() {
    this.#written += 1;
    return this.#written % 80 === 0 ? '\n\n' : 'x';
  }
}
