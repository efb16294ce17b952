// A line: what a page uses where its network lets no WebSocket through. It has the
// face of the package `ws`, as far as peers and listeners look.

import { EventEmitter } from 'node:events';
import { randomUUID } from 'node:crypto';

/** One request that brings server-sent events, and others that carry what is said. */
export class LineSocket extends EventEmitter {
  readyState = WebSocket.CONNECTING;
  /** Where `ws` tells of the close frame. */
  _receiver = new EventEmitter();
  /** The statuses of what was said. */
  statuses = [];
  line = randomUUID();

  #address;
  #headers;
  #gone = new AbortController();
  #said = Promise.resolve();

  /** Called as a WebSocket is. */
  constructor(address, _protocols, { headers = {}, origin } = {}) {
    super();
    this.#address = new URL(address.replace('ws', 'http'));
    this.#address.searchParams.set('line', this.line);
    this.#headers = { ...headers, ...(origin && { origin }) };
    this.#listen().catch((error) => {
      if (this.readyState !== WebSocket.CLOSED) this.emit('error', error);
    }).finally(() => this.#end(1006, ''));
  }

  /** One frame after the other, each in a request of its own. */
  send(frame) {
    if (frame !== 'ping') this.#said = this.#said.then(() => this.say(packed([frame])));
  }

  /** Says a body as it is, and what came of it. */
  async say(body, { line = this.line, headers = this.#headers } = {}) {
    const address = new URL(this.#address);
    address.search = `?line=${line}`;
    const answer = await fetch(address, { method: 'POST', headers, body });
    this.statuses.push(answer.status);
    return answer;
  }

  close() {
    this.terminate();
  }

  terminate() {
    this.readyState = WebSocket.CLOSED;
    this.#gone.abort();
  }

  async #listen() {
    const answer = await fetch(this.#address, { method: 'POST', headers: this.#headers, signal: this.#gone.signal });
    if (!answer.ok) {
      this.emit('unexpected-response', null, { statusCode: answer.status });
      return;
    }
    this.readyState = WebSocket.OPEN;
    this.emit('open');
    const decoder = new TextDecoder();
    let rest = '';
    for await (const bytes of answer.body) {
      rest += decoder.decode(bytes, { stream: true });
      const events = rest.split('\n\n');
      rest = events.pop();
      for (const event of events) this.#hear(event);
    }
  }

  #hear(event) {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
    if (name === 'text') this.emit('message', Buffer.from(data), false);
    if (name === 'binary') this.emit('message', Buffer.from(data, 'base64url'), true);
    if (name === 'close') this.#end(parseInt(data), data.slice(data.indexOf(' ') + 1));
  }

  #end(code, reason) {
    const before = this.readyState;
    this.readyState = WebSocket.CLOSED;
    if (before === WebSocket.OPEN) {
      if (code !== 1006) this._receiver.emit('conclude', code);
      this.emit('close', code, reason);
    }
    this.#gone.abort();
  }
}

/** Frames in one body (`realtime/src/parcel.rs`). */
export function packed(frames) {
  return Buffer.concat(frames.flatMap((frame) => {
    const bytes = Buffer.from(frame);
    const head = Buffer.alloc(5);
    head[0] = typeof frame === 'string' ? 0 : 1;
    head.writeUInt32BE(bytes.length, 1);
    return [head, bytes];
  }));
}
