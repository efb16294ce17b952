// Diagrams: where a block of Mermaid is seen, a frame draws it. The frame is a
// static page of ours in a sandbox without an origin: what it runs reaches neither
// this page nor anything of this site. It is asked by a message, and answers with
// its size; until then, and where it fails, the source stands there.

import { codesIn, languageOf } from "./code";
import type { Decorator } from "./decorations";
import { decoration } from "./element";

/** Somebody types in it: the frame comes when nothing changed for so long. */
const SETTLED_MS = 400;
const TALLEST_PX = 4_000;
/** Longer ones are read as source: drawing takes too long. */
const MOST_BYTES = 50_000;

/** The frame's page, put in by the build. */
declare const DIAGRAM_FRAME: string;

/** What the frame says. */
interface Answer { ready?: boolean; height?: number; error?: string }

export function diagrams(_view: HTMLElement): Decorator {
  const frames = new Map<Window, { pre: HTMLElement; frame: HTMLIFrameElement; source: string }>();
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      setTimeout(() => draw(target as HTMLElement), SETTLED_MS);
    }
  }, { rootMargin: "400px", scrollMargin: "400px" } as IntersectionObserverInit);

  const draw = (pre: HTMLElement) => {
    const source = pre.querySelector("code")?.textContent ?? "";
    if (!pre.isConnected || pre.querySelector(".diagram") || source.length > MOST_BYTES) return;
    const frame = decoration("iframe", {
      class: "diagram", sandbox: "allow-scripts", title: "Diagram", src: DIAGRAM_FRAME,
    }) as HTMLIFrameElement;
    pre.append(frame);
    if (frame.contentWindow) frames.set(frame.contentWindow, { pre, frame, source });
  };
  const isDark = () => {
    const { theme } = document.documentElement.dataset;
    return theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  };
  const ask = (of: Window) => of.postMessage({ source: frames.get(of)?.source, dark: isDark() }, "*");

  addEventListener("message", ({ source, data }: MessageEvent<Answer>) => {
    const known = frames.get(source as Window);
    if (!known || typeof data !== "object" || data === null) return;
    if (data.ready === true) return ask(source as Window);
    const { pre, frame } = known;
    if (typeof data.height === "number" && data.height > 0) {
      frame.style.height = `${Math.ceil(Math.min(data.height, TALLEST_PX))}px`;
      frame.dataset.drawn = "";
    } else if (typeof data.error === "string") {
      frames.delete(source as Window);
      frame.remove();
      pre.append(decoration("p", { class: "diagram-error" }, `This diagram cannot be drawn: ${data.error.slice(0, 300)}`));
    }
  });
  const again = () => frames.forEach((_, of) => ask(of));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });

  return {
    added(block) {
      for (const code of codesIn(block)) {
        if (languageOf(code) === "mermaid" && code.parentElement) near.observe(code.parentElement);
      }
    },
    removed() {
      for (const [of, { pre }] of frames) if (!pre.isConnected) frames.delete(of);
    },
  };
}
