import { memo, type PointerEvent, useMemo, useRef } from "react";
import type { TimelineEntry } from "@/client/types";
import type { States } from "@/history/fold";
import { typeColor } from "@/parts/typeHue";
import { useSize } from "@/parts/useSize";
import { useSetting } from "@/settings/setting";
import { zoneSetting } from "@/settings/zone";
import { formatMoment } from "@/time/format";
import { sliderPlaces } from "./sliderPlaces";
import styles from "./TimeSlider.module.css";

const PADDING_PX = 12;
const MIDDLE_PX = 16;
/** So many events leave no room for large dots. */
const CROWD = 200;

interface TimeSliderProps {
  readonly entries: readonly TimelineEntry[];
  readonly states: States;
  readonly version: number;
  onChange(version: number): void;
}

/**
 * A line with a dot for each event, along which the moment moves. The browser's own range control lies unseen over the
 * same versions, for keys and screen readers.
 */
export function TimeSlider({ entries, states, version, onChange }: TimeSliderProps) {
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  const zone = useSetting(zoneSetting);
  const places = useMemo(() => sliderPlaces(entries), [entries]);
  const x = (at: number) => PADDING_PX + (places[at] ?? 0) * Math.max(0, width - 2 * PADDING_PX);
  const indexOf = (wanted: number) => wanted - states.from - 1;
  const thumb = version === states.from ? PADDING_PX - 8 : x(indexOf(version));
  const entry = entries[indexOf(version)];

  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const pointer = event.clientX - (frame.current?.getBoundingClientRect().left ?? 0);
    onChange(
      nearest(
        places.map((_, at) => x(at)),
        pointer,
      ) +
        states.from +
        1,
    );
  };
  return (
    <div
      ref={frame}
      className={styles.slider}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(event);
      }}
      onPointerMove={drag}
    >
      <input
        type="range"
        className="unseen"
        min={states.from}
        max={states.to}
        value={version}
        onChange={(event) => onChange(Number(event.target.value))}
        aria-label="Version"
        aria-valuetext={
          entry === undefined
            ? "before the first event"
            : `version ${version}, ${entry.eventType} by ${entry.actorId ?? "erased"}, ${formatMoment(entry.timestamp, zone)}`
        }
      />
      <svg width={width} height={2 * MIDDLE_PX} aria-hidden="true">
        <line className={styles.line} x1={PADDING_PX} x2={width - PADDING_PX} y1={MIDDLE_PX} y2={MIDDLE_PX} />
        <line className={styles.past} x1={PADDING_PX} x2={Math.max(PADDING_PX, thumb)} y1={MIDDLE_PX} y2={MIDDLE_PX} />
        {entries.map((candidate, at) => (
          <Dot
            key={candidate.version}
            x={x(at)}
            eventType={candidate.eventType}
            size={entries.length > CROWD ? "small" : "large"}
            tense={candidate.version > version ? "future" : "past"}
          />
        ))}
        <circle className={styles.thumb} cx={thumb} cy={MIDDLE_PX} r={8} />
      </svg>
    </div>
  );
}

interface DotProps {
  readonly x: number;
  readonly eventType: string;
  readonly size: "small" | "large";
  readonly tense: "past" | "future";
}

/** An event on the line. Remembered: of a thousand dots one step of the slider changes one. */
const Dot = memo(function Dot({ x, eventType, size, tense }: DotProps) {
  return (
    <circle
      cx={x}
      cy={MIDDLE_PX}
      r={size === "small" ? 2 : 4}
      fill={typeColor(eventType)}
      className={styles.dot}
      data-future={tense === "future"}
    />
  );
});

/** The index of the number that is nearest to another. */
function nearest(numbers: readonly number[], wanted: number): number {
  let best = 0;
  for (const [at, number] of numbers.entries()) {
    if (Math.abs(number - wanted) < Math.abs((numbers[best] ?? 0) - wanted)) best = at;
  }
  return best;
}
