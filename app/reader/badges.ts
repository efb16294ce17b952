// How much is unread in the bell and in the note's chat: until their panels are here,
// their badges live.

import { Line, type Event } from "./line";
import { showUnread } from "./title";

const MOST_SHOWN = 99;

interface Message { number: number; person: { id: string }; deleted?: boolean }

export function listenForBadges(until: AbortSignal) {
  const person = document.getElementById("bell")?.dataset.person;
  const bell = document.getElementById("bell-button");
  if (person && bell) bellBadge(bell, person, until);
  const room = document.getElementById("chat")?.dataset.room;
  const chat = document.getElementById("chat-button");
  if (room && chat) chatBadge(chat, room, until);
}

/** As `app/src/bell/panel.rs` shows it. */
function bellBadge(button: HTMLElement, person: string, until: AbortSignal) {
  let revision = -1;
  new Line(`/user/${person}`, {
    event(event: Event) {
      // A new object begins to count anew.
      if (event.type === "hello") revision = -1;
      if (typeof event.unread !== "number" || event.revision <= revision) return;
      revision = event.revision;
      const count = show(button, event.unread);
      button.ariaLabel = count ? `Notifications, ${count} unread` : "Notifications";
      const spoken = document.querySelector(".bell-spoken");
      if (spoken) spoken.textContent = count ? button.ariaLabel : "";
      showUnread(count);
    },
  }, until);
}

/** As `realtime/src/client/chat.rs` counts it. */
function chatBadge(button: HTMLElement, room: string, until: AbortSignal) {
  let me = "", seen = 0;
  const others = new Map<number, boolean>();
  const take = ({ number, person, deleted }: Message) => others.set(number, person.id !== me && !deleted);
  new Line(room, {
    event(event: Event) {
      switch (event.type) {
        case "hello": me = event.you.id; return;
        case "seen": seen = Math.max(seen, event.number); break;
        case "message": take(event.message); break;
        case "messages":
          if (event.part === "newest") others.clear();
          event.messages.forEach(take);
          break;
        default: return;
      }
      const notHere = others.size ? Math.max(0, Math.min(...others.keys()) - 1 - seen) : 0;
      const here = [...others].filter(([number, counts]) => counts && number > seen).length;
      const count = show(button, notHere + here);
      button.ariaLabel = count ? `Chat, ${count} new` : "Chat";
    },
  }, until);
}

/** Writes a number on a button, and returns it in words; empty for none. */
function show(button: HTMLElement, unread: number): string {
  const count = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread > 0 ? `${unread}` : "";
  const badge = button.querySelector<HTMLElement>(".badge");
  if (badge) {
    badge.textContent = count;
    badge.hidden = !count;
  }
  return count;
}
