import { Link } from "@tanstack/react-router";
import { formatNumber } from "@/parts/numbers";
import { type Status, StatusMark } from "@/parts/StatusMark";
import { useLogProof } from "@/proof/watch/useLogProof";
import { Age } from "@/time/Moment";
import styles from "./Foot.module.css";

/** How far the log is proven. Green is only what this browser has verified itself. */
export function Foot() {
  const { data: proof, error } = useLogProof();
  return (
    <footer className={styles.foot}>
      <Link to="/integrity" className={styles.state}>
        <StatusMark status={statusOf(proof?.state, error !== null)} />
        {proof?.state === "verified" && (
          <>
            <span>
              checkpoint <b>{formatNumber(proof.checkpoint.size)}</b>
            </span>
            <span className={styles.rest}>
              verified by this browser <Age at={proof.verifiedAt} />
            </span>
            {proof.extended !== undefined && proof.extended.from.size < proof.checkpoint.size && (
              <span className={styles.rest}>extends {formatNumber(proof.extended.from.size)}</span>
            )}
          </>
        )}
        {proof?.state === "broken" && <span role="alert">does not hold: {proof.refusal.message}</span>}
        {proof === undefined && <span>{error === null ? "verifying" : "nothing is verified: no checkpoint"}</span>}
      </Link>
      {proof?.state === "verified" && <span className={styles.origin}>{proof.checkpoint.origin}</span>}
    </footer>
  );
}

function statusOf(state: "verified" | "broken" | undefined, hasFailed: boolean): Status {
  if (state === "verified") return "good";
  if (state === "broken") return "bad";
  return hasFailed ? "unknown" : "busy";
}
