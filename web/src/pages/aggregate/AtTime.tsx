import { CalendarClock } from "lucide-react";
import { useState } from "react";
import { Dialog, DialogTrigger, Popover } from "react-aria-components";
import { Button } from "@/parts/Button";
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
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(moment?.at ?? "");
  const [kind, setKind] = useState(moment?.kind ?? "happened");
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <Button>
        <CalendarClock /> At a time
      </Button>
      <Popover className={styles.popover ?? ""} offset={4}>
        <Dialog className={styles.dialog ?? ""} aria-label="The state at a time">
          <form
            className={styles.form}
            onSubmit={(submit) => {
              submit.preventDefault();
              if (at.trim() === "") return;
              setOpen(false);
              onChange({ at: at.trim(), kind });
            }}
          >
            <Segments label="What counts" options={KINDS} value={kind} onChange={setKind} />
            <label>
              by
              <input
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
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
