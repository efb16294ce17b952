// How benches say what they found: rows of one form, which `table.mjs` puts together.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const FOLDER = process.env.TANDEM_BENCH_DIR ?? 'target/bench';
/** The build that is measured: `release`, or `dev` while a bench is being written. */
export const BUILD = process.env.TANDEM_BUILD ?? 'release';

export function quantile(samples, share) {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

export const middle = (samples) => quantile(samples, 0.5);

export const sum = (numbers) => numbers.reduce((all, each) => all + each, 0);

/** To three figures that count. */
export function round(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return null;
  return value === 0 ? 0 : Number(value.toPrecision(3));
}

/**
 * A row of the table. The target is of the ratio of figure to baseline, or of the figure
 * itself where there is no baseline: `most` or `least`.
 */
export function row({ row: number, what, unit, figure, against = null, baseline = null, most, least, of = null, note = null }) {
  const ratio = baseline ? figure / baseline : null;
  const isOfRatio = of ? of === 'ratio' : ratio !== null;
  const held = isOfRatio ? ratio : figure;
  const isKnown = Number.isFinite(held) && held !== null;
  const target = most === undefined && least === undefined ? null
    : `${most === undefined ? '≥' : '≤'} ${fraction(most ?? least, isOfRatio)}${isOfRatio ? '' : ` ${unit}`}`;
  const met = target === null || !isKnown ? null : most === undefined ? held >= least : held <= most;
  return { row: number, what, unit, figure: round(figure), against, baseline: round(baseline), ratio: round(ratio), target, met, note };
}

/** Small ratios are read as one part of so many. */
function fraction(value, isRatio) {
  return isRatio && value < 1 ? `1/${Math.round(1 / value)}` : `${value}${isRatio ? ' ×' : ''}`;
}

/** Prints rows, and keeps them with all that was measured. */
export async function keep(name, rows, more = {}) {
  const shown = rows.map(({ row: number, what, figure, unit, against, baseline, ratio, target, met }) => ({
    row: number, what, figure: `${figure ?? '-'} ${unit}`, against: against ? `${against}: ${baseline ?? '-'}` : '', ratio, target,
    met: met === null ? '' : met ? 'met' : 'missed',
  }));
  console.table(shown);
  await mkdir(FOLDER, { recursive: true });
  const found = { name, build: BUILD, at: new Date().toISOString(), rows, ...more };
  await writeFile(join(FOLDER, `${name}.json`), `${JSON.stringify(found, null, 2)}\n`);
}
