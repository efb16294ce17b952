// What offenders cost the others: a pair that writes and reads, alone and with each kind
// of offender, in one run. The ratios are said, not judged: that nobody loses anything
// is.

import { Worker } from 'node:worker_threads';

import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { Pair } from '../wire/pair.mjs';
import { quantile } from './company.mjs';
import { residentBytes } from './memory.mjs';

const KEYS = 250;
const KEY_EVERY_MS = 20;
const SOCKETS = 1_000;
const READERS = 100;
const MB = 1_000_000;
const UNREAD_MB = 1;

/** Each kind, and whether the offender is in the pair's own note. */
const STAGES = [
  { name: 'alone' },
  { name: 'ten times every limit, same note', kind: 'limits', same: true },
  { name: 'ten times every limit, another note', kind: 'limits' },
  { name: 'the same without a pause, same note', kind: 'flood', same: true },
  { name: 'the same without a pause, another note', kind: 'flood' },
  { name: `${SOCKETS} sockets come, another note`, kind: 'crowd', count: SOCKETS },
  { name: `${SOCKETS} sockets come, same note`, kind: 'crowd', count: SOCKETS, same: true },
  { name: `${READERS} who read, same note`, kind: 'readers', count: READERS, same: true },
  { name: `${READERS} who do not read, same note`, kind: 'slow', count: READERS, same: true },
  { name: `${READERS} who leave ${UNREAD_MB} MB unread each`, kind: 'slow', count: READERS, same: true, push: UNREAD_MB * MB },
  { name: 'alone again' },
];

export async function run({ say }) {
  const server = await startServer();
  // wrangler's proxy has one thread for all sockets: what they do to one another there is not ours.
  const near = await server.direct({ well: '/healthz', says: '"status"' });
  const rows = {};
  const wrong = [];
  let alone = null;
  try {
    for (const stage of STAGES) {
      const { id } = await makeNote(near);
      const pair = await Pair.join(near, id);
      const offender = stage.kind ? await begin(near, stage, stage.same ? id : (await makeNote(near)).id) : null;
      if (stage.push) await pair.push(stage.push);
      const waits = await pair.type(KEYS, KEY_EVERY_MS);
      const megabytes = Math.round(await residentBytes(server) / MB);
      const seen = offender ? await offender.end() : null;
      const text = await source(near, id);
      if (text !== `${pair.writer}` || text !== `${pair.reader}`) wrong.push(stage.name);
      pair.leave();
      alone ??= quantile(waits, 0.95);
      rows[stage.name] = {
        p50: tenths(quantile(waits, 0.5)),
        p95: tenths(quantile(waits, 0.95)),
        'p95, of alone': tenths(quantile(waits, 0.95) / alone),
        'workerd, MB': megabytes,
        offender: JSON.stringify(seen),
      };
      say(`${stage.name}: ${JSON.stringify(rows[stage.name])}`);
    }
    return { rows, figures: { keys: KEYS, 'stages in which a letter was lost': wrong.length }, failures: { wrong } };
  } finally {
    await server.stop();
  }
}

const tenths = (value) => Math.round(value * 10) / 10;

/** Begins to offend; `end` ends that and says what became of it. */
async function begin({ origin, socketOrigin }, { kind, count }, note) {
  const worker = new Worker(new URL('offender.mjs', import.meta.url), {
    workerData: { server: { origin, socketOrigin }, note, kind, count },
  });
  const said = (wanted) => new Promise((resolve, reject) => {
    worker.on('message', (words) => { if (wanted(words)) resolve(words); });
    worker.once('error', reject);
  });
  await said((words) => words === 'begun');
  const seen = said(({ seen: found }) => found);
  return {
    async end() {
      worker.postMessage('over');
      return (await seen).seen;
    },
  };
}
