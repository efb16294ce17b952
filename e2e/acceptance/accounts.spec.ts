// Accounts by passkey, with an authenticator that Chromium plays.

import AxeBuilder from '@axe-core/playwright';
import type { CDPSession } from '@playwright/test';

import { startServer } from '../server.mjs';
import { expect, test, type Person } from './fixtures';

const TOKEN = '__Host-tandem';

/** A device that holds passkeys and confirms by itself. */
class Device {
  constructor(private readonly session: CDPSession, private readonly id: string) {}

  static async of({ context, page }: Person): Promise<Device> {
    const session = await context.newCDPSession(page);
    await session.send('WebAuthn.enable');
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Device(session, authenticatorId);
  }

  async passkeys() {
    const { credentials } = await this.session.send('WebAuthn.getCredentials', { authenticatorId: this.id });
    return credentials;
  }

  /** Syncs the passkeys of another device to this one. */
  async takesFrom(other: Device) {
    for (const credential of await other.passkeys()) {
      await this.session.send('WebAuthn.addCredential', { authenticatorId: this.id, credential });
    }
  }
}

async function makesNote({ page, ...person }: Person, text: string): Promise<string> {
  await page.goto('/');
  await page.getByRole('button', { name: 'New note' }).click();
  await expect(page).toHaveURL(/\/note\/[0-9a-f-]{36}$/);
  await expect(person.editor).toBeAttached();
  await person.editor.focus();
  await page.keyboard.type(text);
  await expect(person.chip).toHaveAccessibleName('Saved. Details');
  return page.url().split('/').at(-1) ?? '';
}

async function becomesAccount({ page }: Person, name: string) {
  await page.goto('/sign-in');
  await page.getByRole('textbox', { name: 'Name others see' }).fill(name);
  await page.getByRole('button', { name: 'Create an account with a passkey' }).click();
  await expect(page).toHaveURL('/');
  await expect(page.getByRole('link', { name: 'Settings' })).toBeVisible();
}

async function signsIn({ page }: Person, next = '/') {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page).toHaveURL(next);
}

/** Waits until home lists a note: its title is there when the room has written it to the index. */
async function lists({ page }: Person, title: string) {
  await expect(async () => {
    await page.goto('/');
    await expect(page.getByRole('link', { name: title })).toBeVisible({ timeout: 500 });
  }).toPass();
}

const token = async ({ context }: Person) => {
  const cookies = await context.cookies();
  return cookies.find(({ name }) => name === TOKEN)?.value ?? '';
};

/** What home shows to whoever has this token, and the token they are given instead. */
async function homeWith(origin: string, value: string) {
  const answer = await fetch(origin, { headers: { accept: 'text/html', cookie: `${TOKEN}=${value}` } });
  return { html: await answer.text(), given: answer.headers.get('set-cookie') };
}

