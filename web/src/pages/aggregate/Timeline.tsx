import { useEffect, useRef } from "react";
import type { TimelineEntry } from "@/client/types";
import { TypeName } from "@/parts/TypeName";
import { Moment } from "@/time/Moment";
import { ChangeLine } from "./ChangeLine";
import { lateVersions } from "./lateVersions";
import styles from "./Timeline.module.css";

/** What is said of an event's changes in the list; the diff has them all. */
const CHANGES_MAX = 4;

interface TimelineProps {
  readonly entries: readonly TimelineEntry[];
  readonly version: number;
  onChange(version: number): void;
}

/** The events of an aggregate, newest first, with what each of them changed. */
export function Timeline({ entries, version, onChange }: TimelineProps) {
  const chosen = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version is another element behind the reference.
  useEffect(() => chosen.current?.scrollIntoView({ block: "nearest" }), [version]);
  const late = lateVersions(entries);
  return (
    <ol className={styles.timeline} reversed aria-label="Timeline">
      {entries.toReversed().map((entry) => (
        <li
          key={entry.version}
          ref={entry.version === version ? chosen : undefined}
          className={styles.entry}
          data-future={entry.version > version}
          aria-current={entry.version === version}
        >
          <button type="button" className={styles.button} onClick={() => onChange(entry.version)}>
            <span className={styles.version}>{entry.version}</span>
            <span className={styles.what}>
              <span className={styles.line}>
                <TypeName type={entry.eventType} />
                <span className={styles.actor}>{entry.actorId ?? "(erased)"}</span>
              </span>
              <span className={styles.line}>
                <Moment at={entry.timestamp} />
                {late.has(entry.version) && <span className={styles.late}>recorded late</span>}
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
      ))}
    </ol>
  );
}
