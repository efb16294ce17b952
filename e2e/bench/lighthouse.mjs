// What Lighthouse makes of home, of a note that is read and of one that is written, as a
// desktop and as a phone on a slow line: medians of some loads. It takes minutes, so it
// runs on request: `npm run bench -- --lighthouse`.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

import { freePort, startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';
import { BUILD, keep, middle, round, row } from './support/figures.mjs';
import { history, wear } from './support/worn.mjs';

const LOADS = Number(process.env.TANDEM_LIGHTHOUSE_LOADS ?? 5);
const NOTE_BYTES = 100_000;
const FIGURES = {
  'LCP, ms': 'largest-contentful-paint', 'TBT, ms': 'total-blocking-time', CLS: 'cumulative-layout-shift',
  'FCP, ms': 'first-contentful-paint', 'interactive, ms': 'interactive',
};
const EDITOR = 'editor’s page';
/** Half of what Core Web Vitals call good, and what stays green. */
const MOST = { 'LCP, ms': 1_250, 'TBT, ms': 100, CLS: 0 };
/** Of 100 each. */
const LEAST = { performance: 95, accessibility: 100, 'best-practices': 100 };
/** The editor is a program of its own, and a phone on a slow line fetches it for a while. */
const LEAST_OF_EDITOR_ON_PHONE = 80;

const require = createRequire(new URL('lighthouse/package.json', import.meta.url));
const from = (name) => import(pathToFileURL(require.resolve(name)).href);
const { default: lighthouse, desktopConfig } = await from('lighthouse');

const server = await startServer({ build: BUILD });
const port = await freePort();
const browser = await chromium.launch({
  executablePath: process.env.TANDEM_CHROMIUM || undefined,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', `--remote-debugging-port=${port}`,
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const viewed = await makeNote(server, { markdown: history(NOTE_BYTES).text, access: 'view' });
  const written = await makeNote(server);
  await wear(server, written.id, NOTE_BYTES);
  const pages = { home: '/', 'reader’s page': `/note/${viewed.id}`, [EDITOR]: `/note/${written.id}` };
  const rows = [];
  const table = {};
  for (const [name, path] of Object.entries(pages)) {
    for (const [device, config] of [['desktop', desktopConfig], ['mobile', undefined]]) {
      const samples = [];
      for (let n = 0; n < LOADS; n += 1) {
        const { lhr } = await lighthouse(`${server.origin}${path}`, { port, onlyCategories: Object.keys(LEAST), logLevel: 'error' }, config);
        samples.push({ ...Object.fromEntries(Object.keys(LEAST).map((category) => [category, lhr.categories[category].score * 100])),
          ...Object.fromEntries(Object.entries(FIGURES).map(([figure, audit]) => [figure, lhr.audits[audit].numericValue])) });
      }
      const found = Object.fromEntries(Object.keys(samples[0]).map((figure) => [figure, round(middle(samples.map((sample) => sample[figure])))]));
      table[`${name}, ${device}`] = found;
      const isEased = name === EDITOR && device === 'mobile';
      const least = { ...LEAST, ...(isEased ? { performance: LEAST_OF_EDITOR_ON_PHONE } : {}) };
      for (const figure of [...Object.keys(LEAST), ...Object.keys(MOST)]) {
        rows.push(row({ row: 14, what: `${name}, ${device}: ${figure}`, unit: '', figure: found[figure], least: least[figure], most: MOST[figure] }));
      }
    }
  }
  console.log(`Lighthouse, ${LOADS} loads each, ${BUILD} build`);
  console.table(table);
  await keep('lighthouse', rows, { table });
} finally {
  await browser.close();
  await server.stop();
}
