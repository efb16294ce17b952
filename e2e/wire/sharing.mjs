// Sharing as an owner does it, and coming in as those do who were given something.

import assert from 'node:assert/strict';

import { Peer } from './peer.mjs';

/** Makes a note as a person's own, open to nobody else. */
export async function closedNote(server, owner, markdown = '') {
  const answer = await fetch(`${server.origin}/new`, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...owner.headers(server), 'content-type': 'text/markdown' },
    body: markdown,
  });
  assert.equal(answer.status, 303, await answer.clone().text());
  const id = answer.headers.get('location').split('/').at(-1);
  await done(owner.act(server, 'open_to', { note: id, audience: 'invited', role: 'edit' }));
  return id;
}

/** Expects that something was done. */
export async function done(asked) {
  const answer = await asked;
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer;
}

/** Makes a link and says its id and its token, as the share dialog shows them. */
export async function makeLink(server, owner, note, wanted = {}) {
  const before = new Set((await links(server, owner, note)).map(({ id }) => id));
  await done(owner.act(server, 'make_link', { note, role: 'edit', ...wanted }));
  const made = (await links(server, owner, note)).filter(({ id }) => !before.has(id));
  assert.equal(made.length, 1);
  return made[0];
}

/** The links of a note, as its owner is shown them. */
export async function links(server, owner, note) {
  const answer = await fetch(`${server.origin}/note/${note}/share?part=1`, {
    headers: owner.headers(server),
  });
  const html = await answer.text();
  assert.equal(answer.status, 200, html);
  const tokens = [...html.matchAll(/data-text="[^"]*\/s\/([\w-]{43})"/g)].map(([, token]) => token);
  const ids = [...html.matchAll(/name="link" value="([0-9a-f-]{36})"/g)].map(([, id]) => id);
  assert.equal(tokens.length, ids.length);
  return ids.map((id, index) => ({ id, token: tokens[index] }));
}

/** Opens a link in somebody's browser. */
export function openLink(server, person, token, form) {
  return fetch(`${server.origin}/s/${token}`, {
    method: form ? 'POST' : 'GET',
    redirect: 'manual',
    headers: { ...person.headers(server), accept: 'text/html' },
    ...(form && { body: new URLSearchParams(form) }),
  });
}

/** Comes in through a link. */
export async function comeThrough(server, person, token, form) {
  const answer = await openLink(server, person, token, form);
  assert.equal(answer.status, 303, `a link opens for ${person.name}`);
  return answer.headers.get('location');
}

/** Opens a note's socket as a person's browser does. */
export function joinAs(server, person, note, options = {}) {
  const { origin, ...headers } = person?.headers(server) ?? {};
  return Peer.join(server, note, { headers, origin, ...options });
}
