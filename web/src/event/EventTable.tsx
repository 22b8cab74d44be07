import { useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import type { EventRecord } from "@/client/types";
import { useSize } from "@/parts/useSize";
import { eventColumns, eventFeatures } from "./columns";
import styles from "./EventTable.module.css";

const ROW_PX = 28;
/** Where a row has no room for its columns, it takes two lines. */
const NARROW_PX = 560;
const NARROW_ROW_PX = 50;
/** How many rows before the end the next page is asked for. */
const AHEAD = 30;

interface EventTableProps {
  readonly label: string;
  /** What scrolls, for whoever wants to scroll it. */
  readonly scroller?: RefObject<HTMLDivElement | null>;
  readonly events: readonly EventRecord[];
  /** How many there are in all, as far as that is known. */
  readonly total: number | undefined;
  readonly selectedId: string | undefined;
  onSelect(event: EventRecord): void;
  /** The last rows come into view. */
  onReachEnd(): void;
  /** Whether the first row is in view: a live list stands still while somebody reads further down. */
  onTopChange?(isAtTop: boolean): void;
  /** Stands below the last row. */
  readonly end: ReactNode;
}

/** Events, of which only the rows in view are drawn: it stays quick with however many. */
export function EventTable(props: EventTableProps) {
  const { label, events, total, selectedId, onSelect, onReachEnd, onTopChange, end } = props;
  const ownScroller = useRef<HTMLDivElement>(null);
  const scroller = props.scroller ?? ownScroller;
  const { width } = useSize(scroller);
  const rowHeight = width > 0 && width < NARROW_PX ? NARROW_ROW_PX : ROW_PX;
  const table = useTable({
    features: eventFeatures,
    columns: eventColumns,
    data: events,
    getRowId: (row) => row.eventId,
  });
  const rows = table.getRowModel().rows;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was measured before is of another height.
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  const selectedAt = events.findIndex((event) => event.eventId === selectedId);
  const isSelectedHere = selectedAt >= 0;
  // Once for each selection: that new events push it down moves nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: where it is at that moment is what counts.
  useEffect(() => {
    if (isSelectedHere) virtualizer.scrollToIndex(selectedAt, { align: "auto" });
  }, [virtualizer, selectedId, isSelectedHere]);

  const shown = virtualizer.getVirtualItems();
  const lastShown = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown + AHEAD >= rows.length) onReachEnd();
  }, [lastShown, rows.length, onReachEnd]);

  return (
    <div
      ref={scroller}
      className={styles.scroller}
      onScroll={(event) => onTopChange?.(event.currentTarget.scrollTop < ROW_PX)}
    >
      <div role="table" aria-label={label} aria-rowcount={total ?? -1} className={styles.table}>
        <div role="rowgroup" className={styles.head}>
          {table.getHeaderGroups().map((group) => (
            <div key={group.id} role="row" className={styles.row}>
              {group.headers.map((header) => (
                <span key={header.id} role="columnheader" className={styles[header.column.id]}>
                  <table.FlexRender header={header} />
                </span>
              ))}
            </div>
          ))}
        </div>
        <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
          {shown.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: j, k and Enter do the same from anywhere on the page.
              <div
                key={row.id}
                role="row"
                aria-rowindex={item.index + 2}
                aria-current={row.id === selectedId}
                tabIndex={-1}
                className={`${styles.row} ${styles.event}`}
                style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
                onClick={() => onSelect(row.original)}
              >
                {row.getAllCells().map((cell) => (
                  <span key={cell.id} role="cell" className={styles[cell.column.id]}>
                    <table.FlexRender cell={cell} />
                  </span>
                ))}
              </div>
            );
          })}
        </div>
      </div>
      {end}
    </div>
  );
}
