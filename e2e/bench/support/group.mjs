// Co-editors of one note on one system: they type keys that were made beforehand, and
// some of them notice when each key of the others arrives.

import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';

import { sum } from './figures.mjs';

/** Ends that look into what comes; the others only count it. */
const OBSERVERS = 4;
/** Until rows are written, views are made and frames are through. */
const SETTLED_AFTER_MS = 500;
const PATIENCE_MS = 20_000;
/** Ends that open at the same time. */
const AT_ONCE = 10;

export class Group {
  lines = [];
  /** Milliseconds from a key to each observer. */
  waits = [];
  /** The same for keys that may have come to an object that slept. */
  woken = [];
  /** Processor time of the server, of whatever was played. */
  processorMs = 0;
  played = 0;

  /** Opens the ends of a note: those of its authors first, then of who only reads. */
  static async of(system, id, authors, size) {
    const group = new Group();
    Object.assign(group, { system, id, authors });
    while (group.lines.length < size) {
      const more = Math.min(AT_ONCE, size - group.lines.length);
      group.lines.push(...await Promise.all(Array.from({ length: more }, () => system.open(id))));
    }
    system.handedOver(id);
    group.next = authors.map(() => 0);
    const watchers = Math.min(OBSERVERS, size - 1);
    group.observers = Array.from({ length: watchers }, (_, n) => {
      const at = size - 1 - Math.floor((n * (size - 1)) / watchers);
      return new Observer(group, group.lines[at], authors[at]?.client);
    });
    await pause(SETTLED_AFTER_MS);
    return group;
  }

  /** Forgets what was measured so far. */
  forget() {
    this.waits = [];
    this.woken = [];
    this.processorMs = 0;
    this.played = 0;
    for (const line of this.lines) {
      line.binary = { frames: 0, bytes: 0 };
      line.text = { frames: 0, bytes: 0 };
    }
  }

  /** Every author types so many keys, so long apart, the authors in turn. */
  async play(keysEach, betweenMs) {
    const before = await this.system.processorMs();
    const start = performance.now();
    const step = betweenMs / this.authors.length;
    for (let n = 0; n < keysEach * this.authors.length; n += 1) {
      const wait = start + n * step - performance.now();
      if (wait > 1) await pause(wait);
      this.type(n % this.authors.length);
    }
    try {
      await this.quiet();
    } finally {
      await pause(SETTLED_AFTER_MS);
      this.processorMs += await this.system.processorMs() - before;
      this.played += keysEach * this.authors.length;
    }
  }

  /** One key, before others are played: while those of others were, this object slept. */
  async rouse() {
    const waits = this.waits;
    this.waits = this.woken;
    try {
      this.type(0);
      await this.quiet();
      await pause(SETTLED_AFTER_MS);
    } finally {
      this.waits = waits;
    }
  }

  /** Sends an author's next key. */
  type(author) {
    const { client, keys } = this.authors[author];
    const key = keys[this.next[author]];
    if (!key) throw new Error(`author ${author} has no more keys`);
    this.next[author] += 1;
    if (key.clock !== null) {
      const now = performance.now();
      for (const observer of this.observers) observer.expect(client, key.clock, now);
    }
    this.lines[author].send(this.system.wrapped(this.id, key.update));
  }

  /** Waits until every observer has seen every key. */
  async quiet() {
    const deadline = Date.now() + PATIENCE_MS;
    while (this.observers.some(({ awaited }) => awaited > 0)) {
      if (Date.now() > deadline) {
        throw new Error(`${this.system.name}: ${sum(this.observers.map(({ awaited }) => awaited))} keys were never seen`);
      }
      await pause(5);
    }
  }

  /** Bytes that the ends were sent, over all of them, in frames of updates and in words. */
  told() {
    return {
      binary: sum(this.lines.map(({ binary }) => binary.bytes)),
      text: sum(this.lines.map(({ text }) => text.bytes)),
      frames: sum(this.lines.map(({ binary, text }) => binary.frames + text.frames)),
    };
  }

  end() {
    this.lines.forEach((line) => line.end());
  }
}

/** One who looks which keys came with a frame. */
class Observer {
  awaited = 0;
  #own;
  #expected = new Map();

  constructor(group, line, own) {
    this.#own = own;
    const before = line.onFrame;
    line.onFrame = (payload, isBinary, now) => {
      before?.(payload, isBinary, now);
      const update = isBinary && this.awaited > 0 ? group.system.update(group.id, payload) : null;
      if (update) this.#see(update, now, group.waits);
    };
  }

  expect(client, clock, now) {
    if (client === this.#own) return;
    if (!this.#expected.has(client)) this.#expected.set(client, []);
    this.#expected.get(client).push([clock, now]);
    this.awaited += 1;
  }

  #see(update, now, waits) {
    for (const { id, length } of Y.decodeUpdate(update).structs) {
      const expected = this.#expected.get(id.client);
      while (expected?.length > 0 && expected[0][0] <= id.clock + length) {
        waits.push(now - expected.shift()[1]);
        this.awaited -= 1;
      }
    }
  }
}
