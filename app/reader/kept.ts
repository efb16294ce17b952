// What an earlier page of this note kept on this device is the app's to merge or to
// hand out (`realtime/src/browser/device.rs`): where there is some, the app is fetched.

/** Starts the app if something is kept under a key. */
export async function startWhereKept(key: string) {
  const { tandem } = globalThis;
  if (tandem && await keeps(key)) await tandem.start();
}

async function keeps(key: string): Promise<boolean> {
  try {
    const request = indexedDB.open("tandem");
    // Nothing was ever kept here: reading makes no database.
    request.onupgradeneeded = () => request.transaction?.abort();
    const database = await answer(request);
    try {
      const edits = database.transaction("edits").objectStore("edits");
      return await answer(edits.count(IDBKeyRange.bound([key], [key, []]))) > 0;
    } finally {
      database.close();
    }
  } catch {
    // Where storage is off, nothing is kept.
    return false;
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
