// Text of strangers, wherever text of strangers is shown, in a real browser: nothing
// of it runs, and the content security policy, the second net, catches nothing.
// `TANDEM_PAYLOADS` says how many are tried in each place.

import { type BrowserContext } from '@playwright/test';

import { handle, PAYLOADS, PIECES, some, watch } from '../hostile.mjs';
import { startServer, type Server } from '../server.mjs';
import { Listener } from '../wire/listener.mjs';
import { makeNote } from '../wire/notes.mjs';
import { Person as Writer } from '../wire/people.mjs';
import { expect, test as base } from './fixtures';

const COUNT = Number(process.env.TANDEM_PAYLOADS ?? 60);
/** Payloads that share one note, each shut off from the next by the end of its quote. */
const TOGETHER = 20;
/** Payloads that share one chat: a log of thousands is slow to look through. */
const IN_A_CHAT = 300;
/** Pages that are open side by side. */
const TABS = 6;
/** A word that searches look for. */
const NEEDLE = 'quincunx';
const MARKDOWN = 'text/markdown';
const ALLOWED = ['http:', 'https:', 'mailto:'];

const PAYLOADS_TRIED = some(PAYLOADS, COUNT);
const LINES_TRIED = PAYLOADS_TRIED.map((payload) => payload.replaceAll('\n', ' '));

interface Watching {
  /** Where pages are from: by name, which secure cookies over plain HTTP need. */
  origin: string;
  /** A browser in which whatever runs, or is reported, is noted. */
  watched: { context: BrowserContext; breaches: string[] };
}

