// Making elements and copying texts, for what the page adds to the view.

import { DECORATION } from "./patches";

/** An element with attributes and children. */
export function element(name: string, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...children);
  return made;
}

/** One that stands inside a block. */
export function decoration(name: string, attributes: Record<string, string> = {}, ...children: (Node | string)[]): HTMLElement {
  return element(name, { [DECORATION]: "", ...attributes }, ...children);
}

/** An icon of the page's sprite. */
export function icon(name: string): SVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const drawn = document.createElementNS(namespace, "svg");
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(namespace, "use");
  use.setAttribute("href", `#i-${name}`);
  drawn.append(use);
  return drawn;
}

/** How long a button says that it copied. */
const SAID_MS = 2_000;

/** Copies a text, and says on the button whether it worked. */
export async function copy(text: string, button: HTMLElement) {
  const use = button.querySelector("use");
  if (button.dataset.said !== undefined) return;
  const label = button.ariaLabel ?? "";
  const copied = await navigator.clipboard.writeText(text).then(() => true, () => false);
  button.dataset.said = "";
  button.ariaLabel = copied ? "Copied" : "This browser does not copy. Select it by hand";
  const drawn = use?.getAttribute("href") ?? "";
  use?.setAttribute("href", copied ? "#i-check" : "#i-x");
  setTimeout(() => {
    delete button.dataset.said;
    button.ariaLabel = label;
    use?.setAttribute("href", drawn);
  }, SAID_MS);
}
