// The page of who reads: no app is fetched until they do more than read; the view
// is live, and what they hold on to in it stays.

import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

import AxeBuilder from '@axe-core/playwright';

import { random, seed } from '../random.mjs';
import { makeNote } from '../wire/notes.mjs';
import { Peer } from '../wire/peer.mjs';
import { BACK_WITHIN, expect, fetched, test, type Person } from './fixtures';

const LONG = Array.from({ length: 30 }, (_, n) => `## Part ${n + 1}\n\nSome words about it, and some more.\n`).join('\n');
const NOTE = `# Plans\n\nFirst words.\n\n${LONG}\nLast words.\n`;
/** A note that uses every feature. */
const FEATURES = readFileSync(new URL('../../note/tests/cases/features.md', import.meta.url), 'utf8');
/** Random edits of the text whose patches a reader's page follows. */
const EDITS = Number(process.env.TANDEM_READER_EDITS ?? 200);
const READS = 'View only. Details';

/** The source pane writes in the view mode for who comes back. */
const mode = ({ page }: Person, name: string) => page.getByRole('group', { name: 'View mode' }).getByRole('button', { name, exact: true });

/** Ada may edit, Ben opens the same note to read. */
async function together(ada: Person, ben: Person, id: string) {
  await ada.open(id);
  await ben.page.addInitScript(() => localStorage.setItem('tandem.mode', 'view'));
  await ben.page.goto(`/note/${id}`);
  await ben.isSaved();
}

test('who may only view is asked for no wasm and no editor, until they press Edit', async ({ ada, note }) => {
  const id = await note.make(NOTE, 'view');
  const files = fetched(ada);
  await ada.page.goto(`/note/${id}`);
  await expect(ada.chip).toHaveAccessibleName(READS);
  await expect(ada.page.getByRole('button', { name: 'Only you are here' })).toBeVisible();
  await expect(ada.page.locator('#view')).toContainText('Last words.');
  await expect.poll(() => [...new Set(files)].sort()).toEqual(['app.css', 'decorations.js', 'reader.js']);

  await ada.page.getByRole('button', { name: 'Only you are here' }).click();
  await expect(ada.page.getByRole('listitem').filter({ hasText: 'Ada (you)' })).toBeVisible();
  await ada.page.keyboard.press('Escape');
  expect(files).not.toContain('app_bg.wasm');

  await mode(ada, 'Edit').click();
  await expect(ada.editor).toBeVisible();
  await expect(ada.chip).toHaveAccessibleName(READS);
  await expect(ada.editor).toContainText('# Plans');
  expect(files).toContain('app_bg.wasm');
  expect(files).toContain('editor.js');
});

test('who last looked at the view alone reads, and writes once they press Both', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  const files = fetched(ben);
  await together(ada, ben, id);
  expect(files).not.toContain('app_bg.wasm');
  await expect(mode(ben, 'View')).toHaveAttribute('aria-pressed', 'true');
  await expect(mode(ben, 'Both')).toHaveAttribute('aria-pressed', 'false');

  await ada.type('end', 'Before. ');
  await expect(ben.view).toContainText('Before.');
  await mode(ben, 'Both').click();
  await expect(ben.editor).toBeVisible();
  await ben.isSaved();
  await ben.type('end', 'Mine. ');
  await expect(ada.view).toContainText('Before. Mine.');
  await ada.type('end', 'After.');
  // Nothing was lost or applied twice on the way.
  await expect(ben.view.locator('#view > *')).toHaveText(['Plans', 'Before. Mine. After.']);
  expect(await ben.view.locator('#view').getAttribute('data-revision')).toBe(await ada.view.locator('#view').getAttribute('data-revision'));
  await ben.page.reload();
  await expect(ben.view).toContainText('Before. Mine. After.');
});

test('r6: a page that is read sends an empty step 2 and pings, and nothing else', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  const sent: string[] = [];
  ben.page.on('websocket', (socket) => {
    if (!socket.url().includes('/note/')) return;
    socket.on('framesent', ({ payload }) => sent.push(typeof payload === 'string' ? payload : [...payload].join(' ')));
  });
  await together(ada, ben, id);
  await ada.type('end', 'More.');
  await expect(ben.view).toContainText('More.');
  expect(sent.filter((frame) => frame !== 'ping')).toEqual(['0 1 2 0 0']);
});

