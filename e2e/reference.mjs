// The note that uses every feature (note/tests/cases/features.md) as its published
// page shows it: the pictures in docs/reference, by which a change of the view or of
// its styles can be looked at. `node e2e/reference.mjs`

import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

import { startServer } from './server.mjs';

const SOURCE = new URL('../note/tests/cases/features.md', import.meta.url);
const FOLDER = fileURLToPath(new URL('../docs/reference/', import.meta.url));
const WIDE = { width: 1100, height: 900 };
// As wide as an A4 sheet without its margins, at 96 pixels an inch.
const PAPER = { width: 700, height: 990 };
const LOOKS = [
  ['light', WIDE, { colorScheme: 'light' }],
  ['dark', WIDE, { colorScheme: 'dark' }],
  ['phone', { width: 390, height: 844 }, { colorScheme: 'light' }],
  ['print', PAPER, { colorScheme: 'light', media: 'print' }],
];

const server = await startServer();
const origin = server.origin.replace('127.0.0.1', 'localhost');
const browser = await chromium.launch({
  executablePath: process.env.TANDEM_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const owner = await browser.newContext({ baseURL: origin });
  const note = await publish(owner.request);
  await mkdir(FOLDER, { recursive: true });
  for (const [name, viewport, media] of LOOKS) {
    // Without motion, or what opens is seen half open.
    const context = await browser.newContext({
      baseURL: origin, viewport, colorScheme: media.colorScheme, reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    await page.goto(`/p/features-${note}`);
    // A diagram is drawn when it comes near.
    await page.locator('#view pre', { hasText: 'graph LR' }).scrollIntoViewIfNeeded();
    await page.locator('.diagram[data-drawn]').waitFor();
    await page.getByRole('button', { name: 'Copy code (rust)' }).waitFor({ state: 'attached' });
    await page.emulateMedia(media);
    // All of it in view, for a frame outside of it is not painted.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ ...viewport, height });
    await page.evaluate(() => scrollTo(0, 0));
    await page.screenshot({ path: `${FOLDER}features-${name}.png` });
    console.log(`features-${name}.png`);
  }
} finally {
  await browser.close();
  await server.stop();
}

/** Makes the note and a page of it; what tells the page from others. */
async function publish(request) {
  const ask = { headers: { origin }, maxRedirects: 0 };
  const made = await request.post('/new', {
    ...ask, headers: { origin, 'content-type': 'text/markdown' }, data: await readFile(SOURCE, 'utf8'),
  });
  const note = made.headers().location.split('/').at(-1);
  const tail = note.slice(0, 8);
  const answer = await request.post('/api/fn/publish', {
    ...ask, form: { note, slug: `features-${tail}`, contents: 'true' },
  });
  if (answer.status() >= 400) throw new Error(`not published: ${await answer.text()}`);
  return tail;
}
