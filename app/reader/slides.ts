// The page of slides: one slide at a time, by key, button and swipe, live as the
// note is written, and in step with who presents. No wasm: what it shows is the
// server's HTML, and what it says is one signal.

import { Deck } from "./deck";
import { whenIdle } from "./idle";
import { Line, type Event, type State } from "./line";
import { View } from "./patches";
import { Steps, presentedIn, type Step } from "./step";

/** The signal that says which slide is presented (SPEC.md, O5 and G5). */
const SIGNAL = "slides";
/** How far a finger goes for a swipe. */
const SWIPE_PX = 48;

const place = document.getElementById("view");
if (place) {
  start(place);
  whenIdle(() => void import(new URL("decorations.js", import.meta.url).href).catch(console.error));
}

function start(place: HTMLElement) {
  const part = <T extends HTMLElement>(id: string) => document.getElementById(id) as T | null;
  const said = part("deck-said");
  const progress = part("deck-progress");
  const [back, next] = [part<HTMLButtonElement>("deck-back"), part<HTMLButtonElement>("deck-next")];
  const [present, inStep] = [part("present"), part("in-step")];
  const view = new View(place);
  const deck = new Deck(place);
  const steps = new Steps(Math.floor(Math.random() * 2 ** 52));
  let trouble = "";

  const write = (at: HTMLElement | null, words: string) => {
    if (at && at.textContent !== words) at.textContent = words;
  };

  const show = () => {
    write(progress, `${deck.at + 1} / ${deck.count}`);
    if (back) back.disabled = deck.at === 0;
    if (next) next.disabled = deck.at === deck.count - 1;
    present?.setAttribute("aria-pressed", `${steps.presenting}`);
    if (present) present.textContent = steps.presenting ? "Stop presenting" : "Present";
    if (inStep) inStep.hidden = steps.presenting || steps.inStep;
    const { presented } = steps;
    write(said, trouble || (presented === null ? "" : steps.presenting
      ? "You present: the others see this slide."
      : steps.inStep ? "In step with who presents." : `Slide ${presented + 1} is presented.`));
  };

  const go = ({ show: at, tell }: Step) => {
    if (at !== undefined && at !== deck.at) {
      deck.show(at);
      scrollTo(0, 0);
      history.replaceState(null, "", `#${deck.at + 1}`);
    }
    if (tell !== undefined) line.send(JSON.stringify({ type: "set", name: SIGNAL, value: tell, while_here: true }));
    show();
  };

  const turn = (at: number) => {
    const nearest = Math.max(0, Math.min(deck.count - 1, at));
    if (nearest !== deck.at) go(steps.turn(nearest));
  };

  const hear = (event: Event) => {
    switch (event.type) {
      case "view":
        if (!view.apply(event.revision, event.from, event.patches)) return line.startAgain();
        deck.changed();
        return go(steps.moved(deck.at));
      case "signal":
        if (event.name !== SIGNAL) return;
        return go(steps.heard(presentedIn(event.value)));
      case "refused":
        if (event.what !== "signal") return;
        steps.refused();
        trouble = event.message;
        return show();
      case "hello":
      case "access":
        if (present) present.hidden = event.access !== "edit" && event.access !== "own";
    }
  };

  const line = new Line(place.dataset.key ?? "", {
    event: hear,
    state(state: State, code: number) {
      trouble = state === "offline" ? "Offline: the slides are as they were."
        : state !== "closed" ? "" : code === 4403 || code === 4404
          ? "These slides are not here any more." : "Disconnected.";
      if (state === "live") go(steps.opened(deck.at));
      else show();
    },
    revision: () => view.revision,
  }, new AbortController().signal);

  deck.show(Number(location.hash.slice(1)) - 1 || 0);
  show();

  back?.addEventListener("click", () => turn(deck.at - 1));
  next?.addEventListener("click", () => turn(deck.at + 1));
  inStep?.addEventListener("click", () => go(steps.join()));
  present?.addEventListener("click", () => go(steps.present(!steps.presenting, deck.at)));
  addEventListener("hashchange", () => {
    const wanted = Number(location.hash.slice(1));
    if (Number.isInteger(wanted) && wanted > 0) turn(wanted - 1);
  });
  listenToKeys(deck, turn, () => part<HTMLAnchorElement>("deck-close")?.click());
  listenToSwipes(place, (by) => turn(deck.at + by));
}

function listenToKeys(deck: Deck, turn: (at: number) => void, close: () => void) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const within = (event.target as Element | null)?.closest?.("a, button, summary, input, select, textarea, iframe, video, audio");
    const presses = event.key === " " || event.key === "Enter";
    if (within && (presses || within.matches("input, select, textarea, iframe, video, audio"))) return;
    const by = { ArrowRight: 1, PageDown: 1, ArrowDown: 1, " ": event.shiftKey ? -1 : 1, Enter: 1, ArrowLeft: -1, PageUp: -1, ArrowUp: -1 }[event.key];
    if (by !== undefined) {
      // A slide taller than the window is read to its end first.
      const across = event.key === "ArrowRight" || event.key === "ArrowLeft";
      if (!across && !isAtEnd(by)) return;
      event.preventDefault();
      turn(deck.at + by);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      turn(event.key === "Home" ? 0 : deck.count - 1);
    } else if (event.key === "Escape" && !document.querySelector(":popover-open")) {
      close();
    }
  });
}

function isAtEnd(by: number): boolean {
  const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
  return by < 0 ? scrollTop <= 1 : scrollTop + clientHeight >= scrollHeight - 1;
}

function listenToSwipes(place: HTMLElement, turn: (by: number) => void) {
  let from: { x: number; y: number; id: number } | null = null;
  place.addEventListener("pointerdown", (event) => {
    from = event.pointerType === "touch" && event.isPrimary && !scrollsAcross(event.target as Element, place)
      ? { x: event.clientX, y: event.clientY, id: event.pointerId } : null;
  });
  addEventListener("pointerup", (event) => {
    if (from?.id !== event.pointerId) return;
    const [x, y] = [event.clientX - from.x, event.clientY - from.y];
    from = null;
    if (Math.abs(x) >= SWIPE_PX && Math.abs(x) > 2 * Math.abs(y)) turn(x < 0 ? 1 : -1);
  });
  addEventListener("pointercancel", () => { from = null; });
}

/** Whether something between an element and the place scrolls sideways itself. */
function scrollsAcross(element: Element | null, place: Element): boolean {
  for (let at = element; at && at !== place; at = at.parentElement) {
    if (at.scrollWidth > at.clientWidth + 1 && getComputedStyle(at).overflowX !== "visible") return true;
  }
  return false;
}
