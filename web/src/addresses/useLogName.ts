import { useSearch } from "@tanstack/react-router";
import { MAIN_LOG } from "@/client/http/HttpClient";

/** The log that the address names; the main one where it names none. */
export function useLogName(): string {
  const { log } = useSearch({ strict: false });
  return log ?? MAIN_LOG;
}
