// What objects say in the log of a server that was started with these.

import { setTimeout as pause } from 'node:timers/promises';

export const TRACED = { TRACE_OBJECTS: '1' };

const PATIENCE_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** How often objects did each of these so far. */
export async function noticed(server, ...what) {
  const log = await server.logged();
  return Object.fromEntries(what.map((it) => [it, log.split(`object: ${it}`).length - 1]));
}

/**
 * The same, once one of them was done so often. What is logged comes through other
 * processes than what is sent, and later.
 */
export async function untilNoticed(server, what, times) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const { [what]: count } = await noticed(server, what);
    if (count >= times || Date.now() > deadline) return count;
    await pause(LOOK_EVERY_MS);
  }
}

/** The same, once nothing more was done for so long. */
export async function settled(server, forMs, ...what) {
  const deadline = Date.now() + PATIENCE_MS;
  let [seen, since] = [await noticed(server, ...what), Date.now()];
  while (Date.now() - since < forMs && Date.now() < deadline) {
    await pause(LOOK_EVERY_MS);
    const now = await noticed(server, ...what);
    if (what.some((it) => now[it] !== seen[it])) [seen, since] = [now, Date.now()];
  }
  return seen;
}
