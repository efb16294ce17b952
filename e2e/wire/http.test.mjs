// What programs and pages without scripts can do over HTTP.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { get } from 'node:http';
import { after, before, describe, test } from 'node:test';

import * as Y from 'yjs';

import { startServer } from '../server.mjs';
import { makeNote, source, view } from './notes.mjs';
import { Peer } from './peer.mjs';
import { Person } from './people.mjs';
import { closedNote, makeLink } from './sharing.mjs';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MAX_NOTE_BYTES = 1 << 20;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** A request whose redirects are seen. */
const ask = (path, init) => fetch(`${server.origin}${path}`, { redirect: 'manual', ...init });

const post = (path, type, body, headers = {}) =>
  ask(path, { method: 'POST', headers: type ? { 'content-type': type, ...headers } : headers, body });

const pageOf = (id) => ask(`/note/${id}`, { headers: { accept: 'text/html' } });

async function assertProblem(answer, status) {
  assert.equal(answer.status, status);
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  const problem = await answer.json();
  assert.equal(problem.status, status);
  assert.match(problem.detail, /\.$/, 'a sentence says what to do');
  return problem;
}

describe('POST /api/notes', () => {
  test('makes a note of JSON, and says where it is', async () => {
    const answer = await post('/api/notes', 'application/json', JSON.stringify({ markdown: '# Ä\n' }));
    assert.equal(answer.status, 201);
    const note = await answer.json();
    assert.match(note.id, UUID);
    assert.equal(note.url, `${server.origin}/note/${note.id}`);
    assert.equal(new URL(answer.headers.get('location'), server.origin).href, note.url);
    assert.ok(note.owner_token.length >= 32);
    assert.equal(await source(server, note.id), '# Ä\n');
  });

  test('makes a note of Markdown, with line ends as they are kept', async () => {
    const answer = await post('/api/notes', 'text/markdown', 'one\r\ntwo\rthree\n');
    assert.equal(answer.status, 201);
    assert.equal(await source(server, (await answer.json()).id), 'one\ntwo\nthree\n');
  });

  test('gives back Unicode to the byte', async () => {
    const markdown = '\u{feff}e\u0301 👩‍👩‍👧‍👦 \u0000 \u{10ffff} ￼\n'.repeat(50);
    const { id } = await makeNote(server, { markdown });
    assert.deepEqual(Buffer.from(await (await ask(`/note/${id}.md`)).arrayBuffer()), Buffer.from(markdown));
  });

  test('takes a text of exactly the limit and refuses one byte more', async () => {
    const markdown = `${'a'.repeat(99)}\n`.repeat(MAX_NOTE_BYTES / 100 + 1).slice(0, MAX_NOTE_BYTES);
    const { id } = await makeNote(server, { markdown });
    assert.equal((await source(server, id)).length, MAX_NOTE_BYTES);
    await assertProblem(await post('/api/notes', 'text/markdown', `${markdown}b`), 413);
    const json = JSON.stringify({ markdown: `${markdown}b` });
    await assertProblem(await post('/api/notes', 'application/json', json), 413);
  });

  test('takes a title of 200 characters and cuts none that is longer', async () => {
    const longest = 'é'.repeat(200);
    const named = (title) => [
      () => post('/api/notes', 'application/json', JSON.stringify({ markdown: 'x', title })),
      () => post(`/api/notes?${new URLSearchParams({ title })}`, 'text/markdown', 'x'),
    ];
    for (const ask of named(`  ${longest} `)) {
      const { id } = await (await ask()).json();
      assert.match(await (await pageOf(id)).text(), new RegExp(`<title>${longest} `));
    }
    for (const ask of named(`${longest}!`)) {
      assert.match((await assertProblem(await ask(), 413)).detail, /200 characters/);
    }
    const { id } = await makeNote(server, { markdown: '# Kept\n' });
    const set = await new Person('Ada').act(server, 'set_title', { note: id, title: `${longest}!` });
    assert.equal(set.status, 413);
    assert.match(await set.text(), /200 characters/);
    assert.match(await (await pageOf(id)).text(), /<title>Kept /);
    const derived = await makeNote(server, { markdown: `# ${longest}!\n` });
    assert.match(await source(server, derived.id), /!\n$/, 'what a heading says is cut where it is shown alone');
  });

  test('refuses what it cannot read, with a sentence', async () => {
    for (const body of ['', '{', '[]', '{"markdown": 7}', '{"markdown": "", "acces": "view"}',
      '{"markdown": "", "access": "everything"}']) {
      await assertProblem(await post('/api/notes', 'application/json', body), 400);
    }
    await assertProblem(await post('/api/notes', 'text/markdown', Buffer.from([0xff, 0xfe])), 400);
    await assertProblem(await post('/api/notes', 'image/png', 'x'), 415);
    await assertProblem(await post('/api/notes', 'text/plain', 'x'), 415);
  });
});

