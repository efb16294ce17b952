// The command palette and the keys that work everywhere.

import { expect, test, type Person } from './fixtures';

const palette = ({ page }: Person) => page.getByRole('dialog', { name: 'Commands' });
const field = (person: Person) => palette(person).getByRole('combobox');

/** Presses a key until the page is alive and does what the key is for. */
async function opens(person: Person, key: string) {
  await expect(async () => {
    await person.page.keyboard.press(key);
    await expect(palette(person)).toBeVisible({ timeout: 500 });
  }).toPass();
}

test('a note is found and opened without a mouse', async ({ ada }) => {
  await ada.page.goto('/');
  await ada.page.getByRole('button', { name: 'New note' }).click();
  await ada.isSaved();
  await ada.type('start', '# Harvest\n\nApples and pears.');
  await ada.isSaved();
  const address = ada.page.url();
  await expect(async () => {
    await ada.page.goto('/');
    await opens(ada, 'Control+k');
    await expect(field(ada)).toBeFocused();
    await ada.page.keyboard.type('pear');
    await expect(palette(ada).getByRole('option', { name: /^Harvest/ })).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(palette(ada).getByRole('option', { selected: true })).toHaveText(/Harvest/);
  await ada.page.keyboard.press('Enter');
  await expect(ada.page).toHaveURL(address);
});

test('commands are chosen by arrows, and only those that do something are there', async ({ ada, note }) => {
  await ada.open(await note.make('words'));
  await ada.editor.focus();
  await opens(ada, 'Control+k');
  await ada.page.keyboard.type('alone');
  const chosen = palette(ada).getByRole('option', { selected: true });
  await expect(chosen).toHaveText(/^Edit alone/);
  await ada.page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveText(/^View alone/);
  await ada.page.keyboard.press('ArrowDown');
  await expect(chosen).toHaveText(/^Edit alone/);
  await ada.page.keyboard.press('ArrowUp');
  await ada.page.keyboard.press('Enter');
  await expect(palette(ada)).toBeHidden();
  await expect(ada.editor).toBeHidden();
  await expect(ada.view).toBeVisible();

  await ada.page.goto('/');
  await opens(ada, 'Control+k');
  await expect(palette(ada).getByRole('option', { name: /^New note/ })).toBeVisible();
  await expect(palette(ada).getByRole('option', { name: /^Share/ })).toBeHidden();
  await ada.page.keyboard.type('xyzzy');
  await expect(palette(ada).getByRole('status')).toHaveText('Nothing found.');
  await ada.page.keyboard.press('Escape');
  await expect(palette(ada)).toBeHidden();
});

test('where something is selected the same key makes a link', async ({ ada, note }) => {
  const id = await note.make('words');
  await ada.open(id);
  await ada.editor.focus();
  await ada.page.keyboard.press('Control+a');
  await ada.page.keyboard.press('Control+k');
  await ada.reads('[words]()');
  await expect(palette(ada)).toBeHidden();
});

test('the sheet of shortcuts opens by its key, also inside of text', async ({ ada, note }) => {
  await ada.open(await note.make('words'));
  const sheet = ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await ada.editor.focus();
  await ada.page.keyboard.press('Control+/');
  await expect(sheet).toBeVisible();
  await expect(sheet.getByText('Commands and notes')).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await ada.reads('words');
  await opens(ada, 'Control+k');
  await ada.page.keyboard.type('shortcuts');
  await ada.page.keyboard.press('Enter');
  await expect(sheet).toBeVisible();
});
