// An app that is installed in somebody's browser, and what is on its device.

import { expect, Person } from './fixtures';

/** Waits until the service worker has everything, and this page. */
export async function isInstalled({ page }: Person) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (navigator.serviceWorker.controller) return;
    await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
  });
}

/** One more tab of somebody's browser. */
export async function tabOf({ context }: Person): Promise<Person> {
  return new Person(context, await context.newPage());
}

/** How much is in each store of the browser's database. */
export async function stores({ page }: Person): Promise<Record<string, number>> {
  return page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await answer(indexedDB.open('tandem'));
    const counted: Record<string, number> = {};
    for (const name of ['edits', 'texts', 'notes', 'documents']) {
      counted[name] = await answer(database.transaction(name).objectStore(name).count());
    }
    database.close();
    return counted;
  });
}

/** When a note was written down on the device last; 0 where it is not there. */
export async function seenAt({ page }: Person, key: string): Promise<number> {
  return page.evaluate(async (key) => {
    const answer = <T>(request: IDBRequest<T>) => new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await answer(indexedDB.open('tandem'));
    const [seen] = await answer(database.transaction('notes').objectStore('notes').get(key)) ?? [0];
    database.close();
    return seen as number;
  }, key);
}

/** Waits until a note is on the device, as of a moment from now. */
export async function isOnDevice(person: Person, key: string) {
  const since = await person.page.evaluate(() => Date.now());
  await expect.poll(() => seenAt(person, key)).toBeGreaterThan(since);
}
