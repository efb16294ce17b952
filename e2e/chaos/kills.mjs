// workerd is killed at random while people write, and wrangler starts another. What it
// had acknowledged is on the disk, whole, before anybody is back who could bring it.

import { setTimeout as pause } from 'node:timers/promises';

import { isClean } from '../ledger.mjs';
import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { Company, quantile } from './company.mjs';
import { damage, storedDocument, textOf, withCopy } from './stored.mjs';

const KEY_EVERY_MS = 7;
const EARLIEST_MS = 100;
const LATEST_MS = 900;

/** Serving again within so long. */
const READY_WITHIN_MS = 3_000;

/** As a part of `npm run chaos`. */
export async function run({ clients, ...wanted }) {
  const server = await startServer();
  try {
    const found = await kills(server, { clients, ...wanted });
    const { rounds } = found;
    const slowest = Math.max(...found.readyMs);
    return {
      figures: {
        kills: rounds,
        clients,
        'words written': found.written,
        'acknowledged words': found.acknowledged,
        'acknowledged words lost': found.broken.reduce((sum, { lost, undone }) => sum + lost.length + undone.length, 0),
        'databases whole after a kill': `${rounds - found.damaged.length} of ${rounds}`,
        'serving again, median ms': quantile(found.readyMs, 0.5),
        'serving again, slowest ms': slowest,
      },
      failures: {
        broken: found.broken,
        damaged: found.damaged,
        'the server reads something else than `yjs`': found.differing > 0 ? [found.differing] : [],
        ...found.wrong,
        'serving again too late': found.readyMs.filter((ms) => ms > READY_WITHIN_MS),
      },
    };
  } finally {
    await server.stop();
  }
}

/**
 * Kills it so many times, or for so many minutes.
 * @returns what was promised and broken, what was damaged, and how long it took to serve again
 */
export async function kills(server, { rounds, minutes = Infinity, clients, below, say = () => {} }) {
  const { id } = await makeNote(server);
  const company = new Company(server, id, below);
  const found = { broken: [], damaged: [], differing: 0, readyMs: [] };
  try {
    await company.come(clients);
    const end = Date.now() + minutes * 60_000;
    for (let round = 1; round <= rounds && Date.now() < end; round += 1) {
      const stopWriting = company.keepWriting(KEY_EVERY_MS);
      await pause(EARLIEST_MS + below(LATEST_MS - EARLIEST_MS));
      company.members.forEach((member) => member.hold());
      await server.killRuntime();
      const killed = performance.now();
      stopWriting();
      await company.until(() => company.members.every((member) => member.isDown), 'everybody is down');

      const text = await withCopy(server, async (copy) => {
        const damaged = await damage(copy);
        if (damaged.length > 0) found.damaged.push({ round, damaged });
        return textOf(await storedDocument(copy, id));
      });
      const broken = company.ledger.broken(text);
      if (!isClean(broken)) found.broken.push({ round, ...broken });

      // Nobody asked for anything until now, so no database was opened while it was copied.
      await server.untilWell();
      found.readyMs.push(Math.round(performance.now() - killed));
      // As the server itself reads it, with nobody back yet.
      if (await source(server, id) !== text) found.differing += 1;

      company.members.forEach((member) => member.release());
      await company.until(() => company.isStored, `everything is stored after kill ${round}`);
      found.rounds = round;
      say(`kill ${round} of ${rounds}: ${company.ledger.counts.acknowledged} words acknowledged so far; after ${found.broken.length}`
        + ` kills some were lost, after ${found.damaged.length} a database was damaged; serving again in ${found.readyMs.at(-1)} ms`);
    }
    found.agreedMs = await company.agree();
    const final = await source(server, id);
    return { ...found, ...company.ledger.counts, wrong: company.ledger.wrong(final) };
  } finally {
    company.leave();
  }
}
