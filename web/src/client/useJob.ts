import { useMutation, useQuery } from "@tanstack/react-query";
import type { Job } from "./types";

/** How often a running job is asked after. */
const EVERY_MS = 500;

/** Starts a job and follows it to its end. */
export function useJob<Request, Result>(
  key: readonly unknown[],
  start: (request: Request) => Promise<Job<Result>>,
  ask: (job: string) => Promise<Job<Result>>,
) {
  const begun = useMutation({ mutationFn: start });
  const id = begun.data?.id;
  const followed = useQuery({
    queryKey: [...key, id],
    queryFn: () => ask(id ?? ""),
    enabled: id !== undefined,
    refetchInterval: (query) =>
      query.state.data === undefined || query.state.data.state === "running" ? EVERY_MS : false,
  });
  return {
    job: followed.data ?? begun.data,
    error: begun.error ?? followed.error,
    isStarting: begun.isPending,
    start: begun.mutate,
  };
}
