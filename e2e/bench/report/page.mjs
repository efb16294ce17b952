// `docs/performance.md`: what is between its marks is written anew by each run that is
// kept. What stands around them is written by hand.

import { readFile, writeFile } from 'node:fs/promises';

import { LIFE } from '../support/prices.mjs';
import { plots } from './plots.mjs';

const FILE = 'docs/performance.md';

/** Writes the tables of a run. */
export async function writePage({ run, rows, missing, results }) {
  let page = await readFile(FILE, 'utf8');
  const parts = { run: about(run), table: table(rows, missing), plots: pictures(results), bill: bill(results.bill) };
  for (const [name, words] of Object.entries(parts)) {
    const [open, close] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
    const [from, to] = [page.indexOf(open), page.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`${FILE} has no place for ${name}`);
    if (words) page = `${page.slice(0, from + open.length)}\n${words}\n${page.slice(to)}`;
  }
  await writeFile(FILE, page);
}

/** Whatever else runs on the machine is in absolute times; of a quiet one the load stays below its number of cores. */
const about = (run) => `Measured ${run.at.slice(0, 10)}${run.commit ? ` at ${run.commit}` : ''}, on ${run.machine}, Node ${run.node}, with ${run.traces}; `
  + `load of the machine over the last quarter of an hour: ${run.load}.`;

const cell = (value) => `${value ?? ''}`.replaceAll('|', '\\|');
const markdown = (head, lines) => [head, head.map(() => '---'), ...lines]
  .map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
const figure = (value, unit) => (value === null ? '-' : `${value} ${unit}`.trim());

function table(rows, missing) {
  const lines = rows.map((row) => [
    row.row, row.what, figure(row.figure, row.unit), row.against ? `${row.against}: ${figure(row.baseline, row.unit)}` : '',
    row.ratio, row.target, row.met === null ? '' : row.met ? 'met' : '**missed**',
  ]);
  const notes = rows.filter(({ note }) => note).map(({ row, what, note }) => `- ${row}, ${what}: ${note}`);
  const left = missing.map(([number, [what, benches]]) => `- ${number}, ${what}: not in this run, \`npm run bench -- ${benches.join(' ')}\` does it`);
  return [markdown(['row', 'what', 'figure', 'baseline', 'ratio', 'target', ''], lines), '', ...notes, ...left].join('\n').trim();
}

function pictures(results) {
  return plots(results).map(([file, title]) => `![${title}](bench/${file})\n\n${title}`).join('\n\n');
}

function bill(found) {
  if (!found) return null;
  const { shown, idle, idleHour, months } = found;
  const columns = Object.keys(Object.values(shown)[0]);
  const typed = markdown(['for 1,000 edits', ...columns], Object.entries(shown).map(([name, row]) => [name, ...columns.map((column) => row[column])]));
  const hour = markdown(['for an idle hour', 'wake-ups', 'messages', 'requests', 'rows'],
    [[`${idle.sockets} sockets, counted for ${idle.seconds} s`, idleHour.wakeUps, idleHour.messages, idleHour.requests, idleHour.rows]]);
  const parts = Object.keys(Object.values(months)[0]);
  const month = markdown(['people', ...parts], Object.entries(months).map(([people, row]) => [Number(people).toLocaleString('en'), ...parts.map((part) => row[part])]));
  return [typed, hour, `A month in dollars, if ${LIFE}:`, month].join('\n\n');
}
