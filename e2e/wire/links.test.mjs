// Which notes link to a note: under it, to each reader those that they may open.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { Person } from './people.mjs';

const INDEXED_WITHIN_MS = 15_000;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

async function make(person, markdown, access = 'edit') {
  const answer = await fetch(`${server.origin}/api/notes`, {
    method: 'POST',
    headers: { ...person.headers(server), 'content-type': 'application/json' },
    body: JSON.stringify({ markdown, access }),
  });
  assert.equal(answer.status, 201, await answer.clone().text());
  return (await answer.json()).id;
}

/** The ids of the notes that somebody's page of a note lists under it; null for no list. */
async function listed(person, id) {
  const headers = person ? person.headers(server) : {};
  const page = await (await fetch(`${server.origin}/note/${id}`, { headers: { ...headers, accept: 'text/html' } })).text();
  assert.match(page, /id="view"/);
  const list = /<nav [^>]*class="linked-from".*?<\/nav>/s.exec(page)?.[0];
  return list ? [...list.matchAll(/href="\/note\/([0-9a-f-]{36})"/g)].map(([, found]) => found) : null;
}

async function until(look, expected) {
  const deadline = Date.now() + INDEXED_WITHIN_MS;
  for (;;) {
    const found = await look();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    assert.ok(Date.now() < deadline, `${JSON.stringify(found)}, not ${JSON.stringify(expected)}`);
    await pause(200);
  }
}

describe('A note says which notes link to it', () => {
  test('to each reader those that they may open', async () => {
    const [ada, ben] = [new Person('Ada'), new Person('Ben')];
    const hub = await make(ada, '# Hub of this test\n\ntext');
    assert.equal(await listed(ada, hub), null, 'nothing is shown where there is nothing');
    const open = await make(ada, '# Open\n\nSee [[hub OF this test]] and `[[Code]]`.', 'none');
    const hidden = await make(ben, '# Hidden\n\n[[Hub of this test|there]]', 'none');
    await until(() => listed(ada, hub), [open]);
    // Ben comes to the note by its address; of Ada's private one he learns nothing.
    await until(() => listed(ben, hub), [hidden]);
    const page = await (await fetch(`${server.origin}/note/${hub}`, { headers: { ...ben.headers(server), accept: 'text/html' } })).text();
    assert.ok(!page.includes(open) && !page.includes('Open'), 'no id and no title of hers is in his page');
    assert.equal(await listed(new Person('Cyd'), hub), null);
    assert.equal(await listed(null, hub), null);
  });

  test('until the link is gone', async () => {
    const ada = new Person('Ada');
    const hub = await make(ada, '# Second hub\n');
    const other = await make(ada, '[[Second hub]]\n');
    await until(() => listed(ada, hub), [other]);
    const headers = { ...ada.headers(server) };
    const address = `${server.origin}/note/${other}.md`;
    const tag = (await fetch(address, { headers })).headers.get('etag');
    const put = await fetch(address, { method: 'PUT', headers: { ...headers, 'if-match': tag }, body: Buffer.from('No link.\n') });
    assert.equal(put.status, 204);
    await until(() => listed(ada, hub), null);
  });
});

describe('A note that is made of a file', () => {
  const made = async (query, body) => {
    const ada = new Person('Ada');
    const answer = await fetch(`${server.origin}/api/notes${query}`, {
      method: 'POST', headers: { ...ada.headers(server), 'content-type': 'text/markdown' }, body,
    });
    assert.equal(answer.status, 201);
    const page = await fetch(`${server.origin}/note/${(await answer.json()).id}`, { headers: { ...ada.headers(server), accept: 'text/html' } });
    return /<title>(.*) · Tandem<\/title>/.exec(await page.text())[1];
  };

  test('is called as the file is, unless it has a heading', async () => {
    assert.equal(await made('?title=Garden%20plan', 'First words.\n'), 'Garden plan');
    assert.equal(await made('?title=plan', '# The plan\n'), 'The plan');
    assert.equal(await made('?title=', 'First words.\n'), 'First words.');
    assert.equal(await made('?title=%3Cb%3E', 'First words.\n'), '&lt;b&gt;');
  });
});
