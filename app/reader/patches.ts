// The server's patches onto the blocks in `#view`, as `app/src/preview.rs` has
// them: only the blocks a patch names are touched, so that what is selected,
// unfolded, played or scrolled to elsewhere stays. A whole view, which comes after
// a gap, keeps the blocks that are the same at its start and its end.

interface Block { key: string; html: string }

/** At a place: so many blocks out, these in. */
export interface Patch { at: number; remove: number; insert: Block[] }

/** What the page itself puts into blocks carries it; the rest is the server's. */
export const DECORATION = "data-decoration";

export class View {
  /** Which revision is shown; none when it cannot be trusted. */
  revision: number | null;

  constructor(readonly place: HTMLElement) {
    this.revision = Number(place.dataset.revision);
  }

  /** Applies patches that lead to a revision. False when they start from another
      one than the page has: then the next whole view heals it. */
  apply(revision: number, from: number | null, patches: Patch[]): boolean {
    if (from === null) this.#whole(patches);
    else if (from !== this.revision || !patches.every((patch) => this.#swap(patch))) {
      this.revision = null;
      delete this.place.dataset.revision;
      return false;
    }
    this.revision = revision;
    this.place.dataset.revision = `${revision}`;
    return true;
  }

  #swap({ at, remove, insert }: Patch): boolean {
    const blocks = this.place.children;
    if (at + remove > blocks.length) return false;
    for (let left = remove; left > 0; left -= 1) takeOut(blocks[at]);
    this.#putIn(at, parsed(insert));
    return true;
  }

  /** Between two blocks there is one line end, as in the fragment that the server
      makes, so that the two stay equal. */
  #putIn(at: number, fresh: DocumentFragment) {
    if (!fresh.firstChild) return;
    const next = this.place.children[at];
    if (next) {
      fresh.append("\n");
      next.before(fresh);
    } else {
      if (at > 0) this.place.append("\n");
      this.place.append(fresh);
    }
  }

  #whole(patches: Patch[]) {
    const wanted: Block[] = [];
    for (const { at, remove, insert } of patches) wanted.splice(at, remove, ...insert);
    const fresh = [...parsed(wanted).children];
    const shown = [...this.place.children];
    const most = Math.min(fresh.length, shown.length);
    let start = 0, end = 0;
    while (start < most && same(shown[start], fresh[start])) start += 1;
    while (end < most - start && same(shown[shown.length - 1 - end], fresh[fresh.length - 1 - end])) end += 1;
    for (const block of shown.slice(start, shown.length - end)) takeOut(block);
    const between = document.createDocumentFragment();
    fresh.slice(start, fresh.length - end).forEach((block, nth) => between.append(...(nth ? ["\n", block] : [block])));
    this.#putIn(start, between);
  }
}

/** Removes a block and the line end that parted it from its neighbour. */
function takeOut(block: Element) {
  const lineEnd = block.nextElementSibling ? block.nextSibling : block.previousSibling;
  if (lineEnd?.nodeType === Node.TEXT_NODE) lineEnd.remove();
  block.remove();
}

/** Parses blocks in a template, where nothing loads or runs. */
function parsed(blocks: Block[]): DocumentFragment {
  const template = document.createElement("template");
  template.innerHTML = blocks.map(({ html }) => html).join("\n");
  return template.content;
}

/** Whether two blocks came from the same HTML, whatever the page or its reader did to one. */
function same(shown: Element, fresh: Element): boolean {
  return bare(shown).isEqualNode(bare(fresh));
}

function bare(block: Element): Element {
  if (!block.matches("details") && !block.querySelector(`[${DECORATION}], details`)) return block;
  const around = document.createElement("div");
  around.append(block.cloneNode(true));
  for (const added of around.querySelectorAll(`[${DECORATION}]`)) added.remove();
  for (const details of around.querySelectorAll("details")) details.open = false;
  return around;
}
