import { Link } from "@tanstack/react-router";
import styles from "./DeadLettersPage.module.css";

/** What became of a letter here and now. */
export interface Outcome {
  readonly letter: number;
  /** The position of its event; undefined where it was put away. */
  readonly became: number | undefined;
}

/** What was done with letters that are no longer in the list. */
export function Outcomes({ outcomes }: { outcomes: readonly Outcome[] }) {
  return (
    <div className={styles.outcomes} role="status">
      <ul>
        {outcomes.map(({ letter, became }) => (
          <li key={letter}>
            {became === undefined ? (
              <>Dead letter {letter} was put away, and is kept.</>
            ) : (
              <>
                Dead letter {letter} is now{" "}
                <Link to="/events" search={{ event: String(became) }}>
                  the event at position {became}
                </Link>
                .
              </>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
