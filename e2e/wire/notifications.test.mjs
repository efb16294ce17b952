// A mention reaches the person, on every device, once.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { makeNote } from './notes.mjs';
import { Person } from './people.mjs';
import { closedNote, comeThrough, done, joinAs, makeLink } from './sharing.mjs';
import { fill, objects, rows } from './storage.mjs';

const ROUNDS = 20;
const RETRIES = 10;
const WITHIN_MS = 200;

let server;
before(async () => { server = await startServer({ vars: { MESSAGE_BURST: 1000 } }); });
after(() => server?.stop());

/** A room with Ada and Ben in it, and Ada's two devices. */
async function scene(title) {
  const [ada, ben] = [new Person('Ada Lovelace'), new Person('Ben')];
  const key = await ben.makeRoom(server, title);
  const speaker = await Listener.join(server, key, { person: ben });
  const listener = await Listener.join(server, key, { person: ada });
  const devices = await Promise.all([1, 2].map(() =>
    Listener.join(server, `/user/${ada.id}`, { person: ada })));
  for (const device of devices) await device.until(() => device.last('notifications'), 'the list');
  return { ada, ben, key, speaker, listener, devices };
}

const kept = (person) => rows(server, 'SELECT * FROM notifications WHERE person_id = ? ORDER BY id', person.id);

const unread = (device) => device.events.findLast((event) => event.unread !== undefined)?.unread;

describe('A mention', () => {
  test(`reaches two devices within ${WITHIN_MS} ms, in the median of ${ROUNDS}`, async (t) => {
    const { key, speaker, devices } = await scene('Latency');
    const took = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const started = performance.now();
      speaker.ask({ type: 'say', id: `m${round}`, text: `@Ada Lovelace, tea ${round}?` });
      await Promise.all(devices.map((device) =>
        device.until(() => unread(device) === round, `mention ${round}`)));
      took.push(performance.now() - started);
    }
    took.sort((a, b) => a - b);
    const median = (took[ROUNDS / 2 - 1] + took[ROUNDS / 2]) / 2;
    t.diagnostic(`median ${median.toFixed(1)} ms, slowest ${took.at(-1).toFixed(1)} ms`);
    assert.ok(median <= WITHIN_MS, `median ${median} ms`);
    const { notification } = devices[0].last('notification');
    assert.equal(notification.kind, 'mention');
    assert.equal(notification.by.name, 'Ben');
    assert.equal(notification.title, 'Latency');
    assert.match(notification.quote, /tea 20\?/);
    assert.equal(notification.place, `${key}#m${ROUNDS}`);
  });

  test(`is one row after ${RETRIES} retries of the message`, async () => {
    const { ada, speaker, devices } = await scene('Retries');
    for (let retry = 0; retry <= RETRIES; retry += 1) {
      speaker.ask({ type: 'say', id: 'once', text: '@ada lovelace, hello' });
    }
    await speaker.until(() => speaker.all('message').length === RETRIES + 1, 'every answer');
    speaker.ask({ type: 'say', id: 'after', text: 'and @Ada Lovelace again' });
    for (const device of devices) await device.until(() => unread(device) === 2, 'both mentions');
    assert.equal((await kept(ada)).length, 2);
    for (const device of devices) assert.equal(device.all('notification').length, 2);
  });

  test('outlives a crash right after the message', async () => {
    const { ada, ben, key, speaker } = await scene('Crash');
    speaker.ask({ type: 'say', id: 'crash', text: '@Ada Lovelace, still there?' });
    await speaker.until(() => speaker.last('message'), 'the message');
    await server.kill();
    await server.start();
    await Listener.join(server, key, { person: ben });
    const device = await Listener.join(server, `/user/${ada.id}`, { person: ada });
    await device.until(() => unread(device) === 1, 'the mention');
    assert.equal((await kept(ada)).length, 1);
  });

  test('is nobody else\'s and not the author\'s', async () => {
    const { ada, ben, speaker, devices } = await scene('Others');
    const own = await Listener.join(server, `/user/${ben.id}`, { person: ben });
    await own.until(() => own.last('notifications'), 'the list');
    speaker.ask({ type: 'say', id: 'x', text: '@Ben says: @Adas cake and ada@Ada Lovelace2; @Ada Lovelace!' });
    for (const device of devices) await device.until(() => unread(device) === 1, 'the mention');
    assert.equal((await kept(ben)).length, 0);
    assert.equal(unread(own), 0);
    assert.equal((await kept(ada)).length, 1);
  });

  test('in a note\'s chat leads to the note', async () => {
    const { id } = await makeNote(server, { markdown: '# Plans' });
    const [ada, ben] = [new Person('Ada'), new Person('Ben')];
    await Listener.join(server, `/chat/note-${id}`, { person: ada });
    const speaker = await Listener.join(server, `/chat/note-${id}`, { person: ben });
    const device = await Listener.join(server, `/user/${ada.id}`, { person: ada });
    speaker.ask({ type: 'say', id: 'x', text: 'See L1, @Ada' });
    await device.until(() => device.last('notification'), 'the mention');
    assert.equal(device.last('notification').notification.place, `/note/${id}#chat-1`);
  });

  test('of a note and its chat tells nobody who may not read it by then', async () => {
    const [ada, ben, cyd] = ['Ada', 'Ben', 'Cyd'].map((name) => new Person(name));
    const note = await closedNote(server, ada);
    const chat = `/chat/note-${note}`;
    const { token } = await makeLink(server, ada, note, { role: 'view' });
    await comeThrough(server, cyd, token);
    await done(ada.act(server, 'open_to', { note, audience: 'link', role: 'edit' }));
    for (const person of [ben, cyd]) {
      (await joinAs(server, person, note)).vanish();
      await Listener.join(server, chat, { person });
    }
    await done(ada.act(server, 'open_to', { note, audience: 'invited', role: 'edit' }));
    const device = await Listener.join(server, `/user/${cyd.id}`, { person: cyd });
    const writer = await joinAs(server, ada, note);
    writer.insert(0, '@Ben is let go, says @Cyd');
    const speaker = await Listener.join(server, chat, { person: ada });
    speaker.ask({ type: 'say', id: 'x', text: '@Cyd, not a word to @Ben' });
    await device.until(() => unread(device) === 2, 'both mentions');
    assert.equal((await kept(cyd)).length, 2);
    assert.deepEqual(await kept(ben), []);
    writer.vanish();
  });
});

