// Everything of one's own, in archives that are made while they are sent.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { crc32 } from 'node:zlib';

import { startServer } from '../server.mjs';
import { Person, signIn } from './people.mjs';
import { closedNote, joinAs } from './sharing.mjs';

const NOTES_A_PART = 3;

let server;
before(async () => { server = await startServer({ vars: { EXPORT_NOTES: NOTES_A_PART } }); });
after(() => server?.stop());

const fetchPart = (person, part = 1) => fetch(`${server.origin}/settings/export.zip?part=${part}`, {
  headers: person.headers(server), redirect: 'manual',
});

/** The files of an archive of stored files, by the directory at its end (APPNOTE 4.3). */
function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    assert.equal(bytes.readUInt32LE(at), 0x02014b50);
    const [crc, size] = [bytes.readUInt32LE(at + 16), bytes.readUInt32LE(at + 24)];
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const path = bytes.toString('utf8', at + 46, at + 46 + name);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + size);
    assert.equal(crc32(content), crc, path);
    files.set(path, content.toString('utf8'));
    at += 46 + name + extra + comment;
  }
  return files;
}

async function archive(person, part) {
  const answer = await fetchPart(person, part);
  assert.equal(answer.status, 200, await answer.clone().text());
  assert.equal(answer.headers.get('content-type'), 'application/zip');
  assert.match(answer.headers.get('content-disposition'), /^attachment; filename="tandem(-\d+)?\.zip"$/);
  return unzip(Buffer.from(await answer.arrayBuffer()));
}

test('holds every note one owns as it is now, in parts, and nothing of others', async () => {
  const [ada, ben] = [new Person('Ada'), new Person('Ben')];
  await signIn(server, ada);
  await signIn(server, ben);
  const texts = ['# Plans\n\nGrüße 🙂\n', '# Plans\n', '# Thrown away\n', '# Last\n'];
  const ids = [];
  for (const text of texts) ids.push(await closedNote(server, ada, text));
  await closedNote(server, ben, '# Of Ben\n');
  const gone = await fetch(`${server.origin}/note/${ids[2]}`, { method: 'DELETE', headers: ada.headers(server) });
  assert.equal(gone.status, 204);
  // What was typed a moment ago is in no index yet.
  const peer = await joinAs(server, ada, ids[0]);
  peer.insert(0, 'Just now. ');
  await peer.saved();
  await peer.leave();

  const first = await archive(ada, 1);
  assert.equal(first.get('notes/Plans.md'), `Just now. ${texts[0]}`);
  assert.equal(first.get('notes/Plans (2).md'), texts[1]);
  assert.equal(first.get('trash/Thrown away.md'), texts[2]);
  const about = JSON.parse(first.get('account.json'));
  assert.equal(about.name, 'Ada');
  assert.deepEqual(about.notes.map(({ id }) => id), ids.slice(0, 3));
  assert.equal(first.size, 4);
  const second = await archive(ada, 2);
  assert.deepEqual([...second.keys()], ['account.json', 'notes/Last.md']);
  assert.equal((await fetchPart(ada, 3)).status, 404);
  for (const part of ['0', 'x', '-1']) assert.equal((await fetchPart(ada, part)).status, 404, part);
  const page = await (await fetch(`${server.origin}/settings`, { headers: { ...ada.headers(server), accept: 'text/html' } })).text();
  assert.match(page, /Notes 1 to 3/);
  assert.match(page, /Notes 4 to 4/);
  for (const token of [ada.token, ben.token]) {
    for (const file of [...first.values(), page]) assert.ok(!file.includes(token), 'no token in it');
  }
});

test('is for who has an account', async () => {
  const guest = new Person('Guest').headers(server);
  for (const path of ['/settings', '/settings/export.zip']) {
    for (const headers of [guest, {}]) {
      const browser = await fetch(`${server.origin}${path}`, {
        headers: { ...headers, accept: 'text/html' }, redirect: 'manual',
      });
      assert.equal(browser.status, 303);
      assert.match(browser.headers.get('location'), /^\/sign-in/);
      const program = await fetch(`${server.origin}${path}`, { headers, redirect: 'manual' });
      assert.equal(program.status, 401, path);
      assert.match(program.headers.get('content-type'), /^application\/problem\+json/);
      assert.match((await program.json()).detail, /\.$/);
    }
  }
  const head = await fetch(`${server.origin}/settings/export.zip`, { method: 'HEAD' });
  assert.equal(head.status, 405);
});

test('that has no notes holds what is known of the account', async () => {
  const cy = new Person('Cy');
  await signIn(server, cy);
  assert.deepEqual([...(await archive(cy, 1)).keys()], ['account.json']);
});
