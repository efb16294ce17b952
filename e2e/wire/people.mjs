// People as browsers know them: a token in a cookie, a name in another.

import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';

import { change } from './storage.mjs';

/** Somebody with a browser of their own. */
export class Person {
  constructor(name) {
    this.name = name;
    this.token = randomBytes(32).toString('base64url');
    this.id = personId(this.token);
  }

  /** The headers their browser sends from our own page. */
  headers(server) {
    const me = `1.${encodeURIComponent(this.name)}`;
    return {
      origin: server.origin,
      cookie: `__Host-tandem=${this.token}; __Host-tandem-me=${me}`,
    };
  }

  /** Calls a server function as a page does. */
  async act(server, action, fields = {}) {
    return fetch(`${server.origin}/api/fn/${action}`, {
      method: 'POST',
      headers: { ...this.headers(server), accept: 'application/json' },
      body: new URLSearchParams(fields),
    });
  }

  /** Makes a chat room and says by which key it is joined. */
  async makeRoom(server, title) {
    const answer = await this.act(server, 'make_room', { title });
    assert.equal(answer.status, 200, await answer.clone().text());
    return `/chat/${await answer.json()}`;
  }
}

/** Makes a person's token a session of an account, as signing in would. */
export async function signIn(server, person) {
  const hash = createHash('sha256').update(person.token).digest('hex');
  const now = Date.now();
  await change(server, `INSERT INTO people (id, name, colour, created_at, seen_at)
    VALUES (?1, ?2, 1, ?3, ?3) ON CONFLICT DO NOTHING`, person.id, person.name, now);
  await change(server, 'INSERT INTO accounts (person_id, created_at) VALUES (?1, ?2)', person.id, now);
  await change(server, `INSERT INTO credentials (token_hash, person_id, created_at, kind, label, seen_at)
    VALUES (?1, ?2, ?3, 'session', 'test', ?3)
    ON CONFLICT (token_hash) DO UPDATE SET kind = 'session', seen_at = excluded.seen_at`,
  hash, person.id, now);
}

/** The id that a guest's token stands for. */
function personId(token) {
  const bytes = createHash('sha256').update(`tandem person:${token}`).digest().subarray(0, 16);
  bytes[6] = 0x80 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = bytes.toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
