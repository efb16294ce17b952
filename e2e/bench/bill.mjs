// What Cloudflare would bill: rows, requests, wake-ups and stored bytes for a thousand
// edits and for an hour in which nobody does anything, counted by the runtime itself;
// and what that is in a month for some people, at the prices of `support/prices.mjs`.

import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';
import { BUILD, FOLDER, keep, quantile, round, row, sum } from './support/figures.mjs';
import { NOTHING, saved, update } from './support/frames.mjs';
import { authors } from './support/keys.mjs';
import { Line } from './support/line.mjs';
import { LIFE, month } from './support/prices.mjs';
import { sessions } from './support/sessions.mjs';
import { history, wear } from './support/worn.mjs';

const NOTE_BYTES = 10_000;
const TYPING = [{ people: 1, keys: 40 }, { people: 2, keys: 60 }, { people: 10, keys: 200 }];
const BETWEEN_KEYS_MS = 250;
/** The index is written two seconds after the last key. */
const INDEXED_AFTER_MS = 4_000;
const IDLE_SOCKETS = 100;
/** The runtime puts an object to sleep after ten seconds in which nothing happens. */
const ASLEEP_AFTER_MS = 15_000;
const IDLE_MS = Number(process.env.TANDEM_IDLE_S ?? 30) * 1000;
const HOUR_MS = 3_600_000;
const WORKERS = { release: 'worker/build/index.js', dev: 'target/dev/worker/index.js' };
const SITES = { release: 'target/site', dev: 'target/dev/site' };
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Serves the built Worker with a meter around it. */
async function startMetered() {
  const folder = resolve(FOLDER);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'metered.mjs');
  const from = (path) => JSON.stringify(`./${relative(folder, join(ROOT, path))}`);
  await writeFile(file, `import * as tandem from ${from(WORKERS[BUILD])};
import { counted } from ${from('e2e/bench/support/counted.mjs')};
const { RealtimeDurableObject, Entry } = counted(tandem);
export { RealtimeDurableObject };
export default Entry;
`);
  // By name: wrangler looks for it above the file, which may be outside of the repository.
  const config = ['--config', join(ROOT, 'wrangler.toml')];
  return startServer({ build: { served: [file, ...config, '--assets', SITES[BUILD]], well: '/healthz' } });
}

const server = await startMetered();
const counts = async () => (await fetch(`${server.origin}/counts`)).json();

/** What was counted while something was done. */
async function during(work) {
  const before = await counts();
  const more = await work();
  const after = await counts();
  const all = (found) => sum(Object.values(found.storedBytes));
  const grown = (is, was) => Object.fromEntries(Object.keys(is).map((name) => [name, is[name] - (was[name] ?? 0)]));
  const numbers = ({ storedBytes: _stored, tables: _tables, ...found }) => found;
  return {
    ...grown(numbers(after), numbers(before)), tables: grown(after.tables, before.tables),
    storedBytes: all(after) - all(before), ...more,
  };
}

/** One end of a note that knows when each of its frames was stored. */
async function open(id) {
  const sentAt = [0];
  const durable = [];
  let through = 0;
  const line = await Line.open(`${server.socketOrigin}/note/${id}?events=1`);
  line.onFrame = (payload, isBinary, now) => {
    const count = isBinary ? null : saved(payload);
    for (; count !== null && through < count; through += 1) {
      if (sentAt[through] > 0) durable.push(now - sentAt[through]);
    }
  };
  line.send(NOTHING);
  return {
    line, durable,
    type(key) {
      sentAt.push(performance.now());
      line.send(update(key.update));
    },
    isSaved: () => through >= sentAt.length,
  };
}

