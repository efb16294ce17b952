// Several members of one note on one clock, and when they agree with all others who
// hold the note: unchanged Yjs clients, pages, and what is stored.

import { setTimeout as pause } from 'node:timers/promises';

import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

import { Ledger } from '../ledger.mjs';
import { source } from '../wire/notes.mjs';
import { Person } from '../wire/people.mjs';
import { Member } from './member.mjs';
import { storedDocument, textOf } from './stored.mjs';

const TICK_MS = 50;
const LOOK_EVERY_MS = 20;
const PATIENCE_MS = 60_000;
/** Every person has so many tabs. */
const TABS = 2;

export class Company {
  ledger = new Ledger();
  members = [];
  /** Unchanged y-websocket clients, who only read. */
  readers = [];
  /** The page's own half: `e2e/swarm`. */
  pages = null;

  #server;
  #below;
  #timers = [];

  constructor(server, note, below) {
    this.#server = server;
    this.note = note;
    this.#below = below;
    this.#timers.push(setInterval(() => this.members.forEach((member) => member.tick()), TICK_MS));
  }

  /** So many people come, each through the line of their number, and are all here. */
  async come(count, line = () => this.#server) {
    let person = null;
    for (let number = 0; number < count; number += 1) {
      if (number % TABS === 0) person = new Person(`Person ${number / TABS}`);
      const member = new Member({
        line: line(number), note: this.note, person, name: `c${number}`, ledger: this.ledger, below: this.#below,
      });
      this.members.push(member);
      member.open();
    }
    await this.until(() => this.members.every((member) => member.isLive), 'everybody is here');
  }

  /** An unchanged client comes to read. */
  read(line) {
    const doc = new Y.Doc();
    this.readers.push(new WebsocketProvider(`${line.socketOrigin}/note`, this.note, doc, {
      WebSocketPolyfill: WebSocket, disableBc: true,
    }));
  }

  /** Everything that is written from now on, until the result is called. */
  keepWriting(everyMs, write = (member) => member.act()) {
    const keys = setInterval(() => write(this.members[this.#below(this.members.length)]), everyMs);
    this.#timers.push(keys);
    return () => clearInterval(keys);
  }

  /** Everybody hears that the network is back. */
  wake() {
    this.members.forEach((member) => member.wake());
    return this.pages?.online();
  }

  async until(holds, what, patience = PATIENCE_MS) {
    const deadline = Date.now() + patience;
    while (!(await holds())) {
      const [fault] = this.faults;
      if (fault) throw new Error(fault);
      if (Date.now() > deadline) {
        throw new Error(`waited in vain for: ${typeof what === 'function' ? what() : what}\n${this.#standing()}`);
      }
      await pause(LOOK_EVERY_MS);
    }
  }

  /** What happened to members that must happen to nobody honest. */
  get faults() {
    return this.members.flatMap(({ faults }) => faults);
  }

  /** Nothing anybody wrote waits. */
  get isStored() {
    return this.members.every((member) => member.isLive && member.waiting === 0);
  }

  /** Until when what kept them apart, in milliseconds: the way to agreeing. */
  apart = new Map();

  /**
   * Waits until everybody holds what is stored, and says how long that took. Unchanged
   * clients come back by rules of their own, and may be left out.
   */
  async agree({ patience = PATIENCE_MS, unchanged = true } = {}) {
    const since = performance.now();
    const passed = () => Math.round(performance.now() - since);
    this.apart.clear();
    await this.until(async () => {
      const apart = await this.#apart(unchanged);
      if (apart !== null) this.apart.set(apart.split('\n', 1)[0], passed());
      return apart === null;
    }, () => [...this.apart.keys()].at(-1), patience);
    return passed();
  }

  leave() {
    this.#timers.forEach((timer) => clearInterval(timer));
    this.members.forEach((member) => member.kill());
    this.readers.forEach((reader) => { reader.destroy(); reader.doc.destroy(); });
    this.pages?.kill();
  }

  /** Who differs from what is stored; null where nobody does. */
  async #apart(unchanged) {
    if (!this.isStored) return `something waits: ${this.#standing()}`;
    const stored = await storedDocument(this.#server, this.note);
    const vector = vectorOf(stored);
    const behind = this.members.find(({ doc }) => !isSame(vectorOf(doc), vector));
    if (behind) return `${behind.name} is not in step with what is stored`;
    const text = textOf(stored);
    for (const member of this.members) if (`${member}` !== text) return `${member.name} differs`;
    const pages = await this.pages?.look();
    if (pages?.members.some((page) => !page.live || page.waiting > 0 || page.text !== text)) return 'a page differs';
    if (await source(this.#server, this.note) !== text) return 'the source over HTTP differs';
    const others = unchanged ? this.readers : [];
    return others.some(({ doc }) => textOf(doc) !== text) ? 'an unchanged client differs' : null;
  }

  #standing() {
    return this.members.filter((member) => !member.isLive || member.waiting > 0).slice(0, 5)
      .map(({ name, isLive, waiting, closed, refused }) => JSON.stringify({
        name, isLive, waiting, closed: [...closed], refused: [...refused],
      })).join('\n');
  }
}

/** How much of each client's insertions is there. */
const vectorOf = (doc) => Y.decodeStateVector(Y.encodeStateVector(doc));

/** Looked at often, and with thousands of clients: nothing is sorted. */
function isSame(vector, other) {
  if (vector.size !== other.size) return false;
  for (const [client, clock] of vector) if (other.get(client) !== clock) return false;
  return true;
}

/** Some of sorted or unsorted numbers, as tables show them. */
export function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
