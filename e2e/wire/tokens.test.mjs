// Tokens of programs: access tokens, with which a program is the person of an account,
// and owner tokens, by which a note that nobody owns is claimed.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { makeNote, source } from './notes.mjs';
import { Peer } from './peer.mjs';
import { Person, signIn } from './people.mjs';
import { closedNote } from './sharing.mjs';
import { change, rows } from './storage.mjs';

const OUT_WITHIN_MS = 1_000;
/** As the settings allow them. */
const MOST_TOKENS = 50;
const TOKEN = /tandem_[\w-]{43}/g;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** A request whose redirects are seen. */
const ask = (path, init) => fetch(`${server.origin}${path}`, { redirect: 'manual', ...init });

const bearer = (token) => ({ authorization: `Bearer ${token}` });

/** Asks as a program does. */
const askAs = (token, path, { headers, ...init } = {}) =>
  ask(path, { ...init, headers: { ...bearer(token), ...headers } });

const markdown = { 'content-type': 'text/markdown' };

async function assertProblem(answer, status) {
  assert.equal(answer.status, status, await answer.clone().text());
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  const problem = await answer.json();
  assert.equal(problem.status, status);
  assert.match(problem.detail, /\.$/, 'a sentence says what to do');
  return problem;
}

/** Somebody who is signed in. */
async function account(name) {
  const person = new Person(name);
  await signIn(server, person);
  return person;
}

/** Posts a form of the settings as a page without scripts does. */
const settings = (person, fields, headers = {}) => ask('/settings', {
  method: 'POST',
  headers: { ...person.headers(server), accept: 'text/html', ...headers },
  body: new URLSearchParams(fields),
});

/** The settings as their owner reads them. */
async function page(person) {
  const answer = await ask('/settings', { headers: { ...person.headers(server), accept: 'text/html' } });
  assert.equal(answer.status, 200);
  return answer.text();
}

/** Makes an access token, which the answer shows. */
async function makeToken(person, label = 'Backup') {
  const answer = await settings(person, { do: 'make-token', label });
  const html = await answer.text();
  assert.equal(answer.status, 200, html);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  const shown = new Set(html.match(TOKEN));
  assert.equal(shown.size, 1);
  return [...shown][0];
}

/** Revokes the access token of this label. */
async function revoke(person, label = 'Backup') {
  const [{ hash }] = await rows(server, `SELECT token_hash AS hash FROM credentials
    WHERE person_id = ? AND label = ? AND access_token = 1`, person.id, label);
  assert.ok((await page(person)).includes(hash), 'it can be revoked on the page');
  const answer = await settings(person, { do: 'end-session', session: hash });
  assert.equal(answer.status, 303, await answer.text());
  return Date.now();
}

const listed = async (answer) => {
  assert.equal(answer.status, 200, await answer.clone().text());
  return (await answer.json()).notes.map(({ id }) => id);
};

