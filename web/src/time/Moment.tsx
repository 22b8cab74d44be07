import { useSetting } from "@/settings/setting";
import { zoneSetting } from "@/settings/zone";
import { calendarParts, formatAge } from "./format";
import styles from "./Moment.module.css";
import { useNow } from "./useNow";

/** A timestamp, exact to the millisecond, with the date held back: in a list it repeats itself. */
export function Moment({ at }: { at: string }) {
  const zone = useSetting(zoneSetting);
  const parts = calendarParts(new Date(at), zone);
  return (
    <time className={styles.moment} dateTime={at} title={at}>
      <span className={styles.date}>{parts.date}</span> {parts.time}
      <span className={styles.fraction}>{parts.fraction}</span>
    </time>
  );
}

/** How long ago something was; the exact time is its title. */
export function Age({ at }: { at: string }) {
  const now = useNow(1_000);
  return (
    <time dateTime={at} title={at}>
      {formatAge(at, now)}
    </time>
  );
}
