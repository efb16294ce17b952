// Every role, every action, against the running Worker: who may do what is the
// table of `store/src/access.rs`, by page, by program, by frame.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { makeNote } from './notes.mjs';
import { Peer } from './peer.mjs';
import { Person } from './people.mjs';
import { objects } from './storage.mjs';
import { closedNote, comeThrough, done, joinAs, makeLink } from './sharing.mjs';

// A hundred thousand take seven minutes; `TANDEM_GUESSES` asks for them.
const GUESSES = Number(process.env.TANDEM_GUESSES ?? 3_000);
const RANK = { view: 1, comment: 2, suggest: 3, edit: 4, owner: 5 };

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** Each way to stand to a note, and the role it is. A `way` gives what a request carries. */
const ROLES = {
  'a visitor without cookies': [null, async () => ({})],
  'a browser with no right': [null, async ({ person }) => ({ person })],
  'who owns another note': [null, async ({ person }) => {
    await closedNote(server, person, 'mine');
    return { person };
  }],
  'who was taken out': [null, async ({ owner, person, note }) => {
    const { id, token } = await makeLink(server, owner, note, { role: 'edit' });
    await comeThrough(server, person, token);
    await done(owner.act(server, 'revoke_link', { note, link: id }));
    return { person };
  }],
  'a member who was removed': [null, async ({ owner, person, note }) => {
    const { token } = await makeLink(server, owner, note, { role: 'edit' });
    await comeThrough(server, person, token);
    await done(owner.act(server, 'remove_person', { note, person: person.id }));
    return { person };
  }],
  'who has the token of a note\'s link, revoked': [null, async ({ owner, note }) => {
    const { id, token } = await makeLink(server, owner, note);
    await done(owner.act(server, 'revoke_link', { note, link: id }));
    return { bearer: token };
  }],
  ...Object.fromEntries(['view', 'comment', 'suggest', 'edit'].flatMap((role) => [
    [`who came through a link: ${role}`, [role, async ({ owner, person, note }) => {
      const { token } = await makeLink(server, owner, note, { role });
      await comeThrough(server, person, token);
      return { person };
    }]],
    [`a program with a link's token: ${role}`, [role, async ({ owner, note }) => {
      const { token } = await makeLink(server, owner, note, { role });
      return { bearer: token };
    }]],
    [`anyone with the address: ${role}`, [role, async ({ owner, note }) => {
      await done(owner.act(server, 'open_to', { note, audience: 'link', role }));
      return {};
    }]],
  ])),
  'its owner': ['owner', async ({ owner }) => ({ person: owner })],
};

/** What a request carries of who asks. */
function shown({ person, bearer }) {
  if (person) return person.headers(server);
  return bearer ? { authorization: `Bearer ${bearer}` } : {};
}

function http(method, path, { body, type, accept, condition } = {}) {
  return async ({ note, who }) => {
    const answer = await fetch(`${server.origin}${path(note)}`, {
      method,
      redirect: 'manual',
      headers: { ...shown(who), ...condition, ...(type && { 'content-type': type }), ...(accept && { accept }) },
      body,
    });
    await answer.arrayBuffer();
    return answer.status;
  };
}

function action(name, fields) {
  return async ({ note, who, owner }) => {
    const answer = await fetch(`${server.origin}/api/fn/${name}`, {
      method: 'POST',
      headers: { ...shown(who), accept: 'application/json' },
      body: new URLSearchParams({ note, ...fields({ owner }) }),
    });
    await answer.arrayBuffer();
    return answer.status;
  };
}

/** What came of something on the note's socket, as a status. */
function frame(use) {
  return async ({ note, who }) => {
    const { origin, ...headers } = shown(who);
    const peer = new Peer(`${server.socketOrigin}/note/${note}?events=1`, {
      headers, origin, awake: true,
    });
    await peer.until(() => peer.closed || peer.answers > 0, 'the door');
    if (peer.closed) return peer.closed.code - 4000;
    const status = await use(peer, note);
    await peer.leave();
    return status;
  };
}

function message(use) {
  return async ({ note, who }) => {
    const { origin, ...headers } = shown(who);
    const chat = new Listener(server, `/chat/note-${note}`, { headers, origin });
    await chat.until(() => chat.closed || chat.last('hello'), 'the door');
    if (chat.closed) return chat.closed.code - 4000;
    const status = await use(chat);
    chat.vanish();
    return status;
  };
}

