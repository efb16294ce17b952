// Keys that nobody does anything on cost nothing: their objects sleep, with all
// their sockets open. The object says in the log when it is made (it is made anew
// on every wake) and when a timer or an alarm of it runs.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { makeNote } from './notes.mjs';
import { TRACED, noticed, settled, untilNoticed } from './objects.mjs';
import { Person } from './people.mjs';

const CLIENTS = 50;
// The runtime puts an object to sleep after ten seconds in which nothing happens.
const ASLEEP_AFTER_MS = 15_000;
// What was begun by joining or leaving has come to its end when nothing ran for so long:
// the index is written two seconds after a change, and other tests use the machine.
const SETTLED_AFTER_MS = 8_000;
const WHAT = ['constructed', 'timer', 'alarm'];
const PINGS = 3;

let server;
before(async () => { server = await startServer({ vars: TRACED }); });
after(() => server?.stop());

const ada = new Person('Ada');

async function keys() {
  const { id } = await makeNote(server, { markdown: '# Plans' });
  return [`/note/${id}`, await ada.makeRoom(server, 'Tea'), '/global', `/user/${ada.id}`];
}

describe(`${CLIENTS} idle clients`, () => {
  test('let the objects of every kind of key sleep, and are all there when they wake', async (t) => {
    const [note, chat, global, user] = await keys();
    for (const key of [note, chat, global, user]) {
      const join = () => Listener.join(server, key, { person: ada });
      const clients = await Promise.all(Array.from({ length: CLIENTS }, join));
      const before = await settled(server, SETTLED_AFTER_MS, ...WHAT);
      for (let round = 1; round <= PINGS; round += 1) {
        await pause(ASLEEP_AFTER_MS / PINGS);
        clients.forEach((client) => client.sendRaw('ping'));
        await Promise.all(clients.map((client) => client.until(() => client.pongs === round, 'a pong')));
      }
      const idle = await noticed(server, ...WHAT);
      assert.deepEqual(idle, before, `${key}: nothing was made, no timer and no alarm ran`);
      if (key === note || key === chat) {
        clients[0].ask({ type: 'set', name: 'awake', value: true });
        const told = (client) => client.all('signal').some(({ name }) => name === 'awake');
        await Promise.all(clients.map((client) => client.until(() => told(client), 'the signal')));
      } else {
        await Listener.join(server, key, { person: ada });
      }
      const constructed = await untilNoticed(server, 'constructed', idle.constructed + 1);
      assert.equal(constructed, idle.constructed + 1, `${key}: it had slept`);
      assert.ok(clients.every((client) => client.closed === null));
      t.diagnostic(`${key.split('/')[1]}: idle ${JSON.stringify(before)}`);
      clients.forEach((client) => client.vanish());
      await settled(server, SETTLED_AFTER_MS, ...WHAT);
    }
  });
});
