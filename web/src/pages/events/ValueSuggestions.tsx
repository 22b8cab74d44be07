import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLog } from "@/client/ClientContext";
import type { ValueField } from "@/client/types";
import { formatNumber } from "@/parts/numbers";
import { TypeName } from "@/parts/TypeName";
import styles from "./ValueSuggestions.module.css";

const FIELDS: Readonly<Record<string, ValueField>> = {
  type: "types",
  aggregateType: "aggregate-types",
  actor: "actors",
  tag: "tags",
};

interface ValueSuggestionsProps {
  readonly name: string;
  readonly prefix: string;
  onChoose(value: string): void;
}

/** The values that a filter can have, most frequent first, as far as they begin with what is typed. */
export function ValueSuggestions({ name: filterName, prefix, onChoose }: ValueSuggestionsProps) {
  const { name, log } = useLog();
  const field = FIELDS[filterName];
  const values = useQuery({
    queryKey: [name, "values", field, prefix],
    queryFn: () => (field === undefined ? [] : log.values(field, prefix)),
    enabled: field !== undefined,
    placeholderData: keepPreviousData,
  });
  if (field === undefined) return null;
  return (
    <ul className={styles.values}>
      {values.data?.map(({ value, count }) => (
        <li key={value}>
          <button type="button" className={styles.value} onClick={() => onChoose(value)}>
            <span className={styles.name}>{filterName === "type" ? <TypeName type={value} /> : value}</span>
            <span className={styles.count}>{formatNumber(count)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
