import { CalendarClock } from "lucide-react";
import { useState } from "react";
import type { EventFilter } from "@/client/types";
import { Button } from "@/parts/Button";
import { PopoverButton } from "@/parts/PopoverButton";
import { useSetting } from "@/settings/setting";
import { zoneSetting } from "@/settings/zone";
import { formatMoment } from "@/time/format";
import styles from "./TimeFilter.module.css";

const PRESETS = [
  { age: "15m", label: "15 minutes" },
  { age: "1h", label: "1 hour" },
  { age: "24h", label: "24 hours" },
  { age: "7d", label: "7 days" },
  { age: "30d", label: "30 days" },
] as const;

interface TimeFilterProps {
  readonly filter: EventFilter;
  onChange(filter: EventFilter): void;
}

/** When the events happened: one of a few spans that end now, or a range. */
export function TimeFilter({ filter, onChange }: TimeFilterProps) {
  return (
    <PopoverButton
      label="When"
      panelClassName={styles.panel}
      panel={(close) => (
        <TimePanel
          filter={filter}
          onChange={(next) => {
            close();
            onChange(next);
          }}
        />
      )}
    >
      <CalendarClock />
      <TimeText filter={filter} />
    </PopoverButton>
  );
}

function TimePanel({ filter, onChange }: TimeFilterProps) {
  const { from: _from, to: _to, ...others } = filter;
  const choose = (range: Pick<EventFilter, "from" | "to">) => onChange({ ...others, ...range });
  return (
    <>
      <div className={styles.presets}>
        <Button look="plain" onPress={() => choose({})}>
          Any time
        </Button>
        {PRESETS.map(({ age, label }) => (
          <Button key={age} look="plain" onPress={() => choose({ from: age })}>
            Last {label}
          </Button>
        ))}
      </div>
      <RangeForm filter={filter} onChoose={choose} />
    </>
  );
}

function TimeText({ filter: { from, to } }: { filter: EventFilter }) {
  const zone = useSetting(zoneSetting);
  const text = (time: string) => (/^\d{4}-\d\d-\d\dT/.test(time) ? formatMoment(time, zone).slice(0, 16) : time);
  if (from === undefined && to === undefined) return "Any time";
  const preset = PRESETS.find(({ age }) => age === from);
  if (preset !== undefined && to === undefined) return `Last ${preset.label}`;
  if (to === undefined) return `Since ${text(from ?? "")}`;
  return from === undefined ? `Until ${text(to)}` : `${text(from)} to ${text(to)}`;
}

interface RangeFormProps {
  readonly filter: EventFilter;
  onChoose(range: Pick<EventFilter, "from" | "to">): void;
}

/** Dates, times or ages as text, since they are read so by the API: `2026-11-20`, `2026-11-20T10:30Z`, `36h`. */
function RangeForm({ filter, onChoose }: RangeFormProps) {
  const [from, setFrom] = useState(filter.from ?? "");
  const [to, setTo] = useState(filter.to ?? "");
  const range = { ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) };
  return (
    <form
      className={styles.range}
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(range);
      }}
    >
      <label>
        since
        <input value={from} onChange={(event) => setFrom(event.target.value)} placeholder="2026-11-20, 36h" />
      </label>
      <label>
        until
        <input value={to} onChange={(event) => setTo(event.target.value)} placeholder="2026-11-21T10:30:00Z" />
      </label>
      <Button type="submit" look="primary">
        Apply
      </Button>
    </form>
  );
}
