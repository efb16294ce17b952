// What it costs to read a note of 100 kB: bytes, time to first paint, time until
// the page is live; for who may only view (the reader's script), for who writes
// (the app), and for a page without scripts. Each load is a browser context of its
// own, so nothing is cached; the medians of some rounds, the kinds taking turns.

import { brotliCompressSync, constants } from 'node:zlib';
import { chromium } from 'playwright-core';

import { startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';
import { BUILD, keep, middle, row } from './support/figures.mjs';

const NOTE_BYTES = 100_000;
const ROUNDS = 5;
/** A phone on a fair mobile line, in bytes a second and milliseconds. */
const MOBILE = { offline: false, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8, latency: 150 };
const MOBILE_SLOWER = 4;
/** As a server compresses what it makes for each request. */
const HTML_QUALITY = 5;

/** A note of about so many bytes, in the shape that people write. */
function longNote(bytes) {
  const part = (n) =>
    `## Section ${n}\n\nSome words about *it*, with a [link](https://example.org/${n}) and \`code\`.\n\n`
    + `- one thing\n- another, **bold**\n- a third\n\n> What somebody said about ${n}.\n\n`;
  let text = '# A long note\n\n';
  for (let n = 1; text.length < bytes; n += 1) text += part(n);
  return text;
}

/** Loads a page once; `live` is what the chip says when it follows the note. */
async function load(browser, address, { live, mobile, javaScriptEnabled = true }) {
  const context = await browser.newContext({ javaScriptEnabled });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  if (mobile) {
    await session.send('Network.emulateNetworkConditions', MOBILE);
    await session.send('Emulation.setCPUThrottlingRate', { rate: MOBILE_SLOWER });
  }
  let transferred = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { transferred += encodedDataLength; });
  if (live) {
    await page.addInitScript((live) => {
      new MutationObserver(() => {
        const chips = [...document.querySelectorAll('.chip')];
        if (window.live || !chips.some((chip) => chip.textContent === live && chip.checkVisibility())) return;
        window.live = performance.now();
      }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    }, live);
  }
  await page.goto(address, { waitUntil: 'load' });
  if (live) await page.waitForFunction(() => window.live);
  // What is fetched when nothing else is to do counts too.
  await page.waitForLoadState('networkidle');
  const times = javaScriptEnabled
    ? await page.evaluate(() => ({ paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime, live: window.live }))
    : {};
  await context.close();
  return { transferred, ...times };
}

/** What a page fetches, as brotli would send it: `{ path, type, bytes }` each. */
async function weigh(browser, address) {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const found = [];
  page.on('response', (response) => {
    if (!response.ok()) return;
    const type = response.headers()['content-type'] ?? '';
    found.push(response.body().then((body) => ({ path: new URL(response.url()).pathname, type, bytes: squeezed(body, type) }), () => null));
  });
  await page.goto(address, { waitUntil: 'load' });
  await page.waitForLoadState('networkidle');
  const weighed = (await Promise.all(found)).filter(Boolean);
  await context.close();
  return weighed;
}

/** Files are compressed as well as can be; what is made for each request is not. */
function squeezed(body, type) {
  const quality = type.startsWith('text/html') ? HTML_QUALITY : constants.BROTLI_MAX_QUALITY;
  return brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }).length;
}

const isHtml = ({ type }) => type.startsWith('text/html');
const isWasm = ({ type, path }) => type.startsWith('application/wasm') || path.endsWith('.wasm');
const bytesOf = (weighed) => weighed.reduce((all, { bytes }) => all + bytes, 0);

const server = await startServer({ build: BUILD });
const browser = await chromium.launch({
  executablePath: process.env.TANDEM_CHROMIUM || undefined,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const markdown = longNote(NOTE_BYTES);
  const viewed = await makeNote(server, { markdown, access: 'view' });
  const written = await makeNote(server, { markdown });
  const kinds = {
    'reader’s page': [viewed, { live: 'View only' }],
    'app page': [written, { live: 'Saved' }],
    'reader’s page, mobile': [viewed, { live: 'View only', mobile: true }],
    'app page, mobile': [written, { live: 'Saved', mobile: true }],
    'without scripts': [viewed, { javaScriptEnabled: false }],
  };
  const samples = Object.fromEntries(Object.keys(kinds).map((name) => [name, []]));
  for (let n = 0; n < ROUNDS; n += 1) {
    for (const [name, [{ id }, options]] of Object.entries(kinds)) {
      samples[name].push(await load(browser, `${server.origin}/note/${id}`, options));
    }
  }
  const rows = Object.fromEntries(Object.entries(samples).map(([name, loads]) => {
    const of = (field) => Math.round(middle(loads.map((each) => each[field])));
    const timed = loads[0].paint === undefined ? {} : { 'first paint, ms': of('paint'), 'live, ms': of('live') };
    return [name, { 'transfer, bytes': of('transferred'), ...timed }];
  }));
  console.log(`A note of ${NOTE_BYTES / 1000} kB, medians of ${ROUNDS} loads; mobile: 1.6 Mbit/s, 150 ms, ${MOBILE_SLOWER} times slower`);
  console.table(rows);
  const [reading, writing] = await Promise.all([viewed, written].map(({ id }) => weigh(browser, `${server.origin}/note/${id}`)));
  const beside = bytesOf(reading.filter((each) => !isHtml(each)));
  await keep('reader', [
    row({ row: 9, what: 'reader’s page, 100 kB: wasm files fetched', unit: '', figure: reading.filter(isWasm).length, most: 0 }),
    row({ row: 9, what: 'reader’s page, 100 kB: brotli beside the HTML', unit: 'kB', figure: beside / 1000, most: 60 }),
    row({ row: 9, what: 'editor’s page, 100 kB: brotli, all of it', unit: 'kB', figure: bytesOf(writing) / 1000, most: 400, note: `its HTML ${Math.round(bytesOf(writing.filter(isHtml)) / 100) / 10} kB, wasm ${Math.round(bytesOf(writing.filter(isWasm)) / 1000)} kB` }),
    row({ row: 9, what: 'reader’s page: first paint, mobile', unit: 'ms', figure: rows['reader’s page, mobile']['first paint, ms'] }),
    row({ row: 9, what: 'editor’s page: live, mobile', unit: 'ms', figure: rows['app page, mobile']['live, ms'] }),
  ], { noteBytes: NOTE_BYTES, loads: rows, reading, writing });
} finally {
  await browser.close();
  await server.stop();
}
