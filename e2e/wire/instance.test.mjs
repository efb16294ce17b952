// An instance that is reached under a name of its own, and keeps new notes closed.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, request } from 'node:http';
import { after, before, test } from 'node:test';

import { startServer } from '../server.mjs';
import { makeNote } from './notes.mjs';
import { Person } from './people.mjs';

const PUBLIC = 'https://notes.example.org';
// What `wrangler.toml` lets one address make in a minute.
const NOTES_A_MINUTE = 60;

let server;
before(async () => { server = await startServer({ vars: { PUBLIC_ORIGIN: PUBLIC, NEW_NOTE_ACCESS: 'none' } }); });
after(() => server?.stop());

/** Makes a note under a host's name, as a proxy in front of the instance asks. */
function make(host, headers = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.origin}/api/notes`, {
      method: 'POST', headers: { host, 'content-type': 'text/markdown', ...headers },
    }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => { body += chunk; });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body }));
    });
    asked.on('error', reject);
    asked.end('text');
  });
}

test('PUBLIC_ORIGIN is the one origin that passes, and what links begin with', async () => {
  const ours = await make(new URL(server.origin).host, { origin: PUBLIC });
  assert.equal(ours.status, 201, ours.body);
  const { id, url } = JSON.parse(ours.body);
  assert.equal(url, `${PUBLIC}/note/${id}`);
  const other = await make(new URL(server.origin).host, { origin: server.origin });
  assert.equal(other.status, 403, other.body);
});

test('NEW_NOTE_ACCESS is what a new note gives to others, where it does not say so itself', async () => {
  const read = async ({ id }, headers = {}) => (await fetch(`${server.origin}/note/${id}.md`, { headers })).status;
  const closed = await makeNote(server, { markdown: 'mine' });
  assert.equal(await read(closed), 404);
  assert.equal(await read(closed, { authorization: `Bearer ${closed.owner_token}` }), 200);
  assert.equal(await read(await makeNote(server, { markdown: 'ours', access: 'view' })), 200);
  // A form's answer has no token in it: a person can open what they made, nobody else.
  const form = (headers, body) => fetch(`${server.origin}/new`, { method: 'POST', redirect: 'manual', body, headers });
  const ada = new Person('Ada').headers(server);
  const made = await form({ ...ada, origin: PUBLIC }, new URLSearchParams());
  assert.equal(made.status, 303, await made.text());
  const id = made.headers.get('location').split('/').pop();
  assert.deepEqual([await read({ id }), await read({ id }, ada)], [404, 200]);
  // Who comes for the first time is shown a button, and what they come back with.
  const visit = async (headers) => {
    const [answer] = await once(get(`${server.origin}/new`, { headers: { accept: 'text/html', ...headers } }), 'response');
    return answer.resume();
  };
  const first = await visit({});
  assert.deepEqual([first.statusCode, Boolean(first.headers['set-cookie'])], [200, true]);
  assert.equal((await visit({ cookie: ada.cookie })).statusCode, 303);
  const nobody = await form({ 'content-type': 'text/markdown' }, 'lost');
  assert.equal(nobody.status, 403, 'somebody who cannot come back makes what nobody can open');
  assert.match((await nobody.json()).detail, /owner token/);
});

test('who makes notes without end is told to wait', async () => {
  const made = [];
  for (let n = 0; n <= 2 * NOTES_A_MINUTE && made.at(-1)?.status !== 429; n += 1) {
    made.push(await make('notes.example.org'));
  }
  const refused = made.at(-1);
  assert.equal(refused.status, 429, `after ${made.length} notes`);
  assert.ok(made.length > NOTES_A_MINUTE / 2, `refused after ${made.length} already`);
  assert.ok(Number(refused.headers['retry-after']) > 0);
  assert.equal(refused.headers['content-type'], 'application/problem+json');
  // Another who comes from this machine is counted apart.
  assert.equal((await make(new URL(server.origin).host)).status, 201);
});
