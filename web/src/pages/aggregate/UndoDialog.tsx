import { useQuery } from "@tanstack/react-query";
import type { AggregateName } from "@/client/AnnalsClient";
import { useLog } from "@/client/ClientContext";
import type { Undo } from "@/client/types";
import { commandLine } from "@/event/commandLines";
import { writePrettyJson } from "@/json/node";
import { LineToCopy } from "@/parts/LineToCopy";
import { ModalDialog } from "@/parts/ModalDialog";
import { LoadingNotice, ProblemNotice } from "@/parts/Notice";
import { formatCount } from "@/parts/numbers";
import { ChangeLine } from "./ChangeLine";
import styles from "./UndoDialog.module.css";

interface UndoDialogProps {
  readonly aggregate: AggregateName;
  readonly version: number;
  onClose(): void;
}

/** What would bring an earlier state back. Nothing is recorded here, and nothing is ever taken out of a log. */
export default function UndoDialog({ aggregate, version, onClose }: UndoDialogProps) {
  const { name, log } = useLog();
  const undo = useQuery({
    queryKey: [name, "undo", aggregate.aggregateType, aggregate.aggregateId, version],
    queryFn: () => log.undo(aggregate, version),
  });
  const title = `Back to version ${version}`;
  return (
    <ModalDialog title={title} onClose={onClose}>
      <div className={styles.body}>
        {undo.error !== null && <ProblemNotice error={undo.error} />}
        {undo.isPending && <LoadingNotice what="Working out what would have to be recorded" />}
        {undo.data !== undefined && <Preview undo={undo.data} log={name} />}
      </div>
    </ModalDialog>
  );
}

function Preview({ undo, log }: { undo: Undo; log: string }) {
  const actor = ["--append", "--type", "Corrected", "--expect", String(undo.fromVersion)];
  const command = commandLine(log, "undo", [undo.aggregate, String(undo.toVersion), ...actor]);
  if (undo.changes.length === 0) return <p>Both states are the same: there is nothing to undo.</p>;
  return (
    <>
      <p>
        An event with this payload would bring version {undo.fromVersion} back to version {undo.toVersion}. It would
        undo {formatCount(undo.undoneCount, "event")}; all of them stay in the log.
      </p>
      {undo.payload.kind === "null" ? (
        <p>
          The reducer of this aggregate is a program, so only the changes are known, and not a payload that makes them.
        </p>
      ) : (
        <pre className={styles.payload}>{writePrettyJson(undo.payload)}</pre>
      )}
      <ul className={styles.changes}>
        {undo.changes.map((change) => (
          <li key={change.path}>
            <ChangeLine change={change} isWhole="yes" />
          </li>
        ))}
      </ul>
      <p>To record it:</p>
      <LineToCopy line={command} />
    </>
  );
}
