// The app opens without a server, and pages and files of two versions never meet.

import { isOfVersion, meant } from '../../app/offline/meant';
import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { Peer } from '../wire/peer.mjs';
import { Person as Account, signIn } from '../wire/people.mjs';
import { BACK_WITHIN, Person, expect, test } from './fixtures';
import { Line } from './line';
import { isInstalled, isOnDevice, seenAt, stores, tabOf } from './installed';

test.use({ serviceWorkers: 'allow' });

/** A server that is killed, and somebody whose app is installed with a note of theirs open. */
const started = async (arrive: (options: object) => Promise<Person>, markdown: string) => {
  const server = await startServer();
  const { id } = await makeNote(server, { markdown });
  const ada = await arrive({ name: 'Ada', server });
  await ada.open(id);
  await isInstalled(ada);
  await ada.type('end', ' for');
  await isOnDevice(ada, `/note/${id}`);
  await ada.isSaved();
  return { server, id, ada };
};

const ORIGIN = 'http://tandem.example';
const ID = '6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d';
/** What a browser says by itself of a server that is gone. */
const GONE = /WebSocket connection to|ERR_CONNECTION_REFUSED|Failed to (fetch|load resource)/;

test('only pages and files of its version are the service worker\'s', () => {
  const of = (path: string, { method = 'GET', mode = 'navigate' } = {}) =>
    meant({ method, mode, url: new URL(path, ORIGIN).href }, ORIGIN, 'v1')?.what;
  expect(of(`/note/${ID}`)).toBe('note');
  for (const method of ['GET', 'POST']) expect(of('/new', { method }), method).toBe('new');
  expect(of('/sign-out', { method: 'POST' })).toBe('leaving');
  for (const path of ['/', '/?tag=tea', '/chat', '/settings', `/note/${ID}/share`, '/go?title=Tea']) expect(of(path), path).toBe('page');
  expect(of('/pkg/v1/app.js', { mode: 'cors' })).toBe('file');
  for (const path of [
    '/api/fn/pin_note', '/p/tea', '/p/tea/slides', '/s/token', '/sign-in', '/sign-in/oidc/callback', '/sign-out', '/healthz',
    `/note/${ID}.md`, `/note/${ID}.html`, `/note/${ID}/download.html`, `/note/${ID}/slides`, `/note/${ID}/asked`, `/note/${ID}/copy`, '/settings/export.zip',
    'http://other.example/',
  ]) expect(of(path), path).toBeUndefined();
  expect(of('/', { method: 'POST' })).toBeUndefined();
  expect(of(`/note/${ID}`, { mode: 'cors' })).toBeUndefined();
  expect(of('/pkg/v2/app.js', { mode: 'cors' })).toBeUndefined();
  expect(of('/pkg/v1/app.js', { method: 'POST', mode: 'cors' })).toBeUndefined();
});

test('a page is of a version when it names its files and no others', () => {
  expect(isOfVersion('<link href="/pkg/v1/app.css"><script>import("/pkg/v1/x.js")', 'v1')).toBe(true);
  expect(isOfVersion('<link href="/pkg/v1/app.css"><script>import("/pkg/v2/x.js")', 'v1')).toBe(false);
  expect(isOfVersion('<link href="/pkg/v2/app.css">', 'v1')).toBe(false);
  expect(isOfVersion('<p>nothing', 'v1')).toBe(false);
});

test('the app can be installed', async ({ ada, server }) => {
  await ada.page.goto('/');
  const manifest = await (await fetch(`${server.origin}/manifest.webmanifest`)).json();
  expect(manifest).toMatchObject({ start_url: '/', scope: '/', display: 'standalone' });
  for (const { src } of manifest.icons) expect((await fetch(server.origin + src)).ok, src).toBe(true);
  const session = await ada.context.newCDPSession(ada.page);
  const { errors, url } = await session.send('Page.getAppManifest');
  expect({ errors, url }).toEqual({ errors: [], url: expect.stringMatching(/\/manifest\.webmanifest$/) });
  const worker = await fetch(`${server.origin}/sw.js`);
  expect(worker.headers.get('cache-control')).toBe('no-store');
});

