// CodeMirror for the page's Rust: create it, report what was typed and selected,
// apply what others did, draw their carets. No product logic is in here; the
// page's wasm finds it as the global `tandemEditor`. Offsets are UTF-16 units.
import { history, historyKeymap, defaultKeymap, indentLess, indentMore } from "@codemirror/commands";
import { deleteMarkupBackward, insertNewlineContinueMarkup, markdownLanguage } from "@codemirror/lang-markdown";
import { syntaxHighlighting, HighlightStyle } from "@codemirror/language";
import { Annotation, ChangeSet, ChangeSpec, Compartment, EditorSelection, EditorState, Prec, StateEffect, StateField, Transaction } from "@codemirror/state";
import { Decoration, DecorationSet, EditorView, WidgetType, drawSelection, dropCursor, keymap, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { openLinks } from "./completion";

// What `wiki.js` builds on, which is bundled by itself.
export { syntaxTree, indentUnit } from "@codemirror/language";
export {
  Annotation, CharCategory, EditorSelection, Facet, MapMode, Prec, RangeSet, RangeValue, StateEffect, StateField, Text,
  Transaction, codePointAt, codePointSize, combineConfig, fromCodePoint,
} from "@codemirror/state";
export { Decoration, Direction, EditorView, ViewPlugin, WidgetType, getTooltip, keymap, logException, showTooltip } from "@codemirror/view";

/** A replaced place; the wasm reads the three fields. */
interface Change { from: number; to: number; insert: string }

/** Somebody else's caret; `moved` just now shows the name, `idle` greys it. */
interface Caret { id: number; name: string; colour: number; anchor: number; head: number; moved: boolean; idle: boolean }

/** Marks what came from the room, so that it is not reported back. */
const remote = Annotation.define<boolean>();

const setCarets = StateEffect.define<Caret[]>();

/** How long a name flag stays after its person last moved, in milliseconds. */
const FLAG_MS = 2000;

class CaretWidget extends WidgetType {
  constructor(readonly caret: Caret) { super(); }
  eq(other: CaretWidget) {
    const [mine, theirs] = [this.caret, other.caret];
    return !mine.moved && mine.id === theirs.id && mine.name === theirs.name && mine.colour === theirs.colour && mine.idle === theirs.idle;
  }
  toDOM() {
    const caret = document.createElement("span");
    caret.className = `remote-caret person-${this.caret.colour}`;
    caret.classList.toggle("is-idle", this.caret.idle);
    caret.setAttribute("aria-hidden", "true");
    const flag = document.createElement("span");
    flag.className = "remote-flag";
    flag.textContent = this.caret.name;
    // A no-width space on both sides keeps the line's height where the line is empty.
    caret.append("\u2060", flag, "\u2060");
    if (this.caret.moved) {
      caret.classList.add("is-active");
      setTimeout(() => caret.classList.remove("is-active"), FLAG_MS);
    }
    return caret;
  }
  ignoreEvent() { return true; }
}

function drawn(carets: Caret[], length: number): DecorationSet {
  const within = (offset: number) => Math.max(0, Math.min(offset, length));
  return Decoration.set(carets.flatMap((caret) => {
    const [anchor, head] = [within(caret.anchor), within(caret.head)];
    const widget = Decoration.widget({ widget: new CaretWidget(caret), side: head < anchor ? -1 : 1 }).range(head);
    if (anchor === head) return [widget];
    const mark = Decoration.mark({ class: `remote-selection person-${caret.colour}` });
    return [mark.range(Math.min(anchor, head), Math.max(anchor, head)), widget];
  }), true);
}

const carets = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    const effect = transaction.effects.find((each) => each.is(setCarets));
    return effect ? drawn(effect.value as Caret[], transaction.newDoc.length) : shown.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const highlighting = HighlightStyle.define([
  { tag: tags.heading1, class: "md-h1" }, { tag: tags.heading2, class: "md-h2" }, { tag: tags.heading3, class: "md-h3" },
  { tag: tags.heading, class: "md-h" },
  { tag: tags.strong, class: "md-strong" }, { tag: tags.emphasis, class: "md-em" }, { tag: tags.strikethrough, class: "md-strike" },
  { tag: tags.link, class: "md-link" }, { tag: tags.url, class: "md-url" },
  { tag: tags.monospace, class: "md-code" }, { tag: tags.quote, class: "md-quote" },
  { tag: [tags.processingInstruction, tags.contentSeparator, tags.labelName], class: "md-marker" },
]);

/** Puts `before` and `after` around each selection, or takes them away again. */
function wrap(before: string, after: string, caretAt = before.length) {
  return (view: EditorView) => {
    if (view.state.readOnly) return false;
    view.dispatch(view.state.changeByRange((range) => {
      const { doc } = view.state;
      const [start, end] = [range.from - before.length, range.to + after.length];
      if (start >= 0 && doc.sliceString(start, range.from) === before && doc.sliceString(range.to, end) === after) {
        return { changes: [{ from: start, to: range.from }, { from: range.to, to: end }], range: EditorSelection.range(start, range.to - before.length) };
      }
      const changes = [{ from: range.from, insert: before }, { from: range.to, insert: after }];
      return { changes, range: range.empty || caretAt !== before.length
        ? EditorSelection.cursor(range.from + (range.empty ? before.length : caretAt + range.to - range.from))
        : EditorSelection.range(range.from + before.length, range.to + before.length) };
    }), { userEvent: "input", scrollIntoView: true });
    return true;
  };
}

const shortcuts = keymap.of([
  { key: "Mod-b", run: wrap("**", "**") },
  { key: "Mod-i", run: wrap("*", "*") },
  { key: "Mod-e", run: wrap("`", "`") },
  { key: "Mod-Shift-x", run: wrap("~~", "~~") },
  // With nothing selected it is the page's: the command palette.
  { key: "Mod-k", run: (view) => !view.state.selection.main.empty && wrap("[", "]()", 3)(view) },
  { key: "Enter", run: insertNewlineContinueMarkup },
  { key: "Backspace", run: deleteMarkupBackward },
  // Tab indents in a line and leaves the editor after Escape, as CodeMirror's guide for keyboard users asks.
  { key: "Tab", run: indentMore, shift: indentLess },
]);

// The page opens its sheet of shortcuts with it.
const ours = defaultKeymap.filter(({ key }) => key !== "Mod-/");

function reported(changes: ChangeSet): Change[] {
  const list: Change[] = [];
  changes.iterChanges((from, to, _fromAfter, _toAfter, insert) => list.push({ from, to, insert: insert.sliceString(0, insert.length, "\n") }));
  return list;
}

// A text that is locked keeps the focus: what is typed on would be the page's shortcuts.
const locked = (readOnly: boolean) => [
  EditorState.readOnly.of(readOnly), EditorView.editable.of(!readOnly),
  EditorView.contentAttributes.of({ tabindex: "0" }),
];

function create(
  parent: HTMLElement, text: string, readOnly: boolean,
  onEdit: (changes: Change[]) => boolean,
  onSelection: (anchor: number, head: number, line: number, column: number) => void,
  onScroll: () => void,
) {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
  const access = new Compartment();
  const listener = EditorView.updateListener.of((update) => {
    if (!update.docChanged && !update.selectionSet) return;
    const { state } = update;
    const { anchor, head } = state.selection.main;
    const line = state.doc.lineAt(head);
    onSelection(anchor, head, line.number, head - line.from + 1);
  });
  const isRefused = (transaction: Transaction) => transaction.docChanged && !transaction.annotation(remote)
    && (transaction.startState.readOnly || !onEdit(reported(transaction.changes)));
  const view = new EditorView({
    parent,
    // What the shared text does not take is not done here either. Undone afterwards it would
    // stay in the history, and taking it back would bring half of it.
    dispatchTransactions(transactions, view) {
      const refused = transactions.findIndex(isRefused);
      view.update(refused < 0 ? transactions : transactions.slice(0, refused));
    },
    state: EditorState.create({
      doc: text,
      extensions: [
        EditorState.lineSeparator.of("\n"),
        EditorView.cspNonce.of(nonce),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": "Note source", spellcheck: "true", autocapitalize: "sentences" }),
        EditorView.perLineTextDirection.of(true),
        EditorView.clipboardInputFilter.of(withoutCarriageReturns),
        EditorState.transactionFilter.of(normalised),
        access.of(locked(readOnly)),
        history(), drawSelection(), dropCursor(), placeholder("Type here. Everyone with the link sees it as you write."),
        markdownLanguage, syntaxHighlighting(highlighting), carets, openLinks,
        Prec.high(shortcuts), keymap.of([...historyKeymap, ...ours]),
        listener,
      ],
    }),
  });
  view.scrollDOM.addEventListener("scroll", () => onScroll(), { passive: true });
  const fromTheRoom = (changes: ChangeSpec) =>
    view.dispatch({ changes, annotations: [remote.of(true), Transaction.addToHistory.of(false)] });
  return {
    applyRemote(from: Uint32Array, to: Uint32Array, inserts: string[]) {
      fromTheRoom(inserts.map((insert, i) => ({ from: from[i], to: to[i], insert })));
    },
    showText(wanted: string) {
      const shown = view.state.doc.toString();
      let start = 0, end = 0;
      const most = Math.min(shown.length, wanted.length);
      while (start < most && shown[start] === wanted[start]) start++;
      while (end < most - start && shown[shown.length - 1 - end] === wanted[wanted.length - 1 - end]) end++;
      fromTheRoom({ from: start, to: shown.length - end, insert: wanted.slice(start, wanted.length - end) });
    },
    setCarets(list: string) { view.dispatch({ effects: setCarets.of(JSON.parse(list)) }); },
    setReadOnly(readOnly: boolean) { view.dispatch({ effects: access.reconfigure(locked(readOnly)) }); },
    focus() { view.focus(); },
    goToLine(line: number) {
      const { from } = view.state.doc.line(Math.max(1, Math.min(view.state.doc.lines, line)));
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    },
    topLine() {
      const top = view.scrollDOM.scrollTop - view.documentPadding.top;
      const block = view.lineBlockAtHeight(top);
      const past = (top - block.top) / Math.max(1, block.height);
      return view.state.doc.lineAt(block.from).number - 1 + Math.max(0, Math.min(1, past));
    },
    scrollToLine(line: number) {
      const number = Math.max(1, Math.min(view.state.doc.lines, Math.floor(line) + 1));
      const block = view.lineBlockAt(view.state.doc.line(number).from);
      view.scrollDOM.scrollTop = block.top + view.documentPadding.top * (line > 0 ? 1 : 0) + (line - Math.floor(line)) * block.height;
    },
  };
}

const withoutCarriageReturns = (text: string) => text.replace(/\r\n?/g, "\n");

/** The last entrance for carriage returns: whatever inserts text goes through here. */
function normalised(transaction: Transaction) {
  if (!transaction.docChanged || transaction.annotation(remote)) return transaction;
  const changes = reported(transaction.changes);
  if (!changes.some((change) => change.insert.includes("\r"))) return transaction;
  return [{
    changes: changes.map((change) => ({ ...change, insert: withoutCarriageReturns(change.insert) })),
    userEvent: "input", scrollIntoView: true,
  }];
}

/** What renders views in this page, where there is no server: fetched when it is wanted.
    The script that wasm-bindgen wrote lies beside this one. */
async function ownView() {
  const script = await import(new URL("./view.js", import.meta.url).href);
  await script.default();
  return new script.OwnView();
}

Object.assign(globalThis, { tandemEditor: { create, ownView } });
