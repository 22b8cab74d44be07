import { X } from "lucide-react";
import type { StateAt } from "@/client/types";
import { Button } from "@/parts/Button";
import { formatCount } from "@/parts/numbers";
import { StatusMark } from "@/parts/StatusMark";
import styles from "./AtTimeNote.module.css";
import type { TimeMoment } from "./useStateAtTime";

interface AtTimeNoteProps {
  readonly moment: TimeMoment;
  readonly state: StateAt | undefined;
  readonly error: Error | null;
  onClear(): void;
}

/** Says that the state is that of a time, and names what came late. */
export function AtTimeNote({ moment, state, error, onClear }: AtTimeNoteProps) {
  return (
    <div className={styles.note} role="status">
      {error === null ? (
        <span>
          {moment.kind === "recorded" ? "What was known by" : "What had happened by"} <code>{moment.at}</code>
        </span>
      ) : (
        <span role="alert">{error.message}</span>
      )}
      {state !== undefined && state.late.length > 0 && (
        <span className={styles.late}>
          <StatusMark status="warn" /> {formatCount(state.late.length, "event")} of it came late: version{" "}
          {state.late.map((event) => event.version).join(", ")}
        </span>
      )}
      <Button look="plain" aria-label="Back to versions" onPress={onClear}>
        <X />
      </Button>
    </div>
  );
}
