/** An error that the server answered, as `application/problem+json` has it (RFC 9457), or that kept it from answering. */
export class Problem extends Error {
  constructor(
    /** Stable; the name of a page of the documentation. */
    readonly code: string,
    readonly title: string,
    readonly detail: string | undefined,
    /** Of HTTP; 0 where nothing was answered. */
    readonly status: number,
  ) {
    super(detail ?? title);
    this.name = "Problem";
  }

  /** Nothing was answered. */
  static unreachable(): Problem {
    return new Problem(
      "server-unreachable",
      "The server does not answer",
      "It may be restarting, or the network is down. Nothing was changed; this page asks again by itself.",
      0,
    );
  }
}

/** What the server says of work that failed after its answer. */
export function problemFrom(said: Pick<Problem, "code" | "title" | "detail" | "status"> | null): Problem {
  if (said === null) return new Problem("unexpected", "It failed", undefined, 0);
  return new Problem(said.code, said.title, said.detail, said.status);
}

/** Any error as a problem, so that one component can show them all. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const detail = error instanceof Error ? error.message : String(error);
  return new Problem("unexpected", "Something went wrong in this page", detail, 0);
}
