// Where no WebSocket gets through, requests carry the same frames with the same rights.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { LineSocket, packed } from './line.mjs';
import { Listener } from './listener.mjs';
import { makeNote, shown, source, view } from './notes.mjs';
import { updateFrame } from './peer.mjs';
import { Person } from './people.mjs';
import { closedNote, comeThrough, done, joinAs, makeLink } from './sharing.mjs';
import { objects } from './storage.mjs';

const NOBODYS = '6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

const ada = new Person('Ada');
const ben = new Person('Ben');

/** A line of Ben's, by hand, to a note. */
async function lineOf(note, { person = ben, headers = {} } = {}) {
  const { origin, ...cookies } = person?.headers(server) ?? {};
  const socket = new LineSocket(`${server.socketOrigin}/note/${note}?events=1`, [], {
    origin, headers: { ...cookies, ...headers },
  });
  const status = await new Promise((resolve) => {
    socket.once('open', () => resolve(200));
    socket.once('unexpected-response', (_, { statusCode }) => resolve(statusCode));
  });
  return { socket, status };
}

describe('A line of requests', () => {
  test('carries edits both ways, beside sockets, and says what is stored', async () => {
    const { id } = await makeNote(server);
    const socket = await joinAs(server, ada, id);
    const line = await joinAs(server, ben, id, { Socket: LineSocket });
    for (let count = 0; count < 40; count += 1) {
      socket.insert(0, 'a');
      line.insert(line.text.length, 'é😀');
    }
    line.delete(0, 1);
    await Promise.all([socket.saved(), line.saved()]);
    await line.until(() => `${line}` === `${socket}`, 'the same text');
    assert.equal(await source(server, id), `${line}`);
    const people = line.last('presence').people.map(({ name }) => name).sort();
    assert.deepEqual(people, ['Ada', 'Ben']);
    await line.until(() => shown(line.events) === shown(socket.events), 'the same view');
    assert.equal(shown(line.events), await view(server, id));
    for (const peer of [socket, line]) peer.vanish();
  });

  test('ends when its page goes, and takes its presence along', async () => {
    const { id } = await makeNote(server);
    const socket = await joinAs(server, ada, id);
    const line = await joinAs(server, ben, id, { Socket: LineSocket });
    const here = (name) => socket.last('presence')?.people.some((person) => person.name === name);
    await socket.until(() => here('Ben'), 'Ben');
    line.vanish();
    await socket.until(() => !here('Ben'), 'Ben to be gone');
    socket.vanish();
  });

  test('says from time to time that it is there', async () => {
    const { id } = await makeNote(server);
    const line = await joinAs(server, ben, id, { Socket: LineSocket });
    await line.until(() => line.pongs > 0, 'a sign of life');
    line.vanish();
  });

  test('carries messages', async () => {
    const key = await ada.makeRoom(server, 'Tea');
    const socket = await Listener.join(server, key, { person: ada });
    const line = await Listener.join(server, key, { person: ben, Socket: LineSocket });
    line.ask({ type: 'say', id: 'one', text: 'hello' });
    await socket.until(() => socket.last('message')?.message.text === 'hello', 'the message');
    socket.ask({ type: 'say', id: 'two', text: 'hi' });
    await line.until(() => line.last('message')?.message.text === 'hi', 'the answer');
    for (const each of [socket, line]) each.vanish();
  });

  test('brings the view of a published page', async () => {
    const note = await closedNote(server, ada, '# Plans');
    await done(ada.act(server, 'publish', { note, slug: 'by-line' }));
    const reader = new Listener(server, '/p/by-line', { Socket: LineSocket });
    await reader.until(() => reader.last('view'), 'the view');
    const owner = await joinAs(server, ada, note);
    owner.insert(0, 'x');
    await reader.until(() => shown(reader.events).includes('x# Plans'), 'the change');
    await done(ada.act(server, 'unpublish', { note }));
    await reader.until(() => reader.closed?.code === 4404, 'to be closed');
    owner.vanish();
  });
});

