// Writing together, with an unchanged Yjs client and with one that asks for events.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import WebSocket from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

import { startServer } from '../server.mjs';
import { makeNote, shown, source, view } from './notes.mjs';
import { Peer } from './peer.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** An npm y-websocket client, as its README has it. */
async function provider(id) {
  const doc = new Y.Doc();
  const client = new WebsocketProvider(`${server.socketOrigin}/note`, id, doc, {
    WebSocketPolyfill: WebSocket,
    disableBc: true,
  });
  if (!client.synced) await new Promise((resolve) => client.once('sync', resolve));
  return { client, doc, text: doc.getText('content'), destroy: () => { client.destroy(); doc.destroy(); } };
}

describe('An unchanged y-websocket client', () => {
  test('joins and writes with another, and .md is what they hold', async (t) => {
    const { id } = await makeNote(server, { markdown: 'Hello' });
    const ada = await provider(id);
    const ben = await provider(id);
    t.after(() => [ada, ben].forEach((one) => one.destroy()));
    assert.equal(ada.text.toString(), 'Hello');
    ada.text.insert(5, ' from ada 👩‍🚀');
    ben.text.insert(0, 'Ben: ');
    const watcher = await Peer.join(server, id);
    await watcher.until(() => /ada/.test(watcher) && /Ben/.test(watcher), 'both edits');
    const expected = 'Ben: Hello from ada 👩‍🚀';
    assert.equal(`${watcher}`, expected);
    assert.equal(await source(server, id), expected);
    await watcher.until(() => ada.text.toString() === expected && ben.text.toString() === expected);
    await watcher.leave();
  });

  test('is told of the others, and hears its own awareness', async (t) => {
    const { id } = await makeNote(server);
    const ada = await provider(id);
    const ben = await provider(id);
    t.after(() => [ada, ben].forEach((one) => one.destroy()));
    const echoed = new Promise((resolve) => {
      ada.client.ws.addEventListener('message', ({ data }) => {
        if (new Uint8Array(data)[0] === 1) resolve();
      });
    });
    const heard = new Promise((resolve) => {
      ben.client.awareness.on('change', () => {
        const state = ben.client.awareness.getStates().get(ada.doc.clientID);
        if (state?.cursor) resolve(state);
      });
    });
    ada.client.awareness.setLocalState({ cursor: { anchor: 1 }, user: { name: 'the queen' } });
    await echoed;
    const state = await heard;
    assert.deepEqual(state.cursor, { anchor: 1 });
    assert.notEqual(state.user.name, 'the queen', 'the server says who somebody is');
    assert.match(state.user.color, /^#[0-9a-f]{6}$/i);
  });

  test('never meets an event', async () => {
    const { id } = await makeNote(server, { markdown: 'x' });
    const ada = await Peer.join(server, id, { events: false });
    const ben = await Peer.join(server, id);
    ben.insert(0, 'y');
    await ben.saved();
    await ada.until(() => `${ada}` === 'yx');
    assert.deepEqual(ada.events, []);
  });
});

describe('A client that asks for events', () => {
  test('is told who it is and what it may do, before all else', async () => {
    const { id } = await makeNote(server, { markdown: '# Plans\n' });
    const ada = await Peer.join(server, id);
    const [hello] = ada.events;
    assert.equal(hello.type, 'hello');
    assert.equal(hello.access, 'edit');
    assert.equal(hello.title, 'Plans');
    assert.equal(hello.limits.text_bytes, 1 << 20);
    assert.equal(hello.limits.frame_bytes, 2 << 20);
    assert.ok(hello.you.name && hello.you.id);
  });

  test('gets the view, and patches that lead to what .html says', async () => {
    const { id } = await makeNote(server, { markdown: '# Plans\n\nTea.\n\n- a\n- b\n' });
    const ada = await Peer.join(server, id);
    const ben = await Peer.join(server, id);
    assert.equal(shown(ada.events), await view(server, id));
    for (const [at, words] of [[8, '[x]: https://example.org\n\n'], [0, '> '], [4, '*'], [9, '*']]) {
      ben.insert(at, words);
      await ben.saved();
    }
    ben.delete(0, 2);
    await ben.saved();
    const expected = await view(server, id);
    await ada.until(() => shown(ada.events) === expected, expected);
    await ben.until(() => shown(ben.events) === expected, expected);
  });

  test('is told what is saved only once it is', async () => {
    const { id } = await makeNote(server);
    const ada = await Peer.join(server, id);
    for (const letter of 'saved') ada.insert(ada.text.length, letter);
    await ada.saved();
    assert.equal(ada.through, ada.sent);
    assert.equal(await source(server, id), 'saved');
    ada.delete(0, 1);
    await ada.saved();
    assert.equal(await source(server, id), 'aved', 'a deletion counts, too');
  });

  test('is told who is here, and who left', async () => {
    const { id } = await makeNote(server);
    const ada = await Peer.join(server, id);
    ada.sendState({ cursor: null });
    const ben = await Peer.join(server, id);
    ben.sendState({ cursor: null });
    const clients = () => (ada.last('presence')?.people ?? []).flatMap((person) => person.clients);
    await ada.until(() => clients().includes(ben.doc.clientID), 'ben to be here');
    assert.ok(ada.states.has(ben.doc.clientID));
    ben.vanish();
    await ada.until(() => !clients().includes(ben.doc.clientID), 'ben to be gone');
    await ada.until(() => !ada.states.has(ben.doc.clientID), 'the caret of ben to be gone');
  });

  test('hears a pong', async () => {
    const { id } = await makeNote(server);
    const ada = await Peer.join(server, id);
    ada.sendRaw('ping');
    await ada.until(() => ada.pongs === 1, 'a pong');
  });

  test('may edit while others do, and all end with one text', async () => {
    const { id } = await makeNote(server, { markdown: 'one\ntwo\nthree\n' });
    const peers = await Promise.all([1, 2, 3, 4].map(() => Peer.join(server, id)));
    for (let round = 0; round < 25; round += 1) {
      peers.forEach((peer, index) => {
        peer.insert((round * 7 + index * 3) % (peer.text.length + 1), `${index}é`);
        if (round % 5 === index) peer.delete(0, 1);
      });
      await peers[round % 4].saved();
    }
    await Promise.all(peers.map((peer) => peer.saved()));
    const text = await source(server, id);
    for (const peer of peers) await peer.until(() => `${peer}` === text, text);
  });
});
