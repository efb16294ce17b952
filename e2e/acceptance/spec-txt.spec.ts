// Real input: the CommonMark specification, with three people and a Yjs client in
// it at once.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { expect, test, type Person } from './fixtures';
import { Peer } from '../wire/peer.mjs';

const SPEC = createRequire(import.meta.url).resolve('commonmark-spec').replace(/[^/]*$/, 'spec.txt');
const CLIPBOARD = ['clipboard-read', 'clipboard-write'];
/** Such a note takes a while to open in three browsers on a small machine. */
const PATIENCE = { timeout: 20_000 };
/** How far down the third person writes. */
const LINES_DOWN = 40;
/** How many characters of a difference are shown. */
const SHOWN = 200;

/** The whole text of the editor; only a part of it is drawn. */
async function editorTextOf({ editor, page }: Person): Promise<string> {
  await editor.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  return page.evaluate(() => navigator.clipboard.readText());
}

/** The text of the page's document, as its person would save it. */
async function documentTextOf({ chip, page }: Person): Promise<string> {
  await chip.click();
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download a copy' }).click();
  const text = await readFile(await (await download).path(), 'utf8');
  await page.keyboard.press('Escape');
  return text;
}

/** The blocks that a page shows, as its browser writes them down, without what the page added to them. */
async function blocksOf({ view }: Person): Promise<string> {
  return view.getByRole('article').evaluate((article) => {
    const copy = article.cloneNode(true) as Element;
    for (const added of copy.querySelectorAll('[data-decoration]')) added.remove();
    return copy.innerHTML;
  });
}

/** The same for HTML from the server. */
async function parsedBy({ page }: Person, html: string): Promise<string> {
  return page.evaluate((html) => {
    const template = document.createElement('template');
    template.innerHTML = html;
    return template.innerHTML;
  }, html);
}

/** Where two long texts part, and how they go on; null where they are equal. */
function differenceOf(found: string, expected: string) {
  if (found === expected) return null;
  let at = 0;
  while (found[at] === expected[at]) at += 1;
  return { at, found: found.slice(at, at + SHOWN), expected: expected.slice(at, at + SHOWN) };
}

test('three browsers and a Yjs client edit spec.txt at once and end alike', async ({ arrive, server, note }) => {
  test.setTimeout(120_000);
  const spec = await readFile(SPEC, 'utf8');
  const id = await note.make(spec);
  const [ada, ben, guest] = [
    await arrive({ name: 'Ada', permissions: CLIPBOARD }),
    await arrive({ name: 'Ben', permissions: CLIPBOARD }),
    await arrive({ permissions: CLIPBOARD }),
  ];
  const people = [ada, ben, guest];
  for (const person of people) await person.open(id, PATIENCE);
  const peer = await Peer.join(server, id);

  // In different places …
  await guest.type('start', '');
  for (let line = 0; line < LINES_DOWN; line += 1) await guest.page.keyboard.press('ArrowDown');
  await Promise.all([
    ada.type('start', 'Ada *was* here. ', { delay: 4 }),
    ben.type('end', '\n[ben]: https://example.org/é\n\n> quoted 👩‍🚀 [ben]\n', { delay: 4 }),
    guest.page.keyboard.type('A guest, too. ', { delay: 4 }),
    (async () => {
      for (const letter of 'Tabs & ') {
        peer.insert(`${peer}`.indexOf('Tabs\n\nTabs in lines'), letter);
        await peer.saved();
      }
    })(),
  ]);
  // … and on the same line.
  const alphabets = ['abcdefgh', 'ijklmnop', 'qrstuvwx'];
  await Promise.all(people.map((person, index) => person.type('start', alphabets[index] ?? '', { delay: 4 })));

  for (const person of people) await person.isSaved(PATIENCE);
  const text = await note.source(id);
  const [firstLine = ''] = text.split('Ada *was* here. ---\ntitle: CommonMark Spec\n');
  expect(firstLine.length).toBe(alphabets.join('').length);
  for (const alphabet of alphabets) {
    expect([...firstLine].filter((letter) => alphabet.includes(letter)).join('')).toBe(alphabet);
  }
  for (const words of ['A guest, too. ', '\n> quoted 👩‍🚀 [ben]\n', '\n[ben]: https://example.org/é\n', '\n## Tabs & Tabs\n']) {
    expect(text.includes(words), words).toBe(true);
  }

  await peer.until(() => `${peer}` === text, 'the Yjs client to have the same bytes');
  for (const person of people) {
    expect(differenceOf(await documentTextOf(person), text)).toBe(null);
    expect(differenceOf(await editorTextOf(person), text)).toBe(null);
  }

  // The views, grown patch by patch, are what a render from scratch gives.
  const scratch = await note.view(await note.make(text));
  expect(differenceOf(await note.view(id), scratch)).toBe(null);
  for (const person of people) {
    const expected = await parsedBy(person, scratch);
    await expect.poll(async () => differenceOf(await blocksOf(person), expected), PATIENCE).toBe(null);
  }
  await peer.leave();
});
