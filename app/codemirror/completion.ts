// What completes wiki links is fetched when somebody first types in one.
import { Compartment, type Extension } from "@codemirror/state";
import { EditorView, type ViewUpdate } from "@codemirror/view";
import { OPEN } from "./open";

/** No open link is longer. */
const LONGEST = 102;

const completion = new Compartment();
let asked = false;

async function fetchCompletion(view: EditorView) {
  // The file lies beside this one, and builds on what this one exports.
  const { wikiLinks, startCompletion } = await import(new URL("./wiki.js", import.meta.url).href);
  view.dispatch({ effects: completion.reconfigure(wikiLinks) });
  startCompletion(view);
}

const watching = EditorView.updateListener.of(({ view, state, transactions }: ViewUpdate) => {
  if (asked || !transactions.some((transaction) => transaction.isUserEvent("input.type"))) return;
  const { head } = state.selection.main;
  if (!OPEN.test(state.sliceDoc(Math.max(0, head - LONGEST), head))) return;
  asked = true;
  fetchCompletion(view).catch((error) => {
    // Without it one types on; the next key asks again.
    asked = false;
    console.error(error);
  });
});

/** The extension, which becomes that of `wiki.ts`. */
export const openLinks: Extension = completion.of(watching);
