// A key on its way to the others: how long it takes, what the server's processor does
// for it, and how many bytes each co-editor is sent. Tandem, a bare relay and those that
// people use instead take turns, in one run, on the same worn note and the same keys.

import { isTurn } from '../packed.mjs';
import { BUILD, keep, quantile, round, row } from './support/figures.mjs';
import { carried } from './support/frames.mjs';
import { Group } from './support/group.mjs';
import { authors } from './support/keys.mjs';
import { Line } from './support/line.mjs';
import { sessions, wear } from './support/sessions.mjs';
import { startSystems, stopSystems } from './support/systems.mjs';
import { history } from './support/worn.mjs';

const NOTE_BYTES = 100_000;
const CO_EDITORS = [2, 10, 50];
/** One writes, in milliseconds between keys. */
const ONE = { rounds: 3, keys: 70, betweenMs: 50 };
/** All write, four keys a second. */
const ALL = { rounds: 2, keys: 20, betweenMs: 250 };
/** Before anything counts: what the compiler does at first is nobody's cost. */
const WARM_UP = { keys: 400, betweenMs: 8 };
/** In the table, and those that stand beside it. */
const COMPARED = ['tandem', 'relay', 'sleeper', 'party'];
const BESIDE = ['websocket', 'hocuspocus', 'naive'];

const PATCHED_KEYS = 150;
/** How the event of the view begins. */
const VIEW = Buffer.from('{"type":"view"');

const writing = await sessions();
const { state } = history(NOTE_BYTES);
const systems = await startSystems([...COMPARED, ...BESIDE]);

/** Lets every system play the same, in turns; the order moves on with each round. */
async function compare(names, size, writers, { rounds, keys, betweenMs }) {
  const made = authors(state, writers, WARM_UP.keys + rounds * (keys + 1), writing);
  const groups = [];
  try {
    for (const name of names.filter((name) => name in systems)) {
      const id = await systems[name].note(NOTE_BYTES);
      groups.push([name, await Group.of(systems[name], id, made, size)]);
    }
    for (const [, group] of groups) await group.play(Math.ceil(WARM_UP.keys / writers), WARM_UP.betweenMs * writers);
    for (const [, group] of groups) group.forget();
    for (let round = 0; round < rounds; round += 1) {
      for (let turn = 0; turn < groups.length; turn += 1) {
        const [name, group] = groups[(turn + round) % groups.length];
        if (round > 0 && !COMPARED.includes(name)) continue;
        await group.rouse();
        await group.play(keys, betweenMs);
      }
    }
    return Object.fromEntries(groups.map(([name, group]) => [name, found(group, size)]));
  } finally {
    groups.forEach(([, group]) => group.end());
  }
}

function found(group, size) {
  const { binary, text, frames } = group.told();
  const tellings = group.played * size;
  return {
    keys: group.played,
    p50: round(quantile(group.waits, 0.5)),
    p99: round(quantile(group.waits, 0.99)),
    woken: round(quantile(group.woken, 0.5)),
    processorMsA1000: round((group.processorMs / group.played) * 1000),
    binaryBytes: round(binary / tellings),
    textBytes: round(text / tellings),
    frames: round(frames / tellings),
  };
}

/** What the view's patches come to as they are packed, and the updates by themselves. */
async function patches() {
  const system = systems.tandem;
  const id = await system.note(NOTE_BYTES);
  const group = await Group.of(system, id, authors(state, 1, PATCHED_KEYS, writing), 2);
  let patchBytes = 0;
  const compact = await Line.open(`${system.socketOrigin}/note/${id}?events=2`);
  const plain = await Line.open(`${system.socketOrigin}/note/${id}?events=1`);
  await plain.until(() => plain.text.frames > 2, 'the view');
  compact.onFrame = (payload, isBinary) => {
    if (isBinary && isTurn(payload)) patchBytes += payload.length - (carried(payload)?.bytes.length ?? 0);
    else if (!isBinary && isView(payload)) patchBytes += payload.length;
  };
  const updates = plain.binary.bytes;
  await group.play(PATCHED_KEYS, ONE.betweenMs);
  const updateBytes = (plain.binary.bytes - updates) / PATCHED_KEYS;
  [compact, plain].forEach((line) => line.end());
  group.end();
  return { keys: PATCHED_KEYS, updateBytes, patchBytes: patchBytes / PATCHED_KEYS };
}

const isView = (payload) => payload.subarray(0, VIEW.length).equals(VIEW);

