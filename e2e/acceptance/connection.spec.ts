// When the line is cut: the page says what is stored, and loses nothing.

import { BACK_WITHIN, expect, test, type Person } from './fixtures';
import { Line } from './line';

/** Writes down everything that the chip says from now on. */
async function listenTo({ chip }: Person): Promise<() => Promise<string[]>> {
  const said = await chip.evaluateHandle((chip) => {
    const said: string[] = [];
    const listen = () => said.push(chip.getAttribute('aria-label') ?? '');
    new MutationObserver(listen).observe(chip, { attributes: true, attributeFilter: ['aria-label'] });
    return said;
  });
  return () => said.jsonValue();
}

test('a cut line is told, and what is written meanwhile arrives later', async ({ ada, ben, note }) => {
  const id = await note.make('start ');
  const line = await Line.of(ada);
  await ada.open(id);
  await ben.open(id);
  await ada.type('end', 'online ');
  await ada.isSaved();

  await line.cut();
  await expect(ada.chip).toHaveAccessibleName('Offline. Details');
  const said = await listenTo(ada);
  await ada.type('end', 'offline');
  await expect(ada.chip).toHaveAccessibleName('Offline · 7 changes kept on this device. Details');
  await ada.chip.click();
  await expect(ada.page.getByText('They merge when you are back, also if you close this window before.')).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await ben.type('start', 'meanwhile ');
  await ben.isSaved();
  expect(await note.source(id)).toBe('meanwhile start online ');
  await ada.reads('start online offline');
  const words = await said();
  expect(words[0]).toMatch(/^Offline · 1 change (waiting|kept on this device)\. Details$/);
  expect(words.filter((each) => !each.startsWith('Offline')), 'nothing is called saved').toEqual([]);

  line.mend();
  await expect(ada.chip).toHaveAccessibleName('Back online · 7 changes merged, 1 came in. Details', BACK_WITHIN);
  await ada.reads('meanwhile start online offline');
  await ben.reads('meanwhile start online offline');
  await expect(ada.view).toHaveText('meanwhile start online offline');
  expect(await note.source(id)).toBe('meanwhile start online offline');
  await expect(ada.chip).toHaveAccessibleName('Saved. Details');
});

test('"Try now" does not wait', async ({ ada, note }) => {
  const id = await note.make();
  const line = await Line.of(ada);
  await ada.open(id);
  await line.cut();
  await ada.type('end', 'kept');
  await expect(ada.chip).toHaveAccessibleName(/^Offline · 4 changes kept on this device/);
  await ada.chip.click();
  const tryNow = ada.page.getByRole('button', { name: 'Try now' });
  await expect(tryNow).toBeVisible();
  // The fifth in vain: by itself the page waits four to eight seconds now.
  await expect.poll(() => line.tries, { timeout: 20_000, intervals: [50] }).toBeGreaterThanOrEqual(5);
  line.mend();
  await tryNow.click();
  await ada.isSaved({ timeout: 3_000 });
  expect(await note.source(id)).toBe('kept');
});
