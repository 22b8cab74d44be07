import { memo, useEffect, useRef } from "react";
import type { TimelineEntry } from "@/client/types";
import { TypeName } from "@/parts/TypeName";
import { Moment } from "@/time/Moment";
import { ChangeLine } from "./ChangeLine";
import styles from "./Timeline.module.css";

/** What is said of an event's changes in the list; the diff has them all. */
const CHANGES_MAX = 4;

interface TimelineRowProps {
  readonly entry: TimelineEntry;
  /** Where it stands beside the moment that is looked at. */
  readonly tense: "past" | "present" | "future";
  readonly isLate: boolean;
  onChange(version: number): void;
}

/** One event of a timeline. Remembered, since going through time changes two rows of perhaps a thousand. */
export const TimelineRow = memo(function TimelineRow({ entry, tense, isLate, onChange }: TimelineRowProps) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // Newer browsers give a promise here, which must not become the effect's clean-up.
    if (tense === "present") void row.current?.scrollIntoView({ block: "nearest" });
  }, [tense]);
  return (
    <li ref={row} className={styles.entry} data-future={tense === "future"} aria-current={tense === "present"}>
      <button type="button" className={styles.button} onClick={() => onChange(entry.version)}>
        <span className={styles.version}>{entry.version}</span>
        <span className={styles.what}>
          <span className={styles.line}>
            <TypeName type={entry.eventType} />
            <span className={styles.actor}>{entry.actorId ?? "(erased)"}</span>
          </span>
          <span className={styles.line}>
            <Moment at={entry.timestamp} />
            {isLate && <span className={styles.late}>recorded late</span>}
          </span>
          {entry.changes.length === 0 && <span className={styles.nothing}>changes nothing</span>}
          {entry.changes.slice(0, CHANGES_MAX).map((change) => (
            <ChangeLine key={change.path} change={change} />
          ))}
          {entry.changes.length > CHANGES_MAX && (
            <span className={styles.nothing}>and {entry.changes.length - CHANGES_MAX} more</span>
          )}
        </span>
      </button>
    </li>
  );
});
