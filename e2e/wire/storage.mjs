// What a server has on its disk, for claims about what is kept and what is not.

import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** The files of every object that was ever made. */
export async function objects(server) {
  const files = await readdir(join(server.state, 'v3/do'), { recursive: true }).catch(() => []);
  return files.filter((name) => /[0-9a-f]{64}\.sqlite$/.test(name)).sort();
}

/** Bytes that objects wrote since they woke: SQLite's log goes with who has it open. */
export async function written(server) {
  const files = await objects(server);
  const sizes = files.map(async (name) => {
    const log = await stat(join(server.state, 'v3/do', `${name}-wal`)).catch(() => null);
    return log?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** The rows of a statement on D1. */
export async function rows(server, sql, ...values) {
  // The runtime may be writing.
  const database = await open(server, { readOnly: true, timeout: 5_000 });
  try {
    return database.prepare(sql).all(...values);
  } finally {
    database.close();
  }
}

/** Changes D1 behind the server's back. */
export async function change(server, sql, ...values) {
  const database = await open(server, { timeout: 5_000 });
  try {
    return database.prepare(sql).run(...values).changes;
  } finally {
    database.close();
  }
}

/** Changes very much in D1 behind the server's back, as one. */
export async function fill(server, work) {
  const database = await open(server, { timeout: 5_000 });
  try {
    database.exec('BEGIN IMMEDIATE');
    work(database);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
}

/** The rows of a statement on the storage of a key's object. */
export async function objectRows(server, key, sql) {
  for (const name of await objects(server)) {
    const storage = new DatabaseSync(join(server.state, 'v3/do', name), { readOnly: true });
    try {
      if (keyOf(storage) === key) return storage.prepare(sql).all();
    } finally {
      storage.close();
    }
  }
  return [];
}

/** Takes away all that a key's object has stored, while the server is down. */
export async function forgetObject(server, key) {
  for (const name of await objects(server)) {
    const file = join(server.state, 'v3/do', name);
    const storage = new DatabaseSync(file);
    const found = keyOf(storage) === key;
    storage.close();
    if (found) {
      for (const end of ['', '-wal', '-shm']) await rm(file + end, { force: true });
      return;
    }
  }
  throw new Error(`no object of ${key} is stored`);
}

/** Whose storage this is. The file is there before its first table, and stays empty for an object that was only asked. */
function keyOf(storage) {
  const made = storage.prepare("SELECT 1 FROM sqlite_master WHERE name = 'meta'").get();
  return made && storage.prepare("SELECT value FROM meta WHERE name = 'key'").get()?.value;
}

async function open(server, options) {
  const folder = join(server.state, 'v3/d1/miniflare-D1DatabaseObject');
  const [name] = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  return new DatabaseSync(join(folder, name), options);
}
