// Passkeys of both kinds we ask for, by an authenticator made of Node's own keys:
// Chromium plays only the one kind.

import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { after, before, describe, test } from 'node:test';

import { startServer } from '../server.mjs';
import { Person } from './people.mjs';

const PRESENT_AND_VERIFIED = 0x05;
const HAS_KEY = 0x40;

let server;
let origin;
before(async () => {
  server = await startServer();
  origin = server.origin.replace('127.0.0.1', 'localhost');
});
after(() => server?.stop());

const base64url = (bytes) => Buffer.from(bytes).toString('base64url');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();

/** CBOR of what keys and attestations are made of (RFC 8949): numbers, texts, bytes, maps. */
function cbor(value) {
  const head = (major, count) => {
    if (count < 24) return Buffer.from([(major << 5) | count]);
    if (count < 256) return Buffer.from([(major << 5) | 24, count]);
    return Buffer.from([(major << 5) | 25, count >> 8, count & 255]);
  };
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Map) {
    const pairs = [...value].flatMap((pair) => pair.map(cbor));
    return Buffer.concat([head(5, value.size), ...pairs]);
  }
  return Buffer.concat([head(2, value.length), value]);
}

const KINDS = {
  ES256: {
    pair: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    cose: ({ x, y }) => new Map([[1, 2], [3, -7], [-1, 1], [-2, x], [-3, y]]),
  },
  RS256: {
    pair: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    cose: ({ n, e }) => new Map([[1, 3], [3, -257], [-1, n], [-2, e]]),
  },
};

/** A key on a device. */
class Authenticator {
  constructor(kind) {
    this.kind = KINDS[kind];
    this.keys = this.kind.pair();
    this.id = randomBytes(32);
    this.count = 0;
  }

  #data(rpId, flags) {
    this.count += 1;
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.count);
    const parts = [sha256(rpId), Buffer.from([flags]), count];
    if (flags & HAS_KEY) {
      const jwk = this.keys.publicKey.export({ format: 'jwk' });
      const numbers = Object.fromEntries(['x', 'y', 'n', 'e']
        .filter((name) => jwk[name]).map((name) => [name, Buffer.from(jwk[name], 'base64url')]));
      parts.push(Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cbor(this.kind.cose(numbers)));
    }
    return Buffer.concat(parts);
  }

  #answer(response) {
    const id = base64url(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  create(options) {
    const data = this.#data(options.rp.id, PRESENT_AND_VERIFIED | HAS_KEY);
    const attestation = new Map([['fmt', 'none'], ['attStmt', new Map()], ['authData', data]]);
    return this.#answer({
      clientDataJSON: base64url(clientData('webauthn.create', options)),
      attestationObject: base64url(cbor(attestation)),
    });
  }

  get(options, user, change = (bytes) => bytes) {
    const data = this.#data(options.rpId, PRESENT_AND_VERIFIED);
    const client = clientData('webauthn.get', options);
    const signature = sign('sha256', Buffer.concat([data, sha256(client)]), this.keys.privateKey);
    return this.#answer({
      clientDataJSON: base64url(client),
      authenticatorData: base64url(data),
      signature: base64url(change(signature)),
      userHandle: user,
    });
  }
}

const clientData = (type, { challenge }) => Buffer.from(JSON.stringify({
  type, challenge, origin, crossOrigin: false,
}));

/** Posts JSON as a page on our own origin does. */
async function post(person, path, body) {
  const answer = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { ...person.headers(server), origin, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  });
  const cookie = answer.headers.getSetCookie().find((one) => one.startsWith('__Host-tandem='));
  return { status: answer.status, body: await answer.json(), token: cookie?.match(/=([^;]*)/)?.[1] };
}

for (const kind of Object.keys(KINDS)) {
  describe(`A passkey of kind ${kind}`, () => {
    const device = new Authenticator(kind);
    const ada = new Person('Ada');
    let user;

    test('makes a guest an account, whose session has a new token', async () => {
      const { body: options } = await post(ada, '/api/passkeys/options', { name: 'Ada' });
      user = options.user.id;
      const made = await post(ada, '/api/passkeys', device.create(options));
      assert.equal(made.status, 200, JSON.stringify(made.body));
      assert.ok(made.token && made.token !== ada.token, 'the token is another one');
    });

    test('signs in elsewhere, once for each question', async () => {
      const elsewhere = new Person('Somebody');
      const { body: options } = await post(elsewhere, '/api/sign-in/options', {});
      const shown = device.get(options, user);
      const into = await post(elsewhere, '/api/sign-in', shown);
      assert.equal(into.status, 200, JSON.stringify(into.body));
      assert.ok(into.token);
      const again = await post(new Person('Thief'), '/api/sign-in', shown);
      assert.notEqual(again.status, 200, 'an answer counts once');
      assert.equal(again.token, undefined);
    });

    test('that signs something else opens nothing', async () => {
      const changes = [
        (bytes) => { bytes[bytes.length - 1] ^= 1; return bytes; },
        () => Buffer.alloc(0),
        () => randomBytes(256),
      ];
      for (const change of changes) {
        const thief = new Person('Thief');
        const { body: options } = await post(thief, '/api/sign-in/options', {});
        const into = await post(thief, '/api/sign-in', device.get(options, user, change));
        assert.notEqual(into.status, 200);
        assert.equal(into.token, undefined);
      }
      const other = new Authenticator(kind);
      other.id = device.id;
      const thief = new Person('Thief');
      const { body: options } = await post(thief, '/api/sign-in/options', {});
      assert.notEqual((await post(thief, '/api/sign-in', other.get(options, user))).status, 200);
    });
  });
}
