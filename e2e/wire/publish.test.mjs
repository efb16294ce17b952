// Published pages: a note for everybody under an address of its own. Every byte
// that goes to a reader is searched for what a page must not give away.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { makeNote, shown, view } from './notes.mjs';
import { Person } from './people.mjs';
import { closedNote, comeThrough, done, joinAs, makeLink } from './sharing.mjs';
import { objects } from './storage.mjs';

const OUT_WITHIN_MS = 1_000;
const READERS = 4;

let server;
before(async () => { server = await startServer({ vars: { MAX_SOCKETS: 3, MAX_PAGE_SOCKETS: READERS } }); });
after(() => server?.stop());

const ada = new Person('Ada Lovelace');
const ben = new Person('Ben Bitdiddle');
let pages = 0;

/** Publishes a note of Ada's that nobody else may open. */
async function published(markdown = '# Plans\n\ntea', more = {}) {
  const note = await closedNote(server, ada, markdown);
  const slug = `plans-${pages += 1}`;
  await done(ada.act(server, 'publish', { note, slug, ...more }));
  return { note, slug };
}

/** A page as a browser that was never here gets it. */
async function page(path, headers = {}) {
  const answer = await fetch(`${server.origin}${path}`, {
    redirect: 'manual', headers: { accept: 'text/html', ...headers },
  });
  return { status: answer.status, headers: [...answer.headers], body: await answer.text() };
}

/** A reader's socket. What it hears first is the view, for it says no revision. */
async function read(slug, { slides = false, ...options } = {}) {
  const reader = new Listener(server, `/p/${slug}${slides ? '/slides' : ''}`, options);
  await reader.until(() => reader.last('view') || reader.closed, 'the view');
  return reader;
}

/** Everything that an answer or a socket said, as one text. */
const said = (...what) => JSON.stringify(what);