test('a patch elsewhere leaves selection, scrolling and nodes as they are', async ({ ada, ben, note }) => {
  const id = await note.make(NOTE);
  await together(ada, ben, id);
  await ben.view.getByText('Last words.').scrollIntoViewIfNeeded();
  await ben.page.evaluate(() => {
    const last = document.querySelector('#view')?.lastElementChild;
    if (!last) throw new Error('there is no view');
    getSelection()?.selectAllChildren(last);
    Object.assign(window, { last, stood: last.getBoundingClientRect().top });
  });
  await ada.type('start', 'Zero\n\n');
  await expect(ben.view).toContainText('Zero');
  const kept = await ben.page.evaluate(() => {
    const { last, stood } = window as unknown as { last: Element; stood: number };
    return { selected: `${getSelection()}`, same: last === document.querySelector('#view')?.lastElementChild, moved: Math.abs(last.getBoundingClientRect().top - stood) };
  });
  expect(kept).toEqual({ selected: 'Last words.', same: true, moved: expect.any(Number) });
  expect(kept.moved).toBeLessThan(2);
});

test('after many edits the view is what the server would serve', async ({ server, ada, note }) => {
  test.setTimeout(60_000 + EDITS * 50);
  const id = await note.make(NOTE);
  const peer = await Peer.join(server, id);
  await ada.page.addInitScript(() => localStorage.setItem('tandem.mode', 'view'));
  await ada.page.goto(`/note/${id}`);
  await ada.isSaved();
  const below = random();
  const pieces = ['x', '\n', '\n\n', '# ', '- ', '```rust\n', '```', '> ', '| a |\n|-|\n', '[x]: /y\n', '[x]', '<b>', '🎉', '\n\n---\n\n'];
  for (let edit = 0; edit < EDITS; edit += 1) {
    const at = below(`${peer}`.length + 1);
    if (below(3) === 0) peer.delete(at, Math.min(below(40), `${peer}`.length - at));
    else peer.insert(at, pieces[below(pieces.length)] ?? '');
    // Long enough that many patches are sent and not one.
    if (below(3) === 0) await pause(20);
  }
  await peer.saved();
  const served = await note.view(id);
  const same = () => ada.page.evaluate((served) => {
    const view = document.querySelector('#view')?.cloneNode(true) as Element;
    for (const added of view.querySelectorAll('[data-decoration]')) added.remove();
    const template = document.createElement('template');
    template.innerHTML = served;
    return view.innerHTML === template.innerHTML.trimEnd() || view.innerHTML === template.innerHTML;
  }, served);
  await expect.poll(same, `TANDEM_SEED=${seed}`).toBe(true);
  await peer.leave();
});

test('after the line was down the reader catches up, and keeps what did not change', async ({ ada, ben, note }) => {
  const id = await note.make(NOTE);
  await together(ada, ben, id);
  await ben.page.evaluate(() => Object.assign(window, { first: document.querySelector('#view')?.firstElementChild }));
  await ben.context.setOffline(true);
  await ben.page.evaluate(() => dispatchEvent(new Event('focus')));
  await expect(ben.chip).toHaveAccessibleName('Offline. Details', BACK_WITHIN);
  await ada.type('end', 'Meanwhile.');
  await ada.isSaved();
  await ben.context.setOffline(false);
  await expect(ben.view).toContainText('Meanwhile.', BACK_WITHIN);
  await ben.isSaved(BACK_WITHIN);
  expect(await ben.page.evaluate(() => (window as unknown as { first: Element }).first === document.querySelector('#view')?.firstElementChild)).toBe(true);
  ben.forgive(/ERR_INTERNET_DISCONNECTED/);
});

test('chat, bell and palette come with the first press, and are not dead before', async ({ ada, note }) => {
  const id = await note.make('Read me.', 'view');
  const files = fetched(ada);
  await ada.page.goto(`/note/${id}`);
  await expect(ada.chip).toHaveAccessibleName(READS);
  await ada.page.getByRole('button', { name: 'Chat', exact: true }).click();
  await expect(ada.page.getByText('No messages yet.')).toBeVisible();
  expect(files).toContain('app_bg.wasm');

  await ada.page.reload();
  await expect(ada.chip).toHaveAccessibleName(READS);
  await ada.page.keyboard.press('Control+k');
  await expect(ada.page.getByRole('dialog', { name: 'Commands' })).toBeVisible();
  await ada.page.keyboard.press('Escape');

  await ada.page.reload();
  await expect(ada.chip).toHaveAccessibleName(READS);
  await ada.page.getByRole('button', { name: 'Notifications', exact: true }).click();
  await expect(ada.page.getByText('You\'re up to date.')).toBeVisible();
});

