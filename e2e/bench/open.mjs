// Opening a note whose object sleeps: from the request to its HTML, and from a socket to
// its whole document, and to the room's being open. Beside it what Yjs in Node takes to load and encode the same
// document, and the naive object, which loads, reads and renders it all. Small notes say
// what waking alone costs.

import { setTimeout as pause } from 'node:timers/promises';
import * as Y from 'yjs';

import { BUILD, keep, middle, round, row } from './support/figures.mjs';
import { EVERYTHING, carried, isQuestion } from './support/frames.mjs';
import { Line } from './support/line.mjs';
import { startSystems, stopSystems } from './support/systems.mjs';
import { history } from './support/worn.mjs';

const SIZES = [1_000, 100_000, 1_000_000];
const ROUNDS = 4;
/** The runtime puts an object to sleep after ten seconds in which nothing happens. */
const ASLEEP_AFTER_MS = 12_000;

const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

/**
 * From a request to the last byte of a note's view. Not compressed: the local runtime would
 * do that in the edge's place, and it takes longer than the rest.
 */
const view = (system, path) => timed(async () => {
  const answer = await fetch(`${system.origin}${path}`, { headers: { 'accept-encoding': 'identity' } });
  if (!answer.ok) throw new Error(`${system.name}: ${path} is ${answer.status}`);
  await answer.arrayBuffer();
});

/**
 * From a socket to the last byte of a note's document, and to the room's question for what
 * the page has. As a page does it: it was served the view before.
 */
async function document(system, id, text) {
  const page = await (await fetch(`${system.origin}/note/${id}`)).text();
  const revision = /data-revision="(\d+)"/.exec(page)[1];
  let [line, whole, isAsked] = [null, null, false];
  const open = async () => {
    line = await Line.open(`${system.address(id)}&revision=${revision}`, { onFrame: (payload, isBinary) => {
      if (!isBinary) return;
      isAsked ||= isQuestion(payload);
      const found = carried(payload);
      if (found?.isAnswer) whole ??= found.bytes;
    } });
    line.send(EVERYTHING);
    await line.until(() => whole, 'the document');
  };
  const start = performance.now();
  const took = await timed(open);
  await line.until(() => isAsked, 'the room');
  const inStep = performance.now() - start;
  line.end();
  const doc = new Y.Doc();
  Y.applyUpdate(doc, whole);
  if (doc.getText('content').toString() !== text) throw new Error(`${id} came with another text`);
  return { took, inStep };
}

/** What Yjs takes to load a document, read its text and encode it for somebody. */
const yjs = (state) => timed(() => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  doc.getText('content').toString();
  Y.encodeStateAsUpdate(doc);
});

const systems = await startSystems(['tandem', 'naive']);
try {
  const { tandem, naive } = systems;
  const notes = [];
  for (const bytes of SIZES) {
    notes.push({
      bytes,
      viewed: await tandem.note(bytes), opened: await tandem.note(bytes),
      naive: naive && await naive.note(bytes),
      took: { view: [], document: [], room: [], naive: [], yjs: [], awake: [] },
    });
  }
  for (const { naive: id } of notes) naive?.handedOver(id);
  for (let n = 0; n < ROUNDS; n += 1) {
    await pause(ASLEEP_AFTER_MS);
    for (const { bytes, viewed, opened, naive: other, took } of notes) {
      took.view.push(await view(tandem, `/note/${viewed}.html`));
      const { took: came, inStep } = await document(tandem, opened, history(bytes).text);
      took.document.push(came);
      took.room.push(inStep);
      if (naive) took.naive.push(await view(naive, `/note/${other}`));
      took.yjs.push(await yjs(history(bytes).state));
      took.awake.push(await view(tandem, `/note/${viewed}.html`));
    }
  }
  const found = Object.fromEntries(notes.map(({ bytes, took }) => [
    `${bytes / 1000} kB`, Object.fromEntries(Object.entries(took).map(([name, samples]) => [name, round(middle(samples))])),
  ]));
  console.log(`Opening a worn note whose object sleeps, milliseconds, medians of ${ROUNDS}, ${BUILD} build`);
  console.table(found);
  await keep('open', Object.entries(found).slice(1).flatMap(([name, took]) => [
    row({ row: 8, what: `asleep to its view, ${name} worn`, unit: 'ms', figure: took.view, against: 'load and render (naive)', baseline: took.naive, most: 1 / 10, note: `of a note of 1 kB ${found['1 kB'].view}, awake ${took.awake}` }),
    row({ row: 8, what: `asleep to its document, ${name} worn`, unit: 'ms', figure: took.document, against: 'Yjs in Node', baseline: took.yjs, most: 1 / 5, note: `of a note of 1 kB ${found['1 kB'].document}, the room open after ${took.room}` }),
  ]), { found, stateBytes: Object.fromEntries(SIZES.map((bytes) => [bytes, history(bytes).state.length])) });
} finally {
  await stopSystems(systems);
}
