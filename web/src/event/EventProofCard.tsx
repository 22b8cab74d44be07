import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { EventRecord } from "@/client/types";
import { Button } from "@/parts/Button";
import { formatNumber } from "@/parts/numbers";
import { StatusMark } from "@/parts/StatusMark";
import type { ReceiptCheck } from "@/proof/checkReceipt";
import { differingFields } from "@/proof/shownEvent";
import { useReceiptCheck } from "@/proof/useReceiptCheck";
import styles from "./EventProofCard.module.css";

/** Whether this browser can prove that the event is in the log, in a sentence. The integrity page shows the working. */
export function EventProofCard({ event }: { event: EventRecord }) {
  const [isAsked, setAsked] = useState(false);
  const { data, error, isFetching } = useReceiptCheck(event.eventId, isAsked);
  return (
    <section className={styles.card} aria-label="Proof" aria-live="polite">
      {data === undefined && error === null && (
        <>
          <p>Nothing about this event is checked yet.</p>
          <Button isDisabled={isFetching} onPress={() => setAsked(true)}>
            {isFetching ? "Verifying" : "Verify in this browser"}
          </Button>
        </>
      )}
      {error !== null && (
        <p className={styles.verdict}>
          <StatusMark status="bad" /> {error.message}
        </p>
      )}
      {data !== undefined && <Verdict check={data.check} shown={event} />}
      {data !== undefined && (
        <Link to="/integrity" search={{ event: event.eventId }}>
          Show the working
        </Link>
      )}
    </section>
  );
}

function Verdict({ check, shown }: { check: ReceiptCheck; shown: EventRecord }) {
  const reason = reasonAgainst(check, shown);
  if (reason === undefined) {
    return (
      <p className={styles.verdict}>
        <StatusMark status="good" />
        <span>
          In the log, exactly as shown: {check.receipt.proof.length} hashes lead from it to the signed root over{" "}
          {formatNumber(check.checkpoint.size)} events.
        </span>
      </p>
    );
  }
  return (
    <p className={styles.verdict} role="alert">
      <StatusMark status="bad" />
      <span>
        Does not hold at position {formatNumber(check.event.position)}: {reason}
      </span>
    </p>
  );
}

/** Why what is shown is not proven; undefined where it is. */
function reasonAgainst(check: ReceiptCheck, shown: EventRecord): string | undefined {
  if (!check.path.holds) return check.path.refusal.message;
  if (!check.signature.holds) return check.signature.refusal.message;
  const fields = differingFields(shown, check.event);
  return fields.length === 0 ? undefined : `what is shown differs from what is proven in ${fields.join(", ")}`;
}
