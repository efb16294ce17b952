// Frames of the Yjs protocol, made and read without a document.

import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

import { isTurn } from '../../packed.mjs';

const SYNC = 0;
const STEP_1 = 0;
const STEP_2 = 1;
const UPDATE = 2;
/** How the event of what is stored begins. */
const SAVED = Buffer.from('{"type":"saved"');

/** Answers step 1 of a server by one who has nothing: a step 2 without content. */
export const NOTHING = Uint8Array.of(SYNC, STEP_2, 2, 0, 0);
/** Step 1 of one who has nothing. */
export const EVERYTHING = Uint8Array.of(SYNC, STEP_1, 1, 0);

export const update = (bytes) => sync(UPDATE, bytes);

function sync(kind, bytes) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, SYNC);
  encoding.writeVarUint(encoder, kind);
  encoding.writeVarUint8Array(encoder, bytes);
  return encoding.toUint8Array(encoder);
}

/** The Yjs bytes of a step 2 or an update, `{ isAnswer, bytes }`; null for any other frame. */
export function carried(payload, from = 0) {
  if (isTurn(payload)) {
    const decoder = decoding.createDecoder(payload.subarray(1));
    const bytes = decoding.readVarUint8Array(decoder);
    return bytes.length > 0 ? { isAnswer: false, bytes } : null;
  }
  if (payload[from] !== SYNC || (payload[from + 1] !== STEP_2 && payload[from + 1] !== UPDATE)) return null;
  const decoder = decoding.createDecoder(payload.subarray(from + 2));
  return { isAnswer: payload[from + 1] === STEP_2, bytes: decoding.readVarUint8Array(decoder) };
}

/** Whether a frame is step 1. */
export const isQuestion = (payload) => payload[0] === SYNC && payload[1] === STEP_1;

/** How many frames of a socket are stored, if a text frame says it. */
export function saved(payload) {
  return payload.subarray(0, SAVED.length).equals(SAVED) ? JSON.parse(payload).through : null;
}
