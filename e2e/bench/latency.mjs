// From a key in one page to the view in another: two browsers' pages in one
// Chromium, a note of 100 kB, one server on the same machine. Beside it, in the
// same run, a bare socket: the share of the pages themselves is the difference.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';

import { startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';
import { Peer } from '../wire/peer.mjs';

const NOTE_BYTES = 100_000;
const KEYS = 120;
const BETWEEN_KEYS_MS = 120;
const FOLDER = process.env.TANDEM_BENCH_DIR ?? 'target/bench';

/** A note of about so many bytes, in the shape that people write. */
function longNote(bytes) {
  const part = (n) =>
    `## Section ${n}\n\nSome words about *it*, with a [link](https://example.org/${n}) and \`code\`.\n\n`
    + `- one thing\n- another, **bold**\n- a third\n\n> What somebody said about ${n}.\n\n`;
  let text = '# A long note\n\n';
  for (let n = 1; text.length < bytes; n += 1) text += part(n);
  return text;
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  const round = (value) => Math.round(value * 100) / 100;
  return {
    count: sorted.length,
    p50: round(quantile(sorted, 0.5)),
    p90: round(quantile(sorted, 0.9)),
    p99: round(quantile(sorted, 0.99)),
  };
}

/** Key to view on the wire: a co-author types, a reader's socket gets the patch. */
async function onTheWire(server, id) {
  const writer = await Peer.join(server, id);
  const reader = await Peer.join(server, id);
  const samples = [];
  for (let n = 0; n < KEYS; n += 1) {
    const before = reader.events.filter(({ type }) => type === 'view').length;
    const start = performance.now();
    writer.insert(20, 'x');
    await reader.until(() => reader.events.filter(({ type }) => type === 'view').length > before, 'a patch');
    samples.push(performance.now() - start);
    await pause(BETWEEN_KEYS_MS / 4);
  }
  await writer.leave();
  await reader.leave();
  return samples;
}

/** Key to view in the browser: one page is typed in, the other page's view is watched. */
async function inTheBrowser(server, id) {
  const browser = await chromium.launch({
    executablePath: process.env.TANDEM_CHROMIUM || undefined,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const open = async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.origin}/note/${id}`);
    await page.getByText('Saved', { exact: true }).first().waitFor();
    return page;
  };
  const [writer, reader] = [await open(), await open()];
  await reader.evaluate(() => {
    window.seen = [];
    new MutationObserver(() => {
      const text = document.querySelector('#view').firstElementChild.textContent;
      window.seen.push({ text, at: performance.timeOrigin + performance.now() });
    }).observe(document.querySelector('#view'), { childList: true, subtree: true, characterData: true });
  });
  await writer.evaluate(() => {
    window.typed = [];
    document.addEventListener('keydown', () => window.typed.push(performance.timeOrigin + performance.now()), true);
  });
  await writer.getByRole('textbox', { name: 'Note source' }).click();
  await writer.keyboard.press('ControlOrMeta+Home');
  await writer.keyboard.press('End');
  await writer.evaluate(() => { window.typed = []; });
  const samples = [];
  for (let n = 0; n < KEYS; n += 1) {
    await writer.keyboard.press('x');
    await reader.waitForFunction((count) => window.seen.some(({ text }) => text.endsWith('x'.repeat(count))), n + 1);
    await pause(BETWEEN_KEYS_MS);
  }
  const typed = await writer.evaluate(() => window.typed);
  const seen = await reader.evaluate(() => window.seen);
  typed.forEach((at, n) => {
    const shown = seen.find(({ text }) => text.endsWith('x'.repeat(n + 1)));
    samples.push(shown.at - at);
  });
  await browser.close();
  return samples;
}

const server = await startServer({ build: process.env.TANDEM_BUILD ?? 'release' });
try {
  const rows = {};
  const wire = await makeNote(server, { markdown: longNote(NOTE_BYTES) });
  rows['wire: key to view patch'] = summary(await onTheWire(server, wire.id));
  const pages = await makeNote(server, { markdown: longNote(NOTE_BYTES) });
  rows['browser: key to the other page’s view'] = summary(await inTheBrowser(server, pages.id));
  console.log(`A note of ${NOTE_BYTES / 1000} kB, ${KEYS} keys, milliseconds`);
  console.table(rows);
  await mkdir(FOLDER, { recursive: true });
  await writeFile(join(FOLDER, 'latency.json'), `${JSON.stringify({ noteBytes: NOTE_BYTES, rows }, null, 2)}\n`);
} finally {
  await server.stop();
}
