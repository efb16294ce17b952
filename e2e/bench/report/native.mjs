// Rows of what the crates' own benchmarks found.

import { row } from '../support/figures.mjs';

const KB_100 = 100_000;
const MB = 1_000_000;

const of = (results, name) => results[name]?.rows ?? [];
const sized = (rows, bytes) => rows.find((each) => each.bytes === bytes);
const size = (bytes) => (bytes === MB ? 'worn 1 MB' : 'worn 100 kB');

export function nativeRows(results) {
  return [...views(results), ...turns(results), ...patches(results), ...memory(results)];
}

/** 3 and 13: keys of worn notes, natively; and whole sessions. */
function views(results) {
  const keys = of(results, 'keystroke');
  const rows = [];
  for (const [bytes, most] of [[KB_100, 1 / 50], [MB, 1 / 500]]) {
    const found = sized(keys, bytes);
    if (!found) continue;
    rows.push(row({ row: 3, what: `view of a key, ${size(bytes)}, p50`, unit: 'µs', figure: found.view.p50, against: 'read and render it all', baseline: found.render.p50, most }));
    rows.push(row({ row: 3, what: `view of a key, ${size(bytes)}, p99`, unit: 'µs', figure: found.view.p99, against: 'read and render it all', baseline: found.render.p50, ...(bytes === KB_100 ? { most: 1 / 10 } : {}) }));
    rows.push(row({ row: 13, what: `guard of a key, ${size(bytes)}`, unit: 'µs', figure: found.check.p50, against: 'the apply', baseline: found.apply.p50, most: 1 / 4 }));
  }
  const sessions = of(results, 'sessions');
  for (const [n, { edits, bytes, p50, whole_p50: whole }] of sessions.entries()) {
    rows.push(row({ row: 3, what: `session ${n + 1}, ${edits} edits to ${Math.round(bytes / 1000)} kB, the same bytes after each`, unit: 'µs', figure: p50, against: 'render it all', baseline: whole }));
  }
  return rows;
}

/** 4: the room's turn by size; and what of it is the note's part. */
function turns(results) {
  const keys = of(results, 'keystroke');
  const rows = [];
  const [small, large] = [sized(keys, 1_000), sized(keys, MB)];
  if (small && large) {
    rows.push(row({ row: 4, what: 'check, apply and view of a key, worn 1 MB', unit: 'µs', figure: large.turn.p50, against: '1 kB', baseline: small.turn.p50 }));
  }
  // Bytes, p50, p99, bytes told.
  const room = of(results, 'room');
  if (room.length > 0) {
    const [first, last] = [room[0], room.at(-1)];
    rows.push(row({ row: 4, what: 'the room’s whole turn, worn 1 MB', unit: 'µs', figure: last[1], against: '1 kB', baseline: first[1], most: 2 }));
  }
  return rows;
}

/** 6: patches of whole sessions, as they are packed. */
function patches(results) {
  return of(results, 'patches').map(({ edits, patch, html }, n) => row({
    row: 6, what: `patch of an edit, session ${n + 1}, ${edits} edits`, unit: 'B', figure: patch, against: 'HTML of its blocks', baseline: html, most: 1 / 8,
  }));
}

/** 11: what an open note holds, and what opening it takes natively. */
function memory(results) {
  const found = of(results, 'memory');
  return [KB_100, MB].flatMap((bytes) => {
    const held = sized(found, bytes);
    if (!held) return [];
    return [
      row({ row: 11, what: `memory of an open note, ${size(bytes)}`, unit: 'MB', figure: held.room / 1e6, against: 'bare yrs', baseline: held.yrs / 1e6, most: 1.5 }),
      row({ row: 8, what: `loading the room natively, ${size(bytes)}`, unit: 'ms', figure: held.room_ms, against: 'bare yrs', baseline: held.yrs_ms, note: `the view of it ${held.view_ms.toFixed(2)} ms` }),
    ];
  });
}
