// Finding notes through the running Worker: who finds what, what an answer looks
// like, and how long it takes with very many notes. The times are said and judged by
// who reads them: they are the machine's as much as ours.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { makeNote } from './notes.mjs';
import { Person } from './people.mjs';
import { fill, rows } from './storage.mjs';

const NOTES = 10_000;
const SEARCHES = 100;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** Looks for notes as a page of this person does. */
async function find(person, query = {}) {
  const headers = person?.headers(server) ?? {};
  const answer = await fetch(`${server.origin}/api/notes?${new URLSearchParams(query)}`, { headers });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
}

/** Makes a note that a person owns, and returns its id. */
async function write(person, markdown, access) {
  const answer = await fetch(`${server.origin}/api/notes`, {
    method: 'POST',
    headers: { ...person.headers(server), 'content-type': 'application/json' },
    body: JSON.stringify({ markdown, access }),
  });
  assert.equal(answer.status, 201);
  const { id } = await answer.json();
  await indexed(id);
  return id;
}

/** Waits until a note's room has written its words behind. */
async function indexed(id) {
  const deadline = Date.now() + 20_000;
  while ((await rows(server, 'SELECT version FROM notes WHERE id = ?', id))[0].version === 0) {
    assert.ok(Date.now() < deadline, 'the index is written');
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

/** So many words, the same each time, that begin with all kinds of letters. */
function vocabulary(many) {
  const syllables = ['ka', 'lo', 'mi', 'ne', 'ru', 'sta', 'ven', 'bor', 'cha', 'dil', 'fe', 'gon', 'hi', 'jur', 'pla', 'qui', 'to', 'wa', 'xe', 'zu'];
  return Array.from({ length: many }, (_, index) => {
    const parts = [index * 7 + 3, Math.floor(index / 20) * 3 + 1, Math.floor(index / 400) + index, index * 11];
    return parts.map((part) => syllables[part % syllables.length]).join('') + (index % 7);
  });
}

const ids = ({ notes }) => notes.map(({ id }) => id);

describe('A wiki link', () => {
  const go = (person, title, accept = 'text/html') => fetch(
    `${server.origin}/go?${new URLSearchParams({ title })}`,
    { headers: { ...person?.headers(server), accept }, redirect: 'manual' },
  );

  test('leads each to the note of this title that is theirs, and nobody to one that is not shared', async () => {
    const [ada, ben] = [new Person('Ada'), new Person('Ben')];
    const mine = await write(ada, '# Road map\n\nmine', 'none');
    const other = await write(ben, '# Road map\n\nof Ben', 'none');
    for (const [person, id] of [[ada, mine], [ben, other]]) {
      for (const title of ['Road map', ' road MAP ']) {
        const answer = await go(person, title);
        assert.equal(answer.status, 303, title);
        assert.equal(answer.headers.get('location'), `/note/${id}`);
      }
    }
    const refusals = [];
    for (const person of [new Person('Cy'), null]) {
      for (const title of ['Road map', 'No such map']) {
        const answer = await go(person, title);
        assert.equal(answer.status, 404);
        refusals.push((await answer.text()).replaceAll(title, 'TITLE').replaceAll(/nonce(-|=")[\w+/=-]+/g, 'NONCE'));
      }
    }
    assert.match(refusals[0], /No note that you can open is called/);
    assert.equal(refusals[2], refusals[3], 'a title tells nobody whether there is such a note');
    assert.equal((await go(ada, '')).status, 404);
    assert.equal((await go(ada, '<b>"&', 'text/html').then((answer) => answer.text())).includes('<b>"&'), false);
    assert.match((await go(null, 'x', 'application/json')).headers.get('content-type'), /problem\+json/);
  });
});

describe('A search', () => {
  test('finds what is one\'s own, and nothing of others', async () => {
    const [ada, ben] = [new Person('Ada'), new Person('Ben')];
    const mine = await write(ada, '# Orchard\n\nPears and quinces.');
    const theirs = await write(ben, '# Orchard too\n\nQuinces alone.');
    assert.deepEqual(ids(await find(ada, { q: 'quin' })), [mine]);
    assert.deepEqual(ids(await find(ben, { q: 'quin' })), [theirs]);
    assert.deepEqual(ids(await find(new Person('Cy'), { q: 'quin' })), []);
    // Who has been in an open note finds it, until it is closed.
    assert.equal((await ada.act(server, 'pin_note', { note: theirs, pinned: 'true' })).status, 200);
    assert.deepEqual(ids(await find(ada, { q: 'quin' })).sort(), [mine, theirs].sort());
    const closed = await write(ben, '# Closed\n\nQuinces.', 'none');
    assert.equal((await ada.act(server, 'pin_note', { note: closed, pinned: 'true' })).status, 404);
    assert.deepEqual(ids(await find(ada, { q: 'closed' })), []);
  });

  test('shows the text, and nothing of what a note says of itself', async () => {
    const ada = new Person('Ada');
    const id = await write(ada, '---\ntitle: Brew\ntags: [quiver]\nlang: en\n---\nHot quiver.');
    const { notes: [note] } = await find(ada, { q: 'quiver' });
    assert.deepEqual([note.id, note.title, note.tags], [id, 'Brew', ['quiver']]);
    assert.equal(note.snippet, 'Hot <mark>quiver</mark>.');
    assert.deepEqual(ids(await find(ada, { q: 'brew' })), [id]);
  });

  test('shows the hit in words that are escaped', async () => {
    const ada = new Person('Ada');
    const id = await write(ada, '# Plan\n\n<img src=x onerror=alert(1)> a **needle** & "more"');
    const { notes: [note], cursor } = await find(ada, { q: 'needle' });
    assert.equal(cursor, null);
    assert.deepEqual({ ...note, updated_at: 0 }, {
      id,
      url: `${server.origin}/note/${id}`,
      title: 'Plan',
      excerpt: note.excerpt,
      snippet: '# Plan  &lt;img src=x onerror=alert(1)&gt; a **<mark>needle</mark>** &amp; &quot;more&quot;',
      tags: [],
      updated_at: 0,
      owned: true,
      here: 0,
    });
    const page = await fetch(`${server.origin}/?q=needle`, { headers: { ...ada.headers(server), accept: 'text/html' } });
    const html = await page.text();
    assert.match(html, /<mark>needle<\/mark>/);
    assert.ok(!html.includes('<img'));
  });

  test('takes anything that is typed', async () => {
    const ada = new Person('Ada');
    await write(ada, 'words');
    for (const q of ['"', '""', '*', 'a*', 'NEAR(', 'title:', '- -', 'a OR', '\u0000', '%', '\\', '{body}:x', 'é'.repeat(1000)]) {
      assert.deepEqual(ids(await find(ada, { q })), [], q);
    }
    assert.equal(ids(await find(ada, { q: '  ' })).length, 1);
  });

  test('is somebody\'s: a program shows a token, a stranger has none', async () => {
    const made = await makeNote(server, { markdown: 'a program was here' });
    await indexed(made.id);
    const address = `${server.origin}/api/notes?q=program`;
    const authorization = `Bearer ${made.owner_token}`;
    const found = await (await fetch(address, { headers: { authorization } })).json();
    assert.deepEqual(ids(found), [made.id]);
    const refused = await fetch(address);
    assert.equal(refused.status, 401);
    assert.match(refused.headers.get('content-type'), /problem\+json/);
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
    const other = 'updated.d.0.1.00000000000000000000000000000007';
    for (const cursor of ['made-up', '%ff', '%', `${other}&order=up`, `${other}&sort=title`]) {
      const bad = await fetch(`${address}&cursor=${cursor}`, { headers: { authorization } });
      assert.equal(bad.status, 400, cursor);
      assert.match((await bad.json()).detail, /without the cursor\.$/);
    }
    assert.equal((await fetch(`${address}&cursor=${other}`, { headers: { authorization } })).status, 200);
    const home = await fetch(`${server.origin}/?cursor=%ff`, { headers: { ...new Person('Cy').headers(server), accept: 'text/html' } });
    assert.equal(home.status, 200, 'a person sees the first page');
  });

  test('knows the tags of a note', async () => {
    const ada = new Person('Ada');
    const id = await write(ada, '---\ntags: [Garden, spring]\n---\n\n# Beds\n');
    await write(ada, '# Other\n');
    const { notes } = await find(ada, { tag: 'garden' });
    assert.deepEqual(notes.map((note) => [note.id, note.tags]), [[id, ['garden', 'spring']]]);
  });
});

/** The text of a note that somebody makes anew under an id that was another's. */
async function anew(id) {
  const address = `${server.origin}/note/${id}.md`;
  const made = await fetch(address, { method: 'PUT', headers: { 'content-type': 'text/markdown', 'if-none-match': '*' } });
  assert.equal(made.status, 201, await made.clone().text());
  return (await fetch(address)).text();
}

describe('The trash', () => {
  test('is its owner\'s: back, or gone for who types the title', async () => {
    const [ada, ben] = [new Person('Ada'), new Person('Ben')];
    const id = await write(ada, '# Old plan\n\nWords.');
    assert.equal((await ben.act(server, 'trash_note', { note: id })).status, 403);
    assert.equal((await ada.act(server, 'trash_note', { note: id })).status, 200);
    assert.deepEqual(ids(await find(ada, { q: 'words' })), []);
    assert.deepEqual(ids(await find(ada, { view: 'trash' })), [id]);
    assert.deepEqual(ids(await find(ben, { view: 'trash' })), []);
    assert.equal((await ben.act(server, 'restore_note', { note: id })).status, 404);
    assert.equal((await ada.act(server, 'restore_note', { note: id })).status, 200);
    assert.deepEqual(ids(await find(ada, { q: 'words' })), [id]);
    await ada.act(server, 'trash_note', { note: id });
    const wrong = await ada.act(server, 'delete_note_for_good', { note: id, title: 'Old' });
    assert.equal(wrong.status, 409);
    assert.match(await wrong.text(), /nothing was deleted\.$/);
    assert.equal((await ada.act(server, 'delete_note_for_good', { note: id, title: 'Old plan' })).status, 200);
    assert.deepEqual(await rows(server, 'SELECT id FROM notes WHERE id = ?', id), []);
    assert.equal(await anew(id), '', 'nothing of it is left');
  });

  test('gives nothing away that was taken out of it meanwhile', async () => {
    const ada = new Person('Ada');
    const id = await write(ada, '# Plan\n\nkept');
    await ada.act(server, 'trash_note', { note: id });
    await ada.act(server, 'restore_note', { note: id });
    const late = await ada.act(server, 'delete_note_for_good', { note: id, title: 'Plan' });
    assert.equal(late.status, 409);
    assert.equal(await (await fetch(`${server.origin}/note/${id}.md`)).text(), '# Plan\n\nkept');
  });

  test('closes a note for good also for who has it open', async () => {
    const ada = new Person('Ada');
    const id = await write(ada, '# Plan');
    await ada.act(server, 'trash_note', { note: id });
    const owner = await Listener.join(server, `/note/${id}`, { person: ada });
    assert.equal((await ada.act(server, 'delete_note_for_good', { note: id, title: 'Plan' })).status, 200);
    // The close frame: the connection itself ends later.
    await owner.untilClosing();
    assert.equal(owner.closingCode, 4404);
  });

  test('is told to its owner on the note\'s page, with a form that takes the note back', async () => {
    const [ada, ben] = [new Person('Ada'), new Person('Ben')];
    const id = await write(ada, '# Old plan\n\nWords.');
    const page = (person) => fetch(`${server.origin}/note/${id}`, {
      headers: { ...person.headers(server), accept: 'text/html' },
    });
    const told = /This note is in the trash and goes for good on <time[^>]*>(\d{4}-\d\d-\d\d)<\/time>/;
    assert.doesNotMatch(await (await page(ada)).text(), told);
    await ada.act(server, 'trash_note', { note: id });
    const html = await (await page(ada)).text();
    const [{ trashed_at: at }] = await rows(server, 'SELECT trashed_at FROM notes WHERE id = ?', id);
    assert.equal(told.exec(html)?.[1], new Date(at + 30 * 86_400_000).toISOString().slice(0, 10));
    assert.match(html, /<form[^>]*method="post" action="\/api\/fn\/restore_note"/);
    assert.equal((await page(ben)).status, 404);
    const back = await fetch(`${server.origin}/api/fn/restore_note`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...ada.headers(server), accept: 'text/html' },
      body: new URLSearchParams({ note: id }),
    });
    assert.equal(back.status, 302);
    assert.equal(back.headers.get('location'), `/note/${id}`);
    assert.doesNotMatch(await (await page(ada)).text(), told);
  });

  test('is emptied by the clock after thirty days', async () => {
    const ada = new Person('Ada');
    const [old, young] = [await write(ada, 'old'), await write(ada, 'young')];
    for (const note of [old, young]) await ada.act(server, 'trash_note', { note });
    await fill(server, (database) => {
      database.prepare('UPDATE notes SET trashed_at = ? WHERE id = ?').run(Date.now() - 31 * 86_400_000, old);
    });
    assert.equal((await fetch(`${server.origin}/cdn-cgi/handler/scheduled`)).status, 200);
    assert.deepEqual(ids(await find(ada, { view: 'trash' })), [young]);
    assert.equal(await anew(old), '', 'nothing of it is left');
  });
});

test(`Among ${NOTES} notes a search is quick, and pages follow each other`, async (t) => {
  const [ada, ben] = [new Person('Ada'), new Person('Ben')];
  const words = vocabulary(5_000);
  // As in a language: few words make most of a text.
  const pick = (index, many) => Array.from({ length: many }, (_, at) => {
    const share = ((index * 7_919 + at * 104_729) % 99_991) / 99_991;
    return words[Math.floor(words.length * share ** 3)];
  }).join(' ');
  await fill(server, (database) => {
    const person = database.prepare('INSERT INTO people (id, name, colour, created_at, seen_at) VALUES (?, ?, 0, 1, 1)');
    person.run(ada.id, 'Ada');
    person.run(ben.id, 'Ben');
    const note = database.prepare(`INSERT INTO notes (id, owner_id, title, excerpt, body, created_at, updated_at)
      VALUES (?, ?, ?, 'First words', ?, ?, ?)`);
    for (let index = 0; index < NOTES; index += 1) {
      // Every tenth is somebody else's.
      const owner = index % 10 === 0 ? ben.id : ada.id;
      note.run(randomUUID(), owner, `Note ${pick(index, 2)}`, `everywhere ${pick(index, 200)}`, 1_000 + index, 1_000 + index);
    }
  });

  const all = new Set();
  let cursor;
  let pages = 0;
  do {
    const page = await find(ada, { q: 'everywhere', ...(cursor && { cursor }) });
    page.notes.forEach(({ id, owned }) => { assert.ok(owned); all.add(id); });
    ({ cursor } = page);
    pages += 1;
  } while (cursor && pages < 20);
  assert.equal(all.size, pages * 20, 'no note comes twice');

  const measure = async (name, query) => {
    const times = [];
    for (let index = 0; index < SEARCHES; index += 1) {
      const start = performance.now();
      const { notes } = await find(ada, query(index));
      times.push(performance.now() - start);
      assert.ok(notes.length > 0, name);
    }
    times.sort((a, b) => a - b);
    const [p50, p95] = [0.5, 0.95].map((share) => times[Math.floor(times.length * share)]);
    t.diagnostic(`${name}: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
  };
  await measure('one word', (index) => ({ q: words[index] }));
  await measure('two letters', (index) => ({ q: words[index].slice(0, 2) }));
  await measure('a beginning', (index) => ({ q: words[index].slice(0, 4) }));
  await measure('two words', (index) => ({ q: pick(index * 10 + 1, 200).split(' ').slice(7, 9).join(' ') }));
  await measure('a phrase', (index) => ({ q: `"${pick(index * 10 + 1, 200).split(' ').slice(3, 5).join(' ')}"` }));
  await measure('a word of every note', () => ({ q: 'everywhere' }));
  await measure('no word: the list', () => ({}));
});
