// The service worker: it lets the app open without a network. It keeps the files of
// one version, and a page of that version that holds nothing of anybody. Pages come from
// the network as long as there is one, files of this version from the cache.
//
// Another version is another script (its name is in here), which fills a cache of its
// own and waits until no page of the older one is open. So a page and its files are of
// one version, whether there is a network or not.

import { OFFLINE, isOfVersion, meant } from "./meant";

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
/** What a kept answer says of its body is true of how it travelled. */
const OF_THE_WAY = ["content-encoding", "content-length", "set-cookie", "transfer-encoding"];

on<Lasting>("install", (event) => event.waitUntil(fill()));
on<Lasting>("activate", (event) => event.waitUntil(takeOver()));
on<Fetching>("fetch", (event) => {
  const { request } = event;
  const wanted = meant(request, location.origin, VERSION);
  switch (wanted?.what) {
    case "file": return event.respondWith(file(request));
    case "page": return event.respondWith(fetch(request).catch(() => kept(OFFLINE)));
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
    await Promise.all([OFFLINE].map(async (path) => {
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

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return await cache.match(request.url) ?? fetch(request);
}

async function kept(path: string): Promise<Response> {
  const cache = await caches.open(CACHE);
  // The cache is the browser's to empty.
  return await cache.match(path) ?? Response.error();
}

function headersOf(answer: Response): Headers {
  const headers = new Headers(answer.headers);
  for (const name of OF_THE_WAY) headers.delete(name);
  return headers;
}
