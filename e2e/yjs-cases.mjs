// Cases for `note/tests/yjs.rs`, by the npm package `yjs`.
//
//   node e2e/yjs-cases.mjs make SEED COUNT   a case a line: updates of three co-authors, and their text
//   node e2e/yjs-cases.mjs check             of each line on stdin: whether `yjs` reads the same text

import { createInterface } from 'node:readline';

import * as Y from 'yjs';

import { random } from './random.mjs';

const AUTHORS = 3;
const MOST_STEPS = 24;

/** What people write: plain, emoji with joiners, right to left, combining marks, line ends. */
const PIECES = [
  'a', 'word ', '\n', '\n\n', '\r\n', '\r', '🙂', '👩‍🚀', '🏳️‍🌈', '🇪🇺', 'é', 'e\u0301', 'n\u0303o\u0308', 'שלום', 'مرحبا ', 'a\u202eb\u202c',
  '漢字', '\u200b', '\ufeff', '\u0000', '# ', '- [ ] ', '**b**', '𝒳', 'ก็', '한국',
];

/** A place in a text that is not within a surrogate pair. */
function place(text, below) {
  const at = below(text.length + 1);
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit < 0xe000 ? at - 1 : at;
}

function make(below) {
  const updates = [];
  const docs = Array.from({ length: AUTHORS }, (_, author) => {
    const doc = new Y.Doc();
    doc.clientID = author * 1_000_000_007 + below(1_000_000_000);
    doc.on('update', (update, source) => {
      if (source !== 'other') updates.push(update);
    });
    return { doc, text: doc.getText('content'), seen: 0 };
  });
  const catchUp = (it, through) => {
    for (const update of updates.slice(it.seen, through)) Y.applyUpdate(it.doc, update, 'other');
    it.seen = Math.max(it.seen, through);
  };
  for (let steps = 4 + below(MOST_STEPS); steps > 0; steps -= 1) {
    const it = docs[below(AUTHORS)];
    const text = `${it.text}`;
    const at = place(text, below);
    const to = place(text.slice(0, at + 1 + below(4)), (bound) => bound - 1);
    switch (below(5)) {
      case 0:
        catchUp(it, it.seen + below(updates.length - it.seen + 1));
        break;
      case 1:
        if (to > at) it.text.delete(at, to - at);
        break;
      default:
        it.text.insert(at, Array.from({ length: 1 + below(2) }, () => PIECES[below(PIECES.length)]).join(''));
    }
  }
  docs.forEach((it) => catchUp(it, updates.length));
  const texts = docs.map((it) => `${it.text}`);
  if (texts.some((text) => text !== texts[0])) throw new Error('yjs differs from itself');
  return { updates: updates.map((update) => Buffer.from(update).toString('hex')), text: texts[0] };
}

const [what, seed, count] = process.argv.slice(2);
if (what === 'make') {
  const below = random(Number(seed));
  const lines = Array.from({ length: Number(count) }, () => JSON.stringify(make(below)));
  process.stdout.write(`${lines.join('\n')}\n`);
} else if (what === 'check') {
  let [checked, wrong] = [0, 0];
  for await (const line of createInterface({ input: process.stdin })) {
    const { updates, text } = JSON.parse(line);
    const doc = new Y.Doc();
    for (const update of updates) Y.applyUpdate(doc, Buffer.from(update, 'hex'));
    checked += 1;
    const read = `${doc.getText('content')}`;
    if (read !== text) {
      wrong += 1;
      console.error(`case ${checked}: ${JSON.stringify(read)} is not ${JSON.stringify(text)}`);
    }
  }
  console.log(`${checked} ${wrong}`);
} else {
  throw new Error('make or check');
}
