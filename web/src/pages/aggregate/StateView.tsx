import type { BlamedLeaf, TimelineEntry } from "@/client/types";
import { leavesOf } from "@/history/fold";
import { Scalar } from "@/json/JsonTree";
import { type JsonNode, writeJson } from "@/json/node";
import { isWithin } from "@/json/pointer";
import { EmptyNotice } from "@/parts/Notice";
import { useSetting } from "@/settings/setting";
import { zoneSetting } from "@/settings/zone";
import { formatMoment } from "@/time/format";
import { PathName } from "./ChangeLine";
import styles from "./StateView.module.css";

interface StateViewProps {
  readonly state: JsonNode;
  /** The event that made it. */
  readonly entry: TimelineEntry | undefined;
  readonly blame: readonly BlamedLeaf[] | undefined;
  onChoose(version: number): void;
}

/** A state, field by field, with who set each; what the last event changed is marked. */
export function StateView({ state, entry, blame, onChoose }: StateViewProps) {
  const zone = useSetting(zoneSetting);
  const leaves = leavesOf(state);
  if (leaves.length === 1 && leaves[0]?.path === "") {
    return <EmptyNotice title="There is no state yet">Nothing had happened to it by then.</EmptyNotice>;
  }
  const setBy = new Map(blame?.map((leaf) => [leaf.path, leaf]));
  const isChanged = (path: string) =>
    entry?.changes.some((change) => isWithin(path, change.path) || isWithin(change.path, path)) ?? false;
  return (
    <ul className={styles.leaves}>
      {leaves.map(({ path, value }) => {
        const by = setBy.get(path);
        return (
          // The key holds the value, so that what changed is drawn anew and flashes once.
          <li key={`${path}=${writeJson(value)}`} className={styles.leaf} data-changed={isChanged(path)}>
            <PathName path={path} />
            <span className={styles.value}>
              <Scalar node={value} />
            </span>
            {by !== undefined && (
              <button
                type="button"
                className={styles.by}
                onClick={() => onChoose(by.version)}
                title={`${by.eventType}, ${formatMoment(by.timestamp, zone)}`}
              >
                <span aria-hidden="true">←</span>
                <span className="unseen">set by version</span> {by.version} · {by.actorId ?? "(erased)"} ·{" "}
                {formatMoment(by.timestamp, zone).slice(11, 16)}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
