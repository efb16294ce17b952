// A line to a server that can be cut: a TCP proxy on a port of its own. Cut open, both
// ends notice at once, and nobody gets through; cut silently, nothing arrives any
// longer and nobody is told, as when a laptop leaves the reach of its network. One that
// blocks lets requests through and no WebSocket.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

const UPGRADE = /^GET [^]*\r\nupgrade: websocket\r\n/i;

function refuse(near) {
  near.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
}

export class Proxy {
  #server;
  #target;
  /** 'open' | 'silent' | null */
  #cut = null;
  #pairs = new Set();
  /** Whether upgrades are refused, as by proxies of some networks. */
  blocks = false;

  constructor(server, target) {
    this.#server = server;
    this.#target = target;
    this.origin = `http://127.0.0.1:${server.address().port}`;
    this.socketOrigin = `ws://127.0.0.1:${server.address().port}`;
    server.on('connection', (near) => this.#join(near));
  }

  /** A line to what listens at an origin. */
  static async to({ origin }) {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Proxy(server, Number(new URL(origin).port));
  }

  cut(how) {
    this.#cut = how;
    for (const pair of this.#pairs) {
      for (const socket of pair) {
        if (how === 'silent') socket.pause();
        else socket.destroy();
      }
    }
  }

  /** What stood still goes on, as TCP does. */
  mend() {
    this.#cut = null;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  async stop() {
    this.cut('open');
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(near) {
    if (this.#cut === 'open') {
      near.destroy();
      return;
    }
    const far = connect(this.#target, '127.0.0.1');
    const pair = [near, far];
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [far, near]]) {
      from.setNoDelay(true);
      from.on('data', (bytes) => {
        if (this.blocks && from === near && UPGRADE.test(bytes.toString('latin1'))) refuse(near);
        else to.write(bytes);
      });
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
      if (this.#cut === 'silent') from.pause();
    }
  }
}