describe('GET a note', () => {
  test('is a page that is complete without scripts', async () => {
    const { id } = await makeNote(server, { markdown: '# Plans\n\nTea *first*.\n' });
    const answer = await ask(`/note/${id}`, { headers: { accept: 'text/html' } });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /^text\/html/);
    const page = await answer.text();
    assert.match(page, /<title>[^<]*Plans/);
    assert.match(page, /Tea <em>first<\/em>/);
  });

  test('.md has a version as its tag, and is not sent twice', async () => {
    const { id } = await makeNote(server, { markdown: 'x' });
    const first = await ask(`/note/${id}.md`);
    assert.equal(first.headers.get('content-type'), 'text/markdown; charset=utf-8');
    assert.equal(first.headers.get('cache-control'), 'private, no-cache');
    const tag = first.headers.get('etag');
    assert.match(tag, /^"\d+"$/);
    const second = await ask(`/note/${id}.md`, { headers: { 'if-none-match': tag } });
    assert.equal(second.status, 304);
    await post(`/note/${id}.md`, 'text/markdown', 'y');
    const third = await ask(`/note/${id}.md`, { headers: { 'if-none-match': tag } });
    assert.equal(third.status, 200);
    assert.notEqual(third.headers.get('etag'), tag);
  });

  test('.html is a fragment in which nothing can run', async () => {
    const { id } = await makeNote(server, {
      markdown: 'a <script>alert(1)</script> [b](javascript:alert(1))\n\n<img src=x onerror=alert(1)>\n',
    });
    const answer = await ask(`/note/${id}.html`);
    assert.match(answer.headers.get('content-type'), /^text\/html/);
    const html = await answer.text();
    assert.doesNotMatch(html, /<!doctype|<html|<script|<img|href="javascript/i);
    assert.match(html, /&lt;script&gt;/);
  });

  test('POST .md appends', async () => {
    const { id } = await makeNote(server, { markdown: '- a\n' });
    const answer = await post(`/note/${id}.md`, 'text/markdown', '- b\r\n');
    assert.ok(answer.ok, `${answer.status}`);
    assert.equal(await source(server, id), '- a\n- b\n');
    for (const body of ['c', 'd']) await post(`/note/${id}.md`, 'text/markdown', body);
    assert.equal(await source(server, id), '- a\n- b\ncd', 'the body and nothing else');
    assert.match(await view(server, id), /<li[^>]*>b\s*cd<\/li>/);
  });

  test('DELETE is for the owner alone', async () => {
    const { id, owner_token: token } = await makeNote(server, { markdown: 'x' });
    await assertProblem(await ask(`/note/${id}`, { method: 'DELETE' }), 403);
    const wrong = { authorization: `Bearer ${'0'.repeat(64)}` };
    const refused = await ask(`/note/${id}`, { method: 'DELETE', headers: wrong });
    assert.ok([401, 403].includes(refused.status), `${refused.status}`);
    const headers = { authorization: `Bearer ${token}` };
    assert.equal((await ask(`/note/${id}`, { method: 'DELETE', headers })).status, 204);
    await assertProblem(await ask(`/note/${id}.md`), 404);
  });
});

