import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { AggregateName } from "@/client/AnnalsClient";
import { useLog } from "@/client/ClientContext";

/** Who set what at a version. The versions beside it are asked for too, since they are where the slider goes next. */
export function useBlame(aggregate: AggregateName, version: number, last: number) {
  const { name, log } = useLog();
  const queries = useQueryClient();
  const { aggregateType, aggregateId } = aggregate;
  const options = (at: number) => ({
    queryKey: [name, "blame", aggregateType, aggregateId, at],
    queryFn: () => log.blame({ aggregateType, aggregateId }, at),
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    for (const at of [version - 1, version + 1]) {
      if (at < 0 || at > last) continue;
      void queries.prefetchQuery({
        queryKey: [name, "blame", aggregateType, aggregateId, at],
        queryFn: () => log.blame({ aggregateType, aggregateId }, at),
        staleTime: Number.POSITIVE_INFINITY,
      });
    }
  }, [queries, log, name, aggregateType, aggregateId, version, last]);
  return useQuery({ ...options(version), placeholderData: keepPreviousData });
}
