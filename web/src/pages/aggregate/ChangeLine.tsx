import type { Change } from "@/client/types";
import { Scalar } from "@/json/JsonTree";
import { pointerSteps } from "@/json/pointer";
import styles from "./ChangeLine.module.css";

/** One change: what was added, removed, or altered from what to what. */
export function ChangeLine({ change, isWhole = "no" }: { change: Change; isWhole?: "yes" | "no" }) {
  const kind = change.old === undefined ? "added" : change.new === undefined ? "removed" : "altered";
  return (
    <span className={`${styles.change} ${styles[kind]} ${isWhole === "yes" ? styles.whole : ""}`}>
      <span className={styles.sign} aria-hidden="true">
        {kind === "added" ? "+" : kind === "removed" ? "−" : "~"}
      </span>
      <span className="unseen">{kind}</span>
      <PathName path={change.path} />
      <span className={styles.values}>
        {change.old !== undefined && (
          <del>
            <Scalar node={change.old} />
          </del>
        )}
        {kind === "altered" && <span className={styles.arrow}> → </span>}
        {change.new !== undefined && <Scalar node={change.new} />}
      </span>
    </span>
  );
}

/** A place in a state, as people name it: `shipping › city`. */
export function PathName({ path }: { path: string }) {
  const steps = pointerSteps(path);
  const last = steps.at(-1) ?? "(all)";
  return (
    <span className={styles.path} title={path}>
      {steps.slice(0, -1).map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the steps of a path do not change places.
        <span key={at} className={styles.parent}>
          {step} ›{" "}
        </span>
      ))}
      {last}
    </span>
  );
}
