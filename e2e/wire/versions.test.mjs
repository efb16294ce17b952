// An editor on a file, or `curl -T`: what it sends is merged with what others
// wrote since it read, and nothing is overwritten.

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { makeNote, source } from './notes.mjs';
import { Peer } from './peer.mjs';
import { objectRows } from './storage.mjs';

const FOLDED_WITHIN_MS = 20_000;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

const address = (id) => `${server.origin}/note/${id}.md`;

async function read(id) {
  const answer = await fetch(address(id));
  assert.equal(answer.status, 200);
  return { text: await answer.text(), tag: answer.headers.get('etag') };
}

/** Puts bytes without naming their kind, as `curl -T` does. */
function put(id, text, headers = {}) {
  return fetch(address(id), { method: 'PUT', headers, body: Buffer.from(text) });
}

async function isFolded(id, version) {
  const deadline = Date.now() + FOLDED_WITHIN_MS;
  for (;;) {
    const [fact] = await objectRows(server, `/note/${id}`, "SELECT value FROM meta WHERE name = 'folded'");
    if (Number(fact?.value) >= version) return;
    assert.ok(Date.now() < deadline, `the log is folded up to ${version}, not ${fact?.value}`);
    await pause(100);
  }
}

describe('A text that is put', () => {
  test('replaces the version it names', async () => {
    const { id } = await makeNote(server, { markdown: 'one\n' });
    const { tag } = await read(id);
    const answer = await put(id, 'one\r\ntwo\r\n', { 'if-match': tag });
    assert.equal(answer.status, 204, await answer.clone().text());
    const now = await read(id);
    assert.equal(now.text, 'one\ntwo\n');
    assert.equal(answer.headers.get('etag'), now.tag);
    assert.notEqual(now.tag, tag);
  });

  test('keeps what others wrote since, and is answered with both', async () => {
    const { id } = await makeNote(server, { markdown: '# Plan\n\nfirst\n\nlast\n' });
    const { text, tag } = await read(id);
    const peer = await Peer.join(server, id);
    peer.insert(text.indexOf('first'), 'the very ');
    await peer.saved();
    const answer = await put(id, text.replace('last', 'last of all'), { 'if-match': tag });
    const merged = '# Plan\n\nthe very first\n\nlast of all\n';
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), merged);
    assert.equal(answer.headers.get('content-location'), `/note/${id}.md`);
    assert.equal(await source(server, id), merged);
    await peer.until(() => String(peer.text) === merged, 'the change at the peer');
    await peer.leave();
  });

  test('twice from one version is made once', async () => {
    const { id } = await makeNote(server, { markdown: 'a\n' });
    const { tag } = await read(id);
    for (let again = 0; again < 3; again += 1) await put(id, 'a\nb\n', { 'if-match': tag });
    assert.equal(await source(server, id), 'a\nb\n');
  });

  test('without a version, or with one nobody had, changes nothing', async () => {
    const { id } = await makeNote(server, { markdown: 'kept\n' });
    const cases = [
      [{}, 428], [{ 'if-match': '*' }, 428],
      [{ 'if-match': '"999"' }, 412], [{ 'if-match': '"x"' }, 412], [{ 'if-none-match': '*' }, 412],
    ];
    for (const [headers, status] of cases) {
      const answer = await put(id, 'lost\n', headers);
      assert.equal(answer.status, status, JSON.stringify(headers));
      assert.match(answer.headers.get('content-type'), /problem\+json/);
      assert.match((await answer.json()).detail, /\.$/);
    }
    const unknown = await put(randomUUID(), 'x', { 'if-match': '"1"' });
    assert.equal(unknown.status, 404);
    const kind = await fetch(address(id), { method: 'PUT', headers: { 'content-type': 'image/png', 'if-match': '"1"' }, body: 'x' });
    assert.equal(kind.status, 415);
    assert.equal(await source(server, id), 'kept\n');
  });

  test('by who may only view is refused', async () => {
    const { id } = await makeNote(server, { markdown: 'kept\n', access: 'view' });
    const { tag } = await read(id);
    assert.equal((await put(id, 'x', { 'if-match': tag })).status, 403);
    const closed = await makeNote(server, { markdown: 'kept\n', access: 'none' });
    assert.equal((await put(closed.id, 'x', { 'if-match': tag })).status, 404);
    const own = await put(closed.id, 'mine\n', {
      'if-match': '"1"', authorization: `Bearer ${closed.owner_token}`,
    });
    assert.equal(own.status, 204, await own.text());
  });

  test('under an id of the caller\'s own makes a note, once', async () => {
    const id = randomUUID();
    const made = await put(id, '# Mine\n', { 'if-none-match': '*' });
    assert.equal(made.status, 201, await made.clone().text());
    assert.equal(made.headers.get('location'), `/note/${id}`);
    const { owner_token: token } = await made.json();
    assert.equal(await source(server, id), '# Mine\n');
    assert.equal((await put(id, 'other', { 'if-none-match': '*' })).status, 412);
    const gone = await fetch(`${server.origin}/note/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
    assert.equal(gone.status, 204);
    assert.equal((await put(id, 'other', { 'if-none-match': '*' })).status, 412);
  });
});

test('a version can be named after the log was folded, and after a restart', async () => {
  const noise = (bytes) => randomBytes(bytes / 2).toString('hex').replace(/(.{60})/g, '$1\n');
  const { id } = await makeNote(server, { markdown: 'top\n' });
  const versions = [await read(id)];
  for (let part = 0; part < 4; part += 1) {
    const before = versions.at(-1);
    const answer = await put(id, `${before.text}part ${part}\n${noise(200_000)}\n`, { 'if-match': before.tag });
    assert.equal(answer.status, 204);
    versions.push(await read(id));
    // The alarm folds two seconds after a pause in the writing.
    if (part % 2) await isFolded(id, part + 1);
  }
  await server.kill();
  await server.start();
  const newest = versions.at(-1).text;
  for (const [index, { text, tag }] of versions.entries()) {
    const answer = await put(id, `top, seen by ${index}\n${text.slice(4)}`, { 'if-match': tag });
    assert.ok([200, 204].includes(answer.status), `version ${tag}: ${answer.status}`);
  }
  const now = await source(server, id);
  for (const index of versions.keys()) assert.ok(now.includes(`seen by ${index}`), `${index}`);
  assert.ok(now.endsWith(newest.slice(4)), 'what came later stays');
});
