import { type PointerEvent, useMemo, useRef, useState } from "react";
import type { Buckets } from "@/client/types";
import { formatCount, formatRoughly } from "@/parts/numbers";
import { typeColor } from "@/parts/typeHue";
import { useSize } from "@/parts/useSize";
import { useSetting } from "@/settings/setting";
import { zoneSetting } from "@/settings/zone";
import { calendarParts } from "@/time/format";
import { BucketNote } from "./BucketNote";
import styles from "./Histogram.module.css";
import { countTicks, linearScale, momentTicks } from "./scale";
import { stackBuckets } from "./stack";

/** A range of time, in milliseconds since 1970; `to` is not part of it. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

interface HistogramProps {
  readonly label: string;
  readonly buckets: Buckets;
  /** Height of the bars in CSS pixels. */
  readonly height: number;
  /** Somebody drew a range with the pointer. */
  onBrush?(span: TimeSpan): void;
}

const AXIS_PX = 18;
/** What a label of the axis takes. */
const TICK_PX = 40;

/** Events over time, a bar for each bucket, stacked by type; a range of it can be drawn. */
export function Histogram({ label, buckets, height, onBrush }: HistogramProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const zone = useSetting(zoneSetting);
  const [hovered, setHovered] = useState<number | undefined>();
  const [drawn, setDrawn] = useState<{ start: number; end: number } | undefined>();
  const { stacks, countMax, span } = useMemo(() => stackBuckets(buckets), [buckets]);
  const time = linearScale([span.from, span.to], [0, width]);
  const count = linearScale([0, Math.max(1, countMax)], [height, 0]);
  const bucketMs = buckets.widthSeconds * 1_000;
  const barWidth = Math.max(1, (width * bucketMs) / Math.max(bucketMs, span.to - span.from) - 1);
  const total = stacks.reduce((sum, stack) => sum + stack.count, 0);

  const place = (event: PointerEvent) => event.clientX - (frame.current?.getBoundingClientRect().left ?? 0);
  const move = (event: PointerEvent) => {
    const at = place(event);
    const moment = time.invert(at);
    setHovered(stacks.findIndex((stack) => moment >= stack.start && moment < stack.start + bucketMs));
    setDrawn((known) => known && { ...known, end: at });
  };
  const finish = () => {
    if (drawn !== undefined && Math.abs(drawn.end - drawn.start) > 3) {
      const [from, to] = [Math.min(drawn.start, drawn.end), Math.max(drawn.start, drawn.end)];
      const snap = (at: number) => Math.floor(time.invert(at) / bucketMs) * bucketMs;
      onBrush?.({ from: snap(from), to: snap(to) + bucketMs });
    }
    setDrawn(undefined);
  };
  const hoveredStack = hovered === undefined || drawn !== undefined ? undefined : stacks[hovered];

  return (
    <div
      ref={frame}
      className={styles.histogram}
      data-brush={onBrush !== undefined}
      style={{ height: height + AXIS_PX }}
      onPointerDown={(event) => {
        if (onBrush === undefined || event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrawn({ start: place(event), end: place(event) });
      }}
      onPointerMove={move}
      onPointerUp={finish}
      onPointerLeave={() => setHovered(undefined)}
    >
      <svg width={width} height={height + AXIS_PX} role="img" aria-label={`${label}: ${formatCount(total, "event")}`}>
        {countTicks(countMax, 2).map((tick) => (
          <line key={tick} className={styles.grid} x1={0} x2={width} y1={count(tick)} y2={count(tick)} />
        ))}
        {stacks.map((stack, at) => (
          <g key={stack.start} className={styles.bar} data-dim={hoveredStack !== undefined && at !== hovered}>
            {stack.layers.map((layer) => (
              <rect
                key={layer.type}
                x={time(stack.start)}
                width={barWidth}
                y={count(layer.to)}
                height={Math.max(0.5, count(layer.from) - count(layer.to))}
                fill={layer.type === "" ? "var(--line-strong)" : typeColor(layer.type)}
              />
            ))}
          </g>
        ))}
        <line className={styles.floor} x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} />
        {width > 0 &&
          momentTicks(span.from, span.to, Math.max(2, Math.floor(width / 110)), zone)
            .filter((tick) => time(tick) > TICK_PX / 2 && time(tick) < width - TICK_PX / 2)
            .map((tick) => (
              <text key={tick} className={styles.tick} x={time(tick)} y={height + 14}>
                {tickText(tick, bucketMs, zone)}
              </text>
            ))}
        <text className={styles.max} x={4} y={10}>
          {countMax > 0 && formatRoughly(countMax)}
        </text>
        {drawn !== undefined && (
          <rect
            className={styles.brush}
            x={Math.min(drawn.start, drawn.end)}
            width={Math.abs(drawn.end - drawn.start)}
            y={0}
            height={height}
          />
        )}
      </svg>
      {hoveredStack !== undefined && (
        <BucketNote stack={hoveredStack} at={time(hoveredStack.start) + barWidth / 2} frameWidth={width} />
      )}
    </div>
  );
}

/** Days for wide buckets, minutes for narrow ones. */
function tickText(tick: number, bucketMs: number, zone: "utc" | "local"): string {
  const { date, time } = calendarParts(new Date(tick), zone);
  if (time === "00:00:00") return date.slice(5);
  return bucketMs >= 86_400_000 ? date.slice(5) : time.slice(0, bucketMs < 60_000 ? 8 : 5);
}
