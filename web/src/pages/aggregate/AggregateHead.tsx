import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Camera, List, Undo2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { AggregateName } from "@/client/AnnalsClient";
import { useLog } from "@/client/ClientContext";
import { Button } from "@/parts/Button";
import { CopyButton } from "@/parts/CopyButton";
import { Hint } from "@/parts/Hint";
import { formatBytes, formatCount } from "@/parts/numbers";
import { useCaller } from "@/session/CallerContext";
import styles from "./AggregateHead.module.css";
import type { AggregateHistory } from "./useHistory";

const UndoDialog = lazy(() => import("./UndoDialog"));

interface AggregateHeadProps {
  readonly aggregate: AggregateName;
  readonly history: AggregateHistory;
  /** The version that is looked at. */
  readonly version: number;
}

/** Which aggregate it is, and what can be done with it. */
export function AggregateHead({ aggregate, history, version }: AggregateHeadProps) {
  const { log } = useLog();
  const { roles } = useCaller();
  const [isUndoing, setUndoing] = useState(false);
  const snapshot = useMutation({ mutationFn: () => log.takeSnapshot(aggregate) });
  const name = `${aggregate.aggregateType}/${aggregate.aggregateId}`;
  const actors = new Set(history.entries.map((entry) => entry.actorId)).size;
  return (
    <header className={styles.head}>
      <h1 className={styles.title}>
        <Link to="/aggregates" search={{ type: aggregate.aggregateType }} className={styles.type}>
          {aggregate.aggregateType}
        </Link>
        <span className={styles.slash}>/</span>
        <span className={styles.id}>{aggregate.aggregateId}</span>
        <CopyButton text={name} label="Copy the aggregate's name" />
      </h1>
      <span className={styles.facts}>
        {formatCount(history.now.version, "event")} · {formatCount(actors, "actor")}
        {history.now.late.length > 0 && ` · ${history.now.late.length} late`}
      </span>
      <span className={styles.tools}>
        {snapshot.data !== undefined && (
          <span role="status">
            snapshot at version {snapshot.data.version}, {formatBytes(snapshot.data.bytes)}
          </span>
        )}
        {snapshot.error !== null && <span role="alert">{snapshot.error.message}</span>}
        <Hint text="Its events in the list of all">
          <Link to="/events" search={{ aggregate: [name] }} className={styles.events} aria-label="Its events">
            <List />
          </Link>
        </Hint>
        {roles.includes("admin") && (
          <Hint text="Keep the state as it is now, so that questions begin there">
            <Button onPress={() => snapshot.mutate()} isDisabled={snapshot.isPending}>
              <Camera /> Snapshot
            </Button>
          </Hint>
        )}
        <Hint text={`What would bring version ${version} back`}>
          <Button isDisabled={version >= history.now.version} onPress={() => setUndoing(true)}>
            <Undo2 /> Undo to {version}
          </Button>
        </Hint>
      </span>
      {isUndoing && (
        <Suspense>
          <UndoDialog aggregate={aggregate} version={version} onClose={() => setUndoing(false)} />
        </Suspense>
      )}
    </header>
  );
}
