// A chat room on the wire: everybody ends with the same messages in the same
// order, whatever happens to sockets and server meanwhile.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { random, seed } from '../random.mjs';
import { startServer } from '../server.mjs';
import { Chatter } from './chatter.mjs';
import { Listener } from './listener.mjs';
import { Person } from './people.mjs';

const CLIENTS = 20;
const MESSAGES = 2_000;
const KILLS = 2;
const CUT_EVERY_MS = 60;
const PATIENCE_MS = 180_000;

let server;
before(async () => { server = await startServer({ vars: { MESSAGE_BURST: 10_000 } }); });
after(() => server?.stop());

test(`${MESSAGES} messages of ${CLIENTS} people, sockets cut, ${KILLS} kills: one order for all, none twice, none missing (TANDEM_SEED=${seed})`, async (t) => {
  const below = random();
  const people = Array.from({ length: CLIENTS }, (_, index) => new Person(`Person ${index}`));
  const key = await people[0].makeRoom(server, 'Tea room');
  const chatters = people.map((person) => new Chatter(server, key, person));
  const said = [];
  for (let count = 0; count < MESSAGES; count += 1) {
    const id = `m-${count}`;
    chatters[count % CLIENTS].say(id, `message ${count}`);
    said.push(id);
  }
  let cuts = 0;
  const cutting = setInterval(() => {
    chatters[below(CLIENTS)].cut();
    cuts += 1;
  }, CUT_EVERY_MS);
  const kept = () => Math.max(...chatters.map((chatter) => chatter.log.size && Math.max(...chatter.log.keys())));
  try {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const from = (MESSAGES * kill) / (KILLS + 2);
      while (kept() < from) {
        const fault = chatters.map((chatter) => chatter.fault()).find(Boolean);
        assert.equal(fault, undefined);
        await pause(20);
      }
      await server.kill();
      await server.start();
    }
    await Promise.all(chatters.map((chatter) =>
      chatter.until(() => chatter.unsaid === 0, 'all it said', PATIENCE_MS)));
  } finally {
    clearInterval(cutting);
  }
  for (const chatter of chatters) {
    await chatter.until(() => Math.max(...chatter.log.keys()) === MESSAGES, 'the newest', PATIENCE_MS);
    await chatter.readUpward();
    assert.ok(chatter.hasAll(MESSAGES), `holds ${chatter.log.size}`);
    assert.equal(chatter.fault(), null);
  }
  const [first, ...others] = chatters.map((chatter) => chatter.ids());
  for (const other of others) assert.deepEqual(other, first);
  assert.deepEqual([...first].sort(), said.sort(), 'each once');
  for (const [index, chatter] of chatters.entries()) {
    const mine = chatter.ids().filter((id) => Number(id.slice(2)) % CLIENTS === index);
    const numbers = mine.map((id) => Number(id.slice(2)));
    assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b), 'in the order they were said');
  }
  const returns = chatters.reduce((sum, chatter) => sum + chatter.returns, 0);
  assert.ok(returns >= CLIENTS * KILLS, `only ${returns} came back`);
  t.diagnostic(`${cuts} cuts, ${KILLS} kills, ${returns} returns`);
  chatters.forEach((chatter) => chatter.leave());
});

describe('A message', () => {
  const ada = new Person('Ada');
  const ben = new Person('Ben');
  let key;
  before(async () => { key = await ada.makeRoom(server, 'Plans'); });

  test('is changed and deleted by its author, and deleted by the owner of the room', async () => {
    const owner = await Listener.join(server, key, { person: ada });
    const author = await Listener.join(server, key, { person: ben });
    author.ask({ type: 'say', id: 'one', text: 'Tea *today*?' });
    await owner.until(() => owner.last('message'), 'a message');
    const { number, html } = owner.last('message').message;
    assert.match(html, /<em>today<\/em>/);
    owner.ask({ type: 'change', number, text: 'not mine' });
    await owner.until(() => owner.last('refused'), 'a refusal');
    author.ask({ type: 'change', number, text: 'Tea <b>tomorrow</b>?' });
    await owner.until(() => owner.last('message').message.changed_at, 'the change');
    const changed = owner.last('message').message;
    assert.equal(changed.text, 'Tea <b>tomorrow</b>?');
    assert.doesNotMatch(changed.html, /<b>/);
    owner.ask({ type: 'delete', number });
    await author.until(() => author.last('message').message.deleted, 'the deletion');
    assert.equal(author.last('message').message.text, '');
    const late = await Listener.join(server, key, { person: ben });
    await late.until(() => late.last('messages'), 'what was said');
    const kept = late.last('messages').messages.find((message) => message.number === number);
    assert.deepEqual([kept.deleted, kept.text], [true, '']);
  });

  test('that is said again under its id is answered with what was kept', async () => {
    const author = await Listener.join(server, key, { person: ben });
    const other = await Listener.join(server, key, { person: ada });
    for (let time = 0; time < 10; time += 1) author.ask({ type: 'say', id: 'same', text: `Tea ${time}` });
    await author.until(() => author.all('message').length === 10, 'ten answers');
    const answers = author.all('message').map(({ message }) => `${message.number} ${message.text}`);
    assert.equal(new Set(answers).size, 1);
    author.ask({ type: 'say', id: 'after', text: 'After' });
    await other.until(() => other.last('message')?.message.id === 'after', 'what came after');
    assert.deepEqual(other.all('message').map(({ message }) => message.id), ['same', 'after']);
  });

  test('over the limit is refused and closes nothing', async () => {
    const author = await Listener.join(server, key, { person: ben });
    author.ask({ type: 'say', id: 'long', text: 'a'.repeat(4097) });
    await author.until(() => author.last('refused'), 'a refusal');
    assert.equal(author.last('refused').id, 'long');
    author.ask({ type: 'say', id: 'fits', text: 'a'.repeat(4096) });
    await author.until(() => author.last('message')?.message.id === 'fits', 'one that fits');
  });

  test('is announced while it is written, and marked as seen on all devices', async () => {
    const desk = await Listener.join(server, key, { person: ben });
    const phone = await Listener.join(server, key, { person: ben });
    const other = await Listener.join(server, key, { person: ada });
    desk.ask({ type: 'typing' });
    await other.until(() => other.last('typing'), 'typing');
    assert.equal(other.last('typing').name, 'Ben');
    desk.ask({ type: 'seen', number: 1 });
    await phone.until(() => phone.all('seen').some(({ number }) => number >= 1), 'seen');
    assert.deepEqual(desk.all('typing'), []);
  });

  test('of somebody who is muted is refused, until the mute ends', async () => {
    const owner = await Listener.join(server, key, { person: ada });
    const author = await Listener.join(server, key, { person: ben });
    author.ask({ type: 'mute', person: ada.id, seconds: 60 });
    await author.until(() => author.last('refused'), 'only the owner mutes');
    owner.ask({ type: 'mute', person: ben.id, seconds: 60 });
    await author.until(() => author.last('order').muted.length === 1, 'the mute');
    author.ask({ type: 'say', id: 'muted', text: 'But…' });
    await author.until(() => author.last('refused').reason === 'muted', 'a refusal');
    owner.ask({ type: 'mute', person: ben.id, seconds: 0 });
    await author.until(() => author.last('order').muted.length === 0, 'its end');
    author.ask({ type: 'say', id: 'free', text: 'Thanks.' });
    await owner.until(() => owner.last('message')?.message.id === 'free', 'a message');
  });
});
