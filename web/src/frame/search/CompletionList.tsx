import styles from "./CompletionList.module.css";
import type { Completion } from "./completion";

interface CompletionListProps {
  readonly id: string;
  readonly completions: readonly Completion[];
  /** The one that Enter takes; none below 0. */
  readonly active: number;
  onTake(completion: Completion): void;
}

/** What the search box offers, below it. */
export function CompletionList({ id, completions, active, onTake }: CompletionListProps) {
  return (
    <div id={id} role="listbox" aria-label="Suggestions" className={styles.list}>
      {completions.map((completion, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the box above has the focus, and takes them by Enter and Tab.
        <div
          key={completion.text}
          id={`${id}-${at}`}
          role="option"
          aria-selected={at === active}
          className={styles.option}
          // The box must not lose the focus before the click comes.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onTake(completion)}
        >
          <span className={styles.label}>{completion.label}</span>
          {completion.note !== undefined && <span className={styles.note}>{completion.note}</span>}
        </div>
      ))}
    </div>
  );
}
