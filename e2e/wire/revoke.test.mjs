// A right that is taken away while somebody writes: who it was of is out within a
// second, hears nothing of what comes after, and writes nothing more.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { Listener } from './listener.mjs';
import { Person, signIn } from './people.mjs';
import { closedNote, comeThrough, done, joinAs, makeLink } from './sharing.mjs';
import { change, rows } from './storage.mjs';

// More by `TANDEM_RACES`.
const ROUNDS = Number(process.env.TANDEM_RACES ?? 24);
const AT_ONCE = 8;
/** Eight who typed any faster would keep the one thread busy that all objects share here. */
const TYPED_EVERY_MS = 20;
const OUT_WITHIN_MS = 1_000;
/** Long enough for everybody to come in by it, also on a machine that is busy. */
const LINK_LIVES_S = 8;
/** What is typed while the right stands, and what after it was taken. */
const BEFORE = 'b';
const AFTER = 'Z';
const SECRET = 'SECRET';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** Each way to take a right away: what is asked, and what is left. */
const WAYS = {
  'a link is revoked': {
    take: ({ owner, note, link }) => done(owner.act(server, 'revoke_link', { note, link: link.id })),
  },
  'who came by it is removed': {
    take: ({ owner, note, guest }) =>
      done(owner.act(server, 'remove_person', { note, person: guest.id })),
  },
  'a member may only view from now on': {
    prepare: async ({ owner, note, guest, link }) => {
      await done(owner.act(server, 'open_to', { note, audience: 'invited', role: 'edit' }));
      await done(owner.act(server, 'revoke_link', { note, link: link.id }));
      await done(guest.act(server, 'ask_access', { note }));
      await done(owner.act(server, 'decide_request', { note, person: guest.id, role: 'edit' }));
    },
    take: ({ owner, note, guest }) =>
      done(owner.act(server, 'change_role', { note, person: guest.id, role: 'view' })),
    left: 'view',
  },
  'the note is closed to who has its address': {
    prepare: async ({ owner, note, link }) => {
      await done(owner.act(server, 'open_to', { note, audience: 'link', role: 'edit' }));
      await done(owner.act(server, 'revoke_link', { note, link: link.id }));
    },
    take: ({ owner, note }) =>
      done(owner.act(server, 'open_to', { note, audience: 'invited', role: 'edit' })),
  },
  'who writes signs out': {
    // Before the races: the database is written to behind the server's back.
    guests: async () => {
      const guests = Array.from({ length: ROUNDS }, () => new Person('Ben'));
      for (const guest of guests) await signIn(server, guest);
      return guests;
    },
    take: async ({ guest }) => {
      const answer = await fetch(`${server.origin}/sign-out`, {
        method: 'POST', redirect: 'manual', headers: guest.headers(server),
      });
      assert.equal(answer.status, 303, await answer.text());
    },
  },
  'a link ends by itself': {
    wanted: { expires: `${LINK_LIVES_S}` },
    take: async ({ link }) => {
      await pause(Math.max(0, link.made + LINK_LIVES_S * 1_000 - Date.now()));
      // The object's alarm fires within a moment of it.
      await pause(OUT_WITHIN_MS);
    },
    // What was typed between the end and the alarm is within the second it has.
    late: true,
  },
};

/** The latest that somebody was out in each way, in milliseconds. */
const latest = new Map();

