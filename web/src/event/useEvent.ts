import { useQuery } from "@tanstack/react-query";
import { useLog } from "@/client/ClientContext";

/** One event, by its id or position; not asked for where neither is given. */
export function useEvent(idOrPosition: string | undefined) {
  const { name, log } = useLog();
  return useQuery({
    queryKey: [name, "event", idOrPosition],
    queryFn: () => log.event(idOrPosition ?? ""),
    enabled: idOrPosition !== undefined,
    // What is recorded stays as it is.
    staleTime: Number.POSITIVE_INFINITY,
  });
}
