// The script of a page that is read: it keeps the view live over one socket, and
// fetches the app when somebody does more than read. It asks for no wasm, keeps no
// document and renders nothing: the HTML is the server's.
//
// On a page where the app runs from the start, all it does is to count what is unread
// until somebody looks at it, and to have the view decorated, by a script of its own
// (`decorations.ts`).

import { listenForBadges } from "./badges";
import { Chip } from "./chip";
import { startWhereKept } from "./kept";
import { Line, type Event } from "./line";
import { Leader } from "./leader";
import { listenForNews } from "./news";
import { View } from "./patches";
import { People } from "./people";
import { showTitle } from "./title";
import { wakeWhenPressed } from "./wake";
import { whenIdle } from "./idle";

function start() {
  const place = document.getElementById("view");
  if (!place) return;
  keepBadges();
  if (document.documentElement.dataset.reader !== undefined) read(place);
  // Once the page stands: what they add moves nothing.
  whenIdle(() => void import(new URL("decorations.js", import.meta.url).href).catch(console.error));
}

/** Counts what is unread until the panels that show it are here (`app/src/panels.rs`). */
function keepBadges() {
  if (document.documentElement.dataset.panels !== undefined) return;
  const until = new AbortController();
  document.addEventListener("tandem-panels", () => until.abort(), { once: true });
  listenForBadges(until.signal);
}

/** Reads along until the app takes over. */
function read(place: HTMLElement) {
  const until = new AbortController();
  const view = new View(place);
  const [chipPlace, peoplePlace] = [document.getElementById("reader-chip"), document.getElementById("reader-people")];
  const chip = chipPlace && new Chip(chipPlace);
  const people = peoplePlace && new People(peoplePlace);
  const leader = new Leader(document.getElementById("reader-leader"));
  for (const segment of document.querySelectorAll(".mode-switch .segment")) {
    segment.ariaPressed = `${segment.matches(".segment-view")}`;
  }
  const access = (access: string) => {
    chip?.access(access);
    place.toggleAttribute("data-may-tick", access === "edit" || access === "own");
  };
  const line = new Line(place.dataset.key ?? location.pathname, {
    revision: () => view.revision,
    state: (state, code, reason, slow) => chip?.link(state, code, reason, slow),
    event(event: Event) {
      switch (event.type) {
        case "hello":
          if (people) people.me = event.you?.id;
          access(event.access);
          if (event.title !== undefined) showTitle(event.title);
          return;
        case "view":
          if (!view.apply(event.revision, event.from, event.patches)) line.startAgain();
          return;
        case "presence":
          people?.show(event.people);
          return leader.people(event.people);
        case "signal":
          if (event.name === "lead") leader.lead(event.value);
          return;
        case "title": return showTitle(event.title);
        case "access": return access(event.access);
      }
    },
  }, until.signal);
  listenForNews(until.signal);
  wakeWhenPressed(until, () => line.wake());
  startWhereKept(place.dataset.key ?? location.pathname).catch(console.error);
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", start, { once: true });
else start();
