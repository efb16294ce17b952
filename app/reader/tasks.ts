// Boxes of tasks in the view: pressed, they are ticked in the text by the server, which
// finds the very box by what the page was showing (block, `data-at`, revision). Shown
// ticked at once, and taken back with a sentence where that was refused.

import type { Decorator } from "./decorations";

/** A box, as the server makes it. */
const BOX = "input.task-box[data-at]";

/** What became of a box, as the server says it. */
type Ticked = "now" | "already" | "gone" | "too_old";

/** How long a sentence stays, in milliseconds. */
const SAID_MS = 6_000;
/** Longest name of a box, in characters: an item may be a chapter. */
const LONGEST_NAME = 120;

const SENTENCES = {
  gone: "That task was changed by somebody else just now. Look again.",
  too_old: "The note moved on before that arrived. Press the box again.",
  refused: "You can only view this note now. The box was not ticked.",
  none: "The server does not answer. The box was not ticked.",
};

/** Makes the boxes of a note's view work; of any other view they stay as they are. */
export function taskBoxes(view: HTMLElement): Decorator {
  const note = /^\/note\/([0-9a-f-]{36})$/.exec(view.dataset.key ?? "")?.[1];
  if (!note) return {};
  const said = document.createElement("p");
  said.className = "task-said";
  said.role = "status";
  view.parentElement?.append(said);
  let focused: Place | null = null;

  const prepare = (block: Element) => {
    const may = view.hasAttribute("data-may-tick");
    for (const box of block.querySelectorAll<HTMLInputElement>(BOX)) {
      box.disabled = !may;
      box.ariaLabel = nameOf(box);
    }
  };
  new MutationObserver(() => prepare(view)).observe(view, { attributes: true, attributeFilter: ["data-may-tick"] });

  view.addEventListener("focusin", ({ target }) => { focused = placeOf(view, target); });
  // One that is taken out loses the focus as well, and is out when this turn is over.
  view.addEventListener("focusout", ({ target }) => queueMicrotask(() => { if ((target as Element).isConnected) focused = null; }));
  view.addEventListener("click", (event) => {
    const box = boxOf(event.target);
    // The second half of a double click, or a press before the first was answered.
    if (box && (event.detail > 1 || box.ariaBusy === "true")) event.preventDefault();
  });
  view.addEventListener("change", ({ target }) => {
    const box = boxOf(target);
    const place = placeOf(view, target);
    if (box && place) void press(box, place);
  });

  async function press(box: HTMLInputElement, { block, at }: Place) {
    const done = box.checked;
    box.ariaBusy = "true";
    const fields = { note: note!, revision: view.dataset.revision ?? "0", block: `${block}`, at, done: `${done}` };
    const became = await ask(fields);
    box.ariaBusy = null;
    if (became === "now" || became === "already") {
      if (said.textContent) say("");
      return;
    }
    if (box.isConnected) box.checked = !done;
    say(SENTENCES[became]);
  }

  let clearing: ReturnType<typeof setTimeout>;
  function say(sentence: string) {
    said.textContent = sentence;
    clearTimeout(clearing);
    clearing = setTimeout(() => { said.textContent = ""; }, SAID_MS);
  }

  return {
    added: prepare,
    changed() {
      // The block around a box that was pressed is a new one: whoever goes by keys goes on.
      const isLost = document.activeElement === document.body;
      if (focused && isLost) boxAt(view, focused)?.focus({ preventScroll: true });
    },
  };
}

/** Where a box stands in the view. */
interface Place { block: number; at: string }

async function ask(fields: Record<string, string>): Promise<Ticked | "refused" | "none"> {
  try {
    const answer = await fetch("/api/fn/tick", {
      method: "POST", body: new URLSearchParams(fields), headers: { accept: "application/json" },
    });
    if (answer.ok) return await answer.json() as Ticked;
    return answer.status === 403 || answer.status === 404 ? "refused" : "none";
  } catch {
    return "none";
  }
}

function boxOf(target: EventTarget | null): HTMLInputElement | null {
  return target instanceof HTMLInputElement && target.matches(BOX) ? target : null;
}

function placeOf(view: HTMLElement, target: EventTarget | null): Place | null {
  const box = boxOf(target);
  const block = box ? [...view.children].findIndex((child) => child.contains(box)) : -1;
  return box && block >= 0 ? { block, at: box.dataset.at ?? "" } : null;
}

function boxAt(view: HTMLElement, { block, at }: Place) {
  return view.children[block]?.querySelector<HTMLInputElement>(`input.task-box[data-at="${at}"]`);
}

/** What a box is called: the words of its item, without those of the items within. */
function nameOf(box: HTMLInputElement): string {
  const item = box.closest("li") ?? box.parentElement!;
  const copy = item.cloneNode(true) as Element;
  for (const inner of copy.querySelectorAll("ul, ol, pre, table, [data-decoration]")) inner.remove();
  const words = copy.textContent!.trim().replace(/\s+/g, " ");
  return words.slice(0, LONGEST_NAME) || "Task";
}
