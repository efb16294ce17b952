// Something that changes as frames arrive, and that a test waits for.

const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** Base of whoever sits at a socket. */
export class Watched {
  #waiting = new Set();

  /** Waits for a condition, looked at whenever something arrives here, and from time to time for what is elsewhere. */
  async until(holds, what = `${holds}`, patience = PATIENCE_MS) {
    await new Promise((resolve, reject) => {
      const done = (settle) => {
        clearTimeout(timer);
        clearInterval(looking);
        this.#waiting.delete(look);
        settle();
      };
      const look = () => {
        const fault = this.fault();
        if (fault) done(() => reject(new Error(fault)));
        else if (holds()) done(resolve);
      };
      const timer = setTimeout(() => done(() => {
        const seen = JSON.stringify(this.seen(), null, 2);
        reject(new Error(`waited in vain for: ${what}\n${seen}`));
      }), patience);
      const looking = setInterval(look, LOOK_EVERY_MS);
      this.#waiting.add(look);
      look();
    });
  }

  /** To be called when something arrived. */
  changed() {
    for (const look of [...this.#waiting]) look();
  }

  /** Why no test may go on, if something says so. */
  fault() {
    return null;
  }

  /** What to print when a wait was in vain. */
  seen() {
    return {};
  }
}
