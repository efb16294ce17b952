// Completion of wiki links: after `[[`, the titles of notes that the writer finds,
// asked of the server with their own right. What cannot be asked is not offered, and
// typing goes on as if nothing had been asked. A file of its own, over the CodeMirror
// that `glue.ts` exports; `completion.ts` fetches it.
import { autocompletion, acceptCompletion, type Completion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { syntaxTree } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { Prec } from "@codemirror/state";
import { keymap, type EditorView } from "@codemirror/view";
import { OPEN } from "./open";

export { startCompletion } from "@codemirror/autocomplete";

/** How long a pause in the typing is worth a question, in milliseconds. */
const PAUSE_MS = 120;
/** Titles that a link could not name. */
const NO_TITLE = /[[\]|\n]/;
const MOST_TITLES = 12;

interface Note { title: string }

async function titles(context: CompletionContext): Promise<CompletionResult | null> {
  const open = context.matchBefore(OPEN);
  if (!open || /Code/.test(syntaxTree(context.state).resolveInner(context.pos, -1).name)) return null;
  const typed = open.text.slice(2);
  const leaving = new AbortController();
  context.addEventListener("abort", () => leaving.abort());
  let notes: Note[];
  try {
    const answer = await fetch(`/api/notes?q=${encodeURIComponent(typed)}`, { signal: leaving.signal });
    if (!answer.ok) return null;
    ({ notes } = await answer.json());
  } catch {
    return null;
  }
  // Notes are found by what they say as well; here it is their titles that count.
  const words = typed.toLowerCase().split(/\s+/).filter((word) => word);
  const named = [...new Set(notes.map(({ title }) => title))].filter((title) => {
    const lower = title.toLowerCase();
    return title && !NO_TITLE.test(title) && words.every((word) => lower.includes(word));
  });
  if (!named.length) return null;
  return { from: open.from + 2, filter: false, options: named.slice(0, MOST_TITLES).map((label): Completion => ({ label, apply })) };
}

/** Puts the title and what closes the link, which may stand there already. */
function apply(view: EditorView, { label }: Completion, from: number, to: number) {
  const closed = view.state.doc.sliceString(to, to + 2) === "]]";
  view.dispatch({
    changes: { from, to, insert: closed ? label : `${label}]]` },
    selection: { anchor: from + label.length + 2 },
    userEvent: "input.complete", scrollIntoView: true,
  });
}

/** The extension; before the editor's own keys. */
export const wikiLinks: Extension = [
  autocompletion({ override: [titles], activateOnTypingDelay: PAUSE_MS, icons: false }),
  Prec.highest(keymap.of([{ key: "Tab", run: acceptCompletion }])),
];