const nobody = '00000000-0000-4000-8000-000000000001';
const markdown = 'text/markdown';

/** Each action: the least role it takes, and how it is tried. */
const ACTIONS = {
  'GET page': ['view', http('GET', (id) => `/note/${id}`, { accept: 'text/html' })],
  'GET .md': ['view', http('GET', (id) => `/note/${id}.md`)],
  'HEAD .md': ['view', http('HEAD', (id) => `/note/${id}.md`)],
  'GET .html': ['view', http('GET', (id) => `/note/${id}.html`)],
  'GET download.html': ['view', http('GET', (id) => `/note/${id}/download.html`)],
  'GET copy': ['view', http('GET', (id) => `/note/${id}/copy`)],
  'GET edit': ['edit', http('GET', (id) => `/note/${id}/edit`, { accept: 'text/html' })],
  'GET share': ['owner', http('GET', (id) => `/note/${id}/share`, { accept: 'text/html' })],
  'GET share part': ['owner', http('GET', (id) => `/note/${id}/share?part=1`)],
  'POST .md': ['edit', http('POST', (id) => `/note/${id}.md`, { body: 'more', type: markdown })],
  'PUT .md': ['edit', http('PUT', (id) => `/note/${id}.md`, {
    body: '# Plans, put', type: markdown, condition: { 'if-match': '"1"' },
  })],
  set_title: ['edit', action('set_title', () => ({ title: 'Named' }))],
  edit_note: ['edit', action('edit_note', () => ({ base: '', text: '' }))],
  open_to: ['owner', action('open_to', () => ({ audience: 'invited', role: 'edit' }))],
  invite: ['owner', action('invite', () => ({ name: 'Somebody', role: 'view' }))],
  change_role: ['owner', action('change_role', () => ({ person: nobody, role: 'edit' }))],
  remove_person: ['owner', action('remove_person', () => ({ person: nobody }))],
  make_link: ['owner', action('make_link', () => ({ role: 'edit' }))],
  revoke_link: ['owner', action('revoke_link', () => ({ link: nobody }))],
  decide_request: ['owner', action('decide_request', () => ({ person: nobody, role: 'edit' }))],
  join: ['view', frame(() => 200)],
  awareness: ['view', frame(async (peer) => {
    peer.sendState({ cursor: null });
    await peer.until(() => peer.states.has(peer.doc.clientID) || peer.closed, 'to be seen');
    return peer.closed ? 403 : 200;
  })],
  update: ['edit', frame(async (peer) => {
    peer.insert(0, 'x');
    await peer.until(() => peer.last('refused') || peer.through >= peer.sent, 'an answer');
    return peer.last('refused') ? 403 : 200;
  })],
  signal: ['edit', frame(async (peer) => {
    peer.sendRaw(JSON.stringify({ type: 'set', name: 'lead', value: 1 }));
    await peer.until(() => peer.last('refused') || peer.last('signal'), 'an answer');
    return peer.last('refused') ? 403 : 200;
  })],
  'read chat': ['view', message(() => 200)],
  say: ['comment', message(async (chat) => {
    chat.ask({ type: 'say', id: `m-${Math.random()}`, text: 'hello' });
    await chat.until(() => chat.last('refused') || chat.last('message'), 'an answer');
    return chat.last('refused') ? 403 : 200;
  })],
  'slow mode': ['owner', message(async (chat) => {
    // How the room is kept is told to who comes in; the next one is an answer.
    await chat.until(() => chat.last('order'), 'the order');
    const orders = chat.all('order').length;
    chat.ask({ type: 'slow', seconds: 0 });
    await chat.until(() => chat.last('refused') || chat.all('order').length > orders, 'an answer');
    return chat.last('refused') ? 403 : 200;
  })],
  'GET slides': ['view', http('GET', (id) => `/note/${id}/slides`, { accept: 'text/html' })],
  'GET slides.svg': ['view', http('GET', (id) => `/note/${id}/slides.svg`)],
  publish: ['owner', action('publish', () => ({ slug: `page-${Math.random().toString(36).slice(2)}` }))],
  unpublish: ['owner', action('unpublish', () => ({}))],
  DELETE: ['owner', http('DELETE', (id) => `/note/${id}`)],
};

