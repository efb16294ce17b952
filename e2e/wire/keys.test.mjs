// Four kinds of key: who may join which, and that none hears of another.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { random, seed } from '../random.mjs';
import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { makeNote } from './notes.mjs';
import { Person, signIn } from './people.mjs';
import { objects, rows } from './storage.mjs';

const ROOMS = 10;
const TRAFFIC = 200;

let server;
before(async () => { server = await startServer({ vars: { MESSAGE_BURST: 1000 } }); });
after(() => server?.stop());

const ada = new Person('Ada');
const ben = new Person('Ben');

/** That a key is not there for somebody, however they come, and costs nothing. */
async function assertNotThere(key, options) {
  const before = await objects(server);
  const listening = new Listener(server, key, options);
  assert.equal((await listening.closing()).code, 4404, key);
  assert.deepEqual(listening.events, [], key);
  const plain = new Listener(server, key, { ...options, events: null });
  await plain.until(() => plain.status, 'a refusal of the upgrade');
  assert.equal(plain.status, 404, key);
  assert.deepEqual(await objects(server), before, `${key}: no object was made`);
}

describe('A person\'s key', () => {
  test('is theirs alone, and nobody else wakes its object', async () => {
    for (const person of [ben, undefined]) await assertNotThere(`/user/${ada.id}`, { person });
    await assertNotThere(`/user/${randomUUID()}`, { person: ada });
    const before = await objects(server);
    const mine = await Listener.join(server, `/user/${ada.id}`, { person: ada });
    assert.equal(mine.last('hello').you.id, ada.id);
    assert.equal((await objects(server)).length, before.length + 1, 'hers is looked at in the same way');
    await assertNotThere(`/user/${ada.id}`, { person: ben });
  });

  test('is joined with a token as well, where there are no cookies', async () => {
    const headers = { authorization: `Bearer ${ada.token}` };
    const mine = await Listener.join(server, `/user/${ada.id}`, { headers });
    assert.equal(mine.last('hello').you.id, ada.id);
    await assertNotThere(`/user/${ben.id}`, { headers });
  });

  test('is not joined by a cookie from elsewhere', async () => {
    const { cookie } = ada.headers(server);
    await assertNotThere(`/user/${ada.id}`, { headers: { cookie } });
    const foreign = new Listener(server, `/user/${ada.id}`, { person: ada, origin: 'https://evil.example' });
    assert.equal((await foreign.closing()).code, 4403);
  });
});

describe('A chat room', () => {
  test('is there once somebody made it', async () => {
    await assertNotThere('/chat/tea', { person: ada });
    const key = await ada.makeRoom(server, 'Tea');
    assert.equal(key, '/chat/tea');
    const owner = await Listener.join(server, key, { person: ada });
    assert.deepEqual([owner.last('hello').access, owner.last('hello').title], ['own', 'Tea']);
    const guest = await Listener.join(server, key, { person: ben });
    assert.equal(guest.last('hello').access, 'edit');
    assert.equal(await ben.makeRoom(server, 'Tea'), '/chat/tea-2', 'a name is given once');
  });

  test('of a note follows the note', async () => {
    const rights = { edit: 'edit', view: 'view' };
    for (const [access, expected] of Object.entries(rights)) {
      const { id, owner_token: token } = await makeNote(server, { markdown: '# Plans', access });
      const guest = await Listener.join(server, `/chat/note-${id}`, { person: ben });
      assert.equal(guest.last('hello').access, expected);
      const headers = { authorization: `Bearer ${token}` };
      const owner = await Listener.join(server, `/chat/note-${id}`, { headers });
      assert.equal(owner.last('hello').access, 'own');
      const answer = await fetch(`${server.origin}/note/${id}`, { method: 'DELETE', headers });
      assert.equal(answer.status, 204);
      assert.equal((await guest.closing()).code, 4404, 'what the note was, its chat was');
      await assertNotThere(`/chat/note-${id}`, { person: ben });
    }
    const { id } = await makeNote(server, { access: 'none' });
    await assertNotThere(`/chat/note-${id}`, { person: ben });
    await assertNotThere(`/chat/note-${randomUUID()}`, { person: ben });
  });

  test('of a note is beside the note, for who may see it', async () => {
    const page = (id, headers = {}) => fetch(`${server.origin}/chat/note-${id}`, { headers, redirect: 'manual' });
    const { id } = await makeNote(server, { access: 'view' });
    const there = await page(id);
    assert.equal(there.status, 303);
    assert.equal(there.headers.get('location'), `/note/${id}#chat`);
    const { id: closed, owner_token: token } = await makeNote(server, { access: 'none' });
    assert.equal((await page(closed, { authorization: `Bearer ${token}` })).status, 303);
    for (const none of [closed, randomUUID()]) {
      assert.equal((await page(none)).status, 404);
      const asked = await page(none, { accept: 'text/html' });
      assert.equal(asked.status, 404);
      assert.match(await asked.text(), /Ask for access/);
    }
  });

  test('refuses in words who may only view', async () => {
    const { id } = await makeNote(server, { access: 'view' });
    const guest = await Listener.join(server, `/chat/note-${id}`, { person: ben });
    guest.ask({ type: 'say', id: 'a', text: 'May I?' });
    await guest.until(() => guest.last('refused'), 'a refusal');
    assert.equal(guest.last('refused').what, 'message');
    assert.equal(guest.last('refused').id, 'a');
    assert.deepEqual(guest.all('message'), []);
  });
});

