import { useQuery } from "@tanstack/react-query";
import { Navigate, useRouterState } from "@tanstack/react-router";
import { createContext, type ReactNode, useContext } from "react";
import { useClient } from "@/client/ClientContext";
import { asProblem } from "@/client/problem";
import type { Caller } from "@/client/types";
import { LoadingNotice, ProblemNotice } from "@/parts/Notice";

const CallerContext = createContext<Caller | null>(null);

/** Finds out who asks; sends those who must sign in to do so, and back to where they wanted to go. */
export function CallerProvider({ children }: { children: ReactNode }) {
  const client = useClient();
  const { href, hash } = useRouterState({ select: (state) => state.location });
  const caller = useQuery({ queryKey: ["caller"], queryFn: () => client.caller(), retry: false });
  if (caller.data !== undefined) {
    return <CallerContext.Provider value={caller.data}>{children}</CallerContext.Provider>;
  }
  if (caller.error === null) return <LoadingNotice what="Asking who you are" />;
  if (asProblem(caller.error).status === 401)
    return <Navigate to="/sign-in" search={{ returnTo: href.split("#")[0] ?? "/" }} hash={hash} replace />;
  return <ProblemNotice error={caller.error} retry={() => void caller.refetch()} />;
}

/** Who is signed in. */
export function useCaller(): Caller {
  const caller = useContext(CallerContext);
  if (caller === null) throw new Error("no CallerProvider stands above this component");
  return caller;
}
