// The limit that nothing in an object can beat: what comes in on one socket goes out
// on the others as it is. No document, no view, nothing stored. Below /sleeping its
// sockets outlive a sleep of the object, as Tandem's do; elsewhere they keep it awake,
// which makes each message cheaper.

import { DurableObject } from 'cloudflare:workers';

export class Relay extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.sockets = new Set(ctx.getWebSockets());
  }

  fetch(request) {
    const { 0: client, 1: socket } = new WebSocketPair();
    if (new URL(request.url).pathname.startsWith('/sleeping/')) {
      this.ctx.acceptWebSocket(socket);
    } else {
      socket.binaryType = 'arraybuffer';
      socket.accept();
      socket.addEventListener('message', ({ data }) => this.webSocketMessage(socket, data));
      socket.addEventListener('close', () => this.webSocketClose(socket));
    }
    this.sockets.add(socket);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(from, message) {
    for (const socket of this.sockets) {
      if (socket !== from) socket.send(message);
    }
  }

  webSocketClose(socket) {
    this.sockets.delete(socket);
  }
}

export default {
  fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (request.headers.get('upgrade') !== 'websocket') return new Response('well');
    return env.RELAY.get(env.RELAY.idFromName(pathname)).fetch(request);
  },
};
