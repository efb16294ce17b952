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
const VERSION = 2;
/** `[seen, hello, person, title]` by key. */
const NOTES = "notes";
const DOCUMENTS = "documents";
/** By `[key, page, number]`, what is not stored. */
const EDITS = "edits";
const ALL = [EDITS, "texts", NOTES, DOCUMENTS];
/** So many notes are kept, the newest. */
export const MOST = 100;

/** All of them, the newest first; none where storage is off. */
export async function notesOnDevice(): Promise<OnDevice[]> {
  return read([], async (notes) => newestFirst(await entries(notes)).map(({ key, seen, title }) => (
    { key, seen, title: title.trim() || "Untitled" }
  )));
}

/** Whether the note of a key is here, when it was written down last, and whether the
    server does not know of it. */
export async function standingOf(key: string): Promise<{ seen: number; madeHere: boolean } | undefined> {
  return read(undefined, async (notes) => {
    const value = await answer(notes.get(key));
    if (!Array.isArray(value)) return undefined;
    return { seen: Number(value[0]) || 0, madeHere: isMadeHere(value[1]) };
  });
}

/** Who had the newest of them open; nobody where there is none. */
export async function lastPerson(): Promise<string> {
  return read("", async (notes) => newestFirst(await entries(notes))[0]?.person ?? "");
}

/** Keeps a copy of a note as the server gave it (SPEC, D9). What waits to be stored
    stands beside it, and is merged in when the note is opened. */
export async function keepCopy(key: string, copy: Uint8Array<ArrayBuffer>): Promise<void> {
  const end = copy.indexOf(0x0a);
  const hello = new TextDecoder().decode(copy.subarray(0, end));
  const { you, title } = JSON.parse(hello);
  await read(undefined, async (notes) => {
    notes.put([Date.now(), hello, you.id, title], key);
    notes.transaction.objectStore(DOCUMENTS).put(copy.slice(end + 1), key);
  }, "readwrite");
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

/** Forgets all of them. */
export async function clearAll(): Promise<void> {
  await read(undefined, async (notes) => {
    notes.clear();
    notes.transaction.objectStore(DOCUMENTS).clear();
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
    const request = indexedDB.open(DATABASE, VERSION);
    // Where nothing was ever kept: as `realtime/src/browser/device.rs` makes it.
    request.onupgradeneeded = () => {
      const { result: made } = request;
      for (const name of ALL) if (!made.objectStoreNames.contains(name)) made.createObjectStore(name);
    };
    const database = await answer(request);
    try {
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
