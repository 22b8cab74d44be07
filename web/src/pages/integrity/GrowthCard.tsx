import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useLog } from "@/client/ClientContext";
import { Button } from "@/parts/Button";
import { formatNumber } from "@/parts/numbers";
import { Panel } from "@/parts/Panel";
import { StatusMark } from "@/parts/StatusMark";
import { type Checkpoint, parseCheckpoint, verifyCheckpoint } from "@/proof/checkpoint";
import { parseVerifierKeys } from "@/proof/verifierKey";
import { forgetKept } from "@/proof/watch/kept";
import { useLogProof } from "@/proof/watch/useLogProof";
import { type Growth, growth } from "@/proof/watch/watch";
import { Age } from "@/time/Moment";
import styles from "./GrowthCard.module.css";
import { saveText } from "./saveText";
import verdictStyles from "./VerdictLine.module.css";

/** The log only grew: what was signed before is the beginning of what is signed today. */
export function GrowthCard({ dropped }: { dropped: string | undefined }) {
  const { name, log } = useLog();
  const queries = useQueryClient();
  const { data: proof, error } = useLogProof();
  const today = proof?.state === "verified" ? proof : undefined;
  const compared = useQuery({
    queryKey: [name, "growth", dropped, today?.checkpoint.size],
    enabled: dropped !== undefined && today !== undefined,
    retry: false,
    queryFn: async () => {
      if (today === undefined) throw new Error("today's checkpoint is not verified");
      const kept = parseCheckpoint(dropped ?? "");
      await verifyCheckpoint(kept, await parseVerifierKeys(today.keys.join("\n")));
      return growth(kept, today.checkpoint, log);
    },
  });
  const forget = () => {
    forgetKept(name);
    void queries.invalidateQueries({ queryKey: [name, "proof"] });
  };
  return (
    <Panel
      title="The log only grew"
      aside={
        <span className={styles.tools}>
          {today !== undefined && (
            <Button
              look="plain"
              onPress={() => saveText(`${name}-${today.checkpoint.size}.checkpoint`, today.checkpoint.text)}
            >
              Keep today’s checkpoint
            </Button>
          )}
          <Button look="plain" onPress={forget}>
            Begin anew
          </Button>
        </span>
      }
    >
      {error !== null && (
        <p className={verdictStyles.verdict}>
          <StatusMark status="unknown" /> There is no checkpoint to verify: {error.message}
        </p>
      )}
      {proof?.state === "broken" && (
        <p className={verdictStyles.verdict} role="alert">
          <StatusMark status="bad" />
          <span>
            {proof.refusal.message}
            <small>
              Keep what this browser remembers, and ask who runs the log. “Begin anew” forgets it and trusts what the
              server says now.
            </small>
          </span>
        </p>
      )}
      {today !== undefined && (
        <>
          <p className={verdictStyles.verdict}>
            <StatusMark status="good" />
            <span>
              Today’s checkpoint covers {formatNumber(today.checkpoint.size)} events and is signed by the key that this
              browser trusts since its first visit.
              <small>
                verified <Age at={today.verifiedAt} /> · {today.checkpoint.origin}
              </small>
            </span>
          </p>
          {today.extended !== undefined && (
            <GrowthLine growth={today.extended} to={today.checkpoint} whose="this browser" />
          )}
        </>
      )}
      {compared.data !== undefined && today !== undefined && (
        <GrowthLine growth={compared.data} to={today.checkpoint} whose="your file" />
      )}
      {compared.error !== null && (
        <p className={verdictStyles.verdict} role="alert">
          <StatusMark status="bad" /> The checkpoint that you brought: {compared.error.message}
        </p>
      )}
      {today !== undefined && (
        <details className={styles.working}>
          <summary>Show the checkpoint and the key</summary>
          <pre>{today.checkpoint.text}</pre>
          <pre>{today.keys.join("\n")}</pre>
        </details>
      )}
    </Panel>
  );
}

function GrowthLine({ growth: { from, steps }, to, whose }: { growth: Growth; to: Checkpoint; whose: string }) {
  return (
    <p className={verdictStyles.verdict}>
      <StatusMark status="good" />
      <span>
        {from.size === to.size
          ? `It is the one that ${whose} has.`
          : `It extends the ${formatNumber(from.size)} events of the checkpoint that ${whose} has: not one of them was changed or taken out.`}
        {steps.length > 0 && <small>{steps.length} hashes were joined to both roots here</small>}
      </span>
    </p>
  );
}