describe('GET and POST /new', () => {
  const made = async (answer) => {
    assert.equal(answer.status, 303);
    const path = answer.headers.get('location').replace(server.origin, '');
    assert.match(path.replace('/note/', ''), UUID);
    return path.replace('/note/', '');
  };

  // Node's fetch writes headers of its own that say it is none.
  const navigate = async (headers) => {
    const [answer] = await once(get(`${server.origin}/new`, { headers }), 'response');
    answer.resume();
    return new Response(null, { status: answer.statusCode, headers: { location: answer.headers.location ?? '' } });
  };

  test('make a note for who goes there', async () => {
    await made(await navigate({}));
    await made(await navigate({ 'sec-fetch-mode': 'navigate', accept: 'text/html' }));
    assert.equal(await source(server, await made(await post('/new', 'text/markdown', '# Hi\n'))), '# Hi\n');
    assert.equal(await source(server, await made(await post('/new'))), '');
  });

  test('make none for who looks ahead', async () => {
    for (const headers of [
      { 'sec-fetch-mode': 'no-cors' },
      { 'sec-fetch-mode': 'navigate', 'sec-purpose': 'prefetch' },
      { 'sec-fetch-site': 'cross-site' },
    ]) {
      assert.equal((await navigate({ accept: 'text/html', ...headers })).status, 200);
    }
    const page = await ask('/new', { headers: { accept: 'text/html' } });
    assert.match(await page.text(), /<form[^>]*method="post"/i);
  });
});

describe('Every answer', () => {
  test('that is there as a whole says how long it is', async () => {
    const { id } = await makeNote(server, { markdown: 'two öre\n'.repeat(20_000) });
    // HTML loses it on the way through wrangler's proxy, which looks into it.
    for (const path of [`/note/${id}.md`, `/note/${id}/copy`, '/note/none.md', '/healthz']) {
      const answer = await ask(path, { headers: { 'accept-encoding': 'identity' } });
      const { byteLength } = await answer.arrayBuffer();
      assert.equal(answer.headers.get('content-length'), `${byteLength}`, path);
    }
  });

  test('of /healthz says how things are', async () => {
    const health = await (await ask('/healthz')).json();
    assert.equal(health.status, 'ok');
    assert.equal(health.database, 'ok');
    assert.match(health.version, /^\d+\.\d+\.\d+/);
  });

  test('for what is not there is 404, and says no more of what is not shared', async () => {
    const paths = [`/note/${randomUUID()}`, `/note/${randomUUID()}.md`, '/note/x', '/nothing', '/note/',
      `/note/${randomUUID().toUpperCase()}`, '/%', '/note/..%2f'];
    const details = new Set();
    for (const path of paths) details.add((await assertProblem(await ask(path), 404)).detail);
    assert.equal(details.size, 1);
    const page = await ask(`/note/${randomUUID()}`, { headers: { accept: 'text/html' } });
    assert.equal(page.status, 404);
    assert.match(page.headers.get('content-type'), /^text\/html/);
  });

  test('to a method that is not answered names those that are', async () => {
    const { id } = await makeNote(server);
    for (const [path, method] of [['/api/notes', 'PUT'], ['/healthz', 'POST'], [`/note/${id}`, 'POST']]) {
      const answer = await ask(path, { method });
      assert.ok(answer.headers.get('allow'), path);
      await assertProblem(answer, 405);
    }
  });

  test('carries the headers that protect a reader', async () => {
    const { id } = await makeNote(server, { markdown: 'x' });
    const page = await ask(`/note/${id}`, { headers: { accept: 'text/html' } });
    const policy = page.headers.get('content-security-policy');
    assert.match(policy, /script-src [^;]*'nonce-[^']+'/);
    assert.doesNotMatch(policy, /'unsafe-inline'|'unsafe-eval'|\*/);
    for (const directive of ["default-src 'none'", "base-uri 'none'", "form-action 'self'", 'frame-ancestors']) {
      assert.ok(policy.includes(directive), `${directive} in ${policy}`);
    }
    const again = await ask(`/note/${id}`, { headers: { accept: 'text/html' } });
    assert.notEqual(again.headers.get('content-security-policy'), policy, 'a nonce serves once');
    for (const path of [`/note/${id}`, `/note/${id}.md`, `/note/${id}.html`, '/healthz', '/nothing']) {
      const { headers } = await ask(path);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', path);
      assert.ok(headers.get('referrer-policy'), path);
    }
  });
});

