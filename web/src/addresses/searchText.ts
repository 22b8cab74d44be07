import type { EventFilter } from "@/client/types";
import { FILTER_NAMES, type FilterName, withFilter } from "./filter";

/** Where the words of the search box lead. */
export type SearchTarget =
  | { readonly kind: "event"; readonly id: string }
  | { readonly kind: "aggregate"; readonly aggregateType: string; readonly aggregateId: string }
  | { readonly kind: "events"; readonly filter: EventFilter }
  | { readonly kind: "aggregates"; readonly search: string };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const POSITION = /^#?(\d{1,15})$/;
const AGGREGATE = /^([^\s/:]+)\/(\S+)$/;

/** A word with its filter's name before it, quotes around what holds spaces, or a bare word. */
const WORD = /([A-Za-z]+):"((?:[^"\\]|\\.)*)"|([A-Za-z]+):(\S+)|"((?:[^"\\]|\\.)*)"|(\S+)/g;

/**
 * Understands what somebody typed: an event's id or position, an aggregate `TYPE/ID`, filters as `type:OrderPlaced`, or
 * a part of an aggregate's id. `customer:42` is a tag, since no filter is called so.
 */
export function understand(text: string): SearchTarget | undefined {
  const typed = text.trim();
  if (typed === "") return undefined;
  const position = POSITION.exec(typed)?.[1];
  if (position !== undefined || UUID.test(typed)) return { kind: "event", id: position ?? typed.toLowerCase() };
  const [, aggregateType, aggregateId] = AGGREGATE.exec(typed) ?? [];
  if (aggregateType !== undefined && aggregateId !== undefined)
    return { kind: "aggregate", aggregateType, aggregateId };
  const { filter, bare } = filterOf(typed);
  if (Object.keys(filter).length > 0) return { kind: "events", filter };
  return { kind: "aggregates", search: bare.join(" ") };
}

function filterOf(typed: string): { filter: EventFilter; bare: readonly string[] } {
  let filter: EventFilter = {};
  const bare: string[] = [];
  for (const match of typed.matchAll(WORD)) {
    const name = match[1] ?? match[3];
    const value = unquoted(match[2] ?? match[4] ?? match[5] ?? match[6] ?? "");
    const known = FILTER_NAMES.find((candidate) => candidate.toLowerCase() === name?.toLowerCase());
    if (known !== undefined) filter = withFilter(filter, known satisfies FilterName, value);
    else if (name !== undefined) filter = withFilter(filter, "tag", `${name}:${value}`);
    else bare.push(value);
  }
  return { filter, bare };
}

function unquoted(quoted: string): string {
  return quoted.replaceAll(/\\(.)/g, "$1");
}
