// Somebody with a note open, as the page behaves, with a Yjs document: comes back by
// itself, pings, keeps what is not stored on a device that outlives the tab. What is
// written and what was promised about it stands in the ledger.

import * as Y from 'yjs';

import { Peer } from '../wire/peer.mjs';

// As the page's half has them (`realtime/src/client.rs`, `realtime/src/client/link.rs`).
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
const PING_EVERY_MS = 5_000;
const PONG_WITHIN_MS = 5_000;
const OPEN_WITHIN_MS = 4_000;
const LONGEST_OPENING_MS = 16_000;
const SAVED_WITHIN_MS = 15_000;
const ID_IN_USE = 4510;
/** Words in a paragraph, so that no block of the view grows without end. */
const PARAGRAPH = 8;

export class Member {
  /** Milliseconds from a key to its acknowledgement, with the time of the key. */
  waits = [];
  /** Why it was turned away for good, which must not happen to anybody honest. */
  faults = [];
  /** What was refused, by code. */
  refused = new Map();
  /** Close codes, and how often. */
  closed = new Map();
  returns = 0;
  doc = null;
  peer = null;

  #line;
  #note;
  #person;
  #ledger;
  #below;
  /** What it did and nobody has acknowledged: the device. */
  #open = [];
  #mine = [];
  #lives = 0;
  #count = 0;
  #asked = 0;
  #ready = false;
  #failures = 0;
  /** Tries since anything was heard. */
  #vain = 0;
  #since = 0;
  #heardAt = 0;
  #pingedAt = null;
  #retryAt = null;
  #held = false;

  /** @param {{ line: object, note: string, person: object, name: string, ledger: object, below: Function }} settings */
  constructor({ line, note, person, name, ledger, below }) {
    this.name = name;
    this.#line = line;
    this.#note = note;
    this.#person = person;
    this.#ledger = ledger;
    this.#below = below;
  }