test('A key that nobody may join is no place of a session, so its end makes no object there', async () => {
  const cyd = new Person('Cyd');
  await signIn(server, cyd);
  const nowhere = `/note/${randomUUID()}`;
  await assertNotThere(nowhere, { person: cyd });
  const kept = await rows(server, 'SELECT key FROM session_keys WHERE key = ?', nowhere);
  assert.deepEqual(kept, []);
  const before = await objects(server);
  const answer = await fetch(`${server.origin}/sign-out`, {
    method: 'POST', redirect: 'manual', headers: cyd.headers(server),
  });
  assert.equal(answer.status, 303);
  assert.deepEqual(await objects(server), before);
});

describe('Feeds', () => {
  test('are for everybody or for one, and only the server speaks', async () => {
    for (const person of [ada, undefined]) {
      const page = await Listener.join(server, '/global', { person });
      await page.until(() => page.last('announcement')?.announcement === null, 'what is said now');
      page.ask({ type: 'set', name: 'x', value: 1 });
      await page.until(() => page.closed || page.last('refused'), 'a refusal');
    }
    const mine = await Listener.join(server, `/user/${ada.id}`, { person: ada });
    await mine.until(() => mine.last('notifications')?.unread === 0, 'the list');
    mine.sendRaw('{"type": "nonsense"}');
    assert.equal((await mine.closing()).code, 4400);
  });

  test('have no other spelling', async () => {
    const spellings = ['/Global', '/global/', '/user/', `/user/${ada.id.toUpperCase()}`,
      `/user/${ada.id}/`, '/chat', '/chat/', '/chat/Tea', '/chat/note-', '/chat/note-tea'];
    for (const key of spellings) await assertNotThere(key, { person: ada });
  });
});

test(`Keys of all kinds never leak into one another (TANDEM_SEED=${seed})`, async () => {
  const below = random();
  const chats = [];
  for (let count = 0; count < ROOMS; count += 1) {
    const { id } = await makeNote(server);
    chats.push(await ada.makeRoom(server, `Room ${count}`), `/chat/note-${id}`, `/note/${id}`);
  }
  const keys = [...chats, `/user/${ada.id}`, `/user/${ben.id}`, '/global'];
  const owner = { [`/user/${ben.id}`]: ben };
  const ears = await Promise.all(keys.map((key) =>
    Listener.join(server, key, { person: owner[key] ?? ada })));
  const expected = new Map(keys.map((key) => [key, []]));
  for (let count = 0; count < TRAFFIC; count += 1) {
    const index = below(chats.length);
    const word = `word-${count}`;
    const asked = chats[index].startsWith('/chat/')
      ? { type: 'say', id: word, text: word }
      : { type: 'set', name: 'word', value: word };
    ears[index].ask(asked);
    expected.get(chats[index]).push(word);
  }
  const heard = (ear) => ear.events.flatMap(({ type, message, value }) =>
    (type === 'message' && [message.text]) || (type === 'signal' && value && [value]) || []);
  for (const [index, key] of keys.entries()) {
    const words = expected.get(key);
    await ears[index].until(() => heard(ears[index]).length >= words.length, `all of ${key}`);
  }
  for (const [index, key] of keys.entries()) {
    assert.deepEqual(heard(ears[index]), expected.get(key), key);
    assert.equal(ears[index].closed, null);
  }
});