test('from cold and without a server a note opens, is written in, and is merged once', async ({ arrive }) => {
  const { server, id, ada } = await started(arrive, 'tea');
  try {
    await server.kill();
    await ada.page.goto('/settings');
    await expect(ada.page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
    await ada.page.goto(`/note/${ID}`);
    await expect(ada.page.getByRole('heading', { name: 'This note is not on this device' })).toBeVisible();

    await ada.page.goto('/');
    await expect(ada.page.getByText('Notes on this device open as ever.')).toBeVisible();
    const first = await tabOf(ada);
    await first.page.goto('/');
    await first.page.getByRole('link', { name: /^tea/ }).click();
    await first.reads('tea for');
    await expect(first.chip).toHaveAccessibleName('Offline. Details');
    await expect(first.view).toHaveText('tea for');
    await first.type('end', ' two');
    await expect(first.view).toHaveText('tea for two');
    await expect(first.chip).toHaveAccessibleName(/4 changes kept on this device/);
    await first.page.close();

    const second = await tabOf(ada);
    await second.page.goto(`/note/${id}`);
    await second.reads('tea for two');
    await expect(second.chip).toHaveAccessibleName(/4 changes kept on this device/);
    await server.start();
    await second.isSaved(BACK_WITHIN);
    expect(await source(server, id)).toBe('tea for two');
    await expect(second.view).toHaveText('tea for two');
    await second.page.getByRole('link', { name: 'Load the whole page' }).click();
    await second.isSaved();
    await second.reads('tea for two');
    await expect(second.page.getByRole('button', { name: 'Share' })).toBeVisible();
    expect(await source(server, id)).toBe('tea for two');

    await ada.page.getByRole('button', { name: 'Try again' }).click();
    await expect(ada.page.getByRole('link', { name: 'Settings' }).or(ada.page.getByRole('link', { name: 'Sign in' }))).toBeVisible();
  } finally {
    await ada.page.close();
    ada.forgive(GONE);
    await server.stop();
  }
});

test('a note that is made without a server is there once there is one', async ({ arrive }) => {
  const { server, ada } = await started(arrive, 'tea');
  try {
    await server.kill();
    const text = async (path: string) => {
      const answer = await ada.context.request.get(`${path}.md`);
      return answer.ok() ? answer.text() : answer.status();
    };
    // One is left before there is a server, the other is open when it comes.
    const left = await tabOf(ada);
    await left.page.goto('/');
    await left.page.keyboard.press('n');
    await expect(left.editor).toBeVisible();
    const first = new URL(left.page.url()).pathname;
    await left.type('end', 'written on a train');
    await expect(left.chip).toHaveAccessibleName(/18 changes kept on this device/);
    await expect.poll(() => seenAt(left, first)).toBeGreaterThan(0);
    await left.page.close();

    const open = await tabOf(ada);
    await open.page.goto('/');
    await expect(open.page.getByRole('listitem')).toHaveCount(2);
    await open.page.getByRole('button', { name: 'New note' }).click();
    await expect(open.editor).toBeVisible();
    const second = new URL(open.page.url()).pathname;
    expect(second).toMatch(/^\/note\/[0-9a-f-]{36}$/);
    expect(second).not.toBe(first);
    await open.type('end', 'and another');
    await server.start();
    await open.isSaved(BACK_WITHIN);
    expect(await text(second)).toBe('and another');

    expect(await text(first)).toBe(404);
    await ada.page.goto('/');
    await expect.poll(() => text(first), BACK_WITHIN).toBe('written on a train');
    await expect.poll(() => stores(ada)).toMatchObject({ edits: 0, notes: 3 });
    await ada.open(first.slice('/note/'.length));
    await ada.reads('written on a train');
  } finally {
    await ada.page.close();
    ada.forgive(GONE);
    await server.stop();
  }
});

test('a note that is made here is joined once, however late the answer is that it is there', async ({ ada }) => {
  await ada.page.goto('/');
  await isInstalled(ada);
  await ada.page.addInitScript(() => {
    const { fetch } = window;
    let answerFirst: (() => void) | undefined;
    window.fetch = async (...of) => {
      const answer = await fetch(...of);
      if (of[1]?.method !== 'PUT') return answer;
      // The first one is answered when it was given up, and together with the second.
      if (answerFirst) answerFirst();
      else await new Promise<void>((done) => { answerFirst = done; });
      return answer;
    };
  });
  const path = `/note/${crypto.randomUUID()}`;
  const joined: string[] = [];
  ada.page.on('websocket', (socket) => joined.push(new URL(socket.url()).pathname));
  await ada.page.goto(`${path}?made-here=`);
  await ada.isSaved(BACK_WITHIN);
  expect(joined.filter((to) => to === path)).toHaveLength(1);
  // The second time it is there already.
  ada.forgive(/status of 412/);
});

test('a pinned note opens without a server on a device that never showed it', async ({ arrive }) => {
  const server = await startServer();
  const ada = await arrive({ name: 'Ada', server });
  try {
    const { id } = await makeNote(server, { markdown: 'tea' });
    const ben = await Peer.join(server, id);
    await ada.page.goto('/');
    await isInstalled(ada);
    const origin = new URL(ada.page.url()).origin;
    const pinned = await ada.context.request.post('/api/fn/pin_note', { form: { note: id, pinned: 'true' }, headers: { origin } });
    expect(pinned.ok()).toBe(true);
    await ada.page.goto('/');
    await expect.poll(() => stores(ada)).toMatchObject({ notes: 1, documents: 1 });
    // What changes is fetched anew, once the index knows of it.
    const first = await seenAt(ada, `/note/${id}`);
    ben.insert(3, ' for');
    await expect(async () => {
      await ada.page.goto('/');
      await expect.poll(() => seenAt(ada, `/note/${id}`), { timeout: 1_000 }).toBeGreaterThan(first);
    }).toPass();
    expect(ben.last('presence').people, 'nobody came').toHaveLength(1);
    ben.vanish();

    await server.kill();
    await ada.page.goto(`/note/${id}`);
    await ada.reads('tea for');
    await expect(ada.view).toHaveText('tea for');
    await expect(ada.chip).toHaveAccessibleName('Offline. Details');
    await ada.type('end', ' two');
    await server.start();
    await ada.isSaved(BACK_WITHIN);
    expect(await source(server, id)).toBe('tea for two');
  } finally {
    await ada.page.close();
    ada.forgive(GONE);
    await server.stop();
  }
});

test('where there is no room for the note itself, what is written in it is kept all the same', async ({ ada, note }) => {
  const id = await note.make('tea');
  await ada.context.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...of: Parameters<typeof put>) {
      const request = put.apply(this, of);
      // As a quota does: once the request is looked at, and with all of its transaction.
      if (this.name === 'documents') request.onsuccess = () => this.transaction.abort();
      this.transaction.addEventListener('abort', () => { document.documentElement.dataset.full = ''; });
      return request;
    };
  });
  const line = await Line.of(ada);
  await ada.open(id);
  await isInstalled(ada);
  await line.cut();
  await ada.type('end', 'pot');
  await expect(ada.page.locator('html')).toHaveAttribute('data-full', '');
  await ada.type('end', 's');
  await expect(ada.chip).toHaveAccessibleName('Offline · 4 changes kept on this device. Details');
  await expect.poll(() => stores(ada)).toMatchObject({ edits: 4, notes: 0 });
});

test('after signing out nothing of anybody is left', async ({ ada, note, server }) => {
  const account = new Account('Ada');
  await signIn(server, account);
  await ada.context.addCookies([{
    name: '__Host-tandem', value: account.token, domain: 'localhost', path: '/', secure: true, httpOnly: true,
  }]);
  const id = await note.make('mine alone');
  await ada.open(id);
  await isInstalled(ada);
  await ada.type('end', '!');
  await isOnDevice(ada, `/note/${id}`);
  await ada.page.goto('/settings');
  await ada.page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(ada.page).toHaveURL('/');
  expect(await stores(ada)).toEqual({ edits: 0, texts: 0, notes: 0, documents: 0 });
  const kept = await ada.page.evaluate(async () => {
    const found: string[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        if (!new URL(request.url).pathname.startsWith('/pkg/')) found.push(await (await cache.match(request))!.text());
      }
    }
    return found;
  });
  expect(kept).toHaveLength(2);
  for (const page of kept) expect(page).not.toMatch(/mine alone|Ada|Guest/);
});
