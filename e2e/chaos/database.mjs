// The database of the index is out for minutes. Who has a note open notices nothing;
// who comes is told plainly; and when it is back the index is soon right.

import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { change, rows } from '../wire/storage.mjs';
import { Company, quantile } from './company.mjs';

/** So many words a second, of all together: the ledger fits into the index. */
const WORDS_A_SECOND = 10;
const BEFORE_MS = 60_000;
const VISIT_EVERY_MS = 5_000;
const INDEXED_WITHIN_MS = 60_000;
const MOST_SLOWER = 1.2;

export async function run({ minutes, clients, below, say }) {
  const server = await startServer();
  const { id } = await makeNote(server, { markdown: '# Plans\n\n' });
  const company = new Company(server, id, below);
  for (const word of ['#', 'Plans']) company.ledger.write('nobody', word);
  try {
    await company.come(clients);
    const stopWriting = company.keepWriting(1_000 / WORDS_A_SECOND);
    await pause(BEFORE_MS);
    const before = take(company);
    say(`before: ${JSON.stringify(spread(before))}`);

    await change(server, 'ALTER TABLE notes RENAME TO gone');
    const visits = await visitsFor(server, id, minutes * 60_000);
    const during = take(company);
    stopWriting();
    await company.until(() => company.isStored, 'everything is stored');
    await change(server, 'ALTER TABLE gone RENAME TO notes');
    const text = await source(server, id);
    const indexedMs = await untilIndexed(company, server, id, text);
    await company.agree();

    const [calm, out] = [spread(before), spread(during)];
    const ratio = Math.round((out.p95 / calm.p95) * 100) / 100;
    const wrong = company.ledger.wrong(text);
    return {
      rows: { 'before, ms to the acknowledgement': calm, 'without the database': out },
      figures: {
        'minutes without the database': minutes,
        clients,
        'p95 without it, of that before': ratio,
        ...company.ledger.counts,
        'acknowledged words lost': wrong.lost.length + wrong.undone.length,
        'visits meanwhile, by status': JSON.stringify(Object.fromEntries(visits)),
        'the index is right after, ms': indexedMs,
      },
      failures: {
        ...wrong,
        'acknowledged more slowly': ratio > MOST_SLOWER ? [ratio] : [],
        'indexed too late': indexedMs > INDEXED_WITHIN_MS ? [indexedMs] : [],
        'visits that were not told': [...visits.keys()].filter((status) => status !== 503),
      },
    };
  } finally {
    company.leave();
    await server.stop();
  }
}

/** What the members waited for their acknowledgements since this was asked last. */
const take = (company) => company.members.flatMap((member) => member.waits.splice(0).map(({ ms }) => ms));

const spread = (samples) => ({
  count: samples.length, p50: quantile(samples, 0.5), p95: quantile(samples, 0.95), p99: quantile(samples, 0.99),
});

/** Somebody comes every few seconds: how often they were answered with which status. */
async function visitsFor(server, note, ms) {
  const visits = new Map();
  for (const end = Date.now() + ms; Date.now() < end;) {
    const { status } = await fetch(`${server.origin}/note/${note}`);
    visits.set(status, (visits.get(status) ?? 0) + 1);
    await pause(Math.min(VISIT_EVERY_MS, Math.max(0, end - Date.now())));
  }
  return visits;
}

async function untilIndexed(company, server, note, text) {
  const since = performance.now();
  const body = async () => (await rows(server, 'SELECT body FROM notes WHERE id = ?', note))[0]?.body;
  await company.until(async () => (await body()) === text, 'the index is right', 3 * INDEXED_WITHIN_MS);
  return Math.round(performance.now() - since);
}
