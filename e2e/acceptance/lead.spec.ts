// Leading: the others see who leads, follow when they like, and stop by hand.

import { Listener } from '../wire/listener.mjs';
import { expect, test, type Person } from './fixtures';

const LINES = Array.from({ length: 200 }, (_, line) => `Line ${line + 1}`).join('\n\n');

async function lead({ page }: Person) {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('button', { name: 'Let others follow me' }).click();
  await page.keyboard.press('Escape');
}

const strip = ({ page }: Person) => page.locator('.leader:not(.kept-texts)');
const scroller = ({ page }: Person) => page.locator('.cm-scroller');
const top = (person: Person) => scroller(person).evaluate((scroller) => scroller.scrollTop);
const scrollTo = (person: Person, to: number) => scroller(person).evaluate((scroller, to) => scroller.scrollTo(0, to), to);

test('who follows sees what the leader sees, until they scroll themselves', async ({ ada, ben, note, server }) => {
  const id = await note.make(LINES);
  await ada.open(id);
  await ben.open(id);
  await lead(ada);
  await expect(strip(ada)).toContainText('The others can follow you.');
  await expect(strip(ben)).toContainText('Ada leads.');
  expect(await strip(ben).getAttribute('role')).toBe('status');
  expect(await top(ben)).toBe(0);

  await strip(ben).getByRole('button', { name: 'Follow', exact: true }).click();
  await expect(strip(ben)).toContainText('Following Ada');
  await scrollTo(ada, 3_000);
  // Heights of lines that were never drawn are guesses: within a few lines.
  await expect.poll(async () => Math.abs((await top(ben)) - (await top(ada)))).toBeLessThan(200);
  expect(await top(ben)).toBeGreaterThan(2_000);

  await scroller(ben).hover();
  await ben.page.mouse.wheel(0, 400);
  await expect(strip(ben)).toContainText('Ada leads.');
  const ears = await Listener.join(server, `/note/${id}`);
  await scrollTo(ada, 0);
  await ears.until(() => ears.last('signal')?.value?.line === 0, 'where Ada is');
  ears.vanish();
  // Time to follow.
  await ben.page.waitForTimeout(300);
  expect(await top(ben)).toBeGreaterThan(2_000);

  await strip(ben).getByRole('button', { name: 'Don\'t follow' }).click();
  await expect(strip(ben).getByRole('button', { name: 'Follow', exact: true })).toBeHidden();
});

test('a lead ends when it is ended, taken over, or its page is closed', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  await ada.open(id);
  await ben.open(id);
  await lead(ada);
  await expect(strip(ben)).toContainText('Ada leads.');
  await strip(ada).getByRole('button', { name: 'Stop' }).click();
  await expect(strip(ben)).not.toContainText('Ada leads.');

  await lead(ada);
  await expect(strip(ben)).toContainText('Ada leads.');
  await lead(ben);
  await expect(strip(ada)).toContainText('Ben leads.');
  await expect(strip(ben)).toContainText('The others can follow you.');

  await ben.page.close();
  await expect(strip(ada)).not.toContainText('Ben leads.', { timeout: 15_000 });
});
