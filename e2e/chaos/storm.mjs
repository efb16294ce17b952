// Everything at once, out of a seed: lines are cut, tabs are killed, the server is
// killed, and people go on writing. Then all of it is mended, and the ledger is checked
// against what everybody holds and what is stored.

import { setTimeout as pause } from 'node:timers/promises';

import { isClean } from '../ledger.mjs';
import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { Swarm } from '../wire/swarm.mjs';
import { Company, quantile } from './company.mjs';
import { Line } from './line.mjs';
import { plan } from './plan.mjs';
import { damage, storedDocument, textOf, withCopy } from './stored.mjs';

/** So many words a second, of all together. */
const WORDS_A_SECOND = 40;
const PAGES_SAY_EVERY_MS = 2_000;
/** Pages share so many lines; unchanged clients have one each. */
const LINES_OF_PAGES = 4;
const READERS = 2;
const SAY_EVERY_MS = 60_000;

/** Who is back holds everything within so long after it is mended. */
const HEALED_WITHIN_MS = 5_000;

/** As a part of `npm run chaos`: everything, */
export const run = (wanted) => rage({ ...wanted, kills: true });
/** or lines and tabs alone. */
export const runPartitions = (wanted) => rage({ ...wanted, kills: false });

async function rage(wanted) {
  const server = await startServer();
  try {
    const { broken, damaged, readyMs, wrong, isStored, ...figures } = await new Storm(server, wanted).run();
    const lost = [...broken, wrong].reduce((sum, { lost, undone }) => sum + lost.length + undone.length, 0);
    return {
      figures: {
        'Yjs clients': wanted.clients,
        pages: wanted.pages,
        'unchanged Yjs clients': READERS,
        minutes: wanted.minutes,
        ...figures,
        ...(readyMs.length > 0 && { 'serving again, slowest ms': Math.max(...readyMs) }),
        'acknowledged words lost': lost,
        'words invented, doubled or out of order': wrong.invented.length + wrong.twice.length + wrong.disordered.length,
      },
      failures: {
        broken,
        damaged,
        ...wrong,
        'what is stored differs': isStored ? [] : ['it does'],
        'healed too late': figures.healedMs > HEALED_WITHIN_MS ? [figures.healedMs] : [],
      },
    };
  } finally {
    await server.stop();
  }
}

class Storm {
  #server;
  #wanted;
  #say;
  #plan;
  #lines = [];
  #said = 0;
  #isDown = null;
  #figures = { cuts: 0, 'silent cuts': 0, 'tabs killed': 0, 'server killed': 0 };
  #found = { broken: [], damaged: [], readyMs: [] };

  /** @param {{ minutes: number, clients: number, pages: number, kills: boolean, below: Function, say: Function }} wanted */
  constructor(server, wanted) {
    this.#server = server;
    this.#wanted = wanted;
    this.#say = wanted.say;
    const { clients, minutes, kills, below } = wanted;
    const lines = clients + LINES_OF_PAGES + READERS;
    this.#plan = plan({ below, ms: minutes * 60_000, lines, members: clients, kills });
  }

