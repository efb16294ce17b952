// How the pages stand: modes, narrow and dark, and all of it by keyboard.

import { expect, test, type Person } from './fixtures';

const WIDE_TABLE = `| ${'a wide column | '.repeat(12)}\n|${'-|'.repeat(12)}\n| ${'with-long-words-in-it | '.repeat(12)}\n`;
const NOTE = `# Plans\n\n${WIDE_TABLE}\n\`\`\`\n${'a long line of code '.repeat(20)}\n\`\`\`\n\nhttps://example.org/${'long'.repeat(40)}\n`;

const mode = ({ page }: Person, name: string) => page.getByRole('group', { name: 'View mode' }).getByRole('button', { name });

/** By how many pixels the page is wider than the screen. */
const excess = ({ page }: Person) => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** How light the page is, from 0 to 1. */
const lightness = ({ page }: Person) => page.evaluate(() => {
  const canvas = document.createElement('canvas').getContext('2d');
  if (!canvas) return NaN;
  canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  canvas.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return (red + green + blue) / 3 / 255;
});

/** What has the focus, by its name. */
const focused = ({ page }: Person) => page.evaluate(() => {
  const element = document.activeElement;
  const labels = element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent;
  return (element?.getAttribute('aria-label') ?? labels ?? '').trim();
});

test('the panes are chosen, by button and by key, and stay chosen', async ({ ada, note }) => {
  await ada.open(await note.make('# Plans\n'));
  const shows = async (editor: boolean, view: boolean) => {
    await expect(ada.editor).toBeVisible({ visible: editor });
    await expect(ada.view).toBeVisible({ visible: view });
  };
  await shows(true, true);
  await mode(ada, 'View').click();
  await shows(false, true);
  await expect(mode(ada, 'View')).toHaveAttribute('aria-pressed', 'true');
  await mode(ada, 'Edit').click();
  await shows(true, false);
  await ada.page.reload();
  await shows(true, false);
  await expect(mode(ada, 'Edit')).toHaveAttribute('aria-pressed', 'true');
  await ada.page.keyboard.press('Control+Alt+v');
  await shows(false, true);
  await ada.page.keyboard.press('Control+Alt+b');
  await shows(true, true);
});

test('who hides the source by keys and shows it again goes on typing in it', async ({ ada, note }) => {
  await ada.open(await note.make(''));
  await ada.type('end', 'tea ');
  await ada.page.keyboard.press('Control+Alt+v');
  await expect(ada.view).toBeFocused();
  await ada.page.keyboard.press('Control+Alt+e');
  await expect(ada.editor).toBeFocused();
  await ada.page.keyboard.type('and dinner');
  await ada.reads('tea and dinner');
});

test('the contents and the chat make way for each other, and for a phone that is turned', async ({ arrive, note }) => {
  const ada = await arrive({ name: 'Ada', viewport: { width: 844, height: 390 } });
  await ada.open(await note.make('# Plans\n\n## Tea\n'));
  await mode(ada, 'View').click();
  const chat = ada.page.getByRole('region', { name: 'Chat', exact: true });
  const contents = ada.page.getByRole('navigation', { name: 'Contents' });
  const opensChat = ada.page.getByRole('button', { name: /^Chat/ });
  await opensChat.click();
  await expect(chat).toBeVisible();
  await ada.page.getByRole('button', { name: 'Contents', exact: true }).click();
  await expect(contents.getByRole('link', { name: 'Plans' })).toBeFocused();
  await expect(chat).toBeHidden();
  await opensChat.click();
  await expect(chat).toBeVisible();
  await expect(contents).toBeHidden();

  const panes = ada.page.locator('main.panes');
  await ada.page.setViewportSize({ width: 390, height: 844 });
  await expect(panes).toHaveAttribute('inert');
  await ada.page.setViewportSize({ width: 844, height: 390 });
  await expect(panes).not.toHaveAttribute('inert');
});

