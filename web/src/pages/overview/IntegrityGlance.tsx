import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useLog } from "@/client/ClientContext";
import { formatCount, formatNumber } from "@/parts/numbers";
import { Panel } from "@/parts/Panel";
import { StatusMark } from "@/parts/StatusMark";
import { useLogProof } from "@/proof/watch/useLogProof";
import { Age } from "@/time/Moment";
import styles from "./IntegrityGlance.module.css";

/** How often it is asked whether somebody had the whole log verified. */
const EVERY_MS = 30_000;

/** How far the log is proven, as this browser found it, and what the server found when it was last asked. */
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
                <LastRecorded size={proof.checkpoint.size} />
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
          <LastVerification />
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

/** How old a checkpoint is, by the last event under it: a note does not say when it was signed. */
function LastRecorded({ size }: { size: number }) {
  const { name, log } = useLog();
  const { data: last } = useQuery({
    queryKey: [name, "event", size - 1],
    queryFn: () => log.event(String(size - 1)),
    enabled: size > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (last === undefined) return null;
  return (
    <>
      the last one recorded <Age at={last.recordedAt} /> ·{" "}
    </>
  );
}

/** What the server found when it last verified the whole log; green is only what this browser has checked itself. */
function LastVerification() {
  const { name, log } = useLog();
  const { data: jobs = [] } = useQuery({
    queryKey: [name, "verifications"],
    queryFn: () => log.verifications(),
    refetchInterval: EVERY_MS,
  });
  const ended = jobs.flatMap(({ result, finishedAt }) => (result && finishedAt ? [{ result, finishedAt }] : []));
  const last = ended.sort((one, other) => other.finishedAt.localeCompare(one.finishedAt))[0];
  const again = <Link to="/integrity">{last === undefined ? "verify the whole log" : "verify it again"}</Link>;
  if (last === undefined) {
    return (
      <li>
        <StatusMark status="unknown" />
        <span>
          Every single event
          <small>{again}, or any event by its receipt</small>
        </span>
      </li>
    );
  }
  const { ok, events, problems, problemsOmitted } = last.result;
  const found = ok ? "nothing wrong" : formatCount(problems.length + problemsOmitted, "problem");
  return (
    <li>
      <StatusMark status={ok ? "unknown" : "bad"} />
      <span>
        The server found {found} in {formatCount(events, "event")}
        <small>
          <Age at={last.finishedAt} /> · {again}
        </small>
      </span>
    </li>
  );
}