  async run() {
    const { clients, below } = this.#wanted;
    const { id } = await makeNote(this.#server);
    this.note = id;
    this.company = new Company(this.#server, id, below);
    try {
      await this.#gather(clients);
      const stopWriting = this.company.keepWriting(1_000 / WORDS_A_SECOND);
      const pages = setInterval(() => this.#letPagesSay(), PAGES_SAY_EVERY_MS);
      await this.#rage(this.#plan);
      stopWriting();
      clearInterval(pages);
      return await this.#heal();
    } finally {
      this.company.leave();
      await Promise.all(this.#lines.map((line) => line.stop()));
    }
  }

  async #gather(clients) {
    for (let count = clients + LINES_OF_PAGES + READERS; count > 0; count -= 1) {
      this.#lines.push(await Line.to(this.#server));
    }
    const lines = [...this.#lines];
    for (let reader = 0; reader < READERS; reader += 1) this.company.read(lines.pop());
    const { pages } = this.#wanted;
    if (pages > 0) {
      const origin = lines.splice(-LINES_OF_PAGES).map((line) => line.origin).join(',');
      this.company.pages = new Swarm({ origin }, pages, [`/note/${this.note}`]);
    }
    await this.company.come(clients, (number) => lines[number]);
    await this.company.pages?.until(({ members }) => members.every(({ live }) => live), 'the pages are here', 60_000);
  }

  /** Pages name their words by themselves: by their number, and how many they said. */
  #letPagesSay() {
    for (let page = 0; page < this.#wanted.pages; page += 1) {
      this.company.ledger.write(`page ${page}`, `${page}-${this.#said}`);
    }
    this.#said += 1;
    this.company.pages?.say().catch((error) => this.company.members[0].faults.push(`${error}`));
  }

  async #rage(mishaps) {
    const begun = Date.now();
    let told = begun;
    const under = new Set();
    for (const mishap of mishaps) {
      await pause(Math.max(0, begun + mishap.at - Date.now()));
      const done = this.#happen(mishap);
      under.add(done);
      done.finally(() => under.delete(done)).catch((error) => this.company.members[0].faults.push(`${error}`));
      if (this.company.faults.length > 0) throw new Error(this.company.faults.join('\n'));
      if (Date.now() - told > SAY_EVERY_MS) {
        told = Date.now();
        this.#say(`${Math.round((told - begun) / 60_000)} min: ${JSON.stringify({ ...this.#figures, ...this.company.ledger.counts })}`);
      }
    }
    await pause(Math.max(0, begun + this.#wanted.minutes * 60_000 - Date.now()));
    await Promise.all(under);
  }

  async #happen(mishap) {
    switch (mishap.what) {
      case 'cut': return this.#cut(mishap);
      case 'tab': return this.#killTab(mishap);
      default: return this.#killServer(mishap);
    }
  }

  #cut({ lines, how, ms }) {
    for (const line of lines) {
      if (!this.#lines[line].cut(how, ms)) continue;
      this.#figures.cuts += 1;
      if (how === 'silent') this.#figures['silent cuts'] += 1;
    }
  }

  async #killTab({ member, ms }) {
    const killed = this.company.members[member];
    if (killed.doc === null) return;
    killed.kill();
    this.#figures['tabs killed'] += 1;
    await pause(ms);
    killed.open();
  }

  /** One at a time: who dies while it is started again is not killed twice. */
  async #killServer({ ms }) {
    if (this.#isDown) return;
    this.#isDown = this.#restart(ms);
    await this.#isDown;
    this.#isDown = null;
  }

  async #restart(ms) {
    this.#figures['server killed'] += 1;
    await this.#server.kill();
    await withCopy(this.#server, async (copy) => {
      this.#found.damaged.push(...await damage(copy));
      // What arrived before the kill has been heard by now; what is acknowledged is there.
      const broken = this.company.ledger.broken(textOf(await storedDocument(copy, this.note)));
      if (!isClean(broken)) this.#found.broken.push(broken);
    });
    await pause(ms);
    const before = performance.now();
    await this.#server.start();
    this.#found.readyMs.push(Math.round(performance.now() - before));
  }

  async #heal() {
    const { company } = this;
    this.#lines.forEach((line) => line.mend());
    company.members.filter(({ doc }) => doc === null).forEach((member) => member.open());
    await company.wake();
    const healedMs = await company.agree({ unchanged: false });
    if (healedMs > HEALED_WITHIN_MS) this.#say(`until when, ms: ${JSON.stringify([...company.apart])}`);
    const allMs = healedMs + await company.agree();
    const text = await source(this.#server, this.note);
    await this.#server.kill();
    const stored = await withCopy(this.#server, async (copy) => {
      this.#found.damaged.push(...await damage(copy));
      return textOf(await storedDocument(copy, this.note));
    });
    const waits = company.members.flatMap((member) => member.waits.map(({ ms }) => ms));
    return {
      ...this.#figures,
      ...this.#found,
      ...company.ledger.counts,
      healedMs,
      'unchanged clients too after, ms': allMs,
      'acknowledged after, median ms': quantile(waits, 0.5),
      'returns of clients': company.members.reduce((sum, { returns }) => sum + returns, 0),
      bytes: text.length,
      wrong: company.ledger.wrong(text),
      isStored: stored === text,
    };
  }
}