/** So many people type in one note, each four keys a second. */
async function typing({ people, keys }, writing) {
  const { id } = await makeNote(server);
  await wear(server, id, NOTE_BYTES);
  const made = authors(history(NOTE_BYTES).state, people, keys, writing);
  const ends = await Promise.all(made.map(() => open(id)));
  await pause(INDEXED_AFTER_MS);
  const found = await during(async () => {
    const start = performance.now();
    for (let n = 0; n < keys * people; n += 1) {
      await pause(Math.max(0, start + (n * BETWEEN_KEYS_MS) / people - performance.now()));
      ends[n % people].type(made[n % people].keys[Math.floor(n / people)]);
    }
    for (const { line, isSaved } of ends) await line.until(isSaved, 'all to be stored');
    await pause(INDEXED_AFTER_MS);
    const durable = ends.flatMap((end) => end.durable);
    return { seconds: (performance.now() - start) / 1000, durable50: quantile(durable, 0.5), durable99: quantile(durable, 0.99) };
  });
  ends.forEach(({ line }) => line.end());
  const edits = people * keys;
  const bytes = sum(made.flatMap((each) => each.keys.map((key) => key.update.length)));
  return { people, edits, bytes, ...found };
}

/** So many have a note open, and nobody does anything. */
async function idle() {
  const { id } = await makeNote(server, { markdown: '# Plans' });
  const ends = [];
  while (ends.length < IDLE_SOCKETS) ends.push(await open(id));
  await pause(INDEXED_AFTER_MS + ASLEEP_AFTER_MS);
  const found = await during(async () => { await pause(IDLE_MS); return {}; });
  const open_ = ends.filter(({ line }) => line.closed === null).length;
  ends.forEach(({ line }) => line.end());
  return { sockets: open_, seconds: IDLE_MS / 1000, ...found };
}

const rowsOf = (found) => found.rowsWritten + found.alarmsSet + found.databaseRowsWritten;

try {
  const writing = await sessions();
  const typed = [];
  for (const each of TYPING) typed.push(await typing(each, writing));
  const quiet = await idle();
  const shown = Object.fromEntries(typed.map((found) => {
    const a1000 = (count) => round((count / found.edits) * 1000);
    return [`${found.people} typing`, {
      edits: found.edits, 'rows written': a1000(rowsOf(found)), 'of them D1': a1000(found.databaseRowsWritten), 'of them alarms': a1000(found.alarmsSet), 'of the log': a1000(found.tables.log ?? 0),
      'rows read': a1000(found.rowsRead + found.databaseRowsRead), messages: a1000(found.messages),
      requests: a1000(found.requests + found.objectRequests), 'wake-ups': a1000(found.woken), 'stored bytes': a1000(found.storedBytes),
      'durable, ms p50': round(found.durable50), p99: round(found.durable99),
    }];
  }));
  console.log(`For 1,000 edits, ${BUILD} build`);
  console.table(shown);
  const hour = (count) => round((count / quiet.seconds) * (HOUR_MS / 1000));
  const idleHour = { wakeUps: hour(quiet.woken + quiet.alarms), messages: hour(quiet.messages), requests: hour(quiet.objectRequests), rows: hour(rowsOf(quiet)) };
  console.log(`For an hour in which ${quiet.sockets} have a note open and nobody does anything, from ${quiet.seconds} s`);
  console.table([idleHour]);
  const [, pair, ten] = typed;
  const months = Object.fromEntries([10, 1_000, 100_000].map((people) => [people, month(people, pair, idleHour)]));
  console.log(`A month: ${LIFE}`);
  console.table(months);
  await keep('bill', [
    row({ row: 7, what: 'rows written an edit, 10 typing, alarms and index with them', unit: 'rows', figure: rowsOf(ten) / ten.edits, against: 'one a key (naive)', baseline: 1, most: 1 / 20 }),
    row({ row: 7, what: 'rows of the log an edit, 10 typing', unit: 'rows', figure: ten.tables.log / ten.edits, against: 'one a key (naive)', baseline: 1 }),
    row({ row: 7, what: 'from a key to its being stored, 10 typing, p99', unit: 'ms', figure: ten.durable99, most: 1_000 }),
    row({ row: 11, what: `idle note, ${IDLE_SOCKETS} sockets: wake-ups in ${quiet.seconds} s`, unit: '', figure: quiet.woken + quiet.alarms + quiet.messages + quiet.objectRequests, most: 0 }),
  ], { typed, idle: quiet, idleHour, shown, months });
} finally {
  await server.stop();
}
