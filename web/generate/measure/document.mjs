// The figures in the document, between two marks.
import { readFileSync, writeFileSync } from "node:fs";

const DOCUMENT = new URL("../../../docs/performance.md", import.meta.url);
const BEGIN = "<!-- figures: npm run measure -- --write -->";
const END = "<!-- end of figures -->";

/** Puts a text between the marks. */
export function write(text) {
  const document = readFileSync(DOCUMENT, "utf8");
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new Error(`docs/performance.md lacks the lines ${BEGIN} and ${END}`);
  writeFileSync(DOCUMENT, `${document.slice(0, begin + BEGIN.length)}\n\n${text.trim()}\n\n${document.slice(end)}`);
}
