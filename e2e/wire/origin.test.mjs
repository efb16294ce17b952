// Where a request says it comes from: only the very same origin counts with its
// cookies; none at all is no browser; anything else is refused.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';

import WebSocket from 'ws';

import { startServer } from '../server.mjs';
import { Person } from './people.mjs';
import { closedNote } from './sharing.mjs';
import { objects } from './storage.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/**
 * Forty that are not ours, however near. Another scheme, capitals and a user before
 * our own host are not among them: `wrangler dev` writes such an Origin anew before
 * the Worker sees it. They are among the native tests of `worker/src/origin.rs`.
 */
function foreign() {
  const { host, port } = new URL(server.origin);
  const at = (name) => `http://${name}:${port}`;
  return [
    'null', 'undefined', 'file://', 'data:', 'about:blank', 'https://evil.example',
    'http://evil.example', `ws://${host}`, `wss://${host}`, `//${host}`, host,
    `${server.origin}/`, `${server.origin}/note`, `${server.origin}?`, `${server.origin}#`,
    `${server.origin}:80`, `${server.origin}0`, `${server.origin}.`, 'http://127.0.0.1',
    'http://127.0.0.1:1', at('localhost'), at('127.0.0.2'), at('127.1'), at('[::1]'),
    at('0.0.0.0'), at('127.0.0.1.evil.example'), at('evil.example'), at('[::ffff:7f00:1]'), at('2130706433.nip.io'),
    `${server.origin}@evil.example`, `http://evil.example#${server.origin}`,
    `${server.origin}, ${server.origin}`, `${server.origin} ${server.origin}`, `null, ${server.origin}`,
    `${server.origin},`, 'chrome-extension://abcdefgh', 'http://127.0.0.1%00.evil.example',
    '*', 'https://tandem.example', 'moz-extension://abcdefgh',
  ];
}

/** A request with an Origin of one's own choosing, which `fetch` does not let pass. */
function ask(method, path, headers, body = '') {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.origin}${path}`, { method, headers }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The status of an upgrade. */
function upgrade(path, headers) {
  return new Promise((resolve) => {
    const socket = new WebSocket(`${server.socketOrigin}${path}`, { headers });
    socket.on('open', () => { socket.terminate(); resolve(101); });
    socket.on('unexpected-response', (_, answer) => { socket.terminate(); resolve(answer.statusCode); });
    // After a status it says nothing new.
    socket.on('error', (error) => resolve(error.code));
  });
}

describe('Of forty origins beside the own one', () => {
  const ada = new Person('Ada');
  let note;
  before(async () => { note = await closedNote(server, ada, 'mine'); });

  const ways = {
    'an upgrade': (headers) => upgrade(`/note/${note}`, headers),
    'a server function': (headers) => ask('POST', '/api/fn/set_title', {
      ...headers, accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded',
    }, `note=${note}&title=x`),
    'a write by HTTP': (headers) => ask('POST', `/note/${note}.md`, {
      ...headers, 'content-type': 'text/markdown',
    }, 'x'),
  };
  for (const [name, way] of Object.entries(ways)) {
    test(`${name} passes none, and the own one with its cookies`, async () => {
      const { cookie } = ada.headers(server);
      const before = await objects(server);
      const origins = foreign();
      assert.equal(origins.length, 40);
      const passed = [];
      for (const origin of origins) {
        const status = await way({ cookie, origin });
        if (status !== 403) passed.push([origin, status]);
      }
      assert.deepEqual(passed, []);
      assert.deepEqual(await objects(server), before);
      const own = await way({ cookie, origin: server.origin });
      assert.ok([101, 200, 204].includes(own), `the own one: ${own}`);
      // Absent is no browser: nobody in particular, and the note is closed to them.
      assert.equal(await way({ cookie }), 404);
    });
  }
});
