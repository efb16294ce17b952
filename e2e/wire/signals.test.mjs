// Small values that all clients of a key share: the last one set holds, by the
// order of the server.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { makeNote } from './notes.mjs';
import { Person } from './people.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

const ada = new Person('Ada');
const ben = new Person('Ben');

const value = (listener, name) =>
  listener.events.findLast((event) => event.type === 'signal' && event.name === name)?.value;

async function keys() {
  const { id } = await makeNote(server);
  return [`/note/${id}`, await ada.makeRoom(server, 'Signals')];
}

describe('A synced signal', () => {
  test('is one value for all who are there and all who come', async () => {
    for (const key of await keys()) {
      const [one, two] = [await Listener.join(server, key, { person: ada }), await Listener.join(server, key, { person: ben })];
      one.ask({ type: 'set', name: 'follow', value: { line: 7 } });
      for (const each of [one, two]) {
        await each.until(() => value(each, 'follow')?.line === 7, `the value on ${key}`);
      }
      const late = await Listener.join(server, key);
      await late.until(() => value(late, 'follow')?.line === 7, 'the value for who comes late');
    }
  });

  test('is the same for all after both set it at once, many times', async () => {
    for (const key of await keys()) {
      const both = [await Listener.join(server, key, { person: ada }), await Listener.join(server, key, { person: ben })];
      for (let count = 1; count <= 50; count += 1) {
        both.forEach((each, index) => each.ask({ type: 'set', name: 'x', value: `${index}-${count}` }));
      }
      const heard = (each) => each.all('signal').filter(({ name }) => name === 'x');
      for (const each of both) await each.until(() => heard(each).length === 100, 'a hundred settings');
      assert.deepEqual(heard(both[0]), heard(both[1]));
      const revisions = heard(both[0]).map(({ revision }) => revision);
      assert.deepEqual(revisions, [...new Set(revisions)].sort((a, b) => a - b));
    }
  });

  test('outlives a crash of the server', async () => {
    const [note] = await keys();
    const one = await Listener.join(server, note, { person: ada });
    one.ask({ type: 'set', name: 'kept', value: [1, 2] });
    await one.until(() => value(one, 'kept'), 'the value');
    await server.kill();
    await server.start();
    const again = await Listener.join(server, note, { person: ben });
    await again.until(() => value(again, 'kept')?.length === 2, 'the value after the crash');
  });

  test('that is too large or badly named is refused, and for who may only view', async () => {
    const { id } = await makeNote(server, { access: 'view' });
    const reader = await Listener.join(server, `/note/${id}`, { person: ben });
    reader.ask({ type: 'set', name: 'x', value: 1 });
    await reader.until(() => reader.last('refused'), 'a refusal');
    assert.equal(reader.last('refused').what, 'signal');
    assert.equal(reader.last('refused').id, 'x');
    const [key] = await keys();
    for (const asked of [{ name: 'x', value: 'a'.repeat(16 << 10) }, { name: 'No Name', value: 1 }]) {
      const one = await Listener.join(server, key, { person: ada });
      one.ask({ type: 'set', ...asked });
      await one.until(() => one.last('refused') || one.closed, 'a refusal');
      assert.equal(value(one, asked.name), undefined);
    }
  });
});
