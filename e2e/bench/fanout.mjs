// From a request that announces something to the socket of every open page: so many
// idle sockets on /global, which share the key's objects among them. Everything,
// the sockets' other ends too, runs on this machine.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import WebSocket from 'ws';

import { startServer } from '../server.mjs';

const SOCKETS = (process.env.TANDEM_FANOUT ?? '500,1000,2000,4000').split(',').map(Number);
const ROUNDS = 7;
const BETWEEN_ROUNDS_MS = 500;
// The runtime puts an object to sleep after ten seconds in which nothing happens.
const ASLEEP_AFTER_MS = 15_000;
const PATIENCE_MS = 60_000;
// As many upgrades at once; more only wait in a queue.
const AT_ONCE = 50;
const FOLDER = process.env.TANDEM_BENCH_DIR ?? 'target/bench';
const TOKEN = 'the token of the bench';

/** The open sockets, and when each heard what is awaited. */
class Crowd {
  #server;
  #sockets = [];
  #awaited = null;
  #heard = [];
  #whenAll = () => {};

  constructor(server) {
    this.#server = server;
  }

  get size() {
    return this.#sockets.length;
  }

  async growTo(count) {
    while (this.#sockets.length < count) {
      const more = Math.min(AT_ONCE, count - this.#sockets.length);
      this.#sockets.push(...await Promise.all(Array.from({ length: more }, () => this.#open())));
    }
  }

  /** Announces something and waits until everybody has heard: milliseconds for each. */
  async announce(text) {
    this.#awaited = text;
    this.#heard = [];
    const everybody = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(
        `${this.#heard.length} of ${this.size} heard it`)), PATIENCE_MS);
      this.#whenAll = () => { clearTimeout(timer); resolve(); };
    });
    const start = performance.now();
    const answer = await fetch(`${this.#server.origin}/api/announcements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ text }),
    });
    if (answer.status !== 201) throw new Error(`not announced: ${answer.status}`);
    const answered = performance.now() - start;
    await everybody;
    const waits = this.#heard.map((at) => at - start).sort((a, b) => a - b);
    return { median: waits[Math.floor(waits.length / 2)], last: waits.at(-1), answered };
  }

  leave() {
    this.#sockets.forEach((socket) => socket.terminate());
  }

  /** Opens a socket, and waits until it was told what is said now. */
  #open() {
    return new Promise((resolve, reject) => {
      const url = `${this.#server.socketOrigin}/global?events=1`;
      const socket = new WebSocket(url, { perMessageDeflate: false });
      socket.on('error', reject);
      socket.on('close', (code) => reject(new Error(`closed with ${code}`)));
      socket.on('message', (data) => {
        const words = `${data}`;
        if (!words.startsWith('{"type":"announcement"')) return;
        resolve(socket);
        if (this.#awaited && words.includes(this.#awaited)) this.#hear();
      });
    });
  }

  #hear() {
    this.#heard.push(performance.now());
    if (this.#heard.length === this.size) this.#whenAll();
  }
}

const middle = (samples) => [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)];
const round = (value) => Math.round(value * 10) / 10;

const build = process.env.TANDEM_BUILD ?? 'release';
const server = await startServer({ build, vars: { ADMIN_TOKEN: TOKEN } });
const crowd = new Crowd(server);
try {
  const rows = {};
  for (const count of SOCKETS) {
    await crowd.growTo(count);
    await pause(ASLEEP_AFTER_MS);
    const asleep = await crowd.announce(`${count} sleep`);
    const rounds = [];
    for (let n = 0; n < ROUNDS; n += 1) {
      await pause(BETWEEN_ROUNDS_MS);
      rounds.push(await crowd.announce(`${count} hear round ${n}`));
    }
    rows[`${count} sockets`] = {
      'median socket': round(middle(rounds.map(({ median }) => median))),
      'last socket': round(middle(rounds.map(({ last }) => last))),
      answered: round(middle(rounds.map(({ answered }) => answered))),
      'asleep: median': round(asleep.median),
      'asleep: last': round(asleep.last),
    };
  }
  console.log(`Milliseconds from the request to the sockets, median of ${ROUNDS} rounds, ${build} build`);
  console.table(rows);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'fanout.json'), `${JSON.stringify({ build, rounds: ROUNDS, rows }, null, 2)}\n`);
} finally {
  crowd.leave();
  await server.stop();
}
