// The contents list: the note's headings in a panel at the side, the one that is
// being read lit. Its button is there once there is something to list.

import type { Decorator } from "./decorations";
import { copy, element, icon } from "./element";
import { addressOf } from "./headings";

const HEADINGS = ":scope > :is(h1, h2, h3, h4, h5, h6)[id]";
/** A list of one leads nowhere. */
const FEWEST = 2;
/** A heading counts as reached a little before the top. */
const REACHED_PX = 96;
/** The list is made again when nothing came for so long: typing must not wait for it. */
const SETTLED_MS = 200;
/** From this width on the panel covers nothing that a link in it leads to. */
const BESIDE = "(min-width: 1000px)";

export function contents(view: HTMLElement): Decorator {
  const button = document.getElementById("contents-button");
  if (!button) return {};
  const list = element("ul");
  const close = element("button", { type: "button", class: "icon-button", "aria-label": "Close the contents", title: "Close" }, icon("x"));
  const panel = element("nav", { id: "contents", class: "contents", "aria-label": "Contents" },
    element("div", { class: "contents-head" }, element("h2", {}, "Contents"), close), list);
  panel.hidden = true;
  document.body.append(panel);
  const root = document.documentElement;
  let headings: HTMLElement[] = [];
  let settling: ReturnType<typeof setTimeout> | undefined;
  let looking = 0;
  let shown = "";

  const find = () => {
    settling = undefined;
    headings = [...view.querySelectorAll<HTMLElement>(HEADINGS)];
    button.hidden = headings.length < FEWEST;
    if (button.hidden) open(false);
    if (!panel.hidden) fill();
  };
  const fill = () => {
    const now = headings.map(({ tagName, id, textContent }) => `${tagName}${id} ${textContent}`).join("\n");
    if (now === shown) return light();
    shown = now;
    const focused = panel.contains(document.activeElement) ? document.activeElement?.getAttribute("data-id") : null;
    const least = Math.min(...headings.map(level));
    list.replaceChildren(...headings.map((heading) => row(heading, level(heading) - least)));
    if (focused) list.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
    light();
  };
  const light = () => {
    looking = 0;
    if (panel.hidden) return;
    let low = 0, high = headings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (headings[middle].getBoundingClientRect().top <= top() + REACHED_PX) low = middle + 1;
      else high = middle;
    }
    const rows = list.children;
    for (let nth = 0; nth < rows.length; nth += 1) {
      const link = rows[nth].firstElementChild;
      const lit = nth === Math.max(0, low - 1);
      if (link && lit !== link.hasAttribute("aria-current")) {
        if (lit) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
        if (lit) link.scrollIntoView({ block: "nearest" });
      }
    }
  };
  const top = () => Math.max(0, view.closest(".view-pane")?.getBoundingClientRect().top ?? 0);
  const open = (opens: boolean) => {
    if (!panel.hidden === opens) return;
    const focused = panel.contains(document.activeElement);
    panel.hidden = !opens;
    button.ariaExpanded = `${opens}`;
    if (opens) {
      // One panel at a time; the chat's own way out leaves all of it in order.
      if (root.dataset.chat === "open") document.querySelector<HTMLElement>(".chat-close")?.click();
      fill();
      list.querySelector<HTMLElement>("[aria-current]")?.focus();
    } else if (focused) {
      button.focus();
    }
  };

  new MutationObserver(() => {
    if (root.dataset.chat === "open") open(false);
  }).observe(root, { attributeFilter: ["data-chat"] });
  button.addEventListener("click", () => open(panel.hidden !== false));
  close.addEventListener("click", () => open(false));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    open(false);
  });
  list.addEventListener("click", ({ target }) => {
    const pressed = target instanceof Element ? target.closest<HTMLElement>("[data-id]") : null;
    if (pressed?.matches("button")) void copy(addressOf(pressed.dataset.id ?? ""), pressed);
    else if (pressed && !matchMedia(BESIDE).matches) open(false);
  });
  // Whatever scrolls: the pane, or the page around a view of its own.
  document.addEventListener("scroll", () => {
    if (!panel.hidden && !looking) looking = requestAnimationFrame(light);
  }, { capture: true, passive: true });
  return {
    changed() {
      settling ??= setTimeout(find, SETTLED_MS);
    },
  };
}

function level(heading: Element): number {
  return Number(heading.tagName[1]);
}

function row(heading: HTMLElement, depth: number): HTMLElement {
  const words = (heading.textContent ?? "").trim() || "Untitled";
  const { id } = heading;
  const link = element("a", { href: `#${encodeURIComponent(id)}`, "data-id": id, dir: "auto" }, words);
  const copies = element("button", { type: "button", class: "icon-button", "data-id": id, "aria-label": `Copy link to ${words}`, title: "Copy link" }, icon("link"));
  return element("li", { class: `contents-${Math.min(depth, 4)}` }, link, copies);
}
