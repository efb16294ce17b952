// The disk is full. Nothing is acknowledged that is not on it, whoever writes is told,
// what they have is theirs, and once there is room it goes on. The disk is a small one
// in memory, which only root can make.

import { spawnSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { isClean } from '../ledger.mjs';
import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { Company } from './company.mjs';
import { ChromiumPage } from './page.mjs';
import { storedDocument, textOf, withCopy } from './stored.mjs';

const DISK_BYTES = 24 << 20;
const CLIENTS = 4;
const PAGE_WORDS = 5;
const WORDS_A_SECOND = 40;
const CALM_MS = 3_000;
/** Something must be refused within so long, and it stays full for so long after. */
const FULL_WITHIN_MS = 60_000;
const FULL_MS = 10_000;
const CHUNKS = [1 << 20, 64 << 10, 4 << 10, 1];

export async function run({ below, say }) {
  const disk = await mkdtemp(join(tmpdir(), 'tandem-disk-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk]);
  if (mounted.status !== 0) {
    await rm(disk, { recursive: true });
    throw new Error(`no small disk could be made, which takes root: ${mounted.stderr ?? mounted.error}`);
  }
  const server = await startServer({ state: join(disk, 'state') });
  const { id } = await makeNote(server);
  const company = new Company(server, id, below);
  const page = await ChromiumPage.open(server, id);
  try {
    await company.come(CLIENTS);
    const stopWriting = company.keepWriting(1_000 / WORDS_A_SECOND);
    await pause(CALM_MS);
    const before = company.ledger.counts;
    const ballast = join(disk, 'ballast');
    await fill(ballast);
    say(`full, with ${before.acknowledged} words acknowledged`);
    await company.until(() => company.members.some(({ closed }) => closed.size > 0), 'somebody is told', FULL_WITHIN_MS);
    await pause(FULL_MS);
    stopWriting();
    const waiting = company.members.reduce((sum, member) => sum + member.waiting, 0);
    const mine = Array.from({ length: PAGE_WORDS }, (_, word) => `page-${word}`);
    mine.forEach((word) => company.ledger.write('the page', word));
    await page.type(` ${mine.join(' ')} `);
    const shown = await page.says('Offline|Not saved|Saving… \\d');
    const copy = await page.copy();
    const asked = await fetch(`${server.origin}/note/${id}.md`);
    const answer = await asked.text();
    const broken = await withCopy(server, async (copy) => company.ledger.broken(textOf(await storedDocument(copy, id))));
    const { acknowledged } = company.ledger.counts;
    const told = tally(company, 'refused');
    const closed = tally(company, 'closed');
    say(`told ${JSON.stringify({ told, closed })}; the source is answered with ${asked.status} ${answer.slice(0, 200)}`);

    await rm(ballast);
    const freed = performance.now();
    await page.says('Saved|Back online');
    await company.agree({ patience: FULL_WITHIN_MS });
    const recoveredMs = Math.round(performance.now() - freed);
    const wrong = company.ledger.wrong(await source(server, id));
    return {
      figures: {
        'words acknowledged before': before.acknowledged,
        'and while it was full': acknowledged - before.acknowledged,
        'of these not on the disk': broken.lost.length + broken.undone.length,
        'words that waited': waiting,
        'told, by reason': JSON.stringify(told),
        'closed, by code': JSON.stringify(closed),
        'the page says': shown,
        'words of the page in its copy': `${mine.filter((word) => copy.includes(word)).length} of ${mine.length}`,
        'the source over HTTP': asked.status,
        'words written in all': company.ledger.counts.written,
        'words lost': wrong.lost.length + wrong.missing.length,
        'everything stored after room was made, ms': recoveredMs,
      },
      failures: {
        ...wrong,
        'acknowledged, and not there': isClean(broken) ? [] : [broken],
        'not in the copy': mine.filter((word) => !copy.includes(word)),
        'nothing waited': waiting === 0 ? [waiting] : [],
      },
    };
  } finally {
    company.leave();
    await page.close();
    await server.stop();
    spawnSync('umount', [disk]);
    await rm(disk, { recursive: true, force: true });
  }
}

/** Writes to a file until there is no room for a byte. */
async function fill(path) {
  const file = await open(path, 'w');
  try {
    for (const size of CHUNKS) {
      const chunk = Buffer.alloc(size, 1);
      for (;;) {
        const { bytesWritten } = await file.write(chunk);
        if (bytesWritten < size) break;
      }
    }
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  } finally {
    await file.close();
  }
}

/** What happened to the members, added up. */
function tally(company, what) {
  const sum = new Map();
  for (const member of company.members) {
    for (const [key, count] of member[what]) sum.set(key, (sum.get(key) ?? 0) + count);
  }
  return Object.fromEntries(sum);
}