describe('An access token', () => {
  test('is shown once, and the database has only its hash', async () => {
    const ada = await account('Ada');
    assert.match(await page(ada), /Access tokens/);
    const token = await makeToken(ada, 'Backup <of> "home"');
    const html = await page(ada);
    assert.ok(!html.includes(token));
    assert.match(html, /Backup &lt;of&gt;/);
    assert.match(html, /not used yet/);
    const kept = await rows(server, 'SELECT * FROM credentials WHERE access_token = 1');
    assert.ok(!JSON.stringify(kept).includes(token));
    assert.equal((await askAs(token, '/api/notes')).status, 200);
    assert.match(await page(ada), /last used/);
  });

  test('has a name, and an account has so many', async () => {
    const ada = await account('Ada');
    assert.equal((await settings(ada, { do: 'make-token', label: ' ' })).status, 400);
    for (let number = 0; number < MOST_TOKENS; number += 1) {
      await change(server, `INSERT INTO credentials (token_hash, person_id, created_at, kind, label, access_token)
        VALUES (?1, ?2, 1, 'session', 'Old', 1)`, randomBytes(32).toString('hex'), ada.id);
    }
    const refused = await settings(ada, { do: 'make-token', label: 'Over' });
    assert.equal(refused.status, 403);
    assert.match(await refused.text(), new RegExp(`${MOST_TOKENS} access tokens at most`));
    await revoke(ada, 'Old');
    await makeToken(ada, 'Again');
  });

  test('makes, finds, reads, changes and deletes notes as its person', async () => {
    const ada = await account('Ada');
    const token = await makeToken(ada);
    const made = await askAs(token, '/api/notes', {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ markdown: '# Plans\n', access: 'none' }),
    });
    assert.equal(made.status, 201);
    const { id } = await made.json();
    const [{ owner_id: owner }] = await rows(server, 'SELECT owner_id FROM notes WHERE id = ?', id);
    assert.equal(owner, ada.id);
    assert.deepEqual(await listed(await askAs(token, '/api/notes')), [id]);
    // It is hers in her browser as well, and nobody else's.
    assert.equal((await ask(`/note/${id}.md`, { headers: ada.headers(server) })).status, 200);
    await assertProblem(await ask(`/note/${id}.md`), 404);

    const read = await askAs(token, `/note/${id}.md`);
    assert.equal(await read.text(), '# Plans\n');
    const put = await askAs(token, `/note/${id}.md`, {
      method: 'PUT', headers: { ...markdown, 'if-match': read.headers.get('etag') }, body: '# Plans\n\nTea\n',
    });
    assert.equal(put.status, 204);
    const append = await askAs(token, `/note/${id}.md`, { method: 'POST', headers: markdown, body: 'Cake\n' });
    assert.equal(append.status, 204);
    assert.equal(await (await askAs(token, `/note/${id}.md`)).text(), '# Plans\n\nTea\nCake\n');
    assert.equal((await askAs(token, `/note/${id}`, { method: 'DELETE' })).status, 204);
    assert.deepEqual(await listed(await askAs(token, '/api/notes')), []);
    assert.deepEqual(await listed(await askAs(token, '/api/notes?view=trash')), [id]);
  });

  test('has the rights of its person on notes of others', async () => {
    const [ada, ben] = [await account('Ada'), await account('Ben')];
    const token = await makeToken(ben);
    const note = await closedNote(server, ada, 'for accounts');
    await assertProblem(await askAs(token, `/note/${note}.md`), 404);
    await ada.act(server, 'open_to', { note, audience: 'signed_in', role: 'view' });
    assert.equal(await (await askAs(token, `/note/${note}.md`)).text(), 'for accounts');
    const append = await askAs(token, `/note/${note}.md`, { method: 'POST', headers: markdown, body: 'x' });
    await assertProblem(append, 403);
  });

  test('counts before cookies, and never across origins', async () => {
    const [ada, ben] = [await account('Ada'), await account('Ben')];
    const token = await makeToken(ada);
    const note = await closedNote(server, ada, 'hers');
    const both = await askAs(token, `/note/${note}.md`, { headers: ben.headers(server) });
    assert.equal(both.status, 200);
    const foreign = await askAs(token, `/note/${note}`, {
      method: 'DELETE', headers: { origin: 'https://evil.example' },
    });
    await assertProblem(foreign, 403);
    // No cookie holds one, and no session is one.
    const inCookie = await ask(`/note/${note}.md`, { headers: { cookie: `__Host-tandem=${token}` } });
    await assertProblem(inCookie, 404);
    await assertProblem(await askAs(ada.token, `/note/${note}.md`), 404);
  });

  test('joins notes and the feed of its person, by header and by subprotocol', async () => {
    const ada = await account('Ada');
    const token = await makeToken(ada);
    const note = await closedNote(server, ada, 'hers');
    for (const how of [{ headers: bearer(token) }, { protocols: [`tandem.bearer.${token}`] }]) {
      const peer = await Peer.join(server, note, how);
      assert.deepEqual([peer.last('hello').you.id, peer.last('hello').access], [ada.id, 'own']);
      peer.insert(0, 'x');
      await peer.saved();
      await peer.leave();
    }
    const feed = await Listener.join(server, `/user/${ada.id}`, { headers: bearer(token) });
    assert.equal(feed.last('hello').you.name, 'Ada');
    await feed.leave();
  });

  test('changes no account', async () => {
    const ada = await account('Ada');
    const token = await makeToken(ada);
    for (const [method, path, body] of [
      ['GET', '/settings'],
      ['POST', '/settings', { do: 'make-token', label: 'More' }],
      ['POST', '/settings', { do: 'end-others' }],
      ['POST', '/settings', { do: 'delete', name: 'Ada' }],
      ['POST', '/sign-out'],
      ['GET', '/sign-in'],
      ['POST', '/api/sign-in/options'],
      ['POST', '/api/passkeys/options', {}],
      ['POST', '/api/fn/set_person', { name: 'Eve', colour: '1' }],
    ]) {
      for (const headers of [{}, { origin: server.origin }]) {
        const answer = await askAs(token, path, { method, headers, body: body && new URLSearchParams(body) });
        await assertProblem(answer, 403);
      }
    }
    assert.match(await page(ada), /Ada/);
    const tokens = await rows(server, `SELECT 1 FROM credentials
      WHERE person_id = ? AND access_token = 1 AND ended_at IS NULL`, ada.id);
    assert.equal(tokens.length, 1);
    // Everything of one's own can be taken along by a program.
    const archive = await askAs(token, '/settings/export.zip');
    assert.equal(archive.headers.get('content-type'), 'application/zip');
    await archive.arrayBuffer();
  });

  test('that is revoked is out within a second, and stays out', async () => {
    const ada = await account('Ada');
    const token = await makeToken(ada);
    await makeToken(ada, 'Another');
    const note = await closedNote(server, ada, 'hers');
    const headers = bearer(token);
    const sockets = [
      await Peer.join(server, note, { headers }),
      await Listener.join(server, `/chat/note-${note}`, { headers }),
      await Listener.join(server, `/user/${ada.id}`, { headers }),
    ];
    const mine = await Listener.join(server, `/user/${ada.id}`, { person: ada });
    const revoked = await revoke(ada);
    for (const socket of sockets) {
      await socket.untilClosing();
      assert.equal(socket.closingCode, 4403);
      assert.ok(socket.closingAt - revoked < OUT_WITHIN_MS, `out after ${socket.closingAt - revoked} ms`);
      socket.vanish();
    }
    assert.equal(mine.closed, null, 'her browser stays');
    mine.vanish();

    for (const [path, init] of [
      ['/api/notes'],
      ['/api/notes', { method: 'POST', headers: markdown, body: 'nobody\'s' }],
      [`/note/${note}.md`],
    ]) await assertProblem(await askAs(token, path, init), 401);
    const again = new Listener(server, `/note/${note}`, { headers });
    assert.equal((await again.closing()).code, 4401);
    const html = await page(ada);
    assert.doesNotMatch(html, /Backup/);
    assert.match(html, /Another/);
  });

  test('stays when other browsers are signed out, and goes with the account', async () => {
    const ada = await account('Ada');
    const token = await makeToken(ada);
    await settings(ada, { do: 'end-others' });
    assert.equal((await askAs(token, '/api/notes')).status, 200);
    const feed = await Listener.join(server, `/user/${ada.id}`, { headers: bearer(token) });
    assert.equal((await settings(ada, { do: 'delete', name: 'Ada' })).status, 303);
    await feed.untilClosing();
    feed.vanish();
    await assertProblem(await askAs(token, '/api/notes'), 401);
  });
});