describe('A notification', () => {
  test('that is read on one device is read on all, and archived on all', async () => {
    const { ada, speaker, devices } = await scene('Read');
    for (const id of ['a', 'b', 'c']) speaker.ask({ type: 'say', id, text: `@Ada Lovelace ${id}` });
    for (const device of devices) await device.until(() => unread(device) === 3, 'three');
    const [first, second] = await kept(ada);
    assert.equal((await ada.act(server, 'mark_read', { ids: `${first.id}` })).status, 200);
    for (const device of devices) await device.until(() => unread(device) === 2, 'two left');
    assert.equal((await ada.act(server, 'archive', { id: `${second.id}` })).status, 200);
    for (const device of devices) await device.until(() => unread(device) === 1, 'one left');
    const listed = devices[0].last('notifications').notifications.map(({ id }) => id);
    assert.deepEqual(listed.includes(second.id), false);
    assert.equal((await ada.act(server, 'mark_read', { ids: '' })).status, 200);
    for (const device of devices) await device.until(() => unread(device) === 0, 'none left');
  });

  test('is not touched by anybody else', async () => {
    const { ada, ben, speaker, devices } = await scene('Hers');
    speaker.ask({ type: 'say', id: 'a', text: '@Ada Lovelace' });
    await devices[0].until(() => unread(devices[0]) === 1, 'one');
    const [{ id }] = await kept(ada);
    await ben.act(server, 'mark_read', { ids: `${id}` });
    await ben.act(server, 'archive', { id: `${id}` });
    const stranger = await fetch(`${server.origin}/api/fn/mark_read`, {
      method: 'POST', body: new URLSearchParams({ ids: `${id}` }),
    });
    assert.equal(stranger.status, 403);
    const [row] = await kept(ada);
    assert.deepEqual([row.read_at, row.archived_at], [null, null]);
  });

  test('of a kind that is turned off is not made', async () => {
    const { ada, key, speaker, devices } = await scene('Quiet');
    const cy = new Person('Cy');
    await Listener.join(server, key, { person: cy });
    const told = await Listener.join(server, `/user/${cy.id}`, { person: cy });
    const off = await ada.act(server, 'set_notification_setting', { kind: 'mention', bell: 'false' });
    assert.equal(off.status, 200);
    speaker.ask({ type: 'say', id: 'a', text: '@Ada Lovelace and @Cy, quiet' });
    // Those of one message are written down together: where Cy's is, Ada's would be.
    await told.until(() => told.last('notification'), 'the one of Cy');
    assert.deepEqual(await kept(ada), []);
    const on = await ada.act(server, 'set_notification_setting', { kind: 'mention', bell: 'true' });
    assert.equal(on.status, 200);
    speaker.ask({ type: 'say', id: 'b', text: '@Ada Lovelace, loud' });
    await devices[0].until(() => devices[0].last('notification')?.notification.quote.includes('loud'), 'the second');
    assert.equal((await kept(ada)).length, 1);
  });

  test('is posted by a plain form as well, which goes back to its page', async () => {
    const ada = new Person('Ada');
    const referer = `${server.origin}/chat`;
    const answer = await fetch(`${server.origin}/api/fn/mark_read`, {
      method: 'POST',
      redirect: 'manual',
      headers: { ...ada.headers(server), accept: 'text/html', referer },
      body: new URLSearchParams({ ids: '' }),
    });
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get('location'), referer);
  });
});

