// The app opens without a server, and pages and files of two versions never meet.

import { isOfVersion, meant } from '../../app/offline/meant';
import { startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';
import { Person, expect, test } from './fixtures';

test.use({ serviceWorkers: 'allow' });

const ORIGIN = 'http://tandem.example';
const ID = '6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d';
/** What a browser says by itself of a server that is gone. */
const GONE = /WebSocket connection to|ERR_CONNECTION_REFUSED|Failed to (fetch|load resource)/;

/** Waits until the service worker has everything, and this page. */
async function isInstalled({ page }: Person) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
  });
}

test('only pages and files of its version are the service worker\'s', () => {
  const of = (path: string, { method = 'GET', mode = 'navigate' } = {}) =>
    meant({ method, mode, url: new URL(path, ORIGIN).href }, ORIGIN, 'v1')?.what;
  for (const path of ['/', '/?tag=tea', '/chat', '/settings', `/note/${ID}/share`, '/go?title=Tea']) expect(of(path), path).toBe('page');
  expect(of('/pkg/v1/app.js', { mode: 'cors' })).toBe('file');
  for (const path of [
    '/api/fn/pin_note', '/p/tea', '/p/tea/slides', '/s/token', '/sign-in', '/sign-in/oidc/callback', '/sign-out', '/healthz',
    `/note/${ID}.md`, `/note/${ID}.html`, `/note/${ID}/download.html`, `/note/${ID}/slides`, `/note/${ID}/asked`, '/settings/export.zip',
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

test('without a server every page says so, and is back by itself', async ({ arrive }) => {
  const server = await startServer();
  try {
    const { id } = await makeNote(server, { markdown: 'tea' });
    const ada = await arrive({ name: 'Ada', server });
    await ada.open(id);
    await isInstalled(ada);
    await server.kill();
    await ada.page.goto('/settings');
    await expect(ada.page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
    await ada.page.goto('/');
    await expect(ada.page.getByText('Notes on this device open as ever.')).toBeVisible();
    await server.start();
    await ada.page.getByRole('button', { name: 'Try again' }).click();
    await expect(ada.page.getByRole('button', { name: 'New note' })).toBeVisible();
    ada.forgive(GONE);
  } finally {
    await server.stop();
  }
});
