import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useLog } from "@/client/ClientContext";
import { asProblem } from "@/client/problem";
import type { DeadLetter, InputForm } from "@/client/types";
import { Button } from "@/parts/Button";
import { Age } from "@/time/Moment";
import styles from "./Letter.module.css";
import type { Outcome } from "./Outcomes";

interface LetterProps {
  readonly letter: DeadLetter;
  /** The form in which it is read when it is tried again. */
  readonly form: InputForm;
  onSettled(outcome: Outcome): void;
}

/** One input with the reason why it is no event; while it is open, it can be mended, tried again or put away. */
export function Letter({ letter, form, onSettled }: LetterProps) {
  const { log } = useLog();
  const arrived = letter.record ?? "";
  const [text, setText] = useState(arrived);
  const [isSure, setSure] = useState(false);
  const settle = useMutation({ mutationFn: (act: () => Promise<Outcome>) => act(), onSuccess: onSettled });
  const isOpen = letter.state === "open";
  const isMended = text !== arrived;
  const retry = async (): Promise<Outcome> => {
    const { events } = await log.retryDeadLetter(letter.id, isMended ? { form, text } : { form });
    return { letter: letter.id, became: events[0]?.position };
  };
  const discard = async (): Promise<Outcome> => {
    await log.discardDeadLetter(letter.id);
    return { letter: letter.id, became: undefined };
  };
  return (
    <li className={styles.letter}>
      <header className={styles.head}>
        <h2>{letter.reason}</h2>
        <span className={styles.age}>
          <Age at={letter.receivedAt} />
        </span>
      </header>
      <p className={styles.from}>
        <span>
          {/* Imports name a line; what came another way names its place in its own words. */}
          <code>{letter.source}</code> at <code>{letter.place}</code>
        </span>
        <a href={`/docs/errors/${encodeURIComponent(letter.code)}`} target="_blank" rel="noreferrer">
          {letter.code}
        </a>
        <span>dead letter {letter.id}</span>
      </p>
      {letter.recordBase64 !== undefined && (
        <>
          <p>What arrived is no text. These are its bytes in base64; write below what it should have been.</p>
          <pre className={styles.bytes}>{letter.recordBase64}</pre>
        </>
      )}
      <textarea
        value={text}
        readOnly={!isOpen}
        onChange={(event) => setText(event.target.value)}
        rows={rowsFor(text)}
        aria-label={`Dead letter ${letter.id}`}
        spellCheck={false}
      />
      {isOpen && (
        <footer className={styles.acts}>
          <Button look="primary" isDisabled={settle.isPending} onPress={() => settle.mutate(retry)}>
            {isMended ? "Mend and retry" : "Retry"}
          </Button>
          {isMended && (
            <Button look="plain" onPress={() => setText(arrived)}>
              As it arrived
            </Button>
          )}
          <Discarding isSure={isSure} onSure={setSure} onDiscard={() => settle.mutate(discard)} />
        </footer>
      )}
      {settle.error !== null && <StillNone error={settle.error} />}
    </li>
  );
}

/** Puts a letter away, once somebody has said so twice. */
function Discarding(props: { isSure: boolean; onSure(isSure: boolean): void; onDiscard(): void }) {
  if (!props.isSure) return <Button onPress={() => props.onSure(true)}>Discard</Button>;
  return (
    <>
      <Button look="danger" autoFocus onPress={props.onDiscard}>
        Put it away
      </Button>
      <Button look="plain" onPress={() => props.onSure(false)}>
        Keep it open
      </Button>
    </>
  );
}

/** Why it is still no event. What was written stays where it is, to be written better. */
function StillNone({ error }: { error: Error }) {
  const { title, detail, code, status } = asProblem(error);
  return (
    <p role="alert" className={styles.refused}>
      {detail ?? title}{" "}
      {status > 0 && (
        <a href={`/docs/errors/${encodeURIComponent(code)}`} target="_blank" rel="noreferrer">
          {code}
        </a>
      )}
    </p>
  );
}

/** So many characters fit into a line, about. */
const LINE = 110;

const rowsFor = (text: string) =>
  Math.min(
    14,
    text.split("\n").reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / LINE)), 1),
  );
