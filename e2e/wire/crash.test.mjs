// The server is killed while people type. What it had acknowledged is there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { kills } from '../chaos/kills.mjs';
import { isClean } from '../ledger.mjs';
import { random, seed } from '../random.mjs';
import { startServer } from '../server.mjs';

const CRASHES = Number(process.env.TANDEM_CRASHES ?? 20);
const TYPISTS = 4;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

test(`no acknowledged word is missing after ${CRASHES} crashes (TANDEM_SEED=${seed})`, async (t) => {
  const found = await kills(server, { rounds: CRASHES, clients: TYPISTS, below: random() });
  assert.deepEqual(found.broken, [], 'what was acknowledged was on the disk after each crash');
  assert.deepEqual(found.damaged, [], 'the databases are whole');
  assert.equal(found.differing, 0, 'the server reads what is on the disk');
  assert.ok(isClean(found.wrong), `what was typed came back, once and in order: ${JSON.stringify(found.wrong)}`);
  assert.ok(found.acknowledged >= CRASHES, `only ${found.acknowledged} words were ever acknowledged`);
  t.diagnostic(`${found.written} words typed, ${found.acknowledged} acknowledged; serving again within ${Math.max(...found.readyMs)} ms`);
});
