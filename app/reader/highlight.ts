// Colours in code. A worker finds what is what, off the thread that people type
// and scroll on; here it is painted by ranges (the CSS Custom Highlight API), so
// that no element is made and a selection in the code stays. A browser without
// them shows the code in one colour.

import { codesIn, languageOf } from "./code";
import type { Decorator } from "./decorations";
import { whenIdle } from "./idle";
import { GROUPS } from "./groups";

/** Longer ones stay in one colour. */
const MOST_CHARACTERS = 200_000;

/** Triples: start, end, and the number of the group. */
type Tokens = Uint32Array;

interface Painted { text: string; language: string; tokens: Tokens; ranges: [Highlight, AbstractRange][] }

export function highlighting(_view: HTMLElement): Decorator {
  if (!("highlights" in CSS)) return {};
  const registry = GROUPS.map((name) => {
    const highlight = new Highlight();
    CSS.highlights.set(`code-${name}`, highlight);
    return highlight;
  });
  const painted = new Map<Element, Painted>();
  /** What was painted where blocks were just taken out, for what comes in their place. */
  let gone: Painted[] = [];
  const waiting = new Map<number, Element>();
  let worker: Worker | undefined;
  let asked = 0;

  const paint = (code: Element, text: string, language: string, tokens: Tokens) => {
    wipe(code);
    const node = code.firstChild;
    if (!(node instanceof Text) || node.data !== text) return;
    const ranges: Painted["ranges"] = [];
    for (let at = 0; at + 2 < tokens.length; at += 3) {
      const [startOffset, endOffset, group] = tokens.subarray(at, at + 3);
      const highlight = registry[group];
      if (!highlight || endOffset > text.length || startOffset >= endOffset) continue;
      const range = new StaticRange({ startContainer: node, startOffset, endContainer: node, endOffset });
      highlight.add(range);
      ranges.push([highlight, range]);
    }
    painted.set(code, { text, language, tokens, ranges });
  };
  const wipe = (code: Element) => {
    for (const [highlight, range] of painted.get(code)?.ranges ?? []) highlight.delete(range);
    painted.delete(code);
  };

  const ask = (code: Element) => {
    if (!code.isConnected) return;
    worker ??= start();
    waiting.set(asked += 1, code);
    worker.postMessage({ id: asked, text: code.textContent ?? "", language: languageOf(code) });
  };
  const start = () => {
    const made = new Worker(new URL("highlighter.js", import.meta.url));
    made.onmessage = ({ data: { id, text, tokens } }: MessageEvent<{ id: number; text: string; tokens: Tokens }>) => {
      const code = waiting.get(id);
      waiting.delete(id);
      if (code?.isConnected) paint(code, text, languageOf(code), tokens);
    };
    return made;
  };
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      whenIdle(() => ask(target));
    }
  }, { rootMargin: "600px", scrollMargin: "600px" } as IntersectionObserverInit);

  return {
    added(block) {
      for (const code of codesIn(block)) {
        const [language, text] = [languageOf(code), code.textContent ?? ""];
        if (!language || text.length > MOST_CHARACTERS) continue;
        // Somebody types in it: what was found a moment ago holds but for where they type.
        const before = gone.find((each) => each.language === language);
        if (before) paint(code, text, language, moved(before, text));
        near.observe(code);
      }
    },
    removed(block) {
      for (const code of codesIn(block)) {
        near.unobserve(code);
        const before = painted.get(code);
        if (before) gone.push(before);
        wipe(code);
      }
    },
    changed() {
      gone = [];
    },
  };
}

/** The tokens of a text in one that differs from it in a single place. */
function moved({ text: before, tokens }: Painted, now: string): Tokens {
  const most = Math.min(before.length, now.length);
  let start = 0, end = 0;
  while (start < most && before[start] === now[start]) start += 1;
  while (end < most - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  const shift = now.length - before.length;
  const kept: number[] = [];
  for (let at = 0; at + 2 < tokens.length; at += 3) {
    const [from, to, group] = tokens.subarray(at, at + 3);
    if (to <= start) kept.push(from, to, group);
    else if (from >= before.length - end) kept.push(from + shift, to + shift, group);
  }
  return Uint32Array.from(kept);
}
