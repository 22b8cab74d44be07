import type { ReactNode } from "react";
import { formatNumber } from "@/parts/numbers";
import styles from "./Ranking.module.css";

/** How many values are listed. */
const SHOWN = 9;

interface RankingProps {
  readonly counts: Readonly<Record<string, number>>;
  readonly total: number;
  draw(value: string): ReactNode;
}

/** Values by how often they occur, with their part of the whole. */
export function Ranking({ counts, total, draw }: RankingProps) {
  // JavaScript puts names that are numbers first, whatever the server's order.
  const ranked = Object.entries(counts).sort(([, a], [, b]) => b - a);
  const shown = ranked.slice(0, SHOWN);
  const most = Math.max(1, ...shown.map(([, count]) => count));
  return (
    <ol className={styles.ranking}>
      {shown.map(([value, count]) => (
        <li key={value} title={`${((100 * count) / Math.max(1, total)).toFixed(1)} %`}>
          <span className={styles.bar} style={{ width: `${(100 * count) / most}%` }} aria-hidden="true" />
          <span className={styles.name}>{draw(value)}</span>
          <span className={styles.count}>{formatNumber(count)}</span>
        </li>
      ))}
    </ol>
  );
}
