// What a key costs the object, from the frame to everybody's socket: guard, apply, row,
// view and patches, as wasm under workerd. Worn notes from 1 kB to 1 MB take turns;
// each has one who types all over it, a key when the one before it is seen, and one who
// reads. Processor time is that of the workerd process, so that of sockets and storage is
// in it; beside it, per key, the bytes that the reader is sent.

import { readFile, readdir, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import WebSocket from 'ws';

import { startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';
import { Peer } from '../wire/peer.mjs';
import { dice, wear } from './support/worn.mjs';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS = 6;
const KEYS_A_ROUND = 100;
const FOLDER = process.env.TANDEM_BENCH_DIR ?? 'target/bench';
/** Of `/proc/<pid>/stat`: a hundredth of a second, on every Linux. */
const TICK_MS = 10;

/** Milliseconds of processor time that the server's workerd processes took so far. */
async function processorMs(server) {
  let ticks = 0;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name is in brackets, and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat.includes('(workerd)') && Number(fields[2]) === server.group) {
      ticks += Number(fields[11]) + Number(fields[12]);
    }
  }
  return ticks * TICK_MS;
}

/** Who reads a note as the reader's page does: events, and no document. */
class Reader {
  bytes = 0;
  views = 0;
  #heard = () => {};

  constructor(server, id) {
    this.socket = new WebSocket(`${server.socketOrigin}/note/${id}?events=1`, { perMessageDeflate: false });
    this.socket.on('message', (data, isBinary) => {
      this.bytes += data.length;
      if (isBinary || !`${data}`.startsWith('{"type":"view"')) return;
      this.views += 1;
      this.#heard();
    });
  }

  async view(count) {
    while (this.views < count) await new Promise((resolve) => { this.#heard = resolve; });
  }
}

class Note {
  times = [];
  processor = [];
  told = 0;

  static async of(server, bytes) {
    const note = new Note();
    const { id } = await makeNote(server);
    await wear(server, id, bytes);
    note.random = dice(7);
    note.writer = await Peer.join(server, id);
    note.reader = new Reader(server, id);
    await note.reader.view(1);
    return note;
  }

  async round(server, keys) {
    const [before, told] = [await processorMs(server), this.reader.bytes];
    for (let n = 0; n < keys; n += 1) {
      const { views } = this.reader;
      const start = performance.now();
      this.writer.insert(Math.floor(this.random() * (this.writer.text.length + 1)), 'x');
      await this.reader.view(views + 1);
      this.times.push(performance.now() - start);
    }
    await this.writer.saved();
    this.processor.push((await processorMs(server) - before) / keys);
    this.told += this.reader.bytes - told;
  }
}

const middle = (samples) => [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)];
const round = (value) => Math.round(value * 100) / 100;

const build = process.env.TANDEM_BUILD ?? 'release';
const server = await startServer({ build, vars: { MESSAGE_BURST: '100000', MESSAGES_A_SECOND: '100000' } });
const notes = [];
try {
  for (const size of SIZES) notes.push(await Note.of(server, size));
  // What the compiler does at first is no note's cost.
  for (const note of notes) await note.round(server, KEYS_A_ROUND);
  for (const note of notes) Object.assign(note, { times: [], processor: [], told: 0 });
  for (let n = 0; n < ROUNDS; n += 1) {
    for (const note of notes) await note.round(server, KEYS_A_ROUND);
  }
  const rows = {};
  const keys = ROUNDS * KEYS_A_ROUND;
  const [small] = notes;
  for (const [index, note] of notes.entries()) {
    rows[`${SIZES[index] / 1000} kB`] = {
      'processor, ms a key': round(middle(note.processor)),
      ratio: round(middle(note.processor) / middle(small.processor)),
      'to the reader, ms p50': round(middle(note.times)),
      'bytes told': Math.round(note.told / keys),
      'ratio of bytes': round(note.told / small.told),
    };
  }
  console.log(`A key anywhere in a worn note: ${keys} keys each in ${ROUNDS} rounds, ${build} build`);
  console.table(rows);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'keystroke-workerd.json'), `${JSON.stringify({ build, keys, rows }, null, 2)}\n`);
} finally {
  for (const { writer, reader } of notes) {
    writer.vanish();
    reader.socket.terminate();
  }
  await server.stop();
}
