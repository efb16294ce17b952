// `npm run chaos`: the claims about what is never lost, tried with real processes. One
// part at a time; each prints a table of figures, leaves it in `target/chaos` as JSON,
// and fails if anything was lost, invented, damaged or disordered.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import * as cold from './chaos/cold.mjs';
import * as database from './chaos/database.mjs';
import * as deploy from './chaos/deploy.mjs';
import * as fairness from './chaos/fairness.mjs';
import * as full from './chaos/full.mjs';
import * as kills from './chaos/kills.mjs';
import * as soak from './chaos/soak.mjs';
import * as storm from './chaos/storm.mjs';
import { random } from './random.mjs';

/** What can be asked for, and what holds when nothing more is said. */
const PARTS = {
  storm: { run: storm.run, minutes: 2, clients: 24, pages: 8 },
  kills: { run: kills.run, rounds: 100, clients: 10 },
  partitions: { run: storm.runPartitions, minutes: 10, clients: 80, pages: 20 },
  cold: { run: cold.run, rounds: 5, clients: 50 },
  database: { run: database.run, minutes: 5, clients: 10 },
  deploy: { run: deploy.run, clients: 200 },
  fairness: { run: fairness.run },
  full: { run: full.run },
  soak: { run: soak.run, minutes: 60, clients: 8 },
};
const NUMBERS = ['minutes', 'seed', 'clients', 'pages', 'rounds'];
const SEEDS = 2 ** 31;
const SHOWN = 10;
const FOLDER = process.env.TANDEM_CHAOS_DIR ?? 'target/chaos';

const { values, positionals: [name = 'storm', ...rest] } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(NUMBERS.map((number) => [number, { type: 'string' }])),
});
const part = PARTS[name];
if (!part || rest.length > 0) throw new Error(`there are the parts ${Object.keys(PARTS).join(', ')}`);
const numbers = Object.entries(values).map(([number, value]) => [number, Number(value)]);
const { run, ...wanted } = { seed: Math.floor(Math.random() * SEEDS), ...part, ...Object.fromEntries(numbers) };
const build = process.env.TANDEM_BUILD ?? 'dev';

console.log(`${name}: ${JSON.stringify(wanted)}, ${build} build`);
const { figures, rows, failures } = await run({ ...wanted, below: random(wanted.seed), say: console.log });
if (rows) console.table(rows);
console.table(figures);
const failed = Object.entries(failures).filter(([, found]) => found.length > 0);
for (const [what, found] of failed) console.error(`${what}: ${JSON.stringify(found.slice(0, SHOWN))}`);
await mkdir(FOLDER, { recursive: true });
const said = { part: name, build, wanted, figures, ...(rows && { rows }), failures: Object.fromEntries(failed) };
await writeFile(join(FOLDER, `${name}.json`), `${JSON.stringify(said, null, 2)}\n`);
console.log(failed.length === 0 ? `${name}: all of it holds, seed ${wanted.seed}` : `${name}: FAILED, seed ${wanted.seed}`);
process.exit(failed.length === 0 ? 0 : 1);
