// What stands in for a WebSocket where a network lets none through (`realtime/SPEC.md`,
// L): one request brings server-sent events, others carry what is said, one at a time
// and in order. It has a WebSocket's face, so that who uses it need not know.

type Heard = { data: string | ArrayBuffer };
type Closed = { code: number; reason: string };

/** The most that is said in one request, if it is more than one frame. */
const MOST_BYTES = 1_048_576;
/** Of the frames of one request (`realtime/src/parcel.rs`). */
const TEXT = 0;
const BINARY = 1;

/** First wait before a WebSocket is tried beside the line, doubled with each, and the longest. */
const FIRST_PROBE_MS = 1_000;
const LONGEST_PROBE_MS = 15 * 60_000;

/** Nobody said why. */
const ABNORMAL = 1006;

export class LineSocket {
  binaryType = "arraybuffer";
  readyState: number = WebSocket.CONNECTING;
  onopen: (() => void) | null = null;
  onmessage: ((heard: Heard) => void) | null = null;
  onclose: ((closed: Closed) => void) | null = null;
  #address: URL;
  #gone = new AbortController();
  #waiting: Uint8Array[] = [];
  #saying = false;

  /** `address` is a WebSocket's. */
  constructor(address: string) {
    this.#address = new URL(address.replace("ws", "http"));
    this.#address.searchParams.set("line", randomId());
    void this.#listen();
  }

  send(frame: string | Uint8Array) {
    // What answers pings comes unasked.
    if (this.readyState !== WebSocket.OPEN || frame === "ping") return;
    const bytes = typeof frame === "string" ? new TextEncoder().encode(frame) : frame;
    const packed = new Uint8Array(5 + bytes.length);
    packed[0] = typeof frame === "string" ? TEXT : BINARY;
    new DataView(packed.buffer).setUint32(1, bytes.length);
    packed.set(bytes, 5);
    this.#waiting.push(packed);
    // What else is said in this turn goes along.
    if (!this.#saying) queueMicrotask(() => this.#say());
    this.#saying = true;
  }

  close() {
    this.readyState = WebSocket.CLOSED;
    this.#gone.abort();
  }

  async #listen() {
    try {
      const answer = await fetch(this.#address, { method: "POST", signal: this.#gone.signal });
      if (!answer.ok || !answer.body) return this.#end(codeOf(answer.status), await titleOf(answer));
      const decoder = new TextDecoder();
      let rest = "";
      for await (const bytes of chunks(answer.body)) {
        rest += decoder.decode(bytes, { stream: true });
        const events = rest.split("\n\n");
        rest = events.pop() ?? "";
        for (const event of events) this.#hear(event);
      }
    } catch {
      // The network, or `close`.
    }
    this.#end(ABNORMAL, "");
  }

  #hear(event: string) {
    if (this.readyState === WebSocket.CONNECTING) {
      this.readyState = WebSocket.OPEN;
      this.onopen?.();
    }
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(event) ?? [];
    if (data === undefined || this.readyState !== WebSocket.OPEN) return;
    if (name === "text") this.onmessage?.({ data });
    else if (name === "binary") this.onmessage?.({ data: bytesOf(data) });
    else if (name === "close") this.#end(parseInt(data), data.slice(data.indexOf(" ") + 1));
  }

  async #say() {
    while (this.#waiting.length > 0 && this.readyState === WebSocket.OPEN) {
      let [count, bytes] = [0, 0];
      for (const { length } of this.#waiting) {
        if (count > 0 && bytes + length > MOST_BYTES) break;
        [count, bytes] = [count + 1, bytes + length];
      }
      const body = new Blob(this.#waiting.splice(0, count) as BlobPart[]);
      const address = new URL(this.#address);
      address.search = `?line=${this.#address.searchParams.get("line")}`;
      try {
        const answer = await fetch(address, { method: "POST", body, signal: this.#gone.signal });
        // Too large is for good; all else that was not taken is said again on a new line.
        if (!answer.ok) this.#end(answer.status === 413 ? 4413 : ABNORMAL, await titleOf(answer));
      } catch {
        this.#end(ABNORMAL, "");
      }
    }
    this.#saying = false;
  }

  #end(code: number, reason: string) {
    if (this.readyState === WebSocket.CLOSED) return;
    this.close();
    this.onclose?.({ code, reason });
  }
}

/** Calls once a WebSocket gets through (L2), which is tried ever more seldom. Its key is
    none, so nothing is woken, and it is closed with 4404. */
export function untilSocketsWork(until: AbortSignal, call: () => void, wait = FIRST_PROBE_MS) {
  const timer = setTimeout(() => {
    const socket = new WebSocket(`${location.origin.replace("http", "ws")}/?events=1`);
    socket.onclose = ({ code }) => {
      if (until.aborted) return;
      if (code === 4404) call();
      else untilSocketsWork(until, call, Math.min(LONGEST_PROBE_MS, wait * 2));
    };
  }, wait);
  until.addEventListener("abort", () => clearTimeout(timer));
}

/** Without `crypto.randomUUID`, which is for secure pages alone. */
function randomId(): string {
  const hex = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

async function* chunks(body: ReadableStream<Uint8Array>) {
  const reader = body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
}

function bytesOf(base64url: string): ArrayBuffer {
  const binary = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0)).buffer;
}

/** Close codes mirror HTTP: 4400-4499 for good, 45xx worth another try. */
function codeOf(status: number): number {
  if (status === 429) return 4529;
  return status >= 400 && status < 500 ? 4000 + status : 4503;
}

async function titleOf(answer: Response): Promise<string> {
  try {
    return (await answer.json()).title ?? "";
  } catch {
    return "";
  }
}
