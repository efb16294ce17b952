// Reads the Markdown files of a zip, one at a time, in the browser. The page's wasm
// finds it as the global `tandemZip` once it is asked for.
//
// A zip is what a stranger made: nothing in it is believed. Its directory is read
// within bounds, a file is unpacked only as far as a note may be long, and what comes
// out is compared with the checksum.

/** The end of the directory, with the longest comment there can be before it ends. */
const END_BYTES = 22;
const LONGEST_END = END_BYTES + 0xffff;
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
/** Largest directory that is read: names of some ten thousand files. */
const MOST_DIRECTORY_BYTES = 4 << 20;
const STORED = 0;
const DEFLATED = 8;

const MARKDOWN = /\.(md|markdown)$/i;
/** What systems and editors leave beside files. */
const LEFT_BESIDE = /(^|\/)(__MACOSX\/|\.[^./])/;

/** A file in a zip; `problem` is a sentence where it cannot be read. */
interface Entry { path: string; problem: string | null; read(): Promise<Blob> }

interface Directory { entries: Entry[]; others: number }

const BROKEN = "The zip could not be read: it is broken, or no zip.";
const LOCKED = "Not imported: it is locked with a password.";
const UNKNOWN = "Not imported: it is packed in a way that is not known here.";
const TOO_LARGE = "Not imported: it is longer than a note may be. Split it.";
const DAMAGED = "Not imported: it is damaged in the zip.";

/** The Markdown files of a zip, and how many others are in it. Errors are sentences. */
async function open(file: Blob, mostBytes: number): Promise<Directory> {
  const end = await findEnd(file);
  const count = end.getUint16(10, true), size = end.getUint32(12, true), start = end.getUint32(16, true);
  // The larger format says so by numbers that are too large for this one.
  if (count === 0xffff || size > MOST_DIRECTORY_BYTES || start + size > file.size) throw BROKEN;
  const directory = await view(file, start, start + size);
  const entries: Entry[] = [];
  let others = 0;
  for (let nth = 0, at = 0; nth < count; nth += 1) {
    if (at + ENTRY_BYTES > size || directory.getUint32(at, true) !== ENTRY) throw BROKEN;
    const named = directory.getUint16(at + 28, true);
    const next = at + ENTRY_BYTES + named + directory.getUint16(at + 30, true) + directory.getUint16(at + 32, true);
    if (next > size) throw BROKEN;
    const flags = directory.getUint16(at + 8, true);
    const path = decoded(new Uint8Array(directory.buffer, at + ENTRY_BYTES, named), (flags & 0x800) !== 0);
    const entry: Packed = {
      method: directory.getUint16(at + 10, true), sum: directory.getUint32(at + 16, true),
      packed: directory.getUint32(at + 20, true), start: directory.getUint32(at + 42, true),
    };
    const length = directory.getUint32(at + 24, true);
    if (!path.endsWith("/") && !LEFT_BESIDE.test(path)) {
      if (MARKDOWN.test(path)) entries.push({ path, problem: problemOf(entry, flags, length, mostBytes), read: () => read(file, entry, mostBytes) });
      else others += 1;
    }
    at = next;
  }
  return { entries, others };
}

/** Where a file's bytes are, and how they are packed. */
interface Packed { method: number; sum: number; packed: number; start: number }

function problemOf({ method }: Packed, flags: number, length: number, mostBytes: number): string | null {
  if (flags & 1) return LOCKED;
  if (method !== STORED && method !== DEFLATED) return UNKNOWN;
  return length > mostBytes ? TOO_LARGE : null;
}

async function read(file: Blob, { method, sum, packed, start }: Packed, mostBytes: number): Promise<Blob> {
  const local = await view(file, start, start + LOCAL_BYTES);
  if (local.byteLength < LOCAL_BYTES || local.getUint32(0, true) !== LOCAL) throw DAMAGED;
  const from = start + LOCAL_BYTES + local.getUint16(26, true) + local.getUint16(28, true);
  const bytes = file.slice(from, from + packed).stream();
  const plain = method === STORED ? bytes : bytes.pipeThrough(new DecompressionStream("deflate-raw"));
  const pieces: BlobPart[] = [];
  let length = 0, crc = 0xffffffff;
  const reader = plain.getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(() => { throw DAMAGED; });
    if (done) break;
    length += value.length;
    if (length > mostBytes) {
      void reader.cancel().catch(() => {});
      throw TOO_LARGE;
    }
    crc = summed(crc, value);
    pieces.push(value as BlobPart);
  }
  if (~crc >>> 0 !== sum) throw DAMAGED;
  return new Blob(pieces);
}

async function findEnd(file: Blob): Promise<DataView> {
  const tail = await view(file, Math.max(0, file.size - LONGEST_END), file.size);
  for (let at = tail.byteLength - END_BYTES; at >= 0; at -= 1) {
    const left = tail.byteLength - at - END_BYTES;
    if (tail.getUint32(at, true) === END && tail.getUint16(at + 20, true) === left) return new DataView(tail.buffer, at);
  }
  throw BROKEN;
}

async function view(file: Blob, from: number, to: number): Promise<DataView> {
  return new DataView(await file.slice(from, to).arrayBuffer());
}

/** A path as its bytes say it. Older programs write others than UTF-8, mostly Latin. */
function decoded(bytes: Uint8Array, isUtf8: boolean): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\\", "/");
  } catch {
    return new TextDecoder(isUtf8 ? "utf-8" : "windows-1252").decode(bytes).replaceAll("\\", "/");
  }
}

const SUMS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

function summed(crc: number, bytes: Uint8Array): number {
  for (const byte of bytes) crc = (crc >>> 8) ^ SUMS[(crc ^ byte) & 0xff];
  return crc;
}

Object.assign(globalThis, { tandemZip: { open } });
