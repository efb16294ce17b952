// The notes that this device has as documents: what `realtime/src/browser/device.rs`
// writes, read here for a list and for the question whether one is there, and cleared of
// what is old or somebody else's.

/** A note on this device. */
export interface OnDevice {
  /** Its key, which is its address. */
  key: string;
  title: string;
  /** When it was written down last, in milliseconds since 1970. */
  seen: number;
}

const DATABASE = "tandem";
/** `[seen, hello, person, title]` by key. */
const NOTES = "notes";
const DOCUMENTS = "documents";
/** By `[key, page, number]`, what is not stored. */
const EDITS = "edits";
/** So many notes are kept, the newest. */
export const MOST = 100;

/** All of them, the newest first; none where storage is off. */
export async function notesOnDevice(): Promise<OnDevice[]> {
  return read([], async (notes) => newestFirst(await entries(notes)).map(({ key, seen, title }) => (
    { key, seen, title: title.trim() || "Untitled" }
  )));
}

/** Whether the note of a key is here, and whether the server knows of it. */
export async function standingOf(key: string): Promise<"kept" | "made-here" | undefined> {
  return read(undefined, async (notes) => {
    const value = await answer(notes.get(key));
    if (!Array.isArray(value)) return undefined;
    return isMadeHere(value[1]) ? "made-here" : "kept";
  });
}

/** Who had the newest of them open; nobody where there is none. */
export async function lastPerson(): Promise<string> {
  return read("", async (notes) => newestFirst(await entries(notes))[0]?.person ?? "");
}

/** Forgets all but the newest, and those of anybody but who was here last. What is not
    stored yet keeps its note. */
export async function clearOld(): Promise<void> {
  await read(undefined, async (notes) => {
    const { transaction } = notes;
    const waiting = await answer(transaction.objectStore(EDITS).getAllKeys());
    const wait = new Set(waiting.map((key) => Array.isArray(key) ? key[0] : key));
    for (const { key } of old(newestFirst(await entries(notes)))) {
      if (wait.has(key)) continue;
      notes.delete(key);
      transaction.objectStore(DOCUMENTS).delete(key);
    }
  }, "readwrite");
}

/** Which of the notes, the newest first, are not kept any longer. */
export function old<N extends { person: string }>(notes: N[]): N[] {
  return notes.filter(({ person }, nth) => nth >= MOST || person !== notes[0]?.person);
}

interface Entry { key: string; seen: number; person: string; title: string }

async function entries(notes: IDBObjectStore): Promise<Entry[]> {
  const [keys, values] = await Promise.all([answer(notes.getAllKeys()), answer(notes.getAll())]);
  return keys.map((key, nth) => {
    const [seen, , person, title] = Array.isArray(values[nth]) ? values[nth] : [];
    return { key: `${key}`, seen: Number(seen) || 0, person: `${person ?? ""}`, title: `${title ?? ""}` };
  });
}

function newestFirst(notes: Entry[]): Entry[] {
  return notes.sort((one, other) => other.seen - one.seen);
}

/** Whether nobody but this device greeted the note yet. */
function isMadeHere(hello: unknown): boolean {
  try {
    return JSON.parse(`${hello}`).generation === "made-here";
  } catch {
    return false;
  }
}

async function read<T>(nothing: T, from: (notes: IDBObjectStore) => Promise<T>, mode: IDBTransactionMode = "readonly"): Promise<T> {
  try {
    const request = indexedDB.open(DATABASE);
    // Nothing was ever kept here: reading makes no database.
    request.onupgradeneeded = () => request.transaction?.abort();
    const database = await answer(request);
    try {
      if (!database.objectStoreNames.contains(NOTES)) return nothing;
      return await from(database.transaction([NOTES, DOCUMENTS, EDITS], mode).objectStore(NOTES));
    } finally {
      database.close();
    }
  } catch {
    return nothing;
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
