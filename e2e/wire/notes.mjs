// Notes over HTTP, as a program makes and reads them.

import assert from 'node:assert/strict';

/**
 * Makes a note and returns what the server says of it.
 * @param {{ origin: string }} server
 * @param {{ markdown?: string, access?: string }} [wanted]
 */
export async function makeNote(server, { markdown = '', access } = {}) {
  const answer = await fetch(`${server.origin}/api/notes`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ markdown, access }),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return answer.json();
}

/** The source of a note, as anybody with the link reads it. */
export async function source(server, id) {
  const answer = await fetch(`${server.origin}/note/${id}.md`);
  assert.equal(answer.status, 200);
  return answer.text();
}

/** The rendered view of a note. */
export async function view(server, id) {
  const answer = await fetch(`${server.origin}/note/${id}.html`);
  assert.equal(answer.status, 200);
  return answer.text();
}

/** What a page shows after these events: the blocks that patches leave, as one fragment. */
export function shown(events) {
  const blocks = [];
  let revision = null;
  for (const event of events.filter(({ type }) => type === 'view')) {
    if (event.from === null) blocks.length = 0;
    else assert.equal(event.from, revision, 'patches follow one another');
    for (const { at, remove, insert } of event.patches) blocks.splice(at, remove, ...insert);
    revision = event.revision;
  }
  return blocks.map(({ html }) => html).join('\n');
}
