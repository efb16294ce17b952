// Chat, bell and palette of a page that is written are fetched when they are used, and so is what completes links: what
// keeps their place until then, and what is said when they do not come.

import { expect, fetched, held, test, type Person } from './fixtures';

const PANELS = 'split_panels.wasm';

const chat = ({ page }: Person) => page.getByRole('button', { name: /^Chat/ });
const message = ({ page }: Person) => page.getByRole('textbox', { name: 'Message' });
const bell = ({ page }: Person) => page.getByRole('button', { name: /^Notifications(,|$)/ });
const palette = ({ page }: Person) => page.getByRole('combobox', { name: 'Find a command or a note' });

test('each is fetched when it is used first, by a press or by a key', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  for (const [person, use, found] of [
    [ada, () => ada.page.keyboard.press('Alt+c'), message(ada)],
    [ben, () => ben.page.keyboard.press('Control+k'), palette(ben)],
  ] as const) {
    const files = fetched(person);
    await person.open(id);
    await person.page.waitForLoadState('networkidle');
    // The worker of the page fetches everything ahead, and is none of the page's.
    expect(files).toContain('app_bg.wasm');
    expect(files).not.toContain(PANELS);
    expect(files).not.toContain('wiki.js');
    await use();
    await expect(found).toBeFocused();
    expect(files).toContain(PANELS);
  }
  await ben.page.keyboard.press('Control+k');
  await expect(palette(ben)).toBeHidden();
  await ben.page.keyboard.press('Control+k');
  await expect(palette(ben)).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(message(ada)).toBeHidden();
  await expect(chat(ada)).toHaveAttribute('aria-expanded', 'false');
});

test('what is unread is counted before they are there, beside a title that changes', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  await ada.open(id);
  await chat(ada).click();
  await expect(message(ada)).toBeFocused();
  await ada.page.reload();
  await ada.isSaved();
  const files = fetched(ada);

  await ben.open(id);
  await chat(ben).click();
  await message(ben).fill('@Ada tea at four?');
  await message(ben).press('Enter');
  await expect(chat(ada)).toHaveAccessibleName('Chat, 1 new');
  await expect(bell(ada)).toHaveAccessibleName('Notifications, 1 unread');
  await expect(ada.page).toHaveTitle('(1) Plans · Tandem');
  await ben.title.fill('Tea');
  await ben.title.press('Enter');
  await expect(ada.page).toHaveTitle('(1) Tea · Tandem');
  expect(files).not.toContain(PANELS);

  await bell(ada).click();
  const row = ada.page.getByRole('region', { name: 'Notifications', exact: true }).getByRole('listitem');
  await expect(row).toContainText('tea at four?');
  await row.getByRole('link').click();
  await expect(ada.page.getByRole('log').getByText('@Ada tea at four?')).toBeVisible();
  await expect(ada.page).toHaveTitle('Tea · Tandem');
  await expect(chat(ada)).toHaveAccessibleName('Chat');
  await expect(message(ada)).toBeFocused();
});

test('what is typed while the palette is fetched is for the palette', async ({ ada, note }) => {
  const come = await held(ada, PANELS);
  await ada.open(await note.make('# Plans\n'));
  await ada.editor.focus();
  await ada.page.keyboard.press('Control+k');
  await ada.page.keyboard.type('dark');
  await expect(palette(ada)).toHaveValue('dark');
  await expect(ada.page.getByRole('status').filter({ hasText: 'Loading…' })).toBeAttached();
  come();
  await expect(ada.page.getByRole('option', { name: 'Dark theme' })).toHaveAttribute('aria-selected', 'true');
  await expect(ada.page.getByRole('status').filter({ hasText: 'Loading…' })).toHaveCount(0);
  await ada.page.keyboard.press('Escape');
  await ada.reads('# Plans\n');
});

test('a bell that is opened before the page is alive is filled when it is', async ({ ada, note }) => {
  const come = await held(ada, 'app_bg.wasm');
  await ada.page.goto(`/note/${await note.make('# Plans\n')}`, { waitUntil: 'domcontentloaded' });
  await bell(ada).click();
  await expect(ada.page.getByRole('tab', { name: 'All', exact: true })).toBeVisible();
  await expect(ada.page.getByText("You're up to date.")).toBeHidden();
  come();
  await expect(ada.page.getByText("You're up to date.")).toBeVisible();
});

test('a chat that the address opened and that was pressed for meanwhile stays open', async ({ ada, note }) => {
  const come = await held(ada, PANELS);
  await ada.page.goto(`/note/${await note.make('# Plans\n')}#chat`);
  await ada.isSaved();
  await chat(ada).click();
  await expect(chat(ada)).toHaveAttribute('aria-busy', 'true');
  come();
  await expect(message(ada)).toBeFocused();
  await expect(chat(ada)).not.toHaveAttribute('aria-busy');
});

test('that they do not come is said, and they are asked for again', async ({ ada, note }) => {
  await ada.page.route(`**/${PANELS}`, (route) => route.abort());
  await ada.open(await note.make('# Plans\n'));
  await bell(ada).click();
  const said = ada.page.getByText('That could not be loaded. Check the connection and try again, or reload the page.');
  await expect(said).toBeVisible();
  await expect(bell(ada)).not.toHaveAttribute('aria-busy');
  await ada.page.keyboard.press('Control+k');
  await expect(palette(ada)).toBeHidden();
  await expect(said).toBeVisible();
  await ada.type('end', 'What is written is stored all the same.');
  await ada.isSaved();

  await ada.page.unroute(`**/${PANELS}`);
  await bell(ada).click();
  await expect(ada.page.getByText("You're up to date.")).toBeVisible();
  ada.forgive(/ERR_FAILED|Failed to fetch/);
});
