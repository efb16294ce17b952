// The server is killed while people type. What it had acknowledged is there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { random, seed } from '../random.mjs';
import { startServer } from '../server.mjs';
import { makeNote, source } from './notes.mjs';
import { Peer } from './peer.mjs';

const CRASHES = Number(process.env.TANDEM_CRASHES ?? 20);
const KEY_EVERY_MS = 7;
const EARLIEST_MS = 100;
const LATEST_MS = 900;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** Types words that are found again, and knows which of them were acknowledged. */
class Typist {
  #written = [];
  #count = 0;

  constructor(name) {
    this.name = name;
  }

  async sit(id, doc) {
    this.peer = await Peer.join(server, id, { doc });
    this.#written = [];
  }

  type() {
    const word = `${this.name}${(this.#count += 1)} `;
    this.peer.insert(this.peer.text.length, word);
    this.#written.push({ word, frame: this.peer.sent });
    return word;
  }

  /** The words of this sitting that the server said are stored. */
  acknowledged() {
    return this.#written.filter(({ frame }) => frame <= this.peer.through).map(({ word }) => word);
  }
}

test(`no acknowledged word is missing after ${CRASHES} crashes (TANDEM_SEED=${seed})`, async (t) => {
  const below = random();
  const { id } = await makeNote(server);
  const typists = [new Typist('ada'), new Typist('ben')];
  await Promise.all(typists.map((typist) => typist.sit(id)));
  const typed = [];
  const stored = [];

  for (let crash = 1; crash <= CRASHES; crash += 1) {
    const keys = setInterval(() => typists.forEach((one) => typed.push(one.type())), KEY_EVERY_MS);
    await pause(EARLIEST_MS + below(LATEST_MS - EARLIEST_MS));
    const killed = server.kill();
    clearInterval(keys);
    await killed;
    await Promise.all(typists.map(({ peer }) => peer.closing()));
    stored.push(...typists.flatMap((typist) => typist.acknowledged()));

    await server.start();
    // Read before anybody is back who could bring along what was lost.
    const text = new Set((await source(server, id)).split(' '));
    const missing = stored.filter((word) => !text.has(word.trim()));
    assert.deepEqual(missing, [], `crash ${crash}`);

    for (const typist of typists) {
      typist.peer.vanish();
      await typist.sit(id, typist.peer.doc);
    }
    await Promise.all(typists.map(({ peer }) => peer.saved()));
  }

  const [ada, ben] = typists.map(({ peer }) => peer);
  await ada.until(() => `${ada}` === `${ben}`, 'one text');
  const text = await source(server, id);
  assert.equal(`${ada}`, text);
  const words = new Set(text.split(' '));
  assert.deepEqual(typed.filter((word) => !words.has(word.trim())), [], 'what was typed came back');
  assert.ok(stored.length >= CRASHES, `only ${stored.length} words were ever acknowledged`);
  t.diagnostic(`${typed.length} words typed, ${stored.length} acknowledged before a crash`);
});
