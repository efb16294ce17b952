// A row above each block of code: its language, and a button that copies it. The
// language is drawn by the style sheet, so that the block's text stays the code.

import type { Decorator } from "./decorations";
import { copy, decoration, icon } from "./element";

/** The blocks of code in a block, itself included. */
export function codesIn(block: Element): HTMLElement[] {
  return [...block.querySelectorAll<HTMLElement>(":scope > code, pre > code")].filter((code) => code.parentElement?.matches("pre"));
}

/** What a fence says of its language. */
export function languageOf(code: Element): string {
  const named = [...code.classList].find((name) => name.startsWith("language-"));
  return named?.slice("language-".length) ?? "";
}

export function codeTools(view: HTMLElement): Decorator {
  view.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>(".code-copy") : null;
    const code = button?.closest("pre")?.querySelector("code");
    if (button && code) void copy(code.textContent ?? "", button);
  });
  return {
    added(block) {
      for (const code of codesIn(block)) {
        if (code.parentElement?.querySelector(".code-tools")) continue;
        const language = languageOf(code);
        const label = language ? `Copy code (${language})` : "Copy code";
        const button = copyButton(label);
        code.before(decoration("span", { class: "code-tools", "data-language": language }, button));
      }
    },
  };
}

function copyButton(label: string): HTMLElement {
  const button = decoration("button", { type: "button", class: "icon-button code-copy", "aria-label": label, title: "Copy" });
  button.append(icon("copy"));
  return button;
}