test('who reads is told of messages and of who leads, and goes there by one press', async ({ ada, ben, note }) => {
  const id = await note.make(NOTE);
  const files = fetched(ben);
  await together(ada, ben, id);
  await ada.page.getByRole('button', { name: 'Chat', exact: true }).click();
  await ada.page.getByRole('textbox', { name: 'Message' }).fill('Tea?');
  await ada.page.keyboard.press('Enter');
  await expect(ben.page.getByRole('button', { name: 'Chat, 1 new' })).toBeVisible();
  await ada.page.getByRole('button', { name: 'More', exact: true }).click();
  await ada.page.getByRole('button', { name: 'Let others follow me' }).click();
  await expect(ben.page.getByText('Ada leads.')).toBeVisible();
  expect(files).not.toContain('app_bg.wasm');
  await ben.page.getByRole('button', { name: 'Follow', exact: true }).click();
  await expect(ben.page.getByText('Following Ada')).toBeVisible();
  await ben.page.getByRole('button', { name: 'Chat, 1 new' }).click();
  await expect(ben.page.locator('.chat-log')).toContainText('Tea?');
});

test('when the app does not come, the page says so and goes on being live', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n');
  await together(ada, ben, id);
  await ben.page.route('**/app_bg.wasm', (route) => route.abort());
  await mode(ben, 'Edit').click();
  await expect(ben.page.getByText('That could not be loaded.')).toBeVisible();
  await ada.type('end', 'Still live.');
  await expect(ben.view).toContainText('Still live.');
  await ben.page.unroute('**/app_bg.wasm');
  await mode(ben, 'Edit').click();
  await expect(ben.editor).toBeVisible();
  ben.forgive(/ERR_FAILED|Failed to fetch|TypeError/);
});

test('whose note is gone is told plainly, and keeps what they see', async ({ server, ada }) => {
  const { id, owner_token: token } = await makeNote(server, { markdown: NOTE, access: 'view' });
  await ada.page.goto(`/note/${id}`);
  await expect(ada.chip).toHaveAccessibleName(READS);
  const answer = await fetch(`${server.origin}/note/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${token}` } });
  expect(answer.ok).toBe(true);
  await expect(ada.chip).toHaveAccessibleName('Note not available. Details');
  await ada.chip.click();
  await expect(ada.page.getByText('What you see is the note as it was until now.')).toBeVisible();
  await expect(ada.view).toContainText('Last words.');
});

test('without scripts the page is whole', async ({ arrive, note }) => {
  const id = await note.make(NOTE, 'view');
  const ada = await arrive({ name: 'Ada', javaScriptEnabled: false });
  await ada.page.goto(`/note/${id}`);
  await expect(ada.page.locator('#view > h2')).toHaveCount(30);
  await expect(ada.page.locator('#view')).toContainText('Last words.');
  await expect(ada.chip).toBeHidden();
});

