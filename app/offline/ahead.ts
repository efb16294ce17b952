// Notes that somebody pinned are fetched ahead: they open without a network also on a
// device that never showed them.

import { keepCopy, standingOf } from "./on_device";

/** As `GET /api/notes` lists them: the first page of them is enough. */
const PINNED = "/api/notes?view=pinned";

/** Fetches those that changed since they were written down here, one after the other:
    nobody waits for them. Ends with an error when it is told to. */
export async function fetchPinned(signal: AbortSignal): Promise<void> {
  const answer = await fetch(PINNED, { signal });
  // Who is nobody yet has pinned nothing.
  if (!answer.ok) return;
  const { notes }: { notes: { id: string; updated_at: number }[] } = await answer.json();
  for (const { id, updated_at: changed } of notes) {
    const key = `/note/${id}`;
    const here = await standingOf(key);
    if (here && (here.seen > changed || here.madeHere)) continue;
    const copy = await fetch(`${key}/copy`, { signal });
    if (copy.ok) await keepCopy(key, new Uint8Array(await copy.arrayBuffer()));
  }
}
