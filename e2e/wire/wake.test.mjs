// A note that nobody touches sleeps, and wakes with everything it had.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import * as Y from 'yjs';

import { startServer } from '../server.mjs';
import { makeNote, source, view, shown } from './notes.mjs';
import { TRACED, noticed, settled, untilNoticed } from './objects.mjs';
import { Peer } from './peer.mjs';
import { written } from './storage.mjs';

// The runtime puts an object to sleep after ten seconds in which nothing happens.
// There is no other way to see that than to let them pass, once nothing is left to do.
const ASLEEP_AFTER_MS = 15_000;
const SETTLED_AFTER_MS = 8_000;

// The view is stored with the index, two seconds after a pause.
const STORED_AFTER_MS = 5_000;

let server;

before(async () => { server = await startServer({ vars: TRACED }); });
after(() => server?.stop());

/** Waits until every object sleeps. */
async function sleep() {
  await settled(server, SETTLED_AFTER_MS, 'constructed', 'timer', 'alarm');
  await pause(ASLEEP_AFTER_MS);
}

/** How often an object read its document. */
const loads = async () => (await noticed(server, 'loaded')).loaded;

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

    await sleep();

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

  test('is read as its view was stored, unloaded, until somebody writes', async () => {
    const markdown = `# Long\n\n${'some *words* of it\n\n'.repeat(1_500)}`;
    const { id } = await makeNote(server, { markdown, access: 'edit' });
    const ada = await Peer.join(server, id);
    ada.insert(2, 'Very ');
    await ada.saved();
    assert.ok(await written(server) > 0);
    const html = await view(server, id);
    assert.match(html, /Very Long/);
    ada.vanish();
    await sleep();

    const loaded = await loads();
    const before = await written(server);
    assert.equal(await view(server, id), html);
    const page = await (await fetch(`${server.origin}/note/${id}`)).text();
    assert.match(page, /<title>Very Long/);
    assert.equal(await loads(), loaded, 'it was read and not loaded');
    assert.equal(await written(server), before, 'to be read changes nothing');

    // Whoever comes with the revision that was served has that very view.
    const revision = Number(/data-revision="(\d+)"/.exec(page)[1]);
    const ben = await Peer.join(server, id, { revision });
    assert.equal(await untilNoticed(server, 'loaded', loaded + 1), loaded + 1);
    ben.insert(2, 'Not ');
    await ben.saved();
    await ben.until(() => ben.last('view'), 'a patch');
    const views = ben.events.filter(({ type }) => type === 'view');
    assert.equal(views[0].from, revision, 'nothing but what changed');
    assert.match(await view(server, id), /Not Very Long/);
  });

  test('gives who comes first its document as it is stored', async () => {
    const notes = await Promise.all([2, true, false].map(longNote));
    await pause(STORED_AFTER_MS);
    // What is in memory is gone, as after a sleep.
    await server.kill();
    await server.start();
    for (const note of notes) await comesToRest(note);
  });

  test('shows what was acknowledged, also if its view was not stored any more', async () => {
    const { id } = await makeNote(server, { markdown: 'words of it\n\n'.repeat(2_000) });
    const ada = await Peer.join(server, id);
    ada.insert(0, 'First. ');
    await ada.saved();
    await pause(STORED_AFTER_MS);
    ada.insert(0, 'Zeroth. ');
    await ada.saved();
    ada.vanish();
    await server.kill();
    await server.start();
    assert.match(await view(server, id), /Zeroth. First. words/);
  });

  test('answers pings in its sleep', async () => {
    const { id } = await makeNote(server, { markdown: 'x' });
    const ada = await Peer.join(server, id, { events: false });
    const asked = ada.asked;
    await settled(server, SETTLED_AFTER_MS, 'constructed', 'timer', 'alarm');
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

/** A long note of which something was written and deleted again, for one who will hear events so. */
async function longNote(events) {
  const { id } = await makeNote(server, { markdown: '*words* of 👩‍🚀 it\n\n'.repeat(1_500) });
  const ada = await Peer.join(server, id);
  ada.insert(7, 'my secret, which ');
  await ada.saved();
  ada.delete(10, 6);
  await ada.saved();
  const [{ generation }, { version }] = [ada.last('hello'), ada.last('saved')];
  return { id, events, text: `${ada}`, generation, version };
}

async function comesToRest({ id, events, text, generation, version }) {
  const page = await (await fetch(`${server.origin}/note/${id}`)).text();
  const revision = events ? Number(/data-revision="(\d+)"/.exec(page)[1]) : undefined;
  const asked = [];
  const doc = new Y.Doc();
  doc.on('update', (update, _, __, { origin }) => {
    asked.push(origin?.asked);
    assert.ok(!Buffer.from(update).includes('secret'), 'what was deleted is forgotten');
  });
  const ben = await Peer.join(server, id, { events, revision, doc });
  assert.equal(asked[0], 0, `the document came before the room asked for anything, events ${events}`);
  assert.equal(`${ben}`, text);
  if (events) {
    const { type, ...hello } = ben.events[0];
    assert.equal(type, 'hello');
    assert.deepEqual([hello.version, hello.revision, hello.generation], [version, revision, generation]);
    assert.equal(ben.last('view'), undefined, 'the view is the one that was served');
  }

  // The room goes on as with anybody.
  ben.sendState({ cursor: 3 });
  const cyd = await Peer.join(server, id);
  await cyd.until(() => cyd.states.get(doc.clientID)?.cursor === 3, 'where Ben is');
  await cyd.until(() => cyd.last('presence').people.length === 2, 'who is here');
  ben.insert(0, 'First ');
  if (events) await ben.saved();
  await cyd.until(() => `${cyd}` === `First ${text}`, 'what Ben wrote');
  cyd.delete(0, 6);
  await cyd.saved();
  await ben.until(() => `${ben}` === text, 'what Cyd deleted');
  for (const peer of [ben, cyd]) assert.equal(peer.closed, null);
  assert.equal(await source(server, id), text);
}
