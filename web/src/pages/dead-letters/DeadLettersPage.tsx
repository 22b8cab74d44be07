import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLog } from "@/client/ClientContext";
import type { DeadLetter } from "@/client/types";
import { Button } from "@/parts/Button";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { formatCount } from "@/parts/numbers";
import { Age } from "@/time/Moment";
import styles from "./DeadLettersPage.module.css";

/** Records that could not be stored: why, and what to do with each. Every act is recorded. */
export function DeadLettersPage() {
  const { name, log } = useLog();
  const letters = useQuery({ queryKey: [name, "dead-letters"], queryFn: () => log.deadLetters({}) });
  return (
    <div className={styles.page}>
      <h1>Dead letters</h1>
      {letters.error !== null && <ProblemNotice error={letters.error} retry={() => void letters.refetch()} />}
      {letters.isPending && <LoadingNotice what="Loading dead letters" />}
      {letters.data?.items.length === 0 && (
        <EmptyNotice title="None">Everything that came in could be stored.</EmptyNotice>
      )}
      <ul className={styles.letters}>
        {letters.data?.items.map((letter) => (
          <Letter key={letter.id} letter={letter} />
        ))}
      </ul>
    </div>
  );
}

function Letter({ letter }: { letter: DeadLetter }) {
  const { name, log } = useLog();
  const queries = useQueryClient();
  const [text, setText] = useState(letter.text);
  const [isSure, setSure] = useState(false);
  const settle = useMutation({
    mutationFn: (act: () => Promise<void>) => act(),
    onSuccess: () => queries.invalidateQueries({ queryKey: [name, "dead-letters"] }),
  });
  const isEdited = text !== letter.text;
  const retry = async () => {
    if (isEdited) await log.editDeadLetter(letter.id, text);
    await log.retryDeadLetter(letter.id);
  };
  return (
    <li className={styles.letter}>
      <header className={styles.head}>
        <h2>{letter.reason}</h2>
        <code>{letter.source}</code>
        <span className={styles.facts}>
          <Age at={letter.failedAt} /> · {formatCount(letter.attempts, "attempt")}
        </span>
      </header>
      <p className={styles.detail}>{letter.detail}</p>
      <textarea
        value={text}
        onChange={(event) => setText(event.target.value)}
        rows={Math.min(12, text.split("\n").length + 2)}
        aria-label={`The record ${letter.id}`}
        spellCheck={false}
      />
      <footer className={styles.acts}>
        <Button look="primary" isDisabled={settle.isPending} onPress={() => settle.mutate(retry)}>
          {isEdited ? "Save and retry" : "Retry"}
        </Button>
        {isSure ? (
          <Button look="danger" onPress={() => settle.mutate(() => log.discardDeadLetter(letter.id))}>
            Discard for good
          </Button>
        ) : (
          <Button onPress={() => setSure(true)}>Discard</Button>
        )}
        {settle.error !== null && <span role="alert">{settle.error.message}</span>}
      </footer>
    </li>
  );
}
