// Which plots there are: what things cost by the size of the note, and by the number of
// its co-editors.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { plot } from './plot.mjs';

const CO_EDITORS = [2, 10, 50];
const NAMES = {
  tandem: 'Tandem', relay: 'bare relay', sleeper: 'relay that can sleep', party: 'y-partyserver', websocket: 'y-websocket (Node)', hocuspocus: 'Hocuspocus (Node)',
};

/** The plots that there are figures for: `[file, title, svg]`. */
export function plots(results) {
  const made = [];
  const sizes = results.keystroke?.rows;
  if (sizes) {
    const of = (name, step, share = 'p50') => ({ name, points: sizes.map((row) => [row.bytes, row[step][share]]) });
    made.push(['size.svg', 'A key in a worn note, by its size (native, p50)', plot({
      x: 'bytes of text', y: 'µs a key', isLogX: true, isLogY: true,
      series: [of('check, apply and view', 'turn'), of('view alone', 'view'), of('check alone', 'check'), of('read and render it all', 'render')],
    })]);
  }
  const turns = results['keystroke-workerd'];
  if (turns) {
    const points = Object.values(turns.table).map((row, n) => [turns.sizes[n], row['processor, ms a key']]);
    made.push(['workerd.svg', 'A key’s whole turn in workerd, by the note’s size', plot({
      x: 'bytes of text', y: 'processor, ms a key', isLogX: true, series: [{ name: 'Tandem', points }],
    })]);
  }
  const cases = results.typing?.cases;
  if (cases) {
    const of = (figure) => Object.entries(NAMES).map(([name, title]) => ({
      name: title,
      points: CO_EDITORS.map((size) => [size, cases[`${size} co-editors, one writes`]?.[name]?.[figure]]).filter(([, y]) => y !== undefined),
    })).filter(({ points }) => points.length > 0);
    made.push(['latency.svg', 'From a key to another co-editor, by their number (p50)', plot({
      x: 'co-editors', y: 'ms', isLogX: true, isLogY: true, series: of('p50'),
    })]);
    made.push(['processor.svg', 'Processor for 1,000 keys of one, by the number of co-editors', plot({
      x: 'co-editors', y: 'ms for 1,000 keys', isLogX: true, isLogY: true, series: of('processorMsA1000'),
    })]);
  }
  return made;
}

export async function writePlots(results, folder) {
  await mkdir(folder, { recursive: true });
  for (const [file, , svg] of plots(results)) await writeFile(join(folder, file), svg);
}
