import type { EventRecord } from "@/client/types";
import styles from "./Summary.module.css";
import { summarize } from "./summary";

/** A payload in a few words, as many as fit whole. */
export function Summary({ event }: { event: EventRecord }) {
  if (event.payloadText === undefined) return <span className={styles.erased}>payload erased</span>;
  return (
    <span className={styles.summary}>
      {summarize(event).map(({ name, value }) => (
        <span key={name} className={styles.part}>
          <span className={styles.name}>{name}</span> {value}
        </span>
      ))}
    </span>
  );
}
