import type { UseQueryResult } from "@tanstack/react-query";
import type { BlamedLeaf } from "@/client/types";
import { Scalar } from "@/json/JsonTree";
import { LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { TypeName } from "@/parts/TypeName";
import { Moment } from "@/time/Moment";
import styles from "./BlameView.module.css";
import { PathName } from "./ChangeLine";

interface BlameViewProps {
  readonly blame: UseQueryResult<readonly BlamedLeaf[]>;
  onChoose(version: number): void;
}

/** For every field of a state the event that last changed it. */
export function BlameView({ blame, onChoose }: BlameViewProps) {
  if (blame.error !== null) return <ProblemNotice error={blame.error} retry={() => void blame.refetch()} />;
  if (blame.data === undefined) return <LoadingNotice what="Asking who set what" />;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th>field</th>
          <th>value</th>
          <th className={styles.number}>version</th>
          <th>set by</th>
          <th>actor</th>
          <th>time</th>
        </tr>
      </thead>
      <tbody>
        {blame.data.map((leaf) => (
          <tr key={leaf.path}>
            <td>
              <PathName path={leaf.path} />
            </td>
            <td className={styles.value}>
              <Scalar node={leaf.value} />
            </td>
            <td className={styles.number}>
              <button type="button" className={styles.version} onClick={() => onChoose(leaf.version)}>
                {leaf.version}
              </button>
            </td>
            <td>
              <TypeName type={leaf.eventType} />
            </td>
            <td>{leaf.actorId ?? "(erased)"}</td>
            <td>
              <Moment at={leaf.timestamp} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
