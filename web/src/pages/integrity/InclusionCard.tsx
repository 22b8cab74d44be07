import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useEvent } from "@/event/useEvent";
import { Button } from "@/parts/Button";
import { EmptyNotice, LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { Panel } from "@/parts/Panel";
import { StatusMark } from "@/parts/StatusMark";
import { differingFields } from "@/proof/shownEvent";
import { type CheckedProof, useReceiptCheck } from "@/proof/useReceiptCheck";
import styles from "./InclusionCard.module.css";
import { ReceiptWorking } from "./ReceiptWorking";
import { saveText } from "./saveText";
import verdictStyles from "./VerdictLine.module.css";

/** This event is in the log: from its fields to the signed root, every hash computed here. */
export function InclusionCard({ asked }: { asked: string | undefined }) {
  const navigate = useNavigate({ from: "/integrity" });
  const [text, setText] = useState(asked ?? "");
  const event = useEvent(asked);
  const eventId = event.data?.eventId;
  const checked = useReceiptCheck(eventId, asked !== undefined);
  const differing = event.data && checked.data ? differingFields(event.data, checked.data.check.event) : [];
  return (
    <Panel title="This event is in the log" aside={checked.data && <SaveFiles checked={checked.data} />}>
      <form
        className={styles.form}
        onSubmit={(submit) => {
          submit.preventDefault();
          void navigate({ search: { event: text.trim().replaceAll(",", "") || undefined } });
        }}
      >
        <input
          value={text}
          onChange={(change) => setText(change.target.value)}
          placeholder="event id or position"
          aria-label="Event id or position"
          spellCheck={false}
        />
        <Button type="submit" look="primary">
          Verify
        </Button>
      </form>
      {asked === undefined && (
        <EmptyNotice title="Choose an event">
          <p>
            Its fields are hashed here as they were when it was recorded. From that leaf a handful of hashes leads to
            the root of a tree over all events, and that root is signed. If a single byte of the event were different,
            the way would lead elsewhere.
          </p>
        </EmptyNotice>
      )}
      {event.error !== null && <ProblemNotice error={event.error} />}
      {asked !== undefined && checked.isFetching && <LoadingNotice what="Computing" />}
      {checked.error !== null && <ProblemNotice error={checked.error} retry={() => void checked.refetch()} />}
      {differing.length > 0 && (
        <p className={verdictStyles.verdict} role="alert">
          <StatusMark status="bad" /> What the server shows of this event differs from what is proven in{" "}
          {differing.join(", ")}.
        </p>
      )}
      {checked.data !== undefined && <ReceiptWorking check={checked.data.check} />}
    </Panel>
  );
}

/** Whoever keeps these two files can check them anywhere, for ever, with other programs than ours. */
function SaveFiles({ checked: { proof, check } }: { checked: CheckedProof }) {
  const name = `event-${check.event.position}`;
  return (
    <span className={styles.save}>
      <Button look="plain" onPress={() => saveText(`${name}.tlog-proof`, proof.receipt)}>
        Save receipt
      </Button>
      <Button look="plain" onPress={() => saveText(`${name}.json`, proof.eventFile)}>
        Save event file
      </Button>
    </span>
  );
}
