import { Navigate, useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { pageOf, pagesFor } from "@/addresses/pages";
import { EmptyNotice } from "@/parts/Notice";
import { useCaller } from "@/session/CallerContext";

/** Leads those who may not see a page to one that they may see, rather than to an answer that refuses it. */
export function Admitted({ children }: { children: ReactNode }) {
  const { roles } = useCaller();
  // What is drawn below, which for a moment is still the page that somebody leaves.
  const path = useRouterState({ select: ({ matches, location }) => matches.at(-1)?.pathname ?? location.pathname });
  const wanted = pageOf(path);
  const allowed = pagesFor(roles);
  if (wanted === undefined || allowed.includes(wanted)) return children;
  const [first] = allowed;
  if (first !== undefined) return <Navigate to={first.path} replace />;
  return (
    <EmptyNotice title="There is nothing here for your role">
      <p>
        You are signed in as {roles.join(", ")}, and may append events through the API. Whoever runs this server can
        give you a role that reads.
      </p>
    </EmptyNotice>
  );
}
