// The index over all notes is out: what is open goes on, and the index catches up.

import assert from 'node:assert/strict';
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { makeNote } from './notes.mjs';
import { Peer } from './peer.mjs';

// The first try comes two seconds after a pause, the next five seconds later.
const CAUGHT_UP_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 200;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** Runs something on the file behind D1, beside the runtime. */
async function beside(server, run) {
  for await (const file of glob(join(server.state, 'v3/d1/*/*.sqlite'))) {
    const database = new DatabaseSync(file);
    try {
      database.exec('PRAGMA busy_timeout = 5000');
      const isOurs = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'people'").get();
      if (isOurs) return run(database);
    } finally {
      database.close();
    }
  }
  throw new Error(`no database below ${server.state}`);
}

test('with the database out, who has a note open goes on writing, and the index catches up', async () => {
  const { id } = await makeNote(server, { markdown: '# Plans' });
  const ada = await Peer.join(server, id);
  const ben = await Peer.join(server, id);

  await beside(server, (database) => database.exec('ALTER TABLE notes RENAME TO gone'));
  const visit = await fetch(`${server.origin}/note/${id}`);
  assert.equal(visit.status, 503);
  assert.ok(visit.headers.get('retry-after'));
  const refused = new Peer(`${server.socketOrigin}/note/${id}?events=1`);
  assert.equal((await refused.closing()).code, 4503, 'a code that means: try again');

  ada.insert(7, '\n\nTea at four.');
  await ada.saved();
  await ben.until(() => `${ben}` === '# Plans\n\nTea at four.', 'the edit');
  // Longer than the first try of the alarm takes to come.
  await pause(4_000);
  ben.insert(0, 'x');
  await ben.saved();

  await beside(server, (database) => database.exec('ALTER TABLE gone RENAME TO notes'));
  const deadline = Date.now() + CAUGHT_UP_WITHIN_MS;
  const indexed = () => beside(server, (database) =>
    database.prepare('SELECT body FROM notes WHERE id = ?').get(id).body);
  while ((await indexed()) !== 'x# Plans\n\nTea at four.') {
    assert.ok(Date.now() < deadline, `the index says ${await indexed()}`);
    await pause(LOOK_EVERY_MS);
  }
  const late = await Peer.join(server, id);
  assert.equal(`${late}`, 'x# Plans\n\nTea at four.');
});
