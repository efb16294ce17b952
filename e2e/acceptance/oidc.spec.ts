// Accounts at a provider, against one that runs beside the test.

import type { APIResponse, BrowserContext, Page } from '@playwright/test';

import { startProvider } from '../provider.mjs';
import { freePort, startServer, type Server } from '../server.mjs';
import { expect, test } from './fixtures';

const CLIENT = { clientId: 'tandem', secret: 'a secret: of/the test' };

let server: Server;
let provider: Awaited<ReturnType<typeof startProvider>>;

test.beforeAll(async () => {
  const port = await freePort();
  server = await startServer({
    vars: {
      OIDC_ISSUER: `http://127.0.0.1:${port}`,
      OIDC_CLIENT_ID: CLIENT.clientId,
      OIDC_CLIENT_SECRET: CLIENT.secret,
    },
  });
  const origin = server.origin.replace('127.0.0.1', 'localhost');
  provider = await startProvider({ ...CLIENT, port, callbacks: [`${origin}/sign-in/oidc/callback`] });
});

test.afterAll(async () => {
  await provider.stop();
  await server.stop();
});

/** Goes to the provider and says there who it is. */
async function comesBackAs(page: Page, who: string) {
  await page.getByRole('link', { name: /^Continue with 127\.0\.0\.1:/ }).click();
  await page.getByRole('textbox', { name: 'Who are you?' }).fill(who);
  await page.getByRole('button', { name: 'Go on' }).click();
}

/** The same, but stops before the last step: the address it would be sent back to. */
async function wayBackOf({ request }: BrowserContext, who: string): Promise<string> {
  const alone = { maxRedirects: 0 };
  const leadsTo = (answer: APIResponse) => new URL(answer.headers().location, answer.url()).href;
  const asked = leadsTo(await request.get('/sign-in/oidc', alone));
  const form = leadsTo(await request.get(asked, alone));
  const resumed = leadsTo(await request.post(form, { ...alone, form: { who } }));
  return leadsTo(await request.get(resumed, alone));
}

test('somebody of the provider is an account here, on every browser', async ({ arrive }) => {
  const ada = await arrive({ server });
  await ada.page.goto('/');
  await ada.page.getByRole('button', { name: 'New note' }).click();
  await expect(ada.page).toHaveURL(/\/note\//);
  const note = ada.page.url();
  await ada.page.goto('/sign-in?next=%2Fsettings');
  await comesBackAs(ada.page, 'ada');
  await expect(ada.page).toHaveURL('/settings');
  await expect(ada.page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue('ada of the provider');
  expect(await ada.page.content()).not.toContain('ada@example.org');
  const way = new URL(provider.seen.find(({ pathname }) => pathname === '/auth') ?? '');
  expect(way.searchParams.get('code_challenge_method')).toBe('S256');
  for (const name of ['state', 'nonce', 'code_challenge']) expect(way.searchParams.get(name)).toHaveLength(43);

  const elsewhere = await arrive({ server });
  await elsewhere.page.goto('/sign-in');
  await comesBackAs(elsewhere.page, 'ada');
  await expect(elsewhere.page).toHaveURL('/');
  await expect(elsewhere.page.locator(`a[href="${new URL(note).pathname}"]`)).toBeVisible();
});

test('a way back that another browser began leads nowhere', async ({ arrive }) => {
  const ben = await arrive({ server });
  const eve = await arrive({ server });
  await eve.page.goto('/sign-in');
  const stolen = await wayBackOf(eve.context, 'eve');

  await ben.page.goto('/');
  await ben.page.goto(stolen);
  await expect(ben.page.getByText('That took too long, or was answered already. Try again.')).toBeVisible();
  await ben.page.goto('/');
  await expect(ben.page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  ben.forgive(/status of 403/);

  // Its own browser comes in by it, and only once.
  await eve.page.goto(stolen);
  await expect(eve.page.getByRole('link', { name: 'Settings' })).toBeVisible();
  await eve.page.goto(stolen);
  await expect(eve.page.getByText('That took too long, or was answered already. Try again.')).toBeVisible();
  eve.forgive(/status of 403/);
});

test('who is refused by the provider is told so', async ({ arrive }) => {
  const ben = await arrive({ server });
  await ben.page.goto('/sign-in');
  await ben.page.goto('/sign-in/oidc/callback?error=access_denied&state=x');
  await expect(ben.page.getByText('The provider of accounts did not let you in.')).toBeVisible();
  ben.forgive(/status of 403/);
});
