// What the browser tests share: a server, people with browsers of their own, and
// what can be seen of a text that several of them write.

import { test as base, expect, type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page } from '@playwright/test';

import { startServer, type Server } from '../server.mjs';
import { makeNote, source, view } from '../wire/notes.mjs';

/** What Playwright says itself where the configuration lets no service worker in. */
const BLOCKED = 'Service Worker registration blocked by Playwright';

/** What stands in for sockets (`routeWebSocket`) is open to a page for a moment longer than the socket behind
 *  it; whether that is open a page of ours looks before each frame, so without a stand-in nobody hears this. */
const CLOSED_BEHIND = 'WebSocket is already in CLOSING or CLOSED state.';

/** How long a page may take to notice that the line is back, and to catch up. */
export const BACK_WITHIN = { timeout: 20_000 };

/** What the chip is called when everything is stored; after an absence it says first what was merged. */
export const SAVED = /^(Saved|Back online · .*?)( · Slow connection mode)?\. Details$/;

/** Somebody at a computer of their own. */
export class Person {
  /** Where the source is written. */
  readonly editor: Locator;
  /** The rendered view. */
  readonly view: Locator;
  /** Says whether the note is connected and saved. */
  readonly chip: Locator;
  readonly title: Locator;
  /** What the browser's console complained of. */
  readonly complaints: string[] = [];

  constructor(readonly context: BrowserContext, readonly page: Page) {
    this.editor = page.getByRole('textbox', { name: 'Note source' });
    this.view = page.getByRole('region', { name: 'View' });
    this.chip = page.getByRole('button', { name: /Details$/ });
    this.title = page.getByRole('textbox', { name: 'Title' });
    page.on('console', (message) => {
      // What a page tries where there may be no server: that it failed the browser says by itself.
      const tried = /[?&]line=|\/view\.js$/.test(message.location().url);
      const ours = [BLOCKED, CLOSED_BEHIND].includes(message.text()) || tried;
      if (!ours && ['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(`${error}`));
  }

  /** Opens a note and waits until it can be written in. */
  async open(id: string, patience = {}) {
    await this.page.goto(`/note/${id}`);
    await this.isSaved(patience);
    await expect(this.editor).toBeAttached();
  }

  /** Waits until everything is stored, by the page's word. */
  async isSaved(patience = {}) {
    await expect(this.chip).toHaveAccessibleName(SAVED, patience);
  }

  /** Types at the start of the text or at its end, as fast as a test can. */
  async type(where: 'start' | 'end', words: string, options = {}) {
    await this.editor.focus();
    await this.page.keyboard.press(where === 'start' ? 'Control+Home' : 'Control+End');
    await this.page.keyboard.type(words, options);
  }

  /** The lines of the editor that are drawn (all, where the note is short), without the others' carets. */
  async written(): Promise<string> {
    return this.editor.evaluate((editor) => {
      const copy = editor.cloneNode(true) as HTMLElement;
      for (const drawn of copy.querySelectorAll('[aria-hidden="true"]')) drawn.remove();
      return [...copy.children].map((line) => line.textContent).join('\n');
    });
  }

  /** Waits until the editor shows a text. */
  async reads(text: string, patience = {}) {
    await expect.poll(() => this.written(), patience).toBe(text);
  }

  /** What stands before somebody else's caret; null where none is drawn. Carets are hidden from roles. */
  async beforeCaretOf(name: string): Promise<string | null> {
    return this.editor.evaluate((editor, name) => {
      const flags = [...editor.querySelectorAll('.remote-flag')];
      const caret = flags.find((flag) => flag.textContent === name)?.parentElement;
      if (!caret) return null;
      const range = document.createRange();
      range.setStart(editor, 0);
      range.setEndBefore(caret);
      const before = document.createElement('div');
      before.append(range.cloneContents());
      for (const drawn of before.querySelectorAll('[aria-hidden="true"]')) drawn.remove();
      return [...before.children].map((line) => line.textContent).join('\n');
    }, name);
  }

  /** Takes expected words out of what the console said: it reports by itself that a line is cut. */
  forgive(words: RegExp) {
    const others = this.complaints.filter((complaint) => !words.test(complaint));
    this.complaints.splice(0, Infinity, ...others);
  }
}

/** What a page fetched of ours, by the names of the files. */
export function fetched({ page }: Person): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/^\/(pkg|frames)\//.test(pathname)) names.push(pathname.split('/').at(-1) ?? '');
  });
  return names;
}

/** Lets a file wait until it is told to come. */
export async function held({ page }: Person, file: string): Promise<() => void> {
  let come = () => {};
  const comes = new Promise<void>((resolve) => { come = resolve; });
  await page.route(`**/${file}`, async (route) => {
    await comes;
    await route.continue();
  });
  return come;
}

/** A browser that is somebody's; `name` is left out for a guest who chose none, `colour` counts in the palette. */
export type Arriving = BrowserContextOptions & { name?: string; colour?: number; server?: Server };

interface Fixtures {
  /** One more person. They leave by themselves when the test ends, and their console must be empty. */
  arrive(options?: Arriving): Promise<Person>;
  ada: Person;
  ben: Person;
  note: {
    make(markdown?: string, access?: string): Promise<string>;
    source(id: string): Promise<string>;
    view(id: string): Promise<string>;
  };
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
  arrive: async ({ browser, server }, use) => {
    const people: Person[] = [];
    await use(async (options = {}) => {
      const person = await arrive(browser, { server, ...options });
      people.push(person);
      return person;
    });
    for (const { context } of people) await context.close();
    expect(people.flatMap(({ complaints }) => complaints), 'the consoles are empty').toEqual([]);
  },
  ada: async ({ arrive }, use) => use(await arrive({ name: 'Ada' })),
  ben: async ({ arrive }, use) => use(await arrive({ name: 'Ben', colour: 1 })),
});

async function arrive(browser: Browser, { server, name, colour = 0, ...options }: Arriving & { server: Server }): Promise<Person> {
  // By name: secure cookies over plain HTTP need one.
  const baseURL = server.origin.replace('127.0.0.1', 'localhost');
  const context = await browser.newContext({ baseURL, ...options });
  if (name !== undefined) {
    const answer = await context.request.post('/api/fn/set_person', {
      form: { name, colour: `${colour}` },
      headers: { origin: baseURL },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
  }
  return new Person(context, await context.newPage());
}

export { expect };
