// What is on the disk of a server, read without anything of ours: SQLite's own check,
// and the note as the npm package `yjs` builds it from the rows.

import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import * as Y from 'yjs';

import { objectRows } from '../wire/storage.mjs';

/** Does something with a copy of what a server has stored: reading would mend the original. */
export async function withCopy(server, look) {
  const state = await mkdtemp(join(tmpdir(), 'tandem-copy-'));
  try {
    await cp(join(server.state, 'v3'), join(state, 'v3'), { recursive: true });
    return await look({ state });
  } finally {
    await rm(state, { recursive: true, force: true });
  }
}

/** What SQLite finds wrong in the databases of a stopped server, or of a copy. */
export async function damage({ state }) {
  const found = [];
  for (const name of await readdir(join(state, 'v3'), { recursive: true })) {
    if (!name.endsWith('.sqlite')) continue;
    const database = new DatabaseSync(join(state, 'v3', name));
    try {
      for (const { integrity_check: said } of database.prepare('PRAGMA integrity_check').all()) {
        if (said !== 'ok') found.push(`${name}: ${said}`);
      }
    } finally {
      database.close();
    }
  }
  return found;
}

/** A note as `yjs` builds it from its rows. */
export async function storedDocument(server, note) {
  const key = `/note/${note}`;
  const doc = new Y.Doc();
  const parts = await objectRows(server, key, 'SELECT data FROM snapshot ORDER BY part');
  if (parts.length > 0) Y.applyUpdate(doc, Buffer.concat(parts.map(({ data }) => data)));
  const log = await objectRows(server, key, `SELECT version, data FROM log
    WHERE version > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'folded'), 0)
    ORDER BY version, part`);
  const rows = Map.groupBy(log, ({ version }) => version);
  for (const row of rows.values()) Y.applyUpdate(doc, Buffer.concat(row.map(({ data }) => data)));
  return doc;
}

/** The text of a document that `yjs` has. */
export const textOf = (doc) => doc.getText('content').toString();
