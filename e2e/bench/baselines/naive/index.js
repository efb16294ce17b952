// The naive version of our own path: a row for each update, and after each the whole
// text is read, rendered and sent to everybody. What a day's work on Yjs, SQLite and
// commonmark.js gives.

import { DurableObject } from 'cloudflare:workers';
import { HtmlRenderer, Parser } from 'commonmark';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';

const SYNC = 0;

export class Naive extends DurableObject {
  #document = null;
  #parser = new Parser();
  #renderer = new HtmlRenderer({ safe: true });

  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS updates (number INTEGER PRIMARY KEY, data BLOB NOT NULL)');
  }

  fetch(request) {
    if (request.headers.get('upgrade') !== 'websocket') return new Response(this.#html());
    const { 0: client, 1: socket } = new WebSocketPair();
    this.ctx.acceptWebSocket(socket);
    socket.send(frame((encoder) => sync.writeSyncStep1(encoder, this.#opened())));
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(from, message) {
    const decoder = decoding.createDecoder(new Uint8Array(message));
    if (decoding.readVarUint(decoder) !== SYNC) return;
    const kind = decoding.readVarUint(decoder);
    const content = decoding.readVarUint8Array(decoder);
    if (kind === sync.messageYjsSyncStep1) {
      from.send(frame((encoder) => sync.writeSyncStep2(encoder, this.#opened(), content)));
      return;
    }
    Y.applyUpdate(this.#opened(), content);
    this.ctx.storage.sql.exec('INSERT INTO updates (data) VALUES (?)', content);
    const html = JSON.stringify({ type: 'view', html: this.#html() });
    for (const socket of this.ctx.getWebSockets()) {
      if (socket !== from) socket.send(message);
      socket.send(html);
    }
  }

  #html() {
    return this.#renderer.render(this.#parser.parse(this.#opened().getText('content').toString()));
  }

  #opened() {
    if (!this.#document) {
      this.#document = new Y.Doc();
      for (const { data } of this.ctx.storage.sql.exec('SELECT data FROM updates ORDER BY number')) {
        Y.applyUpdate(this.#document, new Uint8Array(data));
      }
    }
    return this.#document;
  }
}

function frame(write) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/') return new Response('well');
    return env.NAIVE.get(env.NAIVE.idFromName(pathname)).fetch(request);
  },
};
