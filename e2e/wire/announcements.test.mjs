// What the admin says reaches every open page, also one that sleeps, and goes
// when its time is over.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { TRACED, noticed, untilNoticed } from './objects.mjs';
import { change } from './storage.mjs';

// The runtime puts an object to sleep after ten seconds in which nothing happens.
const ASLEEP_AFTER_MS = 15_000;
const TOKEN = 'the token of the admin';

let server;
before(async () => { server = await startServer({ vars: { ADMIN_TOKEN: TOKEN, ...TRACED } }); });
after(() => server?.stop());

const api = (method, body, token = TOKEN) => fetch(`${server.origin}/api/announcements`, {
  method,
  headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  body: body && JSON.stringify(body),
});

/** A page that was told what is said now. */
async function openPage() {
  const page = await Listener.join(server, '/global');
  await page.until(() => page.last('announcement'), 'what is said now');
  return page;
}

const cron = () => fetch(`${server.origin}/cdn-cgi/handler/scheduled`);

describe('An announcement', () => {
  test('reaches a page that slept, by HTTP and by the clock', async () => {
    const page = await openPage();
    assert.equal(page.last('announcement').announcement, null);

    await pause(ASLEEP_AFTER_MS);
    const answer = await api('POST', { text: 'Back at noon.', minutes: 60 });
    assert.equal(answer.status, 201);
    const said = await answer.json();
    await page.until(() => page.last('announcement').announcement, 'the announcement');
    assert.deepEqual(page.last('announcement').announcement, said);
    assert.equal(said.until - said.at, 3_600_000);
    const late = await openPage();
    assert.deepEqual(late.last('announcement').announcement, said);

    await cron();
    await pause(ASLEEP_AFTER_MS);
    assert.equal(page.last('announcement').announcement.id, said.id, 'it is not due');
    const { constructed } = await noticed(server, 'constructed');
    // Its hour passes.
    assert.equal(await change(server, 'UPDATE announcements SET until = ?', Date.now() - 1), 1);
    assert.equal((await cron()).status, 200);
    for (const one of [page, late]) {
      await one.until(() => one.last('announcement').announcement === null, 'its end');
      assert.equal(one.closed, null);
    }
    // By now each object that says it has been made once: who is made again has slept.
    assert.ok(await untilNoticed(server, 'constructed', constructed + 1) > constructed, 'it slept');
    const numbers = page.all('announcement').map(({ revision }) => revision);
    assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), 'each is newer than the last');
  });

  test('takes the place of the one before, and is taken back', async () => {
    const page = await openPage();
    for (const text of ['First.', 'Second.']) {
      assert.equal((await api('POST', { text })).status, 201);
      await page.until(() => page.last('announcement').announcement?.text === text, text);
    }
    assert.equal(page.last('announcement').announcement.until, null);
    assert.equal((await api('DELETE')).status, 204);
    await page.until(() => page.last('announcement').announcement === null, 'its end');
  });

  test('is the admin\'s to make', async () => {
    for (const token of [null, 'another token', `${TOKEN}x`]) {
      assert.equal((await api('POST', { text: 'x' }, token)).status, 401);
      assert.equal((await api('DELETE', undefined, token)).status, 401);
    }
    for (const body of [{}, { text: ' ' }, { text: 'a'.repeat(501) }, { text: 'a', minutes: 0 }]) {
      assert.equal((await api('POST', body)).status, 400, JSON.stringify(body));
    }
    assert.equal((await api('POST', { text: 'a'.repeat(20_000) })).status, 400);
    assert.equal((await fetch(`${server.origin}/api/announcements`)).status, 405);
    const page = await openPage();
    assert.equal(page.last('announcement').announcement, null);
  });
});

test('Without a token in the environment there is no admin', async () => {
  const other = await startServer();
  try {
    for (const method of ['POST', 'DELETE']) {
      const headers = { authorization: 'Bearer x', 'content-type': 'application/json' };
      const answer = await fetch(`${other.origin}/api/announcements`, { method, headers });
      assert.equal(answer.status, 404);
    }
  } finally {
    await other.stop();
  }
});
