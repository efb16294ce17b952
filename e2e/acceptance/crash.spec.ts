// The server is killed while two people type, and comes back.

import { startServer } from '../server.mjs';

import { BACK_WITHIN, expect, test } from './fixtures';
import { makeNote, source } from '../wire/notes.mjs';

test('a server that is killed and comes back is no more than a pause', async ({ arrive }) => {
  // One of its own: a test that fails here leaves none behind that is dead.
  const server = await startServer();
  try {
    const { id } = await makeNote(server, { markdown: 'middle' });
    const ada = await arrive({ name: 'Ada', server });
    const ben = await arrive({ name: 'Ben', colour: 1, server });
    await ada.open(id);
    await ben.open(id);

    const typing = Promise.all([
      ada.type('start', 'from the front, through a crash, ', { delay: 30 }),
      ben.type('end', ', and from the end', { delay: 150 }),
    ]);
    // In the middle of it, as the server has it.
    await expect.poll(() => source(server, id), { intervals: [50] }).toMatch(/^from .*middle, /);
    await server.kill();
    await expect(ada.chip).toHaveAccessibleName(/^Offline/);
    await typing;
    await expect(ben.chip).toHaveAccessibleName(/^Offline · \d+ changes? kept on this device/);
    await server.start();

    const text = 'from the front, through a crash, middle, and from the end';
    for (const person of [ada, ben]) {
      await person.isSaved(BACK_WITHIN);
      await person.reads(text);
      await expect(person.view).toHaveText(text);
    }
    expect(await source(server, id)).toBe(text);
    for (const person of [ada, ben]) {
      // Before the server does: a page whose line is cut would complain.
      await person.context.close();
      // The browser reports by itself that it could not connect.
      person.forgive(/WebSocket connection to/);
    }
  } finally {
    await server.stop();
  }
});
