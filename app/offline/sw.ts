// The service worker: it lets the app open without a network. It keeps the files of
// one version, and two pages of that version that hold nothing of anybody: one for a
// note that is on this device, one for everything else. Pages come from the network as
// long as there is one, files of this version from the cache.
//
// Another version is another script (its name is in here), which fills a cache of its
// own and waits until no page of the older one is open. So a page and its files are of
// one version, whether there is a network or not.

import { fetchPinned } from "./ahead";
import { MADE_HERE, OFFLINE, OFFLINE_NOTE, isOfVersion, meant, pageOf } from "./meant";
import { clearAll, clearOld, lastPerson, standingOf } from "./on_device";

/** The folder of this version's files, and their names. */
declare const VERSION: string;
declare const FILES: string[];

/** As far as they are used; the types of pages and of workers exclude each other. */
interface Lasting extends Event { waitUntil(work: Promise<unknown>): void }
interface Fetching extends Lasting { request: Request; respondWith(answer: Promise<Response>): void }
interface Worker extends EventTarget { clients: { claim(): Promise<void> } }
const worker = globalThis as unknown as Worker;

const PREFIX = "tandem-";
const CACHE = PREFIX + VERSION;
/** A server that does not answer for so long is not waited for, where the note is here. */
const PATIENCE_MS = 5_000;
/** What a kept answer says of its body is true of how it travelled. */
const OF_THE_WAY = ["content-encoding", "content-length", "set-cookie", "transfer-encoding"];

on<Lasting>("install", (event) => event.waitUntil(fill()));
on<Lasting>("activate", (event) => event.waitUntil(takeOver()));
on<Fetching>("fetch", (event) => {
  const { request } = event;
  const wanted = meant(request, location.origin, VERSION);
  switch (wanted?.what) {
    case "file": return event.respondWith(file(request));
    case "note": return event.respondWith(note(request, wanted.id, wanted.made));
    case "leaving": return event.waitUntil(leave());
    case "new": return event.respondWith(fetch(request).catch(newNote));
    case "page": {
      const page = fetch(request);
      event.waitUntil(page.then(tidyUp, () => {}));
      return event.respondWith(page.catch(() => kept(OFFLINE)));
    }
  }
});

function on<E extends Event>(name: string, heard: (event: E) => void) {
  worker.addEventListener(name, heard as (event: Event) => void);
}

/** Fetches all there is of this version, or fails: then the older one stays. */
async function fill() {
  const cache = await caches.open(CACHE);
  try {
    await cache.addAll(FILES.map((name) => `/pkg/${VERSION}/${name}`));
    await Promise.all([OFFLINE, OFFLINE_NOTE].map(async (path) => {
      // As nobody: what is kept has no name in it.
      const answer = await fetch(path, { credentials: "omit", cache: "no-store" });
      const html = await answer.text();
      if (!answer.ok || !isOfVersion(html, VERSION)) throw new Error(`${path} is of another version`);
      await cache.put(path, new Response(html, { headers: headersOf(answer) }));
    }));
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function takeOver() {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
  await worker.clients.claim();
}

/** What is under way of that, and its end. */
let [tidying, left] = [Promise.resolve(), new AbortController()];

/** Once a page is there, and so is the network: what is kept here is what its reader
    would want. What fails is done after the next one. */
function tidyUp(): Promise<void> {
  const { signal } = left;
  tidying = tidying.then(() => fetchPinned(signal)).catch(() => {}).then(clearOld);
  return tidying;
}

/** The page has cleared the device of them; what was just being fetched goes too. */
async function leave() {
  left.abort();
  left = new AbortController();
  await tidying;
  await clearAll();
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return await cache.match(request.url) ?? fetch(request);
}

async function note(request: Request, id: string, made: boolean): Promise<Response> {
  if (made) return kept(OFFLINE_NOTE, id);
  const [answer, standing] = [fetch(request), standingOf(`/note/${id}`)];
  const late = new Promise<undefined>((done) => setTimeout(done, PATIENCE_MS));
  try {
    // Who has no copy can only wait.
    const first = await Promise.race([answer, late]) ?? (await standing ? undefined : await answer);
    // A note that was made here is not there yet: its page tells the server.
    const wanted = first && !(first.status === 404 && (await standing)?.madeHere);
    return wanted ? first : kept(OFFLINE_NOTE, id);
  } catch {
    return await standing ? kept(OFFLINE_NOTE, id) : kept(OFFLINE);
  }
}

/** Without a line a note gets its id here, and is whose the notes here are. */
async function newNote(): Promise<Response> {
  return Response.redirect(`/note/${crypto.randomUUID()}?${MADE_HERE}=${await lastPerson()}`, 303);
}

async function kept(path: string, id?: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  const page = await cache.match(path);
  // The cache is the browser's to empty.
  if (!page) return Response.error();
  return id ? new Response(pageOf(await page.text(), id), { headers: page.headers }) : page;
}

function headersOf(answer: Response): Headers {
  const headers = new Headers(answer.headers);
  for (const name of OF_THE_WAY) headers.delete(name);
  return headers;
}
