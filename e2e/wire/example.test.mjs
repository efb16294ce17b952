// The example of the `realtime` crate: a Worker of its own, small enough to read
// at once, and what it promises holds.

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';

const MOST_LINES = 100;

let server;
before(async () => { server = await startServer({ build: 'example' }); });
after(() => server?.stop());

const join = (key, name, options) => Listener.join(server, key, { query: { name }, ...options });
const said = (listener) => listener.all('message').map(({ message }) => message);
const announce = (text) => fetch(`${server.origin}/announce`, { method: 'POST', body: text });

/** Says something and waits until the room has it. */
async function say(listener, id, text) {
  listener.ask({ type: 'say', id, text });
  await listener.until(() => said(listener).some((message) => message.id === id), `“${text}”`);
}

describe('The example', () => {
  test(`is a Worker of less than ${MOST_LINES} lines`, async () => {
    const source = await readFile('realtime/examples/room/src/lib.rs', 'utf8');
    assert.ok(source.split('\n').length <= MOST_LINES);
    const page = await fetch(`${server.origin}/chat/tea`);
    assert.match(page.headers.get('content-type'), /^text\/html/);
    assert.match(await page.text(), /new WebSocket/);
    for (const none of ['/', '/note/6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d', '/chat/Tea']) {
      assert.equal((await fetch(server.origin + none)).status, 404, none);
    }
  });

  test('passes a message to its room, and to no other', async () => {
    const ada = await join('/chat/tea', 'Ada');
    const ben = await join('/chat/tea', 'Ben');
    const eve = await join('/chat/coffee', 'Eve');
    await ada.until(() => ada.last('presence')?.people.length === 2, 'both are here');
    await say(ada, 'one', 'Is it **ready**?');
    await ben.until(() => said(ben).length === 1, 'the message');
    const [message] = said(ben);
    assert.equal(message.person.name, 'Ada');
    assert.match(message.html, /<strong>ready<\/strong>/);
    // What is said in her own room comes after all that could have leaked into it.
    await say(eve, 'hers', 'Nobody here.');
    assert.deepEqual(said(eve).map(({ id }) => id), ['hers']);
    assert.deepEqual(eve.last('presence').people.map(({ name }) => name), ['Eve']);
    for (const one of [ada, ben, eve]) await one.leave();
  });

  test('keeps a message once, however often it is sent', async () => {
    const ada = await join('/chat/again', 'Ada');
    for (let n = 0; n < 3; n += 1) ada.ask({ type: 'say', id: 'same', text: 'Once.' });
    await say(ada, 'next', 'Then this.');
    const late = await join('/chat/again', 'Ben');
    await late.until(() => late.last('messages'), 'what was said');
    const { messages } = late.last('messages');
    assert.deepEqual(messages.map(({ number, id }) => [number, id]), [[1, 'same'], [2, 'next']]);
    for (const one of [ada, late]) await one.leave();
  });

  test('tells who comes back what they missed, and nothing else', async () => {
    const ada = await join('/chat/back', 'Ada');
    const ben = await join('/chat/back', 'Ben');
    await say(ada, 'first', 'You hear this.');
    await ben.until(() => said(ben).length === 1, 'the first message');
    const [{ revision }] = said(ben);
    ben.vanish();
    await say(ada, 'second', 'You miss this.');
    const back = await join('/chat/back', 'Ben', { revision });
    await back.until(() => back.last('messages'), 'what was missed');
    const { part, messages } = back.last('messages');
    assert.equal(part, 'changed');
    assert.deepEqual(messages.map(({ id }) => id), ['second']);
    for (const one of [ada, back]) await one.leave();
  });

  test('tells every page what somebody says by HTTP, whatever room it is in', async () => {
    const pages = await Promise.all(['Ada', 'Ben', 'Eve'].map((name) => join('/global', name)));
    const room = await join('/chat/tea', 'Ada');
    for (const text of ['Tea is ready.', 'Coffee too.']) {
      assert.equal((await announce(text)).status, 200);
      for (const page of pages) {
        await page.until(() => page.last('announcement')?.announcement?.text === text, text);
      }
    }
    const late = await join('/global', 'Late');
    await late.until(() => late.last('announcement'), 'what is said now');
    assert.equal(late.last('announcement').announcement.text, 'Coffee too.');
    assert.equal(room.last('announcement'), undefined, 'a room is not everybody');
    for (const one of [...pages, room, late]) await one.leave();
  });

  test('keeps nothing of what came with the request but who it is', async () => {
    const headers = { cookie: 'secret=never-to-be-kept', 'user-agent': 'never-to-be-kept' };
    const ada = await join('/chat/cookies', 'Ada', { headers });
    await say(ada, 'kept', 'This is kept.');
    await server.kill();
    const files = (await readdir(server.state, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile());
    const kept = await Promise.all(files.map((entry) => readFile(path.join(entry.parentPath, entry.name))));
    assert.ok(kept.some((bytes) => bytes.includes('This is kept.')), 'the storage was looked at');
    assert.ok(!kept.some((bytes) => bytes.includes('never-to-be-kept')));
    await server.start();
  });

  test('is still there after its server was gone', async () => {
    const ada = await join('/chat/kept', 'Ada');
    await say(ada, 'kept', 'Remember me.');
    await server.kill();
    await server.start();
    const ben = await join('/chat/kept', 'Ben');
    await ben.until(() => ben.last('messages'), 'what was said');
    assert.deepEqual(ben.last('messages').messages.map(({ text }) => text), ['Remember me.']);
    await ben.leave();
  });
});
