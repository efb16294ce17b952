// A socket with events on, of whatever key: it hears JSON and asks in JSON. What
// it has to do with documents is in `peer.mjs`.

import WebSocket from 'ws';

import { Watched } from './watched.mjs';

/** One socket of one person, or of nobody in particular. */
export class Listener extends Watched {
  /** Every event so far. */
  events = [];
  /** `{ code, reason }` once the socket is closed. */
  closed = null;
  /** Code and time of the server's close frame. */
  closingCode = null;
  closingAt = null;
  /** The status of a refused upgrade. */
  status = null;
  /** How many pings were answered. */
  pongs = 0;
  /** How many frames were no words. */
  binary = 0;

  #socket;

  constructor(server, key, { person, headers = {}, origin, events = '1', revision, query: more = {}, Socket = WebSocket } = {}) {
    super();
    const query = new URLSearchParams({ ...(events && { events }), ...more });
    if (revision !== undefined) query.set('revision', `${revision}`);
    const { origin: ours, ...cookies } = person?.headers(server) ?? {};
    this.#socket = new Socket(`${server.socketOrigin}${key}?${query}`, [], {
      headers: { ...cookies, ...headers }, origin: origin ?? ours, perMessageDeflate: false,
    });
    this.#socket.on('message', (data, isBinary) => {
      if (isBinary) this.binary += 1;
      else this.#hear(`${data}`);
      this.changed();
    });
    this.#socket.on('error', (error) => { this.error = error; this.changed(); });
    this.#socket.on('unexpected-response', (_, response) => {
      this.status = response.statusCode;
      this.#socket.terminate();
      this.changed();
    });
    // The close frame: the connection itself may end later.
    this.#socket.on('open', () => this.#socket._receiver.once('conclude', (code) => {
      this.closingCode = code;
      this.closingAt = Date.now();
      this.changed();
    }));
    this.#socket.on('close', (code, reason) => {
      this.closed = { code, reason: `${reason}` };
      this.changed();
    });
  }

  /** Opens a socket and waits until it is welcomed. */
  static async join(server, key, options) {
    const listener = new Listener(server, key, options);
    await listener.until(() => listener.last('hello'), `hello on ${key}`);
    return listener;
  }

  /** The newest event of a type. */
  last(type) {
    return this.events.findLast((event) => event.type === type);
  }

  /** Every event of a type. */
  all(type) {
    return this.events.filter((event) => event.type === type);
  }

  /** Asks for something, if the socket is open. */
  ask(what) {
    return this.sendRaw(JSON.stringify(what));
  }

  sendRaw(content) {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(content);
    return true;
  }

  /**
   * Waits until the socket is closed, and says how. The close frame comes at once,
   * but the local runtime ends the connection of a socket that never sent anything
   * only ten seconds later, when something else than its own frame closes it.
   */
  async closing(patience = 20_000) {
    await this.until(() => this.closed !== null, 'the socket to close', patience);
    return this.closed;
  }

  /** Waits for the server's close frame. */
  async untilClosing() {
    await this.until(() => this.closingAt !== null || this.closed !== null, 'a close frame');
  }

  /** Leaves in an orderly way. */
  async leave() {
    if (this.closed) return;
    this.#socket.close(1000);
    await this.closing();
  }

  /** Is gone without a word. */
  vanish() {
    this.#socket.terminate();
  }

  seen() {
    return { closed: this.closed, status: this.status, events: this.events.slice(-5) };
  }

  #hear(words) {
    if (words === 'pong') this.pongs += 1;
    else this.events.push(JSON.parse(words));
  }
}
