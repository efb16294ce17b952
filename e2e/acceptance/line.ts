// The line of a note's pages, to be cut: `setOffline` only freezes a socket that is open.

import type { BrowserContext, WebSocketRoute } from '@playwright/test';

/** A close code that is worth another try. */
const TRY_AGAIN = 4599;

/** The sockets, and what stands in for them, of every page of somebody's browser that has a note open. */
export class Line {
  /** How often a socket was tried in vain. */
  tries = 0;
  #isCut = false;
  readonly #open = new Set<WebSocketRoute>();

  static async of({ context }: { context: BrowserContext }): Promise<Line> {
    const line = new Line();
    await context.routeWebSocket(/\/note\//, (socket) => {
      if (line.#isCut) {
        line.tries += 1;
        void socket.close({ code: TRY_AGAIN });
      } else {
        line.#open.add(socket);
        socket.connectToServer();
      }
    });
    await context.route(/[?&]line=/, (request) => (line.#isCut ? request.abort() : request.continue()));
    return line;
  }

  async cut() {
    this.#isCut = true;
    for (const socket of this.#open) await socket.close({ code: TRY_AGAIN });
    this.#open.clear();
  }

  /** Lets a page through again. */
  mend() {
    this.#isCut = false;
    this.#open.clear();
  }
}
