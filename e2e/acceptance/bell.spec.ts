// The bell and what is said to everybody.

import type { Page } from '@playwright/test';

import { startServer } from '../server.mjs';
import { expect, test, type Person } from './fixtures';

const ADMIN_TOKEN = 'a-token-for-this-test-alone';

const bell = (page: Page) => page.getByRole('button', { name: /^Notifications(,|$)/ });
const panel = (page: Page) => page.getByRole('region', { name: 'Notifications', exact: true });

/** Writes a message in the chat beside the note that a page shows. */
async function say({ page }: Person, text: string) {
  const field = page.getByRole('textbox', { name: 'Message' });
  if (!(await field.isVisible())) await page.getByRole('button', { name: /^Chat/ }).click();
  await field.fill(text);
  await field.press('Enter');
  await expect(page.getByRole('log').getByText(text)).toBeVisible();
}

/** Opens a note once, so that its chat knows who may be mentioned. */
async function isKnownIn(person: Person, id: string) {
  await person.open(id);
  await person.page.getByRole('button', { name: /^Chat/ }).click();
  await expect(person.page.getByText('No messages yet.')).toBeVisible();
}

test('a mention is counted in every tab, and read on one it is read on all', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  await isKnownIn(ada, id);
  await ada.page.goto('/');
  const other = await ada.context.newPage();
  await other.goto('/');
  await expect(bell(ada.page)).toHaveAccessibleName('Notifications');

  await ben.open(id);
  await say(ben, '@Ada tea at four?');
  for (const page of [ada.page, other]) {
    await expect(bell(page)).toHaveAccessibleName('Notifications, 1 unread');
    await expect(page).toHaveTitle(/^\(1\) /);
  }
  await expect(other.getByRole('status').filter({ hasText: 'Notifications, 1 unread' })).toBeAttached();

  await bell(ada.page).click();
  const row = panel(ada.page).getByRole('listitem');
  await expect(row).toContainText('Ben mentioned you in Plans');
  await expect(row).toContainText('tea at four?');
  await row.getByRole('link').click();
  await expect(ada.page).toHaveURL(new RegExp(`/note/${id}#chat-1$`));
  await expect(ada.page.getByRole('log').getByText('@Ada tea at four?')).toBeVisible();
  for (const page of [ada.page, other]) await expect(bell(page)).toHaveAccessibleName('Notifications');
  await expect(other).toHaveTitle('Tandem');
  await other.close();
});

test('rows stay where they are while the panel is open', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  await isKnownIn(ada, id);
  await ada.page.goto('/');
  await ben.open(id);
  await say(ben, '@Ada first');
  await expect(bell(ada.page)).toHaveAccessibleName('Notifications, 1 unread');
  await bell(ada.page).click();
  await say(ben, '@Ada second');
  await expect(bell(ada.page)).toHaveAccessibleName('Notifications, 2 unread');
  const rows = panel(ada.page).getByRole('listitem');
  await expect(rows).toHaveCount(1);
  await panel(ada.page).getByRole('button', { name: 'Show 1 new' }).click();
  await expect(rows.first()).toContainText('second');

  await panel(ada.page).getByRole('tab', { name: 'Shared' }).click();
  await expect(panel(ada.page).getByText('You\'re up to date.')).toBeVisible();
  await ada.page.keyboard.press('ArrowLeft');
  await ada.page.keyboard.press('ArrowLeft');
  await expect(panel(ada.page).getByRole('tab', { name: 'Mentions' })).toBeFocused();
  await expect(rows).toHaveCount(2);
  await rows.first().hover();
  await rows.first().getByRole('button', { name: 'Archive' }).click();
  await expect(rows).toHaveCount(1);
  await panel(ada.page).getByRole('button', { name: 'Mark all read' }).click();
  await expect(bell(ada.page)).toHaveAccessibleName('Notifications');
  await expect(rows, 'read is not gone').toHaveCount(1);
});

test('all notifications have a page, which is live as the panel is', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  await isKnownIn(ada, id);
  await bell(ada.page).click();
  await panel(ada.page).getByRole('link', { name: 'All notifications' }).click();
  await expect(ada.page).toHaveURL(/\/user\/[0-9a-f-]{36}$/);
  await expect(ada.page.getByText(/^Nothing here\. /)).toBeVisible();
  await ben.open(id);
  await say(ben, '@Ada tea at four?');
  const row = panel(ada.page).getByRole('listitem');
  await expect(row).toContainText('Ben mentioned you in Plans');
  await expect(ada.page).toHaveTitle(/^\(1\) Notifications/);
  await ada.page.reload();
  await expect(row).toContainText('tea at four?');
  await row.hover();
  await row.getByRole('button', { name: 'Archive' }).click();
  await expect(row).toHaveCount(0);
});

test('a kind that is switched off is not told', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  await isKnownIn(ada, id);
  await bell(ada.page).click();
  await panel(ada.page).getByRole('button', { name: 'Notification settings' }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Notify me when' });
  const kept = ada.page.waitForResponse(/set_notification_setting/);
  await dialog.getByRole('checkbox', { name: 'Somebody mentions me' }).uncheck();
  await (await kept).finished();
  await expect(dialog).toBeVisible();
  await ada.page.reload();
  await expect(ada.page.locator('#bell-settings').getByRole('checkbox', { name: 'Somebody mentions me', includeHidden: true })).not.toBeChecked();

  await ben.open(id);
  await say(ben, '@Ada first');
  await expect(ada.page.getByRole('button', { name: /^Chat/ })).toHaveAccessibleName('Chat, 1 new');
  await expect(bell(ada.page)).toHaveAccessibleName('Notifications');
});

test('an announcement appears on open pages, and closed it stays closed', async ({ arrive }) => {
  const server = await startServer({ vars: { ADMIN_TOKEN } });
  try {
    const ada = await arrive({ name: 'Ada', server });
    // A person is known once they have been here.
    await ada.page.goto('/note/00000000-0000-4000-8000-000000000000');
    ada.forgive(/404/);
    await ada.page.goto('/chat');
    const announced = await fetch(`${server.origin}/api/announcements`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
      body: JSON.stringify({ text: 'Down for tea at four.' }),
    });
    expect(announced.status, await announced.text()).toBe(201);
    const news = ada.page.getByRole('status').filter({ hasText: 'Down for tea at four.' });
    await expect(news).toBeVisible();
    await ada.page.getByRole('button', { name: 'Close the announcement' }).click();
    await expect(ada.page.getByText('Down for tea at four.')).toBeHidden();
    await ada.page.reload();
    await expect(bell(ada.page)).toBeVisible();
    await expect(ada.page.getByText('Down for tea at four.')).toBeHidden();
    // Before the server does: a page whose line is cut would complain.
    await ada.context.close();
  } finally {
    await server.stop();
  }
});

test('a new version is offered, and taken when one likes', async ({ ada, note }) => {
  await ada.page.routeWebSocket(/\/global/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((frame) => {
      const hello = typeof frame === 'string' && frame.includes('"type":"hello"');
      socket.send(hello ? JSON.stringify({ ...JSON.parse(frame), server: 'another one' }) : frame);
    });
  });
  await ada.open(await note.make('# Plans\n'));
  await ada.type('end', 'more');
  await expect(ada.page.getByRole('status').filter({ hasText: 'Update ready' })).toBeVisible();
  await ada.isSaved();
  await ada.page.getByRole('button', { name: 'Reload' }).click();
  await ada.reads('# Plans\nmore');
});
