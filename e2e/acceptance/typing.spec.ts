// Two people in one note: text, view, carets, undo.

import { startServer } from '../server.mjs';
import { makeNote, source } from '../wire/notes.mjs';
import { expect, test } from './fixtures';

test('what one types, the other sees: text, view and caret', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  await ada.open(id);
  await ben.open(id);

  await ada.type('end', '\nTea with *Ben*.');
  await ben.reads('# Plans\n\nTea with *Ben*.');
  for (const { view } of [ada, ben]) {
    await expect(view.getByText('Ben', { exact: true })).toHaveJSProperty('tagName', 'EM');
  }
  await expect.poll(() => ben.beforeCaretOf('Ada')).toBe('# Plans\n\nTea with *Ben*.');

  await ben.type('start', '');
  await ben.page.keyboard.press('End');
  await ben.page.keyboard.type(' for today');
  await ada.reads('# Plans for today\n\nTea with *Ben*.');
  for (const { view } of [ada, ben]) {
    await expect(view.getByRole('heading', { level: 1 })).toHaveText('Plans for today');
  }
  // Ben's caret is where he writes, and Ada's has moved on with her words.
  await expect.poll(() => ada.beforeCaretOf('Ben')).toBe('# Plans for today');
  await expect.poll(() => ben.beforeCaretOf('Ada')).toBe('# Plans for today\n\nTea with *Ben*.');

  await ada.isSaved();
  await ben.isSaved();
  expect(await note.source(id)).toBe('# Plans for today\n\nTea with *Ben*.');
});

test('both type at once, and both end with the same text', async ({ ada, ben, note }) => {
  const id = await note.make('middle');
  await ada.open(id);
  await ben.open(id);
  await Promise.all([
    ada.type('start', 'from the front ', { delay: 5 }),
    ben.type('end', ' from the end', { delay: 5 }),
  ]);
  const text = 'from the front middle from the end';
  await ada.reads(text);
  await ben.reads(text);
  await expect.poll(() => note.source(id)).toBe(text);
});

test('undo takes back what I did, and not what others did', async ({ ada, ben, note }) => {
  const id = await note.make('x');
  await ada.open(id);
  await ben.open(id);
  // In one piece: keys that come half a second apart are taken back one by one.
  await ada.type('end', '');
  await ada.page.keyboard.insertText('mine');
  await ben.reads('xmine');
  await ben.type('start', 'yours ');
  await ada.reads('yours xmine');

  await ada.page.keyboard.press('Control+z');
  await ada.reads('yours x');
  await ben.reads('yours x');
  // There is nothing more of hers to take back.
  await ada.page.keyboard.press('Control+z');
  await ada.page.keyboard.type('!');
  await ben.reads('yours x!');
  await ada.page.keyboard.press('Control+z');
  await ben.reads('yours x');
  await ada.page.keyboard.press('Control+y');
  await ben.reads('yours x!');
});

test('who is here is told by name, and who left is not here', async ({ ada, ben, note }) => {
  const id = await note.make('x');
  const faces = (words: string) => ada.page.getByRole('button', { name: words });
  await ada.open(id);
  await expect(faces('Only you are here')).toBeVisible();
  await ben.open(id);
  await faces('2 people are here').click();
  await expect(ada.page.getByRole('listitem').filter({ hasText: 'Ada (you)' })).toBeVisible();
  await expect(ada.page.getByRole('listitem').filter({ hasText: 'Ben' })).toBeVisible();
  await ben.page.close();
  await expect(faces('Only you are here')).toBeVisible();
  await expect.poll(() => ada.beforeCaretOf('Ben')).toBe(null);
});

test('who comes later sees where the others are', async ({ ada, ben, note }) => {
  const id = await note.make('one two');
  await ada.open(id);
  await ada.type('start', 'zero ');
  await ada.isSaved();
  await ben.open(id);
  await expect.poll(() => ben.beforeCaretOf('Ada')).toBe('zero ');
});

test('a page that is opened later has everything', async ({ ada, ben, note }) => {
  const id = await note.make();
  await ada.open(id);
  await ada.type('start', '- one');
  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.type('two');
  await ada.isSaved();
  await ben.open(id);
  await expect(ben.view.getByRole('listitem')).toHaveText(['one', 'two']);
  await ben.reads('- one\n- two');
  await ada.page.reload();
  await expect(ada.view.getByRole('listitem')).toHaveText(['one', 'two']);
  await ada.reads('- one\n- two');
});

test('what a full note does not take is not shown, and undo brings nothing of it', async ({ arrive }) => {
  const server = await startServer({ vars: { MAX_NOTE_BYTES: 20 } });
  try {
    const { id } = await makeNote(server, { markdown: 'tea for two' });
    const ada = await arrive({ name: 'Ada', server });
    await ada.open(id);
    await ada.type('start', '');
    for (const _ of 'tea') await ada.page.keyboard.press('Shift+ArrowRight');
    await ada.page.keyboard.insertText('more coffee than there is room for');
    await expect(ada.chip).toHaveAccessibleName('Note is full. Details');
    await ada.reads('tea for two');
    await ada.page.keyboard.press('Control+z');
    await ada.type('end', '!');
    await ada.reads('tea for two!');
    await ada.isSaved();
    expect(await source(server, id)).toBe('tea for two!');
    await ada.page.close();
  } finally {
    await server.stop();
  }
});
