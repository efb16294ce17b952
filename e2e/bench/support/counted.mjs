// The built Worker with a meter on what Cloudflare bills: requests, messages, wake-ups,
// rows. It runs in workerd, around the Worker as it is; `GET /counts` reads the meter.

import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';

const counts = {
  requests: 0, objectRequests: 0, messages: 0, woken: 0, alarms: 0, alarmsSet: 0, closed: 0,
  rowsWritten: 0, rowsRead: 0, databaseRowsWritten: 0, databaseRowsRead: 0,
};
/** Rows written into each table of an object. */
const tables = {};
/** Bytes stored by each object. */
const stored = new Map();

/** The Worker's two classes, metered. */
export function counted(worker) {
  class RealtimeDurableObject extends DurableObject {
    #object;

    constructor(ctx, env) {
      super(ctx, env);
      counts.woken += 1;
      this.#object = new worker.RealtimeDurableObject(state(ctx), environment(env));
    }

    fetch(request) {
      counts.objectRequests += 1;
      return this.#object.fetch(request);
    }

    webSocketMessage(socket, message) {
      counts.messages += 1;
      return this.#object.webSocketMessage(socket, message);
    }

    webSocketClose(...words) {
      counts.closed += 1;
      return this.#object.webSocketClose(...words);
    }

    webSocketError(...words) {
      return this.#object.webSocketError(...words);
    }

    alarm(...words) {
      counts.alarms += 1;
      return this.#object.alarm(...words);
    }
  }

  class Entry extends WorkerEntrypoint {
    #entry = new worker.default(this.ctx, environment(this.env));

    fetch(request) {
      if (new URL(request.url).pathname === '/counts') {
        return Response.json({ ...counts, tables, storedBytes: Object.fromEntries(stored) });
      }
      counts.requests += 1;
      return this.#entry.fetch(request);
    }

    scheduled(event) {
      return this.#entry.scheduled(event);
    }
  }
  return { RealtimeDurableObject, Entry };
}

/** Stands for something of the runtime: some members are ours, the others its own. */
function around(original, own) {
  return new Proxy(original, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return own[name];
      const member = Reflect.get(target, name, target);
      return typeof member === 'function' && name !== 'constructor' ? member.bind(target) : member;
    },
  });
}

function state(ctx) {
  const { storage } = ctx;
  const { sql } = storage;
  // What a cursor has read or written is known when the next one is opened.
  let cursor = null;
  const exec = (...words) => {
    if (cursor) counts.rowsRead += cursor.rowsRead;
    cursor = sql.exec(...words);
    counts.rowsWritten += cursor.rowsWritten;
    if (cursor.rowsWritten > 0) {
      const table = /\b(?:INTO|FROM|UPDATE|EXISTS) (\w+)/.exec(words[0])?.[1];
      tables[table] = (tables[table] ?? 0) + cursor.rowsWritten;
    }
    stored.set(ctx.id.toString(), sql.databaseSize);
    return cursor;
  };
  const setAlarm = (...words) => {
    counts.alarmsSet += 1;
    return storage.setAlarm(...words);
  };
  const metered = around(storage, { sql: around(sql, { exec }), setAlarm });
  return around(ctx, { storage: metered });
}

function environment(env) {
  return around(env, { DB: database(env.DB) });
}

/** What D1 says of each statement; `first` and `raw` say nothing. */
function database(db) {
  const originals = new WeakMap();
  const note = (result) => {
    counts.databaseRowsWritten += result?.meta?.rows_written ?? 0;
    counts.databaseRowsRead += result?.meta?.rows_read ?? 0;
    return result;
  };
  const statement = (original) => {
    const made = around(original, {
      bind: (...values) => statement(original.bind(...values)),
      run: async () => note(await original.run()),
      all: async () => note(await original.all()),
    });
    originals.set(made, original);
    return made;
  };
  return around(db, {
    prepare: (sql) => statement(db.prepare(sql)),
    batch: async (statements) => (await db.batch(statements.map((each) => originals.get(each) ?? each))).map(note),
  });
}
