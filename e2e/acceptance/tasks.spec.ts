// Boxes of tasks in the view: pressed by mouse and by key, by who may write.

import AxeBuilder from '@axe-core/playwright';

import { makeNote } from '../wire/notes.mjs';
import { Peer } from '../wire/peer.mjs';
import { expect, test } from './fixtures';

const TASKS = '# 😀 Shopping\n\n- [ ] tea\n  - [x] green *tea*\n- [ ] milk 🥛\n\n> 1. [ ] quoted\n';

test('a box that is pressed is ticked in the text, for everybody', async ({ ada, ben, note }) => {
  const id = await note.make(TASKS);
  await ada.open(id);
  await ben.open(id);
  const milk = ada.view.getByRole('checkbox', { name: 'milk 🥛', exact: true });
  await expect(milk).toBeEnabled();
  await milk.click();
  await expect(milk).toBeChecked();
  await expect(ben.view.getByRole('checkbox', { name: 'milk 🥛' })).toBeChecked();
  await expect.poll(() => note.source(id)).toBe(TASKS.replace('[ ] milk', '[x] milk'));
  await ben.reads(TASKS.replace('[ ] milk', '[x] milk'));
  // The names of items are their own words, without those of the items within.
  await expect(ada.view.getByRole('checkbox', { name: 'tea', exact: true })).not.toBeChecked();
  await ben.view.getByRole('checkbox', { name: 'green tea', exact: true }).click();
  await expect(ada.view.getByRole('checkbox', { name: 'green tea', exact: true })).not.toBeChecked();
  await ada.view.getByRole('checkbox', { name: 'quoted' }).click();
  await expect.poll(() => note.source(id)).toBe('# 😀 Shopping\n\n- [ ] tea\n  - [ ] green *tea*\n- [x] milk 🥛\n\n> 1. [x] quoted\n');
  await expect(ada.view.getByRole('status')).toHaveText('');
  const { violations } = await new AxeBuilder({ page: ada.page }).include('#view').analyze();
  expect(violations).toEqual([]);
});

test('boxes are worked by keys, one after the other, and the focus stays', async ({ ada, note }) => {
  const id = await note.make('- [ ] one\n- [ ] two\n- [ ] three\n');
  await ada.open(id);
  const boxes = ada.view.getByRole('checkbox');
  await expect(boxes.first()).toBeEnabled();
  await boxes.first().focus();
  await ada.page.keyboard.press('Space');
  await expect.poll(() => note.source(id)).toBe('- [x] one\n- [ ] two\n- [ ] three\n');
  await expect(boxes.first()).toBeFocused();
  await ada.page.keyboard.press('Tab');
  await expect(boxes.nth(1)).toBeFocused();
  await ada.page.keyboard.press('Space');
  await expect.poll(() => note.source(id)).toBe('- [x] one\n- [x] two\n- [ ] three\n');
  await expect(boxes.nth(1)).toBeFocused();
});

test('a double click ticks once', async ({ ada, note }) => {
  const id = await note.make('- [ ] one\n');
  await ada.open(id);
  const box = ada.view.getByRole('checkbox');
  await expect(box).toBeEnabled();
  await box.dblclick();
  await expect.poll(() => note.source(id)).toBe('- [x] one\n');
  await expect(box).toBeChecked();
});

test('what the server refuses is taken back, and said', async ({ ada, note }) => {
  const id = await note.make('- [ ] one\n');
  await ada.open(id);
  const box = ada.view.getByRole('checkbox');
  await expect(box).toBeEnabled();
  await ada.page.route('**/api/fn/tick', (route) => route.abort());
  await box.click();
  await expect(ada.view.getByRole('status')).toHaveText('The server does not answer. The box was not ticked.');
  await expect(box).not.toBeChecked();
  await ada.page.unroute('**/api/fn/tick');
  await ada.page.route('**/api/fn/tick', (route) => route.fulfill({ contentType: 'application/json', body: '"gone"' }));
  await box.click();
  await expect(ada.view.getByRole('status')).toHaveText('That task was changed by somebody else just now. Look again.');
  await expect(box).not.toBeChecked();
  await ada.page.unroute('**/api/fn/tick');
  await box.click();
  await expect.poll(() => note.source(id)).toBe('- [x] one\n');
  await expect(ada.view.getByRole('status')).toHaveText('');
  ada.forgive(/ERR_FAILED/);
});

test('who may only view presses nothing, and sees the ticks of others', async ({ ada, server }) => {
  const { id, owner_token: token } = await makeNote(server, { markdown: '- [ ] one\n', access: 'view' });
  await ada.page.goto(`/note/${id}`);
  const box = ada.page.locator('#view').getByRole('checkbox', { name: 'one' });
  await expect(box).toBeDisabled();
  await expect(box).toHaveAccessibleName('one');
  const owner = await Peer.join(server, id, { protocols: [`tandem.bearer.${token}`] });
  owner.delete(3, 1);
  owner.insert(3, 'x');
  await expect(box).toBeChecked();
  await expect(box).toBeDisabled();
  owner.vanish();
});
