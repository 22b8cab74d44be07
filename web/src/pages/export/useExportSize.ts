import { useQuery } from "@tanstack/react-query";
import { useLog } from "@/client/ClientContext";
import type { EventFilter } from "@/client/types";

/** From so many events the size of all is estimated. */
const SAMPLE = 50;

/** About how many bytes an export has, judged by the newest events; undefined before that is known. */
export function useExportSize(filter: EventFilter, count: number | undefined): number | undefined {
  const { name, log } = useLog();
  const sample = useQuery({
    queryKey: [name, "sample", filter],
    queryFn: () => log.events(filter, { limit: SAMPLE }),
    enabled: count !== undefined && count > 0,
  });
  const events = sample.data?.items ?? [];
  if (count === undefined || events.length === 0) return undefined;
  return (new Blob(events.map((event) => JSON.stringify(event))).size / events.length) * count;
}
