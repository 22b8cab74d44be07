import type { CSSProperties } from "react";
import { TypeName } from "@/parts/TypeName";
import { typeColor } from "@/parts/typeHue";
import { formatDuration } from "@/time/format";
import styles from "./TraceRow.module.css";
import type { TraceNode } from "./traceTree";

interface TraceRowProps {
  readonly node: TraceNode;
  readonly spanMs: number;
  readonly isSelected: boolean;
  onSelect(): void;
}

/** Below this the axis is linear: a trace of milliseconds and one of days are both to be read. */
const LINEAR_MS = 50;

/** One event of a trace: indented below its cause, and placed on the axis of time, whose later part is compressed. */
export function TraceRow({ node, spanMs, isSelected, onSelect }: TraceRowProps) {
  const { event, depth, startMs } = node;
  const place = Math.log1p(startMs / LINEAR_MS) / Math.log1p(spanMs / LINEAR_MS);
  return (
    <li className={styles.row} aria-current={isSelected}>
      <button type="button" className={styles.button} onClick={onSelect}>
        <span className={styles.name} style={{ "--depth": depth } as CSSProperties}>
          {depth > 0 && <span className={styles.branch} aria-hidden="true" />}
          <TypeName type={event.eventType} />
        </span>
        <span className={styles.aggregate}>
          {event.aggregateType}/{event.aggregateId ?? "(erased)"}
        </span>
        <span className={styles.actor}>{event.actorId ?? "(erased)"}</span>
        <span className={styles.axis}>
          <span
            className={styles.dot}
            style={{ insetInlineStart: `${100 * place}%`, background: typeColor(event.eventType) }}
            aria-hidden="true"
          />
        </span>
        <span className={styles.offset}>{startMs === 0 ? "start" : `+ ${formatDuration(startMs)}`}</span>
      </button>
    </li>
  );
}
