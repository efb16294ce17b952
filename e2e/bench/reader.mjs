// What it costs to read a note of 100 kB: bytes, time to first paint, time until
// the page is live; for who may only view (the reader's script), for who writes
// (the app), and for a page without scripts. Each load is a browser context of its
// own, so nothing is cached; the medians of some rounds, the kinds taking turns.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';

const NOTE_BYTES = 100_000;
const ROUNDS = 9;
const FOLDER = process.env.TANDEM_BENCH_DIR ?? 'target/bench';
/** A phone on a fair mobile line, in bytes a second and milliseconds. */
const MOBILE = { offline: false, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8, latency: 150 };
const MOBILE_SLOWER = 4;

/** A note of about so many bytes, in the shape that people write. */
function longNote(bytes) {
  const part = (n) =>
    `## Section ${n}\n\nSome words about *it*, with a [link](https://example.org/${n}) and \`code\`.\n\n`
    + `- one thing\n- another, **bold**\n- a third\n\n> What somebody said about ${n}.\n\n`;
  let text = '# A long note\n\n';
  for (let n = 1; text.length < bytes; n += 1) text += part(n);
  return text;
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

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

const server = await startServer({ build: process.env.TANDEM_BUILD ?? 'release' });
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
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, [{ id }, options]] of Object.entries(kinds)) {
      samples[name].push(await load(browser, `${server.origin}/note/${id}`, options));
    }
  }
  const rows = Object.fromEntries(Object.entries(samples).map(([name, loads]) => {
    const of = (field) => Math.round(median(loads.map((each) => each[field])));
    const timed = loads[0].paint === undefined ? {} : { 'first paint, ms': of('paint'), 'live, ms': of('live') };
    return [name, { 'transfer, bytes': of('transferred'), ...timed }];
  }));
  console.log(`A note of ${NOTE_BYTES / 1000} kB, medians of ${ROUNDS} loads; mobile: 1.6 Mbit/s, 150 ms, ${MOBILE_SLOWER} times slower`);
  console.table(rows);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'reader.json'), `${JSON.stringify({ noteBytes: NOTE_BYTES, rows }, null, 2)}\n`);
} finally {
  await browser.close();
  await server.stop();
}
