// Everybody opens a note at the same moment that nobody has open: no two of them get
// different documents.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { coldOpens } from '../chaos/cold.mjs';
import { isClean } from '../ledger.mjs';
import { random, seed } from '../random.mjs';
import { startServer } from '../server.mjs';

const CLIENTS = 50;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

test(`${CLIENTS} first opens of a cold note at once are of one document (TANDEM_SEED=${seed})`, async () => {
  const [found] = await coldOpens(server, { rounds: 1, clients: CLIENTS, below: random() });
  assert.ok(isClean(found.wrong), JSON.stringify(found.wrong));
  assert.equal(found.objects, 1);
  assert.equal(found.words, 1 + CLIENTS);
});
