import { useNavigate } from "@tanstack/react-router";
import { LogOut } from "lucide-react";
import { useClient } from "@/client/ClientContext";
import { ActionMenu } from "@/parts/ActionMenu";
import { useCaller } from "@/session/CallerContext";
import { formatMoment } from "@/time/format";
import styles from "./Who.module.css";

/** Who is signed in, with which roles and until when. */
export function Who() {
  const caller = useCaller();
  const client = useClient();
  const navigate = useNavigate();
  const until = caller.expires === null ? "no key is configured" : `until ${formatMoment(caller.expires, "local")}`;
  const signOut = async () => {
    await client.signOut();
    await navigate({ to: "/sign-in" });
  };
  const actions = [
    { id: "who", label: caller.roles.join(", "), note: until, run: () => {} },
    ...(caller.expires === null ? [] : [{ id: "out", label: "Sign out", icon: <LogOut />, run: () => void signOut() }]),
  ];
  return (
    <div className={styles.who}>
      <ActionMenu label="You" actions={actions} look="plain" className={styles.button ?? ""}>
        <span className="unseen">You are</span>
        <span className={styles.initial} aria-hidden="true">
          {caller.subject.slice(0, 1).toUpperCase()}
        </span>
        <span className={styles.subject}>{caller.subject}</span>
      </ActionMenu>
    </div>
  );
}
