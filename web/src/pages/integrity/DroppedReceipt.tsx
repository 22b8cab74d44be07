import { useQuery } from "@tanstack/react-query";
import { useLog } from "@/client/ClientContext";
import { Panel } from "@/parts/Panel";
import { StatusMark } from "@/parts/StatusMark";
import { checkReceipt } from "@/proof/checkReceipt";
import { parseVerifierKeys } from "@/proof/verifierKey";
import { readKept } from "@/proof/watch/kept";
import type { DroppedFiles } from "./dropped";
import { ReceiptWorking } from "./ReceiptWorking";
import styles from "./VerdictLine.module.css";

/** Checks a receipt and an event file that somebody brought along, by the dropped key or the one trusted here. */
export function DroppedReceipt({ files }: { files: DroppedFiles }) {
  const { name } = useLog();
  const { receipt, eventFile, keys } = files;
  const trusted = keys ?? readKept(name)?.keys.join("\n");
  const check = useQuery({
    queryKey: ["dropped", receipt, eventFile, trusted],
    enabled: receipt !== undefined && eventFile !== undefined && trusted !== undefined,
    retry: false,
    queryFn: async () => checkReceipt(receipt ?? "", eventFile ?? "", await parseVerifierKeys(trusted ?? "")),
  });
  if (receipt === undefined && eventFile === undefined) return null;
  return (
    <Panel title="The files that you brought">
      {(receipt === undefined || eventFile === undefined) && (
        <p className={styles.verdict}>
          <StatusMark status="unknown" />
          {receipt === undefined
            ? "An event file. Its receipt belongs to it: add that too."
            : "A receipt. It tells nothing about the event by itself: add the event file too."}
        </p>
      )}
      {check.error !== null && (
        <p className={styles.verdict} role="alert">
          <StatusMark status="bad" /> {check.error.message}
        </p>
      )}
      {check.data !== undefined && <ReceiptWorking check={check.data} />}
    </Panel>
  );
}