describe('GET /api/notes', () => {
  test('refuses a token that is none, and none at all', async () => {
    const none = await ask('/api/notes');
    assert.equal(none.headers.get('www-authenticate'), 'Bearer');
    await assertProblem(none, 401);
    for (const token of ['x', '0'.repeat(64), randomBytes(32).toString('base64url'), 'tandem_', `tandem_${'A'.repeat(43)}`]) {
      const answer = await askAs(token, '/api/notes');
      assert.match(answer.headers.get('www-authenticate'), /invalid_token/);
      await assertProblem(answer, 401);
    }
    const { owner_token: token } = await makeNote(server, { markdown: 'x' });
    assert.deepEqual(await listed(await askAs(token, '/api/notes?q=nothing')), []);
  });
});

describe('A note without an owner', () => {
  const claim = (id, owner_token, headers) => ask(`/note/${id}/claim`, {
    method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ owner_token }),
  });
  const ownerOf = async (id) => (await rows(server, 'SELECT owner_id FROM notes WHERE id = ?', id))[0].owner_id;

  test('is claimed by a program, once, and its owner token ends', async () => {
    const [ada, ben] = [await account('Ada'), await account('Ben')];
    const [hers, his] = [bearer(await makeToken(ada)), bearer(await makeToken(ben))];
    const { id, owner_token: token } = await makeNote(server, { markdown: 'x', access: 'view' });
    const byToken = await Peer.join(server, id, { headers: bearer(token) });
    const mine = await Peer.join(server, id, { headers: hers });
    assert.deepEqual([byToken.last('hello').access, mine.last('hello').access], ['own', 'view']);

    for (const wrong of ['', 'x', randomBytes(32).toString('base64url')]) await assertProblem(await claim(id, wrong, hers), 403);
    assert.equal(await ownerOf(id), null);
    const done = await claim(id, token, hers);
    assert.deepEqual([done.status, await done.text()], [204, '']);
    assert.equal(await ownerOf(id), ada.id);

    await mine.until(() => mine.last('access')?.access === 'own', 'to own it');
    await byToken.until(() => byToken.last('access')?.access === 'view', 'to be lowered');
    mine.vanish();
    byToken.vanish();
    for (const again of [hers, his]) await assertProblem(await claim(id, token, again), 409);
    await assertProblem(await ask(`/note/${id}`, { method: 'DELETE', headers: bearer(token) }), 403);
    await assertProblem(await askAs(token, '/api/notes'), 401);
    assert.equal((await ask(`/note/${id}`, { method: 'DELETE', headers: hers })).status, 204);
  });

  test('is claimed in a browser without scripts', async () => {
    const ben = new Person('Ben');
    const { id, owner_token: token } = await makeNote(server, { markdown: 'kept' });
    const headers = { ...ben.headers(server), accept: 'text/html' };
    const offer = async () => {
      const answer = await ask(`/note/${id}/share`, { headers });
      return { status: answer.status, html: await answer.text() };
    };
    const { status, html } = await offer();
    assert.equal(status, 200);
    assert.match(html, new RegExp(`action="/note/${id}/claim"`));
    assert.match(html, /name="owner_token"/);
    // Only that: how it is shared is its owner's to see.
    assert.doesNotMatch(html, /General access/);
    const post = (owner_token) => ask(`/note/${id}/claim`, {
      method: 'POST', headers, body: new URLSearchParams({ owner_token }),
    });
    const wrong = await post('another');
    assert.equal(wrong.status, 403);
    assert.match(wrong.headers.get('content-type'), /^text\/html/);
    const done = await post(` ${token}\n`);
    assert.deepEqual([done.status, done.headers.get('location')], [303, `/note/${id}`]);
    assert.equal(await ownerOf(id), ben.id);
    assert.doesNotMatch((await offer()).html, /owner_token/);
    assert.match((await offer()).html, /General access/);
    const other = await ask(`/note/${id}/share`, { headers: new Person('Eve').headers(server) });
    await assertProblem(other, 403);
    assert.equal(await source(server, id), 'kept');
  });

  test('is not claimed by nobody, from elsewhere, or where it cannot be seen', async () => {
    const ada = await account('Ada');
    const hers = bearer(await makeToken(ada));
    const { id, owner_token: token } = await makeNote(server, { markdown: 'x', access: 'none' });
    await assertProblem(await claim(id, token), 401);
    await assertProblem(await claim(id, token, bearer(token)), 401);
    const { cookie } = ada.headers(server);
    await assertProblem(await claim(id, token, { cookie }), 401);
    await assertProblem(await claim(id, token, { ...ada.headers(server), origin: 'https://evil.example' }), 403);
    await assertProblem(await claim(id, 'another', hers), 404);
    await assertProblem(await claim('6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d', token, hers), 404);
    await assertProblem(await claim(id, 7, hers), 400);
    const plain = await ask(`/note/${id}/claim`, { method: 'POST', headers: { ...hers, ...markdown }, body: token });
    await assertProblem(plain, 415);
    await assertProblem(await ask(`/note/${id}/claim`, { headers: hers }), 405);
    assert.equal(await ownerOf(id), null);
    assert.equal((await claim(id, token, ada.headers(server))).status, 204);
    assert.equal(await ownerOf(id), ada.id);
  });
});
