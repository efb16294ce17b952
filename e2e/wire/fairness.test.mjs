// Somebody takes more than their share; the others go on writing, and lose nothing.
// How long their keys take meanwhile is said, and asserted nowhere: `npm run chaos --
// fairness` compares.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { startServer } from '../server.mjs';
import { makeNote, source } from './notes.mjs';
import { OFFENCES, crowd, offend, slowReaders } from './offenders.mjs';
import { Pair } from './pair.mjs';

const KEYS = 20;
const SOCKETS = 40;
/** Of frames few enough that a busy machine takes them in before the rate has let them all through. */
const LIMITS = { MAX_SOCKETS: SOCKETS, FRAME_BURST: 1_000, FRAMES_A_SECOND: 50 };
const MORE = 100;
const SLOW = 20;
/** What each slow reader leaves unread. */
const UNREAD_BYTES = 400_000;
const PART = `${'word '.repeat(4_000)}\n\n`;

let server;
before(async () => { server = await startServer({ vars: LIMITS }); });
after(() => server?.stop());

const slowest = (waits) => `the slowest key took ${Math.round(Math.max(...waits))} ms`;

test('twice each limit on one socket is refused or closed, and the others write on', async (t) => {
  for (const [what, offence] of Object.entries(OFFENCES)) {
    const { id } = await makeNote(server, { markdown: 'kept ' });
    const pair = await Pair.join(server, id);
    const [seen, waits] = await Promise.all([offend(server, id, offence, 2), pair.type(KEYS)]);
    if (offence.code) assert.equal(seen.code, offence.code, what);
    else assert.equal(seen.refused, offence.refused, what);
    assert.equal(`${pair.writer}`, `${pair.reader}`, what);
    assert.equal(await source(server, id), `kept ${'x'.repeat(KEYS)}`, what);
    pair.leave();
    t.diagnostic(`${what}: ${JSON.stringify(seen)}; ${slowest(waits)}`);
  }
});

test('more sockets than there is room for are told to come later, and the others write on', async (t) => {
  const { id } = await makeNote(server);
  const pair = await Pair.join(server, id);
  const [here, waits] = await Promise.all([crowd(server, id, MORE), pair.type(KEYS)]);
  assert.equal(here.inside.length, SOCKETS - 2);
  assert.deepEqual([...here.codes.keys()], [1013]);
  assert.equal(await source(server, id), 'x'.repeat(KEYS));
  here.leave();
  pair.leave();
  t.diagnostic(`${here.inside.length} of ${MORE} let in; ${slowest(waits)}`);
});

test('who does not read keeps nobody waiting, and has everything once they do', async (t) => {
  const { id } = await makeNote(server);
  const pair = await Pair.join(server, id);
  const slow = await slowReaders(server, id, SLOW);
  for (let sent = 0; sent < UNREAD_BYTES; sent += PART.length) pair.writer.insert(0, PART);
  await pair.writer.saved();
  const waits = await pair.type(KEYS);
  const text = await source(server, id);
  assert.equal(`${pair.reader}`, text);
  assert.ok(slow.every((reader) => reader.text.length === 0), 'they did not read');
  slow.forEach((reader) => reader.readOn());
  for (const reader of slow) {
    await reader.until(() => `${reader}` === text, 'the text');
    reader.vanish();
  }
  pair.leave();
  t.diagnostic(`${SLOW} who left ${UNREAD_BYTES} bytes unread; ${slowest(waits)}`);
});
