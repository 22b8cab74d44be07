import { formatNumber } from "@/parts/numbers";
import { typeColor } from "@/parts/typeHue";
import { useSetting } from "@/settings/setting";
import { zoneSetting } from "@/settings/zone";
import { formatMoment } from "@/time/format";
import styles from "./BucketNote.module.css";
import type { Stack } from "./stack";

interface BucketNoteProps {
  readonly stack: Stack;
  /** The middle of the bar, in CSS pixels from the left of its frame. */
  readonly at: number;
  readonly frameWidth: number;
}

/** What a bar is made of, beside the pointer. */
export function BucketNote({ stack, at, frameWidth }: BucketNoteProps) {
  const zone = useSetting(zoneSetting);
  const isRight = at > frameWidth / 2;
  return (
    <div className={styles.note} style={isRight ? { right: frameWidth - at + 10 } : { left: at + 10 }}>
      <div className={styles.time}>{formatMoment(new Date(stack.start).toISOString(), zone).slice(0, 19)}</div>
      {stack.layers
        .toReversed()
        .slice(0, 9)
        .map((layer) => (
          <div key={layer.type} className={styles.layer}>
            <span
              className={styles.mark}
              style={{ background: layer.type === "" ? "var(--line-strong)" : typeColor(layer.type) }}
            />
            <span className={styles.type}>{layer.type === "" ? "others" : layer.type}</span>
            <span>{formatNumber(layer.to - layer.from)}</span>
          </div>
        ))}
    </div>
  );
}
