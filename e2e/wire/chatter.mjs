// Somebody in a chat room who loses the connection and comes back, as a page
// does: says what is not acknowledged again under the same id, asks for what it
// missed, and keeps the messages by number.

import { setTimeout as pause } from 'node:timers/promises';

import { Listener } from './listener.mjs';
import { Watched } from './watched.mjs';

const AGAIN_AFTER_MS = 60;

export class Chatter extends Watched {
  /** Messages by number. */
  log = new Map();
  /** How often it came back. */
  returns = 0;

  #server;
  #key;
  #person;
  #queue = [];
  #listener = null;
  #revision = 0;
  #newest = 0;
  #fault = null;
  #gone = false;

  constructor(server, key, person) {
    super();
    this.#server = server;
    this.#key = key;
    this.#person = person;
    this.#connect();
  }

  /** Says something, now or when it can. */
  say(id, text) {
    this.#queue.push({ id, text });
    if (this.#queue.length === 1) this.#sayNext();
  }

  /** How much is not acknowledged yet. */
  get unsaid() {
    return this.#queue.length;
  }

  /** Loses the connection without a word. */
  cut() {
    this.#listener?.vanish();
  }

  /** Goes for good. */
  leave() {
    this.#gone = true;
    this.cut();
  }

  /** Fetches what is older than what it has, to the first message. */
  async readUpward() {
    for (let first = this.#first(); first > 1; first = this.#first()) {
      this.#listener.ask({ type: 'history', before: first });
      await this.until(() => this.#first() < first, `messages before ${first}`);
    }
  }

  /** Whether it has every message from 1 to `count`. */
  hasAll(count) {
    return this.log.size === count && this.#first() === 1;
  }

  /** The ids in the order of their numbers. */
  ids() {
    return [...this.log.keys()].sort((a, b) => a - b).map((number) => this.log.get(number).id);
  }

  fault() {
    return this.#fault;
  }

  seen() {
    return { held: this.log.size, unsaid: this.unsaid, returns: this.returns,
      socket: this.#listener?.seen() };
  }

  #first() {
    return Math.min(Infinity, ...this.log.keys());
  }

  #connect() {
    if (this.#gone) return;
    const options = { person: this.#person };
    if (this.#revision > 0) options.revision = this.#revision;
    const listener = new Listener(this.#server, this.#key, options);
    this.#listener = listener;
    let heard = 0;
    listener.changed = () => {
      for (; heard < listener.events.length; heard += 1) this.#hear(listener.events[heard]);
      if (listener.closed && this.#listener === listener) this.#comeBack(listener.closed.code);
      Listener.prototype.changed.call(listener);
      this.changed();
    };
  }

  async #comeBack(code) {
    this.#listener = null;
    if (code >= 4400 && code < 4500) this.#fault = `turned away with ${code}`;
    await pause(AGAIN_AFTER_MS);
    this.returns += 1;
    this.#connect();
  }

  #sayNext() {
    const [next] = this.#queue;
    if (next) this.#listener?.ask({ type: 'say', ...next });
  }

  #hear(event) {
    switch (event.type) {
      case 'messages':
        if (event.part === 'newest') this.#forget();
        event.messages.forEach((message) => this.#keep(message, event.part));
        // Comes last of what is told on joining.
        if (event.part !== 'older') this.#sayNext();
        break;
      case 'message':
        if (event.message.number > this.#newest + 1) {
          this.#fault = `${event.message.number} came after ${this.#newest}`;
        }
        this.#keep(event.message);
        break;
      case 'refused':
        if (event.retry_after_ms === undefined) this.#fault = `refused: ${event.message}`;
        else setTimeout(() => this.#sayNext(), event.retry_after_ms);
        break;
      default:
    }
  }

  #forget() {
    this.log.clear();
    this.#newest = 0;
  }

  #keep(message, part) {
    // Older than what it has: the answer to something it said again, no part of
    // the log until that is read up to there.
    const beyond = part !== 'older' && this.#first() > 1 && message.number < this.#first();
    if (this.log.size > 0 && beyond) {
      this.#acknowledge(message);
      return;
    }
    const known = this.log.get(message.number);
    if (known && known.id !== message.id) {
      this.#fault = `number ${message.number} is ${known.id} and ${message.id}`;
    }
    this.log.set(message.number, message);
    this.#newest = Math.max(this.#newest, message.number);
    this.#revision = Math.max(this.#revision, message.revision);
    this.#acknowledge(message);
  }

  #acknowledge(message) {
    if (message.id === this.#queue[0]?.id) {
      this.#queue.shift();
      this.#sayNext();
    }
  }
}