describe('A server function that refuses', () => {
  const ada = new Person('Ada');
  const FORM = 'application/x-www-form-urlencoded';
  const call = (action, fields, headers) =>
    post(`/api/fn/${action}`, FORM, new URLSearchParams(fields).toString(), headers);
  const page = { accept: 'application/json' };
  before(() => { Object.assign(page, ada.headers(server)); });

  test('answers what it cannot read with 400, to each as they read it', async () => {
    const tried = [['set_title', {}], ['set_title', { note: 'x', title: 'y' }], ['archive', { id: 'x' }],
      ['set_theme', { theme: 'pink' }], ['mark_read', { ids: 'x' }]];
    for (const [action, fields] of tried) {
      const own = await call(action, fields, page);
      assert.equal(own.status, 400, action);
      assert.match(await own.text(), /^\w+\|/, 'our own page reads it as Leptos writes it');
      await assertProblem(await call(action, fields, {}), 400);
      const form = await call(action, fields, { ...page, accept: 'text/html', referer: `${server.origin}/` });
      assert.equal(form.status, 400, action);
      assert.equal(form.headers.get('location'), null);
      assert.match(form.headers.get('content-type'), /^text\/html/);
      assert.match(await form.text(), /<h1/);
    }
    const bytes = await post('/api/fn/set_title', FORM, Buffer.from([0xff, 0xfe]), page);
    assert.equal(bytes.status, 400);
  });

  test('has a status for each reason, and a sentence', async () => {
    for (const [title, status] of [['', 400], ['x'.repeat(101), 413]]) {
      const answer = await call('make_room', { title }, page);
      assert.equal(answer.status, status);
      assert.match(await answer.text(), /^ServerError\|.*\.$/);
    }
    await assertProblem(await call('set_title', { note: randomUUID(), title: 'x' }, {}), 404);
    await assertProblem(await call('no_such_thing', {}, page), 404);
  });

  test('gives back what was typed into a form without scripts', async () => {
    const { id } = await makeNote(server, { markdown: 'a'.repeat(MAX_NOTE_BYTES - 4) });
    const fields = { note: id, base: '', text: '<b>typed</b> & more' };
    const answer = await call('edit_note', fields, { ...page, accept: 'text/html', referer: `${server.origin}/note/${id}/edit` });
    assert.equal(answer.status, 413);
    assert.match(answer.headers.get('content-type'), /^text\/html/);
    const html = await answer.text();
    assert.match(html, /role="alert"[^>]*>This note is full\./);
    assert.match(html, /<textarea[^>]*>\n&lt;b>typed&lt;\/b> &amp; more<\/textarea>/);
    assert.equal((await source(server, id)).length, MAX_NOTE_BYTES - 4);
    const gone = await call('edit_note', { ...fields, note: randomUUID() }, { ...page, accept: 'text/html' });
    assert.equal(gone.status, 404);
    assert.match(await gone.text(), /&lt;b>typed/);
  });
});

describe('A share link with a password', () => {
  test('tells a program that it was the wrong one as it tells everything, and a person by a page', async () => {
    const owner = new Person('Ada');
    const note = await closedNote(server, owner, 'mine');
    const { token } = await makeLink(server, owner, note, { password: 'open sesame' });
    const knock = (accept, password = 'wrong') => post(`/s/${token}`, 'application/x-www-form-urlencoded',
      new URLSearchParams({ password }).toString(), { ...new Person('Ben').headers(server), accept });
    for (const accept of ['application/json', '*/*']) {
      assert.match((await assertProblem(await knock(accept), 403)).detail, /password/);
    }
    const page = await knock('text/html');
    assert.equal(page.status, 403);
    assert.match(page.headers.get('content-type'), /^text\/html/);
    assert.match(await page.text(), /<form[^>]*method="post"/);
    for (const password of ['', 'x'.repeat(513)]) {
      await assertProblem(await knock('application/json', password), 403);
    }
    assert.equal((await knock('application/json', 'open sesame')).status, 303);
  });
});

