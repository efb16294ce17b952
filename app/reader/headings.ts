// A link beside the heading that is pointed at or tapped: it copies the address of
// that place. It stands in the heading only so long, so that headings are called
// what they say; the contents list has the same button for who uses the keyboard.

import type { Decorator } from "./decorations";
import { copy, decoration, icon } from "./element";

const HEADING = ":is(h1, h2, h3, h4, h5, h6)[id]";

/** The address of a place in this page. */
export function addressOf(id: string): string {
  return `${location.origin}${location.pathname}${location.search}#${encodeURIComponent(id)}`;
}

export function headingLinks(view: HTMLElement): Decorator {
  const button = decoration("button", { type: "button", class: "icon-button heading-link", "aria-label": "Copy link to this heading", title: "Copy link" }, icon("link"));
  button.tabIndex = -1;
  button.addEventListener("click", () => {
    const id = button.parentElement?.id;
    if (id) void copy(addressOf(id), button);
  });
  view.addEventListener("pointerover", ({ target }) => {
    const heading = target instanceof Element ? target.closest(HEADING) : null;
    if (heading && view.contains(heading)) {
      if (button.parentElement !== heading) heading.append(button);
    } else if (button.dataset.said === undefined) {
      button.remove();
    }
  });
  view.addEventListener("pointerleave", ({ pointerType }) => {
    // A finger that is lifted leaves, too.
    if (pointerType === "mouse") button.remove();
  });
  return {};
}
