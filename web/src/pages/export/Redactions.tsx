import { type KeyboardEvent, useState } from "react";
import styles from "./Redactions.module.css";

/** Fields that exports are often redacted by; any other is typed as a JSON pointer. */
export const REDACTABLE = ["/actorId", "/metadata", "/tags", "/payload"] as const;

interface RedactionsProps {
  readonly chosen: readonly string[];
  readonly offered: readonly string[];
  onChange(chosen: readonly string[]): void;
}

/** Which values are written as `[redacted]`. */
export function Redactions({ chosen, offered, onChange }: RedactionsProps) {
  const [pointer, setPointer] = useState("");
  const all = [...offered, ...chosen.filter((known) => !offered.includes(known))];
  const toggle = (known: string) =>
    onChange(chosen.includes(known) ? chosen.filter((other) => other !== known) : [...chosen, known]);
  const add = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !pointer.startsWith("/")) return;
    event.preventDefault();
    if (!chosen.includes(pointer)) onChange([...chosen, pointer]);
    setPointer("");
  };
  return (
    <fieldset className={styles.redactions}>
      <legend>Redact</legend>
      {all.map((known) => (
        <label key={known}>
          <input type="checkbox" checked={chosen.includes(known)} onChange={() => toggle(known)} />
          <code>{known}</code>
        </label>
      ))}
      <input
        type="text"
        value={pointer}
        onChange={(event) => setPointer(event.target.value)}
        onKeyDown={add}
        placeholder="/payload/card, then Enter"
        aria-label="Another field, as a JSON pointer"
      />
    </fieldset>
  );
}
