// One table of all that the benches found, compared with the runs that were kept. With
// `--keep` the run is kept too: a line of `docs/bench/history.jsonl`, the plots beside
// it, and the tables of `docs/performance.md`.

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

import { FOLDER } from '../support/figures.mjs';
import { earlier, keepRun, since } from './history.mjs';
import { nativeRows } from './native.mjs';
import { writePage } from './page.mjs';
import { writePlots } from './plots.mjs';

/** What each row is about, and by which benches it is found. */
const ROWS = {
  1: ['a key to another', ['typing']],
  2: ['processor of an object', ['typing', 'crowd']],
  3: ['incremental view', ['note']],
  4: ['growth of the turn', ['note', 'realtime', 'keystroke']],
  5: ['edits a second', ['crowd']],
  6: ['bytes of a key', ['typing', 'realtime']],
  7: ['rows written', ['bill']],
  8: ['opening a note', ['open']],
  9: ['weight of a page', ['reader']],
  10: ['typing in the page', ['editor']],
  11: ['memory and idle notes', ['realtime', 'bill']],
  12: ['the Worker', ['start']],
  13: ['the guard', ['note']],
  14: ['Lighthouse', ['lighthouse']],
};

/** Everything in the folder of results, by name. */
async function found() {
  const files = (await readdir(FOLDER)).filter((name) => name.endsWith('.json') && name !== 'table.json');
  const read = async (name) => [name.replace('.json', ''), JSON.parse(await readFile(join(FOLDER, name)))];
  return Object.fromEntries(await Promise.all(files.map(read)));
}

const name = ({ row, what, against }) => `${row} ${what} ${against ?? ''}`;
const shown = (value, unit) => (value === null || value === undefined ? '-' : `${value}${unit ? ` ${unit}` : ''}`);

/** What of the table is printed, a row each. */
function printed(rows, before) {
  return rows.map((row) => ({
    row: row.row,
    what: row.what,
    figure: shown(row.figure, row.unit),
    baseline: row.against ? `${row.against}: ${shown(row.baseline, row.unit)}` : '',
    ratio: row.ratio ?? '',
    target: row.target ?? '',
    '': row.met === null ? '' : row.met ? 'met' : 'MISSED',
    'since kept': since(row, before.get(name(row))),
  }));
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
}

/** Columns of their own width, wherever this is printed. */
function print(table) {
  const columns = Object.keys(table[0]);
  const width = (column) => Math.max(column.length, ...table.map((row) => `${row[column]}`.length));
  const widths = columns.map(width);
  const line = (cells) => cells.map((cell, n) => `${cell}`.padEnd(widths[n])).join('  ').trimEnd();
  console.log(line(columns));
  console.log(widths.map((each) => '-'.repeat(each)).join('  '));
  for (const row of table) console.log(line(columns.map((column) => row[column])));
}

const results = await found();
const rows = [...nativeRows(results), ...Object.values(results).flatMap((each) => each.name ? each.rows : [])]
  .sort((a, b) => a.row - b.row);
const history = await earlier();
const last = history.at(-1);
const before = new Map((last?.rows ?? []).map((row) => [name(row), row]));
const machine = `${cpus().length} × ${cpus()[0].model.trim()}`;
const run = {
  at: new Date().toISOString(), commit: commit(), machine, load: Math.round(loadavg()[2] * 10) / 10, node: process.version,
  traces: process.env.TANDEM_TRACES ? 'recorded sessions' : 'seeded writing',
};

console.log(`\nAll that was found, on ${machine}, ${run.traces}; a ratio is figure to baseline in this very run`);
if (rows.length > 0) print(printed(rows, before));
for (const { row, what, note } of rows) if (note) console.log(`${row} ${what}: ${note}`);
const missing = Object.entries(ROWS).filter(([number]) => !rows.some(({ row }) => row === Number(number)));
for (const [number, [what, benches]] of missing) {
  console.log(`${number} ${what}: not measured in this run; \`npm run bench -- ${benches.join(' ')}\` does it`);
}
const judged = rows.filter(({ met }) => met !== null);
console.log(`${judged.filter(({ met }) => met).length} of ${judged.length} targets met`
  + (last ? `; compared with the run kept ${last.at.slice(0, 10)}${last.commit ? ` of ${last.commit}` : ''}` : '; no run was kept before'));
await writeFile(join(FOLDER, 'table.json'), `${JSON.stringify({ ...run, rows }, null, 2)}\n`);
await writePlots(results, FOLDER);
if (process.argv.includes('--keep')) {
  await keepRun({ ...run, rows });
  await writePlots(results, 'docs/bench');
  await writePage({ run, rows, missing, results });
  console.log('Kept in docs/bench and docs/performance.md');
}
