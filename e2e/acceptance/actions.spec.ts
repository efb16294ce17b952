// What is done to a note beside its text, and to myself: title, name, colour.

import { makeNote } from '../wire/notes.mjs';
import { Peer } from '../wire/peer.mjs';
import { BACK_WITHIN, expect, test, type Person } from './fixtures';
import { Line } from './line';

/** Opens the list of who is here, and finds somebody's row. */
async function rowOf(name: string, { page }: Person) {
  await page.getByRole('button', { name: /people are here$/ }).click();
  return page.getByRole('listitem').filter({ hasText: name });
}

test('a new note is one click away from home, and listed there', async ({ ada }) => {
  await ada.page.goto('/');
  await ada.page.getByRole('button', { name: 'New note' }).click();
  await expect(ada.page).toHaveURL(/\/note\/[0-9a-f-]{36}$/);
  await ada.isSaved();
  await ada.type('start', '# First');
  await expect(ada.view.getByRole('heading')).toHaveText('First');
  await ada.isSaved();
  // The list is written behind, within seconds.
  await expect(async () => {
    await ada.page.goto('/');
    await expect(ada.page.getByRole('link', { name: /^First/ })).toBeVisible({ timeout: 500 });
  }).toPass();
});

test('a title that one sets is everybody\'s', async ({ ada, ben, note }) => {
  const id = await note.make('# Heading\n');
  await ada.open(id);
  await ben.open(id);
  await expect(ada.title).toHaveValue('Heading');
  await ada.title.fill('Agenda');
  await ada.title.press('Enter');
  await expect(ben.title).toHaveValue('Agenda');
  await expect(ben.page).toHaveTitle(/^Agenda/);
  await expect(ada.page).toHaveTitle(/^Agenda/);
  // Escape puts back what was there.
  await ben.title.fill('Something else');
  await ben.title.press('Escape');
  await expect(ben.title).toHaveValue('Agenda');
  // Empty goes back to the heading, which the text still says.
  await ben.title.fill('');
  await ben.title.press('Enter');
  await expect(ada.title).toHaveValue('Heading');
  await ada.page.reload();
  await expect(ada.title).toHaveValue('Heading');
  expect(await note.source(id)).toBe('# Heading\n');
});

test('a title that was set without a line is set as soon as there is one', async ({ ada, ben, note }) => {
  const id = await note.make('# Heading\n');
  const line = await Line.of(ada);
  await ada.open(id);
  await ben.open(id);
  await ada.context.route('**/api/fn/*', (request) => request.abort());
  await line.cut();
  await ada.title.fill('Agenda');
  // Enter that an input method takes for itself is not the field's.
  await ada.title.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true });
  await expect(ada.title).toBeFocused();
  await ada.title.press('Enter');
  await expect(ada.title).toHaveAttribute('aria-invalid', 'true');
  await ada.context.unroute('**/api/fn/*');
  line.mend();
  await expect(ben.title).toHaveValue('Agenda', BACK_WITHIN);
  await expect(ada.title).toHaveAttribute('aria-invalid', 'false');
  await expect(ada.title).toHaveValue('Agenda');
  ada.forgive(/ERR_FAILED/);
});

test('what cannot be sent says so where it was pressed, and a second press sends nothing', async ({ ada, note }) => {
  await ada.open(await note.make('x'));
  let sent = 0;
  let answer = () => {};
  const answered = new Promise<void>((resolve) => { answer = resolve; });
  await ada.page.route('**/api/fn/set_theme', async (request) => {
    sent += 1;
    await answered;
    await request.abort();
  });
  await ada.page.getByRole('button', { name: 'More', exact: true }).click();
  const theme = ada.page.getByRole('group', { name: 'Theme' });
  await theme.getByRole('button', { name: 'Dark' }).click();
  await theme.getByRole('button', { name: 'Dark' }).click();
  answer();
  await expect(ada.page.getByRole('alert').filter({ hasText: 'the server does not answer' })).toBeVisible();
  expect(sent).toBe(1);
  await expect(ada.title).not.toHaveAttribute('aria-invalid', 'true');
  ada.forgive(/ERR_FAILED/);
});

test('the name and the colour that I choose are what others see', async ({ arrive, ben, note }) => {
  const id = await note.make('x');
  const ada = await arrive();
  await ada.open(id);
  await ben.open(id);
  await ada.type('end', ' y');
  await expect(await rowOf('Guest', ben)).toBeVisible();

  await ada.page.getByRole('button', { name: 'More' }).click();
  await ada.page.getByRole('button', { name: 'My name and colour' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'How others see you' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Ada');
  await dialog.getByRole('radio', { name: 'Green' }).check();
  const colour = await dialog.getByTitle('Green').evaluate((swatch) => getComputedStyle(swatch).getPropertyValue('--person'));
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog).toBeHidden();

  const seen = ben.page.getByRole('listitem').filter({ hasText: 'Ada' });
  await expect(seen).toBeVisible();
  const shown = () => seen.getByTitle('Ada').evaluate((face) => getComputedStyle(face).getPropertyValue('--person'));
  expect(colour).not.toBe('');
  await expect.poll(shown).toBe(colour);
  await expect.poll(() => ben.beforeCaretOf('Ada')).toBe('x y');

  // They stay hers.
  await ada.page.reload();
  await ada.page.getByRole('button', { name: '2 people are here' }).click();
  await expect(ada.page.getByRole('listitem').filter({ hasText: 'Ada (you)' })).toBeVisible();
});

test('who may only view sees each change, and has nothing to write in', async ({ ada, note, server }) => {
  const { id, owner_token: token } = await makeNote(server, { markdown: 'Read *me*.', access: 'view' });
  await ada.page.goto(`/note/${id}`);
  await expect(ada.view.getByText('me', { exact: true })).toHaveJSProperty('tagName', 'EM');
  await expect(ada.title).toBeHidden();
  await expect(ada.editor).toBeHidden();
  await expect(ada.chip).toHaveAccessibleName('View only. Details');
  const owner = await Peer.join(server, id, { protocols: [`tandem.bearer.${token}`] });
  owner.insert(0, 'Now. ');
  await expect(ada.view).toHaveText('Now. Read me.');
  owner.vanish();
  expect(await note.source(id)).toBe('Now. Read *me*.');
});

test('a note that is not there is a page that says so', async ({ ada }) => {
  const answer = await ada.page.goto('/note/00000000-0000-4000-8000-000000000000');
  expect(answer?.status()).toBe(404);
  await expect(ada.page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(ada.page.getByText('There is no note here, or it is not shared with you.')).toBeVisible();
  await ada.page.getByRole('link', { name: 'Go home' }).click();
  await expect(ada.page.getByRole('button', { name: 'New note' })).toBeVisible();
  // The browser itself reports the status.
  ada.forgive(/status of 404/);
});
