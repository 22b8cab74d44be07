import { X } from "lucide-react";
import type { ReactNode } from "react";
import { FILTER_LABELS, filterEntries, withoutFilter } from "@/addresses/filter";
import type { EventFilter } from "@/client/types";
import { formatCount } from "@/parts/numbers";
import { AddFilter } from "./AddFilter";
import styles from "./FilterBar.module.css";
import { TimeFilter } from "./TimeFilter";

interface FilterBarProps {
  readonly filter: EventFilter;
  readonly total: number | undefined;
  onChange(filter: EventFilter): void;
  /** What stands at the end of the bar. */
  readonly children?: ReactNode;
}

/** The filters that are in force, and how many events pass them. */
export function FilterBar({ filter, total, onChange, children }: FilterBarProps) {
  const shown = filterEntries(filter).filter(({ name }) => name !== "from" && name !== "to");
  return (
    <div className={styles.bar}>
      <TimeFilter filter={filter} onChange={onChange} />
      {shown.map(({ name, value }) => (
        <span key={`${name}:${value}`} className={styles.chip}>
          <span className={styles.name}>{FILTER_LABELS[name]}</span>
          <span className={styles.value}>{value}</span>
          <button
            type="button"
            aria-label={`Without ${FILTER_LABELS[name]} ${value}`}
            onClick={() => onChange(withoutFilter(filter, name, value))}
          >
            <X aria-hidden="true" />
          </button>
        </span>
      ))}
      <AddFilter filter={filter} onChange={onChange} />
      <span className={styles.count} aria-live="polite">
        {total !== undefined && formatCount(total, "event")}
      </span>
      {children}
    </div>
  );
}
