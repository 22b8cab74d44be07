import { filterEntries } from "@/addresses/filter";
import { MAIN_LOG } from "@/client/http/HttpClient";
import type { EventFilter } from "@/client/types";

/** A text as one word of a shell. */
const quote = (text: string): string => (/^[\w./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);

/** The command that asks the same of a store, as typed into a shell. */
export function commandLine(log: string, command: string, args: readonly string[]): string {
  const words = ["annals", command, ...(log === MAIN_LOG ? [] : ["--log", log]), ...args];
  return words.map(quote).join(" ");
}

/** The request that asks the same of the server. */
export const curlLine = (address: string): string => `curl -H "Authorization: Bearer $ANNALS_TOKEN" ${quote(address)}`;

/** A filter as options: `aggregateType` is `--aggregate-type`. */
export function filterOptions(filter: EventFilter): string[] {
  const option = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  return filterEntries(filter).flatMap(({ name, value }) => [option(name), value]);
}
