import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLog } from "@/client/ClientContext";
import type { EventFilter } from "@/client/types";

/** How many events pass a filter. */
export function useCount(filter: EventFilter) {
  const { name, log } = useLog();
  return useQuery({
    queryKey: [name, "count", filter],
    queryFn: () => log.counts(filter),
    placeholderData: keepPreviousData,
  });
}
