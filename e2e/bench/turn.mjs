// What a keystroke costs the object, and what it brings each reader, in notes of 1 kB
// to a worn 1 MB: the release build in workerd, one key after the other, the notes in
// turn, the CPU time of all its processes from just before a key to when all that
// follows from it is done.

import { execFile } from 'node:child_process';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import * as encoding from 'lib0/encoding';
import WebSocket from 'ws';
import * as sync from 'y-protocols/sync';

import { startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';
import { frame, updateFrame } from '../wire/peer.mjs';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const KEYS = Number(process.env.TANDEM_TURN_KEYS ?? 400);
// The first keys warm what the runtime compiles as it goes.
const WARM_UP = 60;
// Longer than the window in which edits are gathered, so that each key goes alone.
const BETWEEN_KEYS_MS = 20;
const PATIENCE_MS = 60_000;
const FOLDER = process.env.TANDEM_BENCH_DIR ?? 'target/bench';
const SYNC = 0;

/** The updates that the `worn` example wrote, each after its length. */
async function updates(file) {
  const bytes = await readFile(file);
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32LE(at);
    found.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return found;
}

/** A socket that counts what it is told. */
class Listener {
  bytes = 0;
  frames = 0;
  views = 0;
  patches = 0;
  through = 0;
  closed = null;
  wake = null;

  static async open(server, id) {
    const listener = new Listener();
    const socket = new WebSocket(`${server.socketOrigin}/note/${id}?events=1`, { perMessageDeflate: false });
    listener.socket = socket;
    socket.on('message', (data, isBinary) => listener.#hear(data, isBinary));
    socket.on('close', (code, reason) => {
      listener.closed = `${code} ${reason}`;
      listener.wake?.();
    });
    await new Promise((resolve, reject) => { socket.on('error', reject); socket.on('open', resolve); });
    await listener.until(() => listener.views > 0);
    return listener;
  }

  #hear(data, isBinary) {
    this.bytes += data.length;
    this.frames += 1;
    if (!isBinary) {
      const event = JSON.parse(data);
      if (event.type === 'view') {
        this.views += 1;
        this.patches += data.length;
      }
      if (event.type === 'saved') this.through = event.through;
    }
    this.wake?.();
  }

  async until(holds) {
    const deadline = Date.now() + PATIENCE_MS;
    while (!holds()) {
      if (this.closed) throw new Error(`the socket was closed: ${this.closed}`);
      if (Date.now() > deadline) throw new Error('nothing came');
      await Promise.race([
        new Promise((resolve) => { this.wake = resolve; }),
        pause(PATIENCE_MS, null, { ref: false }),
      ]);
    }
    this.wake = null;
  }
}

/** A note, who types in it, and who reads along. */
class Note {
  samples = [];
  perKey = { update: 0, patch: 0 };

  static async make(server, folder, size) {
    const note = new Note();
    note.size = size;
    note.keys = await updates(join(folder, `${size}.keys`));
    const { id } = await makeNote(server, {});
    note.writer = await Listener.open(server, id);
    note.reader = await Listener.open(server, id);
    let sent = 0;
    for (const update of await updates(join(folder, `${size}.updates`))) {
      note.writer.socket.send(frame(SYNC, (encoder) => {
        encoding.writeVarUint(encoder, sync.messageYjsSyncStep2);
        encoding.writeVarUint8Array(encoder, update);
      }));
      sent += 1;
      await note.writer.until(() => note.writer.through >= sent);
    }
    return note;
  }

  /** One key: the CPU nanoseconds that it took. */
  async key(cpu, nth, counts) {
    const { writer, reader } = this;
    const [views, bytes, patches] = [reader.views, reader.bytes, reader.patches];
    const before = await cpu();
    writer.socket.send(updateFrame(this.keys[nth]));
    await reader.until(() => reader.views > views);
    await pause(BETWEEN_KEYS_MS / SIZES.length);
    const after = await cpu();
    if (!counts) return;
    this.samples.push(after - before);
    this.perKey.patch += reader.patches - patches;
    this.perKey.update += reader.bytes - bytes - (reader.patches - patches);
  }
}

/** Reads the CPU nanoseconds that a server's processes have taken. */
async function cpuOf(server) {
  const group = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const [, , pgrp] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const isWorkerd = stat.includes('(workerd)');
    if (Number(pgrp) === server.group && isWorkerd) group.push(pid);
  }
  if (group.length === 0) throw new Error('no workerd runs');
  return async () => {
    let nanoseconds = 0;
    for (const pid of group) {
      for (const task of await readdir(`/proc/${pid}/task`)) {
        const spent = await readFile(`/proc/${pid}/task/${task}/schedstat`, 'utf8').catch(() => '0');
        nanoseconds += Number(spent.split(' ')[0]);
      }
    }
    return nanoseconds;
  };
}

function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)];
}

const round = (value, digits) => Math.round(value * 10 ** digits) / 10 ** digits;

const worn = join(FOLDER, 'worn');
await mkdir(worn, { recursive: true });
await promisify(execFile)('cargo', ['run', '--locked', '--release', '--quiet', '--package', 'note',
  '--example', 'worn', '--', worn, `${KEYS + WARM_UP}`, ...SIZES.map(String)]);
const server = await startServer({ build: process.env.TANDEM_BUILD ?? 'release' });
try {
  const notes = [];
  for (const size of SIZES) notes.push(await Note.make(server, worn, size));
  const cpu = await cpuOf(server);
  for (let nth = 0; nth < WARM_UP + KEYS; nth += 1) {
    for (const note of notes) await note.key(cpu, nth, nth >= WARM_UP);
  }
  const rows = notes.map(({ size, samples, perKey }) => ({
    bytes: size,
    'CPU µs p50': round(quantile(samples, 0.5) / 1e3, 0),
    'CPU µs p90': round(quantile(samples, 0.9) / 1e3, 0),
    'update B': round(perKey.update / KEYS, 1),
    'patch B': round(perKey.patch / KEYS, 1),
  }));
  for (const row of rows) {
    const [small] = rows;
    row['µs more than the first'] = round(row['CPU µs p50'] - small['CPU µs p50'], 0);
    row['CPU ratio'] = round(row['CPU µs p50'] / small['CPU µs p50'], 2);
    row['bytes ratio'] = round((row['update B'] + row['patch B']) / (small['update B'] + small['patch B']), 2);
  }
  console.log(`A key in the object, in workerd, ${KEYS} at places all over each note`);
  console.table(rows);
  await writeFile(join(FOLDER, 'turn.json'), `${JSON.stringify({ keys: KEYS, rows }, null, 2)}\n`);
} finally {
  await server.stop();
}
