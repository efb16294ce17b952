// The runs that were kept: a line of JSON each, the newest last.

import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const FILE = 'docs/bench/history.jsonl';
/** Less is what the same code gives from one run to the next. */
const WORTH_TELLING = 0.15;

export async function earlier() {
  const lines = await readFile(FILE, 'utf8').catch(() => '');
  return lines.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/** Keeps of each row what says how it was. */
export async function keepRun(run) {
  const rows = run.rows.map(({ row, what, unit, figure, against, baseline, ratio, met }) =>
    ({ row, what, unit, figure, against, baseline, ratio, met }));
  await mkdir(dirname(FILE), { recursive: true });
  await appendFile(FILE, `${JSON.stringify({ ...run, rows })}\n`);
}

/** How a row changed: its ratio where it has one, for those carry over between machines. */
export function since(now, before) {
  if (!before) return '';
  const [is, was] = now.ratio !== null && before.ratio !== null ? [now.ratio, before.ratio] : [now.figure, before.figure];
  if (is === was) return '=';
  if (!was || is === null) return '';
  const change = is / was - 1;
  return Math.abs(change) < WORTH_TELLING ? '≈' : `${change > 0 ? '+' : '−'}${Math.round(Math.abs(change) * 100)} %`;
}
