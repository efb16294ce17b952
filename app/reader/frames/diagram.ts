// Draws one diagram, in a sandbox without an origin: whatever is in its source, it
// can reach nothing of the site. It hears the source from the page around it and
// answers with its height, or with what is wrong.

import mermaid from "mermaid";

interface Wanted { source: string; dark: boolean }

const drawing = document.getElementById("drawing");
const answer = (said: object) => parent.postMessage(said, "*");
let wanted: Wanted | null = null;
let busy = false;

addEventListener("message", ({ source, data }: MessageEvent<Wanted>) => {
  if (source !== parent || typeof data?.source !== "string") return;
  wanted = { source: data.source, dark: data.dark === true };
  void draw();
});

/** One at a time, the newest last. */
async function draw() {
  if (busy || !drawing) return;
  busy = true;
  while (wanted) {
    const { source, dark }: Wanted = wanted;
    wanted = null;
    // Or the browser would put a page of the other colour behind it.
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    mermaid.initialize({
      startOnLoad: false, securityLevel: "strict", suppressErrorRendering: true,
      theme: dark ? "dark" : "neutral", fontFamily: "system-ui, sans-serif",
    });
    try {
      const { svg } = await mermaid.render("diagram", source);
      drawing.innerHTML = svg;
      keepLegible(drawing.firstElementChild);
      tell();
    } catch (error) {
      answer({ error: error instanceof Error ? error.message : `${error}` });
    }
  }
  busy = false;
}

/** How far a wide drawing is made smaller before it scrolls instead. */
const SMALLEST_SHARE = 0.75;

function keepLegible(svg: Element | null) {
  if (!(svg instanceof SVGSVGElement)) return;
  const { width } = svg.viewBox.baseVal;
  svg.style.minWidth = `${Math.round(width * SMALLEST_SHARE)}px`;
}

function tell() {
  const height = drawing?.getBoundingClientRect().height ?? 0;
  if (height > 0) answer({ height });
}

if (drawing) new ResizeObserver(tell).observe(drawing);
answer({ ready: true });