const test = base.extend<Watching, { server: Server }>({
  // With rates that let a test talk as fast as it can.
  server: [async ({}, use) => {
    const server = await startServer({ vars: { MESSAGE_BURST: '10000', MESSAGES_A_SECOND: '10000' } });
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],
  origin: async ({ server }, use) => use(server.origin.replace('127.0.0.1', 'localhost')),
  watched: async ({ browser, origin }, use) => {
    const context = await browser.newContext({ baseURL: origin });
    const breaches = await watch(context);
    const named = await context.request.post('/api/fn/set_person', {
      form: { name: 'Ada', colour: '0' }, headers: { origin },
    });
    expect(named.ok(), await named.text()).toBe(true);
    await use({ context, breaches });
    await context.close();
    expect(breaches).toEqual([]);
  },
});

test.setTimeout(60_000 + COUNT * 1_000);

/** Cuts a list into lists of so many. */
function groups<T>(list: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}

/** Payloads one after the other, each within a quote, so that none swallows the next. */
const quoted = (payloads: string[], group: number) => payloads
  .map((payload, index) => `> ${payload.replaceAll('\n', '\n> ')}\n\nAfter ${index} of ${group}.\n`).join('\n');

/** Makes a note that says a line everywhere it can; the address of its page. */
async function made(context: BrowserContext, origin: string, line: string): Promise<string> {
  const answer = await context.request.post('/new', {
    maxRedirects: 0, headers: { origin, 'content-type': MARKDOWN }, data: `# ${line}\n\n${NEEDLE} ${line}\n`,
  });
  expect(answer.status(), await answer.text()).toBe(303);
  return answer.headers().location ?? '';
}

test('what is watched for is seen', async ({ browser, origin }) => {
  const context = await browser.newContext({ baseURL: origin });
  const breaches = await watch(context);
  const page = await context.newPage();
  await page.goto('/');
  await page.evaluate(() => {
    alert(1);
    document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="alert(2)"><a href="javascript:alert(3)">x</a>');
  });
  await expect.poll(() => breaches.join()).toMatch(/alert\(1\).*policy script-src-attr/s);
  expect(await page.locator('body').evaluate(handle)).toContain('javascript:');
  await context.close();
});

test(`in the view: ${COUNT} payloads, served and brought by patches`, async ({ watched, server }) => {
  // One page reads, the other has the editor open: each applies patches its own way.
  const { id } = await makeNote(server, { markdown: 'Before.' });
  const pages = [await watched.context.newPage(), await watched.context.newPage()];
  for (const [index, page] of pages.entries()) {
    await page.addInitScript((mode) => localStorage.setItem('tandem.mode', mode), index === 0 ? 'view' : 'both');
    await page.goto(`/note/${id}`);
  }
  await expect(pages[1].getByRole('textbox', { name: 'Note source' })).toBeAttached();
  const views = pages.map((page) => page.locator('#view'));
  let shown = 0;
  for (const [group, payloads] of groups(PAYLOADS_TRIED, TOGETHER).entries()) {
    const markdown = quoted(payloads, group);
    const answer = await fetch(`${server.origin}/note/${id}.md`, {
      method: 'PUT', headers: { 'if-match': await versionOf(server, id), 'content-type': MARKDOWN }, body: markdown,
    });
    expect(answer.ok, await answer.text()).toBe(true);
    for (const view of views) {
      await expect(view.getByText(`After ${payloads.length - 1} of ${group}.`, { exact: true })).toBeAttached();
      shown += await view.getByText(new RegExp(`^After \\d+ of ${group}\\.$`)).count();
      for (const scheme of await view.evaluate(handle)) expect(ALLOWED).toContain(scheme);
    }
    const served = await makeNote(server, { markdown: payloads.join('\n\n') });
    const other = await watched.context.newPage();
    await other.goto(`/note/${served.id}`, { waitUntil: 'domcontentloaded' });
    for (const scheme of await other.locator('#view').evaluate(handle)) expect(ALLOWED).toContain(scheme);
    await other.close();
  }
  expect(shown, 'none swallowed another').toBe(2 * PAYLOADS_TRIED.length);
});

test(`in titles, tabs and cards: ${COUNT} payloads`, async ({ watched, origin }) => {
  const waiting = [...LINES_TRIED];
  let tried = 0;
  const take = async () => {
    const page = await watched.context.newPage();
    // As they are served: what our own scripts do with a title is looked at below.
    await page.route('**/pkg/**/*.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }));
    for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
      await page.goto(await made(watched.context, origin, line), { waitUntil: 'domcontentloaded' });
      await expect(page).toHaveTitle(/ · Tandem$/);
      await expect(page.locator('meta[property="og:title"]')).toHaveCount(1);
      tried += 1;
    }
    await page.close();
  };
  await Promise.all(Array.from({ length: TABS }, take));
  expect(tried).toBe(LINES_TRIED.length);
});

test(`in lists and search: ${COUNT} payloads`, async ({ watched, origin }) => {
  for (const lines of groups(LINES_TRIED, TABS)) {
    await Promise.all(lines.map((line) => made(watched.context, origin, line)));
  }
  const page = await watched.context.newPage();
  let rows = 0;
  for (const query of ['', `q=${NEEDLE}`]) {
    await expect(async () => {
      rows = 0;
      let next: string | null = `/?${query}`;
      while (next !== null) {
        await page.goto(next);
        rows += await page.locator('.note-title').count();
        const main = page.getByRole('main');
        for (const scheme of await main.evaluate(handle)) expect(ALLOWED).toContain(scheme);
        const more = page.getByRole('link', { name: 'More', exact: true });
        next = await more.count() > 0 ? await more.getAttribute('href') : null;
      }
      expect(rows).toBeGreaterThanOrEqual(LINES_TRIED.length);
    }).toPass({ timeout: 90_000 + COUNT * 200 });
  }
});

test(`in a title that is set while people look: ${COUNT} payloads`, async ({ watched, server, origin }) => {
  const made = await watched.context.request.post('/new', {
    maxRedirects: 0, headers: { origin, 'content-type': MARKDOWN }, data: 'Before.',
  });
  const path = made.headers().location ?? '';
  const pages = [await watched.context.newPage(), await watched.context.newPage()];
  for (const [index, page] of pages.entries()) {
    await page.addInitScript((mode) => localStorage.setItem('tandem.mode', mode), index === 0 ? 'view' : 'both');
    await page.goto(path);
  }
  await expect(pages[1].getByRole('textbox', { name: 'Note source' })).toBeAttached();
  const note = path.slice('/note/'.length);
  for (const [index, line] of LINES_TRIED.entries()) {
    const title = `${index} ${line}`.slice(0, 150);
    const set = await watched.context.request.post('/api/fn/set_title', { form: { note, title }, headers: { origin } });
    expect(set.ok(), await set.text()).toBe(true);
    for (const page of pages) await page.waitForFunction((number) => document.title.startsWith(`${number} `), index);
  }
  expect(await (await fetch(`${server.origin}/note/${note}.md`)).text()).toBe('Before.');
});

test(`in chat, bell and names: ${COUNT} payloads`, async ({ watched, server }) => {
  const page = await watched.context.newPage();
  // The log keeps the newest messages only, so each group is looked at when it is said.
  const log = page.getByRole('log');
  let said = 0;
  let id = '';
  for (const payloads of groups(PAYLOADS_TRIED, TOGETHER)) {
    if (said % IN_A_CHAT === 0) {
      ({ id } = await makeNote(server, { markdown: '# Plans' }));
      await page.goto(`/note/${id}`);
      await page.getByRole('button', { name: /^Chat/ }).click();
      await expect(page.getByText('No messages yet.')).toBeVisible();
    }
    const name = PIECES[said % PIECES.length] ?? 'x';
    const talker = await Listener.join(server, `/chat/note-${id}`, { person: new Writer(name) });
    for (const payload of payloads) {
      talker.ask({ type: 'say', id: `m${said}`, text: `@Ada ${payload}` });
      said += 1;
      await talker.until(() => talker.all('message').some(({ message }) => message.id === `m${said - 1}`), `message ${said}`);
    }
    const last = `That was ${said} of ${COUNT}.`;
    talker.ask({ type: 'say', id: `last${said}`, text: last });
    await expect(log.getByText(last, { exact: true })).toBeAttached({ timeout: 30_000 });
    const articles = await log.getByRole('article').all();
    expect(articles.length).toBeGreaterThan(payloads.length);
    // What was said before was looked at then.
    for (const article of articles.slice(-payloads.length - 1)) {
      for (const scheme of await article.evaluate(handle)) expect(ALLOWED).toContain(scheme);
    }
    talker.vanish();
  }
  await expect(page.getByRole('button', { name: /^Notifications, / })).toBeVisible({ timeout: 30_000 });
  await page.goto('/');
  await page.getByRole('button', { name: /^Notifications, / }).click();
  const panel = page.getByRole('region', { name: 'Notifications', exact: true });
  await expect(panel.getByRole('listitem').first()).toBeVisible();
  for (const scheme of await panel.evaluate(handle)) expect(ALLOWED).toContain(scheme);
});

test(`in the names of files: ${PIECES.length} of them`, async ({ watched }) => {
  const page = await watched.context.newPage();
  await page.goto('/');
  const input = page.getByLabel('Import Markdown files');
  await expect(input).toBeAttached();
  const files = PIECES.map((piece) => ({ name: `${piece.replaceAll('/', '∕')}.md`, mimeType: 'text/markdown', buffer: Buffer.from('text') }));
  await input.setInputFiles(files.slice(0, 50));
  const lines = page.getByRole('list', { name: 'Import' }).getByRole('listitem');
  await expect(lines).toHaveCount(50);
  await expect(lines.last()).toContainText('Imported', { timeout: 60_000 });
});

/** The version of a note, as its `ETag` says it. */
async function versionOf(server: Server, id: string): Promise<string> {
  const answer = await fetch(`${server.origin}/note/${id}.md`);
  return answer.headers.get('etag') ?? '';
}
