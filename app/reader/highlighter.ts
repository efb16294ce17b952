// The worker that finds out what is what in code. It is fetched only by a page
// with code of a named language, and gets nothing but that code.

import hljs from "highlight.js/lib/common";
import clojure from "highlight.js/lib/languages/clojure";
import cmake from "highlight.js/lib/languages/cmake";
import dart from "highlight.js/lib/languages/dart";
import dockerfile from "highlight.js/lib/languages/dockerfile";
import elixir from "highlight.js/lib/languages/elixir";
import elm from "highlight.js/lib/languages/elm";
import erlang from "highlight.js/lib/languages/erlang";
import fsharp from "highlight.js/lib/languages/fsharp";
import groovy from "highlight.js/lib/languages/groovy";
import haskell from "highlight.js/lib/languages/haskell";
import http from "highlight.js/lib/languages/http";
import julia from "highlight.js/lib/languages/julia";
import latex from "highlight.js/lib/languages/latex";
import nginx from "highlight.js/lib/languages/nginx";
import nix from "highlight.js/lib/languages/nix";
import ocaml from "highlight.js/lib/languages/ocaml";
import powershell from "highlight.js/lib/languages/powershell";
import properties from "highlight.js/lib/languages/properties";
import protobuf from "highlight.js/lib/languages/protobuf";
import scala from "highlight.js/lib/languages/scala";
import verilog from "highlight.js/lib/languages/verilog";
import vim from "highlight.js/lib/languages/vim";
import { GROUPS } from "./groups";

const MORE = { clojure, cmake, dart, dockerfile, elixir, elm, erlang, fsharp, groovy, haskell, http, julia, latex, nginx, nix, ocaml, powershell, properties, protobuf, scala, verilog, vim };
for (const [name, language] of Object.entries(MORE)) hljs.registerLanguage(name, language);

/** Which group a scope of highlight.js belongs to, by its first word. */
const GROUP_OF: Record<string, (typeof GROUPS)[number]> = {
  keyword: "keyword", literal: "keyword", "selector-tag": "keyword", doctag: "keyword", section: "title",
  string: "string", regexp: "string", "char": "string", link: "string", code: "string",
  number: "number", symbol: "number", bullet: "number",
  comment: "comment", quote: "comment",
  title: "title", class: "title", function: "title",
  type: "type", built_in: "type", "template-tag": "type", "selector-class": "type", "selector-id": "type",
  name: "name", tag: "name", variable: "name", "template-variable": "name",
  attr: "attr", attribute: "attr", property: "attr", "selector-attr": "attr", "selector-pseudo": "attr",
  meta: "meta", addition: "added", deletion: "deleted",
};

/** A node of what highlight.js found: text, or a scope around more. */
type Found = string | { scope?: string; children: Found[] };

onmessage = ({ data: { id, text, language } }: MessageEvent<{ id: number; text: string; language: string }>) => {
  postMessage({ id, text, tokens: tokensOf(text, language) });
};

function tokensOf(text: string, language: string): Uint32Array {
  if (!hljs.getLanguage(language)) return new Uint32Array();
  // Its tree, not its HTML: positions are all that is wanted.
  const { _emitter } = hljs.highlight(text, { language, ignoreIllegals: true }) as unknown as { _emitter: { rootNode: Found } };
  const tokens: number[] = [];
  let at = 0;
  const walk = (found: Found, around: number) => {
    if (typeof found === "string") {
      const from = at;
      at += found.length;
      if (around >= 0 && found.trim()) tokens.push(from, at, around);
      return;
    }
    const scope = found.scope?.split(".")[0] ?? "";
    const name = GROUP_OF[scope];
    // What is inside a string or a tag and is nothing of its own is as what is
    // around it; code within a string is code again.
    const group = scope === "subst" ? -1 : name ? GROUPS.indexOf(name) : around;
    for (const child of found.children) walk(child, group);
  };
  walk(_emitter.rootNode, -1);
  return Uint32Array.from(tokens);
}
