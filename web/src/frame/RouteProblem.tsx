import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { ProblemNotice } from "@/parts/Notice";

/** Stands where a page failed. */
export function RouteProblem({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <ProblemNotice error={error} retry={retry} />;
}
