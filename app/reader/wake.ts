// The first press of what only the app can do: the app is fetched, takes over, and
// then does what was pressed. Until then the control says that it is busy; if the
// app does not come, that is said, and the page goes on being read.

/** What the line of script in the head leaves behind (`app/src/document_shell/scripts.rs`). */
interface Tandem {
  /** Fetches and starts the app, once. */
  start(): Promise<void>;
  /** Called when the app is here and about to take over. */
  handover?(): void;
}
declare global { var tandem: Tandem | undefined }

/** Anchors of chat messages begin like the chat's panel says. */
const CHAT = "chat";
const FAILED = "That could not be loaded. Check the connection and try again, or reload the page.";

export function wakeWhenPressed(until: AbortController, retry: () => void) {
  const { tandem } = globalThis;
  const { signal } = until;
  let handedOver = false;
  let wanted: (() => void) | null = null;
  if (tandem) tandem.handover = () => {
    handedOver = true;
    until.abort();
    delete document.documentElement.dataset.reader;
    say("");
  };

  const wake = async (control: Element | null, then: () => void) => {
    if (!tandem) return;
    wanted = then;
    control?.setAttribute("aria-busy", "true");
    say("Loading…");
    try {
      await tandem.start();
      // What the islands set up in their effects comes after this turn.
      await new Promise((done) => setTimeout(done));
      const last = wanted;
      wanted = null;
      control?.removeAttribute("aria-busy");
      last?.();
    } catch (error) {
      console.error(error);
      // Half an app is worse than none: the page as it was served still reads.
      if (handedOver) return location.reload();
      control?.removeAttribute("aria-busy");
      say(FAILED);
    }
  };

  addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    const does = doneHere(button, retry);
    // A page that has no app has nothing to wait for.
    if (does === "native" || !(does || tandem)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (does) does();
    else void wake(button, button.dataset.do === "follow" ? follow : () => button.click());
  }, { signal, capture: true });

  addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.quiet === undefined || !tandem) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    void wake(submitter ?? form, () => form.requestSubmit(submitter));
  }, { signal, capture: true });

  // The title is sent when it is left, and the app is what sends it.
  document.getElementById("title")?.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement) void wake(null, () => target.form?.requestSubmit());
  }, { signal });

  addEventListener("keydown", (event) => {
    const does = meant(event);
    if (!does || !tandem) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (does !== "wake") return does();
    const { key, code, ctrlKey, metaKey, altKey, shiftKey, target } = event;
    const again = new KeyboardEvent("keydown", { key, code, ctrlKey, metaKey, altKey, shiftKey, bubbles: true, cancelable: true });
    void wake(null, () => (target ?? window).dispatchEvent(again));
  }, { signal, capture: true });

  const goToChat = () => {
    const panel = document.getElementById(CHAT);
    const anchor = panel?.dataset.anchor;
    const named = location.hash.slice(1);
    if (panel && (named === CHAT || (anchor && named.startsWith(anchor) && /^\d+$/.test(named.slice(anchor.length))))) void wake(null, () => {});
  };
  addEventListener("hashchange", goToChat, { signal });
  goToChat();
}

/** What a button does without the app: by itself, or by a few lines here; nothing
    for what has to wait for it. */
function doneHere(button: HTMLButtonElement, retry: () => void): "native" | (() => void) | undefined {
  if (button.dataset.do === "follow") return undefined;
  if (button.closest("#view, #news, .reader-only, .contents, .contents-button")) {
    return button.dataset.do === "retry" ? retry : "native";
  }
  switch (button.dataset.do) {
    case undefined: break;
    case "print": return () => print();
    case "copy": return () => void copyLink(button);
    case "shortcuts": return showShortcuts;
    default: return undefined;
  }
  if (button.matches(".segment-view")) return () => {};
  if (button.popoverTargetElement) return button.popoverTargetElement.id === "bell" ? undefined : "native";
  // Its form is what is sent, or its dialog opens by itself.
  return button.type === "submit" || button.hasAttribute("command") ? "native" : undefined;
}

function meant({ key, code, ctrlKey, metaKey, altKey, target, defaultPrevented }: KeyboardEvent): "wake" | (() => void) | undefined {
  if (defaultPrevented) return undefined;
  const inText = target instanceof Element && target.closest("input, textarea, select, dialog");
  // By the key's place, for with Alt a Mac types a "ç"; in a text that is what is meant.
  if (altKey) return (ctrlKey ? /Key[EB]/.test(code) : code === "KeyC" && (!inText || /^c$/i.test(key))) ? "wake" : undefined;
  if (ctrlKey || metaKey) {
    if (key === "/") return showShortcuts;
    return /^k$/i.test(key) ? "wake" : undefined;
  }
  if (inText) return undefined;
  switch (key) {
    case "?": return showShortcuts;
    case "/": return "wake";
    case "n": return () => location.assign("/new");
    case "d": return () => location.assign("/");
    default: return undefined;
  }
}

function showShortcuts() {
  const sheet = document.querySelector<HTMLDialogElement>("dialog#shortcuts");
  if (sheet && !sheet.open) sheet.showModal();
}

async function copyLink(button: HTMLButtonElement) {
  const copied = await navigator.clipboard.writeText(button.dataset.text ?? "").then(() => true, () => false);
  button.textContent = copied ? "Link copied" : "Select and copy it by hand";
}

/** How long the app has to hear that somebody leads, and how often that is looked at. */
const LEAD_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** Follows who leads, once the app knows of it. */
function follow() {
  const until = Date.now() + LEAD_WITHIN_MS;
  const looking = setInterval(() => {
    const button = document.querySelector<HTMLElement>("leptos-island .leader-item:not([hidden]) .button");
    if (button || Date.now() > until) clearInterval(looking);
    button?.click();
  }, LOOK_EVERY_MS);
}

/** How long it stands that something could not be loaded. */
const SAID_MS = 10_000;
let saying: ReturnType<typeof setTimeout> | undefined;

function say(words: string) {
  clearTimeout(saying);
  const place = document.querySelector<HTMLElement>(".page-said");
  if (place) place.textContent = words;
  if (words === FAILED) saying = setTimeout(() => say(""), SAID_MS);
}