test('on a phone the text is there before the program, where the editor will have it', async ({ ada, note }) => {
  const id = await note.make(`# Plans\n\n${'A line that has to wrap on a phone. '.repeat(4)}\n\n<b>Last</b>`);
  await ada.page.setViewportSize({ width: 390, height: 844 });
  let arrive = () => {};
  const isHere = new Promise<void>((done) => { arrive = done; });
  await ada.page.route('**/app_bg.wasm', async (route) => { await isHere; await route.continue(); });
  await ada.page.goto(`/note/${id}`);
  const served = ada.page.locator('#source-start > div');
  await expect(served).toHaveText(['# Plans', '', /^A line that/, '', '<b>Last</b>']);
  await expect(served.last()).toBeVisible();
  const boxes = (lines: typeof served) => lines.evaluateAll((all) => all.map((line) => {
    const { left, top, width, height } = line.getBoundingClientRect();
    return [left, top, width, height].map(Math.round);
  }));
  const before = await boxes(served);
  arrive();
  await expect(ada.editor).toBeVisible();
  await expect(served).toHaveCount(0);
  expect(await boxes(ada.page.locator('.cm-line'))).toEqual(before);
});

test('who may only read is not served the source', async ({ ada, note }) => {
  await ada.page.goto(`/note/${await note.make('Read *me*.', 'view')}`);
  await expect(ada.view).toHaveText('Read me.');
  expect(await ada.page.content()).not.toContain('*me*');
});

test('the line between the panes is moved by keys', async ({ ada, note }) => {
  await ada.open(await note.make('# Plans\n'));
  const line = ada.page.getByRole('separator', { name: 'Width of the source' });
  const width = async () => (await ada.view.boundingBox())?.width ?? 0;
  const before = await width();
  await line.press('ArrowLeft');
  await expect.poll(width).toBeGreaterThan(before);
  await expect(line).toHaveAttribute('aria-valuenow', '48');
  await line.press('Enter');
  await expect.poll(width).toBe(before);
});

for (const width of [390, 320]) {
  test(`at ${width} pixels everything is within reach`, async ({ arrive, note }) => {
    const ada = await arrive({ name: 'Ada', viewport: { width, height: 844 }, hasTouch: true, isMobile: true });
    await ada.open(await note.make(NOTE));
    expect(await excess(ada), 'nothing sticks out').toBe(0);

    const share = ada.page.getByRole('button', { name: 'Share' });
    const more = ada.page.getByRole('button', { name: 'More' });
    const chat = ada.page.getByRole('button', { name: 'Chat', exact: true });
    const bell = ada.page.getByRole('button', { name: 'Notifications', exact: true });
    const middles = new Set<number>();
    for (const part of [ada.page.getByRole('link', { name: 'Home' }), ada.title, ada.chip, chat, bell, share, more]) {
      const box = await part.boundingBox();
      if (!box) throw new Error(`${part} is not shown`);
      expect(box.x, `${part}`).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width, `${part}`).toBeLessThanOrEqual(width);
      middles.add(Math.round((box.y + box.height / 2) / 4));
    }
    expect(middles.size, 'the header is one row').toBe(1);

    // Two panes do not fit: the switch has two sides.
    await expect(ada.editor).toBeVisible();
    await expect(ada.view).toBeHidden();
    await expect(mode(ada, 'Both')).toBeHidden();
    await mode(ada, 'View').tap();
    await expect(ada.view.getByRole('heading')).toHaveText('Plans');
    await expect(ada.editor).toBeHidden();
    expect(await excess(ada), 'nor does the view').toBe(0);
    expect(await ada.view.evaluate((view) => view.scrollWidth - view.clientWidth), 'wide parts scroll by themselves').toBe(0);
    await mode(ada, 'Edit').tap();
    await expect(ada.editor).toBeVisible();

    await share.tap();
    const dialog = await ada.page.getByRole('dialog', { name: 'Share this note' }).boundingBox();
    expect(dialog?.width).toBeLessThanOrEqual(width);
    expect(await excess(ada), 'nor the dialog').toBe(0);
  });
}

