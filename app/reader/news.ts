// What is said to everybody, as `app/src/news.rs` has it, and how much the bell
// has unread: until the app is here, its panels stay closed and its badge lives.

import { Line, type Event } from "./line";
import { showUnread } from "./title";

/** Where this browser keeps which announcement was closed last. */
const CLOSED = "tandem.announcement";
const MOST_SHOWN = 99;

export function listenForNews(until: AbortSignal) {
  const place = document.getElementById("news");
  if (place) announcements(place, until);
  const bell = document.getElementById("bell");
  if (bell?.dataset.person) badge(bell.dataset.person, until);
}

function announcements(place: HTMLElement, until: AbortSignal) {
  let shown: { id: string; text: string } | null = null;
  const say = (item: string, words: string) => {
    const found = place.querySelector<HTMLElement>(`${item} .news-item`);
    const text = found?.querySelector("p");
    if (!found || !text) return;
    found.hidden = !words;
    if (text.textContent !== words) text.textContent = words;
  };
  new Line("/global", {
    event(event: Event) {
      if (event.type === "hello") say(".update", event.server === place.dataset.version ? "" : "Update ready");
      if (event.type === "announcement") {
        shown = event.announcement;
        say(".announcement", shown && read(CLOSED) !== `${shown.id}` ? shown.text : "");
      }
    },
  }, until);
  place.addEventListener("click", ({ target }) => {
    if (!(target instanceof Element)) return;
    if (target.closest(".update button")) return location.reload();
    if (!target.closest("button") || !shown) return;
    write(CLOSED, `${shown.id}`);
    say(".announcement", "");
  }, { signal: until });
}

function badge(person: string, until: AbortSignal) {
  const button = document.getElementById("bell-button");
  const shown = button?.querySelector<HTMLElement>(".badge");
  const spoken = document.querySelector(".bell-spoken");
  let revision = -1;
  new Line(`/user/${person}`, {
    event(event: Event) {
      if (event.type === "hello") revision = -1;
      if (!button || !shown || typeof event.unread !== "number" || event.revision <= revision) return;
      revision = event.revision;
      const count = event.unread > MOST_SHOWN ? `${MOST_SHOWN}+` : `${event.unread}`;
      const some = event.unread > 0;
      shown.textContent = count;
      shown.hidden = !some;
      button.ariaLabel = some ? `Notifications, ${count} unread` : "Notifications";
      if (spoken) spoken.textContent = some ? button.ariaLabel : "";
      showUnread(some ? count : "");
    },
  }, until);
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing shows it again next time.
  }
}
