// How often an address may try things that cost others something. The rates are
// those of `wrangler.toml` for a host that is not this machine.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { after, before, test } from 'node:test';

import { startServer } from '../server.mjs';
import { Person } from './people.mjs';
import { closedNote, makeLink } from './sharing.mjs';

const HOST = 'notes.example.org';
const ORIGIN = `http://${HOST}`;
const FORM = 'application/x-www-form-urlencoded';

let server;
let rates;
before(async () => {
  server = await startServer();
  const config = await readFile(new URL('../../wrangler.toml', import.meta.url), 'utf8');
  const found = config.matchAll(/name = "(\w+)"\nnamespace_id = "\d+"\nsimple = \{ limit = (\d+), period = 60 \}/g);
  rates = new Map([...found].map(([, name, limit]) => [name, Number(limit)]));
});
after(() => server?.stop());

/** Asks as somebody who reaches the instance by its public name. */
function post(path, { headers = {}, body = '', type = FORM } = {}) {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.origin}${path}`, {
      method: 'POST', headers: { ...headers, host: HOST, origin: ORIGIN, 'content-type': type },
    }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => { text += chunk; });
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/**
 * Asks until it is told to wait; the first as many as may are not. A period may end
 * between two of them, so up to twice as many are.
 */
async function untilToldToWait(name, ask, allowed) {
  const limit = rates.get(name);
  assert.ok(limit > 0, `${name} is in wrangler.toml`);
  for (let count = 0; count <= 2 * limit; count += 1) {
    const answer = await ask(count);
    if (answer.status === 429) {
      assert.ok(count >= limit, `${name}: told to wait after ${count} of ${limit}`);
      assert.equal(answer.headers['retry-after'], '60');
      return answer;
    }
    assert.ok(allowed.includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
  }
  return assert.fail(`${name}: never told to wait`);
}

test('signing in without end is told to wait, whatever token comes along', async () => {
  const ask = (count) => post('/api/sign-in/options', {
    type: 'application/json', body: '{}', headers: new Person(`Guest ${count}`).headers(server),
  });
  const answer = await untilToldToWait('SIGN_INS', ask, [200, 403]);
  assert.match(answer.headers['content-type'], /problem\+json/);
  assert.match(JSON.parse(answer.text).detail, /\.$/);
});

test('passwords of a link are not guessed: the right one is not looked at either', async () => {
  const owner = new Person('Ada');
  const note = await closedNote(server, owner);
  const link = await makeLink(server, owner, note, { password: 'open sesame' });
  const guess = (count) => post(`/s/${link.token}`, {
    body: `password=guess-${count}`, headers: { ...new Person(`Guest ${count}`).headers(server), accept: 'text/html' },
  });
  const answer = await untilToldToWait('LINK_PASSWORDS', guess, [403]);
  assert.match(answer.text, /<h1/);
  const right = await post(`/s/${link.token}`, { body: 'password=open+sesame' });
  assert.equal(right.status, 429);
});

test('coming through a link without end, each time as somebody new, is told to wait', async () => {
  const owner = new Person('Ada');
  const link = await makeLink(server, owner, await closedNote(server, owner));
  const come = (count) => post(`/s/${link.token}`, { headers: new Person(`Guest ${count}`).headers(server) });
  await untilToldToWait('LINK_VISITS', come, [303]);
});

test('links and invitations without end are told to wait', async () => {
  const owner = new Person('Ada');
  const note = await closedNote(server, owner);
  const make = () => post('/api/fn/make_link', {
    body: `note=${note}&role=view`, headers: { ...owner.headers(server), accept: 'application/json' },
  });
  const limit = rates.get('SHARING');
  let refused = null;
  for (let count = 0; count <= 2 * limit && !refused; count += 1) {
    const answer = await make();
    if (answer.status !== 200) refused = { count, answer };
  }
  assert.ok(refused && refused.count >= limit, `after ${refused?.count} of ${limit}`);
  assert.equal(refused.answer.status, 429, refused.answer.text);
  assert.equal(refused.answer.headers['retry-after'], '60');
});
