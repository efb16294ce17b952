// Somebody who offends all the time, on a thread of their own: the measuring end of the
// others must not wait for it.

import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

import { OFFENCES, crowd, offend, slowReaders } from '../wire/offenders.mjs';
import { Peer } from '../wire/peer.mjs';

const { server, note, kind, count } = workerData;
const TIMES = 10;
/** What `y-websocket` waits before it connects again. */
const COMES_BACK_MS = 100;
let over = false;
parentPort.on('message', () => { over = true; });
const untilOver = async (work) => {
  while (!over) await work();
};

const KINDS = {
  /** Ten times every rate and size, one after the other, and again, as a client comes back. */
  limits: () => limits({ paced: true, pauseMs: COMES_BACK_MS }),
  /** The same as fast as it can be sent, without a pause. */
  flood: () => limits({ paced: false, pauseMs: 0 }),
  /** More sockets than there is room for; they come all at once, and those let in stay. */
  async crowd() {
    parentPort.postMessage('begun');
    const here = await crowd(server, note, count);
    parentPort.postMessage('inside');
    await untilOver(() => pause(50));
    here.leave();
    return { inside: here.inside.length, ...Object.fromEntries(here.codes) };
  },
  /** Readers who read. */
  async readers() {
    const readers = await Promise.all(Array.from({ length: count }, () => Peer.join(server, note)));
    parentPort.postMessage('begun');
    await untilOver(() => pause(50));
    readers.forEach((reader) => reader.vanish());
    return { read: readers[0].text.length };
  },
  /** Readers who do not, until it is over. */
  async slow() {
    const readers = await slowReaders(server, note, count);
    parentPort.postMessage('begun');
    await untilOver(() => pause(50));
    const length = await longest();
    readers.forEach((reader) => reader.readOn());
    await Promise.all(readers.map((reader) => reader.until(() => reader.closed || reader.text.length >= length, 'the text', 60_000)));
    const closed = readers.filter((reader) => reader.closed);
    readers.forEach((reader) => reader.vanish());
    return { 'read on': readers.length - closed.length, closed: closed.length };
  },
};

async function limits({ paced, pauseMs }) {
  const seen = new Map();
  parentPort.postMessage('begun');
  await untilOver(async () => {
    for (const offence of Object.values(OFFENCES)) {
      if (over) break;
      const { code, refused } = await offend(server, note, offence, TIMES, { paced });
      seen.set(code ?? refused, (seen.get(code ?? refused) ?? 0) + 1);
      await pause(pauseMs);
    }
  });
  return Object.fromEntries(seen);
}

/** How long the text is by now. */
async function longest() {
  const answer = await fetch(`${server.origin}/note/${note}.md`);
  return (await answer.text()).length;
}

parentPort.postMessage({ seen: await KINDS[kind]() });
process.exit(0);
