// What the claims about lost text rest on finds each thing that can be wrong.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Ledger, isClean } from '../ledger.mjs';

/** Ada wrote three words in a row, of which two are stored and the second was taken out; Ben one, anywhere. */
function ledger() {
  const ledger = new Ledger();
  const [a1, a2] = ['a1', 'a2', 'a3'].map((word) => ledger.write('ada', word, 'ada'));
  ledger.write('ben', 'b1');
  a1.stored = true;
  a2.stored = true;
  a2.deleted = true;
  a2.deletionStored = true;
  return ledger;
}

const found = (text) => Object.entries(ledger().wrong(text)).filter(([, words]) => words.length > 0);

test('a text that holds what it must is clean', () => {
  assert.ok(isClean(ledger().wrong('a1 b1 \n\na3 ')));
  assert.ok(isClean(ledger().broken('a1')), 'what was not promised need not be there yet');
});

test('each fault is found, and named', () => {
  assert.deepEqual(found('a3 b1'), [['lost', ['a1']], ['missing', ['a1']]]);
  assert.deepEqual(found('a1 a3'), [['missing', ['b1']]]);
  assert.deepEqual(found('a1 a2 a3 b1'), [['undone', ['a2']], ['still', ['a2']]]);
  assert.deepEqual(found('a1 a3 b1 c1'), [['invented', ['c1']]]);
  assert.deepEqual(found('a1 a3 b1 b1'), [['twice', ['b1']]]);
  assert.deepEqual(found('a3 b1 a1'), [['disordered', ['a3']]]);
  assert.deepEqual(found('a1 a 3 b1'), [['missing', ['a3']], ['invented', ['a', '3']]]);
  assert.deepEqual(ledger().broken('a2'), { lost: ['a1'], undone: ['a2'] });
});

test('a word is written down once', () => {
  assert.throws(() => ledger().write('ben', 'b1'), /twice/);
});
