// A co-author on the wire: a Yjs document and a bare socket, so that a test sees
// each frame and event. What an unchanged Yjs client does is tested with
// y-websocket instead.

import WebSocket from 'ws';
import * as Y from 'yjs';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as auth from 'y-protocols/auth';
import * as sync from 'y-protocols/sync';

import { isTurn, readTurn } from '../packed.mjs';
import { Watched } from './watched.mjs';

const SYNC = 0;
const AWARENESS = 1;
const AUTH = 2;

/** One socket of one co-author. */
export class Peer extends Watched {
  /** Every event so far. */
  events = [];
  /** Turns in one frame each. */
  turns = [];
  /** The state vectors the server asked with, and so the moments it asked. */
  asked = 0;
  /** Reasons of y-protocols *permission denied*. */
  denials = [];
  /** Awareness states by client id, as the server passed them on. */
  states = new Map();
  /** Document frames sent on this socket: what `saved.through` counts. */
  sent = 0;
  /** What Yjs could not take in, which no server may send. */
  broken = null;
  /** `{ code, reason }` once the socket is closed. */
  closed = null;
  /** Code and time of the server's close frame. */
  closingCode = null;
  closingAt = null;
  /** How often the server answered with a step 2. */
  answers = 0;
  /** How many pings were answered. */
  pongs = 0;

  #socket;
  #onUpdate;

  /** Opens a socket. Use `join` to be in sync too. */
  constructor(url, { doc = new Y.Doc(), headers = {}, origin, protocols = [], awake = true, Socket = WebSocket } = {}) {
    super();
    this.doc = doc;
    this.text = doc.getText('content');
    this.#socket = new Socket(url, protocols, { headers, origin, perMessageDeflate: false });
    this.#socket.binaryType = 'arraybuffer';
    this.#socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
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
    this.#socket.on('open', () => { if (awake) this.#sendStep1(); });
    this.#onUpdate = (update, source) => { if (source !== this) this.sendUpdate(update); };
    this.doc.on('update', this.#onUpdate);
  }

  /**
   * Opens a socket and waits until both sides have what the other had.
   * @param {{ socketOrigin: string }} server
   * @param {string} id
   * @param {{ events?: boolean | 2, revision?: number, doc?: Y.Doc, headers?: object,
   *   origin?: string, protocols?: string[], awake?: boolean, Socket?: typeof WebSocket,
   *   patience?: number }} [options]
   */
  static async join(server, id, { events = true, revision, patience, ...rest } = {}) {
    const query = new URLSearchParams(events ? { events: `${Number(events)}` } : {});
    if (revision !== undefined) query.set('revision', `${revision}`);
    const peer = new Peer(`${server.socketOrigin}/note/${id}?${query}`, rest);
    await peer.until(() => peer.answers > 0 && peer.asked > 0, 'in sync', patience);
    return peer;
  }

  insert(at, words) {
    this.text.insert(at, words);
  }

  delete(at, length) {
    this.text.delete(at, length);
  }

  toString() {
    return this.text.toString();
  }

  get isOpening() {
    return this.#socket.readyState === WebSocket.CONNECTING;
  }

  /** The newest event of a type. */
  last(type) {
    return this.events.findLast((event) => event.type === type);
  }

  /** How many of this socket's document frames are stored. */
  get through() {
    return this.last('saved')?.through ?? 0;
  }

  /** Waits until everything sent so far is stored. */
  async saved() {
    await this.until(() => this.through >= this.sent, `saved through ${this.sent}`);
  }

  fault() {
    return this.broken && `Yjs refused what the server sent: ${this.broken}`;
  }

  seen() {
    return { sent: this.sent, closed: this.closed, status: this.status,
      text: this.toString().slice(0, 200), events: this.events.slice(-5) };
  }

  /** Waits until the socket is closed, and says how. */
  async closing(patience) {
    await this.until(() => this.closed !== null, 'the socket to close', patience);
    return this.closed;
  }

  /** Sends bytes or words as they are, if the socket is open. */
  sendRaw(content) {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(content);
    return true;
  }

  /** Sends an update, a frame that counts. */
  sendUpdate(update) {
    if (this.sendRaw(updateFrame(update))) this.sent += 1;
  }

  /** Says where this author's caret is, or anything else. */
  sendState(state, { client = this.doc.clientID, clock = Date.now() % 1e9 } = {}) {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, client);
    encoding.writeVarUint(encoder, clock);
    encoding.writeVarString(encoder, JSON.stringify(state));
    const update = encoding.toUint8Array(encoder);
    this.sendRaw(frame(AWARENESS, (outer) => encoding.writeVarUint8Array(outer, update)));
  }

