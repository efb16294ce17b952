// Zips as programs make them, and as they should not: what the import has to take
// and to refuse.

import { crc32, deflateRawSync } from 'node:zlib';

/** A file in a zip; the last four lie about it. */
export interface Packed {
  path: string;
  text: string | Buffer;
  /** Stored as it is, without being packed. */
  stored?: boolean;
  flags?: number;
  method?: number;
  sum?: number;
  length?: number;
}

const UTF8 = 0x800;

/** The bytes of a zip of these files. */
export function zipOf(files: Packed[], comment = ''): Buffer {
  const bodies: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const { path, text, stored = false, ...lies } of files) {
    const [name, plain] = [Buffer.from(path), Buffer.from(text)];
    const packed = stored ? plain : deflateRawSync(plain);
    const { flags = UTF8, method = stored ? 0 : 8, sum = crc32(plain), length = plain.length } = lies;
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(flags, 2);
    facts.writeUInt16LE(method, 4);
    facts.writeUInt32LE(sum, 10);
    facts.writeUInt32LE(packed.length, 14);
    facts.writeUInt32LE(length, 18);
    facts.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(at, 10);
    entries.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, rest, name]));
    bodies.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...bodies, directory, end, Buffer.from(comment)]);
}
