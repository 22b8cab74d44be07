import { useQuery } from "@tanstack/react-query";
import { useLog } from "@/client/ClientContext";
import { watchLog } from "./watch";

/** How often the checkpoint is looked at while a page is open. */
const EVERY_MS = 10_000;

/** Watches the log that the address names; every component that asks shares one watch. */
export function useLogProof() {
  const { name, log } = useLog();
  return useQuery({
    queryKey: [name, "proof"],
    queryFn: () => watchLog(name, log),
    refetchInterval: EVERY_MS,
    staleTime: EVERY_MS,
  });
}
