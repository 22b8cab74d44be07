import type { EventFilter } from "../types";

/** What may stand in a query string; a list becomes the parameter several times. */
export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Appends parameters to an address, leaving out those that are undefined. */
export function withParameters(address: string, parameters: Parameters): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one));
  }
  const query = search.toString();
  return query === "" ? address : `${address}?${query}`;
}

/** A filter's parameters. Their names are those of the filter, here and in the address bar. */
export function filterParameters(filter: EventFilter): Parameters {
  return { ...filter };
}