test('who becomes an account keeps their notes, and the guest they were is nobody', async ({ arrive, server }) => {
  const ada = await arrive();
  await Device.of(ada);
  const note = await makesNote(ada, '# Plans');
  const before = await token(ada);
  await becomesAccount(ada, 'Ada Lovelace');

  await lists(ada, 'Plans');
  await expect(ada.page.getByRole('link', { name: 'Plans' })).toHaveAttribute('href', `/note/${note}`);
  await ada.page.goto('/settings');
  await expect(ada.page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('Ada Lovelace');

  expect(await token(ada)).not.toBe(before);
  const old = await homeWith(server.origin, before);
  expect(old.html).not.toContain('Plans');
  expect(old.given).toContain(`${TOKEN}=`);
  const mine = await homeWith(server.origin, await token(ada));
  expect(mine.html).toContain('Plans');
  expect(mine.given).toBeNull();
});

test('only the first account owns the instance', async ({ arrive }) => {
  const server = await startServer();
  for (const [name, owns] of [['Ada', 1], ['Ben', 0]] as const) {
    const person = await arrive({ server });
    await Device.of(person);
    await becomesAccount(person, name);
    await person.page.goto('/settings');
    await expect(person.page.getByText('This account owns this instance.')).toHaveCount(owns);
    await person.page.goto('about:blank');
  }
  await server.stop();
});

test('an account comes back on another device, and what was written there is its own', async ({ arrive }) => {
  const ada = await arrive();
  const laptop = await Device.of(ada);
  await makesNote(ada, '# At the desk');
  await becomesAccount(ada, 'Ada');
  await lists(ada, 'At the desk');
  await ada.page.goto('/settings');
  await ada.page.getByRole('button', { name: 'Sign out' }).click();
  await expect(ada.page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await expect(ada.page.getByRole('link', { name: 'At the desk' })).toBeHidden();

  const onPhone = await arrive();
  const phone = await Device.of(onPhone);
  await phone.takesFrom(laptop);
  const note = await makesNote(onPhone, '# On the train');
  await signsIn(onPhone, `/note/${note}`);
  await lists(onPhone, 'On the train');
  await expect(onPhone.page.getByRole('link', { name: 'At the desk' })).toBeVisible();
});

test('a second passkey lets the first one go, and the last one stays', async ({ arrive }) => {
  const ada = await arrive();
  const laptop = await Device.of(ada);
  await becomesAccount(ada, 'Ada');
  const { page } = ada;
  await page.goto('/settings');
  const rows = page.getByRole('textbox', { name: 'Name of this passkey' });
  await expect(rows).toHaveCount(1);
  await expect(page.getByRole('button', { name: /Remove/ })).toHaveCount(0);

  // The same device is not asked for a second one.
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByRole('alert')).toHaveText('This device has a passkey of your account already.');
  expect(await laptop.passkeys()).toHaveLength(1);

  await rows.fill('Laptop');
  await page.getByRole('button', { name: 'Rename' }).click();
  await expect(rows).toHaveValue('Laptop');

  // On a key beside it, which the browser asks when the first has one already.
  const session = await ada.context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'usb', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(rows).toHaveCount(2);
  await page.getByRole('button', { name: 'Remove the passkey Laptop' }).click();
  await expect(rows).toHaveCount(1);
  await expect(page.getByText('This is the only way into your account.')).toBeVisible();
});

test('a session ends from elsewhere', async ({ arrive }) => {
  const ada = await arrive();
  const laptop = await Device.of(ada);
  await becomesAccount(ada, 'Ada');
  const onPhone = await arrive();
  await (await Device.of(onPhone)).takesFrom(laptop);
  await signsIn(onPhone, '/settings');
  await expect(onPhone.page.getByText('This browser')).toBeVisible();
  await onPhone.page.getByRole('button', { name: 'End all others' }).click();
  await expect(onPhone.page.getByRole('button', { name: /^End/ })).toHaveCount(0);

  await ada.page.goto('/');
  await expect(ada.page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await ada.page.goto('/settings');
  await expect(ada.page).toHaveURL('/sign-in?next=/settings');
});

test('a deleted account takes its notes along, and its passkey opens nothing', async ({ arrive }) => {
  const ada = await arrive();
  await Device.of(ada);
  const id = await makesNote(ada, '# Plans');
  await becomesAccount(ada, 'Ada');
  const { page } = ada;
  await page.goto('/settings');
  await page.getByText('Delete account').first().click();
  const form = page.getByRole('group').filter({ hasText: 'cannot be taken back' });
  await form.getByRole('textbox').fill('Somebody');
  await form.getByRole('button', { name: 'Delete account' }).click();
  await expect(page.getByText('The account is still there')).toBeVisible();
  await page.goto('/settings');
  await page.getByText('Delete account').first().click();
  await form.getByRole('textbox').fill('Ada');
  await form.getByRole('button', { name: 'Delete account' }).click();
  await expect(page).toHaveURL('/');
  expect((await ada.context.request.get(`/note/${id}`)).status()).toBe(404);
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('belongs to no account here');
  ada.forgive(/status of 403/);
});

test('at an address without a name the page says where passkeys work', async ({ browser, server }) => {
  const context = await browser.newContext({ baseURL: server.origin });
  const page = await context.newPage();
  await page.goto('/sign-in');
  const link = page.getByRole('link', { name: /^http:\/\/localhost:/ });
  await expect(link).toHaveAttribute('href', `${server.origin.replace('127.0.0.1', 'localhost')}/sign-in`);
  await expect(page.getByRole('button', { name: /passkey/ })).toHaveCount(0);
  await context.close();
});

test('settings take everything along, and hold no fault axe finds', async ({ ada }) => {
  await Device.of(ada);
  await becomesAccount(ada, 'Ada');
  await makesNote(ada, '# Taken along');
  await ada.page.goto('/settings');
  expect((await new AxeBuilder({ page: ada.page }).analyze()).violations).toEqual([]);
  await ada.page.getByText('Delete account').first().click();
  expect((await new AxeBuilder({ page: ada.page }).analyze()).violations).toEqual([]);
  const comes = ada.page.waitForEvent('download');
  await ada.page.getByRole('link', { name: 'Export everything' }).click();
  const file = await comes;
  expect(file.suggestedFilename()).toBe('tandem.zip');
  expect(await file.failure()).toBeNull();
});
