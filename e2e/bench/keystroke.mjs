// What a key costs the object, from the frame to everybody's socket: guard, apply, row,
// view and patches, as wasm under workerd. Worn notes from 1 kB to 1 MB take turns;
// each has one who types all over it, a key when the one before it is seen, and one who
// reads. Processor time is that of the workerd process, so that of sockets and storage is
// in it; beside it, per key, the bytes that the reader is sent.

import WebSocket from 'ws';

import { startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';
import { Peer } from '../wire/peer.mjs';
import { BUILD, keep, middle, row } from './support/figures.mjs';
import { processes } from '../processes.mjs';
import { dice, wear } from './support/worn.mjs';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const ROUNDS = 5;
const KEYS_A_ROUND = 80;

/** Milliseconds of processor time that the server's workerd processes took so far. */
async function processorMs(server) {
  const found = await processes(server.group);
  return found.reduce((all, { name, processorMs }) => all + (name === 'workerd' ? processorMs : 0), found.length > 0 ? 0 : NaN);
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

const round = (value) => Math.round(value * 100) / 100;

const server = await startServer({ build: BUILD, vars: { MESSAGE_BURST: '100000', MESSAGES_A_SECOND: '100000' } });
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
  console.log(`A key anywhere in a worn note: ${keys} keys each in ${ROUNDS} rounds, ${BUILD} build`);
  console.table(rows);
  const large = notes.at(-1);
  await keep('keystroke-workerd', [
    row({ row: 4, what: 'the whole turn in workerd, processor, worn 1 MB', unit: 'ms', figure: middle(large.processor), against: '1 kB', baseline: middle(small.processor), most: 2 }),
    row({ row: 4, what: 'bytes a reader is told for a key, worn 1 MB', unit: 'B', figure: large.told / keys, against: '1 kB', baseline: small.told / keys, most: 2 }),
  ], { keys, sizes: SIZES, table: rows });
} finally {
  for (const { writer, reader } of notes) {
    writer.vanish();
    reader.socket.terminate();
  }
  await server.stop();
}
