// Wiki links: titles offered while one is typed, the note it leads to, and the notes
// that link to it.

import { expect, test } from './fixtures';

test('a title is offered after two brackets, and the link leads there and back', async ({ ada }) => {
  await ada.page.goto('/');
  await ada.page.getByLabel('Import Markdown files').setInputFiles(
    Object.entries({ 'a.md': '# Garden plan', 'b.md': '# Garden tools', 'c.md': '# Kitchen\n\nOf the garden.' })
      .map(([name, text]) => ({ name, mimeType: 'text/markdown', buffer: Buffer.from(text) })),
  );
  await expect(ada.page.getByText('Imported', { exact: true })).toHaveCount(3);
  await ada.page.goto('/new');
  await ada.isSaved();
  const id = ada.page.url().split('/').at(-1) ?? '';
  const offered = ada.page.getByRole('listbox').getByRole('option');
  // Found by what they are called, not by what they say; the index is written within seconds.
  await expect(async () => {
    await ada.editor.fill('');
    await ada.type('end', '# Notes\n\nSee [[gard');
    await expect(offered).toHaveText(['Garden tools', 'Garden plan'], { timeout: 1_500 });
  }).toPass();
  // A list that has just opened takes no key yet, lest somebody choose without having looked.
  await expect(async () => {
    await ada.page.keyboard.press('ArrowDown');
    await expect(offered.nth(1)).toHaveAttribute('aria-selected', 'true', { timeout: 200 });
  }).toPass();
  await ada.page.keyboard.press('Enter');
  await ada.reads('# Notes\n\nSee [[Garden plan]]');
  // In code it is no link.
  const asked: string[] = [];
  ada.page.on('request', (request) => asked.push(request.url()));
  await ada.type('end', '\n\n```\n[[gard');
  await ada.isSaved();
  // Longer than it waits for the next letter before it asks.
  await ada.page.waitForTimeout(500);
  expect(asked.filter((url) => /\/api\/notes\?q=/.test(url))).toEqual([]);
  await expect(offered).toHaveCount(0);
  await ada.view.getByRole('link', { name: 'Garden plan' }).click();
  await expect(ada.title).toHaveValue('Garden plan');
  expect(ada.page.url()).not.toContain(id);
  const linked = ada.page.getByRole('navigation', { name: 'Linked from' });
  await expect(async () => {
    await ada.page.reload();
    await expect(linked.getByRole('link')).toHaveText('Notes', { timeout: 500 });
  }).toPass();
  await linked.getByRole('link', { name: 'Notes' }).click();
  await expect(ada.title).toHaveValue('Notes');
  await expect(ada.page.getByRole('navigation', { name: 'Linked from' })).toHaveCount(0);
});
