import { formatNumber } from "./numbers";
import styles from "./ProgressBar.module.css";

/** How far something is, of how much. */
export function ProgressBar({ label, done, total }: { label: string; done: number; total: number }) {
  return (
    <div className={styles.progress}>
      <progress aria-label={label} value={done} max={Math.max(total, 1)} />
      <span>
        {formatNumber(Math.floor(done))} of {formatNumber(total)}
      </span>
    </div>
  );
}
