// Home: lists, search, pins, tags, the trash, and files that become notes.

import { expect, test, type Person } from './fixtures';

/** Makes a note of this person's by importing it. */
async function bring({ page }: Person, files: Record<string, string>) {
  const buffers = Object.entries(files).map(([name, text]) => ({ name, mimeType: 'text/markdown', buffer: Buffer.from(text) }));
  await page.getByLabel('Import Markdown files').setInputFiles(buffers);
}

/** The row of a note. */
const row = ({ page }: Person, title: string) => page.getByRole('listitem').filter({ has: page.getByRole('link', { name: new RegExp(`^${title}`) }) });

test('files that are chosen become notes, each with a word on it', async ({ ada }) => {
  await ada.page.goto('/');
  await expect(ada.page.getByText('No notes yet. Write one, or drop a .md file here.')).toBeVisible();
  await bring(ada, { 'plan.md': '# Plan\r\n\r\nTea & <b>cake</b>.', 'photo.png': 'no', 'list.markdown': '- one' });
  const lines = ada.page.getByRole('list', { name: 'Import' });
  await expect(lines.getByRole('listitem')).toHaveText([
    /^plan\.md\s*Imported$/,
    /^photo\.png\s*Not imported: only \.md files become notes\.$/,
    /^list\.markdown\s*Imported$/,
  ]);
  await lines.getByRole('link', { name: 'plan.md' }).click();
  await expect(ada.view.getByRole('heading')).toHaveText('Plan');
  await ada.isSaved();
});

test('a file that is dropped becomes a note', async ({ ada }) => {
  await ada.page.goto('/');
  await expect(ada.page.getByLabel('Import Markdown files')).toBeAttached();
  const data = await ada.page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['# Dropped'], 'dropped.md', { type: 'text/markdown' }));
    return transfer;
  });
  await expect(async () => {
    await ada.page.dispatchEvent('body', 'dragover', { dataTransfer: data });
    await expect(ada.page.getByRole('main')).toHaveAttribute('data-dropping', '', { timeout: 500 });
  }).toPass();
  await ada.page.dispatchEvent('body', 'drop', { dataTransfer: data });
  await expect(ada.page.getByText('Imported', { exact: true })).toBeVisible();
  await ada.page.reload();
  await expect(row(ada, 'Dropped')).toBeVisible();
});

test('a search shows where the words stand, and says when they stand nowhere', async ({ ada }) => {
  await ada.page.goto('/');
  await bring(ada, { 'a.md': '# Garden\n\nPlant the **quinces** in spring.', 'b.md': '# Kitchen\n\nNothing.' });
  await expect(ada.page.getByText('Imported', { exact: true })).toHaveCount(2);
  const search = ada.page.getByRole('searchbox', { name: 'Search' });
  // The words are written behind, within seconds.
  await expect(async () => {
    await ada.page.goto('/');
    await ada.page.locator('html[data-scripts]').waitFor();
    await ada.page.keyboard.press('/');
    await expect(search).toBeFocused({ timeout: 500 });
    await ada.page.keyboard.type('quin');
    await ada.page.keyboard.press('Enter');
    await expect(ada.page.locator('mark')).toHaveText('quinces', { timeout: 500 });
  }).toPass();
  await expect(row(ada, 'Garden')).toBeVisible();
  await expect(row(ada, 'Kitchen')).toHaveCount(0);
  await search.fill('nowhere');
  await search.press('Enter');
  await expect(ada.page.getByText('No notes match “nowhere”. Search looks in text and titles.')).toBeVisible();
});

