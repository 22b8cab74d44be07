import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { AggregateName } from "@/client/AnnalsClient";
import { useLog } from "@/client/ClientContext";
import { AGGREGATE_PATH } from "./path";

/** A moment that is named by a time rather than by a version. */
export interface TimeMoment {
  readonly at: string;
  /** What had happened by then, or what was known then. */
  readonly kind: "happened" | "recorded";
}

/**
 * The state at the time that the address names, if it names one. It is the server's answer: where events came late it is
 * the state of no version, since it leaves out what stands between them.
 */
export function useStateAtTime(aggregate: AggregateName) {
  const search = useSearch({ from: AGGREGATE_PATH });
  const { name, log } = useLog();
  const moment: TimeMoment | undefined =
    search.at === undefined ? undefined : { at: search.at, kind: search.by === "recorded" ? "recorded" : "happened" };
  const state = useQuery({
    queryKey: [name, "state", aggregate.aggregateType, aggregate.aggregateId, moment],
    queryFn: () => log.state(aggregate, { at: moment?.at ?? "now", recorded: moment?.kind === "recorded" }),
    enabled: moment !== undefined,
    placeholderData: keepPreviousData,
  });
  return { moment, state: moment === undefined ? undefined : state.data, error: state.error };
}
