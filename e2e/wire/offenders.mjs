// Who takes more than their share of a note: several times every limit on one socket,
// more sockets than there is room for, and sockets that are not read from.

import { setTimeout as pause } from 'node:timers/promises';

import { Listener } from './listener.mjs';
import { Peer, updateFrame } from './peer.mjs';

// The limits of `realtime/SPEC.md`: F2, F5, P3, T1, T3, G1.
const FRAME_BYTES = 2 << 20;
const TEXT_BYTES = 1 << 20;
const ASK_BYTES = 32 << 10;
const PATIENCE_MS = 60_000;
/** How often a paced offender sends: timers are no finer. */
const TICK_MS = 5;

/** What may be sent so many times as much of, and what is done about it. */
export const OFFENCES = {
  'frames, beyond the burst': {
    code: 4529,
    burst: 5_000,
    aSecond: 500,
    commit: (peer, nth) => peer.sendState({ count: nth }, { clock: nth + 1 }),
  },
  'a frame beyond the size': { code: 4413, commitAll: (peer, times) => peer.sendRaw(updateFrame(new Uint8Array(times * FRAME_BYTES))) },
  'an ask beyond the size': {
    code: 4413,
    commitAll: (peer, times) => peer.sendRaw(JSON.stringify({ type: 'set', name: 'big', value: 'x'.repeat(times * ASK_BYTES) })),
  },
  'asks, beyond the burst': {
    refused: 'too_fast',
    burst: 60,
    aSecond: 20,
    commit: (peer, nth) => peer.sendRaw(JSON.stringify({ type: 'set', name: 'count', value: nth })),
  },
  'a text beyond the length': {
    refused: 'full',
    commitAll: (peer, times) => { for (let part = 0; part < times; part += 1) peer.insert(0, 'x'.repeat(TEXT_BYTES)); },
  },
};

/**
 * Does one of these on a socket of its own, and says what was done about it. What has a
 * rate is done all at once, so many times the burst; or paced, at so many times the rate
 * until something is done about it.
 */
export async function offend(server, note, { code, refused, burst, aSecond, commit, commitAll }, times, { paced = false } = {}) {
  const peer = await Peer.join(server, note, { patience: PATIENCE_MS });
  const closed = () => peer.closingCode ?? peer.closed?.code ?? null;
  const answered = () => closed() !== null || (refused && peer.events.some(({ reason }) => reason === refused));
  if (!commit) commitAll(peer, times);
  else if (!paced) repeat(times * burst, (nth) => commit(peer, nth));
  else await pacedUntil(answered, times * aSecond, (nth) => commit(peer, nth));
  await peer.until(answered, `${code ?? refused}`, PATIENCE_MS);
  const seen = { code: closed(), refused: peer.events.find(({ type }) => type === 'refused')?.reason ?? null };
  peer.vanish();
  return seen;
}

function repeat(count, body) {
  for (let nth = 0; nth < count; nth += 1) body(nth);
}

/** So many a second, at most as long as is waited for an answer. */
async function pacedUntil(answered, aSecond, body) {
  const begun = performance.now();
  let done = 0;
  while (!answered() && performance.now() - begun < PATIENCE_MS) {
    for (const due = (performance.now() - begun) / 1_000 * aSecond; done < due; done += 1) body(done);
    await pause(TICK_MS);
  }
}

/** Opens so many sockets of a note at once: who was let in, and the codes of the others. */
export async function crowd(server, note, count) {
  const listeners = Array.from({ length: count }, () => new Listener(server, `/note/${note}`));
  await Promise.all(listeners.map((listener) => listener.until(
    () => listener.last('hello') || listener.closingCode !== null || listener.closed || listener.status,
    'an answer', PATIENCE_MS,
  )));
  const inside = listeners.filter((listener) => listener.last('hello') && listener.closingCode === null);
  const codes = new Map();
  for (const listener of listeners) {
    const code = listener.closingCode ?? listener.closed?.code ?? listener.status;
    if (!inside.includes(listener)) codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  return { inside, codes, leave: () => listeners.forEach((listener) => listener.vanish()) };
}

/** So many who have joined a note, and read nothing from now on. */
export async function slowReaders(server, note, count) {
  const readers = await Promise.all(Array.from({ length: count }, () => Peer.join(server, note)));
  readers.forEach((reader) => reader.stopReading());
  return readers;
}
