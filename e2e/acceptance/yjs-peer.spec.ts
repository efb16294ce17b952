// A Yjs client as it comes from npm, in one note with a browser.

import { createRequire } from 'node:module';

import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

import { expect, test, type Person } from './fixtures';

// Not every Node.js that may run this has sockets of its own, and `ws` has no types.
const WebSocketPolyfill = createRequire(import.meta.url)('ws');

const listed = ({ page }: Person, name: string | RegExp) => page.getByRole('listitem').filter({ hasText: name });

test('a y-websocket provider writes with a browser, under the name the server gives', async ({ ada, note, server }) => {
  const id = await note.make('Hello');
  await ada.open(id);
  const doc = new Y.Doc();
  const text = doc.getText('content');
  const provider = new WebsocketProvider(`${server.socketOrigin}/note`, id, doc, { WebSocketPolyfill, disableBc: true });
  try {
    await expect.poll(() => provider.synced).toBe(true);
    expect(`${text}`).toBe('Hello');

    text.insert(5, ' from Yjs');
    await ada.reads('Hello from Yjs');
    await expect(ada.view).toHaveText('Hello from Yjs');
    await ada.type('end', ' and *Ada* 👩‍🚀');
    await expect.poll(() => `${text}`).toBe('Hello from Yjs and *Ada* 👩‍🚀');
    text.delete(0, 'Hello '.length);
    await ada.reads('from Yjs and *Ada* 👩‍🚀');
    await ada.isSaved();
    expect(await note.source(id)).toBe(`${text}`);

    // It says who it is; the server knows better.
    const end = Y.createRelativePositionFromTypeIndex(text, 'from'.length);
    provider.awareness.setLocalState({ user: { name: 'Mallory', color: '#ff0000' }, cursor: { anchor: end, head: end } });
    await ada.page.getByRole('button', { name: '2 people are here' }).click();
    await expect(listed(ada, /^\S* ?Guest \w+/)).toBeVisible();
    const name = await listed(ada, 'Guest').getByText(/^Guest \w+$/).innerText();
    await expect.poll(() => ada.beforeCaretOf(name)).toBe('from');
    await expect(ada.editor.getByText('Mallory')).toHaveCount(0);
    await expect(listed(ada, 'Mallory')).toHaveCount(0);

    // And it is told who the other one is.
    const others = () => [...provider.awareness.getStates()]
      .filter(([client]) => client !== doc.clientID)
      .map(([, state]) => state.user?.name);
    await expect.poll(others).toEqual(['Ada']);
  } finally {
    provider.destroy();
  }
  await expect(ada.page.getByRole('button', { name: 'Only you are here' })).toBeAttached();
});
