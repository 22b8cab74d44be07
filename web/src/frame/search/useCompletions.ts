import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue } from "react";
import type { LogClient } from "@/client/AnnalsClient";
import { useLog } from "@/client/ClientContext";
import { formatNumber } from "@/parts/numbers";
import { type Completion, completeName, completeValue, type Wanted, wanted } from "./completion";

/** How many are offered at most. */
const OFFERED = 8;

const NONE: readonly Completion[] = [];

/** What a text can be completed with, while the box is open. */
export function useCompletions(typed: string, isOpen: boolean): readonly Completion[] {
  const { name, log } = useLog();
  const text = useDeferredValue(typed);
  const found = useQuery({
    queryKey: [name, "completions", text],
    queryFn: async () => {
      const want = wanted(text);
      return want === undefined ? NONE : (await completions(text, want, log)).slice(0, OFFERED);
    },
    enabled: isOpen,
    placeholderData: keepPreviousData,
  });
  return isOpen && found.data !== undefined ? found.data : NONE;
}

async function completions(text: string, want: Wanted, log: LogClient): Promise<readonly Completion[]> {
  if (want.kind === "values") {
    const values = await log.values(want.field, want.prefix);
    return values.map(({ value, count }) => completeValue(text, want.name, value, formatNumber(count)));
  }
  const names = want.kind === "names" ? want.names.map((name) => completeName(text, name)) : [];
  if (want.search === "" && want.kind === "names") return names;
  const query = want.kind === "aggregates" ? { type: want.type, search: want.search } : { search: want.search };
  const { items } = await log.aggregates(query, { limit: OFFERED });
  const aggregates = items.map(({ aggregateType, aggregateId, version }) => {
    const full = `${aggregateType}/${aggregateId}`;
    return { text: full, label: full, note: `version ${formatNumber(version)}` };
  });
  return [...names, ...aggregates];
}
