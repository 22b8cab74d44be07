import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChevronsUpDown } from "lucide-react";
import { useLogName } from "@/addresses/useLogName";
import { useClient } from "@/client/ClientContext";
import { MAIN_LOG } from "@/client/http/HttpClient";
import { ActionMenu } from "@/parts/ActionMenu";
import { formatNumber } from "@/parts/numbers";
import styles from "./LogSwitch.module.css";

/** Which of the store's logs the pages show. */
export function LogSwitch() {
  const client = useClient();
  const chosen = useLogName();
  const navigate = useNavigate();
  const logs = useQuery({ queryKey: ["logs"], queryFn: () => client.logs() });
  const actions = (logs.data ?? []).map((log) => ({
    id: log.name,
    label: log.name,
    note: formatNumber(log.size),
    isChosen: log.name === chosen,
    // What is chosen on a page, an aggregate say, is of the log that it was chosen in; hence to the events.
    run: () => void navigate({ to: "/events", search: { log: log.name === MAIN_LOG ? undefined : log.name } }),
  }));
  return (
    <ActionMenu label="Logs" actions={actions} look="plain" className={styles.switch ?? ""}>
      <span className={styles.what}>log</span>
      <span className={styles.name}>{chosen}</span>
      <span className="unseen">, choose another</span>
      <ChevronsUpDown />
    </ActionMenu>
  );
}
