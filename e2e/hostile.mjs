// Hostile text: what strangers may write wherever a person may write anything. The
// same pieces and carriers that `note/tests/safety.rs` tries natively.

import { readFileSync } from 'node:fs';

const CASES = new URL('../note/tests/cases/', import.meta.url);
const lines = (name) => readFileSync(new URL(name, CASES), 'utf8').split('\n').filter(Boolean);

/** Pieces of attacks, one line each. */
export const PIECES = lines('hostile.txt');

/** What a piece is put into, in place of each `%`. */
export const CARRIERS = lines('carriers.txt').map((line) => line.replaceAll('\\n', '\n'));

/** Every piece in every carrier. */
export const PAYLOADS = CARRIERS.flatMap((carrier) => PIECES.map((piece) => carrier.replaceAll('%', () => piece)));

/** Who may be asked for a film, in a frame, once its button was pressed (`worker/src/security.rs`). */
const PLAYERS = ['www.youtube-nocookie.com', 'player.vimeo.com', 'geo.dailymotion.com', 'open.spotify.com'];

/** So many of them, spread over all; which ones follows from the number. */
export function some(payloads, count) {
  const step = Math.max(1, payloads.length / count);
  return Array.from({ length: Math.min(count, payloads.length) }, (_, index) => payloads[Math.floor(index * step)]);
}

/**
 * Watches a browser context for anything that ran or was reported. Its pages have to be
 * opened after this.
 */
export async function watch(context) {
  const breaches = [];
  await context.exposeBinding('tandemBreach', ({ page }, what) => breaches.push(`${page.url()}: ${what}`));
  await context.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print']) {
      window[name] = (words) => { window.tandemBreach(`${name}(${words})`); };
    }
    addEventListener('securitypolicyviolation', (event) => {
      window.tandemBreach(`policy ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  context.on('dialog', (dialog) => { breaches.push(`dialog ${dialog.message()}`); dialog.dismiss(); });
  context.on('weberror', (error) => breaches.push(`error ${error.error()}`));
  context.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/i.test(message.text())) breaches.push(`console ${message.text()}`);
  });
  // Nothing outside is there; pictures may ask for it, and players, and nothing else.
  await context.route((url) => !['localhost', '127.0.0.1'].includes(url.hostname), (route) => {
    const request = route.request();
    const isPlayer = request.isNavigationRequest() && request.frame().parentFrame() !== null
      && PLAYERS.includes(new URL(request.url()).hostname);
    if (request.resourceType() !== 'image' && !isPlayer) breaches.push(`asked for ${request.url()}`);
    return route.abort();
  });
  return breaches;
}

/**
 * Does to everything in an element what a person may: points at it, focuses it, clicks it.
 * Returns where its links lead, told apart by what comes before the colon.
 */
export function handle(root) {
  const schemes = new Set();
  // Following a link leaves the page; what it would run is looked at instead.
  root.addEventListener('click', (event) => event.preventDefault(), true);
  root.addEventListener('submit', (event) => event.preventDefault(), true);
  for (const element of root.querySelectorAll('*')) {
    for (const type of ['mouseover', 'mouseenter', 'pointerdown', 'focus', 'toggle', 'error', 'load', 'animationstart']) {
      element.dispatchEvent(new Event(type, { bubbles: true, cancelable: true }));
    }
    if (element instanceof HTMLElement) element.click();
    for (const name of ['href', 'src', 'action', 'formaction', 'data', 'xlink:href']) {
      const address = element.getAttribute(name);
      // What is no address leads nowhere.
      if (address !== null && URL.canParse(address, location.href)) schemes.add(new URL(address, location.href).protocol);
    }
  }
  return [...schemes].sort();
}
