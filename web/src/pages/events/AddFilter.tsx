import { Plus } from "lucide-react";
import { useState } from "react";
import { FILTER_LABELS, type FilterName, withFilter } from "@/addresses/filter";
import type { EventFilter } from "@/client/types";
import { Button } from "@/parts/Button";
import { PopoverButton } from "@/parts/PopoverButton";
import styles from "./AddFilter.module.css";
import { ValueSuggestions } from "./ValueSuggestions";

/** What can be filtered by, besides the time, which has a control of its own. */
const NAMES = [
  "type",
  "aggregateType",
  "aggregate",
  "actor",
  "tag",
  "correlation",
  "where",
] as const satisfies readonly FilterName[];

const PLACEHOLDERS: Readonly<Record<(typeof NAMES)[number], string>> = {
  type: "OrderRefunded",
  aggregateType: "Order",
  aggregate: "Order/order_456",
  actor: "maria",
  tag: "customer:42",
  correlation: "req-8e83585a87",
  where: "/total > 100",
};

interface AddFilterProps {
  readonly filter: EventFilter;
  onChange(filter: EventFilter): void;
}

/** Adds a filter: what by, and a value, with those that there are to choose from. */
export function AddFilter({ filter, onChange }: AddFilterProps) {
  return (
    <PopoverButton
      label="Add a filter"
      look="plain"
      panelClassName={styles.panel}
      panel={(close) => (
        <FilterForm
          filter={filter}
          onChange={(next) => {
            close();
            onChange(next);
          }}
        />
      )}
    >
      <Plus /> Filter
    </PopoverButton>
  );
}

function FilterForm({ filter, onChange }: AddFilterProps) {
  const [name, setName] = useState<(typeof NAMES)[number]>("type");
  const [value, setValue] = useState("");
  const add = (chosen: string) => {
    if (chosen.trim() !== "") onChange(withFilter(filter, name, chosen.trim()));
  };
  return (
    <>
      <fieldset className={styles.names}>
        <legend className="unseen">By what</legend>
        {NAMES.map((candidate) => (
          <label key={candidate} className={styles.name}>
            <input
              type="radio"
              name="filter"
              className="unseen"
              checked={candidate === name}
              onChange={() => setName(candidate)}
            />
            {FILTER_LABELS[candidate]}
          </label>
        ))}
      </fieldset>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          add(value);
        }}
      >
        <div className={styles.line}>
          <input
            // biome-ignore lint/a11y/noAutofocus: the panel was opened to write here.
            autoFocus
            aria-label={FILTER_LABELS[name]}
            value={value}
            onChange={(event) => setValue(event.target.value)}
            placeholder={PLACEHOLDERS[name]}
            spellCheck={false}
          />
          <Button type="submit" look="primary">
            Add
          </Button>
        </div>
        {name === "where" ? (
          <p className={styles.help}>
            A JSON pointer into the payload, one of = != &lt; &lt;= &gt; &gt;= exists contains, and a value.
          </p>
        ) : (
          <ValueSuggestions name={name} prefix={value} onChoose={add} />
        )}
      </form>
    </>
  );
}