test('dark is dark, by the system\'s word and by mine', async ({ arrive, note }) => {
  const ada = await arrive({ name: 'Ada', colorScheme: 'dark' });
  await ada.page.goto('/');
  expect(await lightness(ada)).toBeLessThan(0.3);
  await ada.open(await note.make('# Plans\n'));
  expect(await lightness(ada)).toBeLessThan(0.3);

  await ada.page.getByRole('button', { name: 'More' }).click();
  const kept = ada.page.waitForResponse(/set_theme/);
  await ada.page.getByRole('group', { name: 'Theme' }).getByRole('button', { name: 'Light' }).click();
  await expect.poll(() => lightness(ada)).toBeGreaterThan(0.9);
  await (await kept).finished();
  await ada.page.reload();
  expect(await lightness(ada)).toBeGreaterThan(0.9);

  // On paper a page has the colours of the light one, also for who chose the dark one.
  const colours = () => ada.page.evaluate(() => {
    const style = getComputedStyle(document.documentElement);
    return ['--raised', '--red', '--amber-tint', '--code-string'].map((name) => style.getPropertyValue(name));
  });
  const light = await colours();
  await ada.page.evaluate(() => { document.documentElement.dataset.theme = 'dark'; });
  expect(await colours()).not.toEqual(light);
  await ada.page.emulateMedia({ media: 'print' });
  expect(await colours()).toEqual(light);
});

test('Tab reaches everything in the order it is read', async ({ ada, note }) => {
  await ada.open(await note.make('# Plans\n'));
  const order = [
    'Skip to the note', 'Home', 'Title', 'Saved. Details', 'Only you are here', 'Chat', 'Notifications', 'Share', 'More',
    'Note source', 'Width of the source', 'View', 'Edit', 'Both', 'View',
  ];
  const walked: string[] = [];
  await ada.page.getByRole('link', { name: 'Skip to the note' }).focus();
  for (const _ of order) {
    walked.push(await focused(ada));
    // In the editor Tab indents, unless Escape said that one wants to leave.
    if (walked.at(-1) === 'Note source') await ada.page.keyboard.press('Escape');
    await ada.page.keyboard.press('Tab');
  }
  expect(walked).toEqual(order);
  await ada.reads('# Plans\n');
});

test('dialogs and menus open and close by keyboard, and give the focus back', async ({ ada, note }) => {
  await ada.open(await note.make('# Plans\n'));
  const share = ada.page.getByRole('button', { name: 'Share' });
  const dialog = ada.page.getByRole('dialog', { name: 'Share this note' });
  await share.press('Enter');
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('textbox', { name: 'Link' })).toHaveValue(ada.page.url());
  await ada.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(share).toBeFocused();

  const more = ada.page.getByRole('button', { name: 'More' });
  const sheet = ada.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await more.press('Enter');
  await ada.page.getByRole('button', { name: /^Keyboard shortcuts/ }).press('Enter');
  await expect(sheet).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();

  await more.press('Enter');
  await expect(ada.page.getByRole('group', { name: 'Theme' })).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(ada.page.getByRole('group', { name: 'Theme' })).toBeHidden();
  await expect(more).toBeFocused();
});

test('home works by keyboard, and is as narrow as the screen', async ({ arrive }) => {
  const ada = await arrive({ viewport: { width: 320, height: 640 } });
  await ada.page.goto('/');
  expect(await excess(ada)).toBe(0);
  await ada.page.keyboard.press('Tab');
  await expect(ada.page.getByRole('button', { name: 'New note' })).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(ada.page).toHaveURL(/\/note\/[0-9a-f-]{36}$/);
  await ada.isSaved();
});