describe('A published page', () => {
  test('is complete without scripts, has a card, and asks not to be indexed', async () => {
    const { note, slug } = await published('# Plans\n\nSome *tea*.');
    const { status, headers, body } = await page(`/p/${slug}`);
    assert.equal(status, 200);
    const html = await (await fetch(`${server.origin}/note/${note}.html`, { headers: ada.headers(server) })).text();
    assert.ok(body.includes(html), 'the very view of the note');
    assert.match(body, /<title>Plans · Tandem<\/title>/);
    for (const [property, content] of [
      ['og:title', 'Plans'], ['og:type', 'article'], ['og:url', `${server.origin}/p/${slug}`], ['og:description', '[^"]*tea[^"]*'],
    ]) {
      assert.match(body, new RegExp(`<meta[^>]*property="${property}"[^>]*content="${content}"`), property);
    }
    assert.match(body, /<meta name="robots" content="noindex">/);
    const head = new Map(headers);
    assert.equal(head.get('x-robots-tag'), 'noindex');
    assert.ok(!head.has('set-cookie'), 'who reads it stays a stranger');
    await done(ada.act(server, 'publish', { note, slug, listed: 'true' }));
    const listed = await page(`/p/${slug}`);
    assert.ok(!listed.body.includes('noindex') && !said(listed.headers).includes('noindex'));
  });

  test('is in the language, and tells robots, what the note says of itself', async () => {
    const { note, slug } = await published('---\nlang: pt-BR\nrobots: noarchive, nosnippet\n---\n# Chá\n\n---\n\nBom dia.');
    const unlisted = await page(`/p/${slug}`);
    assert.match(unlisted.body, /<article[^>]*lang="pt-BR"/);
    assert.equal(new Map(unlisted.headers).get('x-robots-tag'), 'noindex');
    await done(ada.act(server, 'publish', { note, slug, listed: 'true' }));
    for (const path of [`/p/${slug}`, `/p/${slug}/slides`]) {
      const { headers, body } = await page(path);
      assert.equal(new Map(headers).get('x-robots-tag'), 'noarchive, nosnippet', path);
      assert.match(body, /<meta name="robots" content="noarchive, nosnippet">/, path);
      assert.match(body, /<article[^>]*lang="pt-BR"/, path);
    }
  });

  test('says whose it is only where its owner wants that', async () => {
    const { note, slug } = await published();
    assert.ok(!(await page(`/p/${slug}`)).body.includes(ada.name));
    await done(ada.act(server, 'publish', { note, slug, author: 'true' }));
    assert.ok((await page(`/p/${slug}`)).body.includes(`By ${ada.name}`));
  });

  test('names the note and who writes in it in no byte, whatever happens', async () => {
    const { note, slug } = await published('# Plans\n\n---\n\ntea');
    const { token } = await makeLink(server, ada, note, { role: 'edit' });
    await comeThrough(server, ben, token);
    const [reader, slides] = [await read(slug), await read(slug, { slides: true })];
    const author = await joinAs(server, ben, note);
    author.insert(0, 'Dear all,\n\n');
    author.sendState({ cursor: null, note });
    author.sendRaw(JSON.stringify({ type: 'set', name: 'lead', value: { person: ben.id, name: ben.name } }));
    author.sendRaw(JSON.stringify({ type: 'set', name: 'slides', value: note }));
    author.sendRaw(JSON.stringify({ type: 'set', name: 'slides', value: 1, while_here: true }));
    await author.saved();
    await done(ada.act(server, 'set_title', { note, title: 'Named' }));
    await slides.until(() => slides.last('signal')?.value === 1, 'the slide');
    await reader.until(() => shown(reader.events).includes('Dear all'), 'the edit');
    const open = [await page(`/p/${slug}`), await page(`/p/${slug}/slides`), await page(`/p/${slug}`, { accept: '*/*' })];
    const odd = await Promise.all(['POST', 'DELETE', 'PUT'].map(async (method) => {
      const answer = await fetch(`${server.origin}/p/${slug}`, { method });
      return [...answer.headers, await answer.text()];
    }));
    for (const each of [reader, slides]) each.sendRaw('not for a reader to say');
    for (const each of [reader, slides]) await each.untilClosing();
    await author.leave();
    await done(ada.act(server, 'unpublish', { note }));
    const gone = [await page(`/p/${slug}`), await page(`/p/${slug}/slides`)];
    const all = said(open, odd, gone, reader.events, slides.events, reader.closed, slides.closed);
    assert.ok(open.every(({ status }) => status === 200));
    for (const secret of [note, note.replaceAll('-', ''), ada.id, ben.id, ada.name, ben.name]) {
      assert.ok(!all.includes(secret), secret);
    }
    assert.deepEqual([reader.binary, slides.binary], [0, 0]);
    assert.deepEqual([...new Set(reader.events.map(({ type }) => type))], ['view']);
    assert.deepEqual([...new Set(slides.events.map(({ type }) => type))].sort(), ['signal', 'view']);
    const values = slides.all('signal').map(({ value }) => value);
    assert.ok(values.every((value) => value === null || value === 1), said(values));
  });

  test('is live: what an editor writes arrives as patches of the same view', async () => {
    const { note, slug } = await published();
    const reader = await read(slug);
    const { body } = await page(`/p/${slug}`);
    const revision = body.match(/data-revision="(\d+)"/)[1];
    const late = new Listener(server, `/p/${slug}`, { revision });
    const author = await joinAs(server, ada, note);
    for (let n = 0; n < 20; n += 1) author.insert(0, `line ${n}\n\n`);
    await author.saved();
    const now = async () => (await (await fetch(`${server.origin}/note/${note}.html`, { headers: ada.headers(server) })).text());
    const html = await now();
    await reader.until(() => shown(reader.events) === html, 'the same view');
    await late.until(() => late.last('view')?.revision === reader.last('view').revision, 'as far as the other');
    assert.equal(late.events[0].from, Number(revision), 'a page that is up to date is sent only what changes');
    await Promise.all([author.leave(), reader.leave(), late.leave()]);
  });

  test('is gone within a second where it is taken down, moved, or its note is trashed', async () => {
    const ways = {
      unpublish: ({ note }) => ada.act(server, 'unpublish', { note }),
      'another address': ({ note, slug }) => ada.act(server, 'publish', { note, slug: `${slug}-2` }),
      'the trash': ({ note }) => ada.act(server, 'trash_note', { note }),
      DELETE: ({ note }) => fetch(`${server.origin}/note/${note}`, { method: 'DELETE', headers: ada.headers(server) }),
    };
    for (const [name, way] of Object.entries(ways)) {
      const { note, slug } = await published();
      const readers = [await read(slug), await read(slug, { slides: true })];
      // One that hears nothing but the end.
      const began = Date.now();
      const answer = await way({ note, slug });
      assert.ok(answer.ok, `${name}: ${answer.status}`);
      for (const reader of readers) {
        await reader.untilClosing();
        assert.ok(reader.closingAt - began < OUT_WITHIN_MS, `${name}: ${reader.closingAt - began} ms`);
        assert.ok([4403, 4404].includes(reader.closingCode), `${name}: ${reader.closingCode}`);
      }
      assert.equal((await page(`/p/${slug}`)).status, 404, name);
      const again = new Listener(server, `/p/${slug}`);
      await again.untilClosing();
      assert.equal(again.closingCode, 4404, name);
    }
  });

  test('comes back with its note from the trash', async () => {
    const { note, slug } = await published();
    await done(ada.act(server, 'trash_note', { note }));
    assert.equal((await page(`/p/${slug}`)).status, 404);
    await done(ada.act(server, 'restore_note', { note }));
    assert.equal((await page(`/p/${slug}`)).status, 200);
  });

  test('hears nothing from its readers, who are nobody to who is in the note', async () => {
    const { note, slug } = await published('kept');
    const author = await joinAs(server, ada, note);
    for (const frame of ['x', '{"type":"set","name":"slides","value":1}', Uint8Array.of(0, 2, 2, 0, 0), Uint8Array.of(1, 0)]) {
      const reader = await read(slug, { slides: true });
      reader.sendRaw('ping');
      await reader.until(() => reader.pongs === 1, 'a pong');
      reader.sendRaw(frame);
      await reader.untilClosing();
      assert.equal(reader.closingCode, 4400, String(frame));
    }
    const reader = await read(slug);
    author.insert(4, '!');
    await author.saved();
    await reader.until(() => shown(reader.events).includes('kept!'), 'the edit');
    assert.equal(author.last('presence').people.length, 1);
    assert.deepEqual(author.events.filter(({ type }) => type === 'signal'), []);
    await Promise.all([author.leave(), reader.leave()]);
  });

  test('has places of its own', async () => {
    const { note, slug } = await published('kept');
    const readers = [];
    for (let n = 0; n < READERS; n += 1) readers.push(await read(slug));
    const more = new Listener(server, `/p/${slug}`);
    await more.untilClosing();
    assert.equal(more.closingCode, 1013);
    const author = await joinAs(server, ada, note);
    author.insert(0, 'still ');
    await author.saved();
    for (const reader of readers) {
      await reader.until(() => shown(reader.events).includes('still kept'), 'the edit');
      reader.vanish();
    }
    await author.leave();
  });
});

