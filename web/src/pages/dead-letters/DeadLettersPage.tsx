import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useLog } from "@/client/ClientContext";
import type { DeadLetterState } from "@/client/types";
import { Button } from "@/parts/Button";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { Segments } from "@/parts/Segments";
import styles from "./DeadLettersPage.module.css";
import { Letter } from "./Letter";

const STATES = [
  { value: "open", label: "Open" },
  { value: "retried", label: "Stored after all" },
  { value: "discarded", label: "Put away" },
] as const satisfies readonly { value: DeadLetterState; label: string }[];

/** Inputs that could not become events: why, and what to do with each. Every act is recorded. */
export function DeadLettersPage() {
  const { name, log } = useLog();
  const search = useSearch({ from: "/dead-letters" });
  const navigate = useNavigate({ from: "/dead-letters" });
  const state = STATES.find(({ value }) => value === search.state)?.value ?? "open";
  const letters = useInfiniteQuery({
    queryKey: [name, "dead-letters", state],
    queryFn: ({ pageParam }) => log.deadLetters(state, pageParam === undefined ? {} : { cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const known = letters.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles.page}>
      <header className={styles.title}>
        <h1>Dead letters</h1>
        <Segments
          label="What became of them"
          options={STATES}
          value={state}
          onChange={(next) => void navigate({ search: (before) => ({ ...before, state: next }), replace: true })}
        />
      </header>
      {letters.error !== null && <ProblemNotice error={letters.error} retry={() => void letters.refetch()} />}
      {letters.isPending && <LoadingNotice what="Loading dead letters" />}
      {letters.data !== undefined && known.length === 0 && (
        <EmptyNotice title="None">
          {state === "open" ? "Everything that came in could be stored, or was dealt with." : "Nothing so far."}
        </EmptyNotice>
      )}
      <ul className={styles.letters}>
        {known.map((letter) => (
          <Letter key={letter.id} letter={letter} />
        ))}
      </ul>
      {letters.hasNextPage && (
        <Button onPress={() => void letters.fetchNextPage()} isDisabled={letters.isFetchingNextPage}>
          More
        </Button>
      )}
    </div>
  );
}