describe('Who may do what', () => {
  let pairs = 0;
  for (const [name, [role, way]] of Object.entries(ROLES)) {
    test(`${name}: as the table says`, async () => {
      const owner = new Person('Ada');
      const note = await closedNote(server, owner, '# Plans');
      const who = await way({ owner, person: new Person('Ben'), note });
      const wrong = [];
      for (const [what, [least, tried]] of Object.entries(ACTIONS)) {
        // An owner's action before may have closed the note to this way in.
        const status = await tried({ note, who, owner });
        const may = role !== null && RANK[role] >= RANK[least];
        const expected = may ? status >= 200 && status < 400 : status === (role === null ? 404 : 403);
        if (!expected) wrong.push(`${what}: ${status}`);
        pairs += 1;
      }
      assert.deepEqual(wrong, []);
    });
  }
  after(() => console.log(`${pairs} pairs of role and action`));
});

describe('A note that is not mine', () => {
  test('looks like one that is not there, in status, headers and body', async () => {
    const ada = new Person('Ada');
    const id = await closedNote(server, ada, 'secret');
    const none = '6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d';
    for (const path of ['', '.md', '.html', '/copy', '/download.html', '/edit', '/share', '/slides', '/slides.svg', '/asked']) {
      for (const accept of ['text/html', '*/*']) {
        const [mine, nobodys] = await Promise.all([id, none].map(async (note) => {
          const answer = await fetch(`${server.origin}/note/${note}${path}`, { headers: { accept } });
          const headers = [...answer.headers].filter(([name]) => !['date', 'content-security-policy'].includes(name));
          const body = (await answer.text()).replaceAll(note, 'ID').replaceAll(/nonce="[^"]*"/g, '');
          return { status: answer.status, headers, body };
        }));
        assert.deepEqual(mine, nobodys, `${path} ${accept}`);
        assert.equal(mine.status, 404);
      }
    }
  });

  test('can be asked for, and its owner lets in', async () => {
    const [ada, ben] = [new Person('Ada'), new Person('Ben')];
    const note = await closedNote(server, ada, 'secret');
    const mine = await Listener.join(server, `/user/${ada.id}`, { person: ada });
    for (const id of [note, '6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d', note]) {
      const answer = await ben.act(server, 'ask_access', { note: id });
      assert.deepEqual([answer.status, await answer.text()], [200, 'null']);
    }
    await mine.until(() => mine.last('notification'), 'to be told');
    const { kind, by, place } = mine.last('notification').notification;
    assert.deepEqual([kind, by.name, place], ['access_asked', 'Ben', `/note/${note}/share`]);
    assert.equal(mine.all('notification').length, 1, 'asked twice, told once');
    const theirs = await Listener.join(server, `/user/${ben.id}`, { person: ben });
    await done(ada.act(server, 'decide_request', { note, person: ben.id, role: 'view' }));
    await theirs.until(() => theirs.last('notification'), 'to be told');
    assert.equal(theirs.last('notification').notification.kind, 'access_granted');
    const peer = await joinAs(server, ben, note);
    assert.equal(peer.events[0].access, 'view');
    await done(ada.act(server, 'change_role', { note, person: ben.id, role: 'edit' }));
    await peer.until(() => peer.last('access')?.access === 'edit', 'to be told of the right');
    await done(ada.act(server, 'transfer_note', { note, person: ben.id }));
    await peer.until(() => peer.last('access')?.access === 'own', 'to own it');
  });

  test(`is not there for ${GUESSES} guesses, and no object is made`, async () => {
    await makeNote(server, { markdown: 'x' });
    const before = await objects(server);
    let hits = 0;
    let left = GUESSES;
    const guess = async () => {
      while (left > 0) {
        left -= 1;
        const kind = left % 100;
        const id = randomUUID();
        const path = kind === 0 ? `/s/${id.replaceAll('-', '')}${id.slice(0, 11)}` : `/note/${id}.md`;
        const answer = await fetch(`${server.origin}${path}`, { method: 'HEAD' });
        if (answer.status !== 404) hits += 1;
      }
    };
    await Promise.all(Array.from({ length: 16 }, guess));
    assert.equal(hits, 0);
    assert.deepEqual(await objects(server), before);
  });
});
