import { createContext, useContext, useMemo } from "react";
import { useLogName } from "@/addresses/useLogName";
import type { AnnalsClient, LogClient } from "./AnnalsClient";

const ClientContext = createContext<AnnalsClient | null>(null);

export const ClientProvider = ClientContext.Provider;

/** The client that the application was started with. */
export function useClient(): AnnalsClient {
  const client = useContext(ClientContext);
  if (client === null) throw new Error("no ClientProvider stands above this component");
  return client;
}

/** The client of the log that the address names, and that log's name, which belongs into every query key. */
export function useLog(): { name: string; log: LogClient } {
  const client = useClient();
  const name = useLogName();
  const log = useMemo(() => client.log(name), [client, name]);
  return { name, log };
}
