// Publishing a note as people do it, and slides with a presenter and an audience.

import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

import { expect, test, type Person } from './fixtures';

const DECK = ['# Tea', '- green', '# Cake', '- lemon', '# The end'].join('\n\n')
  .replace('# Cake', '---\n\n# Cake').replace('# The end', '---\n\n# The end');

/** Makes a note of one's own with a text, and opens it. */
async function ownNote(person: Person, text: string) {
  await person.page.goto('/');
  await person.page.getByRole('button', { name: 'New note' }).first().click();
  await person.page.waitForURL(/\/note\//);
  await person.isSaved();
  await person.editor.focus();
  await person.page.keyboard.insertText(text);
  await person.isSaved();
  return person.page.url().split('/').at(-1)!;
}

/** Opens the share dialog and publishes under an address. */
async function publish({ page }: Person, slug: string) {
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Share this note' });
  await dialog.getByText('Publish a page').click();
  await dialog.getByLabel('Address', { exact: true }).fill(slug);
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByText('Anybody can read this note at its own address.')).toBeVisible();
  return dialog;
}

async function axe(page: Page) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

const slide = (page: Page) => page.locator('#deck-progress');

test('a note is published, read along by everybody, and taken down', async ({ ada, arrive }) => {
  const id = await ownNote(ada, '# Plans\n\n## When\n\nSoon.\n\n## Where\n\nHere.');
  await ada.page.getByRole('button', { name: 'Share', exact: true }).click();
  const dialog = ada.page.getByRole('dialog', { name: 'Share this note' });
  await dialog.getByLabel('Who can open it').selectOption('Only invited');
  await expect(dialog.getByText('Only people you invite can open this note.')).toBeVisible();
  await dialog.getByText('Publish a page').click();
  const address = dialog.getByLabel('Address', { exact: true });
  await expect(address).toHaveValue('plans');
  // What is no address is said before anything is sent.
  await address.fill('Not this');
  expect(await address.evaluate((field: HTMLInputElement) => field.validity.patternMismatch)).toBe(true);
  await address.fill('new');
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByText('That address is reserved. Choose another.')).toBeVisible();
  ada.forgive(/status of 400/);
  await address.fill('ada-plans');
  await dialog.getByLabel('Say whose it is').check();
  await axe(ada.page);
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(dialog.getByLabel('Address of the published page')).toHaveValue(/\/p\/ada-plans$/);
  await ada.page.keyboard.press('Escape');

  const reader = await arrive();
  await reader.page.goto('/p/ada-plans');
  await expect(reader.page).toHaveTitle('Plans · Tandem');
  const view = reader.page.locator('#view');
  await expect(view.getByRole('heading', { name: 'When' })).toBeVisible();
  await expect(reader.page.getByText('By Ada')).toBeVisible();
  await expect(reader.chip).toHaveAccessibleName('Live. Details');
  await axe(reader.page);
  await reader.page.getByRole('button', { name: 'Contents', exact: true }).click();
  await expect(reader.page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Where' })).toBeVisible();
  await axe(reader.page);
  const loaded = await reader.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  expect(loaded.filter((name) => /wasm|editor/.test(name))).toEqual([]);
  expect(await reader.page.content()).not.toContain(id);
  expect(await reader.context.cookies()).toEqual([]);

  await ada.type('end', ' And there.');
  await expect(view).toContainText('Here. And there.');

  // Opened again, the dialog shows what it had until it has been read anew.
  const part = ada.page.waitForResponse(/\/share\?part=1/);
  await ada.page.getByRole('button', { name: 'Share', exact: true }).click();
  await (await part).finished();
  await dialog.getByRole('button', { name: 'Unpublish' }).click();
  await expect(dialog.getByText('Publish a page')).toBeVisible();
  // The close frame is here within a second, as `wire/publish.test.mjs` measures; the local
  // runtime ends the connection of a socket that never sent a frame a while after it.
  await expect(reader.chip).toHaveAccessibleName(/^Note not available/, { timeout: 15_000 });
  expect((await reader.page.goto('/p/ada-plans'))!.status()).toBe(404);
  reader.forgive(/status of 404/);
});

