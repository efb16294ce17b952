// What is said to everybody, as `app/src/news.rs` has it.

import { Line, type Event } from "./line";

/** Where this browser keeps which announcement was closed last. */
const CLOSED = "tandem.announcement";

export function listenForNews(until: AbortSignal) {
  const place = document.getElementById("news");
  if (place) announcements(place, until);
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
