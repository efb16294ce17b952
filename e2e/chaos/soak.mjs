// A long day: people write, delete and come back for as long as is asked. What the
// server takes of memory is watched, and a note of a hundred thousand edits is opened.

import { setTimeout as pause } from 'node:timers/promises';

import { wear } from '../bench/support/worn.mjs';
import { isClean } from '../ledger.mjs';
import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { Peer } from '../wire/peer.mjs';
import { Company } from './company.mjs';
import { residentBytes } from './memory.mjs';

const NOTES = 4;
const WORDS_A_SECOND = 5;
/** Words of each member that stay in a note, so that its length does. */
const KEPT_WORDS = 200;
const SAMPLE_EVERY_MS = 10_000;
/** Samples between two that are told. */
const TOLD_EVERY = 6;
const SETTLED_MS = 10 * 60_000;
/** Of a shorter run, this share comes first. */
const SETTLING_SHARE = 1 / 3;
const MB = 1_000_000;
const HOUR_MS = 3_600_000;
/** About a hundred thousand edits. */
const WORN_BYTES = 290_000;
const OPEN_WITHIN_MS = 1_000;

export async function run({ minutes, clients, below, say }) {
  const server = await startServer();
  const companies = [];
  try {
    const { edits, warmMs, coldMs } = await openWorn(server);
    say(`${edits} edits: opened in ${warmMs} ms, from the disk in ${coldMs} ms`);
    for (let note = 0; note < NOTES; note += 1) {
      const company = new Company(server, (await makeNote(server)).id, below);
      companies.push({ company, stop: null });
      await company.come(clients / NOTES);
    }
    for (const it of companies) it.stop = it.company.keepWriting(1_000 / WORDS_A_SECOND, (member) => member.rewrite(KEPT_WORDS));
    const samples = await watch(server, companies, minutes * 60_000, say);
    const wrong = [];
    for (const { company, stop } of companies) {
      stop();
      await company.agree();
      wrong.push(company.ledger.wrong(await source(server, company.note)));
    }
    const settled = samples.filter(({ at }) => at >= Math.min(SETTLED_MS, minutes * 60_000 * SETTLING_SHARE));
    return {
      figures: {
        minutes,
        notes: NOTES,
        clients,
        'words written': companies.reduce((sum, { company }) => sum + company.ledger.counts.written, 0),
        'workerd at first, MB': Math.round(samples[0].bytes / MB),
        'once settled, MB': Math.round(settled[0].bytes / MB),
        'in the end, MB': Math.round(samples.at(-1).bytes / MB),
        'each minute, MB': samples.filter((_, nth) => nth % TOLD_EVERY === 0).map(({ bytes }) => Math.round(bytes / MB)).join(' '),
        'slope once settled, MB an hour': Math.round((slope(settled) * HOUR_MS) / MB),
        'edits of the worn note': edits,
        'it opens in, ms': warmMs,
        'it opens from the disk in, ms': coldMs,
      },
      failures: {
        wrong: wrong.filter((found) => !isClean(found)),
        'opens too late': [warmMs, coldMs].filter((ms) => ms > OPEN_WITHIN_MS),
      },
    };
  } finally {
    companies.forEach(({ company }) => company.leave());
    await server.stop();
  }
}

/** Makes the worn note, and opens it while it is in memory and after it was not. */
async function openWorn(server) {
  const { id } = await makeNote(server);
  const edits = await wear(server, id, WORN_BYTES);
  const open = async () => {
    const begun = performance.now();
    const peer = await Peer.join(server, id);
    await peer.until(() => peer.last('view'), 'the view');
    const ms = Math.round(performance.now() - begun);
    peer.vanish();
    return ms;
  };
  const warmMs = await open();
  await server.kill();
  await server.start();
  return { edits, warmMs, coldMs: await open() };
}

async function watch(server, companies, ms, say) {
  const samples = [];
  const begun = Date.now();
  for (let turn = 0; Date.now() - begun < ms; turn += 1) {
    const at = Date.now() - begun;
    samples.push({ at, bytes: await residentBytes(server) });
    if (turn % TOLD_EVERY === 0) say(`${Math.round(at / 60_000)} min: ${Math.round(samples.at(-1).bytes / MB)} MB`);
    // Somebody's tab is loaded again.
    const { members } = companies[turn % companies.length].company;
    const member = members[turn % members.length];
    member.kill();
    member.open();
    await pause(SAMPLE_EVERY_MS);
  }
  return samples;
}

/** Bytes a millisecond, by least squares. */
function slope(samples) {
  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  const [at, bytes] = [mean(samples.map((it) => it.at)), mean(samples.map((it) => it.bytes))];
  const rise = samples.reduce((sum, it) => sum + (it.at - at) * (it.bytes - bytes), 0);
  const run = samples.reduce((sum, it) => sum + (it.at - at) ** 2, 0);
  return run === 0 ? 0 : rise / run;
}
