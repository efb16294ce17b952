// The reader's end of one key: a socket that is opened again by itself, by the
// rules R1, R2, L1 and L2 of `realtime/SPEC.md`. It hears events and writes nothing: a
// reader has no document, so all it ever answers is an empty step 2 (H3).

import type { LineSocket } from "../line/line";

/** How the socket stands; `closed` is for good. */
export type State = "connecting" | "live" | "offline" | "closed";

/** An event of the server, as SPEC.md lists them under E. */
export interface Event { type: string; [field: string]: any }

export interface Told {
  event(event: Event): void;
  state?(state: State, code: number, reason: string, slow: boolean): void;
  /** The revision that the page shows, if it shows one whole. */
  revision?(): number | null;
}

/** First wait before another try, doubled with each, and the longest. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 8_000;
const TICK_MS = 1_000;
/** Silence after which the other end is asked whether it is there. */
const PING_EVERY_MS = 5_000;
const PONG_WITHIN_MS = 5_000;
/** A try that takes longer is given up, twice as late after each in vain. */
const OPEN_WITHIN_MS = 4_000;
const LONGEST_OPENING_MS = 16_000;
/** So many WebSockets in vain before requests are tried in turn with them. */
const SOCKETS_BEFORE_REQUESTS = 2;

/** Sync, step 2, two bytes: no structs, no deletions. */
const EMPTY_STEP_2 = new Uint8Array([0, 1, 2, 0, 0]);

export class Line {
  #socket: WebSocket | LineSocket | null = null;
  /** Requests carry, or are being tried. */
  #requests = false;
  /** Tries since anything was heard, which brought nothing. */
  #vain = 0;
  /** Where a WebSocket carried on this network and none does now, the server is out. */
  #knows = false;
  #any = false;
  /** Until the line that is used, or being fetched, is let go. */
  #line: AbortController | undefined;
  #failures = 0;
  #wasOpen = false;
  /** When it began to open, or opened; 0 while there is none. */
  #since = 0;
  #opened = false;
  #heard = 0;
  #pinged = 0;
  #retryAt = 0;
  #over = false;

  constructor(readonly key: string, readonly told: Told, until: AbortSignal) {
    const ticking = setInterval(() => this.#tick(), TICK_MS);
    const wake = () => this.wake();
    for (const moment of ["online", "focus", "pageshow"]) addEventListener(moment, wake, { signal: until });
    document.addEventListener("visibilitychange", wake, { signal: until });
    until.addEventListener("abort", () => {
      clearInterval(ticking);
      this.#over = true;
      this.#drop();
    });
    this.#connect();
  }

  /** Tries at once, or asks a socket that seems open. */
  wake() {
    if (this.#over) return;
    if (this.#opened) return this.#ping();
    // A try that is under way was perhaps made without a network, and is given up the sooner.
    this.#failures = this.#vain = 0;
    this.#knows = false;
    if (this.#retryAt) this.#connect();
  }

  /** Says something, if the socket is open. */
  send(text: string) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  /** What it showed is not to be trusted: joins again. */
  startAgain() {
    this.#closed(1006, "");
  }

  #connect() {
    this.#drop();
    this.#retryAt = 0;
    this.#since = Date.now();
    this.#tell(this.#wasOpen ? "offline" : "connecting");
    const revision = this.told.revision?.() ?? null;
    const address = `${location.origin.replace("http", "ws")}${this.key}?events=1${revision === null ? "" : `&revision=${revision}`}`;
    // A feed does without: a browser keeps few requests open to a server.
    const mayFallBack = !/^\/(?:user\/|global$)/.test(this.key);
    this.#requests = mayFallBack && (this.#vain === 0 ? this.#requests : this.#vain >= SOCKETS_BEFORE_REQUESTS && !this.#knows && !this.#requests);
    if (!this.#requests) return this.#use(new WebSocket(address));
    const { signal } = (this.#line = new AbortController());
    // Few ever need it, so it is a file of its own beside this one.
    import(new URL("./line.js", import.meta.url).href).then((line) => {
      if (signal.aborted) return;
      this.#use(new line.LineSocket(address));
      line.untilSocketsWork(signal, () => {
        this.#requests = false;
        this.#connect();
      });
    }, () => signal.aborted || this.#closed(1006, ""));
  }

  #use(socket: WebSocket | LineSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      this.#opened = true;
      this.#since = this.#heard = Date.now();
      // A published page says no hello: it may have nothing to say at all (O1).
      if (this.key.startsWith("/p/")) this.#live();
    };
    socket.onclose = ({ code, reason }: { code: number; reason: string }) => this.#closed(code, reason);
    socket.onmessage = ({ data }: { data: string | ArrayBuffer }) => {
      this.#heard = Date.now();
      this.#pinged = this.#vain = 0;
      this.#any = true;
      this.#knows ||= !this.#requests;
      if (typeof data === "string") return this.#event(data);
      const frame = new Uint8Array(data);
      if (frame[0] === 0 && frame[1] === 0) socket.send(EMPTY_STEP_2);
    };
  }

  #event(text: string) {
    if (text === "pong") return;
    const event: Event = JSON.parse(text);
    this.told.event(event);
    if (event.type === "hello") this.#live();
  }

  #live() {
    this.#wasOpen = true;
    this.#tell("live");
  }

  #closed(code: number, reason: string) {
    const wasGood = this.#opened && Date.now() - this.#since > LONGEST_WAIT_MS;
    if (!this.#any) this.#vain += 1;
    this.#drop();
    if (code >= 4400 && code <= 4499) {
      this.#over = true;
      return this.#tell("closed", code, reason);
    }
    if (wasGood) this.#failures = 0;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures++);
    // Between half and all of it, so that many pages do not come at once.
    this.#retryAt = Date.now() + wait * (0.5 + Math.random() / 2);
    setTimeout(() => this.#tick(), this.#retryAt - Date.now() + 1);
    this.#tell("offline");
  }

  #tick() {
    if (this.#over) return;
    const now = Date.now();
    if (this.#retryAt) {
      if (this.#retryAt <= now) this.#connect();
    } else if (this.#opened ? this.#pinged && now - this.#pinged > PONG_WITHIN_MS : now - this.#since > Math.min(LONGEST_OPENING_MS, OPEN_WITHIN_MS * 2 ** this.#vain)) {
      this.#closed(1006, "");
    } else if (this.#opened && now - this.#heard >= PING_EVERY_MS) {
      this.#ping();
    }
  }

  #ping() {
    if (this.#pinged) return;
    this.#pinged = Date.now();
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send("ping");
  }

  /** Lets go of the socket without hearing from it again. */
  #drop() {
    this.#opened = this.#any = false;
    this.#pinged = 0;
    this.#line?.abort();
    const socket = this.#socket;
    if (!socket) return;
    socket.onopen = socket.onclose = socket.onmessage = null;
    // One that is not open yet is closed when it is: the browser would complain.
    if (socket.readyState === WebSocket.CONNECTING) socket.onopen = () => socket.close();
    else socket.close();
    this.#socket = null;
  }

  #tell(state: State, code = 0, reason = "") {
    this.told.state?.(state, code, reason, this.#requests);
  }
}