test('pins, orders and tags make a list one\'s own', async ({ ada }) => {
  await ada.page.goto('/');
  await bring(ada, { 'a.md': '# Apples', 'b.md': '# Bread', 'c.md': '---\ntags: [garden]\n---\n\n# Cherries' });
  await expect(ada.page.getByText('Imported', { exact: true })).toHaveCount(3);
  await ada.page.goto('/');
  await row(ada, 'Apples').hover();
  await ada.page.getByRole('button', { name: 'Pin Apples' }).click();
  await ada.page.getByRole('link', { name: 'Pinned' }).click();
  await expect(ada.page.getByRole('heading', { level: 2, name: 'Pinned' })).toBeVisible();
  await expect(row(ada, 'Apples')).toBeVisible();
  await expect(row(ada, 'Bread')).toHaveCount(0);
  await row(ada, 'Apples').hover();
  await ada.page.getByRole('button', { name: 'Unpin Apples' }).click();
  await expect(ada.page.getByText('Nothing pinned.')).toBeVisible();

  await ada.page.goto('/');
  await ada.page.getByRole('button', { name: 'Last change' }).click();
  await ada.page.getByRole('link', { name: 'Title' }).click();
  await expect(ada.page).toHaveURL(/sort=title/);
  await expect(ada.page.locator('.note-title').first()).toHaveText(/^Apples/);
  await expect(async () => {
    await ada.page.goto('/');
    await ada.page.getByRole('link', { name: 'garden', exact: true }).click({ timeout: 500 });
  }).toPass();
  await expect(ada.page.locator('.note-title')).toHaveCount(1);
});

test('the trash gives back, and deletes for who types the title', async ({ ada }) => {
  await ada.page.goto('/');
  await bring(ada, { 'a.md': '# Apples' });
  await expect(ada.page.getByText('Imported', { exact: true })).toBeVisible();
  await ada.page.goto('/');
  const toTrash = async () => {
    await row(ada, 'Apples').hover();
    await ada.page.getByRole('button', { name: 'Move Apples to the trash' }).click();
    await expect(ada.page.getByText('The note is in the trash.')).toBeVisible();
  };
  await toTrash();
  await ada.page.getByRole('button', { name: 'Undo' }).click();
  await expect(ada.page).toHaveURL(/\/note\//);
  await ada.page.goto('/');
  await toTrash();
  await ada.page.getByRole('link', { name: 'Trash' }).click();
  await expect(ada.page.getByText('30 days left')).toBeVisible();
  await ada.page.getByText('Delete for good').first().click();
  const title = ada.page.getByRole('textbox', { name: /^The title of Apples/ });
  await title.fill('Apples');
  await title.press('Enter');
  await expect(ada.page.getByText('The trash is empty.')).toBeVisible();
});

test('a list says where people are now', async ({ ada, ben }) => {
  await ada.page.goto('/');
  await ada.page.getByRole('button', { name: 'New note' }).click();
  await ada.isSaved();
  const id = ada.page.url().split('/').at(-1) ?? '';
  await ben.open(id);
  await ada.page.goto('/');
  const says = async (count: string | null) => expect(async () => {
    await ada.page.goto('/');
    const here = row(ada, 'Untitled').locator('.note-here');
    if (count) await expect(here).toHaveText(count, { timeout: 500 });
    else await expect(here).toHaveCount(0, { timeout: 500 });
  }).toPass();
  await says('1 here');
  await ben.page.goto('/');
  await says(null);
});

test('one key makes a note', async ({ ada }) => {
  await ada.page.goto('/');
  await expect(async () => {
    await ada.page.keyboard.press('n');
    await expect(ada.page).toHaveURL(/\/note\//, { timeout: 1_000 });
  }).toPass();
  await ada.isSaved();
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('lists, search and the trash are there all the same', async ({ arrive }) => {
    const ada = await arrive({ name: 'Ada', javaScriptEnabled: false });
    await ada.page.goto('/');
    await ada.page.getByRole('button', { name: 'New note' }).click();
    await expect(ada.page).toHaveURL(/\/note\//);
    await ada.page.goto('/');
    await ada.page.getByRole('button', { name: 'Pin Untitled' }).click({ force: true });
    await ada.page.getByRole('link', { name: 'Pinned' }).click();
    await expect(row(ada, 'Untitled')).toBeVisible();
    await ada.page.getByRole('searchbox', { name: 'Search' }).fill('nothing');
    await ada.page.getByRole('searchbox', { name: 'Search' }).press('Enter');
    await expect(ada.page.getByText('No notes match “nothing”.')).toBeVisible();
  });
});
