import { useQuery } from "@tanstack/react-query";
import type { AggregateName } from "@/client/AnnalsClient";
import { useLog } from "@/client/ClientContext";
import type { StateAt, TimelineEntry } from "@/client/types";
import { foldTimeline, type States } from "@/history/fold";
import { EMPTY_OBJECT } from "@/json/node";

/** How many versions are looked at together. */
export const PART_LEN = 1_000;

/** An aggregate's past, or the part of it around a version. */
export interface AggregateHistory {
  readonly now: StateAt;
  readonly entries: readonly TimelineEntry[];
  readonly states: States;
}

/** Reads the part of an aggregate's past in which a version lies; the last one where none is given. */
export function useHistory(aggregate: AggregateName, version: number | undefined) {
  const { name, log } = useLog();
  const part = version === undefined ? undefined : partOf(version);
  const place = [name, "history", aggregate.aggregateType, aggregate.aggregateId];
  return useQuery({
    queryKey: [...place, part],
    // The first step of the slider puts a version into the address; that must not read everything again before it shows.
    placeholderData: (known, query) => (place.every((step, at) => query?.queryKey[at] === step) ? known : undefined),
    queryFn: async (): Promise<AggregateHistory> => {
      const now = await log.state(aggregate, { at: "now" });
      const from = (part ?? partOf(now.version)) * PART_LEN + 1;
      const to = Math.min(from + PART_LEN - 1, now.version);
      const [entries, before] = await Promise.all([
        log.timeline(aggregate, { from, to }),
        from === 1 ? EMPTY_OBJECT : log.state(aggregate, { version: from - 1 }).then(({ state }) => state),
      ]);
      return { now, entries, states: foldTimeline(before, entries) };
    },
  });
}

const partOf = (version: number): number => Math.floor(Math.max(0, version - 1) / PART_LEN);
