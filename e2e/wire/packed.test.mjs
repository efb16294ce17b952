// A turn in one frame (V7): what it says is what the events say, to the byte, and nobody
// meets one who did not ask for it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Blocks } from '../packed.mjs';
import { random, seed } from '../random.mjs';
import { startServer } from '../server.mjs';
import { makeNote } from './notes.mjs';
import { Peer } from './peer.mjs';

const EDITS = Number(process.env.TANDEM_PACKED_EDITS ?? 150);
const PIECES = ['a', 'é', '😀', '\n', '\n\n', '# ', '- ', '- [ ] ', '```\n', '*', '**', '| a | b |\n| - | - |\n', '[x]', '\n\n[x]: /y\n\n', '> ', '$x$'];
const MARKDOWN = '# Tea\n\nhot and *strong*\n\n- one\n- two\n';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** What a peer shows that is told in packed turns, in the order things came. */
class Page {
  #heard = 0;
  #taken = 0;

  constructor(peer, revision) {
    this.peer = peer;
    this.blocks = new Blocks(revision);
  }

  /** Takes in what has arrived. Whole views come before the turns that build on them. */
  now() {
    const views = this.peer.events.slice(this.#heard).filter(({ type }) => type === 'view');
    this.#heard = this.peer.events.length;
    for (const view of views) this.blocks.hear(view);
    for (const turn of this.peer.turns.slice(this.#taken)) this.blocks.take(turn);
    this.#taken = this.peer.turns.length;
    return this.blocks;
  }
}

test('v7 a packed turn says what the events say', async () => {
  const { id } = await makeNote(server, { markdown: MARKDOWN });
  const dice = random();
  const [ada, bo, cy] = [
    await Peer.join(server, id, { events: 2 }), await Peer.join(server, id, { events: 2 }), await Peer.join(server, id),
  ];
  const plain = await Peer.join(server, id, { events: false });
  const packed = [ada, bo].map((peer) => new Page(peer, null));
  const told = new Page(cy, null);
  for (let n = 0; n < EDITS; n += 1) {
    const who = n % 3 === 0 ? bo : ada;
    const { length } = who.text;
    if (dice(4) === 0 && length > 4) {
      const at = dice(length - 3);
      who.delete(at, 1 + dice(3));
    } else {
      who.insert(dice(length + 1), PIECES[dice(PIECES.length)]);
    }
    // Alone, and in bursts.
    if (dice(3) === 0) await who.saved();
  }
  await ada.saved();
  await bo.saved();
  for (const peer of [ada, bo, cy, plain]) {
    await peer.until(() => peer.toString() === ada.toString(), `the same text, seed ${seed}`);
  }
  const { revision } = (await newcomer(id)).blocks;
  for (const page of [...packed, told]) {
    await page.peer.until(() => page.now().revision === revision, `revision ${revision}, seed ${seed}`);
    assert.deepEqual(page.blocks.html, (await newcomer(id)).blocks.html, `seed ${seed}`);
  }
  assert.ok(ada.turns.length > EDITS / 10, `${ada.turns.length} turns`);
  assert.equal(ada.events.filter(({ type, from }) => type === 'view' && from !== null).length, 0, 'no patches as events');
  assert.equal(cy.turns.length + plain.turns.length, 0, 'nobody meets a turn who did not ask');
  for (const peer of [ada, bo, cy, plain]) peer.vanish();
});

test('v7 an author gets no update back, and a key costs others a few bytes', async () => {
  const { id } = await makeNote(server, { markdown: 'some words that go on and on. '.repeat(40) });
  const [ada, bo] = [await Peer.join(server, id, { events: 2 }), await Peer.join(server, id, { events: 2 })];
  for (const [n, letter] of [...'tea'].entries()) {
    ada.insert(100 + n, letter);
    await ada.saved();
    await bo.until(() => bo.turns.length === n + 1, 'the turn');
    await ada.until(() => ada.turns.length === n + 1, 'the turn');
  }
  assert.ok(ada.turns.every(({ update }) => update.length === 0), 'no update');
  assert.ok(bo.turns.every(({ update }) => update.length > 0), 'an update');
  for (const { patches: [{ text, comes }] } of bo.turns) {
    assert.deepEqual([comes, `${Buffer.from(text)}`.length], [1, 1]);
  }
  for (const peer of [ada, bo]) peer.vanish();
});

test('v7 what a page was served with is first told in full', async () => {
  const { id } = await makeNote(server, { markdown: MARKDOWN });
  const { revision, html } = (await newcomer(id)).blocks;
  const served = await Peer.join(server, id, { events: 2, revision });
  const page = new Page(served, revision);
  assert.equal(served.last('view'), undefined, 'it has the view');
  const ada = await Peer.join(server, id);
  for (const letter of 'tea') {
    ada.insert(7, letter);
    await ada.saved();
    const { revision } = (await newcomer(id)).blocks;
    await served.until(() => page.now().revision === revision, 'the turn');
  }
  const [first, next] = served.turns.map(({ patches: [patch] }) => patch);
  assert.equal(`${Buffer.from(first.text)}`.includes('<'), true, 'in full');
  assert.equal(`${Buffer.from(next.text)}`, 'e');
  const whole = (await newcomer(id)).blocks.html;
  page.blocks.html.forEach((block, at) => assert.equal(block ?? html[at], whole[at]));
  for (const peer of [ada, served]) peer.vanish();
});

/** What somebody is shown who comes now. */
async function newcomer(id) {
  const peer = await Peer.join(server, id);
  const page = new Page(peer, null);
  await peer.until(() => page.now().revision !== null, 'the view');
  peer.vanish();
  return page;
}
