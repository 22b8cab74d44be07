import type { ReactNode } from "react";
import { asProblem } from "@/client/problem";
import { Button } from "./Button";
import styles from "./Notice.module.css";
import { StatusMark } from "./StatusMark";

/** What stands where there is nothing to show: why, and what to do. */
export function EmptyNotice({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className={styles.notice}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** An error: what happened, the page that explains its code, and a way to try again. */
export function ProblemNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const problem = asProblem(error);
  return (
    <div className={styles.notice} role="alert">
      <h2 className={styles.title}>
        <StatusMark status="bad" /> {problem.title}
      </h2>
      {problem.detail !== undefined && <p>{problem.detail}</p>}
      {/* Only what the server answered has a page there. */}
      {problem.status > 0 && (
        <p className={styles.code}>
          <a href={`/docs/errors/${encodeURIComponent(problem.code)}`} target="_blank" rel="noreferrer">
            {problem.code}
          </a>
        </p>
      )}
      {retry !== undefined && <Button onPress={retry}>Try again</Button>}
    </div>
  );
}

/** Stands for what is on its way; says nothing for the first moments, so that quick answers do not flicker. */
export function LoadingNotice({ what }: { what: string }) {
  return (
    <div className={`${styles.notice} ${styles.loading}`} role="status">
      <StatusMark status="busy" /> {what}
    </div>
  );
}
