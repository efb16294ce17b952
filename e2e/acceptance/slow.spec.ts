// A network that lets no WebSocket through: everything works all the same, and says so.

import { Proxy } from '../proxy.mjs';
import { BACK_WITHIN, expect, test as base, type Person } from './fixtures';

const SLOW = 'Saved · Slow connection mode. Details';
/** A WebSocket that is refused is a complaint of the browser's own. */
const REFUSED = /WebSocket connection to .* failed/;

interface Blocked {
  network: Proxy;
  /** Somebody behind a proxy that blocks. */
  cleo: Person;
}

const test = base.extend<Blocked>({
  network: async ({ server }, use) => {
    const network = await Proxy.to(server);
    network.blocks = true;
    await use(network);
    await network.stop();
  },
  cleo: async ({ arrive, network, server }, use) => {
    const cleo = await arrive({ name: 'Cleo', colour: 2, server: Object.assign(Object.create(server), { origin: network.origin }) });
    await use(cleo);
    await cleo.context.close();
    cleo.forgive(REFUSED);
  },
});

test('who is behind a proxy that blocks writes and reads along, and is told', async ({ ada, cleo, note }) => {
  const id = await note.make('tea');
  await ada.open(id);
  await cleo.page.goto(`/note/${id}`);
  await expect(cleo.chip).toHaveAccessibleName(SLOW, BACK_WITHIN);
  await cleo.type('end', 'pot');
  await ada.reads('teapot');
  await ada.type('start', 'a ');
  await cleo.reads('a teapot');
  await expect(cleo.view).toHaveText('a teapot');
  await expect(cleo.chip).toHaveAccessibleName(SLOW);
  expect(await note.source(id)).toBe('a teapot');
  await cleo.chip.click();
  await expect(cleo.page.getByText('This network blocks WebSockets')).toBeVisible();

  await cleo.page.keyboard.press('Escape');
  await cleo.page.getByRole('button', { name: /^Chat/ }).click();
  await cleo.page.getByRole('textbox', { name: 'Message' }).fill('by the slow way');
  await cleo.page.keyboard.press('Enter');
  await expect(ada.page.getByRole('button', { name: 'Chat, 1 new' })).toBeVisible(BACK_WITHIN);
});

test('what is written while the line is cut is merged, by requests too', async ({ ada, cleo, network, note }) => {
  const id = await note.make('tea');
  await ada.open(id);
  await cleo.page.goto(`/note/${id}`);
  await expect(cleo.chip).toHaveAccessibleName(SLOW, BACK_WITHIN);
  network.cut('open');
  await cleo.type('end', 'pot');
  await expect(cleo.chip).toHaveAccessibleName(/3 changes kept on this device/);
  await ada.type('start', 'a ');
  network.mend();
  await cleo.reads('a teapot', BACK_WITHIN);
  await ada.reads('a teapot');
  await expect(cleo.chip).toHaveAccessibleName(/^(Saved|Back online .*) · Slow connection mode\. Details$/, BACK_WITHIN);
  cleo.forgive(/Failed to load resource/);
});

test('once WebSockets get through, they are used', async ({ cleo, network, note }) => {
  test.slow();
  const id = await note.make('tea');
  await cleo.page.goto(`/note/${id}`);
  await expect(cleo.chip).toHaveAccessibleName(SLOW, BACK_WITHIN);
  network.blocks = false;
  await expect(cleo.chip).toHaveAccessibleName('Saved. Details', { timeout: 40_000 });
  await cleo.type('end', 'pot');
  await cleo.isSaved();
  expect(await note.source(id)).toBe('teapot');
});

test('who only reads is shown what changes', async ({ ada, cleo, note }) => {
  const id = await note.make('tea', 'edit');
  await cleo.page.addInitScript(() => localStorage.setItem('tandem.mode', 'view'));
  await cleo.page.goto(`/note/${id}`);
  await expect(cleo.chip).toHaveAccessibleName(SLOW, BACK_WITHIN);
  await ada.open(id);
  await ada.type('end', 'pot');
  await expect(cleo.view).toHaveText('teapot');
});
