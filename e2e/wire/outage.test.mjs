// The server is gone for a minute, with 200 clients on a note and in a chat room.
// They are the page's own half of the conversation on real sockets (`e2e/swarm`).

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { makeNote } from './notes.mjs';
import { Person } from './people.mjs';
import { Swarm } from './swarm.mjs';

const CLIENTS = 200;
const GONE_FOR_MS = 60_000;
const BACK_WITHIN_MS = 10_000;
const PATIENCE_MS = 60_000;
// The longest wait between two attempts; attempts are spread over half of it.
const CEILING_MS = 8_000;

let server;
let swarm;
before(async () => { server = await startServer(); });
after(async () => {
  swarm?.kill();
  await server?.stop();
});

const live = ({ members }) => members.every((member) => member.live);
const settled = (words) => ({ members }) => members.every(({ waiting, live: connected, text }) =>
  connected && waiting === 0 && text.split(' ').filter(Boolean).length === words);

test(`${CLIENTS} clients are back within ${BACK_WITHIN_MS / 1000} s of an outage of ${GONE_FOR_MS / 1000} s, spread, and miss nothing`, async (t) => {
  const { id } = await makeNote(server);
  const keys = [`/note/${id}`, await new Person('Ada').makeRoom(server, 'Tea')];
  swarm = new Swarm(server, CLIENTS, keys);
  await swarm.until(live, 'all connected', PATIENCE_MS);
  await swarm.say();
  await swarm.until(settled(CLIENTS / 2), 'everybody has what all said', PATIENCE_MS);

  await server.kill();
  await pause(GONE_FOR_MS / 2);
  await swarm.say();
  await pause(GONE_FOR_MS / 2);
  const gone = await swarm.look();
  assert.ok(gone.members.every((member) => !member.live && member.waiting === 1));
  await server.start();
  const seen = Date.now();
  await swarm.until(live, 'all back', PATIENCE_MS);
  await swarm.until(settled(CLIENTS), 'everybody has what all said meanwhile', PATIENCE_MS);
  const { members } = await swarm.end();

  for (const key of keys) {
    const texts = members.filter((member) => member.key === key).map(({ text }) => text);
    assert.equal(new Set(texts).size, 1, `${key}: one text for all`);
    const words = texts[0].split(' ').filter(Boolean);
    assert.equal(new Set(words).size, words.length, `${key}: nothing twice`);
  }
  // A busy machine may be late to see that it serves: then the first client was before us.
  const returns = members.map(({ live_at: times }) => times.at(-1));
  const returned = Math.min(seen, ...returns);
  const back = returns.map((at) => at - returned).sort((a, b) => a - b);
  t.diagnostic(`back after ${back[0]} to ${back.at(-1)} ms; the half by ${back[CLIENTS / 2]} ms`);
  // One attempt that comes to nothing while so many return costs its client another wait.
  assert.ok(back[Math.floor(CLIENTS * 0.95)] <= BACK_WITHIN_MS, `19 of 20 after ${back[Math.floor(CLIENTS * 0.95)]} ms`);
  assert.ok(back.at(-1) <= BACK_WITHIN_MS + CEILING_MS, `the last after ${back.at(-1)} ms`);

  // Attempts while nothing answered, by second: no second has many of them.
  const attempts = members.flatMap(({ tried_at: times }) => times.map((at) => at - returned));
  const perSecond = Array.from({ length: 20 }, (_, second) => {
    const from = (second - 20) * 1_000;
    return attempts.filter((at) => at >= from && at < from + 1_000).length;
  });
  t.diagnostic(`attempts by second, from 20 s before the return: ${perSecond.join(' ')}`);
  // Not the last ten, in which the server that starts takes the machine.
  const before = perSecond.slice(0, 10);
  const even = before.reduce((sum, count) => sum + count, 0) / before.length;
  assert.ok(Math.max(...before) <= 3 * even, `a crowd of ${Math.max(...before)} in a second`);
  assert.ok(Math.min(...before) >= even / 3, `only ${Math.min(...before)} in a second`);
  // As they meant to: on a busy machine they wake later.
  const longest = Math.max(...members.map(({ longest_wait }) => longest_wait));
  assert.ok(longest > CEILING_MS / 2 && longest <= CEILING_MS, `waits of up to ${longest} ms`);
});
