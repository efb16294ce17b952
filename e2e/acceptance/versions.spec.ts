// Another version is deployed: pages and files of the two never meet.

import { Deploying } from '../deploying';
import { makeNote } from '../wire/notes.mjs';
import { Person, expect, test } from './fixtures';
import { isInstalled, tabOf } from './installed';

test.use({ serviceWorkers: 'allow' });

const cachesOf = ({ page }: Person) => page.evaluate(() => caches.keys());
/** The versions that a page of a browser names. */
const named = async ({ page }: Person) => {
  const html = await page.content();
  return [...new Set([...html.matchAll(/\/pkg\/([0-9a-f]{16})\//g)].map(([, hash]) => hash))];
};
/** Looks for another version; true when one is ready and waits. */
const update = ({ page }: Person) => page.evaluate(async () => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update().catch(() => {});
  const worker = registration.installing;
  if (worker) await new Promise<void>((done) => {
    worker.addEventListener('statechange', () => { if (worker.state !== 'installing') done(); });
  });
  return registration.waiting !== null;
});

test('pages and files of two versions never meet', async ({ arrive, server }) => {
  const line = await Deploying.of(server);
  try {
    const { id } = await makeNote(server, { markdown: 'tea' });
    const ada = await arrive({ baseURL: line.origin });
    await ada.page.goto(`/note/${id}`);
    await isInstalled(ada);
    expect(await cachesOf(ada)).toEqual([`tandem-${line.first}`]);

    // New files beside old pages are not taken.
    line.deployed = 'half';
    expect(await update(ada)).toBe(false);
    expect(await cachesOf(ada)).toEqual([`tandem-${line.first}`]);

    // The newer one waits for the page of the older one, which still has all of its files.
    line.deployed = 'second';
    expect(await update(ada)).toBe(true);
    expect((await cachesOf(ada)).sort()).toEqual([`tandem-${line.first}`, `tandem-${line.second}`].sort());
    const file = (name: string) => ada.page.evaluate(async (name) => (await fetch(name, { cache: 'no-store' })).status, name);
    expect(await file(`/pkg/${line.first}/decorations.js`)).toBe(200);
    line.deployed = 'gone';
    const offline = await tabOf(ada);
    await offline.page.goto('/');
    await expect(offline.page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
    expect(await named(offline)).toEqual([line.first]);
    // A page of the newer one comes whole, though the older worker is still there.
    line.deployed = 'second';
    await offline.page.goto(`/note/${id}`);
    expect(await named(offline)).toEqual([line.second]);

    // Once nothing of the older one is open, it goes. The newer worker is asked itself: a page
    // that is opened just while Chromium stops the older one waits for ever, without a request.
    const newer = ada.context.serviceWorkers().at(-1);
    const last = await ada.context.newPage();
    await offline.page.close();
    await ada.page.close();
    await expect.poll(() => newer?.evaluate(() => caches.keys())).toEqual([`tandem-${line.second}`]);
    const next = new Person(ada.context, last);
    await last.goto(`/note/${id}`);
    expect(await named(next)).toEqual([line.second]);
    line.deployed = 'gone';
    await last.goto('/');
    await expect(last.getByRole('heading', { name: 'You are offline' })).toBeVisible();
    expect(await named(next)).toEqual([line.second]);
    ada.forgive(/./);
  } finally {
    await line.stop();
  }
});