test('a page is whole without scripts, its contents and slides too', async ({ ada, arrive }) => {
  await ownNote(ada, `# Plans\n\n## When\n\nSoon.\n\n---\n\n## Where\n\nHere.`);
  await publish(ada, 'plain-plans');
  const { page } = await arrive({ javaScriptEnabled: false });
  await page.goto('/p/plain-plans');
  await expect(page.locator('#view').getByRole('heading', { name: 'Where' })).toBeVisible();
  await page.locator('summary', { hasText: 'Contents' }).click();
  await page.getByRole('navigation', { name: 'Contents' }).getByRole('link', { name: 'Where' }).click();
  await expect(page).toHaveURL(/#user-content-where$/);
  await page.getByRole('link', { name: 'Slides' }).click();
  await expect(page).toHaveURL(/\/p\/plain-plans\/slides$/);
  for (const name of ['Plans', 'When', 'Where']) {
    await expect(page.getByRole('heading', { name })).toBeVisible();
  }
  await expect(page.locator('#deck-next')).toBeHidden();
  await page.getByRole('link', { name: 'Close the slides' }).click();
  await expect(page).toHaveURL(/\/p\/plain-plans$/);
});

test('slides turn by key, button and swipe, one at a time', async ({ arrive, note }) => {
  const id = await note.make(DECK);
  const { page } = await arrive({ hasTouch: true });
  await page.goto(`/note/${id}/slides`);
  await expect(slide(page)).toHaveText('1 / 3');
  await expect(page.getByText('green')).toBeVisible();
  await expect(page.getByText('lemon')).toBeHidden();
  await axe(page);
  const turns: [string, string][] = [
    ['ArrowRight', '2 / 3'], ['Space', '3 / 3'], ['ArrowRight', '3 / 3'], ['ArrowLeft', '2 / 3'], ['Home', '1 / 3'], ['End', '3 / 3'],
    ['Shift+Space', '2 / 3'], ['PageUp', '1 / 3'], ['PageDown', '2 / 3'],
  ];
  for (const [key, where] of turns) {
    await page.keyboard.press(key);
    await expect(slide(page), key).toHaveText(where);
  }
  await expect(page.getByText('lemon')).toBeVisible();
  await expect(page.getByText('green')).toBeHidden();
  await expect(page).toHaveURL(/#2$/);
  await page.getByRole('button', { name: 'Next slide' }).click();
  await expect(page.getByRole('button', { name: 'Next slide' })).toBeDisabled();
  const swipe = (from: number, to: number) => page.locator('#view').evaluate((view, [from, to]) => {
    const touch = { pointerType: 'touch', isPrimary: true, pointerId: 7, clientY: 200, bubbles: true };
    view.dispatchEvent(new PointerEvent('pointerdown', { ...touch, clientX: from }));
    view.dispatchEvent(new PointerEvent('pointerup', { ...touch, clientX: to }));
  }, [from, to] as const);
  await swipe(100, 300);
  await expect(slide(page)).toHaveText('2 / 3');
  await swipe(300, 290);
  await expect(slide(page)).toHaveText('2 / 3');
  await swipe(300, 100);
  await expect(slide(page)).toHaveText('3 / 3');
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(new RegExp(`/note/${id}$`));
});

test('an audience goes along with who presents, and off and back in step as it likes', async ({ ada, ben, arrive }) => {
  const id = await ownNote(ada, DECK);
  await publish(ada, 'tea-and-cake');
  await ada.page.goto(`/note/${id}/slides`);
  await ada.page.getByRole('button', { name: 'Audience' }).click();
  await expect(ada.page.getByText(/\/p\/tea-and-cake\/slides$/)).toBeVisible();
  await expect(ada.page.getByRole('img', { name: 'QR code of the address of the slides' })).toBeVisible();
  await axe(ada.page);
  await ada.page.keyboard.press('Escape');

  const { page } = await arrive();
  await page.goto('/p/tea-and-cake/slides');
  await expect(slide(page)).toHaveText('1 / 3');
  await expect(page.getByRole('button', { name: 'Present' })).toHaveCount(0);
  await ada.page.keyboard.press('ArrowRight');
  // Time for it to come.
  await page.waitForTimeout(500);
  await expect(slide(page), 'nobody presents yet').toHaveText('1 / 3');
  await ada.page.getByRole('button', { name: 'Present', exact: true }).click();
  await expect(slide(page)).toHaveText('2 / 3');
  await expect(page.getByText('In step with who presents.')).toBeVisible();
  await ada.page.keyboard.press('End');
  await expect(slide(page)).toHaveText('3 / 3');

  // Off step, and back.
  await page.keyboard.press('Home');
  await expect(page.getByText('Slide 3 is presented.')).toBeVisible();
  await ada.page.keyboard.press('ArrowLeft');
  await expect(page.getByText('Slide 2 is presented.')).toBeVisible();
  await expect(slide(page)).toHaveText('1 / 3');
  await page.getByRole('button', { name: 'Back in step' }).click();
  await expect(slide(page)).toHaveText('2 / 3');

  // What is written meanwhile shows, and a slide before the one that is presented moves it.
  await ben.open(id);
  await ben.type('start', '# Welcome\n\n---\n\n');
  await expect(slide(ada.page)).toHaveText('3 / 4');
  await expect(slide(page)).toHaveText('3 / 4');
  await expect(page.getByText('lemon')).toBeVisible();

  // Somebody takes over; who presented goes along.
  await ben.page.goto(`/note/${id}/slides`);
  await expect(slide(ben.page)).toHaveText('3 / 4');
  await ben.page.getByRole('button', { name: 'Present', exact: true }).click();
  await expect(ada.page.getByText('In step with who presents.')).toBeVisible();
  await ben.page.keyboard.press('End');
  await expect(slide(ada.page)).toHaveText('4 / 4');
  await expect(slide(page)).toHaveText('4 / 4');

  // Who presents goes, and with them what they presented.
  await ben.page.close();
  await expect(page.getByText('In step with who presents.')).toBeHidden({ timeout: 15_000 });
  await page.keyboard.press('Home');
  await expect(page.getByRole('button', { name: 'Back in step' })).toBeHidden();
});
