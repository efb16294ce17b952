// Boxes of tasks, pressed in the view while others write: the real Worker ticks the
// very box that was pressed, and nothing else. A single test of the crate has the
// rule's corners; this one has real sockets, a large note, and more than one writer.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';

import { startServer } from '../server.mjs';
import { random as seeded, seed } from '../random.mjs';
import { makeNote, source } from './notes.mjs';
import { Peer } from './peer.mjs';
import { Person } from './people.mjs';

/** How many boxes are pressed; `TANDEM_CLICKS` asks for another number (500). */
const CLICKS = Number(process.env.TANDEM_CLICKS ?? 60);
const NOTE_BYTES = 200_000;

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** What a page shows: the blocks that the patches left, and their revision. */
class Shown {
  blocks = [];
  revision = null;
  #heard = 0;

  constructor(peer) { this.peer = peer; }

  /** Takes in what has arrived. */
  now() {
    for (const event of this.peer.events.slice(this.#heard)) {
      if (event.type !== 'view') continue;
      if (event.from === null) this.blocks = [];
      else assert.equal(event.from, this.revision, 'patches follow one another');
      for (const { at, remove, insert } of event.patches) {
        this.blocks.splice(at, remove, ...insert.map(({ html }) => ({ html })));
      }
      this.revision = event.revision;
    }
    this.#heard = this.peer.events.length;
    return this;
  }

  /** The boxes of a block: where each stands in it, whether it is ticked, and its name. */
  boxes(block) {
    const shown = this.blocks[block];
    // A block is taken apart once, however often it is looked at.
    return shown.boxes ??= [...shown.html.matchAll(/<input ([^>]*)>[^«<]*«(\d+)»/g)].map(([, tag, name]) => ({
      block, at: /data-at="(\d+)"/.exec(tag)[1], ticked: / checked\b/.test(` ${tag}`), name,
    }));
  }

  find(name) {
    for (const block of this.blocks.keys()) {
      const found = this.boxes(block).find((box) => box.name === name);
      if (found) return { ...found, block };
    }
    return null;
  }

  /** A box by chance. */
  some(random) {
    for (;;) {
      const block = random(this.blocks.length);
      const boxes = this.boxes(block);
      if (boxes.length) return { ...boxes[random(boxes.length)], block };
    }
  }
}

function press(person, id, { block, at }, revision, done) {
  return person.act(server, 'tick', { note: id, revision, block, at, done });
}

/** The marks of all tasks, by name. */
function marks(text) {
  return new Map([...text.matchAll(/- \[([ xX])\] «(\d+)»/g)].map(([, mark, name]) => [name, mark !== ' ']));
}

function tasksOf(random) {
  let text = '# 👩‍🚀 All of it 🦀\n\nMany emoji 😀😀😀 above, é漢.\n\n';
  let count = 0;
  while (Buffer.byteLength(text) < NOTE_BYTES) {
    text += `Part 🙂 ${count}, with some words that fill it.\n\n`;
    for (let left = 1 + random(5); left > 0; left -= 1) text += `- [ ] «${count++}» a task 🎉 to do\n`;
    text += '\n';
  }
  return text;
}

/** Writes at the end of some line, until told to stop. */
async function keepWriting(peer, random, stop) {
  const pieces = ['a', ' 😀', 'é', ' word', '\n\nNew 🦀 part\n\n'];
  let written = 0;
  while (!stop.aborted) {
    const text = peer.toString();
    const from = text.indexOf('\n', random(text.length));
    peer.insert(from < 0 ? text.length : from, pieces[random(pieces.length)]);
    written += 1;
    await pause(20 + random(60));
  }
  return written;
}

describe('A box that is pressed', () => {
  test(`is the one that is ticked: ${CLICKS} of them, while three write`, { timeout: 600_000 }, async () => {
    const random = seeded();
    const { id } = await makeNote(server, { markdown: tasksOf(random) });
    const ada = new Person('Ada');
    const reader = await Peer.join(server, id);
    const writers = await Promise.all([1, 2, 3].map(() => Peer.join(server, id)));
    await reader.until(() => reader.last('view'), 'the view');
    const shown = new Shown(reader);
    const stop = new AbortController();
    const writing = writers.map((writer) => keepWriting(writer, random, stop.signal));
    const wanted = new Map();
    let older = 0;
    try {
      for (let click = 0; click < CLICKS; click += 1) {
        const box = shown.now().some(random);
        const { revision } = shown;
        // What is on its way to the page meanwhile, it does not know of.
        await pause(random(30));
        older += shown.now().revision > revision ? 1 : 0;
        const done = !(wanted.get(box.name) ?? false);
        // A page shows an old tick until the patch of its own press is there.
        const answer = await press(ada, id, box, revision, done);
        assert.equal(answer.status, 200, await answer.clone().text());
        assert.equal(await answer.json(), 'now', `click ${click} at «${box.name}», seed ${seed}`);
        wanted.set(box.name, done);
        if (click % 50 === 0) {
          for (const [name, mark] of marks(await source(server, id))) assert.equal(mark, wanted.get(name) ?? false, `«${name}» after click ${click}`);
        }
      }
    } finally {
      stop.abort();
    }
    const written = (await Promise.all(writing)).reduce((sum, each) => sum + each, 0);
    await Promise.all(writers.map((writer) => writer.saved()));
    const now = marks(await source(server, id));
    const wrong = [...now].filter(([name, mark]) => mark !== (wanted.get(name) ?? false));
    console.log(`      ${CLICKS} presses: ${CLICKS - wrong.length} right boxes, ${older} seen in an older view; ${written} edits by three meanwhile`);
    assert.deepEqual(wrong, []);
    assert.ok(written > CLICKS / 10 && older > 0, `${written} edits, ${older} older views`);
    await reader.until(() => [...wanted].every(([name, done]) => shown.now().find(name)?.ticked === done), 'the page to show every tick');
    for (const peer of [reader, ...writers]) await peer.leave();
  });

  test('twice is ticked once, and who may only view ticks nothing', async () => {
    const { id } = await makeNote(server, { markdown: '- [ ] «1» tea\n', access: 'edit' });
    const reader = await Peer.join(server, id);
    await reader.until(() => reader.last('view'), 'the view');
    const shown = new Shown(reader).now();
    const box = shown.find('1');
    const ada = new Person('Ada');
    const answers = await Promise.all([1, 2].map(() => press(ada, id, box, shown.revision, true)));
    const became = await Promise.all(answers.map((answer) => answer.json()));
    assert.deepEqual(became.sort(), ['already', 'now']);
    assert.equal(await source(server, id), '- [x] «1» tea\n');

    const { id: closed } = await makeNote(server, { markdown: '- [ ] «1» tea\n', access: 'view' });
    const looking = await Peer.join(server, closed);
    await looking.until(() => looking.last('view'), 'the view');
    const other = new Shown(looking).now();
    const refused = await press(ada, closed, other.find('1'), other.revision, true);
    assert.equal(refused.status, 403);
    assert.equal(await source(server, closed), '- [ ] «1» tea\n');
    const nowhere = await press(ada, '6f2c1a52-3c1e-4d38-9d0a-0d4e8f1b2c3d', box, 1, true);
    assert.equal(nowhere.status, 404);
    for (const peer of [reader, looking]) await peer.leave();
  });

  test('in a view that is not known any more is not guessed', async () => {
    const { id } = await makeNote(server, { markdown: '- [ ] «1» tea\n' });
    const ada = new Person('Ada');
    for (const revision of [0, 1, Number.MAX_SAFE_INTEGER]) {
      const answer = await press(ada, id, { block: 0, at: 3 }, revision, true);
      assert.equal(await answer.json(), 'too_old');
    }
    assert.equal(await source(server, id), '- [ ] «1» tea\n');
  });
});
