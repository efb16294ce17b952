// Frames that are meant to break the room, against the real Worker.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import * as Y from 'yjs';

import { random, seed } from '../random.mjs';
import { startServer } from '../server.mjs';
import { makeNote, source } from './notes.mjs';
import { Peer, updateFrame } from './peer.mjs';

const FRAMES = Number(process.env.TANDEM_HOSTILE_FRAMES ?? 1_000);
const HONEST_EVERY = 100;
const PATIENCE_MS = 60_000;
// The client id of who does nothing wrong.
const HONEST = 1_000_000;
// *What do you have?*, asked with an empty state vector.
const STEP_1 = Uint8Array.from([0, 0, 1, 0]);

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

const bytes = (hex) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

test('the frames that brick a naive server are refused, and harm nobody', async () => {
  const { id } = await makeNote(server, { markdown: 'kept' });
  const ben = await Peer.join(server, id);
  const bombs = {
    'an update that can be applied but never encoded again':
      updateFrame(bytes('0101ebeb91cc8f090a0280ad9b010004010174042320540a00')),
    'a count of thirty million blocks': updateFrame(bytes('01 80ade20e 01 00 04 01 01 74 01 61 00')),
    'a count of a million clients': updateFrame(bytes('80 80 40')),
    'a state vector of thirty million clients': Uint8Array.from([0, 0, 6, ...bytes('80ade20e0000')]),
    'awareness of thirty million clients': Uint8Array.from([1, 4, ...bytes('80ade20e')]),
  };
  for (const [what, bomb] of Object.entries(bombs)) {
    const mallory = await Peer.join(server, id);
    mallory.sendRaw(bomb);
    assert.equal((await mallory.closing()).code, 4400, what);
    ben.insert(ben.text.length, '.');
    await ben.saved();
  }
  assert.equal(await source(server, id), `kept${'.'.repeat(Object.keys(bombs).length)}`);
  const late = await Peer.join(server, id);
  assert.equal(`${late}`, `${ben}`);
});

test(`${FRAMES} mutated frames do no harm (TANDEM_SEED=${seed})`, async (t) => {
  const below = random();
  const { id } = await makeNote(server);
  // With ids of our choice, so that a seed always makes the same frames.
  const ben = await Peer.join(server, id, { doc: authored(HONEST) });
  ben.insert(0, '# Honest\n\n');
  await ben.saved();
  const corpus = validFrames(ben.doc);
  // A machine that is busy with other things may take long to let somebody in.
  const comeIn = () => Peer.join(server, id, { events: false, patience: PATIENCE_MS });
  let mallory = await comeIn();
  const closed = new Map();
  let slowestMs = 0;

  for (let count = 1; count <= FRAMES; count += 1) {
    if (mallory.closed) {
      closed.set(mallory.closed.code, (closed.get(mallory.closed.code) ?? 0) + 1);
      mallory = await comeIn();
    }
    mallory.sendRaw(mutated(corpus[below(corpus.length)], below));
    // A question that is always answered shows that the frame was dealt with.
    const { answers } = mallory;
    const sent = performance.now();
    mallory.sendRaw(STEP_1);
    await mallory.until(() => mallory.closed || mallory.answers > answers, `an answer to frame ${count}`, PATIENCE_MS);
    slowestMs = Math.max(slowestMs, performance.now() - sent);
    if (count % HONEST_EVERY === 0) {
      ben.insert(0, `word${count} `);
      await ben.saved();
      assert.match(await source(server, id), new RegExp(`^word${count} `));
    }
  }

  mallory.vanish();
  const text = await source(server, id);
  const late = await Peer.join(server, id);
  assert.equal(`${late}`, text, 'who comes late has what the server has');
  await ben.until(() => ben.text.length === late.text.length, 'the last edits');
  assert.equal(`${ben}`, text, 'who was here all the time has it, too');
  const other = await makeNote(server, { markdown: 'another note' });
  assert.equal(await source(server, other.id), 'another note');
  const refused = closed.get(4400) ?? 0;
  assert.ok(refused > FRAMES / 10, `only ${refused} of ${FRAMES} frames were malformed`);
  for (const code of closed.keys()) assert.ok(code >= 4400, `a socket was closed with ${code}`);
  assert.doesNotMatch(await server.logged(), /panicked|unreachable|RuntimeError/);
  t.diagnostic(`closed with ${JSON.stringify(Object.fromEntries(closed))}; the slowest answer took ${Math.round(slowestMs)} ms`);
});

/** A document that writes under a client id. */
function authored(client) {
  const doc = new Y.Doc();
  doc.clientID = client;
  return doc;
}

/** Frames of a co-author who does nothing wrong. */
function validFrames(present) {
  const frames = [];
  for (let client = 1; client <= 4; client += 1) {
    const doc = authored(client);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(present));
    doc.on('update', (update) => frames.push(updateFrame(update)));
    const text = doc.getText('content');
    text.insert(client, `ünï ${client} 👩‍🚀 `);
    text.delete(2, 3);
    text.insert(text.length, '\n- item\n');
    frames.push(updateFrame(Y.encodeStateAsUpdate(doc)));
    frames.push(Uint8Array.from([0, 0, ...prefixed(Y.encodeStateVector(doc))]));
    const state = Buffer.from(JSON.stringify({ cursor: { anchor: client } }));
    frames.push(Uint8Array.from([1, ...prefixed([1, client, 1, ...prefixed(state)])]));
  }
  return frames;
}

/** Bytes after their number; none of these is longer than a byte can say. */
const prefixed = (content) => (content.length < 128
  ? [content.length, ...content]
  : [(content.length & 127) | 128, content.length >> 7, ...content]);

function mutated(original, below) {
  let result = Array.from(original);
  for (let left = 1 + below(4); left > 0; left -= 1) {
    const at = below(result.length || 1);
    switch (below(5)) {
      case 0: result[at] ^= 1 << below(8); break;
      case 1: result[at] = below(256); break;
      case 2: result.splice(at, 1 + below(4)); break;
      case 3: result.splice(at, 0, ...Array.from({ length: 1 + below(5) }, () => 128 + below(128))); break;
      default: result = [...result.slice(0, at), ...result.slice(below(result.length || 1))];
    }
  }
  return Uint8Array.from(result);
}
