// Bounds, and what is answered to what goes beyond them.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import * as Y from 'yjs';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { makeNote, source } from './notes.mjs';
import { Peer, updateFrame } from './peer.mjs';

const NOTE_BYTES = 1 << 20;
const FRAME_BYTES = 2 << 20;
const SOCKETS = 5;
// The runtime takes ten seconds to end a socket that is closed while it is opened.
const CLOSE_WITHIN_MS = 15_000;

let server;
before(async () => { server = await startServer({ vars: { MAX_SOCKETS: SOCKETS } }); });
after(() => server?.stop());

describe('A note at its limit', () => {
  test('refuses more, keeps what it has, and still lets text be deleted', async () => {
    const { id } = await makeNote(server, { markdown: 'a'.repeat(NOTE_BYTES - 4) });
    const ada = await Peer.join(server, id);
    ada.insert(0, '12345');
    await ada.until(() => ada.last('refused'), 'a refusal');
    assert.equal(ada.last('refused').what, 'edit');
    assert.match(ada.last('refused').message, /\.$/);
    assert.equal((await source(server, id)).length, NOTE_BYTES - 4, 'nothing was added');
    ada.vanish();
    // A reader who has nothing unsent goes on in the same note.
    const ben = await Peer.join(server, id);
    ben.delete(0, 1000);
    await ben.saved();
    ben.insert(0, 'room again');
    await ben.saved();
    assert.match(await source(server, id), /^room again/);
  });
});

describe('A frame', () => {
  test('over the limit closes its socket and leaves the others alone', async () => {
    const { id } = await makeNote(server, { markdown: 'kept' });
    const ada = await Peer.join(server, id);
    const ben = await Peer.join(server, id);
    ada.sendRaw(updateFrame(new Uint8Array(FRAME_BYTES + 1)));
    assert.equal((await ada.closing()).code, 4413);
    ben.insert(4, '!');
    await ben.saved();
    assert.equal(await source(server, id), 'kept!');
  });

  test('that is malformed closes its socket with a reason', async () => {
    const { id } = await makeNote(server, { markdown: 'kept' });
    for (const bytes of [[], [9], [0], [0, 7], [0, 2, 200], [1, 255, 255, 255, 255], [110, 1]]) {
      const ada = await Peer.join(server, id);
      ada.sendRaw(Uint8Array.from(bytes));
      const { code, reason } = await ada.closing();
      assert.equal(code, 4400, `${bytes}`);
      assert.match(reason, /could not be read/);
    }
    assert.equal(await source(server, id), 'kept');
  });

  test('of words other than ping closes its socket', async () => {
    const { id } = await makeNote(server);
    const ada = await Peer.join(server, id);
    ada.sendRaw('{"type": "hello"}');
    assert.equal((await ada.closing()).code, 4400);
  });
});

describe('A socket', () => {
  test('for what is not there is told so, by a code or by a status', async () => {
    for (const path of [`/note/${randomUUID()}`, '/note/x', '/nothing', '/']) {
      const listening = new Peer(`${server.socketOrigin}${path}?events=1`);
      assert.equal((await listening.closing()).code, 4404, path);
      const plain = new Peer(`${server.socketOrigin}${path}`);
      await plain.until(() => plain.status, 'a refusal of the upgrade');
      assert.equal(plain.status, 404, path);
    }
  });

  test('from another site is refused', async () => {
    const { id } = await makeNote(server);
    for (const origin of ['https://evil.example', 'null']) {
      const listening = new Peer(`${server.socketOrigin}/note/${id}?events=1`, { origin });
      assert.equal((await listening.closing()).code, 4403, origin);
      const plain = new Peer(`${server.socketOrigin}/note/${id}`, { origin });
      await plain.until(() => plain.status, 'a refusal of the upgrade');
      assert.equal(plain.status, 403, origin);
    }
    const ours = await Peer.join(server, id, { origin: server.origin });
    await ours.leave();
  });

  test('more than a note takes is told to try later', async () => {
    const { id } = await makeNote(server);
    const peers = [];
    for (let count = 0; count < SOCKETS; count += 1) peers.push(await Peer.join(server, id));
    const late = new Peer(`${server.socketOrigin}/note/${id}?events=1`);
    assert.equal((await late.closing(CLOSE_WITHIN_MS)).code, 1013);
    await peers[0].leave();
    await (await Peer.join(server, id)).leave();
  });
});

describe('An edit that comes before what it builds on', () => {
  test('is neither applied nor lost: the server asks for all that is missing', async () => {
    const { id } = await makeNote(server);
    const ada = await Peer.join(server, id);
    const doc = new Y.Doc();
    const updates = [];
    doc.on('update', (update) => updates.push(update));
    doc.getText('content').insert(0, 'first ');
    doc.getText('content').insert(6, 'second');
    const asked = ada.asked;
    ada.sendUpdate(updates[1]);
    await ada.until(() => ada.asked > asked, 'to be asked');
    assert.equal(await source(server, id), '');
    ada.sendUpdate(updates[0]);
    ada.sendUpdate(updates[1]);
    await ada.saved();
    await ada.leave();
    const again = await Peer.join(server, id, { doc });
    await again.saved();
    assert.equal(await source(server, id), 'first second');
  });
});

describe('An instance with limits of its own', () => {
  let small;
  before(async () => { small = await startServer({ vars: { MAX_NOTE_BYTES: 100, MAX_MESSAGE_BYTES: 20 } }); });
  after(() => small?.stop());

  test('takes no more into a note than it says, by whatever way', async () => {
    const { id } = await makeNote(small, { markdown: 'a'.repeat(90) });
    const ada = await Peer.join(small, id);
    assert.equal(ada.last('hello').limits.text_bytes, 100);
    ada.insert(0, 'b'.repeat(11));
    await ada.until(() => ada.last('refused'), 'a refusal');
    assert.equal(ada.last('refused').reason, 'full');
    const appended = await fetch(`${small.origin}/note/${id}.md`, {
      method: 'POST', headers: { 'content-type': 'text/markdown' }, body: 'b'.repeat(20),
    });
    assert.equal(appended.status, 413);
    assert.match((await appended.json()).detail, /\b100 bytes/);
    assert.equal(await source(small, id), 'a'.repeat(90));
    ada.vanish();
  });

  test('says how long a message may be, and refuses a longer one', async () => {
    const { id } = await makeNote(small);
    const ada = await Listener.join(small, `/chat/note-${id}`);
    assert.equal(ada.last('hello').limits.text_bytes, 20);
    ada.ask({ type: 'say', id: 'long', text: 'x'.repeat(21) });
    await ada.until(() => ada.last('refused'), 'a refusal');
    assert.equal(ada.last('refused').reason, 'too_large');
    ada.ask({ type: 'say', id: 'short', text: 'x'.repeat(20) });
    await ada.until(() => ada.last('message'), 'the message');
    ada.vanish();
  });
});
