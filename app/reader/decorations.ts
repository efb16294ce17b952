// What the page adds to the server's blocks: buttons on code, links of headings,
// a contents list, diagrams, embeds. It watches the view rather than who patches
// it, so that it is the same beside the reader's script and beside the app.
//
// A decoration is an element marked `data-decoration` inside a block. Nothing else
// of a block is touched, and none is put between blocks: patches count them.

import { codeTools } from "./code";
import { contents } from "./contents";
import { diagrams } from "./diagrams";
import { embeds } from "./embeds";
import { headingLinks } from "./headings";
import { highlighting } from "./highlight";

/** One kind of decoration. Blocks are the children of the view. */
export interface Decorator {
  /** A block that is new in the view. */
  added?(block: Element): void;
  /** A block that is in it no more; told before what came in its place. */
  removed?(block: Element): void;
  /** The view is as it will be painted; at the start, and after each patch. */
  changed?(): void;
}

/** In this order for each block. What clicks a task box goes here, too. */
const KINDS: ((view: HTMLElement) => Decorator)[] = [codeTools, highlighting, diagrams, embeds, headingLinks, contents];

/** Decorates a view, as long as the page lives. */
function decorate(view: HTMLElement) {
  const decorators = KINDS.map((kind) => kind(view));
  const changed = (removed: Iterable<Node>, added: Iterable<Node>) => {
    for (const block of removed) if (block instanceof Element) for (const each of decorators) each.removed?.(block);
    for (const block of added) {
      if (block instanceof Element && block.parentElement === view) for (const each of decorators) each.added?.(block);
    }
    for (const each of decorators) each.changed?.();
  };
  new MutationObserver((records) => changed(
    records.flatMap(({ removedNodes }) => [...removedNodes]),
    new Set(records.flatMap(({ addedNodes }) => [...addedNodes])),
  )).observe(view, { childList: true });
  changed([], view.children);
}

const view = document.getElementById("view");
if (view) decorate(view);
