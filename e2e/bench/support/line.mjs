// The bare end of a socket: it reads frames without making objects of them, so that a
// bench with a hundred of them measures the server and not itself. Messages of a server
// come in one frame each.

import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;
const FINAL = 0x80;
const MASKED = 0x80;
const PATIENCE_MS = 30_000;

/** One end. `onFrame(payload, isBinary, now)` is called for each message, if there is one. */
export class Line {
  /** Messages and their bytes so far, each kind by itself. */
  binary = { frames: 0, bytes: 0 };
  text = { frames: 0, bytes: 0 };
  /** When the newest message came. */
  heardAt = 0;
  closed = null;
  onFrame = null;

  #socket;
  /** What came of a frame that is not whole yet, and how long it is with its head. */
  #parts = [];
  #held = 0;
  #wanted = 0;
  #waiting = [];

  /** Opens a socket; what comes with the handshake's answer is not lost. */
  static open(url, { onFrame = null, headers = {} } = {}) {
    const { hostname, port, pathname, search, host } = new URL(url);
    const line = new Line();
    line.onFrame = onFrame;
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname);
      line.#socket = socket;
      const timer = setTimeout(() => reject(new Error(`no answer from ${url}`)), PATIENCE_MS);
      socket.setNoDelay(true);
      socket.on('error', reject);
      socket.on('close', () => { line.closed ??= 1006; line.#changed(); });
      const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
      socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`
        + `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`);
      let head = Buffer.alloc(0);
      const greet = (chunk) => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        clearTimeout(timer);
        socket.off('data', greet);
        const status = head.subarray(0, head.indexOf('\r\n')).toString();
        if (!status.includes(' 101 ')) {
          reject(new Error(`${url}: ${status}`));
          return;
        }
        socket.on('data', (data) => line.#read(data));
        resolve(line);
        if (head.length > end + 4) line.#read(head.subarray(end + 4));
      };
      socket.on('data', greet);
    });
  }

  send(payload) {
    this.#write(BINARY, payload);
  }

  say(words) {
    this.#write(TEXT, Buffer.from(words));
  }

  /** Waits for a condition, looked at whenever something comes. */
  async until(holds, what) {
    if (holds()) return;
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}`)), PATIENCE_MS);
      this.#waiting.push(() => {
        if (this.closed !== null && !holds()) reject(new Error(`closed with ${this.closed} before ${what}`));
        else if (!holds()) return false;
        clearTimeout(timer);
        resolve();
        return true;
      });
    });
  }

  end() {
    this.#socket.destroy();
  }

  /** A frame of a client is masked; with zeros its payload stays as it is. */
  #write(kind, payload) {
    const { length } = payload;
    const long = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    const frame = Buffer.alloc(2 + long + 4 + length);
    frame[0] = FINAL | kind;
    frame[1] = MASKED | (long === 0 ? length : long === 2 ? 126 : 127);
    if (long === 2) frame.writeUInt16BE(length, 2);
    if (long === 8) frame.writeBigUInt64BE(BigInt(length), 2);
    frame.set(payload, 2 + long + 4);
    this.#socket.write(frame);
  }

  #read(chunk) {
    this.#parts.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#wanted) return;
    let data = this.#parts.length > 1 ? Buffer.concat(this.#parts) : chunk;
    this.#wanted = 0;
    const now = performance.now();
    for (;;) {
      if (data.length < 2) break;
      let length = data[1] & 0x7f;
      let head = 2;
      if (length === 126) {
        if (data.length < 4) break;
        length = data.readUInt16BE(2);
        head = 4;
      } else if (length === 127) {
        if (data.length < 10) break;
        length = Number(data.readBigUInt64BE(2));
        head = 10;
      }
      if (data.length < head + length) {
        this.#wanted = head + length;
        break;
      }
      this.#take(data[0] & 0x0f, data.subarray(head, head + length), now);
      data = data.subarray(head + length);
    }
    this.#parts = data.length > 0 ? [data] : [];
    this.#held = data.length;
    this.#changed();
  }

  #take(kind, payload, now) {
    if (kind === PING) return this.#write(PONG, payload);
    if (kind === CLOSE) {
      this.closed = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
      return;
    }
    if (kind !== BINARY && kind !== TEXT) return;
    const tally = kind === BINARY ? this.binary : this.text;
    tally.frames += 1;
    tally.bytes += payload.length;
    this.heardAt = now;
    this.onFrame?.(payload, kind === BINARY, now);
  }

  #changed() {
    if (this.#waiting.length > 0) this.#waiting = this.#waiting.filter((look) => !look());
  }
}