describe('An address', () => {
  test('that is not there looks like one that is no more, and wakes nothing', async () => {
    const { note, slug } = await published();
    await done(ada.act(server, 'unpublish', { note }));
    const before = await objects(server);
    const strip = ({ status, headers, body }) => ({
      status,
      headers: headers.filter(([name]) => !['date', 'content-security-policy'].includes(name)),
      body: body.replaceAll(/nonce="[^"]*"/g, ''),
    });
    for (const accept of ['text/html', '*/*']) {
      const [was, never, form] = (await Promise.all(
        [`/p/${slug}`, '/p/never-there', '/p/No-Page'].map((path) => page(path, { accept })),
      )).map(strip);
      assert.equal(was.status, 404);
      assert.deepEqual(was, never, accept);
      assert.deepEqual(was, form, accept);
      const slides = await Promise.all([`/p/${slug}/slides`, '/p/never-there/slides'].map((path) => page(path, { accept })));
      assert.deepEqual(...slides.map(strip), accept);
    }
    for (const key of [`/p/${slug}`, '/p/never-there', '/p/No-Page', '/p/', '/p/a/b']) {
      const plain = new Listener(server, key, { events: null });
      await plain.until(() => plain.status, 'a refusal');
      assert.equal(plain.status, 404, key);
      const told = new Listener(server, key);
      await told.untilClosing();
      assert.equal(told.closingCode, 4404, key);
      assert.deepEqual(told.events, [], key);
    }
    assert.deepEqual(await objects(server), before, 'no object was made');
  });

  test('is refused in words where it is none, reserved, or taken', async () => {
    const { slug } = await published();
    const note = await closedNote(server, ada, 'other');
    for (const [wanted, words] of [
      ['', /1 to 64/], ['a'.repeat(65), /1 to 64/], ['Not this', /lowercase/], ['new', /reserved/],
      [note, /id/], [slug, /taken/],
    ]) {
      const answer = await ada.act(server, 'publish', { note, slug: wanted });
      assert.equal(answer.status, 400, wanted);
      assert.match(await answer.text(), words);
    }
    assert.equal((await page(`/p/${slug}`)).status, 200);
  });

  test('is free for others once it was changed', async () => {
    const { note, slug } = await published('first');
    const other = await closedNote(server, ada, 'second');
    await done(ada.act(server, 'publish', { note, slug: `${slug}-new` }));
    await done(ada.act(server, 'publish', { note: other, slug }));
    assert.match((await page(`/p/${slug}`)).body, /second/);
    assert.match((await page(`/p/${slug}-new`)).body, /first/);
  });

  test('is its owner\'s alone to give and to take', async () => {
    const { note, slug } = await published();
    const { token } = await makeLink(server, ada, note, { role: 'edit' });
    await comeThrough(server, ben, token);
    for (const [who, status] of [[ben, 403], [new Person('Cyd'), 404]]) {
      for (const [action, fields] of [['publish', { slug: 'mine' }], ['unpublish', {}]]) {
        assert.equal((await who.act(server, action, { note, ...fields })).status, status, action);
      }
    }
    assert.equal((await page(`/p/${slug}`)).status, 200);
    // An open note is published by who owns it, too, not by who may write in it.
    const { id } = await makeNote(server, { markdown: 'open' });
    assert.equal((await ben.act(server, 'publish', { note: id, slug: 'open' })).status, 403);
    assert.match(await view(server, id), /open/);
  });
});

