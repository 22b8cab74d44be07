import { useLog } from "@/client/ClientContext";
import { problemFrom } from "@/client/problem";
import type { VerificationReport } from "@/client/types";
import { useJob } from "@/client/useJob";
import { Button } from "@/parts/Button";
import { EmptyNotice, ProblemNotice } from "@/parts/Notice";
import { formatCount, formatNumber } from "@/parts/numbers";
import { Panel } from "@/parts/Panel";
import { ProgressBar } from "@/parts/ProgressBar";
import { StatusMark } from "@/parts/StatusMark";
import styles from "./VerdictLine.module.css";

/** Everything is as it was written: the server recomputes every event; what it finds is what it says. */
export function VerificationCard() {
  const { name, log } = useLog();
  const { job, error, isStarting, start } = useJob(
    [name, "verification"],
    () => log.startVerification(),
    (id) => log.verification(id),
  );
  const isRunning = isStarting || job?.state === "running";
  return (
    <Panel
      title="Everything is as it was written"
      aside={
        <Button onPress={() => start(undefined)} isDisabled={isRunning}>
          {isRunning ? "Verifying" : "Verify the whole log"}
        </Button>
      }
    >
      {job === undefined && error === null && (
        <EmptyNotice title="Not verified since this page was opened">
          <p>
            The server reads every row and believes none: leaves, tree, checkpoints, order, and everything derived. It
            does so beside whoever writes the log.
          </p>
        </EmptyNotice>
      )}
      {error !== null && <ProblemNotice error={error} />}
      {job?.state === "running" && (
        <ProgressBar label="Verification" done={job.progress.done} total={job.progress.total} />
      )}
      {job?.state === "failed" && <ProblemNotice error={problemFrom(job.problem)} />}
      {job?.result != null && <Report report={job.result} />}
    </Panel>
  );
}

function Report({ report }: { report: VerificationReport }) {
  if (report.ok) {
    return (
      <p className={styles.verdict}>
        <StatusMark status="unknown" />
        <span>
          The server found nothing wrong in {formatCount(report.events, "event")}.
          <small>
            {formatCount(report.checkpoints, "checkpoint")} agree · {formatNumber(report.unsignedTail)} events are not
            yet signed · green is only what this browser has checked itself
          </small>
        </span>
      </p>
    );
  }
  return (
    <ul>
      {report.problems.map((problem) => (
        <li key={`${problem.code}:${problem.position}:${problem.detail}`} className={styles.verdict} role="alert">
          <StatusMark status="bad" />
          <span>
            {problem.detail}
            <small>
              {problem.code}
              {problem.position !== null && ` · position ${formatNumber(problem.position)}`}
            </small>
          </span>
        </li>
      ))}
      {report.problemsOmitted > 0 && (
        <li className={styles.verdict}>and {formatNumber(report.problemsOmitted)} more</li>
      )}
    </ul>
  );
}
