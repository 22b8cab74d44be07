import { FILTER_LABELS, FILTER_NAMES, type FilterName } from "@/addresses/filter";
import type { ValueField } from "@/client/types";

/** Something that the search box offers to write. */
export interface Completion {
  /** The whole text of the box when it is taken. */
  readonly text: string;
  /** What is shown. */
  readonly label: string;
  readonly note?: string;
  /** Whether more has to follow before there is anything to look for. */
  readonly isBegun?: boolean;
}

/** What the word that is being typed can be completed with. */
export type Wanted =
  | { readonly kind: "names"; readonly names: readonly FilterName[]; readonly search: string }
  | { readonly kind: "values"; readonly name: FilterName; readonly field: ValueField; readonly prefix: string }
  | { readonly kind: "aggregates"; readonly type: string; readonly search: string };

/** The filters whose values the server lists. */
const FIELDS: Partial<Record<FilterName, ValueField>> = {
  type: "types",
  aggregateType: "aggregate-types",
  actor: "actors",
  tag: "tags",
};

/** The text before the last word, and that word. */
export function splitLast(text: string): { before: string; word: string } {
  const at = text.lastIndexOf(" ") + 1;
  return { before: text.slice(0, at), word: text.slice(at) };
}

/** What to offer for a text; undefined where nothing can be. */
export function wanted(text: string): Wanted | undefined {
  const { before, word } = splitLast(text);
  const [, name, prefix] = /^([A-Za-z]+):(.*)$/.exec(word) ?? [];
  const known = FILTER_NAMES.find((candidate) => candidate.toLowerCase() === name?.toLowerCase());
  const field = known && FIELDS[known];
  if (known !== undefined && field !== undefined) return { kind: "values", name: known, field, prefix: prefix ?? "" };
  if (name !== undefined) return undefined;
  const [, type, search] = /^([^/]+)\/(.*)$/.exec(word) ?? [];
  if (type !== undefined && search !== undefined)
    return before.trim() === "" ? { kind: "aggregates", type, search } : undefined;
  const names = FILTER_NAMES.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  return { kind: "names", names, search: before.trim() === "" && word.length > 1 ? word : "" };
}

/** Offers to begin a filter. */
export const completeName = (text: string, name: FilterName): Completion => ({
  text: `${splitLast(text).before}${name}:`,
  label: `${name}:`,
  note: FILTER_LABELS[name],
  isBegun: true,
});

/** Offers a filter with a value, in quotes where it holds spaces. */
export function completeValue(text: string, name: FilterName, value: string, note: string): Completion {
  const quoted = /[\s"]/.test(value) ? `"${value.replaceAll('"', '\\"')}"` : value;
  return { text: `${splitLast(text).before}${name}:${quoted}`, label: `${name}:${value}`, note };
}
