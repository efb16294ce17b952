// What the service worker does with a request, decided by the request alone, and
// whether a page and the files it names are of one version.

/** The page that stands for every page that cannot be reached, and the one for a
    note that is on this device (`worker/src/router.rs`). */
export const OFFLINE = "/offline";
export const OFFLINE_NOTE = "/offline/note";

/** The id in that page, in whose place the note's own is put. */
export const NO_NOTE = "00000000-0000-0000-0000-000000000000";

/** Marks the address of a note that was made without a line, and that the server
    does not know yet. */
export const MADE_HERE = "made-here";

export type Meant =
  /** A file of this version: the cache has it. */
  | { what: "file" }
  /** A note's page; `made` here, the server is not asked. */
  | { what: "note"; id: string; made: boolean }
  /** A new note is wanted. */
  | { what: "new" }
  /** Somebody leaves; the page has cleared the device. */
  | { what: "leaving" }
  /** Another page. */
  | { what: "page" };

const NOTE = /^\/note\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** What is no page that could stand in for itself: published pages stay live, and
    ways in, downloads and what programs ask are the server's alone. */
const SERVERS = /^\/(?:api|p|s|sign-in|sign-out|frames|healthz)(?:\/|$)|\.[a-z]+$|^\/note\/.*\/(?:asked|copy|slides)$/;

/** What a request is about; nothing for one that goes its way untouched. */
export function meant(request: { method: string; mode: string; url: string }, origin: string, version: string): Meant | undefined {
  const url = new URL(request.url);
  const { method, mode } = request;
  if (url.origin !== origin) return undefined;
  const { pathname } = url;
  if (method === "GET" && pathname.startsWith(`/pkg/${version}/`)) return { what: "file" };
  if (mode !== "navigate") return undefined;
  // The one that is no GET: without a line the note is made here.
  if (pathname === "/new" && (method === "GET" || method === "POST")) return { what: "new" };
  if (pathname === "/sign-out" && method === "POST") return { what: "leaving" };
  if (method !== "GET" || SERVERS.test(pathname)) return undefined;
  const id = NOTE.exec(pathname)?.[1];
  return id ? { what: "note", id, made: url.searchParams.has(MADE_HERE) } : { what: "page" };
}

/** Whether a page names files of this version, and of no other. */
export function isOfVersion(html: string, version: string): boolean {
  const named = [...html.matchAll(/\/pkg\/([^/"'`\s]+)\//g)];
  return named.length > 0 && named.every(([, other]) => other === version);
}

/** The page of a note that is on this device. */
export function pageOf(shell: string, id: string): string {
  return shell.replaceAll(NO_NOTE, id);
}
