// Keystrokes made beforehand: what each author's Yjs sends, so that a bench has nothing
// left to do but to send it. Each author writes a session at a place of their own; none
// builds on what another one wrote meanwhile, so they may be sent in any order.

import * as Y from 'yjs';

/** Client ids of authors; those of worn notes are below. */
const FIRST_CLIENT = 1_000_000;

let clients = FIRST_CLIENT;

/**
 * The keys of so many authors of a note: `{ client, keys: [{ update, clock }] }`, where
 * `clock` is null if the key only takes out.
 */
export function authors(state, count, keysEach, sessions) {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, state);
  const text = doc.getText('content');
  const made = [];
  const room = Math.floor(text.length / (count + 1));
  // From the end to the start, so that nobody's place is moved by the others.
  for (let n = count - 1; n >= 0; n -= 1) {
    clients += 1;
    doc.clientID = clients;
    const keys = [];
    const listen = (update) => {
      const clock = Y.decodeUpdate(update).structs.length > 0 ? Y.getState(doc.store, doc.clientID) : null;
      keys.push({ update, clock });
    };
    doc.on('update', listen);
    write(doc, text, (n + 1) * room, sessions[n % sessions.length], keysEach);
    doc.off('update', listen);
    made.unshift({ client: doc.clientID, keys });
  }
  return made;
}

/** One session, in a paragraph of its own; its places are of what was written here. */
function write(doc, text, base, session, count) {
  text.insert(base, '\n\n');
  let made = 1;
  for (let from = base + 1; made < count;) {
    let length = 0;
    for (const [at, gone, words] of session) {
      if (made >= count) return;
      if (gone === 0 && words === '') continue;
      doc.transact(() => {
        if (gone > 0) text.delete(from + at, gone);
        if (words !== '') text.insert(from + at, words);
      });
      length += words.length - gone;
      made += 1;
    }
    // Whoever has written it all begins again, below.
    from += length;
  }
}
