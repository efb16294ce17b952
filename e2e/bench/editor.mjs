// Typing in the page of a worn note, beside plain CodeMirror with the same text in the
// same browser: from a key to the next picture, and what the page's thread does for it.
// And a thousand places replaced at once, as find and replace does.

import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { once } from 'node:events';
import { build as bundle } from 'esbuild';
import { chromium } from 'playwright-core';

import { BUILD, keep, middle, quantile, round, row } from './support/figures.mjs';
import { startServer } from '../server.mjs';
import { makeNote } from '../wire/notes.mjs';
import { history, wear } from './support/worn.mjs';

const NOTE_BYTES = 100_000;
const ROUNDS = 4;
const KEYS = 50;
const BETWEEN_KEYS_MS = 70;
const PLACES = 1_000;
const REPLACED = ['word', 'Word'];
const READY_WITHIN_MS = 60_000;

/** CodeMirror with what every Markdown editor has, and nothing else. */
const PLAIN = `
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { markdownLanguage } from '@codemirror/lang-markdown';
import { defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { EditorView, drawSelection, keymap } from '@codemirror/view';
const doc = await (await fetch('/text')).text();
new EditorView({ parent: document.body, state: EditorState.create({ doc, extensions: [
  EditorState.lineSeparator.of('\\n'), EditorView.lineWrapping, history(), drawSelection(), markdownLanguage,
  syntaxHighlighting(defaultHighlightStyle), keymap.of([...historyKeymap, ...defaultKeymap]),
] }) });
`;
const PAGE = '<!DOCTYPE html><meta charset="utf-8"><title>Plain</title>'
  + '<style>.cm-editor { height: 90vh; width: 50vw } .cm-scroller { overflow: auto }</style><script type="module" src="/plain.js"></script>';

/** Serves the plain page. */
async function servePlain(text) {
  const { outputFiles: [script] } = await bundle({
    stdin: { contents: PLAIN, resolveDir: process.cwd() }, bundle: true, write: false, minify: true, format: 'esm', target: 'es2022',
  });
  const answers = { '/text': ['text/plain; charset=utf-8', text], '/plain.js': ['text/javascript', script.contents], '/': ['text/html', PAGE] };
  const server = createServer((request, response) => {
    const [type, body] = answers[request.url] ?? ['text/plain', ''];
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { origin: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}

/** A page with an editor in it, and the means to measure it. */
class Page {
  shown = [];
  busy = [];
  replaced = { done: [], shown: [] };

  static async open(browser, address) {
    const page = new Page();
    const context = await browser.newContext({ serviceWorkers: 'block' });
    page.page = await context.newPage();
    page.session = await context.newCDPSession(page.page);
    await page.session.send('Performance.enable');
    await page.page.goto(address);
    await page.page.waitForFunction(() => document.querySelector('.cm-content')?.textContent.length > 100, null, { timeout: READY_WITHIN_MS });
    await page.page.evaluate(() => {
      window.shown = [];
      // The task after a frame: what was drawn for the key is there to be seen.
      window.afterFrame = (then) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => then(performance.now());
        port2.postMessage(null);
      });
      document.addEventListener('keydown', ({ timeStamp }) => window.afterFrame((now) => window.shown.push(now - timeStamp)), true);
      window.editor = () => document.querySelector('.cm-content').cmTile.root.view;
    });
    return page;
  }

  /** Types in the middle of the text. */
  async type(keys) {
    await this.page.bringToFront();
    await this.page.evaluate(() => {
      const view = window.editor();
      view.focus();
      view.dispatch({ selection: { anchor: view.state.doc.line(Math.floor(view.state.doc.lines / 2)).to }, scrollIntoView: true });
      window.shown = [];
    });
    await pause(300);
    const before = await this.taskMs();
    for (let n = 0; n < keys; n += 1) {
      await this.page.keyboard.press(n % 8 === 7 ? 'Space' : 'x');
      await pause(BETWEEN_KEYS_MS);
    }
    this.busy.push((await this.taskMs() - before) / keys);
    this.shown.push(...await this.page.evaluate(() => window.shown));
  }

  /** Replaces a word in so many places, as one. */
  async replace(places, from, to) {
    await this.page.bringToFront();
    const { done, shown, count } = await this.page.evaluate(async ([places, from, to]) => {
      const view = window.editor();
      const text = view.state.doc.toString();
      const changes = [];
      for (let at = text.indexOf(from); at >= 0 && changes.length < places; at = text.indexOf(from, at + 1)) {
        changes.push({ from: at, to: at + from.length, insert: to });
      }
      const start = performance.now();
      view.dispatch({ changes, userEvent: 'input.replace.all' });
      const done = performance.now() - start;
      const shown = await new Promise((resolve) => { window.afterFrame((now) => resolve(now - start)); });
      return { done, shown, count: changes.length };
    }, [places, from, to]);
    if (count !== places) throw new Error(`${count} places were found, not ${places}`);
    this.replaced.done.push(done);
    this.replaced.shown.push(shown);
  }

  found() {
    return {
      'key to picture, ms p50': round(middle(this.shown)), p98: round(quantile(this.shown, 0.98)),
      'thread, ms a key': round(middle(this.busy)),
      [`${PLACES} places, ms`]: round(middle(this.replaced.done)), 'to picture': round(middle(this.replaced.shown)),
    };
  }

  async taskMs() {
    const { metrics } = await this.session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  }
}

const server = await startServer({ build: BUILD });
const browser = await chromium.launch({
  executablePath: process.env.TANDEM_CHROMIUM || undefined,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const plain = await servePlain(history(NOTE_BYTES).text);
try {
  const { id } = await makeNote(server);
  await wear(server, id, NOTE_BYTES);
  const pages = {
    Tandem: await Page.open(browser, `${server.origin}/note/${id}`),
    'plain CodeMirror': await Page.open(browser, `${plain.origin}/`),
  };
  for (const page of Object.values(pages)) await page.type(KEYS);
  for (const page of Object.values(pages)) Object.assign(page, { shown: [], busy: [] });
  for (let n = 0; n < ROUNDS; n += 1) {
    for (const page of Object.values(pages)) await page.type(KEYS);
  }
  for (let n = 0; n < ROUNDS; n += 1) {
    const [from, to] = n % 2 === 0 ? REPLACED : [...REPLACED].reverse();
    for (const page of Object.values(pages)) {
      await page.replace(PLACES, from, to);
      await pause(1_500);
    }
  }
  const found = Object.fromEntries(Object.entries(pages).map(([name, page]) => [name, page.found()]));
  console.log(`In the page of a worn note of ${NOTE_BYTES / 1000} kB, ${ROUNDS} rounds of ${KEYS} keys, ${BUILD} build`);
  console.table(found);
  const [ours, other] = Object.values(found);
  const against = 'plain CodeMirror';
  const rowOf = (what, name, target) => row({ row: 10, what, unit: 'ms', figure: ours[name], against, baseline: other[name], ...target });
  await keep('editor', [
    rowOf('a key to the next picture, 100 kB worn, p50', 'key to picture, ms p50', { most: 1.2 }),
    rowOf('a key to the next picture, 100 kB worn, p98', 'p98', {}),
    rowOf('the page’s thread for a key, 100 kB worn', 'thread, ms a key', {}),
    rowOf(`${PLACES} places replaced at once`, `${PLACES} places, ms`, { most: 100, of: 'figure' }),
    rowOf(`${PLACES} places replaced at once, to the next picture`, 'to picture', {}),
  ], { found });
} finally {
  plain.stop();
  await browser.close();
  await server.stop();
}