describe('Slides', () => {
  test('are shown to who may see the note, and on its page to everybody', async () => {
    const { note, slug } = await published('# One\n\n---\n\n# Two');
    assert.equal((await page(`/note/${note}/slides`)).status, 404);
    const mine = await page(`/note/${note}/slides`, ada.headers(server));
    assert.equal(mine.status, 200);
    assert.match(mine.body, /<hr[^>]*>/);
    assert.match(mine.body, new RegExp(`/p/${slug}/slides`), 'where the audience sees them');
    const code = await page(`/note/${note}/slides.svg`, ada.headers(server));
    assert.match(code.body, /^<svg /);
    assert.equal((await page(`/note/${note}/slides.svg`)).status, 404);
    const theirs = await page(`/p/${slug}/slides`);
    assert.match(theirs.body, /<hr[^>]*>/);
    assert.ok(!theirs.body.includes('Present'));
  });

  test('go with who presents, and end with them', async () => {
    const { note, slug } = await published('# One\n\n---\n\n# Two');
    const presenter = await joinAs(server, ada, note);
    const follower = await read(slug, { slides: true });
    await follower.until(() => follower.last('signal')?.value === null, 'that nobody presents');
    const present = (value) => presenter.sendRaw(JSON.stringify({ type: 'set', name: 'slides', value, while_here: true }));
    present(0);
    present(1);
    await follower.until(() => follower.last('signal')?.value === 1, 'the slide');
    const late = await read(slug, { slides: true });
    await late.until(() => late.last('signal')?.value === 1, 'the slide, for who comes late');
    presenter.vanish();
    for (const each of [follower, late]) {
      await each.until(() => each.last('signal').value === null, 'the end');
      each.vanish();
    }
  });
});
