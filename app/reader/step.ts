// In step: which slide is presented, by whom, and whether this page goes along. The
// server's order decides: who presents and hears of another's slide, with nothing of
// its own under way that comes after, has been taken over from.

/** What the signal says: a slide, and which page presents it with which word. */
export interface Presented { at: number; page: number; word: number }

/** What a page is to do after something happened. */
export interface Step {
  /** Show this slide. */
  show?: number;
  /** Tell the room that this is presented, or null for nothing. */
  tell?: Presented | null;
}

export class Steps {
  /** The slide that is presented, by whomever. */
  presented: number | null = null;
  /** Whether this page presents. */
  presenting = false;
  /** Whether it goes along with who does. */
  inStep = true;
  /** The words of this page: how many it said, and the newest that came back. */
  #said = 0;
  #heard = 0;

  /** This page's own number, as no other has it. */
  readonly page: number;

  constructor(page: number) {
    this.page = page;
  }

  /** The reader turns to a slide. */
  turn(at: number): Step {
    if (this.presenting) return { show: at, tell: this.#say(at) };
    this.inStep = this.presented === null || this.presented === at;
    return { show: at };
  }

  /** Begins or ends presenting the slide that is shown. */
  present(on: boolean, at: number): Step {
    this.inStep = true;
    this.presenting = on;
    if (on) return { tell: this.#say(at) };
    this.presented = null;
    this.#heard = this.#said;
    return { tell: null };
  }

  /** Goes back to what is presented. */
  join(): Step {
    this.inStep = true;
    return this.presented === null ? {} : { show: this.presented };
  }

  /** Blocks came or went, and what is shown has another number now. */
  moved(at: number): Step {
    return this.presenting && this.presented !== at ? { tell: this.#say(at) } : {};
  }

  /** The socket is new: what this page presents is told anew; what others do, the
      room says again, or they do not any more (G4). */
  opened(at: number): Step {
    if (this.presenting) return { tell: this.#say(at) };
    this.presented = null;
    return {};
  }

  /** The room says which slide is presented. A reader of a published page hears the
      number alone. */
  heard(value: Presented | number | null): Step {
    const said = typeof value === "number" ? { at: value, page: -1, word: 0 } : value;
    if (this.presenting) {
      if (said?.page === this.page) this.#heard = Math.max(this.#heard, said.word);
      // What is older than my own word is overtaken by it.
      if (said?.page === this.page || this.#heard < this.#said) return {};
    }
    this.presenting = false;
    this.presented = said && said.at;
    if (said === null) this.inStep = true;
    return said && this.inStep ? { show: said.at } : {};
  }

  /** The room did not take it. */
  refused() {
    this.presenting = false;
    this.presented = null;
  }

  #say(at: number): Presented {
    this.presented = at;
    return { at, page: this.page, word: this.#said += 1 };
  }
}

/** Reads the signal's value: whoever may write in the note may set it to anything. */
export function presentedIn(value: unknown): Presented | number | null {
  if (Number.isInteger(value)) return value as number;
  const { at, page, word } = (value ?? {}) as Presented;
  return [at, page, word].every(Number.isInteger) ? { at, page, word } : null;
}
