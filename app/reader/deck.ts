// The blocks of a view as slides: cut where a block is a line across. It marks the
// blocks of one slide and leaves the rest to the style sheet, so that patches are
// applied to the same list of blocks as everywhere.

const ON = "on";

export class Deck {
  #slides: Element[][] = [];
  #at = 0;

  constructor(readonly place: HTMLElement) {
    this.#cut();
  }

  get at(): number {
    return this.#at;
  }

  get count(): number {
    return Math.max(1, this.#slides.length);
  }

  /** Shows a slide, the nearest there is. */
  show(at: number) {
    this.#at = Math.max(0, Math.min(this.count - 1, at));
    const slide = new Set(this.#slides[this.#at]);
    for (const block of this.place.children) {
      if (block.classList.contains(ON) !== slide.has(block)) block.classList.toggle(ON);
    }
    this.place.dataset.at = `${this.#at}`;
  }

  /** After blocks came and went: what was shown is shown, wherever it stands now. */
  changed() {
    const shown = new Set(this.#slides[this.#at]);
    this.#cut();
    const found = this.#slides.findIndex((slide) => slide.some((block) => shown.has(block)));
    this.show(found < 0 ? this.#at : found);
  }

  #cut() {
    const slides: Element[][] = [[]];
    for (const block of this.place.children) {
      if (block.tagName === "HR") slides.push([]);
      else slides[slides.length - 1]?.push(block);
    }
    this.#slides = slides.filter((slide) => slide.length > 0);
  }
}