describe('A share link', () => {
  test('is looked at by HEAD, and nobody came through it by that', async () => {
    const [owner, ben] = [new Person('Ada'), new Person('Ben')];
    const note = await closedNote(server, owner, 'mine');
    const { token } = await makeLink(server, owner, note);
    const by = (method) => ask(`/s/${token}`, { method, headers: ben.headers(server) });
    const seen = async () => (await ask(`/note/${note}.md`, { headers: ben.headers(server) })).status;
    const looked = await by('HEAD');
    assert.equal(looked.status, 303);
    assert.equal(looked.headers.get('location'), `/note/${note}`);
    assert.equal(await seen(), 404);
    assert.equal((await by('GET')).status, 303);
    assert.equal(await seen(), 200);
  });
});

describe('The origin of an unsafe request', () => {
  const from = (origin, headers = {}) =>
    post('/api/notes', 'text/markdown', 'x', origin === undefined ? headers : { origin, ...headers });

  test('passes when it is ours, or when there is none', async () => {
    assert.equal((await from(server.origin)).status, 201);
    assert.equal((await from(undefined)).status, 201);
  });

  test('is refused when it is another, or hidden', async () => {
    const { port } = new URL(server.origin);
    // Our own host under another scheme is left to the native tests: wrangler's own
    // proxy rewrites that header before the Worker sees it.
    for (const origin of ['null', 'https://evil.example', 'http://127.0.0.1', `http://localhost:${port}`,
      `http://127.0.0.1:${port}.evil.example`]) {
      await assertProblem(await from(origin), 403);
    }
  });

  test('decides whether cookies count', async () => {
    const page = await ask('/', { headers: { accept: 'text/html' } });
    const cookie = page.headers.getSetCookie().map((line) => line.split(';')[0]).join('; ');
    assert.match(cookie, /__Host-/);
    const note = await (await from(server.origin, { cookie })).json();
    const remove = (headers) => ask(`/note/${note.id}`, { method: 'DELETE', headers: { cookie, ...headers } });
    assert.equal((await remove({})).status, 403, 'a cookie without an origin is nobody');
    assert.equal((await remove({ origin: server.origin })).status, 204, 'its maker may');
  });
});

describe('A copy for a device', () => {
  test('is the greeting its person would get and the document, and nobody is seen to come', async () => {
    const { id } = await makeNote(server, { markdown: 'tea' });
    const peer = await Peer.join(server, id);
    peer.insert(3, 'pots');
    peer.delete(6, 1);
    await peer.saved();
    const answer = await ask(`/note/${id}/copy`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'private, no-store');
    const copy = Buffer.from(await answer.arrayBuffer());
    const end = copy.indexOf('\n');
    const hello = JSON.parse(copy.subarray(0, end));
    for (const field of ['type', 'access', 'generation', 'server', 'limits']) {
      assert.deepEqual(hello[field], peer.last('hello')[field], field);
    }
    assert.equal(hello.title, 'teapot');
    const doc = new Y.Doc();
    Y.applyUpdate(doc, copy.subarray(end + 1));
    assert.equal(`${doc.getText('content')}`, `${peer}`);
    assert.equal(peer.last('presence').people.length, 1);
    await peer.leave();
  });
});

describe('A view as a file', () => {
  test('stands alone: with its styles, and nothing in it runs or is fetched', async () => {
    const { id } = await makeNote(server, { markdown: '---\nlang: fr\n---\n# Plan \\<b> & "more"/..\n\n<script>alert(1)</script>\n' });
    const answer = await fetch(`${server.origin}/note/${id}/download.html`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-disposition'), "attachment; filename*=UTF-8''Plan%20b%20%26%20more.html");
    const html = await answer.text();
    assert.match(html, /^<!DOCTYPE html><html[^>]* lang="fr"/i);
    assert.match(html, /<title>Plan &lt;b&gt; &amp; "more"\/\.\.<\/title>/);
    assert.ok(html.includes('.prose') && html.includes('--ink'));
    assert.ok(html.includes(await (await fetch(`${server.origin}/note/${id}.html`)).text()));
    assert.doesNotMatch(html, /<script|<link|src=|@import|url\(/);
  });
});
