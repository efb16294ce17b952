// A line to the server of which each cut has its length.

import { Proxy } from '../proxy.mjs';

export class Line {
  #proxy;
  #mending = null;

  static async to(server) {
    return new Line(await Proxy.to(server));
  }

  constructor(proxy) {
    this.#proxy = proxy;
    this.origin = proxy.origin;
    this.socketOrigin = proxy.socketOrigin;
  }

  /** Cuts it for a while, unless it is cut already. */
  cut(how, ms) {
    if (this.#mending) return false;
    this.#proxy.cut(how);
    this.#mending = setTimeout(() => this.mend(), ms);
    return true;
  }

  mend() {
    clearTimeout(this.#mending);
    this.#mending = null;
    this.#proxy.mend();
  }

  stop() {
    clearTimeout(this.#mending);
    return this.#proxy.stop();
  }
}
