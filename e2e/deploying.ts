// A line to a server on which another version can be deployed: the same one under
// another name, or, half way, with a new service worker beside old pages.

import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import type { Server } from './server.mjs';

/** What is deployed; `gone` hangs up on everybody. */
type Deployed = 'first' | 'half' | 'second' | 'gone';

const TEXT = /^(text|application)\/(html|javascript|manifest\+json)/;

export class Deploying {
  deployed: Deployed = 'first';
  readonly origin: string;
  readonly #listening;

  /** `first` and `second` are the names of the two versions. */
  static async of(server: Server) {
    const script = await (await fetch(`${server.origin}/sw.js`)).text();
    const first = /"([0-9a-f]{16})"/.exec(script)?.[1] ?? '';
    const listening = createServer();
    listening.listen(0, '127.0.0.1');
    await once(listening, 'listening');
    return new Deploying(server, listening, first);
  }

  private constructor(server: Server, listening: ReturnType<typeof createServer>, readonly first: string) {
    this.#listening = listening;
    this.origin = `http://localhost:${(listening.address() as AddressInfo).port}`;
    listening.on('request', (asked: IncomingMessage, answer: ServerResponse) => void this.#pass(new URL(asked.url ?? '/', server.origin), asked, answer));
    listening.on('upgrade', (_, socket) => socket.destroy());
  }

  get second() {
    return [...this.first].reverse().join('');
  }

  async stop() {
    this.#listening.closeAllConnections();
    this.#listening.close();
    await once(this.#listening, 'close');
  }

  async #pass(url: URL, asked: IncomingMessage, answer: ServerResponse) {
    // Neither sockets nor lines: pages are loaded here, and live nowhere.
    if (this.deployed === 'gone' || url.searchParams.has('line')) return void asked.socket.destroy();
    const renames = this.deployed === 'second' || (this.deployed === 'half' && !asked.headers.accept?.includes('text/html') && !url.pathname.startsWith('/offline'));
    const [shown, real] = renames ? [this.second, this.first] : [this.first, this.first];
    if (url.pathname.startsWith('/pkg/') && !url.pathname.startsWith(`/pkg/${shown}/`)) return void answer.writeHead(404).end();
    url.pathname = url.pathname.replace(shown, real);
    const passed = request(url, { method: asked.method, headers: { ...asked.headers, 'accept-encoding': 'identity' } }, async (came) => {
      const parts: Buffer[] = [];
      for await (const part of came) parts.push(part as Buffer);
      let body = Buffer.concat(parts);
      if (TEXT.test(`${came.headers['content-type']}`)) body = Buffer.from(body.toString().replaceAll(real, shown));
      const { 'transfer-encoding': _, ...headers } = came.headers;
      answer.writeHead(came.statusCode ?? 502, { ...headers, 'content-length': body.length }).end(body);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  }
}
