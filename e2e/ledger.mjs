// The ledger of what several people write: words that are found again, what was said
// to be stored of them, and so what a text must hold, and what it must not. It knows
// nothing of sockets.

/** A word, as it stands in the ledger; whoever wrote it says what became of it. */
class Entry {
  /** The server said that it is stored. */
  stored = false;
  /** Its author took it out, */
  deleted = false;
  /** and the server said that this is stored. */
  deletionStored = false;

  constructor(author, word, run) {
    this.author = author;
    this.word = word;
    this.run = run;
  }
}

export class Ledger {
  #entries = new Map();

  /**
   * Writes a word down. Words of one `run` were each put somewhere after the one
   * before; one without a run may stand anywhere.
   */
  write(author, word, run = null) {
    if (this.#entries.has(word)) throw new Error(`${word} is written twice`);
    const entry = new Entry(author, word, run);
    this.#entries.set(word, entry);
    return entry;
  }

  /** How many words were written, and of how many it was said that they are stored. */
  get counts() {
    const entries = [...this.#entries.values()];
    return {
      written: entries.length,
      acknowledged: entries.filter(({ stored }) => stored).length,
      deleted: entries.filter(({ deleted }) => deleted).length,
    };
  }

  /** What was promised and does not hold of a text: words that are lost, deletions that are undone. */
  broken(text) {
    const there = new Set(words(text));
    const entries = [...this.#entries.values()];
    return {
      lost: entries.filter((entry) => entry.stored && !entry.deleted && !there.has(entry.word)).map(({ word }) => word),
      undone: entries.filter((entry) => entry.deletionStored && there.has(entry.word)).map(({ word }) => word),
    };
  }

  /** What is wrong with the text that is left when everybody is back and everything is stored. */
  wrong(text) {
    const places = new Map();
    const twice = [];
    words(text).forEach((word, place) => {
      if (places.has(word)) twice.push(word);
      places.set(word, place);
    });
    const entries = [...this.#entries.values()];
    const last = new Map();
    const disordered = entries.filter(({ word, run }) => {
      if (run === null || !places.has(word)) return false;
      const before = last.get(run) ?? -1;
      last.set(run, places.get(word));
      return places.get(word) < before;
    });
    return {
      ...this.broken(text),
      missing: entries.filter((entry) => !entry.deleted && !places.has(entry.word)).map(({ word }) => word),
      still: entries.filter((entry) => entry.deleted && places.has(entry.word)).map(({ word }) => word),
      invented: [...places.keys()].filter((word) => !this.#entries.has(word)),
      twice,
      disordered: disordered.map(({ word }) => word),
    };
  }
}

const words = (text) => text.split(/\s+/).filter(Boolean);

/** Whether a finding of the ledger holds nothing. */
export const isClean = (found) => Object.values(found).every((list) => list.length === 0);
