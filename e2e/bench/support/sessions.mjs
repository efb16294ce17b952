// What people wrote, edit by edit: recorded sessions where TANDEM_TRACES names a folder
// of them (`*.json.gz` as in github.com/josephg/editing-traces), else some from a seed.
// An edit is `[at, gone, words]`, in UTF-16 units of a text that is empty at first.

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { dice } from './worn.mjs';

const SEEDED = 3;
const SEEDED_EDITS = 20_000;
const WORDS = ['the', 'note', 'that', 'we', 'wrote', 'about', 'it', 'and', 'how', 'every', 'reader', 'sees', 'café'];
const MARKS = ['**bold**', '`code`', '[a link](https://example.org)', '*it*', '\n\n', '\n\n## On it\n\n', '\n- ', '\n> '];

export async function sessions() {
  const folder = process.env.TANDEM_TRACES;
  const recorded = folder ? await recordedIn(folder) : [];
  return recorded.length > 0 ? recorded : Array.from({ length: SEEDED }, (_, n) => seeded(n + 1));
}

export const wear = () => (process.env.TANDEM_TRACES ? 'recorded sessions' : 'seeded writing');

async function recordedIn(folder) {
  const found = [];
  for (const name of (await readdir(folder)).sort()) {
    if (!name.endsWith('.json.gz')) continue;
    const trace = JSON.parse(gunzipSync(await readFile(join(folder, name))));
    // Those of several writers at once have no text to begin with.
    if (trace.startContent !== '') continue;
    const patches = trace.txns.flatMap(({ patches }) => patches);
    // Positions are in code points: those of a text with wide ones are left out.
    if (patches.some(([, , words]) => /[\ud800-\udfff]/.test(words))) continue;
    found.push(patches);
  }
  return found;
}

/** Somebody types words, a letter at a time, goes back now and then, and takes some out. */
function seeded(seed) {
  const random = dice(seed);
  const below = (end) => Math.floor(random() * end);
  const edits = [];
  let [at, length] = [0, 0];
  const put = (gone, words) => {
    edits.push([at, gone, words]);
    length += words.length - gone;
    at += words.length;
  };
  while (edits.length < SEEDED_EDITS) {
    if (below(12) === 0) at = below(length + 1);
    const gone = below(8) === 0 ? Math.min(1 + below(6), at) : 0;
    for (let n = 0; n < gone; n += 1) {
      at -= 1;
      put(1, '');
    }
    const words = below(10) === 0 ? MARKS[below(MARKS.length)] : `${WORDS[below(WORDS.length)]} `;
    for (const letter of words) put(0, letter);
  }
  return edits;
}
