// What the browser tests share: a server, and the two people in every story.

import { test as base, expect, type Browser, type BrowserContext, type Page } from '@playwright/test';

import { startServer, type Server } from '../server.mjs';
import { makeNote, source, view } from '../wire/notes.mjs';

/** Somebody at a computer of their own. */
export interface Person {
  context: BrowserContext;
  page: Page;
  /** Opens a note and waits until it can be written in. */
  open(id: string): Promise<void>;
  /** Where the source is written. */
  editor: ReturnType<Page['locator']>;
  /** The rendered view. */
  view: ReturnType<Page['locator']>;
  /** Says whether the note is connected and saved. */
  chip: ReturnType<Page['locator']>;
  /** What the browser's console complained of. */
  complaints: string[];
}

interface Fixtures {
  ada: Person;
  ben: Person;
  note: { make(markdown?: string, access?: string): Promise<string>; source(id: string): Promise<string>; view(id: string): Promise<string> };
}

export const test = base.extend<Fixtures, { server: Server }>({
  server: [async ({}, use) => {
    const server = await startServer();
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],
  note: async ({ server }, use) => {
    await use({
      make: async (markdown = '', access) => (await makeNote(server, { markdown, access })).id,
      source: (id) => source(server, id),
      view: (id) => view(server, id),
    });
  },
  ada: async ({ browser, server }, use) => withPerson(browser, server, use),
  ben: async ({ browser, server }, use) => withPerson(browser, server, use),
});

async function withPerson(browser: Browser, server: Server, use: (person: Person) => Promise<void>) {
  const person = await arrive(browser, server);
  await use(person);
  await person.context.close();
  expect(person.complaints, 'the console is empty').toEqual([]);
}

/** One more person, for stories with three. Their context is the caller's to close. */
export async function arrive(browser: Browser, server: Server, options = {}): Promise<Person> {
  // By name: passkeys and secure cookies need one.
  const baseURL = server.origin.replace('127.0.0.1', 'localhost');
  const context = await browser.newContext({ baseURL, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(`${error}`));
  const editor = page.getByRole('textbox', { name: 'Note source' });
  const chip = page.getByRole('button', { name: /Details$/ });
  return {
    context,
    page,
    editor,
    chip,
    complaints,
    view: page.getByRole('region', { name: 'View' }),
    async open(id) {
      await page.goto(`/note/${id}`);
      await expect(chip).toHaveText('Saved');
    },
  };
}

export { expect };