  /** Opens a tab, with what the device has. */
  open() {
    this.#lives += 1;
    this.doc = new Y.Doc();
    this.doc.clientID = this.#freshId();
    this.text = this.doc.getText('content');
    // Yjs keeps back what it cannot place yet, and tells of it in step 2.
    for (const { update } of this.#open) Y.applyUpdate(this.doc, update);
    this.#ready = false;
    this.#failures = this.#vain = 0;
    this.#connect();
  }

  /** The tab is killed. The device has what was not acknowledged. */
  kill() {
    this.#drop();
    this.doc = null;
    this.text = null;
    this.#retryAt = null;
  }

  /** Stays away until it is let go on, as if every attempt failed. */
  hold() {
    this.#held = true;
  }

  release() {
    this.#held = false;
    this.wake();
  }

  /** The network is back: tries at once, and asks a socket that seems open. */
  wake() {
    if (!this.doc) return;
    if (this.peer && !this.peer.isOpening) {
      this.#ping(Date.now());
      return;
    }
    this.#failures = this.#vain = 0;
    if (this.peer) return;
    this.#retryAt = Date.now();
    this.tick();
  }

  get isLive() {
    return this.peer !== null && this.peer.answers > 0 && this.#asked > 0;
  }

  get isDown() {
    return this.peer === null;
  }

  /** How much is not acknowledged. */
  get waiting() {
    return this.#open.length;
  }

  toString() {
    return `${this.text ?? ''}`;
  }

  /** Does something a person would: mostly a word at the end, sometimes one elsewhere, sometimes less. */
  act() {
    if (!this.#ready || !this.doc) return;
    const dice = this.#below(16);
    if (dice === 0 && this.#mine.length > 2) this.#delete(this.#below(this.#mine.length));
    else if (dice < 3) this.#insert(this.#gap(), null);
    else this.#insert(this.text.length, `${this.name}-${this.#lives}`);
  }

  /** Writes one word at the end. */
  type() {
    if (this.#ready && this.doc) this.#insert(this.text.length, `${this.name}-${this.#lives}`);
  }

  /** Writes one word at the end, and takes out its oldest where there are more than `most`. */
  rewrite(most) {
    this.type();
    if (this.#mine.length > most) this.#delete(0);
  }

  /** Time passes. */
  tick(now = Date.now()) {
    if (!this.doc) return;
    if (this.peer) this.#watch(now);
    else if (!this.#held && this.#retryAt !== null && now >= this.#retryAt) this.#connect();
  }

  #insert(at, run) {
    const word = `${this.name}-${this.#lives}-${(this.#count += 1)}`;
    const entry = this.#ledger.write(this.name, word, run);
    const rest = this.#count % PARAGRAPH === 0 ? ' \n\n' : ' ';
    this.#do(entry, false, () => this.text.insert(at, word + rest));
    this.#mine.push(entry);
  }

  #delete(which) {
    const [entry] = this.#mine.splice(which, 1);
    const at = `${this.text}`.indexOf(`${entry.word} `);
    // Of an earlier life of the server, and not back yet.
    if (at < 0) return;
    entry.deleted = true;
    this.#do(entry, true, () => this.text.delete(at, entry.word.length + 1));
  }

  /** A place between two words. */
  #gap() {
    const text = `${this.text}`;
    const space = text.indexOf(' ', this.#below(text.length + 1));
    return space < 0 ? text.length : space + 1;
  }

  #do(entry, deletes, change) {
    const sent = this.peer?.sent ?? 0;
    let update = null;
    const keep = (bytes) => { update = bytes; };
    this.doc.on('update', keep);
    this.doc.transact(change);
    this.doc.off('update', keep);
    const frame = this.peer && this.peer.sent > sent ? this.peer.sent : null;
    this.#open.push({ entry, deletes, update, frame, at: Date.now() });
  }

  #connect() {
    this.#retryAt = null;
    this.#asked = 0;
    this.#since = Date.now();
    this.#heardAt = this.#since;
    this.#pingedAt = null;
    const { origin, cookie } = this.#person.headers(this.#line);
    const peer = new Peer(`${this.#line.socketOrigin}/note/${this.#note}?events=1`, { doc: this.doc, origin, headers: { cookie } });
    this.peer = peer;
    peer.changed = () => {
      if (this.peer === peer) this.#hear(peer);
      Peer.prototype.changed.call(peer);
    };
  }

  #hear(peer) {
    const now = Date.now();
    this.#heardAt = now;
    this.#pingedAt = null;
    const saved = peer.last('saved');
    for (const event of peer.events) {
      if (event.type === 'refused') this.#tally(this.refused, event.reason);
    }
    // What was heard is taken in; of a long life only the newest acknowledgement is kept.
    peer.events = saved ? [saved] : [];
    if (peer.broken) this.faults.push(peer.broken);
    if (peer.asked > 0) this.#vain = 0;
    if (peer.asked > this.#asked) this.#answered(peer);
    // The server's text is here: it can be written in.
    if (peer.answers > 0) this.#ready = true;
    this.#acknowledge(peer.through, now);
    if (peer.closed) this.#lost(peer.closed.code, now);
  }

  /** Step 1 was answered with all there is: what has not gone by itself is in that frame. */
  #answered(peer) {
    this.#asked = peer.asked;
    for (const open of this.#open) open.frame ??= peer.sent;
  }

  #acknowledge(through, now) {
    this.#open = this.#open.filter(({ entry, deletes, frame, at }) => {
      if (frame === null || frame > through) return true;
      if (deletes) entry.deletionStored = true;
      else entry.stored = true;
      this.waits.push({ at, ms: now - at });
      return false;
    });
  }

  #watch(now) {
    const patience = Math.min(LONGEST_OPENING_MS, OPEN_WITHIN_MS * 2 ** this.#vain);
    const slow = this.peer.isOpening && now - this.#since > patience;
    const silent = this.#pingedAt !== null && now - this.#pingedAt > PONG_WITHIN_MS;
    const unsaved = this.isLive && now - this.#since > SAVED_WITHIN_MS
      && this.#open.some(({ at }) => now - at > SAVED_WITHIN_MS);
    if (slow || silent || unsaved) this.#lost(1006, now);
    else if (this.#pingedAt === null && now - this.#heardAt >= PING_EVERY_MS) this.#ping(now);
  }

  #ping(now) {
    if (this.peer.sendRaw('ping')) this.#pingedAt = now;
  }

  #lost(code, now) {
    this.#tally(this.closed, code);
    if (this.#asked === 0) this.#vain += 1;
    this.#drop();
    if (code >= 4400 && code < 4500) {
      this.faults.push(`${this.name} was turned away with ${code}`);
      return;
    }
    if (code === ID_IN_USE) this.doc.clientID = this.#freshId();
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures = now - this.#since > LONGEST_WAIT_MS ? 0 : Math.min(5, this.#failures + 1);
    this.#retryAt = now + wait / 2 + this.#below(wait / 2 + 1);
    this.returns += 1;
  }

  #drop() {
    const { peer } = this;
    this.peer = null;
    peer?.vanish();
    for (const open of this.#open) open.frame = null;
  }

  #freshId() {
    return 1 + this.#below(2 ** 31);
  }

  #tally(counts, what) {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
}
