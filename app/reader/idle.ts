// Work that nobody waits for.

/** Has something done when nothing else is to do, or soon. */
export function whenIdle(body: () => void) {
  if ("requestIdleCallback" in window) requestIdleCallback(body, { timeout: 1_000 });
  else setTimeout(body, 50);
}