/** One race. */
async function race(name, { wanted, prepare, take, left = null, late = false }, guest) {
  const owner = new Person('Ada');
  const note = await closedNote(server, owner);
  const link = await makeLink(server, owner, note, wanted);
  link.made = Date.now();
  await comeThrough(server, guest, link.token);
  const way = { owner, guest, note, link };
  await prepare?.(way);
  const [peer, mine] = await Promise.all([joinAs(server, guest, note), joinAs(server, owner, note)]);
  const chat = await Listener.join(server, `/chat/note-${note}`, { person: guest });

  let typing = true;
  let typed = BEFORE;
  const typist = (async () => {
    while (typing) {
      peer.insert(0, typed);
      await pause(TYPED_EVERY_MS);
    }
  })();
  try {
    return await raced();
  } finally {
    // Also when it failed, or the typist would type for ever.
    typing = false;
    await typist;
    for (const socket of [mine, peer, chat]) socket.vanish();
  }

  async function raced() {
    if (!late) await pause(20 + Math.random() * 200);
    await take(way);
    const taken = Date.now();
    typed = AFTER;
    mine.insert(0, SECRET);
    await mine.saved();
    if (left === null) {
      await Promise.all([peer.untilClosing(), chat.untilClosing()]);
      const out = Math.max(peer.closingAt, chat.closingAt) - taken;
      latest.set(name, Math.max(out, latest.get(name) ?? 0));
      assert.ok(out < OUT_WITHIN_MS, `out after ${out} ms`);
      assert.equal(peer.closingCode, 4403);
      assert.equal(chat.closingCode, 4403);
    } else {
      await peer.until(() => peer.last('access')?.access === left || peer.closed, 'to be lowered');
    }
    await pause(100);
    typing = false;
    await typist;
    const answer = await fetch(`${server.origin}/note/${note}.md`, { headers: owner.headers(server) });
    const text = await answer.text();
    assert.ok(text.includes(SECRET));
    assert.ok(!text.includes(AFTER), 'nothing written after is in the note');
    if (left === null) assert.ok(!`${peer}`.includes(SECRET), 'nothing of what came after was heard');
    const again = await fetch(`${server.origin}/note/${note}.md`, { headers: guest.headers(server) });
    assert.equal(again.status, left === null ? 404 : 200);
    return text.length - SECRET.length;
  }
}

describe(`A right taken away while somebody writes, ${ROUNDS} times each`, () => {
  for (const [name, way] of Object.entries(WAYS)) {
    test(name, async (t) => {
      const guests = await way.guests?.() ?? Array.from({ length: ROUNDS }, () => new Person('Ben'));
      let letters = 0;
      const races = async () => {
        for (let guest = guests.pop(); guest; guest = guests.pop()) {
          // Not `letters += await`, which would forget what other races added meanwhile.
          const written = await race(name, way, guest);
          letters += written;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, races));
      t.diagnostic(`${letters} letters were written in time`);
      if (latest.has(name)) t.diagnostic(`out after at most ${latest.get(name)} ms`);
      assert.ok(letters > ROUNDS, 'somebody wrote while it was theirs');
    });
  }
});

test('A room that could not be told that a right ended is told by the clock', async () => {
  const [owner, guest] = [new Person('Ada'), new Person('Ben')];
  const note = await closedNote(server, owner);
  const link = await makeLink(server, owner, note);
  await comeThrough(server, guest, link.token);
  const peer = await joinAs(server, guest, note);
  // As a request leaves it that ends between the change and the telling.
  const key = `/note/${note}`;
  await change(server, 'UPDATE share_links SET revoked_at = 1 WHERE id = ?', link.id);
  await change(server, 'INSERT INTO rechecks (key, at) VALUES (?, ?)', key, Date.now());
  assert.equal((await fetch(`${server.origin}/cdn-cgi/handler/scheduled`)).status, 200);
  await peer.untilClosing();
  assert.equal(peer.closingCode, 4403);
  // The clock's turn is over, and so is the telling.
  assert.deepEqual(await rows(server, 'SELECT key FROM rechecks WHERE key = ?', key), []);
});

test('Rooms that were told are not told again', async () => {
  const owner = new Person('Ada');
  const note = await closedNote(server, owner);
  const answer = await fetch(`${server.origin}/note/${note}`, { method: 'DELETE', headers: owner.headers(server) });
  assert.equal(answer.status, 204);
  const waiting = await rows(server, 'SELECT key FROM rechecks WHERE key LIKE ?', `%${note}`);
  assert.deepEqual(waiting, []);
});

test('Who comes in while the right is taken is not let in', async () => {
  for (let round = 0; round < 20; round += 1) {
    const [owner, guest] = [new Person('Ada'), new Person('Ben')];
    const note = await closedNote(server, owner);
    const link = await makeLink(server, owner, note);
    await comeThrough(server, guest, link.token);
    const revoked = pause(Math.random() * 30)
      .then(() => done(owner.act(server, 'revoke_link', { note, link: link.id })));
    const coming = Array.from({ length: 4 }, () =>
      new Listener(server, `/chat/note-${note}`, { person: guest }));
    await revoked;
    for (const socket of coming) await socket.untilClosing();
  }
});
