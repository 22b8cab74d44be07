import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { Button } from "@/parts/Button";
import { PopoverButton } from "@/parts/PopoverButton";
import { Segments } from "@/parts/Segments";
import styles from "./AtTime.module.css";
import type { TimeMoment } from "./useStateAtTime";

const KINDS = [
  { value: "happened", label: "had happened" },
  { value: "recorded", label: "was recorded" },
] as const;

interface AtTimeProps {
  readonly moment: TimeMoment | undefined;
  onChange(moment: TimeMoment): void;
}

/** Asks for the state at a time: what had happened by then, or what was known. */
export function AtTime({ moment, onChange }: AtTimeProps) {
  return (
    <PopoverButton
      label="The state at a time"
      panel={(close) => (
        <MomentForm
          moment={moment}
          onChange={(next) => {
            close();
            onChange(next);
          }}
        />
      )}
    >
      <CalendarClock /> At a time
    </PopoverButton>
  );
}

function MomentForm({ moment, onChange }: AtTimeProps) {
  const [at, setAt] = useState(moment?.at ?? "");
  const [kind, setKind] = useState(moment?.kind ?? "happened");
  return (
    <form
      className={styles.form}
      onSubmit={(submit) => {
        submit.preventDefault();
        if (at.trim() !== "") onChange({ at: at.trim(), kind });
      }}
    >
      <Segments label="What counts" options={KINDS} value={kind} onChange={setKind} />
      <label>
        by
        <input
          // biome-ignore lint/a11y/noAutofocus: the panel was opened to write here.
          autoFocus
          value={at}
          onChange={(change) => setAt(change.target.value)}
          placeholder="2026-11-20, 2026-11-20T10:30:00Z, 36h"
          spellCheck={false}
        />
      </label>
      <Button type="submit" look="primary">
        Show
      </Button>
    </form>
  );
}
