import type { EventFilter } from "@/client/types";
import { many, one } from "./search";

/** Reads the filters out of an address; what is no filter is left alone. */
export function filterFromSearch(search: Record<string, unknown>): EventFilter {
  const filter: EventFilter = {
    type: many(search.type),
    aggregate: many(search.aggregate),
    aggregateType: one(search.aggregateType),
    aggregateId: one(search.aggregateId),
    actor: one(search.actor),
    tag: many(search.tag),
    correlation: one(search.correlation),
    from: one(search.from),
    to: one(search.to),
    recordedFrom: one(search.recordedFrom),
    recordedTo: one(search.recordedTo),
    where: many(search.where),
  };
  // Members that are undefined would make two equal filters look different to whoever compares them.
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** The names of all filters, in the order in which they are shown. */
export const FILTER_NAMES = [
  "type",
  "aggregate",
  "aggregateType",
  "aggregateId",
  "actor",
  "tag",
  "correlation",
  "where",
  "from",
  "to",
  "recordedFrom",
  "recordedTo",
] as const satisfies readonly (keyof EventFilter)[];

export type FilterName = (typeof FILTER_NAMES)[number];

/** What each filter is called where people read it. */
export const FILTER_LABELS: Readonly<Record<FilterName, string>> = {
  type: "type",
  aggregate: "aggregate",
  aggregateType: "aggregate type",
  aggregateId: "aggregate id",
  actor: "actor",
  tag: "tag",
  correlation: "correlation",
  where: "payload",
  from: "since",
  to: "until",
  recordedFrom: "recorded since",
  recordedTo: "recorded until",
};

/** Filters that may be given several times. */
const LISTS: ReadonlySet<FilterName> = new Set<FilterName>(["type", "aggregate", "tag", "where"]);

/** A filter with one value more; where there can be only one, in place of the one before. */
export function withFilter(filter: EventFilter, name: FilterName, value: string): EventFilter {
  if (!LISTS.has(name)) return { ...filter, [name]: value };
  const values = many(filter[name]) ?? [];
  return values.includes(value) ? filter : { ...filter, [name]: [...values, value] };
}

/** A filter without one of its values. */
export function withoutFilter(filter: EventFilter, name: FilterName, value: string): EventFilter {
  const rest = (many(filter[name]) ?? []).filter((known) => known !== value);
  const { [name]: _, ...others } = filter;
  return rest.length === 0 ? others : { ...others, [name]: rest };
}

/** Every value of every filter, for people. */
export function filterEntries(filter: EventFilter): { name: FilterName; value: string }[] {
  return FILTER_NAMES.flatMap((name) => (many(filter[name]) ?? []).map((value) => ({ name, value })));
}

/** A filter in one line, as the search box takes it: `type:OrderRefunded actor:maria`. */
export function filterText(filter: EventFilter): string {
  const quoted = (value: string) => (/[\s"]/.test(value) ? `"${value.replaceAll('"', '\\"')}"` : value);
  return filterEntries(filter)
    .map(({ name, value }) => `${name}:${quoted(value)}`)
    .join(" ");
}
