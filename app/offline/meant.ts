// What the service worker does with a request, decided by the request alone, and
// whether a page and the files it names are of one version.

/** The page that stands for every page that cannot be reached (`worker/src/router.rs`). */
export const OFFLINE = "/offline";

export type Meant =
  /** A file of this version: the cache has it. */
  | { what: "file" }
  /** A page. */
  | { what: "page" };

/** What is no page that could stand in for itself: published pages stay live, and
    ways in, downloads and what programs ask are the server's alone. */
const SERVERS = /^\/(?:api|p|s|sign-in|sign-out|frames|healthz)(?:\/|$)|\.[a-z]+$|^\/note\/.*\/(?:asked|slides)$/;

/** What a request is about; nothing for one that goes its way untouched. */
export function meant(request: { method: string; mode: string; url: string }, origin: string, version: string): Meant | undefined {
  const url = new URL(request.url);
  const { method, mode } = request;
  if (url.origin !== origin) return undefined;
  const { pathname } = url;
  if (method === "GET" && pathname.startsWith(`/pkg/${version}/`)) return { what: "file" };
  return method === "GET" && mode === "navigate" && !SERVERS.test(pathname) ? { what: "page" } : undefined;
}

/** Whether a page names files of this version, and of no other. */
export function isOfVersion(html: string, version: string): boolean {
  const named = [...html.matchAll(/\/pkg\/([^/"'`\s]+)\//g)];
  return named.length > 0 && named.every(([, other]) => other === version);
}
