// In step: which slide is presented, by whom, and whether this page goes along. The
// server's order decides: who presents and hears of another slide that nobody here
// asked for has been taken over from.

/** What a page is to do after something happened. */
export interface Step {
  /** Show this slide. */
  show?: number;
  /** Tell the room that this is presented, or null for nothing. */
  tell?: number | null;
}

export class Steps {
  /** The slide that is presented, by whomever. */
  presented: number | null = null;
  /** Whether this page presents. */
  presenting = false;
  /** Whether it goes along with who does. */
  inStep = true;
  /** What was told and not heard back yet, in order. */
  #told: (number | null)[] = [];
  /** Number of the newest word of the room. */
  #revision = -1;

  /** The reader turns to a slide. */
  turn(at: number): Step {
    if (this.presenting) return this.#tell(at);
    this.inStep = this.presented === null || this.presented === at;
    return { show: at };
  }

  /** Begins or ends presenting the slide that is shown. */
  present(on: boolean, at: number): Step {
    this.presenting = on;
    this.inStep = true;
    const step = this.#tell(on ? at : null);
    return { tell: step.tell };
  }

  /** Goes back to what is presented. */
  join(): Step {
    this.inStep = true;
    return this.presented === null ? {} : { show: this.presented };
  }

  /** Blocks came or went, and what is shown has another number now. */
  moved(at: number): Step {
    if (this.presenting && this.presented !== at) return { tell: this.#tell(at).tell };
    return {};
  }

  /** The socket is new: what this page presents is told anew; what others do, the
      room says again, or they do not any more (G4). */
  opened(at: number): Step {
    this.#told = [];
    if (this.presenting) return { tell: this.#tell(at).tell };
    this.presented = null;
    this.#revision = -1;
    return {};
  }

  /** The room says which slide is presented. */
  heard(value: number | null, revision: number): Step {
    if (revision <= this.#revision) return {};
    this.#revision = revision;
    if (this.#told.length > 0) {
      // One that was set before mine is no news: mine comes after it.
      if (this.#told[0] === value) this.#told.shift();
      if (this.#told.length > 0 || this.presenting) return {};
    }
    this.presenting = false;
    this.presented = value;
    if (value === null) this.inStep = true;
    return value !== null && this.inStep ? { show: value } : {};
  }

  /** The room did not take it. */
  refused() {
    this.#told = [];
    this.presenting = false;
    this.presented = null;
  }

  #tell(at: number | null): Step {
    this.presented = at;
    this.#told.push(at);
    return at === null ? { tell: at } : { show: at, tell: at };
  }
}
