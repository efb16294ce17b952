// An instance that is reached under a name of its own.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';

import { startServer } from '../server.mjs';

const PUBLIC = 'https://notes.example.org';
// What `wrangler.toml` lets one address make in a minute.
const NOTES_A_MINUTE = 60;

let server;
before(async () => { server = await startServer({ vars: { PUBLIC_ORIGIN: PUBLIC } }); });
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
