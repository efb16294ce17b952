// How the connection stands, in words, where the app's save chip will be: the
// same places and nearly the same words as in `app/src/chip/state.rs`.

import type { State } from "./line";

/** Tone, icon and words, and a sentence on a click. */
type Said = [tone: string, icon: string, text: string, detail: string];

export class Chip {
  #state: State = "connecting";
  #code = 0;
  #reason = "";
  #slow = false;
  #writes: boolean;
  #wrote: boolean;
  /** What it says while all is well, where the page has words of its own. */
  #live: string | undefined;

  /** `place` holds the button, its details and what is spoken. */
  constructor(readonly place: HTMLElement) {
    this.#live = place.dataset.live;
    this.#writes = this.#wrote = place.dataset.writes === "";
  }

  link(state: State, code: number, reason: string, slow: boolean) {
    [this.#state, this.#code, this.#reason, this.#slow] = [state, code, reason, slow];
    this.#show();
  }

  access(access: string) {
    this.#writes = access === "edit" || access === "own";
    this.#wrote ||= this.#writes;
    this.#show();
  }

  #said(): Said {
    switch (this.#state) {
      case "connecting":
        return ["busy", "cloud-upload", "Connecting…", "The note is being opened."];
      case "offline":
        return ["amber", "cloud-off", "Offline", "You see the note as it was when the connection broke. It is tried again by itself."];
      case "closed":
        return ["red", "circle-alert", closed(this.#code), `${this.#reason || "The server ended the connection."} What you see is the note as it was until now.`];
    }
    if (this.#live) return ["reading", "eye", this.#live, "You read along as it is written."];
    if (this.#writes) return ["quiet", "cloud-check", "Saved", "All changes are stored."];
    if (this.#wrote) return ["amber", "eye", "You can now only view", "Somebody changed who may edit this note."];
    return ["reading", "eye", "View only", "You read along as it is written."];
  }

  #show() {
    let [tone, icon, text, detail] = this.#said();
    if (this.#slow && this.#state === "live") [text, detail] = [`${text} · Slow connection mode`, `${detail} ${SLOW}`];
    const button = this.place.querySelector(".chip");
    if (!button) return;
    button.className = `chip chip-${tone}`;
    button.ariaLabel = `${text}. Details`;
    button.querySelector("use")?.setAttribute("href", `#i-${icon}`);
    const write = (selector: string, words: string) => {
      const found = this.place.querySelector(selector);
      if (found && found.textContent !== words) found.textContent = words;
      return found;
    };
    write(".chip-text", text);
    write(".popover-lead", text);
    write(".chip-detail", detail);
    const again = this.place.querySelector<HTMLElement>("[data-do=retry]");
    if (again) again.hidden = this.#state !== "offline";
    // Spoken when something is wrong, and when that is over.
    const wrong = tone === "amber" || tone === "red";
    const spoken = this.place.querySelector("[role=status]")?.textContent;
    if (wrong || (spoken && this.#state === "live")) write("[role=status]", text);
  }
}

/** As in `app/src/chip/state.rs`. */
const SLOW = "This network blocks WebSockets. Changes travel by ordinary requests, a little slower; nothing is lost.";

function closed(code: number): string {
  if (code === 4401 || code === 4403) return "Not allowed any more";
  return code === 4404 ? "Note not available" : "Disconnected";
}
