import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLog } from "@/client/ClientContext";
import type { DeadLetter } from "@/client/types";
import { Button } from "@/parts/Button";
import { Age } from "@/time/Moment";
import styles from "./DeadLettersPage.module.css";

/** One input with the reason why it is no event; while it is open, it can be mended, tried again or put away. */
export function Letter({ letter }: { letter: DeadLetter }) {
  const { name, log } = useLog();
  const queries = useQueryClient();
  const arrived = letter.record ?? "";
  const [text, setText] = useState(arrived);
  const [isSure, setSure] = useState(false);
  const settle = useMutation({
    mutationFn: (act: () => Promise<void>) => act(),
    onSettled: () => queries.invalidateQueries({ queryKey: [name, "dead-letters"] }),
  });
  const isMended = text !== arrived;
  const retry = async () => {
    const wanted = isMended ? await log.mendDeadLetter(letter.id, text) : letter;
    await log.retryDeadLetter(wanted.id);
  };
  return (
    <li className={styles.letter}>
      <header className={styles.head}>
        <h2>{letter.reason}</h2>
        <span className={styles.facts}>
          <Age at={letter.receivedAt} />
        </span>
      </header>
      <p className={styles.from}>
        <code>
          {letter.source} {letter.place}
        </code>
        <a href={`/docs/errors/${encodeURIComponent(letter.code)}`} target="_blank" rel="noreferrer">
          {letter.code}
        </a>
      </p>
      {letter.recordBase64 !== undefined && (
        <p>What arrived is no text. These are its bytes in base64; write below what it should have been.</p>
      )}
      {letter.recordBase64 !== undefined && <pre className={styles.bytes}>{letter.recordBase64}</pre>}
      <textarea
        value={text}
        readOnly={letter.state !== "open"}
        onChange={(event) => setText(event.target.value)}
        rows={Math.min(12, text.split("\n").length + 1)}
        aria-label={`Dead letter ${letter.id}`}
        spellCheck={false}
      />
      {letter.state === "open" && (
        <footer className={styles.acts}>
          <Button look="primary" isDisabled={settle.isPending} onPress={() => settle.mutate(retry)}>
            {isMended ? "Mend and retry" : "Retry"}
          </Button>
          {isSure ? (
            <Button look="danger" onPress={() => settle.mutate(() => log.discardDeadLetter(letter.id))}>
              Put it away
            </Button>
          ) : (
            <Button onPress={() => setSure(true)}>Discard</Button>
          )}
          {settle.error !== null && (
            <span role="alert" className={styles.refused}>
              {settle.error.message}
            </span>
          )}
        </footer>
      )}
    </li>
  );
}
