// What is written is on the device until it is stored: it outlives tab and browser,
// and is merged once. TANDEM_TABS says how many tabs are killed.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { chromium, type BrowserContext, type Locator } from '@playwright/test';

import { LAUNCH_FLAGS } from '../playwright.config';
import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { Person as Account, signIn } from '../wire/people.mjs';
import { forgetObject } from '../wire/storage.mjs';
import { BACK_WITHIN, Person, expect, test } from './fixtures';
import { Line } from './line';

const TABS = Number(process.env.TANDEM_TABS ?? 3);

/** One more tab of somebody's browser. */
async function tabOf({ context }: { context: BrowserContext }): Promise<Person> {
  return new Person(context, await context.newPage());
}

/** Ends a tab as its crash does. */
async function crash({ context, page }: Person) {
  const session = await context.newCDPSession(page);
  const gone = page.waitForEvent('crash');
  // The tab that would answer is gone.
  session.send('Page.crash').catch(() => {});
  await gone;
  await page.close();
}

/** What is on the device of a page: how many edits, and how many texts. */
async function kept({ page }: Person): Promise<number[]> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await answer(indexedDB.open('tandem'));
    const counts = ['edits', 'texts'].map((store) => answer(database.transaction(store).objectStore(store).count()));
    const counted = await Promise.all(counts);
    database.close();
    return counted;
  });
}

/** Takes the text away that a strip holds, and has no more use for it. */
async function takesAway(person: Person, strip: Locator, expected: string) {
  const { page } = person;
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download', exact: true }).click();
  const file = await (await saved).createReadStream();
  let text = '';
  for await (const chunk of file) text += chunk;
  expect(text).toBe(expected);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect(strip).toBeHidden();
  await expect.poll(() => kept(person)).toEqual([0, 0]);
}

test('a tab that is killed offline has its edits back, once', async ({ ada, note }) => {
  test.setTimeout(60_000 + TABS * 15_000);
  const line = await Line.of(ada);
  let text = 'start';
  const id = await note.make(text);
  for (let round = 0; round < TABS; round++) {
    const tab = await tabOf(ada);
    await tab.open(id);
    await line.cut();
    const words = ` round ${round}`;
    await tab.type('end', `${words}x`);
    await tab.page.keyboard.press('Backspace');
    await expect(tab.chip).toHaveAccessibleName(`Offline · ${words.length + 2} changes kept on this device. Details`);
    if (round % 2 === 0) await crash(tab);
    else await tab.page.close();
    expect(await note.source(id)).toBe(text);

    line.mend();
    const back = await tabOf(ada);
    await back.open(id);
    text += words;
    await back.reads(text);
    expect(await note.source(id), `round ${round}`).toBe(text);
    await expect(back.view).toHaveText(text);
    await expect.poll(() => kept(back)).toEqual([0, 0]);
    expect(back.complaints).toEqual([]);
    await back.page.close();
  }
});

test('a page that is loaded again without a line says what it keeps, and merges it later', async ({ ada, ben, note }) => {
  const id = await note.make('tea');
  const line = await Line.of(ada);
  await ada.open(id);
  await line.cut();
  await ada.type('end', 'pot');
  await expect(ada.chip).toHaveAccessibleName(/3 changes kept on this device/);
  await ada.page.reload();
  await expect(ada.chip).toHaveAccessibleName('Offline · 3 changes kept on this device. Details');
  await ben.open(id);
  await ben.type('start', 'a ');
  await ben.isSaved();
  line.mend();
  await expect(ada.chip).toHaveAccessibleName('Back online · 3 changes merged. Details', BACK_WITHIN);
  await ada.reads('a teapot');
  await ben.reads('a teapot');
  expect(await note.source(id)).toBe('a teapot');
});

test('while the line is lost the view is made in the page, and after that the server\'s again', async ({ ada, ben, note }) => {
  const id = await note.make('# Tea\n\nhot\n');
  const line = await Line.of(ada);
  await ada.open(id);
  await line.cut();
  await ada.type('end', '\n**sugar**');
  await expect(ada.view.locator('strong')).toHaveText('sugar');
  await expect(ada.view.getByRole('heading', { name: 'Tea' })).toBeVisible();
  await ben.open(id);
  await ben.type('start', 'first\n\n');
  await ben.isSaved();
  line.mend();
  await ada.isSaved(BACK_WITHIN);
  await expect(ada.view.getByText('first', { exact: true })).toBeVisible();
  await ada.type('end', '!');
  await expect(ada.view.getByText('sugar!', { exact: true })).toBeVisible();
  const shown = await ada.view.locator('#view').evaluate((view) => [...view.children].map((block) => block.tagName));
  expect(shown).toEqual(['P', 'H1', 'P', 'P']);
});

