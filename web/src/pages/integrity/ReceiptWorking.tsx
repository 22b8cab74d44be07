import { formatNumber } from "@/parts/numbers";
import { StatusMark } from "@/parts/StatusMark";
import type { ReceiptCheck } from "@/proof/checkReceipt";
import { LeafTable } from "./LeafTable";
import { MerklePath } from "./MerklePath";
import { PathSteps } from "./PathSteps";
import styles from "./ReceiptWorking.module.css";
import verdictStyles from "./VerdictLine.module.css";

/** What a receipt proves, in words, and behind each sentence how it was computed. */
export function ReceiptWorking({ check }: { check: ReceiptCheck }) {
  const { event, checkpoint, path, signature, leaf } = check;
  const steps = path.working ?? [];
  return (
    <div aria-live="polite">
      <p className={`${verdictStyles.verdict} ${styles.whole}`} role={check.holds ? undefined : "alert"}>
        <StatusMark status={check.holds ? "good" : "bad"} />
        <span>
          {check.holds
            ? `${event.eventType} stands at position ${formatNumber(event.position)} of ${checkpoint.origin}, exactly as shown.`
            : `It does not hold that this event stands at position ${formatNumber(event.position)} of ${checkpoint.origin}.`}
        </span>
      </p>
      <div className={verdictStyles.verdict}>
        <StatusMark status="good" />
        <details>
          <summary>
            The event makes one leaf. Its fields, salted and hashed, are one line of canonical JSON, and that line is
            hashed again.
          </summary>
          <LeafTable leaf={leaf} />
        </details>
      </div>
      <div className={verdictStyles.verdict}>
        <StatusMark status={path.holds ? "good" : "bad"} />
        <details open>
          <summary>
            {path.holds
              ? `From the leaf ${steps.length} hashes lead to the root over ${formatNumber(checkpoint.size)} events.`
              : path.refusal.message}
          </summary>
          <MerklePath leaf={leaf.hash} index={event.position} steps={steps} holds={path.holds} />
          <details>
            <summary>Show every hash</summary>
            <PathSteps leaf={leaf.hash} steps={steps} root={checkpoint.root} />
          </details>
        </details>
      </div>
      <div className={verdictStyles.verdict}>
        <StatusMark status={signature.holds ? "good" : "bad"} />
        <details>
          <summary>
            {signature.holds
              ? `The key ${signature.working.map((key) => key.id).join(", ")} of the log signed that root.`
              : signature.refusal.message}
          </summary>
          <pre className={styles.note}>{checkpoint.text}</pre>
          {signature.holds && <pre className={styles.note}>{signature.working.map((key) => key.text).join("\n")}</pre>}
        </details>
      </div>
    </div>
  );
}
