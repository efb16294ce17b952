// The notes that this device has as documents: what `realtime/src/browser/device.rs`
// writes, read here for a list and for the question whether one is there.

/** A note on this device. */
export interface OnDevice {
  /** Its key, which is its address. */
  key: string;
  title: string;
  /** When it was written down last, in milliseconds since 1970. */
  seen: number;
}

const DATABASE = "tandem";
/** `[seen, hello]` by key. */
const NOTES = "notes";

/** All of them, the newest first; none where storage is off. */
export async function notesOnDevice(): Promise<OnDevice[]> {
  return read([], async (notes) => {
    const [keys, values] = await Promise.all([answer(notes.getAllKeys()), answer(notes.getAll())]);
    const found = keys.map((key, nth) => described(`${key}`, values[nth]));
    return found.sort((one, other) => other.seen - one.seen);
  });
}

/** Whether the document of a key is here. */
export async function isOnDevice(key: string): Promise<boolean> {
  return read(false, async (notes) => (await answer(notes.count(key))) > 0);
}

function described(key: string, value: unknown): OnDevice {
  const [seen, hello] = Array.isArray(value) ? value : [];
  let title: unknown;
  try {
    ({ title } = JSON.parse(hello));
  } catch {
    // What cannot be read has no title; the note may still open.
  }
  return { key, title: typeof title === "string" && title.trim() ? title : "Untitled", seen: Number(seen) || 0 };
}

async function read<T>(nothing: T, from: (notes: IDBObjectStore) => Promise<T>): Promise<T> {
  try {
    const request = indexedDB.open(DATABASE);
    // Nothing was ever kept here: reading makes no database.
    request.onupgradeneeded = () => request.transaction?.abort();
    const database = await answer(request);
    try {
      if (!database.objectStoreNames.contains(NOTES)) return nothing;
      return await from(database.transaction(NOTES).objectStore(NOTES));
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
