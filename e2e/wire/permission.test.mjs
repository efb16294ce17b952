// Who may only read cannot write, whatever they send.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { makeNote, source } from './notes.mjs';
import { Peer } from './peer.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

describe('A note that anyone with the link may view', () => {
  test('refuses an edit in words where events are on, and closes when it goes on', async () => {
    const { id } = await makeNote(server, { markdown: 'kept', access: 'view' });
    const ada = await Peer.join(server, id);
    assert.equal(ada.events[0].access, 'view');
    assert.equal(`${ada}`, 'kept');
    ada.insert(0, 'x');
    await ada.until(() => ada.last('refused'), 'a refusal');
    assert.equal(ada.last('refused').what, 'edit');
    assert.equal(ada.closed, null);
    for (const letter of 'more') ada.insert(0, letter);
    assert.equal((await ada.closing()).code, 4403);
    assert.equal(await source(server, id), 'kept');
  });

  test('denies a plain client, and closes when it goes on', async () => {
    const { id } = await makeNote(server, { markdown: 'kept', access: 'view' });
    const ada = await Peer.join(server, id, { events: false });
    ada.insert(0, 'x');
    await ada.until(() => ada.denials.length > 0, 'to be denied');
    for (const letter of 'more') ada.insert(0, letter);
    assert.equal((await ada.closing()).code, 4403);
    assert.equal(await source(server, id), 'kept');
  });

  test('refuses what a reader wrote while offline', async () => {
    const { id } = await makeNote(server, { markdown: 'kept', access: 'view' });
    const ada = await Peer.join(server, id);
    await ada.leave();
    ada.insert(0, 'offline ');
    const again = await Peer.join(server, id, { doc: ada.doc });
    await again.until(() => again.last('refused'), 'a refusal');
    assert.equal(await source(server, id), 'kept');
  });

  test('lets readers be seen, and see what its owner writes', async () => {
    const { id, owner_token: token } = await makeNote(server, { markdown: 'x', access: 'view' });
    const reader = await Peer.join(server, id);
    const owner = await Peer.join(server, id, { protocols: [`tandem.bearer.${token}`] });
    assert.equal(owner.events[0].access, 'own');
    reader.sendState({ cursor: null });
    await owner.until(() => owner.states.has(reader.doc.clientID), 'the reader to be seen');
    owner.insert(1, 'y');
    await owner.saved();
    await reader.until(() => `${reader}` === 'xy');
  });

  test('refuses what is sent over HTTP', async () => {
    const { id } = await makeNote(server, { markdown: 'kept', access: 'view' });
    const answer = await fetch(`${server.origin}/note/${id}.md`, {
      method: 'POST',
      headers: { 'content-type': 'text/markdown' },
      body: 'x',
    });
    assert.equal(answer.status, 403);
    assert.equal(await source(server, id), 'kept');
  });
});

describe('A note for those who were invited', () => {
  test('is not there for anybody else', async () => {
    const { id, owner_token: token } = await makeNote(server, { markdown: 'secret', access: 'none' });
    for (const path of [`/note/${id}`, `/note/${id}.md`, `/note/${id}.html`]) {
      const answer = await fetch(`${server.origin}${path}`);
      assert.equal(answer.status, 404, path);
      assert.doesNotMatch(await answer.text(), /secret/);
    }
    const stranger = new Peer(`${server.socketOrigin}/note/${id}?events=1`);
    assert.equal((await stranger.closing()).code, 4404);
    assert.deepEqual(stranger.events, []);
    const headers = { authorization: `Bearer ${token}` };
    assert.equal(await (await fetch(`${server.origin}/note/${id}.md`, { headers })).text(), 'secret');
  });
});
