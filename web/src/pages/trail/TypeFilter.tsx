import type { EventRecord } from "@/client/types";
import styles from "./TypeFilter.module.css";

interface TypeFilterProps {
  readonly chosen: string | undefined;
  /** The events in view: their types are offered, since readers may not ask for all there are. */
  readonly known: readonly EventRecord[];
  onChange(type: string | undefined): void;
}

/** Narrows the trail to one event type. */
export function TypeFilter({ chosen, known, onChange }: TypeFilterProps) {
  const types = [...new Set([...known.map((event) => event.eventType), ...(chosen ? [chosen] : [])])].sort();
  return (
    <select
      className={styles.select}
      aria-label="Event type"
      value={chosen ?? ""}
      onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
    >
      <option value="">All types</option>
      {types.map((type) => (
        <option key={type}>{type}</option>
      ))}
    </select>
  );
}
