// The same note in a browser that runs no scripts: plain pages and plain forms.

import { expect, test } from './fixtures';

const WITHOUT = { name: 'Ada', javaScriptEnabled: false };

test('a note is made, read and changed by plain forms', async ({ arrive, note }) => {
  const { page } = await arrive(WITHOUT);
  await page.goto('/');
  await page.getByRole('button', { name: 'New note' }).click();
  await expect(page).toHaveURL(/\/note\/[0-9a-f-]{36}$/);
  const id = page.url().split('/').at(-1) ?? '';

  await page.getByRole('link', { name: 'Edit as a form' }).click();
  const text = '# Plans\n\nTea & <b>cake</b>.\n';
  await page.getByRole('textbox', { name: 'Note source' }).fill(text);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(new RegExp(`/note/${id}$`));
  await expect(page.locator('#view').getByRole('heading', { name: 'Plans' })).toBeVisible();
  expect(await note.source(id)).toBe(text);
  // What the form starts from next time is the text, not what a parser makes of it.
  await page.getByRole('link', { name: 'Edit as a form' }).click();
  await expect(page.getByRole('textbox', { name: 'Note source' })).toHaveValue(text);
});

test('the page is whole as it is served, and shows nothing that needs scripts', async ({ arrive, note }) => {
  const id = await note.make('# Plans\n\n- [x] tea\n');
  const { page, title, view, editor, chip } = await arrive(WITHOUT);
  await page.goto(`/note/${id}`);
  await expect(page).toHaveTitle(/^Plans/);
  await expect(title).toHaveValue('Plans');
  await expect(view.getByRole('heading', { name: 'Plans' })).toBeVisible();
  await expect(view.getByRole('listitem')).toHaveText(/tea/);
  await expect(editor).toBeHidden();
  await expect(chip).toBeHidden();
  await expect(page.getByRole('button', { name: 'Share' })).toBeHidden();
});

test('what others wrote while a form was open stays', async ({ arrive, ben, note }) => {
  const id = await note.make('one\ntwo\nthree\n');
  const { page } = await arrive(WITHOUT);
  await page.goto(`/note/${id}/edit`);
  await ben.open(id);
  await ben.type('start', 'zero ');
  await ben.isSaved();
  await page.getByRole('textbox', { name: 'Note source' }).fill('one\ntwo\nthree\nfour\n');
  await page.getByRole('button', { name: 'Save' }).click();
  await ben.reads('zero one\ntwo\nthree\nfour\n');
  await expect(ben.view).toContainText('four');
  expect(await note.source(id)).toBe('zero one\ntwo\nthree\nfour\n');
});

test('the title is a plain form, and who has the note open sees it change', async ({ arrive, ben, note }) => {
  const id = await note.make('# Heading\n');
  await ben.open(id);
  const { page, title } = await arrive(WITHOUT);
  await page.goto(`/note/${id}`);
  await title.fill('Agenda');
  await title.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/note/${id}$`));
  await expect(title).toHaveValue('Agenda');
  await expect(ben.title).toHaveValue('Agenda');
});

test('my name and colour are a plain form, and others see them', async ({ arrive, ben, note }) => {
  const plain = await arrive({ javaScriptEnabled: false });
  await plain.page.goto('/');
  await plain.page.getByText(/^You are/).click();
  await plain.page.getByRole('textbox', { name: 'Name' }).fill('Ada');
  await plain.page.getByRole('radio', { name: 'Plum' }).check();
  await plain.page.getByRole('button', { name: 'Save' }).click();
  await expect(plain.page.getByText(/^You are/)).toHaveText(/Ada/);

  const id = await note.make('x');
  await ben.open(id);
  // The same browser, with scripts again.
  const ada = await arrive({ storageState: await plain.context.storageState() });
  await ada.open(id);
  await ben.page.getByRole('button', { name: '2 people are here' }).click();
  await expect(ben.page.getByRole('listitem').filter({ hasText: 'Ada' })).toBeVisible();
});

test('the theme is a plain form', async ({ arrive, note }) => {
  const id = await note.make('# Plans\n');
  const { page } = await arrive({ ...WITHOUT, colorScheme: 'light' });
  await page.goto(`/note/${id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(page).toHaveURL(new RegExp(`/note/${id}$`));
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});