describe('The page of a person\'s notifications', () => {
  const PAGE = 50;
  const open = (id, { person, accept = 'text/html', method, headers, query = '' } = {}) =>
    fetch(`${server.origin}/user/${id}${query}`, {
      method, redirect: 'manual', headers: { ...person?.headers(server), accept, ...headers },
    });

  /** What its rows say, from the top. */
  function listed(html) {
    return [...html.matchAll(/<li [^>]*class="bell-row"[^>]*>.*?<\/li>/gs)].map(([row]) => ({
      words: row.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').trim(),
      place: /<a [^>]*href="([^"]*)"/.exec(row)?.[1],
      unread: !/\shidden/.test(/<span [^>]*class="bell-dot"[^>]*>/.exec(row)[0]),
      id: Number(/name="id" value="(\d*)"/.exec(row)[1]),
    })).filter(({ id }) => id > 0);
  }

  test('lists them as the bell does, newest first, unread ones marked', async () => {
    const { ada, key, speaker, devices } = await scene('Listed');
    for (const id of ['a', 'b']) speaker.ask({ type: 'say', id, text: `@Ada Lovelace <b>${id}</b>` });
    await devices[0].until(() => unread(devices[0]) === 2, 'both');
    const [first] = await kept(ada);
    await ada.act(server, 'mark_read', { ids: `${first.id}` });
    const before = await objects(server);
    const answer = await open(ada.id, { person: ada });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'private, no-store');
    const html = await answer.text();
    assert.match(html, /<title>Notifications/);
    const rows = listed(html);
    assert.deepEqual(rows.map(({ place, unread: marked }) => [place, marked]), [[`${key}#m2`, true], [`${key}#m1`, false]]);
    assert.match(rows[0].words, /^B Ben mentioned you in Listed @Ada Lovelace &lt;b(>|&gt;)b&lt;\/b\1 just now Unread/);
    assert.match(html, /action="\/api\/fn\/mark_read"/);
    assert.deepEqual(await objects(server), before, 'no object was woken for it');
    const program = await open(ada.id, { headers: { authorization: `Bearer ${ada.token}` } });
    assert.equal(program.status, 200);
    assert.equal((await open(ada.id, { person: ada, method: 'HEAD' })).status, 200);
  });

  test('is not there for anybody else, whoever it is of', async () => {
    const [ada, ben] = [new Person('Ada'), new Person('Ben')];
    const none = '6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d';
    for (const options of [{ person: ben }, {}, { headers: { authorization: `Bearer ${ben.token}` } }]) {
      const pages = await Promise.all([ada.id, none].map((id) => open(id, options)));
      for (const page of pages) assert.equal(page.status, 404);
      const [hers, nobodys] = await Promise.all(pages.map(async (page) =>
        (await page.text()).replaceAll(/nonce(-|=")[\w+/=-]+/g, 'NONCE')));
      assert.equal(hers, nobodys);
    }
    for (const id of ['x', ada.id.toUpperCase(), `${ada.id}/`, '']) {
      assert.equal((await open(id, { person: ada })).status, 404, id);
    }
    const program = await open(ada.id, { accept: 'application/json' });
    assert.match(program.headers.get('content-type'), /problem\+json/);
    assert.equal((await open(ada.id, { person: ada, method: 'POST' })).status, 405);
  });

  test('says what will be there, and goes on to what is older', async () => {
    const cy = new Person('Cy');
    const empty = await (await open(cy.id, { person: cy })).text();
    assert.deepEqual(listed(empty), []);
    assert.match(empty, /When somebody mentions you/);
    await fill(server, (database) => {
      const one = database.prepare(`INSERT INTO notifications
        (person_id, kind, cause, by_id, by_name, by_colour, place, title, quote, at)
        VALUES (?1, 'mention', ?2, ?1, 'Ben', 1, ?3, 'Tea', '', 1)`);
      for (let count = 1; count <= PAGE + 10; count += 1) one.run(cy.id, `${count}`, `/chat/tea#m${count}`);
    });
    const html = await (await open(cy.id, { person: cy })).text();
    const newest = listed(html);
    assert.equal(newest.length, PAGE);
    const [, query] = /href="\/user\/[0-9a-f-]+(\?before=\d+)"[^>]*>Older/.exec(html);
    const rest = await (await open(cy.id, { person: cy, query })).text();
    const places = [...newest, ...listed(rest)].map(({ place }) => place);
    assert.deepEqual(places, Array.from({ length: PAGE + 10 }, (_, index) => `/chat/tea#m${PAGE + 10 - index}`));
    assert.doesNotMatch(rest, />Older/);
    assert.equal((await open(cy.id, { person: cy, query: '?before=x' })).status, 200);
  });
});
