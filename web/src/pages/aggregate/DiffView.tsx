import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { AggregateName } from "@/client/AnnalsClient";
import { useLog } from "@/client/ClientContext";
import type { TimelineEntry } from "@/client/types";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { ChangeLine } from "./ChangeLine";
import styles from "./DiffView.module.css";
import { AGGREGATE_PATH } from "./path";

interface DiffViewProps {
  readonly aggregate: AggregateName;
  readonly version: number;
  readonly entry: TimelineEntry | undefined;
  /** The first version whose state is known. */
  readonly first: number;
}

/** What changed up to a version: from the one before it, or from any other. */
export function DiffView({ aggregate, version, entry, first }: DiffViewProps) {
  const { against } = useSearch({ from: AGGREGATE_PATH });
  const navigate = useNavigate({ from: AGGREGATE_PATH });
  const { name, log } = useLog();
  const from = against ?? Math.max(first, version - 1);
  const isNeighbour = from === version - 1;
  const diff = useQuery({
    queryKey: [name, "diff", aggregate.aggregateType, aggregate.aggregateId, from, version],
    queryFn: () => log.diff(aggregate, from, version),
    enabled: !isNeighbour,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const changes = isNeighbour ? entry?.changes : diff.data;
  const choose = (value: string) =>
    void navigate({
      search: (known) => ({ ...known, against: value === "" ? undefined : Number(value) }),
      replace: true,
    });
  return (
    <>
      <label className={styles.against}>
        version {version} against
        <input
          type="number"
          min={0}
          value={against ?? ""}
          placeholder={String(version - 1)}
          onChange={(event) => choose(event.target.value)}
        />
        {against === undefined && <span>the one before it</span>}
      </label>
      {!isNeighbour && diff.error !== null && <ProblemNotice error={diff.error} />}
      {changes === undefined && (isNeighbour || diff.error === null) && <LoadingNotice what="Comparing" />}
      {changes?.length === 0 && <EmptyNotice title="Nothing changed">Both states are the same.</EmptyNotice>}
      <ul className={styles.changes}>
        {changes?.map((change) => (
          <li key={change.path}>
            <ChangeLine change={change} isWhole="yes" />
          </li>
        ))}
      </ul>
    </>
  );
}
