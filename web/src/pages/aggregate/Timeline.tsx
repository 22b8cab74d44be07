import { useMemo } from "react";
import type { TimelineEntry } from "@/client/types";
import { lateVersions } from "./lateVersions";
import styles from "./Timeline.module.css";
import { TimelineRow } from "./TimelineRow";

interface TimelineProps {
  readonly entries: readonly TimelineEntry[];
  readonly version: number;
  onChange(version: number): void;
}

/** The events of an aggregate, newest first, with what each of them changed. */
export function Timeline({ entries, version, onChange }: TimelineProps) {
  const late = useMemo(() => lateVersions(entries), [entries]);
  return (
    <ol className={styles.timeline} reversed aria-label="Timeline">
      {entries.toReversed().map((entry) => (
        <TimelineRow
          key={entry.version}
          entry={entry}
          tense={entry.version === version ? "present" : entry.version > version ? "future" : "past"}
          isLate={late.has(entry.version)}
          onChange={onChange}
        />
      ))}
    </ol>
  );
}
