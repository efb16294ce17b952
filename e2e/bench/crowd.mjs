// A hundred people in one note: how many edits a second get through to everybody, and
// how long a key takes while all of them type. Beside it the bare relay, which passes on
// each edit by itself.

import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';

import { BUILD, keep, quantile, round, row, sum } from './support/figures.mjs';
import { Group } from './support/group.mjs';
import { authors } from './support/keys.mjs';
import { sessions } from './support/sessions.mjs';
import { startSystems, stopSystems } from './support/systems.mjs';
import { history } from './support/worn.mjs';

const NOTE_BYTES = 100_000;
const PEOPLE = 100;
/** Edits on their way at the same time: more than a tick of the fastest takes in. */
const WINDOW = 1_024;
const WARM_UP_MS = 1_500;
const MEASURED_MS = 5_000;
const ROUNDS = 2;
/** Keys one person may need in all: what is not needed is not sent. */
const KEYS_EACH = 700;
const TYPING = { keys: 48, betweenMs: 125 };

const writing = await sessions();
const { state } = history(NOTE_BYTES);
const systems = await startSystems(['tandem', 'relay']);

/** As many edits as get through: whenever some were seen, as many more are sent. */
async function flood(group) {
  let [seen, sent] = [0, 0];
  const last = group.lines.at(-1);
  const own = group.authors.at(-1)?.client;
  const before = last.onFrame;
  const known = new Map();
  last.onFrame = (payload, isBinary) => {
    const update = isBinary ? group.system.update(group.id, payload) : null;
    if (!update) return;
    // What everybody wrote but the one who looks, who does not write here.
    for (const { id, length } of Y.decodeUpdate(update).structs) {
      if (id.client !== own) known.set(id.client, id.clock + length);
    }
    for (const entry of waiting) {
      while (entry.clocks.length > 0 && entry.clocks[0] <= (known.get(entry.client) ?? 0)) {
        entry.clocks.shift();
        seen += 1;
      }
    }
  };
  const waiting = group.authors.slice(0, -1).map(({ client }) => ({ client, clocks: [] }));
  const start = performance.now();
  let [from, at] = [0, start];
  let author = 0;
  let isLeft = true;
  while (isLeft && performance.now() - start < WARM_UP_MS + MEASURED_MS) {
    while (sent - seen < WINDOW) {
      const { keys } = group.authors[author];
      const key = keys[group.next[author]];
      isLeft &&= Boolean(key);
      if (!isLeft) break;
      group.next[author] += 1;
      group.lines[author].send(group.system.wrapped(group.id, key.update));
      if (key.clock !== null) {
        waiting[author].clocks.push(key.clock);
        sent += 1;
      }
      author = (author + 1) % waiting.length;
    }
    await pause(1);
    if (at === start && performance.now() - start >= WARM_UP_MS) [from, at] = [seen, performance.now()];
  }
  const rate = ((seen - from) / (performance.now() - at)) * 1000;
  const heard = () => sum(group.lines.map(({ binary }) => binary.frames));
  for (let now = heard(), then = -1; now !== then; now = heard()) {
    then = now;
    await pause(500);
  }
  last.onFrame = before;
  return rate;
}

const found = {};
try {
  const names = Object.keys(systems);
  for (const name of names) found[name] = { rates: [] };
  for (let n = 0; n < ROUNDS; n += 1) {
    const made = authors(state, PEOPLE, KEYS_EACH, writing);
    for (const name of names) {
      const id = await systems[name].note(NOTE_BYTES);
      const group = await Group.of(systems[name], id, made, PEOPLE);
      found[name].rates.push(await flood(group));
      group.end();
    }
  }
  const made = authors(state, PEOPLE, TYPING.keys, writing);
  for (const name of names) {
    const id = await systems[name].note(NOTE_BYTES);
    const group = await Group.of(systems[name], id, made, PEOPLE);
    await group.play(TYPING.keys, TYPING.betweenMs).catch((error) => { found[name].failed = error.message; });
    Object.assign(found[name], {
      p50: round(quantile(group.waits, 0.5)), p99: round(quantile(group.waits, 0.99)),
      processorMsA1000: round((group.processorMs / group.played) * 1000),
    });
    group.end();
  }
  for (const each of Object.values(found)) each.rate = Math.max(...each.rates);
  const { tandem, relay } = found;
  console.log(`${PEOPLE} people in a note of ${NOTE_BYTES / 1000} kB, ${BUILD} build`);
  console.table(found);
  await keep('crowd', [
    row({ row: 5, what: `edits a second of one note, ${PEOPLE} co-editors`, unit: '/s', figure: tandem.rate, against: 'unbatched relay', baseline: relay.rate, least: 10 }),
    row({ row: 5, what: `${PEOPLE} people at 8 keys/s, a key to another, p99`, unit: 'ms', figure: tandem.p99, against: 'unbatched relay', baseline: relay.p99, most: 100, of: 'figure', note: `p50 ${tandem.p50}, relay ${relay.p50}` }),
    row({ row: 2, what: `processor, 1,000 keys, ${PEOPLE} people at 8 keys/s`, unit: 'ms', figure: tandem.processorMsA1000, against: 'unbatched relay', baseline: relay.processorMsA1000 }),
  ], { people: PEOPLE, window: WINDOW, found });
} finally {
  await stopSystems(systems);
}
