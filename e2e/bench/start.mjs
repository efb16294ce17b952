// What Cloudflare loads: the Worker's size, and how long an engine takes to compile its
// wasm and make an instance of it: the best of some samples, for whatever else runs here
// only adds. Each is a process of its own, since an engine remembers what it compiled.

import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

import { BUILD, keep, row } from './support/figures.mjs';

const FOLDERS = { release: 'worker/build', dev: 'target/dev/worker' };
const SAMPLES = 9;

/** Makes an instance whose imports do nothing, and says what that took. */
const SCRIPT = `
const bytes = require('node:fs').readFileSync(process.argv[1]);
const began = performance.now();
const module = new WebAssembly.Module(bytes);
const compiled = performance.now();
const imports = {};
for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
  imports[from] ??= {};
  imports[from][name] = kind === 'function' ? () => {} : kind === 'tag' || kind === 'exception' ? new WebAssembly.Tag({ parameters: ['externref'] })
    : kind === 'table' ? new WebAssembly.Table({ initial: 0, element: 'externref' })
    : kind === 'memory' ? new WebAssembly.Memory({ initial: 256 }) : new WebAssembly.Global({ value: 'i32' }, 0);
}
const linked = performance.now();
new WebAssembly.Instance(module, imports);
console.log(JSON.stringify([compiled - began, performance.now() - linked]));
`;

const folder = FOLDERS[BUILD];
const files = await Promise.all(['index.js', 'index_bg.wasm'].map((name) => readFile(`${folder}/${name}`)));
const gzip = files.reduce((all, file) => all + gzipSync(file, { level: 9 }).length, 0);
const samples = Array.from({ length: SAMPLES }, () =>
  JSON.parse(execFileSync(process.execPath, ['-e', SCRIPT, `${folder}/index_bg.wasm`], { encoding: 'utf8' })));
const [compile, instantiate] = [0, 1].map((at) => Math.min(...samples.map((sample) => sample[at])));
await keep('start', [
  row({ row: 12, what: 'the Worker, gzip', unit: 'kB', figure: gzip / 1000, most: 1_000 }),
  row({ row: 12, what: 'compile and make an instance', unit: 'ms', figure: compile + instantiate, most: 25 }),
], { samples });
