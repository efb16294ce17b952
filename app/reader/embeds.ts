// What others host is not asked for until somebody wants it: the server makes a
// link, this makes a button of it that says whom it asks, and a frame when pressed.

import type { Decorator } from "./decorations";
import { decoration } from "./element";

/** A player of another site: its own origin, but nothing of ours, and no way out of its frame. */
const SANDBOX = "allow-scripts allow-same-origin allow-presentation";

export function embeds(view: HTMLElement): Decorator {
  view.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>(".embed-load") : null;
    const embed = button?.closest<HTMLElement>("[data-embed]");
    const address = embed && addressOf(embed);
    if (!button || !address) return;
    const frame = decoration("iframe", {
      class: "embed-frame", src: address.href, sandbox: SANDBOX, title: `From ${address.hostname}`,
      allow: "fullscreen; encrypted-media; picture-in-picture",
      // Some players want to know which site they are on; none is told which note.
      referrerpolicy: "strict-origin", loading: "lazy",
    });
    button.replaceWith(frame);
    frame.focus();
  });
  return {
    added(block) {
      for (const embed of block.matches("[data-embed]") ? [block] : block.querySelectorAll("[data-embed]")) {
        const address = addressOf(embed as HTMLElement);
        if (!address || embed.querySelector(".embed-load, .embed-frame")) continue;
        embed.append(decoration("button", { type: "button", class: "button embed-load" }, `Load from ${address.hostname}`));
      }
    },
  };
}

function addressOf(embed: HTMLElement): URL | null {
  const address = URL.parse(embed.dataset.embed ?? "");
  return address?.protocol === "https:" ? address : null;
}