const cases = {};
const rows = [];
try {
  for (const size of CO_EDITORS) {
    const it = await compare([...COMPARED, ...BESIDE.filter((name) => name !== 'naive' || size === 10)], size, 1, ONE);
    cases[`${size} co-editors, one writes`] = it;
    const { tandem, relay, sleeper, party } = it;
    const beside = Object.entries(it).filter(([name]) => BESIDE.includes(name))
      .map(([name, { p50, p99 }]) => `${name} ${p50} / ${p99}`).join(', ');
    const what = `a key to another of ${size}`;
    rows.push(row({ row: 1, what: `${what}, p50`, unit: 'ms', figure: tandem.p50, against: 'bare relay', baseline: relay.p50, most: 1.3, note: `p50 / p99 of others: ${beside}` }));
    rows.push(row({ row: 1, what: `${what}, p99`, unit: 'ms', figure: tandem.p99, against: 'bare relay', baseline: relay.p99 }));
    rows.push(row({ row: 1, what: `the first key after a sleep, ${size} co-editors`, unit: 'ms', figure: tandem.woken, against: 'relay that can sleep', baseline: sleeper.woken }));
    if (party) {
      rows.push(row({ row: 1, what: `${what}, p50`, unit: 'ms', figure: tandem.p50, against: 'y-partyserver', baseline: party.p50, most: 1 }));
      rows.push(row({ row: 1, what: `${what}, p99`, unit: 'ms', figure: tandem.p99, against: 'y-partyserver', baseline: party.p99, most: 1 }));
    }
    rows.push(row({ row: 2, what: `processor, 1,000 keys of one, ${size} co-editors, view pushed`, unit: 'ms', figure: tandem.processorMsA1000, against: 'bare relay', baseline: relay.processorMsA1000, most: 1.3 }));
    rows.push(row({ row: 2, what: `processor, 1,000 keys of one, ${size} co-editors, view pushed`, unit: 'ms', figure: tandem.processorMsA1000, against: 'relay that can sleep', baseline: sleeper.processorMsA1000 }));
    rows.push(row({ row: 1, what: `${what}, p50`, unit: 'ms', figure: tandem.p50, against: 'relay that can sleep', baseline: sleeper.p50 }));
  }
  for (const size of CO_EDITORS.slice(1)) {
    const it = await compare(COMPARED, size, size, ALL);
    cases[`${size} co-editors, all write`] = it;
    const { tandem, relay, party } = it;
    const what = `${size} co-editors all typing 4 keys/s`;
    rows.push(row({ row: 2, what: `processor, 1,000 keys, ${what}`, unit: 'ms', figure: tandem.processorMsA1000, against: 'bare relay', baseline: relay.processorMsA1000, ...(size === 50 ? { most: 1 / 4 } : {}) }));
    rows.push(row({ row: 1, what: `a key to another, ${what}, p50`, unit: 'ms', figure: tandem.p50, against: 'bare relay', baseline: relay.p50, note: `p99 ${tandem.p99}, relay ${relay.p99}, y-partyserver ${party?.p50} / ${party?.p99}` }));
    rows.push(row({ row: 6, what: `bytes a key and co-editor, ${what}, all told`, unit: 'B', figure: tandem.binaryBytes + tandem.textBytes, against: 'y-partyserver', baseline: party ? party.binaryBytes : null }));
  }
  const { tandem, relay, naive } = cases['10 co-editors, one writes'];
  // The relay passes on what Yjs made, and nothing else.
  rows.push(row({ row: 6, what: 'all told, bytes a key and co-editor', unit: 'B', figure: tandem.binaryBytes + tandem.textBytes, against: 'the whole view each time (naive)', baseline: naive ? naive.binaryBytes + naive.textBytes : null }));
  cases.patches = await patches();
  const { updateBytes, patchBytes } = cases.patches;
  rows.push(row({ row: 6, what: 'update, bytes a key and co-editor', unit: 'B', figure: updateBytes, against: 'Yjs', baseline: relay.binaryBytes, most: 1.1 }));
  rows.push(row({ row: 6, what: 'patch of the view, bytes a key', unit: 'B', figure: patchBytes, most: 32 }));
  for (const [name, table] of Object.entries(cases)) {
    console.log(`${name}, a note of ${NOTE_BYTES / 1000} kB worn, ${wear()}, ${BUILD} build`);
    console.table(table);
  }
  await keep('typing', rows, { noteBytes: NOTE_BYTES, cases });
} finally {
  await stopSystems(systems);
}
