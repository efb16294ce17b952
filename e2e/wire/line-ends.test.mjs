// Line ends are `\n`, whatever comes in and by which entrance: what is stored and
// handed out holds no carriage return, and else is what was sent, byte for byte.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { makeNote, shown, source, view } from './notes.mjs';
import { Peer } from './peer.mjs';
import { Person } from './people.mjs';

/** Every line end there is, at every place: also two that follow one another. */
const SENT = '\r# Plan\r\n\r\n\ttabs  and spaces  \r- é 😀 \u00a0\u200b\r\r\nlast\r';
const KEPT = '\n# Plan\n\n\ttabs  and spaces  \n- é 😀 \u00a0\u200b\n\nlast\n';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

const markdown = { 'content-type': 'text/markdown' };
const bytes = Buffer.from(SENT);

/** The bytes of a note, so that nothing in between decodes them. */
async function stored(id) {
  const answer = await fetch(`${server.origin}/note/${id}.md`);
  assert.equal(answer.headers.get('content-type'), 'text/markdown; charset=utf-8');
  return Buffer.from(await answer.arrayBuffer());
}

const isKept = async (id, text = KEPT) => assert.deepEqual(await stored(id), Buffer.from(text));

const idOf = (answer) => (answer.headers.get('location') ?? '').split('/').at(-1);

describe('A carriage return does not come in', () => {
  test('by POST /api/notes, as Markdown and as JSON', async () => {
    const answer = await fetch(`${server.origin}/api/notes`, { method: 'POST', headers: markdown, body: bytes });
    assert.equal(answer.status, 201);
    await isKept((await answer.json()).id);
    await isKept((await makeNote(server, { markdown: SENT })).id);
  });

  test('by POST /new', async () => {
    const answer = await fetch(`${server.origin}/new`, { method: 'POST', headers: markdown, body: bytes, redirect: 'manual' });
    assert.equal(answer.status, 303);
    await isKept(idOf(answer));
  });

  test('by PUT of a new text and of a changed one', async () => {
    const id = randomUUID();
    const address = `${server.origin}/note/${id}.md`;
    const made = await fetch(address, { method: 'PUT', headers: { 'if-none-match': '*' }, body: bytes });
    assert.equal(made.status, 201);
    await isKept(id);
    const tag = (await fetch(address)).headers.get('etag');
    const put = await fetch(address, { method: 'PUT', headers: { 'if-match': tag }, body: Buffer.from(`${SENT}more\r\n`) });
    assert.equal(put.status, 204);
    await isKept(id, `${KEPT}more\n`);
  });

  test('by POST to the end of a note', async () => {
    const { id } = await makeNote(server, { markdown: 'first' });
    const answer = await fetch(`${server.origin}/note/${id}.md`, { method: 'POST', headers: markdown, body: bytes });
    assert.equal(answer.status, 204);
    await isKept(id, `first${KEPT}`);
  });

  test('by the form of a page without scripts', async () => {
    const { id } = await makeNote(server, { markdown: KEPT });
    const answer = await new Person('Ada').act(server, 'edit_note', { note: id, base: SENT, text: `${SENT}more\r` });
    assert.equal(answer.status, 200);
    await isKept(id, `${KEPT}more\n`);
  });

  test('by an update of a Yjs client, whose text becomes the same', async () => {
    const { id } = await makeNote(server);
    const [writer, other] = await Promise.all([1, 2].map(() => Peer.join(server, id)));
    writer.insert(0, SENT);
    for (const peer of [writer, other]) await peer.until(() => peer.toString() === KEPT, 'the text without carriage returns');
    await writer.saved();
    await isKept(id);
    // In the middle of what is there, between its letters.
    writer.insert(3, '\r\n😀\r');
    const text = `${KEPT.slice(0, 3)}\n😀\n${KEPT.slice(3)}`;
    for (const peer of [writer, other]) await peer.until(() => peer.toString() === text, 'both texts');
    await writer.saved();
    await isKept(id, text);
    const html = await view(server, id);
    await other.until(() => shown(other.events) === html, 'the view');
    for (const peer of [writer, other]) await peer.leave();
  });

  test('by what a Yjs client wrote while it was away', async () => {
    const { id } = await makeNote(server, { markdown: 'one\n' });
    const first = await Peer.join(server, id);
    const { doc } = first;
    await first.leave();
    doc.getText('content').insert(4, 'two\r\nthree\r');
    const again = await Peer.join(server, id, { doc });
    await again.until(() => again.toString() === 'one\ntwo\nthree\n', 'the text without carriage returns');
    await again.saved();
    await isKept(id, 'one\ntwo\nthree\n');
    await again.leave();
  });

  test('by very many of them at once', async () => {
    const { id } = await makeNote(server);
    const writer = await Peer.join(server, id);
    writer.insert(0, 'a\r\n'.repeat(20_000));
    const text = 'a\n'.repeat(20_000);
    await writer.until(() => writer.toString() === text, 'the text without carriage returns');
    await writer.saved();
    assert.equal(await source(server, id), text);
    await writer.leave();
  });
});