describe('The rights of a line', () => {
  test('who may only view writes nothing, and is told so', async () => {
    const { id } = await makeNote(server, { markdown: 'tea', access: 'view' });
    const line = await joinAs(server, ben, id, { Socket: LineSocket });
    line.insert(0, 'x');
    await line.until(() => line.last('refused')?.reason === 'not_allowed', 'a refusal');
    assert.equal(await source(server, id), 'tea');
    line.vanish();
  });

  test('who is removed hears and writes nothing more', async () => {
    const note = await closedNote(server, ada);
    const link = await makeLink(server, ada, note);
    await comeThrough(server, ben, link.token);
    const owner = await joinAs(server, ada, note);
    const { socket } = await lineOf(note);
    let heard = '';
    socket.on('message', (data) => { heard += data; });
    const closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
    await done(ada.act(server, 'revoke_link', { note, link: link.id }));
    owner.insert(0, 'SECRET');
    await owner.saved();
    assert.equal(await closed, 4403);
    assert.ok(!heard.includes('SECRET'));
    assert.equal((await socket.say(packed(['ping']))).status, 404);
    owner.vanish();
  });

  test('a note that is not there, and one that is not mine, are the same, and wake nothing', async () => {
    const closed = await closedNote(server, ada);
    const before = await objects(server);
    for (const note of [NOBODYS, closed]) {
      const { socket, status } = await lineOf(note);
      assert.equal(status, 404, note);
      const said = await socket.say(packed(['ping']));
      assert.equal(said.status, 404, note);
      assert.match(said.headers.get('content-type'), /problem\+json/);
    }
    assert.deepEqual(await objects(server), before);
  });

  test('nobody says anything on a line of somebody else, or on none', async () => {
    const { id } = await makeNote(server, { markdown: 'tea' });
    const { socket } = await lineOf(id, { person: ada });
    const { origin, ...headers } = ben.headers(server);
    for (const line of [socket.line, NOBODYS]) {
      const said = await socket.say(packed(['{"type":"set","name":"x","value":1}']), { line, headers: { ...headers, origin } });
      assert.equal(said.status, 404);
    }
    assert.equal((await socket.say(packed(['{"type":"set","name":"x","value":1}']))).status, 204);
    socket.terminate();
  });

  test('another site opens no line and says nothing, and without an origin cookies do not count', async () => {
    const note = await closedNote(server, ada);
    const { socket } = await lineOf(note, { person: ada });
    const { cookie } = ada.headers(server);
    for (const [origin, status] of [['https://evil.example', 403], ['null', 403], [undefined, 404]]) {
      const headers = { cookie, ...(origin && { origin }) };
      assert.equal((await lineOf(note, { person: null, headers })).status, status, origin);
      assert.equal((await socket.say(packed(['ping']), { headers })).status, status, origin);
    }
    socket.terminate();
  });

  test('what is no parcel, or too large, is answered, and loses nothing', async () => {
    const { id } = await makeNote(server, { markdown: 'tea' });
    const { socket } = await lineOf(id);
    for (const body of [Buffer.from([1, 0]), Buffer.from([1, 255, 255, 255, 255]), Buffer.from([7, 0, 0, 0, 0])]) {
      assert.equal((await socket.say(body)).status, 400);
    }
    const closed = new Promise((resolve) => socket.once('close', (code) => resolve(code)));
    await socket.say(packed([updateFrame(Buffer.alloc(2_200_000))]));
    assert.equal(await closed, 4413);
    const malformed = await lineOf(id);
    const ended = new Promise((resolve) => malformed.socket.once('close', (code) => resolve(code)));
    await malformed.socket.say(packed([updateFrame(Buffer.from('no update'))]));
    assert.equal(await ended, 4400);
    assert.equal(await source(server, id), 'tea');
  });
});
