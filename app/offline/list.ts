// The page for when there is no line: it says what cannot be reached, and lists the
// notes that are on this device.

import { notesOnDevice, type OnDevice } from "./on_device";

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];

async function show() {
  const { pathname } = location;
  const about = pathname === "/" ? "home" : pathname.startsWith("/note/") ? "note" : "page";
  for (const part of document.querySelectorAll<HTMLElement>("[data-about]")) part.hidden = part.dataset.about !== about;
  const notes = await notesOnDevice();
  const list = document.getElementById("on-device");
  list?.append(...notes.map(row));
  for (const part of document.querySelectorAll<HTMLElement>("[data-notes]")) part.hidden = (part.dataset.notes === "some") !== notes.length > 0;
}

/** Titles are text: nothing in them is read as HTML. */
function row({ key, title, seen }: OnDevice): HTMLLIElement {
  const item = document.createElement("li");
  const link = document.createElement("a");
  link.className = "note-row";
  link.href = key;
  const [name, time] = [document.createElement("span"), document.createElement("time")];
  name.className = "note-title";
  name.textContent = title;
  time.className = "note-time";
  time.dateTime = new Date(seen).toISOString();
  time.title = new Date(seen).toLocaleString();
  time.textContent = ago(seen);
  link.append(name, time);
  item.append(link);
  return item;
}

/** As lists say it everywhere (`app/src/clock.rs`). */
function ago(then: number): string {
  const past = Math.max(0, Date.now() - then);
  const so = (length: number, word: string) => {
    const many = Math.floor(past / length);
    return `${many} ${word}${many === 1 ? "" : "s"} ago`;
  };
  if (past < MINUTE) return "just now";
  if (past < HOUR) return so(MINUTE, "minute");
  return past < DAY ? so(HOUR, "hour") : so(DAY, "day");
}

// Nothing is written here, so nothing is lost by looking again.
addEventListener("online", () => location.reload());
addEventListener("keydown", ({ key, altKey, ctrlKey, metaKey }) => {
  if (key === "n" && !altKey && !ctrlKey && !metaKey) document.querySelector<HTMLElement>("[data-key=n]")?.click();
});
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-do=again]")) location.reload();
});
if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => void show(), { once: true });
else void show();
