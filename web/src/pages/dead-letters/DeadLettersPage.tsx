import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useLog } from "@/client/ClientContext";
import type { DeadLetterState } from "@/client/types";
import { Button } from "@/parts/Button";
import { LineToCopy } from "@/parts/LineToCopy";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { Segments } from "@/parts/Segments";
import styles from "./DeadLettersPage.module.css";
import { FormSelect, formOf } from "./FormSelect";
import { Letter } from "./Letter";
import { type Outcome, Outcomes } from "./Outcomes";

const STATES = [
  { value: "open", label: "Open" },
  { value: "retried", label: "Stored after all" },
  { value: "discarded", label: "Put away" },
] as const satisfies readonly { value: DeadLetterState; label: string }[];

/** Inputs that could not become events: why, and what to do with each. Every act is recorded. */
export function DeadLettersPage() {
  const { name, log } = useLog();
  const queries = useQueryClient();
  const search = useSearch({ from: "/dead-letters" });
  const navigate = useNavigate({ from: "/dead-letters" });
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const state = STATES.find(({ value }) => value === search.state)?.value ?? "open";
  const form = formOf(search.form);
  const letters = useInfiniteQuery({
    queryKey: [name, "dead-letters", state],
    queryFn: ({ pageParam }) => log.deadLetters(state, pageParam === undefined ? {} : { cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next,
  });
  const known = letters.data?.pages.flatMap((page) => page.items) ?? [];
  const settled = (outcome: Outcome) => {
    setOutcomes((before) => [...before, outcome]);
    return queries.invalidateQueries({ queryKey: [name, "dead-letters"] });
  };
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
        {state === "open" && known.length > 0 && (
          <FormSelect
            chosen={form}
            onChange={(next) => void navigate({ search: (before) => ({ ...before, form: next }), replace: true })}
          />
        )}
      </header>
      {outcomes.length > 0 && <Outcomes outcomes={outcomes} />}
      {letters.error !== null && <ProblemNotice error={letters.error} retry={() => void letters.refetch()} />}
      {letters.isPending && <LoadingNotice what="Loading dead letters" />}
      {letters.data !== undefined && known.length === 0 && <NoLetters state={state} />}
      <ul className={styles.letters}>
        {known.map((letter) => (
          <Letter key={letter.id} letter={letter} form={form} onSettled={settled} />
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

function NoLetters({ state }: { state: DeadLetterState }) {
  if (state !== "open") return <EmptyNotice title="None">Nothing so far.</EmptyNotice>;
  return (
    <EmptyNotice title="None">
      <p>Everything that came in could be stored, or was dealt with. An import leaves here what it could not store:</p>
      <LineToCopy line="annals import --dead-letters-in-log orders.jsonl" />
    </EmptyNotice>
  );
}
