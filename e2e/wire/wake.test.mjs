// A note that nobody touches sleeps, and wakes with everything it had.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { makeNote, source, view, shown } from './notes.mjs';
import { Peer } from './peer.mjs';

// The runtime puts an object to sleep after ten seconds in which nothing happens.
// There is no other way to see that than to let them pass.
const ASLEEP_AFTER_MS = 15_000;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

describe('A note that slept', () => {
  test('has lost nothing: text, view, people', async () => {
    const { id } = await makeNote(server, { markdown: '# Plans\n\n' });
    const ada = await Peer.join(server, id);
    const ben = await Peer.join(server, id);
    // A plain client is asked for what it has after a wake, and so tells of it.
    const plain = await Peer.join(server, id, { events: false });
    ada.sendState({ cursor: null });
    ben.sendState({ cursor: null });
    ada.insert(9, 'Tea. ');
    await ada.saved();
    const asked = plain.asked;

    await pause(ASLEEP_AFTER_MS);

    ben.insert(14, 'Cake.');
    await ben.saved();
    const text = '# Plans\n\nTea. Cake.';
    assert.equal(await source(server, id), text);
    assert.ok(plain.asked > asked, 'it did sleep');
    for (const peer of [ada, ben, plain]) await peer.until(() => `${peer}` === text, text);
    const html = await view(server, id);
    for (const peer of [ada, ben]) await peer.until(() => shown(peer.events) === html, html);

    const late = await Peer.join(server, id);
    const here = () => late.last('presence')?.people.flatMap((person) => person.clients) ?? [];
    for (const peer of [ada, ben]) {
      await late.until(() => here().includes(peer.doc.clientID), 'who is here');
      assert.equal(peer.closed, null);
    }
    assert.equal(`${late}`, text);
  });

  test('answers pings in its sleep', async () => {
    const { id } = await makeNote(server, { markdown: 'x' });
    const ada = await Peer.join(server, id, { events: false });
    const asked = ada.asked;
    for (let count = 1; count <= ASLEEP_AFTER_MS / 3_000; count += 1) {
      await pause(3_000);
      ada.sendRaw('ping');
      await ada.until(() => ada.pongs === count, 'a pong');
    }
    const ben = await Peer.join(server, id);
    ben.insert(0, 'y');
    await ben.saved();
    await ada.until(() => `${ada}` === 'yx');
    assert.ok(ada.asked > asked, 'the pings did not keep it awake');
  });
});
