/**
 * The part of an address behind the `?`, as pages see it: text, or several texts. It is written as the API's own query
 * strings are (`type=A&type=B`), so that people can read it, edit it, and carry it over to `curl`.
 */
export type Search = Readonly<Record<string, string | readonly string[] | undefined>>;

export function parseSearch(query: string): Search {
  const search: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const known = search[name];
    search[name] = known === undefined ? value : [known, value].flat();
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
  }
  // Colons, slashes and commas may stand in a query (RFC 3986 section 3.4), and are easier to read than %3A.
  const query = parameters.toString().replaceAll("%3A", ":").replaceAll("%2F", "/").replaceAll("%2C", ",");
  return query === "" ? "" : `?${query}`;
}

/** The only value of a parameter; the first, if somebody wrote it several times. */
export function one(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first !== "" ? first : undefined;
}

/** All values of a parameter; undefined where there are none. */
export function many(value: unknown): readonly string[] | undefined {
  const all = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "string" && item !== "");
  return all.length > 0 ? (all as string[]) : undefined;
}

/** A number that may stand in an address: a version or a position. */
export function wholeNumber(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : one(value);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