test('a browser that is killed has its edits back', async ({ server, note }) => {
  const id = await note.make('tea');
  const address = `${server.origin.replace('127.0.0.1', 'localhost')}/note/${id}`;
  const profile = await mkdtemp(join(tmpdir(), 'tandem-profile-'));
  try {
    // Who somebody is, Chromium writes down within half a minute, or when it ends.
    const earlier = await startBrowser(profile);
    const arrived = await tabOf(earlier);
    await arrived.page.goto(address);
    await arrived.isSaved();
    await earlier.end();

    const first = await startBrowser(profile);
    const line = await Line.of(first);
    const ada = await tabOf(first);
    await ada.page.goto(address);
    await ada.isSaved();
    await line.cut();
    await ada.type('end', 'pot');
    await expect(ada.chip).toHaveAccessibleName('Offline · 3 changes kept on this device. Details');
    await first.kill();
    expect(await note.source(id)).toBe('tea');

    const second = await startBrowser(profile);
    const again = await tabOf(second);
    await again.page.goto(address);
    await again.isSaved();
    await again.reads('teapot');
    expect(await note.source(id)).toBe('teapot');
    await second.kill();
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('who leaves with changes that the device has is not asked', async ({ ada, note }) => {
  const id = await note.make();
  const line = await Line.of(ada);
  const tab = await tabOf(ada);
  await tab.open(id);
  await line.cut();
  await tab.type('end', 'kept');
  await expect(tab.chip).toHaveAccessibleName(/4 changes kept on this device/);
  let asked = false;
  tab.page.on('dialog', (dialog) => { asked = true; void dialog.accept(); });
  const closed = tab.page.waitForEvent('close');
  await tab.page.close({ runBeforeUnload: true });
  await closed;
  expect(asked).toBe(false);
});

for (const [trouble, script] of Object.entries({
  'is denied': `Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } })`,
  'is full': `IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }`,
})) {
  test(`where storage ${trouble}, the page says so, and asks before it is left`, async ({ ada, note }) => {
    const id = await note.make();
    await ada.context.addInitScript(script);
    const line = await Line.of(ada);
    await ada.open(id);
    await ada.type('end', 'online, ');
    await ada.isSaved();
    await line.cut();
    await ada.type('end', 'kept');
    await expect(ada.chip).toHaveAccessibleName('Offline · not stored on this device. Details');
    await ada.chip.click();
    await expect(ada.page.getByText('4 changes are in this window alone. Keep it open, or download a copy.')).toBeVisible();
    await ada.page.keyboard.press('Escape');
    const asked = ada.page.waitForEvent('dialog');
    await ada.page.close({ runBeforeUnload: true });
    const question = await asked;
    expect(question.type()).toBe('beforeunload');
    await question.dismiss();
    line.mend();
    await ada.isSaved(BACK_WITHIN);
    expect(await note.source(id)).toBe('online, kept');
  });
}

test('where what was kept is cleared under the page, the page says so', async ({ ada, note }) => {
  const id = await note.make();
  const line = await Line.of(ada);
  await ada.open(id);
  await line.cut();
  await ada.type('end', 'kept');
  await expect(ada.chip).toHaveAccessibleName(/4 changes kept on this device/);
  const session = await ada.context.newCDPSession(ada.page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(ada.page.url()).origin, storageTypes: 'indexeddb' });
  await expect(ada.chip).toHaveAccessibleName('Offline · not stored on this device. Details');
  line.mend();
  await ada.isSaved(BACK_WITHIN);
  expect(await note.source(id)).toBe('kept');
});

test('what was kept for a note that was made anew is not merged into it, and can be taken', async ({ arrive }) => {
  const server = await startServer();
  try {
    const { id } = await makeNote(server, { markdown: 'tea' });
    const ada = await arrive({ name: 'Ada', server });
    const line = await Line.of(ada);
    await ada.open(id);
    await line.cut();
    await ada.type('end', 'pot');
    await expect(ada.chip).toHaveAccessibleName(/3 changes kept on this device/);
    await server.kill();
    await forgetObject(server, `/note/${id}`);
    await server.start();
    // The page that is open does not sync either.
    line.mend();
    await expect(ada.chip).toHaveAccessibleName('Note was made anew. Details', BACK_WITHIN);
    expect(await source(server, id)).toBe('');
    ada.page.on('dialog', (dialog) => void dialog.accept());
    await ada.page.reload();
    await ada.isSaved();
    const strip = ada.page.getByText('This note was made anew since you wrote here.');
    await expect(strip).toBeVisible();
    await ada.reads('');
    await takesAway(ada, strip, 'teapot');
    // Before the server does: a page whose line is cut would complain.
    await ada.context.close();
    ada.forgive(/WebSocket connection to/);
  } finally {
    await server.stop();
  }
});

test('who may no longer write finds what they wrote, to be taken', async ({ ada, ben }) => {
  await ben.page.goto('/');
  await ben.page.getByRole('button', { name: 'New note' }).first().click();
  await ben.page.waitForURL(/\/note\//);
  await ben.isSaved();
  const id = ben.page.url().split('/').at(-1)!;
  const line = await Line.of(ada);
  const tab = await tabOf(ada);
  await tab.open(id);
  await line.cut();
  await tab.type('end', 'mine');
  await expect(tab.chip).toHaveAccessibleName(/4 changes kept on this device/);
  await tab.page.close();
  const lowered = await ben.context.request.post('/api/fn/open_to', {
    form: { note: id, audience: 'link', role: 'view' },
    headers: { origin: new URL(ben.page.url()).origin },
  });
  expect(lowered.ok(), await lowered.text()).toBe(true);
  line.mend();
  await ada.page.goto(`/note/${id}`);
  await expect(ada.chip).toHaveAccessibleName(/^View only/);
  await expect(ada.page.getByText('You can now only view this note. Your text with 4 changes')).toBeVisible();
  await ada.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ada.page.getByRole('button', { name: 'Copy text' }).click();
  await expect(ada.page.getByRole('button', { name: 'Text copied' })).toBeVisible();
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
  await ben.reads('');
  // The reader's script hands over to the app as soon as it knows that something is kept.
  ada.forgive(/WebSocket is closed before the connection is established/);
});

test('what was kept for a note that is gone by now is handed out at home', async ({ ada, server }) => {
  const { id, owner_token: token } = await makeNote(server, { markdown: 'tea' });
  const line = await Line.of(ada);
  const tab = await tabOf(ada);
  await tab.open(id);
  await line.cut();
  await tab.type('end', 'pot');
  await expect(tab.chip).toHaveAccessibleName(/3 changes kept on this device/);
  // The whole text is written down beside them a moment later.
  await expect.poll(() => kept(tab)).toEqual([3, 1]);
  await tab.page.close();
  const answer = await fetch(`${server.origin}/note/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  expect(answer.ok).toBe(true);
  line.mend();

  await ada.page.goto('/');
  const strip = ada.page.getByText('“teapot” is gone, or not shared with who you are here now. Your text with 3 changes');
  await expect(strip).toBeVisible();
  await takesAway(ada, strip, 'teapot');
});

test('signing out clears the device, and asks where something is nowhere else', async ({ ada, note, server }) => {
  const account = new Account('Ada');
  await signIn(server, account);
  await ada.context.addCookies([{
    name: '__Host-tandem', value: account.token, domain: 'localhost', path: '/', secure: true, httpOnly: true,
  }]);
  const id = await note.make();
  const line = await Line.of(ada);
  const tab = await tabOf(ada);
  await tab.open(id);
  await line.cut();
  await tab.type('end', 'kept');
  await expect(tab.chip).toHaveAccessibleName(/4 changes kept on this device/);
  await tab.page.close();

  // Pressed before the app has come, too.
  await ada.page.goto('/settings', { waitUntil: 'domcontentloaded' });
  const asked: string[] = [];
  let leave = false;
  ada.page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    void (leave ? dialog.accept() : dialog.dismiss());
  });
  const signOut = ada.page.getByRole('button', { name: 'Sign out', exact: true });
  await signOut.click();
  await expect.poll(() => asked.length).toBe(1);
  expect(asked[0]).toContain('4 changes are on this device only');
  await expect(ada.page).toHaveURL('/settings');
  expect((await kept(ada))[0]).toBeGreaterThan(0);
  leave = true;
  await signOut.click();
  await expect(ada.page).toHaveURL('/');
  expect(await kept(ada)).toEqual([0, 0]);
  expect((await ada.context.cookies()).find(({ value }) => value === account.token)).toBeUndefined();
});

/** A browser of our own, with a profile on the disk, to be killed. */
async function startBrowser(profile: string) {
  const program = process.env.TANDEM_CHROMIUM ?? '/usr/bin/chromium';
  const flags = [...LAUNCH_FLAGS, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const child = spawn(program, flags, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  let address = '';
  for await (const said of createInterface({ input: child.stderr })) {
    address = /DevTools listening on (ws:.*)$/.exec(said)?.[1] ?? '';
    if (address) break;
  }
  child.stderr.resume();
  const browser = await chromium.connectOverCDP(address);
  const [context] = browser.contexts();
  const kill = async () => {
    const gone = once(child, 'exit');
    process.kill(-child.pid!, 'SIGKILL');
    await gone;
    await browser.close();
  };
  const end = async () => {
    const gone = once(child, 'exit');
    const session = await browser.newBrowserCDPSession();
    await session.send('Browser.close').catch(() => {});
    await gone;
  };
  return { context: context!, kill, end };
}
