// Sharing as people do it: the dialog, links of every kind, and being out at once.

import AxeBuilder from '@axe-core/playwright';

import { Peer } from '../wire/peer.mjs';
import { test, expect, type Person } from './fixtures';

/** Opens the share dialog of the note that is open. */
async function shareOf(person: Person) {
  await person.page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = person.page.getByRole('dialog', { name: 'Share this note' });
  await expect(dialog.getByRole('heading', { name: 'General access' })).toBeVisible();
  return dialog;
}

/** Makes a note of one's own and opens it. */
async function ownNote(person: Person) {
  await person.page.goto('/');
  await person.page.getByRole('button', { name: 'New note' }).first().click();
  await person.page.waitForURL(/\/note\//);
  await person.isSaved();
  return person.page.url().split('/').at(-1)!;
}

test('a private note with a view link that has a password and an end, and its revoking', async ({ ada, ben, server }) => {
  const id = await ownNote(ada);
  await ada.type('end', '# Plans');
  await ada.isSaved();
  const dialog = await shareOf(ada);
  await dialog.getByLabel('Who can open it').selectOption('Only invited');
  await expect(dialog.getByText('Only people you invite can open this note.')).toBeVisible();
  await dialog.getByText('New link').click();
  await dialog.getByLabel('Label').fill('The board');
  await dialog.getByLabel('Password').fill('open sesame');
  await dialog.locator('select[name=expires]').selectOption('Ends in 1 day');
  await dialog.getByRole('button', { name: 'Make link' }).click();
  const row = dialog.getByRole('listitem').filter({ hasText: 'The board' });
  await expect(row.getByText('can view · ends in 24 h · password · used never')).toBeVisible();
  const address = await row.getByRole('button', { name: 'Copy The board' }).getAttribute('data-text');

  // Without the link there is nothing.
  ben.forgive(/404|403/);
  const nothing = await ben.page.goto(`/note/${id}`);
  expect(nothing!.status()).toBe(404);
  await expect(ben.page.getByRole('button', { name: 'Ask for access' })).toBeVisible();
  await expect(ben.page.getByRole('link', { name: 'Sign in' })).toBeVisible();

  const path = new URL(address!).pathname;
  await ben.page.goto(path);
  await ben.page.getByLabel('Password').fill('wrong');
  await ben.page.getByRole('button', { name: 'Open the note' }).click();
  await expect(ben.page.getByRole('alert')).toHaveText(/not the password/);
  await ben.page.getByLabel('Password').fill('open sesame');
  await ben.page.getByRole('button', { name: 'Open the note' }).click();
  await ben.page.waitForURL(`**/note/${id}`);
  await expect(ben.view.getByRole('heading', { name: 'Plans' })).toBeVisible();
  await expect(ben.chip).toHaveAccessibleName(/^View only/);

  // They read along, and cannot write by page, by socket, or by HTTP.
  await ada.page.keyboard.press('Escape');
  await ada.type('end', '\n\nlive');
  await expect(ben.view.getByText('live')).toBeVisible();
  // A reader has the view alone.
  await expect(ben.editor).toBeHidden();
  const cookies = (await ben.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const posted = await fetch(`${server.origin}/note/${id}.md`, {
    method: 'POST',
    headers: { cookie: cookies, origin: server.origin, 'content-type': 'text/markdown' },
    body: 'x',
  });
  expect(posted.status).toBe(403);
  const raw = await Peer.join(server, id, {
    events: false, headers: { cookie: cookies }, origin: server.origin,
  });
  raw.insert(0, 'x');
  await raw.until(() => raw.denials.length > 0, 'to be denied');
  raw.vanish();

  // Revoked, they are out; within a second, as `wire/revoke.test.mjs` measures.
  const again = await shareOf(ada);
  await expect(again.getByText(/Came through it: Ben/)).toBeVisible();
  await again.getByRole('button', { name: 'Revoke The board' }).click();
  await expect(ben.chip).toHaveAccessibleName(/^Not allowed any more/);
  await expect(again.getByText('No links yet.')).toBeVisible();
  const gone = await ben.page.goto(`/note/${id}`);
  expect(gone!.status()).toBe(404);
  expect((await ben.page.goto(path))!.status()).toBe(404);
  // The browser reports by itself what was refused.
  ben.forgive(/status of 40[34]/);
});

test('who is lowered while writing keeps what they wrote, and the text to take away', async ({ ada, ben }) => {
  const id = await ownNote(ada);
  await ben.open(id);
  await ben.type('end', 'mine too');
  await ben.isSaved();
  const dialog = await shareOf(ada);
  await dialog.locator('.share-general').getByLabel('What they can do').selectOption('Can view');
  await expect(dialog.getByText('Anyone with the link can view.')).toBeVisible();
  await expect(ben.chip).toHaveAccessibleName(/^You can now only view/);
  await expect(ben.editor).not.toBeEditable();
  // Who types on writes nothing, and means no shortcut either.
  await expect(ben.editor).toBeFocused();
  await ben.page.keyboard.type('nd');
  await dialog.getByLabel('Who can open it').selectOption('Only invited');
  await expect(ben.chip).toHaveAccessibleName(/^Not allowed any more/);
  await ben.chip.click();
  await expect(ben.page.getByRole('button', { name: 'Reload' })).toBeVisible();
  await expect(ben.page.getByRole('button', { name: 'Try now' })).toBeHidden();
  const download = ben.page.waitForEvent('download');
  await ben.page.getByRole('button', { name: 'Download a copy' }).click();
  const copy = await (await download).createReadStream();
  let text = '';
  for await (const part of copy) text += part;
  expect(text).toBe('mine too');
});

test('somebody asks, is let in, and is told', async ({ ada, ben }) => {
  const id = await ownNote(ada);
  const dialog = await shareOf(ada);
  await dialog.getByLabel('Who can open it').selectOption('Only invited');
  await expect(dialog.getByText('Only people you invite')).toBeVisible();
  ben.forgive(/404/);
  await ben.page.goto(`/note/${id}`);
  await ben.page.getByRole('button', { name: 'Ask for access' }).click();
  await expect(ben.page.getByRole('status')).toHaveText(/its owner was asked/);
  await expect(ada.page.getByRole('button', { name: /^Notifications/ })).toHaveAccessibleName('Notifications, 1 unread');
  await ada.page.reload();
  const again = await shareOf(ada);
  await again.getByRole('button', { name: 'Let edit: Ben' }).click();
  await expect(again.getByText('Asking for access')).toBeHidden();
  await ben.open(id);
  await ben.type('end', 'hello');
  await ben.isSaved();
  const role = again.getByLabel('What Ben can do');
  await role.selectOption('Can view');
  await expect(ben.chip).toHaveAccessibleName(/^You can now only view/);
  ben.forgive(/404/);
});

test('a link weaker than general access is said to give nothing less, and the note can be restricted there', async ({ ada }) => {
  await ownNote(ada);
  const dialog = await shareOf(ada);
  await dialog.getByText('New link').click();
  await dialog.getByRole('button', { name: 'Make link' }).click();
  await expect(dialog.getByText(/So a link here gives nobody less/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Restrict to invited people' }).click();
  await expect(dialog.getByText('Only people you invite can open this note.')).toBeVisible();
  await expect(dialog.getByText(/So a link here gives nobody less/)).toBeHidden();
  await dialog.getByText('Address and QR code').click();
  const code = dialog.getByRole('img', { name: /^QR code/ });
  await expect(code).toBeVisible();
  await expect.poll(() => code.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
});

test('home, search, the trash, sign-in and the rooms hold no fault axe finds', async ({ ada, arrive }) => {
  const faults = async (page: Person['page']) => (await new AxeBuilder({ page }).analyze()).violations;
  const stranger = await arrive();
  await stranger.page.goto('/');
  expect(await faults(stranger.page)).toEqual([]);
  await ownNote(ada);
  await ada.type('end', '# Plans for axe');
  await ada.isSaved();
  for (const path of ['/', '/?view=mine', '/?view=trash', '/?q=nothing-of-that-kind', '/sign-in', '/chat']) {
    await ada.page.goto(path);
    expect(await faults(ada.page), path).toEqual([]);
  }
});

test('the palette, the menu and the keys hold no fault axe finds', async ({ ada }) => {
  await ownNote(ada);
  const faults = async () => (await new AxeBuilder({ page: ada.page }).analyze()).violations;
  await ada.page.keyboard.press('Control+k');
  const palette = ada.page.getByRole('dialog', { name: 'Commands' });
  await expect(palette).toBeVisible();
  expect(await faults()).toEqual([]);
  await palette.getByRole('combobox').fill('no command has this name');
  expect(await faults()).toEqual([]);
  await ada.page.keyboard.press('Escape');
  await ada.page.getByRole('button', { name: 'More', exact: true }).click();
  await expect(ada.page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  expect(await faults()).toEqual([]);
});

test('the dialog, the door and the page that is not there hold no fault axe finds', async ({ ada, ben }) => {
  const id = await ownNote(ada);
  const dialog = await shareOf(ada);
  await dialog.getByLabel('Who can open it').selectOption('Only invited');
  await expect(dialog.getByText('Only people you invite')).toBeVisible();
  await dialog.getByText('New link').click();
  await dialog.getByLabel('Password').fill('open sesame');
  await dialog.getByRole('button', { name: 'Make link' }).click();
  await expect(dialog.getByRole('button', { name: 'Copy Link' })).toBeVisible();
  const address = await dialog.getByRole('button', { name: 'Copy Link' }).getAttribute('data-text');
  const faults = async (person: Person) => (await new AxeBuilder({ page: person.page }).analyze()).violations;
  expect(await faults(ada)).toEqual([]);
  ben.forgive(/404/);
  await ben.page.goto(new URL(address!).pathname);
  expect(await faults(ben)).toEqual([]);
  await ben.page.goto(`/note/${id}`);
  expect(await faults(ben)).toEqual([]);
  ben.forgive(/404/);
});
