import { Link } from "@tanstack/react-router";
import { formatNumber } from "@/parts/numbers";
import { Panel } from "@/parts/Panel";
import { StatusMark } from "@/parts/StatusMark";
import { useLogProof } from "@/proof/watch/useLogProof";
import { Age } from "@/time/Moment";
import styles from "./IntegrityGlance.module.css";

/** How far the log is proven, as this browser found it. */
export function IntegrityGlance() {
  const { data: proof } = useLogProof();
  return (
    <Panel title="Integrity" aside={<Link to="/integrity">Show the working</Link>}>
      {proof?.state === "verified" && (
        <ul className={styles.glance}>
          <li>
            <StatusMark status="good" />
            <span>
              {formatNumber(proof.checkpoint.size)} events under a signed checkpoint
              <small>
                signature verified here <Age at={proof.verifiedAt} />
              </small>
            </span>
          </li>
          {proof.extended !== undefined && (
            <li>
              <StatusMark status="good" />
              <span>
                Nothing was changed or taken out
                <small>since {formatNumber(proof.extended.from.size)} events, verified here</small>
              </span>
            </li>
          )}
          <li>
            <StatusMark status="unknown" />
            <span>
              Every single event
              <small>
                <Link to="/integrity">verify the whole log</Link>, or any event by its receipt
              </small>
            </span>
          </li>
        </ul>
      )}
      {proof?.state === "broken" && (
        <p className={styles.broken} role="alert">
          <StatusMark status="bad" /> {proof.refusal.message}
        </p>
      )}
    </Panel>
  );
}