  /** Takes nothing more from the line, as one whose network is slow. */
  stopReading() {
    this.#socket.pause();
  }

  readOn() {
    this.#socket.resume();
  }

  /** Waits for the server's close frame. */
  async untilClosing() {
    await this.until(() => this.closingAt !== null || this.closed !== null, 'a close frame');
  }

  /** Leaves in an orderly way. */
  async leave() {
    this.doc.off('update', this.#onUpdate);
    if (this.closed) return;
    this.#socket.close(1000);
    await this.closing();
  }

  /** Is gone without a word. */
  vanish() {
    this.doc.off('update', this.#onUpdate);
    this.#socket.terminate();
  }

  #sendStep1() {
    this.sendRaw(frame(SYNC, (encoder) => sync.writeSyncStep1(encoder, this.doc)));
  }

  #receive(data, isBinary) {
    if (isBinary) this.#receiveFrame(new Uint8Array(data));
    else if (`${Buffer.from(data)}` !== 'pong') this.events.push(JSON.parse(Buffer.from(data)));
    else this.pongs += 1;
    this.changed();
  }

  #receiveFrame(bytes) {
    if (isTurn(bytes)) return this.#receiveTurn(readTurn(bytes));
    const decoder = decoding.createDecoder(bytes);
    switch (decoding.readVarUint(decoder)) {
      case SYNC: return this.#receiveSync(decoder);
      case AWARENESS: return this.#receiveStates(decoding.readVarUint8Array(decoder));
      case AUTH:
        return auth.readAuthMessage(decoder, this.doc, (_, reason) => this.denials.push(reason));
      default: throw new Error(`the server sent a frame of an unknown kind: ${bytes}`);
    }
  }

  #receiveSync(decoder) {
    const kind = decoding.readVarUint(decoder);
    const content = decoding.readVarUint8Array(decoder);
    if (kind === sync.messageYjsSyncStep1) {
      // The answer counts as a document frame.
      this.asked += 1;
      this.sent += 1;
      this.sendRaw(frame(SYNC, (encoder) => sync.writeSyncStep2(encoder, this.doc, content)));
      return;
    }
    this.#apply(content);
    if (kind === sync.messageYjsSyncStep2) this.answers += 1;
  }

  #receiveTurn(turn) {
    if (turn.update.length > 0) this.#apply(turn.update);
    this.turns.push(turn);
  }

  #apply(update) {
    try {
      Y.applyUpdate(this.doc, update, this);
    } catch (error) {
      // y-protocols only logs it; here no test may go on.
      this.broken = `${error} at the update ${Buffer.from(update).toString('hex')}`;
    }
  }

  #receiveStates(update) {
    const decoder = decoding.createDecoder(update);
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const client = decoding.readVarUint(decoder);
      decoding.readVarUint(decoder);
      const state = JSON.parse(decoding.readVarString(decoder));
      if (state === null) this.states.delete(client);
      else this.states.set(client, state);
    }
  }
}

/** A y-protocols frame of a kind. */
export function frame(kind, write) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind);
  write(encoder);
  return encoding.toUint8Array(encoder);
}

/** An update frame around bytes that need not be an update. */
export function updateFrame(bytes) {
  return frame(SYNC, (encoder) => sync.writeUpdate(encoder, bytes));
}