test('the contents list leads through the note, lights where one is, and is sound for all', async ({ ada, note }) => {
  const id = await note.make(`${NOTE}\n\`\`\`rust\nfn main() {}\n\`\`\`\n`, 'view');
  await ada.page.goto(`/note/${id}`);
  await expect(ada.chip).toHaveAccessibleName(READS);
  const button = ada.page.getByRole('button', { name: 'Contents' });
  await button.click();
  const panel = ada.page.getByRole('navigation', { name: 'Contents' });
  await expect(panel.getByRole('link', { name: 'Plans' })).toHaveAttribute('aria-current', 'true');
  await panel.getByRole('link', { name: 'Part 12', exact: true }).click();
  await expect(panel.getByRole('link', { name: 'Part 12', exact: true })).toHaveAttribute('aria-current', 'true');
  await expect(ada.page.locator('#view').getByRole('heading', { name: 'Part 12' })).toBeInViewport();
  const { violations } = await new AxeBuilder({ page: ada.page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await panel.press('Escape');
  await expect(panel).toBeHidden();
  await expect(button).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`all of Markdown is sound for all, ${colorScheme}`, async ({ ada, note }) => {
    await ada.page.emulateMedia({ colorScheme });
    await ada.page.goto(`/note/${await note.make(FEATURES, 'view')}`);
    // A diagram is drawn when it comes near.
    await ada.page.locator('#view pre', { hasText: 'graph LR' }).scrollIntoViewIfNeeded();
    await expect(ada.page.locator('.diagram[data-drawn]')).toBeVisible();
    await expect(ada.page.getByRole('button', { name: 'Copy code (rust)' })).toBeVisible();
    // It may fetch nothing, least of all within a diagram's frame.
    const { violations } = await new AxeBuilder({ page: ada.page }).options({ preload: false }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
}

test('code says its language, is copied by a button, and is coloured', async ({ ada, ben, note }) => {
  const id = await note.make('# Plans\n\n```rust\nfn main() { let x = "tea"; }\n```\n');
  await ada.open(id);
  await ben.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await ben.page.addInitScript(() => localStorage.setItem('tandem.mode', 'view'));
  await ben.page.goto(`/note/${id}`);
  const copy = ben.page.getByRole('button', { name: 'Copy code (rust)' });
  await copy.click();
  await expect(ben.page.getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await ben.page.evaluate(() => navigator.clipboard.readText())).toBe('fn main() { let x = "tea"; }\n');
  const coloured = (group: string) => ben.page.evaluate((group) => [...(CSS.highlights.get(`code-${group}`) ?? [])]
    .filter((range) => range.startContainer.isConnected)
    .map((range) => (range.startContainer as Text).data.slice(range.startOffset, range.endOffset)), group);
  await expect.poll(() => coloured('string')).toEqual(['"tea"']);
  await expect.poll(() => coloured('keyword')).toContain('fn');
  // A patch of the block itself is coloured again, once.
  await ada.editor.getByText('fn main').click();
  await ada.page.keyboard.press('End');
  await ada.page.keyboard.type(' // end');
  await expect.poll(() => coloured('comment')).toEqual(['// end']);
  await expect.poll(() => coloured('string')).toEqual(['"tea"']);
  await expect(ben.page.locator('.code-tools')).toHaveCount(1);
});

test('a diagram is drawn in a frame that has no origin, and only where there is one', async ({ ada, note }) => {
  const id = await note.make('# Plans\n\n```mermaid\ngraph TD;\n  A[Tea] --> B[Cake];\n```\n\n```mermaid\nnonsense(\n```\n', 'view');
  const files = fetched(ada);
  await ada.page.goto(`/note/${id}`);
  const frame = ada.page.locator('#view iframe.diagram[data-drawn]');
  await expect(frame).toHaveCount(1, { timeout: 30_000 });
  expect(await frame.getAttribute('sandbox')).toBe('allow-scripts');
  await expect(frame.contentFrame().getByText('Cake')).toBeVisible();
  expect((await frame.boundingBox())?.height).toBeGreaterThan(50);
  expect(await ada.page.frames()[1]?.evaluate(() => origin)).toBe('null');
  await expect(ada.page.getByText('This diagram cannot be drawn')).toBeVisible();
  expect(files).not.toContain('app_bg.wasm');
});

test('what others host is asked for when somebody presses, and stays in a sandbox', async ({ ada, note }) => {
  const id = await note.make('# Plans\n\nhttps://vimeo.com/76979871\n', 'view');
  const asked: string[] = [];
  await ada.page.route('https://player.vimeo.com/**', async (route) => {
    asked.push(route.request().url());
    await route.fulfill({ contentType: 'text/html', body: '<!doctype html><p>A film</p>' });
  });
  await ada.page.goto(`/note/${id}`);
  const button = ada.page.getByRole('button', { name: 'Load from player.vimeo.com' });
  await expect(button).toBeVisible();
  expect(asked).toEqual([]);
  await button.click();
  const frame = ada.page.locator('#view iframe.embed-frame');
  await expect(frame.contentFrame().getByText('A film')).toBeVisible();
  expect(await frame.getAttribute('sandbox')).not.toContain('top-navigation');
  expect(asked).toEqual(['https://player.vimeo.com/video/76979871?dnt=1']);
});

test('on paper there is the view and nothing else', async ({ ada, note }) => {
  await ada.open(await note.make(NOTE));
  await expect(ada.page.getByRole('button', { name: 'Contents' })).toBeVisible();
  await ada.page.getByRole('button', { name: 'Contents' }).click();
  await ada.page.emulateMedia({ media: 'print' });
  const others = await ada.page.evaluate(() => [...document.body.querySelectorAll('*')]
    .filter((element) => !element.closest('#view') && !element.querySelector('#view'))
    .filter((element) => element.checkVisibility({ visibilityProperty: true }) && (element.getBoundingClientRect().height > 1))
    .map((element) => element.outerHTML.slice(0, 80)));
  expect(others).toEqual([]);
  // All of it: a pane that scrolls would print its first page.
  const { view, page } = await ada.page.evaluate(() => ({
    view: document.getElementById('view')?.getBoundingClientRect().height ?? 0, page: document.documentElement.scrollHeight,
  }));
  expect(view).toBeGreaterThan(1_500);
  expect(page).toBeGreaterThanOrEqual(Math.floor(view));
});

test('the colours in code can be read, by light and in the dark', async ({ ada, note }) => {
  await ada.page.goto(`/note/${await note.make('    code\n', 'view')}`);
  for (const colorScheme of ['light', 'dark'] as const) {
    await ada.page.emulateMedia({ colorScheme });
    const ratios = await ada.page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      if (!canvas) throw new Error('there is no canvas');
      const light = (token: string) => {
        canvas.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(token);
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((part) => {
          const share = part / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = light('--sunk');
      const names = ['keyword', 'string', 'number', 'comment', 'title', 'type', 'name', 'attr', 'meta'];
      return names.map((name) => {
        const ink = light(`--code-${name}`);
        return [name, (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)] as const;
      });
    });
    expect(ratios.filter(([, ratio]) => !(ratio >= 4.5)), colorScheme).toEqual([]);
  }
});

/** A line of each with something that every reader of it would see in colour. */
const IN_COLOUR: Record<string, string> = {
  bash: 'echo "tea"', c: 'int x = 1;', clojure: '(def x "tea")', cpp: 'class A {};', csharp: 'var x = "tea";', css: 'a { color: red; }',
  dart: 'var x = "tea";', diff: '+ tea', dockerfile: 'FROM tea', elixir: 'def x, do: "tea"', elm: 'x = "tea"', erlang: 'x() -> "tea".',
  fsharp: 'let x = "tea"', go: 'func main() {}', graphql: 'query { tea }', groovy: 'def x = "tea"', haskell: 'x = "tea"', html: '<p>tea</p>',
  ini: 'x = "tea"', java: 'class A {}', javascript: 'let x = "tea";', json: '{"x": 1}', julia: 'x = "tea"', kotlin: 'val x = "tea"',
  latex: '\\tea{x}', less: 'a { color: red; }', lua: 'local x = "tea"', makefile: 'tea: # x', markdown: '# tea', nginx: 'listen 80;',
  nix: 'x = "tea";', objectivec: 'int x = 1;', ocaml: 'let x = "tea"', perl: 'my $x = "tea";', php: '<?php echo "tea";', powershell: '$x = "tea"',
  protobuf: 'message Tea {}', python: 'x = "tea"', r: 'x <- "tea"', ruby: 'x = "tea"', rust: 'let x = "tea";', scala: 'val x = "tea"',
  scss: '$x: 1px;', sql: "select 'tea'", swift: 'let x = "tea"', toml: 'x = "tea"', typescript: 'let x = "tea";', vbnet: 'Dim x = "tea"',
  verilog: 'module tea;', vim: 'let x = "tea"', wasm: '(module)', xml: '<p>tea</p>', yaml: 'x: "tea"',
};

test('more than thirty languages are coloured', async ({ ada, note }) => {
  const id = await note.make('# Plans\n\n```rust\nlet x = 1;\n```\n', 'view');
  const worker = ada.page.waitForEvent('worker');
  await ada.page.goto(`/note/${id}`);
  const address = (await worker).url();
  const plain = await ada.page.evaluate(async ([address, lines]) => {
    const worker = new Worker(address as string);
    const uncoloured: string[] = [];
    for (const [language, text] of Object.entries(lines as Record<string, string>)) {
      const answer = new Promise<{ tokens: Uint32Array }>((done) => { worker.onmessage = ({ data }) => done(data); });
      worker.postMessage({ id: 1, language, text });
      if (!(await answer).tokens.length) uncoloured.push(language);
    }
    return uncoloured;
  }, [address, IN_COLOUR] as const);
  expect(plain).toEqual([]);
  expect(Object.keys(IN_COLOUR).length).toBeGreaterThan(30);
});
